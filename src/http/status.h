// Reason phrases (RFC 9110 §15). PHP, CXF and Metro show the phrase to people, so it is
// never left out. What a Response says in its place goes before.
#pragma once

#include <string_view>

namespace intermission::http {

/// The registered phrase, or "Status" for a code without one.
std::string_view reason_phrase(int status);

}  // namespace intermission::http
