#include "observe/traffic.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace intermission::observe {
namespace {

class TallyKeeper final : public gateway::Observer {
 public:
  explicit TallyKeeper(std::shared_ptr<Tally> tally) : tally_(std::move(tally)) {}
  void answered(const gateway::Answered& answered) override { tally_->add(answered); }

 private:
  std::shared_ptr<Tally> tally_;
};

bool seen_later(const Caller& a, const Caller& b) {
  return std::tie(b.last_seen, a.service, a.kind, a.agent) <
         std::tie(a.last_seen, b.service, b.kind, b.agent);
}

// What is counted of many callers together comes first: it is no caller that another could take the
// place of. Then those that called in most minutes, most often, and of equals the longest known.
bool is_more_regular(const Caller& a, const Caller& b) {
  const auto rank = [](const Caller& caller) {
    return std::tuple(caller.agent == Tally::kOthers, caller.minutes, caller.count);
  };
  return rank(a) != rank(b) ? rank(a) > rank(b) : seen_later(b, a);
}

}  // namespace

std::unique_ptr<gateway::Observer> Traffic::observer() {
  auto tally = std::make_shared<Tally>();
  const base::MutexLock lock(mutex_);
  tallies_.push_back(tally);
  return std::make_unique<TallyKeeper>(std::move(tally));
}

std::vector<std::shared_ptr<Tally>> Traffic::tallies() const {
  const base::MutexLock lock(mutex_);
  return tallies_;
}

std::vector<AnswerCount> Traffic::answers() const {
  std::map<std::tuple<std::string, std::string, std::uint16_t>, std::uint64_t> sums;
  for (const auto& tally : tallies()) {
    for (const auto& [service, kind, status, count] : tally->read().answers) {
      sums[{service, kind, status}] += count;
    }
  }
  std::vector<AnswerCount> answers;
  for (const auto& [key, count] : sums) {
    answers.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), count});
  }
  return answers;
}

std::vector<Caller> Traffic::callers() const {
  std::map<std::tuple<std::string, std::string, std::string>, Caller> merged;
  for (const auto& tally : tallies()) {
    for (Caller& caller : tally->read().callers) {
      const auto [known, is_new] =
          merged.try_emplace({caller.service, caller.kind, caller.agent}, caller);
      if (is_new) continue;
      caller.count += known->second.count;
      caller.wrong_passes += known->second.wrong_passes;
      caller.minutes = std::max(caller.minutes, known->second.minutes);
      const bool later = caller.last_seen >= known->second.last_seen;
      if (later) {
        known->second = std::move(caller);
      } else {
        known->second.count = caller.count;
        known->second.wrong_passes = caller.wrong_passes;
        known->second.minutes = caller.minutes;
      }
    }
  }
  std::vector<Caller> callers;
  for (auto& [key, caller] : merged) callers.push_back(std::move(caller));
  // Of more than are listed, those who come again stay.
  std::sort(callers.begin(), callers.end(), is_more_regular);
  const auto together = std::count_if(callers.begin(), callers.end(), [](const auto& caller) {
    return caller.agent == Tally::kOthers;
  });
  const std::size_t most = kMostCallers + static_cast<std::size_t>(together);
  if (callers.size() > most) callers.resize(most);
  std::sort(callers.begin(), callers.end(), seen_later);
  return callers;
}

std::vector<BypassCount> Traffic::bypasses() const {
  std::map<std::string, BypassCount> sums;
  for (const auto& tally : tallies()) {
    for (const auto& [service, allowed, refused] : tally->read().bypasses) {
      BypassCount& sum = sums[service];
      sum = {service, sum.allowed + allowed, sum.refused + refused};
    }
  }
  std::vector<BypassCount> bypasses;
  for (auto& [service, sum] : sums) bypasses.push_back(std::move(sum));
  return bypasses;
}

std::vector<MinuteCount> Traffic::history(base::TimePoint now) const {
  std::map<std::tuple<base::TimePoint, std::string, std::string>, std::uint64_t> sums;
  for (const auto& tally : tallies()) {
    for (const auto& [minute, service, kind, count] : tally->history(now)) {
      sums[{minute, service, kind}] += count;
    }
  }
  std::vector<MinuteCount> history;
  for (const auto& [key, count] : sums) {
    history.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), count});
  }
  return history;
}

Latencies Traffic::latencies() const {
  Latencies sum;
  for (const auto& tally : tallies()) sum.add(tally->read().latencies);
  return sum;
}

}  // namespace intermission::observe
