#include "program/supervisor.h"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <sstream>
#include <utility>
#include <vector>

#include "base/descriptor.h"
#include "base/environment.h"
#include "base/text.h"

namespace intermission::program {
namespace {

std::optional<std::chrono::milliseconds> chosen_watchdog() {
  const auto limit = base::parse_number(base::environment("WATCHDOG_USEC").value_or(""));
  if (!limit || *limit == 0) return {};
  const auto watched = base::environment("WATCHDOG_PID");
  if (watched && base::parse_number(*watched) != static_cast<std::uint64_t>(getpid())) return {};
  return std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::microseconds(*limit / 2));
}

/// Where a socket listens; nothing where it is none for TCP.
std::optional<HandedOver> place_of(int fd) {
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&bound), &size) != 0) return {};
  std::array<char, NI_MAXHOST> address{};
  std::array<char, NI_MAXSERV> port{};
  if ((bound.ss_family != AF_INET && bound.ss_family != AF_INET6) ||
      getnameinfo(reinterpret_cast<const sockaddr*>(&bound), size, address.data(), address.size(),
                  port.data(), port.size(), NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
    return {};
  }
  const auto number = base::parse_number(port.data()).value_or(0);
  return HandedOver{fd, address.data(), static_cast<std::uint16_t>(number)};
}

/// The names of the descriptors, with ':' between them.
std::vector<std::string> names_of_descriptors() {
  std::vector<std::string> names;
  std::stringstream listed(base::environment("LISTEN_FDNAMES").value_or(""));
  for (std::string name; std::getline(listed, name, ':');) names.push_back(name);
  return names;
}

}  // namespace

std::optional<HandedOver> handed_over(int first) {
  constexpr std::uint64_t kMost = 64;
  const auto receiver = base::parse_number(base::environment("LISTEN_PID").value_or(""));
  const auto count = base::parse_number(base::environment("LISTEN_FDS").value_or("")).value_or(0);
  if (receiver != static_cast<std::uint64_t>(getpid()) || count > kMost) return {};
  const std::vector<std::string> names = names_of_descriptors();
  std::optional<HandedOver> chosen;
  for (std::size_t i = 0; i < count; ++i) {
    auto place = place_of(first + static_cast<int>(i));
    if (!place) continue;
    if (i < names.size() && names[i] == "data") return place;
    if (!chosen) chosen = std::move(place);
  }
  return chosen;
}

Supervisor Supervisor::from_environment() {
  Supervisor made;
  made.socket_ = base::environment("NOTIFY_SOCKET").value_or("");
  if (!made.socket_.empty()) made.watchdog_ = chosen_watchdog();
  return made;
}

void Supervisor::ready(const std::string& status) const {
  tell("READY=1\nSTATUS=" + status);
}

void Supervisor::reloading() const {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  const auto usec = static_cast<std::uint64_t>(now.tv_sec) * 1'000'000 +
                    static_cast<std::uint64_t>(now.tv_nsec) / 1000;
  tell("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(usec));
}

void Supervisor::stopping() const {
  tell("STOPPING=1\nSTATUS=Finishing the requests in flight");
}

void Supervisor::alive() const {
  tell("WATCHDOG=1");
}

int Supervisor::wait(const sigset_t& signals, const std::function<bool()>& is_well,
                     const std::function<void(std::string_view)>& report) const {
  const std::chrono::milliseconds interval = watchdog_.value_or(std::chrono::milliseconds{0});
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(interval);
  const std::chrono::nanoseconds rest = interval - seconds;
  const timespec limit{seconds.count(), rest.count()};
  for (;;) {
    if (watchdog_ && is_well()) {
      alive();
    } else if (watchdog_) {
      report("a worker is not responding; the service manager is left to restart the gateway");
    }
    const int number =
        watchdog_ ? sigtimedwait(&signals, nullptr, &limit) : sigwaitinfo(&signals, nullptr);
    if (number > 0) return number;
  }
}

// What cannot be told is lost: a gateway answers its clients with or without a manager.
void Supervisor::tell(std::string_view message) const {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket_.empty() || socket_.size() >= sizeof address.sun_path) return;
  socket_.copy(address.sun_path, socket_.size());
  if (socket_.front() == '@') address.sun_path[0] = '\0';
  const base::Descriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  [[maybe_unused]] const auto sent =
      sendto(socket.get(), message.data(), message.size(), MSG_NOSIGNAL,
             reinterpret_cast<const sockaddr*>(&address), size);
}

}  // namespace intermission::program
