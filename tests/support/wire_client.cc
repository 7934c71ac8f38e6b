#include "support/wire_client.h"

#include <arpa/inet.h>
#include <linux/sockios.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace intermission::testing {
namespace {

using std::chrono::steady_clock;

bool wait_for(int socket, short event, steady_clock::time_point until) {
  pollfd ready{socket, event, 0};
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(until - steady_clock::now()).count();
  return poll(&ready, 1, static_cast<int>(std::max<long>(left, 0))) > 0;
}

}  // namespace

WireClient::WireClient(std::uint16_t port, int receive_buffer)
    : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const int on = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (receive_buffer > 0) {
    setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    const int error = errno;
    close(std::exchange(socket_, -1));
    throw std::runtime_error("cannot connect: " + std::generic_category().message(error));
  }
}

WireClient::~WireClient() {
  if (socket_ >= 0) close(socket_);
}

bool WireClient::send(std::string_view bytes) {
  const auto until = steady_clock::now() + kLimit;
  while (!bytes.empty()) {
    if (!wait_for(socket_, POLLOUT, until)) return false;
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno != EAGAIN) return false;
    bytes.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(sent, 0)));
  }
  return true;
}

std::size_t WireClient::send_some(std::string_view bytes) {
  const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  return static_cast<std::size_t>(std::max<ssize_t>(sent, 0));
}

bool WireClient::is_delivered() const {
  int left = 0;
  return ioctl(socket_, SIOCOUTQ, &left) == 0 && left == 0;
}

void WireClient::finish() {
  shutdown(socket_, SHUT_WR);
}

void WireClient::reset() {
  const linger now{1, 0};
  setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close(std::exchange(socket_, -1));
}

WireClient::Got WireClient::receive(steady_clock::time_point until) {
  if (!wait_for(socket_, POLLIN, until)) return Got::kTimeout;
  char bytes[64 * 1024];
  const ssize_t got = recv(socket_, bytes, sizeof bytes, 0);
  if (got < 0) return Got::kReset;
  if (got == 0) return Got::kEnd;
  pending_.append(bytes, static_cast<std::size_t>(got));
  return Got::kBytes;
}

std::string WireClient::response(bool head_only) {
  const auto until = steady_clock::now() + kLimit;
  std::size_t size = std::string::npos;
  for (;;) {
    const std::size_t end = pending_.find("\r\n\r\n");
    if (end != std::string::npos) {
      size = end + 4;
      const std::size_t length = pending_.find("\r\nContent-Length: ");
      if (!head_only && length < end) size += std::stoul(pending_.substr(length + 18));
      if (pending_.size() >= size) break;
    }
    if (receive(until) != Got::kBytes) break;
  }
  std::string out = pending_.substr(0, size);
  pending_.erase(0, size);
  return out;
}

std::string WireClient::until_close(std::chrono::milliseconds limit) {
  const auto until = steady_clock::now() + limit;
  Got got = Got::kBytes;
  while (got == Got::kBytes) got = receive(until);
  const char* const how = got == Got::kTimeout ? "(timeout)" : got == Got::kReset ? "(reset)" : "";
  return std::exchange(pending_, {}) + how;
}

std::string WireClient::some() {
  if (pending_.empty()) receive(steady_clock::now() + kLimit);
  return std::exchange(pending_, {});
}

int status_of(const std::string& response) {
  return response.starts_with("HTTP/1.1 ") ? std::stoi(response.substr(9, 3)) : 0;
}

std::string body_of(const std::string& response) {
  const std::size_t end = response.find("\r\n\r\n");
  return end == std::string::npos ? std::string() : response.substr(end + 4);
}

}  // namespace intermission::testing
