// The gate: is a service in maintenance at this moment?
//
// A pure function of what was planned, what an operator switched, and the time; nothing here
// remembers anything. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "base/window.h"
#include "gate/schedule.h"

namespace intermission::gate {

/// Where the decision is needed. A stand-in gets requests because their service is down; a gate is
/// asked about each request, also of unconfigured services.
enum class Place : std::uint8_t { kStandIn, kGate };

struct Plan {
  base::Maintenance maintenance = base::Maintenance::kOn;
  Schedule schedule = {};  // looked at when scheduled
  /// Whether the service opens by itself at the end of a window. If not it stays in maintenance,
  /// without a known end, until an operator switches maintenance off.
  bool auto_off = true;
  std::optional<base::Switch> switched = {};
  /// catalog::Service::open_at_gate: at a gate only windows and operators count.
  bool open_at_gate = false;
};

struct Verdict {
  bool in_maintenance = true;
  std::optional<base::TimePoint> since = {};  // when known
  std::optional<base::TimePoint> until = {};  // when known; always after now
  std::string_view reason = {};               // in plain words, for explain
};

Verdict decide(const Plan& plan, base::TimePoint now, Place place = Place::kStandIn);

}  // namespace intermission::gate
