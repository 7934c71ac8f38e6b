// Words that the configuration and the gate share: whether a service is in maintenance, and
// when.
#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.h"

namespace intermission::base {

enum class Maintenance : std::uint8_t {
  kOn,         // until somebody says otherwise
  kOff,        // the service is open
  kScheduled,  // while one of its windows lasts
};

/// A planned time of maintenance: start included, end excluded, start < end.
struct Window {
  TimePoint start;
  TimePoint end;

  bool operator==(const Window&) const = default;
};

/// What an operator switched while the program ran. It beats `maintenance`:
///
///   in maintenance    from `since` on. `until` is the end that clients get; once it has
///                     passed, the service stays in maintenance without a known end, or with `ends`
///                     the plan is in force again.
///   else              open. Whatever began before `since` is over; windows that begin later are
///                     still planned.
struct Switch {
  bool in_maintenance = true;
  TimePoint since;
  std::optional<TimePoint> until = {};
  bool ends = false;

  bool operator==(const Switch&) const = default;
};

}  // namespace intermission::base
