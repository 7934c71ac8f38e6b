#include "observe/tally.h"

#include <algorithm>
#include <chrono>
#include <tuple>

#include "gate/pass_text.h"

namespace intermission::observe {
namespace {

std::string status_bytes(std::uint16_t status) {
  return {static_cast<char>(status >> 8), static_cast<char>(status & 255)};
}

std::uint16_t status_from(const std::string& bytes) {
  return static_cast<std::uint16_t>(static_cast<unsigned char>(bytes[0]) << 8 |
                                    static_cast<unsigned char>(bytes[1]));
}

// No pass is shorter, and to look for one costs more than to copy the usual path.
constexpr std::size_t kShortestPass = 22;

void remember_path(std::string_view path, std::string& last_path) {
  if (path.size() >= kShortestPass && gate::shows_pass(path)) {
    last_path = gate::hide_passes(path).substr(0, Tally::kLongestPath);
  } else {
    last_path = path.substr(0, Tally::kLongestPath);
  }
}

}  // namespace

void Latencies::add(std::chrono::nanoseconds took) {
  const auto bucket = std::lower_bound(kBounds.begin(), kBounds.end(), took) - kBounds.begin();
  ++counts[static_cast<std::size_t>(bucket)];
  sum += took;
}

void Latencies::add(const Latencies& other) {
  for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += other.counts[i];
  sum += other.sum;
}

std::uint64_t Latencies::total() const {
  std::uint64_t total = 0;
  for (const std::uint64_t count : counts) total += count;
  return total;
}

void Tally::add(const gateway::Answered& answered) {
  std::string_view agent = answered.request.value(http::Field::kUserAgent);
  std::string hidden;
  // Before it is cut: a pass that is cut short is no longer known as one.
  if (agent.size() > kLongestAgent && gate::shows_pass(agent)) {
    hidden = gate::hide_passes(agent);
    agent = hidden;
  }
  agent = agent.substr(0, kLongestAgent);
  const base::MutexLock lock(mutex_);
  Call& call = call_of({answered.outcome.service, answered.outcome.kind, agent}, answered.now);
  remember_path(answered.outcome.path, call.last_path);
  call.last_seen = answered.now;
  ++call.count;
  if (call.status != answered.response.status) {
    call.answers = &answers_of(answered);
    call.status = answered.response.status;
  }
  ++*call.answers;
  if (const auto minute = hour_.begin(answered.now); call.minute != minute) {
    call.in_minute = &hour_.count_of(answered.outcome.service, answered.outcome.kind);
    call.minute = minute;
    ++call.minutes;
  }
  ++*call.in_minute;
  if (answered.outcome.bypassed != gateway::Bypassed::kNone) count_bypass(answered.outcome, call);
  if (answered.took) latencies_.add(*answered.took);
}

Tally::Call& Tally::call_of(const KeyView& caller, base::TimePoint now) {
  const auto found = calls_.find(caller);
  if (found != calls_.end()) return found->second;
  if (calls_.size() < kMostCallers) return listed(caller);
  if (!make_room(caller, now)) return one_of_others(caller);
  Call& call = listed(caller);
  call.minutes = kProven;
  return call;
}

Tally::Call& Tally::listed(const KeyView& caller) {
  Call& call = calls_[caller.owned()];
  call.last_path.reserve(kLongestPath);
  return call;
}

// Whether the caller has shown that it comes again, and somebody listed has not.
bool Tally::make_room(const KeyView& caller, base::TimePoint now) {
  if (!seen_) seen_ = std::make_unique<SeenMinutes>();
  if (seen_->note(KeyHash()(caller), hour_.begin(now)) < kProven) return false;
  // Of those who have called in equally many minutes, who has been known longest stays.
  const auto least =
      std::min_element(calls_.begin(), calls_.end(), [](const auto& a, const auto& b) {
        return std::tie(a.second.minutes, b.second.last_seen) <
               std::tie(b.second.minutes, a.second.last_seen);
      });
  const auto oldest = std::min_element(
      calls_.begin(), calls_.end(),
      [](const auto& a, const auto& b) { return a.second.last_seen < b.second.last_seen; });
  const bool is_stale = oldest->second.last_seen + std::chrono::days(1) < now;
  if (least->second.minutes >= kProven && !is_stale) return false;
  calls_.erase(least->second.minutes < kProven ? least : oldest);
  return true;
}

Tally::Call& Tally::one_of_others(const KeyView& caller) {
  const auto known = others_.find(KeyView(caller.service, caller.kind, kOthers));
  if (known != others_.end()) return known->second;
  if (others_.size() < kMostOthers) {
    return others_[{std::string(caller.service), std::string(caller.kind), std::string(kOthers)}];
  }
  Call& call = others_[{"", std::string(kOthers), std::string(kOthers)}];
  // What it remembers may be another service's or kind's.
  call.status = 0;
  call.minute = -1;
  return call;
}

std::uint64_t& Tally::answers_of(const gateway::Answered& answered) {
  const std::string status = status_bytes(answered.response.status);
  const KeyView key{answered.outcome.service, answered.outcome.kind, status};
  const auto known = answers_.find(key);
  return known != answers_.end() ? known->second : answers_[key.owned()];
}

void Tally::count_bypass(const gateway::Outcome& outcome, Call& call) {
  auto known = bypasses_.find(outcome.service);
  if (known == bypasses_.end()) {
    const std::string service(outcome.service);
    known = bypasses_.emplace(service, BypassCount{service}).first;
  }
  if (outcome.bypassed == gateway::Bypassed::kAllowed) {
    ++known->second.allowed;
  } else {
    ++known->second.refused;
    ++call.wrong_passes;
  }
}

Tally::Totals Tally::read() const {
  Totals totals;
  const base::MutexLock lock(mutex_);
  for (const auto& [key, count] : answers_) {
    totals.answers.push_back({key.service, key.kind, status_from(key.rest), count});
  }
  for (const auto* calls : {&calls_, &others_}) {
    for (const auto& [key, call] : *calls) {
      totals.callers.push_back({key.service, key.kind, key.rest, call.last_path, call.last_seen,
                                call.count, call.wrong_passes, call.minutes});
    }
  }
  for (const auto& [service, count] : bypasses_) totals.bypasses.push_back(count);
  totals.latencies = latencies_;
  return totals;
}

std::vector<MinuteCount> Tally::history(base::TimePoint now) const {
  const base::MutexLock lock(mutex_);
  return hour_.read(now);
}

}  // namespace intermission::observe
