// The formats of strings that OpenAPI documents use (JSON Schema validation §7.3, and the format
// registry of the OpenAPI initiative), as strictly as the validators that clients run.
#include <algorithm>
#include <charconv>
#include <optional>

#include "base/text.h"
#include "base/utf8.h"
#include "contract/schema_check.h"

namespace intermission::contract {
namespace {

// A picture of a text: 0 stands for a digit, x for a hexadecimal digit, all else for itself.
bool looks_like(std::string_view text, std::string_view picture) {
  return text.size() == picture.size() &&
         std::equal(text.begin(), text.end(), picture.begin(), [](char c, char p) {
           if (p == '0') return base::is_digit(c);
           if (p == 'x') return base::hex_value(c) >= 0;
           return base::ascii_lower(c) == base::ascii_lower(p);
         });
}

int number_at(std::string_view text, std::size_t at) {
  int number = 0;
  std::from_chars(text.data() + at, text.data() + at + 2, number);
  return number;
}

bool is_date(std::string_view text) {
  if (!looks_like(text, "0000-00-00")) return false;
  const int month = number_at(text, 5);
  const int day = number_at(text, 8);
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

// full-time of RFC 3339 §5.6.
bool is_time(std::string_view text) {
  if (text.size() < 9 || !looks_like(text.substr(0, 8), "00:00:00")) return false;
  if (number_at(text, 0) > 23 || number_at(text, 3) > 59 || number_at(text, 6) > 60) return false;
  text.remove_prefix(8);
  if (text.front() == '.') {
    const auto end = text.find_first_not_of("0123456789", 1);
    if (end == std::string_view::npos || end == 1) return false;
    text.remove_prefix(end);
  }
  return text == "Z" || text == "z" || looks_like(text, "+00:00") || looks_like(text, "-00:00");
}

bool is_date_time(std::string_view text) {
  return text.size() > 11 && is_date(text.substr(0, 10)) && (text[10] == 'T' || text[10] == 't') &&
         is_time(text.substr(11));
}

bool is_uri_text(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return c > ' ' && c < 0x7f && std::string_view("\"<>\\^`{|}").find(c) == std::string_view::npos;
  });
}

bool is_uri(std::string_view text) {
  const auto colon = text.find(':');
  return colon != std::string_view::npos && colon > 0 && colon + 1 < text.size() &&
         base::is_alpha(text.front()) && is_uri_text(text) &&
         std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(colon), [](char c) {
           return base::is_alpha(c) || base::is_digit(c) || c == '+' || c == '-' || c == '.';
         });
}

bool is_host(std::string_view text) {
  return !text.empty() && text.size() <= 253 && base::is_alpha(text.front()) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return base::is_alpha(c) || base::is_digit(c) || c == '-' || c == '.';
         });
}

bool is_email(std::string_view text) {
  const auto at = text.find('@');
  return at != std::string_view::npos && at > 0 && is_uri_text(text) &&
         is_host(text.substr(at + 1));
}

bool is_ipv4(std::string_view text) {
  int parts = 0;
  while (true) {
    const auto dot = text.find('.');
    const auto number = base::parse_number(text.substr(0, dot));
    if (!number || *number > 255) return false;
    ++parts;
    if (dot == std::string_view::npos) return parts == 4;
    text.remove_prefix(dot + 1);
  }
}

bool is_base64(std::string_view text) {
  return text.size() % 4 == 0 && std::all_of(text.begin(), text.end(), [](char c) {
           return base::is_alpha(c) || base::is_digit(c) || c == '+' || c == '/' || c == '=';
         });
}

}  // namespace

std::size_t count_characters(std::string_view text) {
  std::size_t count = 0;
  while (!text.empty()) {
    text.remove_prefix(std::max<std::size_t>(base::utf8_size(text), 1));
    ++count;
  }
  return count;
}

bool has_format(std::string_view text, std::string_view format) {
  if (format == "date-time") return is_date_time(text);
  if (format == "date") return is_date(text);
  if (format == "time") return is_time(text);
  if (format == "uuid") return looks_like(text, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx");
  if (format == "uri" || format == "url" || format == "iri") return is_uri(text);
  if (format == "uri-reference" || format == "iri-reference") return is_uri_text(text);
  if (format == "email" || format == "idn-email") return is_email(text);
  if (format == "hostname" || format == "idn-hostname") return is_host(text);
  if (format == "ipv4") return is_ipv4(text);
  if (format == "byte" || format == "base64") return is_base64(text);
  return true;
}

}  // namespace intermission::contract
