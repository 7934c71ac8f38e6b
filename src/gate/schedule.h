// When a service is planned to be in maintenance: windows named one by one and windows that recur,
// as one row of windows in time. Windows that overlap or touch are one longer window: clients
// wait for the end of the last.
//
//   const Schedule schedule(windows, recurrences);
//   if (const auto window = schedule.latest(now)) ...    // the last that has begun
//
// Recurring windows are worked out for stretches of 2^25 seconds (388 days) at a time, each when a
// moment in it is first asked about, and kept. So a schedule has no horizon, nothing has to be
// rebuilt as time goes by, and services without requests cost nothing. The answer depends on the
// schedule and the moment alone. Except for the first question in a stretch, an answer is a binary
// search without allocation.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/recurrence.h"
#include "base/window.h"

namespace intermission::gate {

/// Immutable; copies share what was worked out. Any thread.
class Schedule {
 public:
  Schedule() = default;
  /// In any order; windows that have no length are left out. Recurrences without a problem: see
  /// base::problem_of().
  explicit Schedule(std::vector<base::Window> windows,
                    std::vector<base::Recurrence> recurrences = {});

  /// The last window that has begun by then; it may be over. Nothing if none ever has.
  std::optional<base::Window> latest(base::TimePoint now) const;
  /// The first window that begins after that. Of windows that recur only those of the next ten
  /// years; nothing if there is none.
  std::optional<base::Window> next(base::TimePoint now) const;

 private:
  struct Stretches;

  std::vector<base::Window> windows_;           // by start, apart; where nothing recurs
  std::shared_ptr<const Stretches> stretches_;  // where something does, else null
};

}  // namespace intermission::gate
