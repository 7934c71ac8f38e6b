#include "http/host.h"

#include <algorithm>
#include <cstdint>

#include "base/text.h"

namespace intermission::http {
namespace {

constexpr std::uint64_t kMostPort = 65535;

bool is_label(std::string_view text) {
  return !text.empty() && text.size() <= kLongestLabel &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return base::is_alpha(c) || base::is_digit(c) || c == '-' || c == '_';
         });
}

}  // namespace

bool is_port(std::string_view text) {
  if (text.empty() || text.front() == '0') return false;
  const auto number = base::parse_number(text);
  return number && *number <= kMostPort;
}

bool is_host_name(std::string_view text) {
  if (text.size() > kLongestHost) return false;
  for (;;) {
    const auto dot = text.find('.');
    if (!is_label(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

bool ends_in_number(std::string_view name) {
  const std::string_view last = name.substr(name.rfind('.') + 1);
  const bool is_hex =
      base::istarts_with(last, "0x") &&
      std::all_of(last.begin() + 2, last.end(), [](char c) { return base::hex_value(c) >= 0; });
  return is_hex || std::all_of(last.begin(), last.end(), base::is_digit);
}

}  // namespace intermission::http
