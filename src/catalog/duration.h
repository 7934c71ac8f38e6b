// Durations as the configuration writes them:
//
//   duration = 1*8DIGIT [ "s" / "m" / "h" / "d" ]      without a unit: seconds
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace intermission::catalog {

/// The whole text, or nothing. Never overflows.
std::optional<base::Seconds> parse_duration(std::string_view text);

/// The shortest text that parse_duration() reads as this: "2h", "90s". Not negative.
std::string format_duration(base::Seconds duration);

}  // namespace intermission::catalog
