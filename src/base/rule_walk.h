// The starts that a rule of iCalendar stands for (RFC 5545 §3.3.10), period by period, on the clock
// on the wall. A period is what FREQ names: a day, a week, a month or a year.
//
//   Steps steps(1'000'000);
//   RuleWalk walk(parsed, start);
//   for (auto n = walk.period_of(from); walk.begin_of(n) < to && walk.visit(n, steps, take); ++n) {
//   }
//
// libical reads the text of rules, but what it does to find the next start has no bound: a rule
// that never fits again is looked for until the year 2582, hour by hour if the rule says so. Here
// every day that is looked at is a step, and steps are counted.
#pragma once

#include <libical/ical.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/steps.h"
#include "base/zone.h"

namespace intermission::base {

/// What is wrong with the parts of a rule taken together, in words that begin with "expected";
/// nothing where they are good. FREQ is DAILY, WEEKLY, MONTHLY or YEARLY.
std::optional<std::string> problem_of_parts(const icalrecurrencetype& rule);

/// Lives as long as `rule`, which has no problem. COUNT and UNTIL are the caller's to heed.
class RuleWalk {
 public:
  RuleWalk(const icalrecurrencetype& rule, WallTime start);

  /// The first period that ends after `wall`; 0, that of the first start, for what is earlier.
  std::int64_t period_of(WallTime wall) const;
  /// When the period begins.
  WallTime begin_of(std::int64_t period) const;

  /// Calls `take` with the starts in the period, in order, that are not before the rule's own
  /// start, until it returns false. False where that happened, or the steps were used up.
  bool visit(std::int64_t period, Steps& steps, const std::function<bool(WallTime)>& take) const;

 private:
  using Day = std::chrono::local_days;

  Day first_day(std::int64_t period) const;
  Day end_day(Day first) const;
  bool fits(Day day) const;
  bool fits_by_default(std::chrono::year_month_day date, std::chrono::weekday weekday) const;
  bool fits_weekday(Day day, std::chrono::year_month_day date) const;
  std::vector<WallTime> starts_in(Day first) const;

  const icalrecurrencetype& rule_;
  WallTime start_;
  Day first_day_;  // of the first period
  std::vector<Seconds> times_;
};

}  // namespace intermission::base
