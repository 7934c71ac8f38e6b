// What one worker counts of its answers: by service, kind and status; in each minute of the last
// hour; who called; who asked to pass a gate; how long answers took.
//
// The worker writes, and metrics or the API read now and then. Both take the tally's own lock,
// which no other worker uses, so that requests do not wait for each other. Counting a known caller
// allocates nothing, but in the first call of a minute. Memory is bounded: services, kinds and
// statuses are few by nature; see also LastHour. At most kMostCallers callers are listed. When the
// list is full, a new caller replaces another only if it was seen in kProven of the last minutes
// and the other was not, or not for a day; until then it counts among the others. So made-up names
// displace no caller, however many they are.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/mutex.h"
#include "gateway/observer.h"
#include "observe/counts.h"
#include "observe/key.h"
#include "observe/last_hour.h"
#include "observe/seen_minutes.h"

namespace intermission::observe {

/// A histogram as Prometheus counts: bucket i holds what took at most kBounds[i], the last
/// what took longer.
struct Latencies {
  static constexpr std::array<std::chrono::nanoseconds, 9> kBounds = {
      std::chrono::nanoseconds{500},       std::chrono::nanoseconds{1'000},
      std::chrono::nanoseconds{2'500},     std::chrono::nanoseconds{5'000},
      std::chrono::nanoseconds{10'000},    std::chrono::nanoseconds{50'000},
      std::chrono::nanoseconds{250'000},   std::chrono::nanoseconds{1'000'000},
      std::chrono::nanoseconds{10'000'000}};

  std::array<std::uint64_t, kBounds.size() + 1> counts{};
  std::chrono::nanoseconds sum{0};

  void add(std::chrono::nanoseconds took);
  void add(const Latencies& other);
  std::uint64_t total() const;
};

class Tally {
 public:
  static constexpr std::size_t kMostCallers = 500;
  static constexpr unsigned kProven = 3;
  /// The agent of callers who are not listed, by service and kind; of all that follow the first
  /// kMostOthers pairs together.
  static constexpr std::string_view kOthers = "others";
  static constexpr std::size_t kMostOthers = 100;
  static constexpr std::size_t kLongestAgent = 120;
  static constexpr std::size_t kLongestPath = 200;

  void add(const gateway::Answered& answered);

  /// What was counted so far; callers are in no order.
  struct Totals {
    std::vector<AnswerCount> answers;
    std::vector<Caller> callers;
    std::vector<BypassCount> bypasses;
    Latencies latencies;
  };
  Totals read() const;
  /// Of the last hour, in no order.
  std::vector<MinuteCount> history(base::TimePoint now) const;

 private:
  struct Call {
    std::string last_path;
    base::TimePoint last_seen;
    std::uint64_t count = 0;
    // Where this caller's answers with that status are counted: most get the same again.
    std::uint16_t status = 0;
    std::uint64_t* answers = nullptr;
    // And where in the minute that it called in last.
    std::int64_t minute = -1;
    std::uint64_t* in_minute = nullptr;
    std::uint64_t wrong_passes = 0;
    std::uint64_t minutes = 0;  // in which it called
  };

  Call& call_of(const KeyView& caller, base::TimePoint now) REQUIRES_LOCK(mutex_);
  Call& listed(const KeyView& caller) REQUIRES_LOCK(mutex_);
  bool make_room(const KeyView& caller, base::TimePoint now) REQUIRES_LOCK(mutex_);
  Call& one_of_others(const KeyView& caller) REQUIRES_LOCK(mutex_);
  std::uint64_t& answers_of(const gateway::Answered& answered) REQUIRES_LOCK(mutex_);
  void count_bypass(const gateway::Outcome& outcome, Call& call) REQUIRES_LOCK(mutex_);

  mutable base::Mutex mutex_;
  Keyed<std::uint64_t> answers_ GUARDED_BY(mutex_);
  Keyed<Call> calls_ GUARDED_BY(mutex_);
  Keyed<Call> others_ GUARDED_BY(mutex_);
  // Who is not listed, from when the list is first full.
  std::unique_ptr<SeenMinutes> seen_ GUARDED_BY(mutex_);
  std::map<std::string, BypassCount, std::less<>> bypasses_ GUARDED_BY(mutex_);
  LastHour hour_ GUARDED_BY(mutex_);
  Latencies latencies_ GUARDED_BY(mutex_);
};

}  // namespace intermission::observe
