// Workers of a listener without threads: a test says when each of them looks at its sockets, and
// what time it is.
#pragma once

#include <pistache/reactor.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "server/connection_handler.h"
#include "server/listener.h"
#include "support/eventually.h"

namespace intermission::testing {

class Workers {
 public:
  /// As many as the options say. Throws std::runtime_error where they cannot begin.
  Workers(const server::Options& options, http::HandlerFactory factory);

  server::Listener& listener() { return *listener_; }
  std::shared_ptr<server::Listener> shared_listener() { return listener_; }
  std::uint16_t port() const { return listener_->port; }
  std::uint16_t tls_port() const { return listener_->tls_port; }
  server::ConnectionHandler& operator[](std::size_t number) { return *workers_[number].handler; }

  /// A worker handles what its sockets have to tell now. How many of them had something to tell.
  std::size_t turn(std::size_t number = 0);
  /// A worker is told that so many times of a socket; `flags` as epoll would say them.
  void tell(std::uint64_t tag, Pistache::Polling::NotifyOn flags, int times = 1,
            std::size_t number = 0);
  /// So do all, again and again, until the condition holds; false if it takes too long.
  template <typename Condition>
  bool until(Condition condition) {
    return eventually([&] {
      for (std::size_t i = 0; i < workers_.size(); ++i) turn(i);
      return condition();
    });
  }
  /// Lets time pass, and all workers wake, without a look at their sockets; their timers go off.
  void pass(std::uint64_t ms);

  /// How many clients wait to be accepted by a worker; of TLS, if it listens for TLS alone.
  std::size_t waiting(std::size_t number = 0) const;
  /// In how many milliseconds a worker wakes though no socket has anything to tell.
  std::optional<std::uint64_t> wakes_in(std::size_t number = 0) const;

 private:
  struct Worker {
    std::shared_ptr<server::ConnectionHandler> handler;
    std::unique_ptr<Pistache::Polling::Epoll> poller;
    int timer = -1;
    int socket = -1;
  };

  std::optional<std::uint64_t> timer_at(std::size_t number) const;

  std::uint64_t now_ms_;
  const std::shared_ptr<server::Listener> listener_;
  std::vector<Worker> workers_;
};

}  // namespace intermission::testing
