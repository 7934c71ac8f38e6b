#include "gate/gate.h"

#include <algorithm>

namespace intermission::gate {
namespace {

Verdict scheduled(const std::vector<base::Window>& windows, base::TimePoint now) {
  const auto next = std::upper_bound(
      windows.begin(), windows.end(), now,
      [](base::TimePoint time, const base::Window& window) { return time < window.start; });
  Verdict verdict;
  if (next != windows.begin() && now < std::prev(next)->end) {
    const base::Window& window = *std::prev(next);
    verdict.since = window.start;
    verdict.until = window.end;
    verdict.window = static_cast<std::size_t>(std::prev(next) - windows.begin());
    verdict.reason = "a planned window lasts";
    return verdict;
  }
  verdict.closed = false;
  verdict.reason =
      next == windows.end() ? "every planned window has passed" : "no planned window lasts now";
  return verdict;
}

}  // namespace

Verdict decide(const Plan& plan, base::TimePoint now) {
  Verdict verdict;
  switch (plan.maintenance) {
    case base::Maintenance::kOn:
      verdict.reason = "maintenance is on, without a known end";
      return verdict;
    case base::Maintenance::kOff:
      verdict.closed = false;
      verdict.reason = "maintenance is off";
      return verdict;
    case base::Maintenance::kScheduled:
      break;
  }
  return scheduled(plan.windows, now);
}

}  // namespace intermission::gate
