// The header that a router puts before the first request to say for whom it connects: the PROXY
// protocol, versions 1 and 2 (haproxy.org, "The PROXY protocol", §2.1 and §2.2).
//
//   1   "PROXY" SP ("TCP4" / "TCP6") SP source SP destination SP port SP port CRLF
//       "PROXY UNKNOWN" *OCTET CRLF                                   at most 107 bytes
//   2   0D 0A 0D 0A 00 0D 0A 51 55 49 54 0A | version, command | family | length | addresses
//
// It is read only on connections from the configured networks, and those must begin with it: a peer
// that may leave it out may also forward one that a client sent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "http/address.h"

namespace intermission::server {

struct ProxyHeader {
  enum class Verdict : std::uint8_t {
    kMore,   // so far it may become one
    kWhole,  // `size` bytes are the header; the request follows them
    kNone,   // this is no such header, and cannot become one
  };
  Verdict verdict = Verdict::kMore;
  std::size_t size = 0;
  /// The client for whom the router connects; nothing where it does not say, or the client has
  /// none, as behind a Unix socket.
  std::optional<http::Address> source = {};
};

/// The addresses and what follows them in version 2.
inline constexpr std::size_t kMaxProxyHeader = 4096;

/// `bytes` is all that has arrived. The verdict does not depend on how it was cut.
ProxyHeader read_proxy_header(std::string_view bytes);

}  // namespace intermission::server
