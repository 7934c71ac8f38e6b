#include "support/scripted_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace intermission::testing {
namespace {

// For a client that never comes, or never leaves.
constexpr int kLimitMs = 20'000;
constexpr int kTrickleMs = 5;

bool wait_for(int socket, int limit) {
  pollfd input{socket, POLLIN, 0};
  return poll(&input, 1, limit) > 0;
}

bool receive(int socket, std::string& into) {
  std::array<char, 4096> bytes{};
  if (!wait_for(socket, kLimitMs)) return false;
  const ssize_t size = recv(socket, bytes.data(), bytes.size(), 0);
  if (size <= 0) return false;
  into.append(bytes.data(), static_cast<std::size_t>(size));
  return true;
}

// A client that wants TLS sends no end of a head (RFC 8446 §5.1); a server in clear refuses it.
bool is_handshake(const std::string& request) {
  return request.starts_with('\x16');
}

std::size_t length_of_body(const std::string& head) {
  constexpr const char* kName = "Content-Length: ";
  const auto at = head.find(kName);
  return at == std::string::npos ? 0 : std::strtoul(head.c_str() + at + 16, nullptr, 10);
}

void send_all(int socket, const std::string& text) {
  std::size_t sent = 0;
  while (sent < text.size()) {
    const ssize_t size = send(socket, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (size <= 0) return;
    sent += static_cast<std::size_t>(size);
  }
}

}  // namespace

ScriptedServer::ScriptedServer(std::string answer, Then then)
    : answer_(std::move(answer)), then_(then) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener_, generic, size) != 0 || listen(listener_, 1) != 0 ||
      getsockname(listener_, generic, &size) != 0) {
    throw std::runtime_error("cannot listen on 127.0.0.1");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

ScriptedServer::~ScriptedServer() {
  shutdown(listener_, SHUT_RDWR);  // where no client came, none is waited for
  request();
  close(listener_);
}

const std::string& ScriptedServer::request() {
  if (thread_.joinable()) thread_.join();
  return request_;
}

void ScriptedServer::serve() {
  if (!wait_for(listener_, kLimitMs)) return;
  const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (client < 0) return;
  std::size_t end = std::string::npos;
  while ((end = request_.find("\r\n\r\n")) == std::string::npos && !is_handshake(request_) &&
         receive(client, request_)) {
  }
  if (end != std::string::npos) {
    const std::size_t whole = end + 4 + length_of_body(request_.substr(0, end));
    while (request_.size() < whole && receive(client, request_)) {
    }
  }
  send_all(client, answer_);
  std::string ignored;
  if (then_ == Then::kIsSilent) receive(client, ignored);
  if (then_ == Then::kTrickles) {
    for (int ms = 0; ms < kLimitMs && !wait_for(client, kTrickleMs); ms += kTrickleMs) {
      send_all(client, "x");
    }
  }
  close(client);
}

}  // namespace intermission::testing
