// What an operator means by the text of a network, for messages about it.
//
//   network_text("10.1.2.3/8")   {"10.0.0.0/8", not exact, not wide}
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "document/document.h"

namespace intermission::catalog {

struct NetworkText {
  /// Without the bits of the address that do not count; an address alone has no "/".
  std::string meant;
  /// Whether there are no such bits.
  bool is_exact = true;
  /// Whether it holds so many addresses that hardly anybody means all of them: more than an IPv4 /8
  /// or an IPv6 /16. The unique local addresses of RFC 4193 (fc00::/7) are private.
  bool is_wide = false;
};

/// A warning for each network of a configuration that is wide, with its place and what everybody in
/// it may do: "my.yaml:1: trusted_proxies[0]: 0.0.0.0/0 is very wide: ...".
std::vector<std::string> wide_networks(const document::Document& configuration);

/// Nothing where http::Network::parse() reads none.
std::optional<NetworkText> network_text(std::string_view text);

}  // namespace intermission::catalog
