// Text helpers for ASCII protocols: independent of locale, no allocation unless a
// std::string is returned.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace intermission::base {

constexpr char ascii_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}
constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_alpha(char c) {
  return ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z';
}

/// CTL of RFC 5234 but HTAB: what no HTTP field holds (RFC 9110 §5.5).
constexpr bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t') || byte == 0x7f;
}

/// VCHAR of RFC 5234: ASCII without white space and controls.
constexpr bool is_visible(char c) {
  return c > ' ' && c < 0x7f;
}

/// The value of a hexadecimal digit, or -1.
constexpr int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  const char lower = ascii_lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// Equal but for the case of ASCII letters, over `size` bytes.
bool same_letters(const char* a, const char* b, std::size_t size);

/// Equal but for the case of ASCII letters. Most comparisons end with the sizes.
inline bool iequals(std::string_view a, std::string_view b) {
  return a.size() == b.size() && same_letters(a.data(), b.data(), a.size());
}
bool istarts_with(std::string_view text, std::string_view prefix);
bool icontains(std::string_view text, std::string_view part);

std::string to_lower(std::string_view text);

/// Without leading and trailing SP and HTAB (the OWS of RFC 9110 §5.6.3).
constexpr std::string_view trim(std::string_view text) {
  constexpr auto is_space = [](char c) { return c == ' ' || c == '\t'; };
  const char* begin = text.data();
  const char* end = begin + text.size();
  while (begin != end && is_space(*begin)) ++begin;
  while (begin != end && is_space(end[-1])) --end;
  return {begin, static_cast<std::size_t>(end - begin)};
}

/// A glob with `*` (any run of characters, also none) and nothing else; matched whole.
bool matches_glob(std::string_view pattern, std::string_view text);
bool imatches_glob(std::string_view pattern, std::string_view text);

/// A non-negative decimal number that fits, the whole text; else nothing.
std::optional<std::uint64_t> parse_number(std::string_view text);

/// What a person may safely see of foreign bytes: control characters and bytes outside
/// ASCII become \xNN, and at most `limit` bytes are taken. For logs and explain.
std::string printable(std::string_view text, std::size_t limit = 200);

}  // namespace intermission::base
