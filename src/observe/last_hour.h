// How often each kind of client was answered for each service in each of the last sixty minutes:
// for the chart of the dashboard, which would otherwise start empty.
//
//   LastHour hour;
//   const auto minute = hour.begin(now);
//   ++hour.count_of("orders", "soap");
//
// Memory is bounded: a minute holds kMostPairs pairs of a service and a kind. What comes after them
// is counted as one, without a service and as kind kOthers.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "observe/counts.h"
#include "observe/key.h"

namespace intermission::observe {

/// Not thread-safe.
class LastHour {
 public:
  static constexpr std::size_t kMinutes = 60;
  static constexpr std::size_t kMostPairs = 200;
  static constexpr std::string_view kOthers = "others";

  /// The number of the minute that is counted in from now on, from 1970. It never goes back, even
  /// if the clock does.
  std::int64_t begin(base::TimePoint now);

  /// The count of a pair in that minute. The reference is good until the next minute begins.
  std::uint64_t& count_of(std::string_view service, std::string_view kind);

  /// Of the sixty minutes that end with that of `now`, in no order.
  std::vector<MinuteCount> read(base::TimePoint now) const;

 private:
  struct Minute {
    std::int64_t number = -1;
    Keyed<std::uint64_t> counts;
  };

  Minute& current() { return minutes_[static_cast<std::size_t>(newest_) % kMinutes]; }

  std::int64_t newest_ = 0;
  std::array<Minute, kMinutes> minutes_;
};

}  // namespace intermission::observe
