// Which instances are alive, by the clock of the instance that judges. Each row of
// intermission_instance has a mark that every beat changes. The database's own clock may be wrong,
// or jump, so it is used only for rows that are seen for the first time.
//
//   sightings.note(listed, now);                        // sets `ago` of each
//   for (const Instance& one : sightings.gone()) ...    // rows to be removed
//
// One thread.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "control/instance.h"

namespace intermission::control {

class Sightings {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// An instance beats every two seconds: one whose mark has not changed for so long is not there.
  static constexpr base::Seconds kSilent{60};
  /// After that its row is removed.
  static constexpr base::Seconds kGone{3600};

  /// `all` is what the database lists at `now`, with `ago` by its own clock; that becomes how long
  /// ago it was by ours.
  void note(std::vector<Instance>& all, Time now);

  /// Of those that were noted last.
  std::vector<Instance> gone() const;

 private:
  struct Sighting {
    std::string mark;
    base::Seconds ago{0};  // when that mark was first seen
    Time since;            // it has been seen
  };

  std::map<std::string, Sighting, std::less<>> seen_;  // by id
  std::vector<Instance> noted_;
  Time noted_at_{};
};

}  // namespace intermission::control
