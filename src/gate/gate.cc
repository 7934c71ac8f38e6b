#include "gate/gate.h"

#include <string_view>

namespace intermission::gate {
namespace {

Verdict open(std::string_view reason) {
  return {.in_maintenance = false, .reason = reason};
}

// `dismissed`: windows that had begun by then are over, because an operator said so.
Verdict scheduled(const Plan& plan, base::TimePoint now,
                  std::optional<base::TimePoint> dismissed = {}) {
  const auto window = plan.schedule.latest(now);
  if (window && !(dismissed && window->start <= *dismissed)) {
    Verdict verdict;
    verdict.since = window->start;
    verdict.reason = "a planned window is in progress";
    if (now < window->end) {
      verdict.until = window->end;
      return verdict;
    }
    verdict.reason = "a planned window has ended; maintenance continues until it is switched off";
    if (!plan.auto_off) return verdict;
  }
  if (dismissed) return open("an operator switched maintenance off");
  return open("no planned window is in progress");
}

Verdict planned(const Plan& plan, base::TimePoint now, Place place) {
  switch (plan.maintenance) {
    case base::Maintenance::kOn:
      if (plan.open_at_gate && place == Place::kGate) {
        const Verdict verdict = scheduled(plan, now);
        return verdict.in_maintenance ? verdict : open("defaults.maintenance is not on");
      }
      return {.reason = "maintenance is on, with no known end"};
    case base::Maintenance::kOff:
      return open("maintenance is off");
    case base::Maintenance::kScheduled:
      break;
  }
  return scheduled(plan, now);
}

Verdict switched_on(const base::Switch& by, base::TimePoint now) {
  Verdict verdict;
  verdict.since = by.since;
  if (!by.until) {
    verdict.reason = "an operator switched maintenance on, with no known end";
  } else if (now < *by.until) {
    verdict.until = by.until;
    verdict.reason = "an operator switched maintenance on";
  } else {
    verdict.reason =
        "the end set by an operator has passed; maintenance continues until it is switched off";
  }
  return verdict;
}

Verdict switched_off(const base::Switch& by, const Plan& plan, base::TimePoint now) {
  if (plan.maintenance == base::Maintenance::kScheduled) return scheduled(plan, now, by.since);
  return open("an operator switched maintenance off");
}

}  // namespace

Verdict decide(const Plan& plan, base::TimePoint now, Place place) {
  if (!plan.switched) return planned(plan, now, place);
  const base::Switch& by = *plan.switched;
  if (!by.in_maintenance) return switched_off(by, plan, now);
  if (by.ends && by.until && now >= *by.until) return planned(plan, now, place);
  return switched_on(by, now);
}

}  // namespace intermission::gate
