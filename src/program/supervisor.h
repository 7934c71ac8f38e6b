// The service manager that started the program, if one did, by the protocol of sd_notify(3): one
// datagram per notification, to the socket that NOTIFY_SOCKET names.
//
// libsystemd is not linked for it: with what it needs it is larger than the whole rest that
// scripts/package carries, and the protocol is these few lines.
#pragma once

#include <signal.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace intermission::program {

/// A socket that listens, and where.
struct HandedOver {
  int fd = -1;
  std::string address;  // numeric
  std::uint16_t port = 0;
};

/// The socket for TCP that the service manager opened in our place (sd_listen_fds(3)): the one
/// named "data" by FileDescriptorName=, or the first where none has that name. Nothing where there
/// is none. `first` is the number that descriptors begin with.
std::optional<HandedOver> handed_over(int first = 3);

class Supervisor {
 public:
  /// As the environment says; without NOTIFY_SOCKET nothing is sent.
  static Supervisor from_environment();

  /// `status` is a line for people, as `systemctl status` shows it.
  void ready(const std::string& status) const;
  /// Before a reload; ready() ends it.
  void reloading() const;
  void stopping() const;
  /// To be sent again before watchdog() has passed.
  void alive() const;

  /// How often alive() is expected: half of what WATCHDOG_USEC allows. Nothing where this process
  /// is not watched.
  std::optional<std::chrono::milliseconds> watchdog() const { return watchdog_; }

  /// Waits for one of `signals`, which are blocked, and returns its number. Where this process is
  /// watched, alive() is sent as often as is expected while `is_well` says yes, and `report` is
  /// called in its place where it says no.
  int wait(const sigset_t& signals, const std::function<bool()>& is_well,
           const std::function<void(std::string_view)>& report) const;

 private:
  void tell(std::string_view message) const;

  std::string socket_;  // a path, or '@' and an abstract name; empty: there is none
  std::optional<std::chrono::milliseconds> watchdog_;
};

}  // namespace intermission::program
