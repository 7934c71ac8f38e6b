#include "control/sightings.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace intermission::control {

void Sightings::note(std::vector<Instance>& all, Time now) {
  const auto passed = [now](Time since) {
    return std::chrono::duration_cast<base::Seconds>(now - since);
  };
  std::map<std::string, Sighting, std::less<>> seen;
  for (Instance& one : all) {
    const auto before = seen_.find(one.id);
    Sighting sighting{one.mark, one.ago, now};
    if (before != seen_.end() && before->second.mark == one.mark) {
      sighting = before->second;
    } else if (noted_at_ != Time{}) {
      // It was written since the last look.
      sighting.ago = std::min(sighting.ago, passed(noted_at_));
    }
    one.ago = sighting.ago + passed(sighting.since);
    seen.emplace(one.id, std::move(sighting));
  }
  seen_ = std::move(seen);
  noted_ = all;
  noted_at_ = now;
}

std::vector<Instance> Sightings::gone() const {
  std::vector<Instance> gone;
  std::copy_if(noted_.begin(), noted_.end(), std::back_inserter(gone), [this](const Instance& one) {
    const bool is_silent = noted_at_ - seen_.at(one.id).since >= kSilent;
    return is_silent && one.ago >= kGone;
  });
  return gone;
}

}  // namespace intermission::control
