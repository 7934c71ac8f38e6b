// Bytes as hexadecimal digits, alone and percent-encoded (RFC 3986 §2.1).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace intermission::base {

/// Two small digits for each byte.
std::string hex(std::span<const unsigned char> bytes);

/// The byte that the escape at the beginning of `text` stands for: "%2F…" is a slash. Nothing if
/// there is no escape.
std::optional<char> escaped_byte(std::string_view text);

/// `text` with the escapes decoded of those bytes for which `is_meant` is true.
template <typename IsMeant>
std::string percent_decoded(std::string_view text, IsMeant is_meant) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::optional<char> byte = escaped_byte(text);
    const bool is_decoded = byte && is_meant(*byte);
    out += is_decoded ? *byte : text.front();
    text.remove_prefix(is_decoded ? 3 : 1);
  }
  return out;
}

/// Appends "%" and the two capital digits of a byte.
void append_percent(std::string& out, char byte);

/// Letters and digits of ASCII and the characters of `others` as they are, every other byte
/// percent-encoded.
std::string percent_encoded(std::string_view text, std::string_view others);

}  // namespace intermission::base
