#include "gate/schedule.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/lazy.h"

namespace intermission::gate {
namespace {

using base::Recurrence;
using base::Seconds;
using base::TimePoint;
using base::Window;
using Windows = std::vector<Window>;

constexpr Seconds kStretch = Recurrence::kStretch;
/// From 1970 on: 136 years, as many as 32 bits count seconds.
constexpr std::size_t kStretches = Recurrence::kStretches;
/// How many are looked through for what comes next: ten years, for who plans 29 February.
constexpr std::size_t kAhead = 10;
/// Windows that begin in a stretch, or reach into it, are whole in it if they are no longer.
constexpr Seconds kMargin = 2 * Recurrence::kLongest;

Windows join(Windows windows) {
  std::sort(windows.begin(), windows.end(),
            [](const Window& a, const Window& b) { return a.start < b.start; });
  Windows joined;
  for (const Window& window : windows) {
    if (window.start >= window.end) continue;
    if (joined.empty() || joined.back().end < window.start) {
      joined.push_back(window);
    } else {
      joined.back().end = std::max(joined.back().end, window.end);
    }
  }
  return joined;
}

// The first that begins after `now`.
Windows::const_iterator after(const Windows& windows, TimePoint now) {
  return std::upper_bound(windows.begin(), windows.end(), now,
                          [](TimePoint time, const Window& window) { return time < window.start; });
}

std::size_t stretch_of(TimePoint time) {
  const auto number = time.time_since_epoch() / kStretch;
  return static_cast<std::size_t>(
      std::clamp<decltype(number)>(number, 0, static_cast<int>(kStretches) - 1));
}

}  // namespace

struct Schedule::Stretches {
  Stretches(Windows given, std::vector<Recurrence> recurring)
      : one_off(std::move(given)), recurrences(std::move(recurring)) {
    const auto earlier = [&](TimePoint time) { first = std::min(first, stretch_of(time)); };
    for (const Window& window : one_off) earlier(window.start);
    // Whatever the zone, by less than a day.
    for (const Recurrence& recurrence : recurrences) {
      earlier(TimePoint(recurrence.start.time_since_epoch()) - std::chrono::days(1));
    }
  }

  /// All windows that begin in the stretch, and those around it that may be one with them.
  const Windows& at(std::size_t number) const {
    return stretches[number].get([&] { return work_out(number); });
  }

  Windows work_out(std::size_t number) const {
    const TimePoint start(kStretch * static_cast<int>(number));
    const TimePoint from = start - kMargin;
    const TimePoint to = start + kStretch + kMargin;
    Windows windows;
    for (const Window& window : one_off) {
      if (window.start < to && from < window.end) windows.push_back(window);
    }
    for (const Recurrence& recurrence : recurrences) {
      const Windows some = base::occurrences(recurrence, from, to);
      windows.insert(windows.end(), some.begin(), some.end());
    }
    return join(std::move(windows));
  }

  const Windows one_off;  // joined
  const std::vector<Recurrence> recurrences;
  std::size_t first = kStretches - 1;  // nothing begins in the stretches before it
  std::array<base::Lazy<Windows>, kStretches> stretches;
};

Schedule::Schedule(Windows windows, std::vector<Recurrence> recurrences) {
  if (recurrences.empty()) {
    windows_ = join(std::move(windows));
  } else {
    stretches_ =
        std::make_shared<const Stretches>(join(std::move(windows)), std::move(recurrences));
  }
}

std::optional<Window> Schedule::latest(TimePoint now) const {
  const auto latest_in = [&](const Windows& windows) -> std::optional<Window> {
    const auto later = after(windows, now);
    if (later == windows.begin()) return {};
    return *std::prev(later);
  };
  if (!stretches_) return latest_in(windows_);
  for (std::size_t number = stretch_of(now) + 1; number-- > stretches_->first;) {
    if (const auto window = latest_in(stretches_->at(number))) return window;
  }
  return {};
}

std::optional<Window> Schedule::next(TimePoint now) const {
  const auto next_in = [&](const Windows& windows) -> std::optional<Window> {
    const auto later = after(windows, now);
    if (later == windows.end()) return {};
    return *later;
  };
  if (!stretches_) return next_in(windows_);
  const std::size_t begin = std::max(stretch_of(now), stretches_->first);
  const std::size_t end = std::min(begin + kAhead, kStretches);
  for (std::size_t number = begin; number < end; ++number) {
    if (const auto window = next_in(stretches_->at(number))) return window;
  }
  return {};
}

}  // namespace intermission::gate
