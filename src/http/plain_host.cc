#include "http/plain_host.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/text.h"
#include "http/address.h"

namespace intermission::http {
namespace {

constexpr std::size_t kLongestName = 253;
constexpr std::size_t kLongestLabel = 63;
constexpr std::uint64_t kMostPort = 65535;

// Leading zeros and an empty port are rejected: routers that compare the whole of Host take them
// for another host.
bool is_port(std::string_view text) {
  if (text.empty() || text.front() == '0') return false;
  const auto number = base::parse_number(text);
  return number && *number <= kMostPort;
}

bool is_label(std::string_view label) {
  if (label.empty() || label.size() > kLongestLabel) return false;
  if (base::istarts_with(label, "xn--") && label.ends_with('-')) return false;
  return std::all_of(label.begin(), label.end(), [](char c) {
    return base::is_alpha(c) || base::is_digit(c) || c == '-' || c == '_';
  });
}

// What browsers take for an IPv4 address, in whatever spelling (WHATWG URL, "ends in a number").
bool ends_in_number(std::string_view name) {
  const std::string_view last = name.substr(name.rfind('.') + 1);
  const bool is_hex =
      base::istarts_with(last, "0x") &&
      std::all_of(last.begin() + 2, last.end(), [](char c) { return base::hex_value(c) >= 0; });
  return is_hex || std::all_of(last.begin(), last.end(), base::is_digit);
}

bool is_name(std::string_view name) {
  if (name.size() > kLongestName) return false;
  for (std::string_view rest = name;;) {
    const auto dot = rest.find('.');
    if (!is_label(rest.substr(0, dot))) return false;
    if (dot == std::string_view::npos) break;
    rest.remove_prefix(dot + 1);
  }
  return !ends_in_number(name) || Address::parse(name);
}

bool is_ipv6(std::string_view text) {
  if (text.find(':') == std::string_view::npos || text.find('.') != std::string_view::npos) {
    return false;
  }
  const auto address = Address::parse(text);
  return address && address->text().find('.') == std::string::npos;
}

std::optional<std::string_view> plain_literal(std::string_view authority) {
  const auto close = authority.find(']');
  if (close == std::string_view::npos || !is_ipv6(authority.substr(1, close - 1))) return {};
  const std::string_view rest = authority.substr(close + 1);
  if (!rest.empty() && (rest.front() != ':' || !is_port(rest.substr(1)))) return {};
  return authority.substr(0, close + 1);
}

}  // namespace

std::optional<std::string_view> plain_host(std::string_view authority) {
  if (authority.starts_with('[')) return plain_literal(authority);
  const auto colon = authority.find(':');
  if (colon != std::string_view::npos && !is_port(authority.substr(colon + 1))) return {};
  std::string_view host = authority.substr(0, colon);
  if (host.ends_with('.')) host.remove_suffix(1);
  if (!is_name(host)) return {};
  return host;
}

}  // namespace intermission::http
