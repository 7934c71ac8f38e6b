#include "server/listening_socket.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <iterator>
#include <memory>
#include <system_error>

namespace intermission::server {
namespace {

using Addresses = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

Addresses resolve(const std::string& address, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) {
    found = nullptr;
  }
  return {found, &freeaddrinfo};
}

bool turn_on(int socket, int level, int option) {
  const int on = 1;
  return setsockopt(socket, level, option, &on, sizeof on) == 0;
}

std::uint16_t port_of(int socket) {
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  if (getsockname(socket, reinterpret_cast<sockaddr*>(&bound), &size) != 0) return 0;
  const auto port = bound.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6*>(&bound)->sin6_port
                                                : reinterpret_cast<sockaddr_in*>(&bound)->sin_port;
  return ntohs(port);
}

http::Address address_of(const sockaddr_storage& peer) {
  if (peer.ss_family == AF_INET6) {
    const auto& bytes = reinterpret_cast<const sockaddr_in6&>(peer).sin6_addr.s6_addr;
    http::Address out;
    std::copy(std::begin(bytes), std::end(bytes), out.bytes.begin());
    return out;
  }
  const in_addr address = reinterpret_cast<const sockaddr_in&>(peer).sin_addr;
  return http::Address::from_ipv4(std::bit_cast<std::array<std::uint8_t, 4>>(address.s_addr));
}

// Accepted sockets inherit TCP_NODELAY: a system call less for each connection.
bool bind_and_listen(int socket, const addrinfo& address, ListeningSocket::Role role) {
  const bool first = role == ListeningSocket::Role::kFirst;
  return turn_on(socket, SOL_SOCKET, SO_REUSEADDR) &&
         (first || turn_on(socket, SOL_SOCKET, SO_REUSEPORT)) &&
         turn_on(socket, IPPROTO_TCP, TCP_NODELAY) &&
         bind(socket, address.ai_addr, address.ai_addrlen) == 0 &&
         (!first || turn_on(socket, SOL_SOCKET, SO_REUSEPORT)) && listen(socket, SOMAXCONN) == 0;
}

}  // namespace

base::Result<ListeningSocket> ListeningSocket::open(const std::string& address, std::uint16_t port,
                                                    Role role) {
  const std::string place = "cannot listen on " + address + " port " + std::to_string(port) + ": ";
  const Addresses found = resolve(address, port);
  if (!found) return base::Error{place + "a numeric IPv4 or IPv6 address is expected", {}, 0};
  ListeningSocket out;
  out.socket_ =
      base::Descriptor(socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!out.socket_ || !bind_and_listen(out.fd(), *found, role)) {
    return base::Error{place + std::generic_category().message(errno), {}, 0};
  }
  out.port_ = port_of(out.fd());
  return out;
}

base::Result<ListeningSocket> ListeningSocket::adopt(int fd) {
  int listens = 0;
  socklen_t size = sizeof listens;
  if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0 || listens == 0) {
    return base::Error{"descriptor " + std::to_string(fd) + ": expected a socket that listens"};
  }
  ListeningSocket out;
  out.socket_ = base::Descriptor(fcntl(fd, F_DUPFD_CLOEXEC, 0));
  // Non-blocking for all duplicates: a worker that comes too late to accept a client must not wait.
  if (!out.socket_ || fcntl(out.fd(), F_SETFL, O_NONBLOCK) != 0) {
    return base::Error{"cannot use a socket that was handed over: " +
                       std::generic_category().message(errno)};
  }
  turn_on(out.fd(), IPPROTO_TCP, TCP_NODELAY);
  out.port_ = port_of(out.fd());
  return out;
}

bool ListeningSocket::has_waiting() const {
  pollfd waiting{fd(), POLLIN, 0};
  return poll(&waiting, 1, 0) > 0;
}

ListeningSocket::Accepted ListeningSocket::accept() const {
  sockaddr_storage peer{};
  socklen_t size = sizeof peer;
  base::Descriptor socket(
      accept4(fd(), reinterpret_cast<sockaddr*>(&peer), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (socket) return {Outcome::kAccepted, 0, std::move(socket), address_of(peer)};
  switch (errno) {
    case EAGAIN:
      return {};
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
      return {Outcome::kExhausted, errno, {}, {}};
    default:
      return {Outcome::kGone, 0, {}, {}};
  }
}

}  // namespace intermission::server
