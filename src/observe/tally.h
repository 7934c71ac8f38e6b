// What one worker counts of its answers: by service, kind and status; who called; how long
// answers took.
//
// The worker writes and, now and then, somebody reads: each takes the tally's own lock, which
// no other worker knows, so that on the path of a request nobody waits. Once everybody who
// calls has called once, counting allocates nothing. Memory is bounded: services, kinds and
// statuses are few by nature; of callers the one not seen for longest makes room for the next.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gateway/observer.h"
#include "gateway/traffic.h"

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
  static constexpr std::size_t kLongestAgent = 120;
  static constexpr std::size_t kLongestPath = 200;

  void add(const gateway::Answered& answered);

  /// What was counted so far; callers are in no order.
  struct Reading {
    std::vector<gateway::AnswerCount> answers;
    std::vector<gateway::Caller> callers;
    Latencies latencies;
  };
  Reading read() const;

 private:
  struct Key {
    std::string service;
    std::string kind;
    std::string rest;  // the status in two bytes, or the agent
  };
  struct KeyView {
    std::string_view service;
    std::string_view kind;
    std::string_view rest;
    // NOLINTNEXTLINE(google-explicit-constructor): a Key is looked up by its view
    KeyView(const Key& key) : service(key.service), kind(key.kind), rest(key.rest) {}
    KeyView(std::string_view a, std::string_view b, std::string_view c)
        : service(a), kind(b), rest(c) {}
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(const KeyView& key) const;
  };
  struct Equal {
    using is_transparent = void;
    bool operator()(const KeyView& a, const KeyView& b) const;
  };
  struct Call {
    std::string last_path;
    base::TimePoint last_seen;
    std::uint64_t count = 0;
    // Where this caller's answers with that status are counted: most get the same again.
    std::uint16_t status = 0;
    std::uint64_t* answers = nullptr;
  };

  Call& call_of(const KeyView& caller);
  std::uint64_t& answers_of(const gateway::Answered& answered);
  void forget_the_oldest();

  mutable std::mutex mutex_;
  // All guarded by mutex_.
  std::unordered_map<Key, std::uint64_t, Hash, Equal> answers_;
  std::unordered_map<Key, Call, Hash, Equal> calls_;
  Latencies latencies_;
};

}  // namespace intermission::observe
