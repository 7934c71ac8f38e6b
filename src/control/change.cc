#include "control/change.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "catalog/duration.h"
#include "control/service_part.h"
#include "control/upcoming.h"
#include "http/date.h"

namespace intermission::control {
namespace {

std::string until_text(const std::optional<base::TimePoint>& until) {
  return until ? " until " + http::rfc3339(*until) : "";
}

std::optional<std::string> take_steps(const catalog::Service& service, base::Steps& steps) {
  for (const base::Recurrence& recurrence : service.recurrences) {
    if (auto problem = base::problem_of_cost(recurrence, steps)) return problem;
  }
  return {};
}

// Of windows that do not recur.
base::TimePoint latest_end(const catalog::Service& planned) {
  base::TimePoint latest{};
  for (const base::Window& window : planned.windows) latest = std::max(latest, window.end);
  return latest;
}

// What a service's rules may take to work out holds for all of them, whether they come from the
// configuration or from operators; and what operators plan has a bound over all services.
std::optional<std::string> problem_of_cost(const ServiceState& state, const Subject& subject,
                                           const catalog::Service& planned) {
  base::Steps steps(catalog::Service::kMostSteps);
  if (planned.recurrences.empty()) return {};
  if (auto problem = take_steps(subject.configured, steps)) return problem;
  const std::uint64_t before = steps.left();
  for (const PlannedWindow& window : state.windows) {
    const auto part = read_window_part(window.text);
    if (!part) continue;
    if (auto problem = take_steps(part.value, steps)) return problem;
  }
  if (auto problem = take_steps(planned, steps)) return problem;
  const std::uint64_t taken = before - steps.left();
  if (taken <= subject.steps_left) return {};
  return "expected a rule that takes fewer steps to work out, for this service's plan takes " +
         std::to_string(taken) + ", and " + std::to_string(subject.steps_left) +
         " are left beside the planned rules of all other services: remove some of those first";
}

}  // namespace

Changed switch_on(ServiceState& state, const Subject& subject, const SwitchOn& on) {
  if (on.until && *on.until <= subject.now) {
    return Refusal{422, "expected a time in the future", "until"};
  }
  if (on.ends && !on.until) {
    return Refusal{
        422, "expected until or for as well: without an end, maintenance cannot end by itself",
        "ends"};
  }
  const base::TimePoint since =
      subject.verdict.in_maintenance ? subject.verdict.since.value_or(subject.now) : subject.now;
  state.switched = base::Switch{true, since, on.until, on.ends};
  if (on.message) state.message = on.message;
  return "on" + until_text(on.until) + (on.ends ? ", ends by itself" : "") +
         (on.message ? ", with a message" : "");
}

Changed switch_off(ServiceState& state, const Subject& subject) {
  state.switched = base::Switch{false, subject.now, {}, false};
  state.message.reset();
  return "off";
}

Changed follow_plan(ServiceState& state, const Subject& /*subject*/) {
  state.switched.reset();
  return "as planned";
}

Changed extend(ServiceState& state, const Subject& subject, base::Seconds by) {
  const gate::Verdict& verdict = subject.verdict;
  if (!verdict.in_maintenance)
    return Refusal{409, "the service is open: there is nothing to extend"};
  const bool by_operator = state.switched && state.switched->in_maintenance;
  const bool overrun = by_operator && state.switched->until && !verdict.until;
  if (!verdict.until && !overrun) {
    return Refusal{409, "the maintenance has no known end to extend: start it with an end first"};
  }
  const base::TimePoint until = verdict.until.value_or(subject.now) + by;
  if (until <= subject.now) return Refusal{422, "expected an end in the future", "by"};
  if (overrun || (by_operator && state.switched->until == verdict.until)) {
    state.switched->until = until;
  } else {
    state.switched = base::Switch{true, verdict.since.value_or(subject.now), until, true};
  }
  return "extended by " + catalog::format_duration(by) + until_text(until);
}

Changed set_message(ServiceState& state, catalog::LocalizedText message) {
  state.message = std::move(message);
  return std::string("message set");
}

Changed reset_message(ServiceState& state) {
  state.message.reset();
  return std::string("message as configured");
}

Changed let_in(const Subject& subject, base::TimePoint until) {
  if (subject.configured.bypass.key.empty()) {
    return Refusal{409,
                   "passes cannot be signed: start the gateway with INTERMISSION_BYPASS_KEY, a "
                   "secret of at least 32 characters"};
  }
  return "a link for a tester" + until_text(until);
}

Changed plan_window(ServiceState& state, const Subject& subject, std::string_view text) {
  if (state.windows.size() >= State::kMostWindows) {
    return Refusal{409, "there are " + std::to_string(State::kMostWindows) +
                            " planned windows: remove one first"};
  }
  auto part = read_window_part(text);
  if (!part) return Refusal{422, std::move(part.problem.detail), std::move(part.problem.field)};
  if (auto problem = problem_of_cost(state, subject, part.value)) {
    return Refusal{422, std::move(*problem), "rrule"};
  }
  const base::TimePoint end = latest_end(part.value);
  if (part.value.recurrences.empty() && end <= subject.now) {
    return Refusal{422, "expected a window in the future, got one that ended " + http::rfc3339(end),
                   "start"};
  }
  state.windows.push_back({"w" + std::to_string(subject.version), std::string(text)});
  return "window " + state.windows.back().id + " planned: " + std::string(text);
}

Changed remove_window(ServiceState& state, const Subject& subject, std::string_view id) {
  const auto planned = std::find_if(state.windows.begin(), state.windows.end(),
                                    [&](const PlannedWindow& one) { return one.id == id; });
  if (planned != state.windows.end()) {
    state.windows.erase(planned);
    return "window " + std::string(id) + " removed";
  }
  const auto start = http::parse_rfc3339(id);
  if (start && begins_at(subject.configured, *start) &&
      !std::binary_search(state.cancelled.begin(), state.cancelled.end(), *start)) {
    state.cancelled.insert(std::upper_bound(state.cancelled.begin(), state.cancelled.end(), *start),
                           *start);
    return "configured window of " + http::rfc3339(*start) + " cancelled";
  }
  return Refusal{
      404, "unknown window " + base::printable(id) + "; the service has no window of that name"};
}

}  // namespace intermission::control
