#include "control/plan_budget.h"

#include <algorithm>

#include "base/recurrence.h"
#include "base/steps.h"
#include "control/service_part.h"

namespace intermission::control {

std::uint64_t PlanBudget::left_for(std::string_view service, const State& state) {
  std::uint64_t used = 0;
  for (const auto& [name, touched] : state.services) {
    if (name != service && !touched.windows.empty()) used += steps_of(name, touched.windows);
  }
  return kMostSteps - std::min(used, kMostSteps);
}

std::uint64_t PlanBudget::steps_of(const std::string& service,
                                   const std::vector<PlannedWindow>& windows) {
  Known& known = known_[service];
  if (known.windows == windows) return known.steps;
  base::Steps steps(catalog::Service::kMostSteps);
  for (const PlannedWindow& window : windows) {
    const auto part = read_window_part(window.text);
    if (!part) continue;
    for (const base::Recurrence& recurrence : part.value.recurrences) {
      base::problem_of_cost(recurrence, steps);
    }
  }
  known = {windows, catalog::Service::kMostSteps - steps.left()};
  return known.steps;
}

}  // namespace intermission::control
