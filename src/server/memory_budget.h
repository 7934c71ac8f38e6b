// How many bytes the connections of one listener hold, over all of its workers, and how many they
// may hold: unfinished heads, bodies that are kept, answers that clients have not taken.
//
//   0 ─────────────────────── 5/8 ──────── 3/4 ──────────── 7/8 ──────────── limit
//     everything is kept           above 3/4, the holders that    only small pieces
//                                  have waited longest are shed,  are kept
//                                  until 5/8 are left
//
// A request that arrives whole holds nothing and never comes here. What a connection holds is
// measured after each of its events, so the count cannot drift; between two measurements each
// worker can exceed the limit by what one event brings, some 64 KiB.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace intermission::server {

/// Any thread may use it.
class MemoryBudget {
 public:
  /// A connection that holds no more than this may use the last eighth: ordinary heads and small
  /// calls get through while others fill the memory.
  static constexpr std::size_t kSmall = 4 * 1024;

  /// `limit` 0: no bound.
  explicit MemoryBudget(std::uint64_t limit) : limit_(limit) {}

  /// Whether a connection that holds `held` bytes may hold `more`.
  bool allows(std::size_t held, std::size_t more) const {
    if (limit_ == 0) return true;
    const std::uint64_t ceiling = held + more <= kSmall ? limit_ : limit_ - limit_ / 8;
    return used() + more <= ceiling;
  }
  /// One connection held `before` bytes and holds `after`.
  void change(std::size_t before, std::size_t after) {
    used_.fetch_add(after - before, std::memory_order_relaxed);
  }

  /// Whether holders are to be shed.
  bool is_short() const { return limit_ != 0 && used() > limit_ - limit_ / 4; }
  /// Whether enough of them were.
  bool is_eased() const { return limit_ == 0 || used() <= limit_ / 8 * 5; }

  std::uint64_t used() const { return used_.load(std::memory_order_relaxed); }
  std::uint64_t limit() const { return limit_; }

  /// A connection was shed, or something was not kept, for want of memory.
  void count_shed() { shed_.fetch_add(1, std::memory_order_relaxed); }
  std::uint64_t shed() const { return shed_.load(std::memory_order_relaxed); }

 private:
  const std::uint64_t limit_;
  std::atomic<std::uint64_t> used_{0};
  std::atomic<std::uint64_t> shed_{0};
};

}  // namespace intermission::server
