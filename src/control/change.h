// What an operator may do to one service, as functions of what is there: each changes a
// ServiceState and says in plain words what it did, or refuses and leaves it as it was.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/clock.h"
#include "catalog/service.h"
#include "control/refusal.h"
#include "control/state.h"
#include "gate/gate.h"

namespace intermission::control {

/// What a change looks at.
struct Subject {
  const catalog::Service& configured;
  gate::Verdict verdict;  // with all that operators did before
  base::TimePoint now;
  std::uint64_t version = 1;  // that the State has when this change is made
  /// What the rules that operators plan for this service may take: PlanBudget.
  std::uint64_t steps_left = catalog::kMostSteps;
};

/// What was done, for the audit trail.
using Changed = std::variant<std::string, Refusal>;

/// In maintenance from now on, or since it was. `until` is the end that clients get; the service
/// stays in maintenance after it until it is switched off, unless it `ends` by itself.
struct SwitchOn {
  std::optional<base::TimePoint> until;
  bool ends = false;
  std::optional<catalog::LocalizedText> message;
};
Changed switch_on(ServiceState& state, const Subject& subject, const SwitchOn& on);

/// Open from now on. The window that lasts is over; later ones are still planned. A message that
/// an operator set goes as well.
Changed switch_off(ServiceState& state, const Subject& subject);

/// As the configuration and the plan say; a message stays.
Changed follow_plan(ServiceState& state, const Subject& subject);

/// Moves the end that clients get. A window that is extended still ends by itself. Refused
/// where nothing is in maintenance, or no end is known.
Changed extend(ServiceState& state, const Subject& subject, base::Seconds by);

Changed set_message(ServiceState& state, catalog::LocalizedText message);
Changed reset_message(ServiceState& state);

/// Changes only the trail, which shows who let a tester pass the gate until when. Refused
/// where nothing signs passes.
Changed let_in(const Subject& subject, base::TimePoint until);

/// `text` is a window as the configuration writes it, in JSON.
Changed plan_window(ServiceState& state, const Subject& subject, std::string_view text);

/// By the id of a planned one, or the start (RFC 3339) of a configured one, which then does not
/// take place.
Changed remove_window(ServiceState& state, const Subject& subject, std::string_view id);

}  // namespace intermission::control
