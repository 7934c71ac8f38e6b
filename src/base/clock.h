// Time as this program uses it: whole seconds of UTC. Nothing below main.cc and the server
// asks the system for the time; it is handed in.
#pragma once

#include <chrono>
#include <ctime>

namespace intermission::base {

using TimePoint = std::chrono::sys_seconds;
using Seconds = std::chrono::seconds;

/// Where a caller gets the time from. Implementations may be called from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual TimePoint now() const = 0;
};

class SystemClock final : public Clock {
 public:
  /// time() reads the second that the kernel keeps ready; a clock with nanoseconds would have
  /// to be computed, for every answer.
  TimePoint now() const override { return TimePoint(Seconds(std::time(nullptr))); }
};

}  // namespace intermission::base
