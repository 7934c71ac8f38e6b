// A clock that stands still until a test moves it. Any thread may read it.
#pragma once

#include <atomic>

#include "base/clock.h"

namespace intermission::testing {

class FakeClock final : public base::Clock {
 public:
  explicit FakeClock(base::TimePoint now) : now_(now.time_since_epoch().count()) {}
  base::TimePoint now() const override { return base::TimePoint{base::Seconds{now_.load()}}; }
  void advance(base::Seconds by) { now_ += by.count(); }

 private:
  std::atomic<base::Seconds::rep> now_;
};

}  // namespace intermission::testing
