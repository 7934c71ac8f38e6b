// The reason phrase of a status line (RFC 9112 §4), for clients that show their users nothing else
// of an answer: wget, go, npm, requests, PHP, CXF and many more.
//
//   Service Unavailable: Back at 02:00. Please try again in 120 seconds.
//   Service Unavailable: We are moving to new machines, which takes the whole night...
#pragma once

#include <cstdint>
#include <string>

#include "page/notice.h"

namespace intermission::dialect {

/// Some clients show no more, and some routers have limits.
inline constexpr std::size_t kMostInPhrase = 80;

/// The registered phrase of `status` and the message, with the end and the wait as far as there is
/// room. Visible characters of ASCII and single spaces, at most kMostInPhrase with as many digits
/// as `most_seconds` has where kSecondsMark stands. Empty where the message is in a script that
/// ASCII has no letters for.
std::string telling_phrase(int status, const page::Notice& notice, std::uint32_t most_seconds);

}  // namespace intermission::dialect
