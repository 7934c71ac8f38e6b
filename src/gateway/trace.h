// What each station found, and why, in the order in which a request passed them. `explain`
// prints it, so it shows the very steps that the decision took.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intermission::gateway {

struct Trace {
  struct Step {
    std::string_view station;  // the folder's name
    std::string finding;       // foreign bytes only through base::printable
  };
  std::vector<Step> steps;

  void add(std::string_view station, std::string finding) {
    steps.push_back({station, std::move(finding)});
  }
};

}  // namespace intermission::gateway
