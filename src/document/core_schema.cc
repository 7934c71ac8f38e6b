#include "document/core_schema.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <system_error>

#include "base/text.h"

namespace intermission::document {
namespace {

template <std::size_t N>
bool one_of(std::string_view text, const std::string_view (&words)[N]) {
  for (const std::string_view word : words) {
    if (text == word) return true;
  }
  return false;
}

std::string_view skip_digits(std::string_view text) {
  std::size_t n = 0;
  while (n < text.size() && base::is_digit(text[n])) ++n;
  return text.substr(n);
}

std::string_view skip_sign(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return text;
}

bool is_decimal_integer(std::string_view text) {
  text = skip_sign(text);
  return !text.empty() && skip_digits(text).empty();
}

bool is_decimal_float(std::string_view text) {
  const std::string_view digits = skip_sign(text);
  std::string_view rest = skip_digits(digits);
  bool any = rest.size() < digits.size();
  if (rest.starts_with('.')) {
    const std::string_view fraction = rest.substr(1);
    rest = skip_digits(fraction);
    any = any || rest.size() < fraction.size();
  }
  if (!any) return false;
  if (rest.starts_with('e') || rest.starts_with('E')) {
    const std::string_view exponent = skip_sign(rest.substr(1));
    return !exponent.empty() && skip_digits(exponent).empty();
  }
  return rest.empty();
}

template <typename Number>
std::errc convert(std::string_view text, Number& number, int radix = 10) {
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, radix);
  return error == std::errc{} && end != text.data() + text.size() ? std::errc::invalid_argument
                                                                  : error;
}

Plain decimal_float(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return {PlainKind::kOutOfRange, {}};
  return {PlainKind::kFloat, rapidjson::Value(number)};
}

Plain decimal_integer(std::string_view text) {
  std::int64_t number = 0;
  if (convert(text, number) == std::errc{}) return {PlainKind::kInteger, rapidjson::Value(number)};
  std::uint64_t large = 0;
  if (convert(text, large) == std::errc{}) return {PlainKind::kInteger, rapidjson::Value(large)};
  return decimal_float(text);
}

// The digits after 0o or 0x; text if they are not of the radix.
Plain prefixed_integer(std::string_view digits, int radix) {
  std::uint64_t number = 0;
  const bool is_number = !digits.empty() && std::all_of(digits.begin(), digits.end(), [&](char c) {
    const int value = base::hex_value(c);
    return value >= 0 && value < radix;
  });
  if (!is_number) return {};
  const std::errc error = convert(digits, number, radix);
  if (error == std::errc{}) return {PlainKind::kInteger, rapidjson::Value(number)};
  return {PlainKind::kOutOfRange, {}};
}

}  // namespace

Plain resolve_plain(std::string_view text) {
  if (one_of(text, {"", "~", "null", "Null", "NULL"})) return {PlainKind::kNull, {}};
  if (one_of(text, {"true", "True", "TRUE"})) return {PlainKind::kBoolean, rapidjson::Value(true)};
  if (one_of(text, {"false", "False", "FALSE"})) {
    return {PlainKind::kBoolean, rapidjson::Value(false)};
  }
  if (is_decimal_integer(text)) return decimal_integer(text);
  if (is_decimal_float(text)) return decimal_float(text);
  if (text.starts_with("0o")) return prefixed_integer(text.substr(2), 8);
  if (text.starts_with("0x")) return prefixed_integer(text.substr(2), 16);
  if (one_of(text, {".nan", ".NaN", ".NAN"})) return {PlainKind::kNotFinite, {}};
  if (one_of(skip_sign(text), {".inf", ".Inf", ".INF"})) return {PlainKind::kNotFinite, {}};
  return {};
}

}  // namespace intermission::document
