// Patterns in the expected half of a conversation.
//
//   *        in a line: any run of characters of that line
//   *        alone in a line: any lines, or none
//   \*       an asterisk
//   \xNN     one byte
//   \r       a carriage return
//
// Everything else stands for itself, so a literal asterisk must be escaped, and a wildcard never
// hides more than the line that it stands in.
#pragma once

#include <string>
#include <string_view>

namespace intermission::testing {

/// Whether the whole text is as the pattern says.
bool matches_pattern(std::string_view pattern, std::string_view text);

/// A pattern without wildcards that matches exactly this text.
std::string as_pattern(std::string_view text);

/// The bytes that a text without wildcards stands for: `\xNN` and `\r` are replaced.
std::string unescape(std::string_view text);

}  // namespace intermission::testing
