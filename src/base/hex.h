// Bytes as hexadecimal digits, alone and percent-encoded (RFC 3986 §2.1).
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace intermission::base {

/// Two small digits for each byte.
std::string hex(std::span<const unsigned char> bytes);

/// Appends "%" and the two capital digits of a byte.
void append_percent(std::string& out, char byte);

/// Letters and digits of ASCII and the characters of `others` as they are, every other byte
/// percent-encoded.
std::string percent_encoded(std::string_view text, std::string_view others);

}  // namespace intermission::base
