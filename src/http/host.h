// The grammar of hosts (RFC 3986 §3.2.2, RFC 9110 §7.2), in the parts that its readers share. Each
// reader decides for itself what it bears: see plain_host.h, web_origin.h and target.h.
//
//   authority = host [ ":" port ]                 without the userinfo of RFC 3986 §3.2
//   host      = name / IPv4address / "[" IPv6address "]"
//   name      = label *( "." label )
//   label     = 1*63( ALPHA / DIGIT / "-" / "_" )
//   port      = %x31-39 *4DIGIT                   1 to 65535
//
//   split_authority("[2001:db8::7]:8443")         "[2001:db8::7]", ":8443"
//   split_authority("orders.example.com.")        "orders.example.com.", ""
#pragma once

#include <cstddef>
#include <string_view>

namespace intermission::http {

inline constexpr std::size_t kLongestHost = 253;  // characters of a name, RFC 1035 §2.3.4
inline constexpr std::size_t kLongestLabel = 63;

struct Authority {
  std::string_view host;  // with the brackets of an IPv6 literal
  std::string_view rest;  // what follows: empty, or ":" and a port, or what is none
};

/// Views into `authority`, which is not validated here: the host ends behind its "]" if it
/// begins with "[", else before the first ":". A "[" that is never closed takes everything.
constexpr Authority split_authority(std::string_view authority) {
  std::size_t end = authority.find(':');
  if (authority.starts_with('[')) {
    const std::size_t close = authority.find(']');
    end = close == std::string_view::npos ? close : close + 1;
  }
  if (end == std::string_view::npos) return {authority, {}};
  return {authority.substr(0, end), authority.substr(end)};
}

/// Without leading zeros, and without a sign.
bool is_port(std::string_view text);

/// A name without wildcards, in letters of any case and without a dot at its end.
bool is_host_name(std::string_view text);

/// Whether the last label is a number. Browsers then take the whole for an IPv4 address, in
/// whatever spelling (WHATWG URL, "ends in a number").
bool ends_in_number(std::string_view name);

}  // namespace intermission::http
