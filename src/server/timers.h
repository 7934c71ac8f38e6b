// Deadlines of constant length per class, so each class is a list in order of time: setting,
// moving and cancelling cost O(1) and no memory, for any number of connections.
//
//   Timers timers(limits);
//   timers.set(connection.timer, TimerClass::kIdle, now);
//   while (Timer* timer = timers.expired(now)) ...        // it is off the list then
//   arm(timers.next());
//
// Times are milliseconds of a monotonic clock. Not thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "http/limits.h"

namespace intermission::server {

enum class TimerClass : std::uint8_t {
  kHandshake,  // of TLS, and a PROXY header before it, from the connection's beginning
  kSilent,     // connected, and nothing of a request has come yet
  kStranger,   // no request has vouched for the connection, where one must
  kHead,
  kBody,
  kIdle,
  kWrite,
  kLinger,
  kStream,
};
inline constexpr std::size_t kTimerClasses = 9;

/// How often a stream is asked for what there is to say.
inline constexpr std::uint64_t kStreamTickMs = 200;

/// Part of what it times; must not move while it is set.
struct Timer {
  Timer* before = nullptr;
  Timer* after = nullptr;
  std::uint64_t deadline = 0;
  TimerClass timer_class = TimerClass::kIdle;
};

class Timers {
 public:
  explicit Timers(const http::Limits& limits, std::uint64_t stranger_timeout_ms = 0);
  Timers(const Timers&) = delete;
  Timers& operator=(const Timers&) = delete;

  /// Starts it anew if it is set already. `now` never goes back.
  void set(Timer& timer, TimerClass timer_class, std::uint64_t now);
  void cancel(Timer& timer);
  static bool is_set(const Timer& timer) { return timer.before != nullptr; }

  /// Takes one timer whose deadline is not after `now` off its list; null if there is none.
  Timer* expired(std::uint64_t now);
  /// The timer of that class that was set first; it stays on its list. Null if there is none.
  Timer* first(TimerClass timer_class) const;
  /// The earliest deadline.
  std::optional<std::uint64_t> next() const;

 private:
  // Each list is a ring through its own element of this array.
  std::array<Timer, kTimerClasses> lists_;
  std::array<std::uint64_t, kTimerClasses> lengths_;
};

}  // namespace intermission::server
