// Tells the operator of trouble, at most once a second however much of it there is.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string_view>
#include <utility>

#include "base/clock.h"

namespace intermission::server {

/// Any thread may use it.
class Reporter {
 public:
  /// `tell` may be empty.
  Reporter(std::function<void(std::string_view)> tell, const base::Clock& clock)
      : tell_(std::move(tell)), clock_(clock) {}

  void operator()(std::string_view trouble) {
    const std::int64_t now = clock_.now().time_since_epoch().count();
    std::int64_t last = last_.load(std::memory_order_relaxed);
    if (!tell_ || now == last || !last_.compare_exchange_strong(last, now)) return;
    tell_(trouble);
  }

 private:
  std::function<void(std::string_view)> tell_;
  const base::Clock& clock_;
  std::atomic<std::int64_t> last_{-1};
};

}  // namespace intermission::server
