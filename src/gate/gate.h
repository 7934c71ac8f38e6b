// The gate: is a service held back at this moment?
//
// A pure function of what was planned, what an operator switched, and the time; nothing here
// remembers anything. Any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/window.h"

namespace intermission::gate {

struct Plan {
  base::Maintenance maintenance = base::Maintenance::kOn;
  std::vector<base::Window> windows;  // by start, none overlap; looked at when scheduled
  std::optional<base::Switch> switched = {};
};

struct Verdict {
  bool closed = true;
  std::optional<base::TimePoint> since;  // when known
  std::optional<base::TimePoint> until;  // when known; always after now
  std::optional<std::size_t> window;     // the window of the plan that lasts, if one does
  std::string_view reason;               // in plain words, for explain
};

Verdict decide(const Plan& plan, base::TimePoint now);

}  // namespace intermission::gate
