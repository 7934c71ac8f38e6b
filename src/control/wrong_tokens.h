// Counts calls with a wrong token, and says when a peer has sent too many of them. Only wrong
// tokens are ever rejected. A call with the right one is not counted, so that an attacker cannot
// lock out an operator who calls from the same address.
//
//   WrongTokens wrong(clock, [](std::string_view line) { spdlog::warn("{}", line); });
//   if (const auto wait = wrong.note(request.peer())) ... 429, Retry-After: wait
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "base/mutex.h"
#include "http/address.h"

namespace intermission::control {

/// Any thread may use it. Its size is fixed: peers that fall on one place share a count.
class WrongTokens {
 public:
  static constexpr std::uint32_t kPatience = 10;  // answered at once, in each period
  static constexpr base::Seconds kPeriod{60};

  /// `tell` gets a line at most once a second; it may be empty. `clock` outlives this.
  WrongTokens(const base::Clock& clock, std::function<void(std::string_view)> tell)
      : clock_(clock), tell_(std::move(tell)) {}

  /// For each call with a wrong token. Nothing, or how long to wait where the peer has used up
  /// its patience. The addresses of one IPv6 /64 are one peer.
  std::optional<base::Seconds> note(const std::optional<http::Address>& peer);

  std::uint64_t total() const;

 private:
  struct Place {
    base::TimePoint since;
    std::uint32_t calls = 0;
  };

  void tell(const std::optional<http::Address>& peer, base::TimePoint now) REQUIRES_LOCK(mutex_);

  const base::Clock& clock_;
  std::function<void(std::string_view)> tell_;
  mutable base::Mutex mutex_;
  std::array<Place, 1024> places_ GUARDED_BY(mutex_){};
  std::uint64_t total_ GUARDED_BY(mutex_) = 0;
  std::uint64_t told_ GUARDED_BY(mutex_) = 0;  // of `total_`, those that some line has counted
  std::optional<base::TimePoint> told_at_ GUARDED_BY(mutex_);
};

}  // namespace intermission::control
