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
// Each worker is one thread with its own SO_REUSEPORT listening socket; nothing is shared
// between workers on the path of a request. start() and stop() are called from one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "http/address.h"
#include "http/handler.h"
#include "http/limits.h"

namespace intermission::server {

struct Options {
  std::string address = "0.0.0.0";  // numeric IPv4 or IPv6 address to bind
  std::uint16_t port = 8080;        // 0: any free port
  unsigned workers = 1;             // at least 1
  http::Limits limits;
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

class Server {
 public:
  /// Binds, listens and starts the workers; the address in use or not to be had is an Error.
  static base::Result<std::unique_ptr<Server>> start(const Options& options,
                                                     http::HandlerFactory factory);

  /// As stop().
  virtual ~Server() = default;

  virtual std::uint16_t port() const = 0;
  /// "http://ADDRESS:PORT", an IPv6 address in brackets.
  virtual std::string url() const = 0;
  /// Connections open at this moment, over all workers.
  virtual std::uint64_t connections() const = 0;

  /// Stops accepting, closes idle connections, lets requests in flight have their answer for
  /// at most http::Limits::drain_timeout_ms, then ends the workers. Idempotent.
  virtual void stop() = 0;
};

}  // namespace intermission::server
