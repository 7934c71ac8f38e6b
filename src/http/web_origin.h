// Origins as browsers write them (RFC 6454 §6.2, Fetch §3.2), and whether two hosts belong to one
// site (HTML §7.1.1, "same site").
//
//   parse_web_origin("https://app.example.com:8443")    → {"https", "app.example.com", "8443"}
//   is_same_site("app.example.com", "orders.example.com")   → true, both are below example.com
//   is_same_site("a.github.io", "b.github.io")              → false, github.io is a public suffix
#pragma once

#include <optional>
#include <string_view>

namespace intermission::http {

/// Views into the text that was parsed.
struct WebOrigin {
  std::string_view scheme;
  std::string_view host;  // an IPv6 address with its brackets
  std::string_view port;  // empty where it is the scheme's own
};

/// Nothing for "null", and for everything that a browser does not write: capital letters, user
/// information, a path, a port that is no number from 1 to 65535, a list.
std::optional<WebOrigin> parse_web_origin(std::string_view text);

/// The port that a browser leaves out: "80" for http, "443" for https, else empty.
std::string_view default_port(std::string_view scheme);

/// Whether one registrable domain holds both, by the public suffix list; ports and schemes are not
/// looked at. Addresses, single labels, public suffixes and names that end with a dot belong to one
/// site only where they are equal. Any case. Never fails.
bool is_same_site(std::string_view host, std::string_view other);

}  // namespace intermission::http
