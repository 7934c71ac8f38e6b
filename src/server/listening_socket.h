// The listening socket of one worker. All workers of a listener bind the same port with
// SO_REUSEPORT, and the kernel spreads connections over them.
#pragma once

#include <cstdint>
#include <string>

#include "base/descriptor.h"
#include "base/result.h"
#include "http/address.h"

namespace intermission::server {

class ListeningSocket {
 public:
  /// The first worker's socket claims the port alone, so that a second program on it is an
  /// Error and not a thief of half the connections; only then does it let siblings in.
  enum class Role : std::uint8_t { kFirst, kSibling };

  ListeningSocket() = default;

  /// `address` is numeric, IPv4 or IPv6. Port 0, for kFirst, picks a free one.
  static base::Result<ListeningSocket> open(const std::string& address, std::uint16_t port,
                                            Role role);

  /// A socket that listens already, as a service manager hands it over. Each worker has a duplicate
  /// of it; `fd` stays its owner's.
  static base::Result<ListeningSocket> adopt(int fd);

  int fd() const { return socket_.get(); }
  bool is_open() const { return static_cast<bool>(socket_); }
  std::uint16_t port() const { return port_; }
  void close() { socket_.close(); }

  enum class Outcome : std::uint8_t {
    kAccepted,
    kNone,       // no connection waits
    kGone,       // the client that waited has left; try the next
    kExhausted,  // the system has no descriptor or memory for it; trying again at once spins
  };
  struct Accepted {
    Outcome outcome = Outcome::kNone;
    int error = 0;            // with kExhausted: errno
    base::Descriptor socket;  // with kAccepted: non-blocking, TCP_NODELAY
    http::Address peer;       // with kAccepted
  };
  Accepted accept() const;
  /// Whether a client waits to be accepted. Does not wait for one.
  bool has_waiting() const;

 private:
  base::Descriptor socket_;
  std::uint16_t port_ = 0;
};

}  // namespace intermission::server
