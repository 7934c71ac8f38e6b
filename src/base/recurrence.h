// A time of maintenance that comes again, by a rule of iCalendar (RFC 5545 §3.3.10) that is read
// on the clock of one time zone: "Sundays at 02:00 in Berlin, for two hours".
//
//   Recurrence weekly{.start = ..., .zone = {"Europe/Berlin", {}}, .exactly = Seconds(7200),
//                     .rule = "FREQ=WEEKLY;BYDAY=SU"};
//   if (auto wrong = problem_of(weekly)) ...
//   for (const Window& window : occurrences(weekly, from, to)) ...
//
// libical reads the text of the rules; RuleWalk finds the days, in steps that are counted.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/steps.h"
#include "base/window.h"
#include "base/zone.h"

namespace intermission::base {

/// Which zone, as a value that can be compared.
struct ZoneName {
  std::string name;        // IANA; empty: UTC, unless there is a definition
  std::string definition;  // a VTIMEZONE of a calendar file; beats the name

  bool operator==(const ZoneName&) const = default;

  std::optional<Zone> find() const;
};

struct Recurrence {
  /// No window is longer: what lasts for months is no recurring maintenance.
  static constexpr Seconds kLongest{31 * 86'400};
  /// The greatest COUNT.
  static constexpr int kMostCounted = 10'000;
  /// What is worked out at once: 388 days. So many of them follow 1970, 136 years.
  static constexpr Seconds kStretch{1 << 25};
  static constexpr int kStretches = 128;

  WallTime start;  // of the first
  ZoneName zone;
  /// The length of each window: first `by_clock` on the wall clock, then `exactly` of elapsed time.
  /// The two differ in a night in which the clock is changed.
  Seconds by_clock{0};
  Seconds exactly{0};
  std::string rule;               // RRULE's value
  std::vector<TimePoint> except;  // starts that are left out (EXDATE)

  bool operator==(const Recurrence&) const = default;
};

/// Why a VTIMEZONE cannot be used; nothing if it can. The cost of its rules is taken from `steps`:
/// far more than for windows, where the rules begin long ago.
std::optional<std::string> problem_of_definition(const std::string& definition, Steps& steps);

/// Why the rule cannot be used: what was expected, and what it has instead. Nothing if it can.
/// Rules that recur more often than daily, or that never match, are problems.
std::optional<std::string> problem_of(const Recurrence& recurrence);

/// Takes from `steps` what it costs to work out the windows of one stretch, and says what was
/// expected where that is more than are left. For a recurrence without a problem.
std::optional<std::string> problem_of_cost(const Recurrence& recurrence, Steps& steps);

/// The windows that overlap the time from `from` to before `to`, by start. They may overlap each
/// other. For a recurrence without a problem; of any other there are none.
std::vector<Window> occurrences(const Recurrence& recurrence, TimePoint from, TimePoint to);

}  // namespace intermission::base
