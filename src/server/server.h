// A listener with its workers: sockets in, http::Request and http::Response in between.
//
//   server::Options options;
//   options.port = 0;
//   auto server = server::Server::start(options, [] { return std::make_unique<MyHandler>(); });
//   if (!server) return fail(server.error());
//   std::puts((*server)->url().c_str());     // "http://0.0.0.0:54321"
//   ...
//   (*server)->stop();                       // graceful; returns when every worker has ended
//
// Each worker is one thread with its own SO_REUSEPORT listening sockets; nothing is shared
// between workers on the path of a request. start() and stop() are called from one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "http/address.h"
#include "http/handler.h"
#include "http/limits.h"

namespace intermission::server {

class TlsEndpoint;

/// How a listener makes room when it is full and clients wait to be accepted.
struct Shedding {
  std::uint64_t pause_ms = 100;      // how long it does not look for clients who wait
  std::uint64_t overload_ms = 1000;  // how long it makes room, from when one was last seen waiting
  std::uint64_t idle_ms = 1000;      // how long a connection may be idle meanwhile
};

struct Options {
  std::string address = "0.0.0.0";  // numeric IPv4 or IPv6 address to bind
  std::uint16_t port = 8080;        // 0: any free port
  /// A socket that listens there already; -1: one is opened. It outlives the server, and clients
  /// who come when that has stopped wait in it for the next.
  int inherited = -1;
  /// TLS on a port of its own, by the same workers and within the same limits.
  struct Tls {
    std::uint16_t port = 8443;  // 0: any free port
    std::shared_ptr<const TlsEndpoint> endpoint;
  };
  std::optional<Tls> tls = {};
  bool plain = true;     // false: `port` is not listened on, only tls->port
  unsigned workers = 1;  // at least 1
  bool http2 = false;    // spoken with clients that begin with its preface (RFC 9113 §3.3); over
                         // TLS also with those that the endpoint has chosen it for
  http::Limits limits;
  Shedding shedding;
  /// How long a connection may stay open until a request vouches for it (see
  /// http::Handler::vouches_for), from its beginning; 0: no limit.
  std::uint64_t stranger_timeout_ms = 0;
  /// Connections from there, and no others, begin with a PROXY protocol header.
  std::vector<http::Network> proxy_protocol;
  /// Of routers, behind which many clients come: Limits::connections_per_address does not hold.
  std::vector<http::Network> exempt_addresses;
  const base::Clock* clock =
      nullptr;  // for the Date field; null: the system's. Outlives the server.
  /// Told, at most once a second, of trouble that an operator should know of (out of file
  /// descriptors, a handler that threw). Called from any worker; may be empty.
  std::function<void(std::string_view)> report;
};

/// What the connections of a listener cost at this moment, over all workers.
struct Load {
  std::uint64_t connections = 0;     // open
  std::uint64_t buffered_bytes = 0;  // that they hold: see http::Limits::buffered_bytes
  std::uint64_t buffered_bytes_limit = 0;
  // Since the start, of connections that were cut short:
  std::uint64_t shed_for_room = 0;    // while others waited to be accepted
  std::uint64_t shed_for_memory = 0;  // while memory was short
  // Of TLS:
  std::uint64_t handshakes = 0;         // in progress
  std::uint64_t handshakes_done = 0;    // since the start
  std::uint64_t handshakes_failed = 0;  // or were given up by the client, or took too long
};

class Server {
 public:
  /// Binds, listens and starts the workers; the address in use or not to be had is an Error.
  static base::Result<std::unique_ptr<Server>> start(const Options& options,
                                                     http::HandlerFactory factory);

  /// As stop().
  virtual ~Server() = default;

  /// Of plain HTTP, or of TLS where there is no other.
  virtual std::uint16_t port() const = 0;
  /// "http://ADDRESS:PORT", an IPv6 address in brackets; "https://" where there is TLS alone.
  virtual std::string url() const = 0;
  /// The port for TLS, and its URL; 0 and empty where there is none.
  virtual std::uint16_t tls_port() const = 0;
  virtual std::string tls_url() const = 0;
  virtual Load load() const = 0;
  std::uint64_t connections() const { return load().connections; }
  /// Rings every worker. Whether each has heard the ring before; true at first.
  virtual bool roll_call() = 0;

  /// Stops accepting, closes idle connections, lets requests in flight have their answer for
  /// at most http::Limits::drain_timeout_ms, then ends the workers. Idempotent.
  virtual void stop() = 0;
};

}  // namespace intermission::server
