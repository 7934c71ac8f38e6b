// Dates as protocols write them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace intermission::http {

/// IMF-fixdate (RFC 9110 §5.6.7): "Sun, 06 Nov 1994 08:49:37 GMT", 29 bytes.
std::string imf_fixdate(base::TimePoint time);

/// RFC 3339 in UTC: "2026-12-01T22:00:00Z".
std::string rfc3339(base::TimePoint time);

/// RFC 3339 §5.6 date-time with Z or a numeric offset; a fraction of a second is cut off.
/// Nothing for a moment that is not in the years 0000 to 9999 of UTC.
std::optional<base::TimePoint> parse_rfc3339(std::string_view text);

}  // namespace intermission::http
