// Passes that let testers through a gate while a service is in maintenance: signed, for one
// service, until a moment.
//
//   pass = seconds "." base64url(HMAC-SHA256(key, "intermission-bypass" NUL service NUL seconds))
//
//   sign_pass("orders", until, key)   → "1796108400.kbIk…", 43 characters behind the dot
//
// Anyone who holds a pass may use it until it expires; a new key makes all passes invalid.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace intermission::gate {

/// Shorter keys could be guessed from one pass.
inline constexpr std::size_t kShortestKey = 32;

/// `until` is not before 1970. Throws std::runtime_error only where memory ends.
std::string sign_pass(std::string_view service, base::TimePoint until, std::string_view key);

/// Whether the pass is for that service, signed with that key, and good at `now`. Nothing is where
/// the key is empty. Takes as long for a wrong signature as for a right one.
bool is_pass(std::string_view pass, std::string_view service, std::string_view key,
             base::TimePoint now);

/// When a pass ends, whether or not its signature is valid; nothing if it is malformed.
std::optional<base::TimePoint> end_of_pass(std::string_view pass);

}  // namespace intermission::gate
