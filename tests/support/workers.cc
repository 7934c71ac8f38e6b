#include "support/workers.h"

#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/timerfd.h>

#include <chrono>
#include <ctime>
#include <filesystem>
#include <set>
#include <string>
#include <utility>

namespace intermission::testing {
namespace {

std::set<int> open_descriptors() {
  std::set<int> found;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    found.insert(std::stoi(entry.path().filename()));
  }
  return found;
}

bool is_timer(int fd) {
  itimerspec at{};
  return timerfd_gettime(fd, &at) == 0;
}

bool listens(int fd) {
  int answer = 0;
  socklen_t size = sizeof answer;
  return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &answer, &size) == 0 && answer != 0;
}

std::int64_t nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

std::int64_t monotonic_ns() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return nanoseconds(now);
}

// As the worker knows its timer.
constexpr std::uint64_t kTimer = 0xffff'fffe;

// So far in the future that no timer goes off while a test runs.
constexpr std::uint64_t kAheadMs = 3'600'000;

}  // namespace

Workers::Workers(const server::Options& options, http::HandlerFactory factory)
    : now_ms_(server::monotonic_ms() + kAheadMs),
      listener_(std::make_shared<server::Listener>(options, std::move(factory))) {
  listener_->now_ms = [this] { return now_ms_; };
  for (unsigned i = 0; i < options.workers; ++i) {
    const std::set<int> before = open_descriptors();
    Worker worker{std::make_shared<server::ConnectionHandler>(listener_),
                  std::make_unique<Pistache::Polling::Epoll>()};
    worker.handler->registerPoller(*worker.poller);
    for (const int fd : open_descriptors()) {
      if (before.contains(fd)) continue;
      if (is_timer(fd)) worker.timer = fd;
      if (listens(fd)) worker.socket = fd;
    }
    workers_.push_back(std::move(worker));
  }
}

std::size_t Workers::turn(std::size_t number) {
  const Worker& worker = workers_[number];
  std::vector<Pistache::Polling::Event> events;
  worker.poller->poll(events, std::chrono::milliseconds(0));
  const std::size_t count = events.size();
  worker.handler->onReady(Pistache::Aio::FdSet(std::move(events)));
  return count;
}

void Workers::tell(std::uint64_t tag, Pistache::Polling::NotifyOn flags, int times,
                   std::size_t number) {
  std::vector<Pistache::Polling::Event> events;
  for (int i = 0; i < times; ++i) {
    events.emplace_back(Pistache::Polling::Tag(tag));
    events.back().flags.setFlag(flags);
  }
  workers_[number].handler->onReady(Pistache::Aio::FdSet(std::move(events)));
}

void Workers::pass(std::uint64_t ms) {
  now_ms_ += ms;
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    const auto at = timer_at(i);
    tell(kTimer, Pistache::Polling::NotifyOn::Read, at && *at <= now_ms_ ? 1 : 0, i);
  }
}

std::size_t Workers::waiting(std::size_t number) const {
  tcp_info info{};
  socklen_t size = sizeof info;
  getsockopt(workers_[number].socket, IPPROTO_TCP, TCP_INFO, &info, &size);
  return info.tcpi_unacked;
}

std::optional<std::uint64_t> Workers::timer_at(std::size_t number) const {
  for (;;) {
    itimerspec at{};
    const std::int64_t before = monotonic_ns();
    timerfd_gettime(workers_[number].timer, &at);
    const std::int64_t after = monotonic_ns();
    if (nanoseconds(at.it_value) == 0) return {};
    if (after - before > 100'000) continue;  // something came between
    return static_cast<std::uint64_t>((before + nanoseconds(at.it_value) + 500'000) / 1'000'000);
  }
}

std::optional<std::uint64_t> Workers::wakes_in(std::size_t number) const {
  const auto at = timer_at(number);
  if (!at || *at <= now_ms_) return {};
  return *at - now_ms_;
}

}  // namespace intermission::testing
