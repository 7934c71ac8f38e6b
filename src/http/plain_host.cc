#include "http/plain_host.h"

#include "base/text.h"
#include "http/address.h"
#include "http/host.h"

namespace intermission::http {
namespace {

// A label that decodes to ASCII, where two readers see two names.
bool is_disguised(std::string_view label) {
  return base::istarts_with(label, "xn--") && label.ends_with('-');
}

bool is_name(std::string_view name) {
  if (!is_host_name(name)) return false;
  for (std::string_view rest = name;;) {
    const auto dot = rest.find('.');
    if (is_disguised(rest.substr(0, dot))) return false;
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

}  // namespace

std::optional<std::string_view> plain_host(std::string_view authority) {
  auto [host, rest] = split_authority(authority);
  // Leading zeros and an empty port are rejected: routers that compare the whole of Host take them
  // for another host.
  if (!rest.empty() && (rest.front() != ':' || !is_port(rest.substr(1)))) return {};
  if (host.starts_with('[')) {
    if (!host.ends_with(']') || !is_ipv6(host.substr(1, host.size() - 2))) return {};
    return host;
  }
  if (host.ends_with('.')) host.remove_suffix(1);
  if (!is_name(host)) return {};
  return host;
}

}  // namespace intermission::http
