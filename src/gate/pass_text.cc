#include "gate/pass_text.h"

#include <cstddef>
#include <optional>

#include "base/text.h"

namespace intermission::gate {
namespace {

constexpr std::string_view kHidden = "(hidden)";
constexpr std::size_t kSignatureCharacters = 43;  // characters, see bypass.h
constexpr std::size_t kPartOfSignature = 20;      // of a pass that was cut short before
constexpr std::size_t kLongestService = 64;       // with the dash before it

struct Character {
  char value = 0;
  std::size_t size = 1;  // of its spelling
};

// "%2d" is a dash, and so is "%252d": a URL in a parameter of a URL is encoded once more.
Character character_at(std::string_view text, std::size_t at) {
  const Character plain{text[at], 1};
  if (plain.value != '%') return plain;
  std::size_t digits = at + 1;
  while (text.substr(digits, 2) == "25" && digits + 3 < text.size() &&
         base::hex_value(text[digits + 2]) >= 0 && base::hex_value(text[digits + 3]) >= 0) {
    digits += 2;
  }
  if (digits + 1 >= text.size()) return plain;
  const int high = base::hex_value(text[digits]);
  const int low = base::hex_value(text[digits + 1]);
  if (high < 0 || low < 0) return plain;
  return {static_cast<char>(high * 16 + low), digits + 2 - at};
}

constexpr bool is_name_character(char c) {
  return base::is_alpha(c) || base::is_digit(c) || c == '-' || c == '_' || c == '.';
}

constexpr bool is_signature_character(char c) {
  return base::is_alpha(c) || base::is_digit(c) || c == '-' || c == '_';
}

constexpr bool ends_value(char c) {
  return base::is_control(c) || std::string_view("&;, \t#\"'<>").find(c) != std::string_view::npos;
}

std::optional<std::size_t> end_of_name(std::string_view text, std::size_t at) {
  for (const char wanted : kBypassName) {
    if (at >= text.size()) return {};
    const Character next = character_at(text, at);
    if (base::ascii_lower(next.value) != wanted) return {};
    at += next.size;
  }
  return at;
}

struct Span {
  std::size_t from;
  std::size_t to;
};

// What follows the name at `at`, that of a cookie's service and "=".
std::optional<Span> named_value(std::string_view text, std::size_t at) {
  const auto name = end_of_name(text, at);
  if (!name) return {};
  at = *name;
  Character next;
  for (std::size_t i = 0; at < text.size() && i <= kLongestService; at += next.size, ++i) {
    next = character_at(text, at);
    if (!is_name_character(next.value)) break;
  }
  if (at >= text.size() || next.value != '=') return {};
  const std::size_t from = at + next.size;
  for (at = from; at < text.size(); at += next.size) {
    next = character_at(text, at);
    if (ends_value(next.value)) break;
  }
  return Span{from, at};
}

// Digits, a dot and a signature.
std::optional<Span> bare_pass(std::string_view text, std::size_t from) {
  std::size_t at = from;
  std::size_t digits = 0;
  Character next;
  for (; at < text.size(); at += next.size, ++digits) {
    next = character_at(text, at);
    if (!base::is_digit(next.value)) break;
  }
  if (digits == 0 || at >= text.size() || next.value != '.') return {};
  at += next.size;
  std::size_t signature = 0;
  for (; at < text.size() && signature < kSignatureCharacters; at += next.size, ++signature) {
    next = character_at(text, at);
    if (!is_signature_character(next.value)) break;
  }
  return signature >= kPartOfSignature ? std::optional(Span{from, at}) : std::nullopt;
}

// Skips digits that follow digits, so that long rows of them cost no more than their length.
std::optional<Span> find_pass(std::string_view text, std::size_t at) {
  bool in_digits = false;
  while (at < text.size()) {
    const Character next = character_at(text, at);
    if (base::ascii_lower(next.value) == kBypassName.front()) {
      if (const auto found = named_value(text, at); found && found->from < found->to) return found;
    }
    const bool is_digit = base::is_digit(next.value);
    if (is_digit && !in_digits) {
      if (const auto found = bare_pass(text, at)) return found;
    }
    in_digits = is_digit;
    at += next.size;
  }
  return {};
}

}  // namespace

bool is_bypass_name(std::string_view name) {
  return end_of_name(name, 0) == name.size();
}

bool shows_pass(std::string_view text) {
  return find_pass(text, 0).has_value();
}

std::string hide_passes(std::string_view text) {
  std::string out;
  std::size_t at = 0;
  while (const auto found = find_pass(text, at)) {
    out += text.substr(at, found->from - at);
    out += kHidden;
    at = found->to;
  }
  out += text.substr(at);
  return out;
}

}  // namespace intermission::gate
