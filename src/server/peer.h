// The other end of one connection, as requests describe it. It belongs to the connection, which
// outlives its session.
#pragma once

#include <optional>

#include "http/address.h"
#include "http/request.h"

namespace intermission::server {

class TlsChannel;

struct Peer {
  /// Of the socket's other end; nothing where there is no socket.
  std::optional<http::Address> address = {};
  /// What the PROXY header said that the connection began with.
  std::optional<http::ProxySource> proxy_source = {};
  /// Null: the connection is plain.
  const TlsChannel* tls = nullptr;
};

}  // namespace intermission::server
