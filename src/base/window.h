// Words that the configuration and the gate share: whether a service is in maintenance, and
// when.
#pragma once

#include <cstdint>

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
};

}  // namespace intermission::base
