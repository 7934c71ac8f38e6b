#include "gate/gate.h"

#include <algorithm>
#include <string_view>

namespace intermission::gate {
namespace {

Verdict open(std::string_view reason) {
  Verdict verdict;
  verdict.closed = false;
  verdict.reason = reason;
  return verdict;
}

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
  return open(next == windows.end() ? "every planned window has passed"
                                    : "no planned window lasts now");
}

Verdict planned(const Plan& plan, base::TimePoint now) {
  switch (plan.maintenance) {
    case base::Maintenance::kOn: {
      Verdict verdict;
      verdict.reason = "maintenance is on, without a known end";
      return verdict;
    }
    case base::Maintenance::kOff:
      return open("maintenance is off");
    case base::Maintenance::kScheduled:
      break;
  }
  return scheduled(plan.windows, now);
}

Verdict switched_on(const base::Switch& by, base::TimePoint now) {
  Verdict verdict;
  verdict.since = by.since;
  if (!by.until) {
    verdict.reason = "an operator switched maintenance on, without a known end";
  } else if (now < *by.until) {
    verdict.until = by.until;
    verdict.reason = "an operator switched maintenance on";
  } else {
    verdict.reason = "the end that an operator named has passed, and nobody has switched it off";
  }
  return verdict;
}

Verdict switched_off(const base::Switch& by, const Plan& plan, base::TimePoint now) {
  if (plan.maintenance == base::Maintenance::kScheduled) {
    const Verdict verdict = scheduled(plan.windows, now);
    if (verdict.closed && *verdict.since > by.since) return verdict;
  }
  return open("an operator switched maintenance off");
}

}  // namespace

Verdict decide(const Plan& plan, base::TimePoint now) {
  if (!plan.switched) return planned(plan, now);
  const base::Switch& by = *plan.switched;
  if (!by.closed) return switched_off(by, plan, now);
  if (by.ends && by.until && now >= *by.until) return planned(plan, now);
  return switched_on(by, now);
}

}  // namespace intermission::gate
