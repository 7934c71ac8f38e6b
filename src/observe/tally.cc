#include "observe/tally.h"

#include <algorithm>
#include <functional>

namespace intermission::observe {
namespace {

std::string status_bytes(std::uint16_t status) {
  return {static_cast<char>(status >> 8), static_cast<char>(status & 255)};
}

std::uint16_t status_from(const std::string& bytes) {
  return static_cast<std::uint16_t>(static_cast<unsigned char>(bytes[0]) << 8 |
                                    static_cast<unsigned char>(bytes[1]));
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

std::size_t Tally::Hash::operator()(const KeyView& key) const {
  const std::hash<std::string_view> hash;
  constexpr std::size_t kOdd = 0x9e3779b97f4a7c15;
  return (hash(key.service) * kOdd + hash(key.kind)) * kOdd + hash(key.rest);
}

bool Tally::Equal::operator()(const KeyView& a, const KeyView& b) const {
  return a.rest == b.rest && a.service == b.service && a.kind == b.kind;
}

void Tally::add(const gateway::Answered& answered) {
  const auto agent = answered.request.value(http::Field::kUserAgent).substr(0, kLongestAgent);
  const std::scoped_lock lock(mutex_);
  Call& call = call_of({answered.outcome.service, answered.outcome.kind, agent});
  call.last_path = answered.request.path().substr(0, kLongestPath);
  call.last_seen = answered.now;
  ++call.count;
  if (call.status != answered.response.status) {
    call.answers = &answers_of(answered);
    call.status = answered.response.status;
  }
  ++*call.answers;
  if (answered.took) latencies_.add(*answered.took);
}

Tally::Call& Tally::call_of(const KeyView& caller) {
  const auto found = calls_.find(caller);
  if (found != calls_.end()) return found->second;
  if (calls_.size() >= kMostCallers) forget_the_oldest();
  Key key{std::string(caller.service), std::string(caller.kind), std::string(caller.rest)};
  Call& call = calls_[std::move(key)];
  call.last_path.reserve(kLongestPath);
  return call;
}

std::uint64_t& Tally::answers_of(const gateway::Answered& answered) {
  return answers_[{std::string(answered.outcome.service), std::string(answered.outcome.kind),
                   status_bytes(answered.response.status)}];
}

void Tally::forget_the_oldest() {
  calls_.erase(std::min_element(calls_.begin(), calls_.end(), [](const auto& a, const auto& b) {
    return a.second.last_seen < b.second.last_seen;
  }));
}

Tally::Reading Tally::read() const {
  Reading reading;
  const std::scoped_lock lock(mutex_);
  for (const auto& [key, count] : answers_) {
    reading.answers.push_back({key.service, key.kind, status_from(key.rest), count});
  }
  for (const auto& [key, call] : calls_) {
    reading.callers.push_back(
        {key.service, key.kind, key.rest, call.last_path, call.last_seen, call.count});
  }
  reading.latencies = latencies_;
  return reading;
}

}  // namespace intermission::observe
