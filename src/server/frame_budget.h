// How many frames a client of HTTP/2 may send that ask for nothing: a bucket of tokens that fills
// again with time, and with each answer that was taken.
#pragma once

#include <algorithm>
#include <cstdint>

namespace intermission::server {

class FrameBudget {
 public:
  /// `burst` tokens at first and at most; `per_second` come back.
  constexpr FrameBudget(std::uint32_t burst, std::uint32_t per_second)
      : burst_(burst), per_second_(per_second), tokens_(burst) {}

  /// Whether there was one to take. Times are milliseconds of a clock that never goes back.
  bool take(std::uint64_t now_ms) {
    const std::uint64_t come =
        std::min<std::uint64_t>((now_ms - filled_ms_) * per_second_ / 1000, burst_);
    if (come > 0) {
      add(static_cast<std::uint32_t>(come));
      filled_ms_ = now_ms;
    }
    if (tokens_ == 0) return false;
    --tokens_;
    return true;
  }

  void add(std::uint32_t tokens) { tokens_ = std::min(tokens_ + tokens, burst_); }

 private:
  std::uint32_t burst_;
  std::uint32_t per_second_;
  std::uint32_t tokens_;
  std::uint64_t filled_ms_ = 0;
};

}  // namespace intermission::server
