#include "observe/last_hour.h"

#include <string>

namespace intermission::observe {
namespace {

constexpr std::int64_t kSeconds = 60;

std::int64_t number_of(base::TimePoint time) {
  return time.time_since_epoch().count() / kSeconds;
}

}  // namespace

std::int64_t LastHour::begin(base::TimePoint now) {
  if (number_of(now) > newest_) {
    newest_ = number_of(now);
    current().number = newest_;
    current().counts.clear();
  }
  return newest_;
}

std::uint64_t& LastHour::count_of(std::string_view service, std::string_view kind) {
  Keyed<std::uint64_t>& counts = current().counts;
  const auto found = counts.find(KeyView(service, kind, {}));
  if (found != counts.end()) return found->second;
  if (counts.size() >= kMostPairs) return counts[{"", std::string(kOthers), ""}];
  return counts[{std::string(service), std::string(kind), ""}];
}

std::vector<MinuteCount> LastHour::read(base::TimePoint now) const {
  const auto oldest = number_of(now) - static_cast<std::int64_t>(kMinutes) + 1;
  std::vector<MinuteCount> read;
  for (const Minute& minute : minutes_) {
    if (minute.number < oldest) continue;
    const base::TimePoint start{base::Seconds{minute.number * kSeconds}};
    for (const auto& [key, count] : minute.counts) {
      read.push_back({start, key.service, key.kind, count});
    }
  }
  return read;
}

}  // namespace intermission::observe
