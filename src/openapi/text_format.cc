// The formats of strings that OpenAPI documents use (JSON Schema validation §7.3, and the format
// registry of the OpenAPI initiative), as strictly as the validators that clients run.
#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>
#include <string>

#include "base/text.h"
#include "base/utf8.h"
#include "openapi/schema_check.h"

namespace intermission::openapi {
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

int number_at(std::string_view text, std::size_t at, std::size_t digits = 2) {
  int number = 0;
  std::from_chars(text.data() + at, text.data() + at + digits, number);
  return number;
}

bool is_date(std::string_view text) {
  if (!looks_like(text, "0000-00-00")) return false;
  return std::chrono::year_month_day(std::chrono::year(number_at(text, 0, 4)),
                                     std::chrono::month(static_cast<unsigned>(number_at(text, 5))),
                                     std::chrono::day(static_cast<unsigned>(number_at(text, 8))))
      .ok();
}

// time-offset of RFC 3339 §5.6, in minutes.
std::optional<int> offset_of(std::string_view text) {
  if (text == "Z" || text == "z") return 0;
  if (!looks_like(text, "+00:00") && !looks_like(text, "-00:00")) return {};
  const int hours = number_at(text, 1);
  const int minutes = number_at(text, 4);
  if (hours > 23 || minutes > 59) return {};
  return (text.front() == '-' ? -1 : 1) * (hours * 60 + minutes);
}

// full-time of RFC 3339 §5.6. A leap second ends a day of UTC.
bool is_time(std::string_view text) {
  constexpr int kMinutesOfDay = 24 * 60;
  if (text.size() < 9 || !looks_like(text.substr(0, 8), "00:00:00")) return false;
  const int minute = number_at(text, 0) * 60 + number_at(text, 3);
  const int second = number_at(text, 6);
  if (minute >= kMinutesOfDay || number_at(text, 3) > 59 || second > 60) return false;
  text.remove_prefix(8);
  if (text.front() == '.') {
    const auto end = text.find_first_not_of("0123456789", 1);
    if (end == std::string_view::npos || end == 1) return false;
    text.remove_prefix(end);
  }
  const auto offset = offset_of(text);
  if (!offset || second < 60) return offset.has_value();
  return (minute - *offset + kMinutesOfDay) % kMinutesOfDay == kMinutesOfDay - 1;
}

bool is_date_time(std::string_view text) {
  return text.size() > 11 && is_date(text.substr(0, 10)) && (text[10] == 'T' || text[10] == 't') &&
         is_time(text.substr(11));
}

bool is_uri_text(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return base::is_visible(c) && std::string_view("\"<>\\^`{|}").find(c) == std::string_view::npos;
  });
}

bool is_uri(std::string_view text) {
  const auto colon = text.find(':');
  return colon != std::string_view::npos && colon + 1 < text.size() &&
         base::is_alpha(text.front()) && is_uri_text(text) &&
         std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(colon), [](char c) {
           return base::is_alpha(c) || base::is_digit(c) || c == '+' || c == '-' || c == '.';
         });
}

// <domain> of RFC 1034 §3.5, where a label may begin with a digit (RFC 1123 §2.1).
bool is_label(std::string_view text) {
  const auto ends = [](char c) { return base::is_alpha(c) || base::is_digit(c); };
  return !text.empty() && text.size() <= 63 && ends(text.front()) && ends(text.back()) &&
         std::all_of(text.begin(), text.end(), [&](char c) { return ends(c) || c == '-'; });
}

bool is_host(std::string_view text) {
  if (text.size() > 253) return false;
  for (;;) {
    const auto dot = text.find('.');
    if (!is_label(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

bool is_email(std::string_view text) {
  const auto at = text.find('@');
  return at != std::string_view::npos && at > 0 && is_uri_text(text) &&
         is_host(text.substr(at + 1));
}

// dec-octet of RFC 3986 §3.2.2: without zeros in front.
bool is_ipv4(std::string_view text) {
  int parts = 0;
  while (true) {
    const auto dot = text.find('.');
    const std::string_view part = text.substr(0, dot);
    const auto number = base::parse_number(part);
    if (!number || *number > 255 || (part.size() > 1 && part.front() == '0')) return false;
    ++parts;
    if (dot == std::string_view::npos) return parts == 4;
    text.remove_prefix(dot + 1);
  }
}

bool is_ipv6(std::string_view text) {
  in6_addr address{};
  return inet_pton(AF_INET6, std::string(text).c_str(), &address) == 1 &&
         text.find('\0') == std::string_view::npos;
}

bool is_base64(std::string_view text) {
  if (text.size() % 4 != 0) return false;
  for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  return std::all_of(text.begin(), text.end(), [](char c) {
    return base::is_alpha(c) || base::is_digit(c) || c == '+' || c == '/';
  });
}

// Takes numbers with their units, in this order, each at most once; whether there was one.
bool take_units(std::string_view& text, std::string_view units) {
  bool any = false;
  for (const char unit : units) {
    const auto end = text.find_first_not_of("0123456789");
    if (end == std::string_view::npos || end == 0 || text[end] != unit) continue;
    text.remove_prefix(end + 1);
    any = true;
  }
  return any;
}

// duration of RFC 3339 appendix A.
bool is_duration(std::string_view text) {
  if (!text.starts_with('P')) return false;
  text.remove_prefix(1);
  if (take_units(text, "W")) return text.empty();
  const bool any = take_units(text, "YMD");
  if (!text.starts_with('T')) return any && text.empty();
  text.remove_prefix(1);
  return take_units(text, "HMS") && text.empty();
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
  if (format == "ipv6") return is_ipv6(text);
  if (format == "duration") return is_duration(text);
  if (format == "byte" || format == "base64") return is_base64(text);
  return true;
}

}  // namespace intermission::openapi
