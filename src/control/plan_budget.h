// A budget of steps for the recurrence rules that operators planned, over all services. One service
// has a limit of its own (catalog::Service::kMostSteps); this one is for a thousand services with a
// rule each.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/service.h"
#include "control/state.h"

namespace intermission::control {

class PlanBudget {
 public:
  /// As much again as the configuration may take.
  static constexpr std::uint64_t kMostSteps = catalog::kMostSteps;

  /// What is left for the plan of `service` beside those of all others. Works out only what has
  /// changed since it was last asked. Not for several threads at a time.
  std::uint64_t left_for(std::string_view service, const State& state);

 private:
  struct Known {
    std::vector<PlannedWindow> windows;
    std::uint64_t steps = 0;
  };
  std::uint64_t steps_of(const std::string& service, const std::vector<PlannedWindow>& windows);

  std::map<std::string, Known, std::less<>> known_;
};

}  // namespace intermission::control
