#include "base/rule_walk.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <span>

namespace intermission::base {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::local_days;
using std::chrono::weekday;
using std::chrono::year;
using std::chrono::year_month_day;

constexpr std::uint64_t kStepsOfDay = 1;
/// A start costs more than a day that is looked at: it is converted between zones, and kept.
constexpr std::uint64_t kStepsOfStart = 10;
/// From the start on: far behind all times that are asked about, and what <chrono> still counts.
constexpr std::int64_t kLastYear = 20'000;

// The values of one BY… part; libical ends them with a mark.
template <std::size_t size>
std::span<const short> values_of(const short (&list)[size]) {
  const auto* end = std::find(list, list + size, short{ICAL_RECURRENCE_ARRAY_MAX});
  return {list, end};
}

bool has(std::span<const short> list, int value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

// Whether `number`, which counts from 1, is listed, from the front or from the back of `count`.
bool is_listed(std::span<const short> list, int number, int count) {
  return has(list, number) || has(list, number - count - 1);
}

int days_in_month(year_month_day date) {
  const std::chrono::year_month_day_last last(date.year(),
                                              std::chrono::month_day_last(date.month()));
  return static_cast<int>(static_cast<unsigned>(last.day()));
}

local_days first_of_year(year which) {
  return local_days(which / std::chrono::January / 1);
}

weekday week_start_of(const icalrecurrencetype& rule) {
  // Sunday is 1 there.
  return weekday(static_cast<unsigned>(std::max(1, static_cast<int>(rule.week_start)) - 1));
}

local_days week_of(local_days day, weekday begin) {
  return day - (weekday(day) - begin);
}

// The first day of a year's week 1, the first with at least four days in it.
local_days first_week_of(year which, weekday begin) {
  return week_of(local_days(which / std::chrono::January / 4), begin);
}

// Weeks belong to the year in which most of their days lie.
bool fits_week(std::span<const short> weeks, local_days day, weekday begin) {
  const local_days week = week_of(day, begin);
  const year which = year_month_day(week + days(3)).year();
  const local_days first = first_week_of(which, begin);
  const auto number = (week - first) / std::chrono::weeks(1) + 1;
  const auto count =
      (first_week_of(which + std::chrono::years(1), begin) - first) / std::chrono::weeks(1);
  return is_listed(weeks, static_cast<int>(number), static_cast<int>(count));
}

bool has_ordinals(std::span<const short> by_day) {
  return std::any_of(by_day.begin(), by_day.end(),
                     [](short day) { return icalrecurrencetype_day_position(day) != 0; });
}

}  // namespace

std::optional<std::string> problem_of_parts(const icalrecurrencetype& rule) {
  const bool yearly = rule.freq == ICAL_YEARLY_RECURRENCE;
  if (!values_of(rule.by_year_day).empty() && !yearly) {
    return "BYYEARDAY needs FREQ=YEARLY";
  }
  if (!values_of(rule.by_week_no).empty() && !yearly) {
    return "BYWEEKNO needs FREQ=YEARLY";
  }
  if (!values_of(rule.by_month_day).empty() && rule.freq == ICAL_WEEKLY_RECURRENCE) {
    return "BYMONTHDAY cannot be combined with FREQ=WEEKLY";
  }
  if (!has_ordinals(values_of(rule.by_day))) return {};
  if (!yearly && rule.freq != ICAL_MONTHLY_RECURRENCE) {
    return "BYDAY with numbers such as 2MO needs FREQ=MONTHLY or FREQ=YEARLY";
  }
  if (!values_of(rule.by_week_no).empty()) {
    return "BYDAY with numbers such as 2MO cannot be combined with BYWEEKNO";
  }
  return {};
}

RuleWalk::RuleWalk(const icalrecurrencetype& rule, WallTime start) : rule_(rule), start_(start) {
  const Day day = floor<days>(start);
  const year_month_day date(day);
  switch (rule.freq) {
    case ICAL_YEARLY_RECURRENCE:
      first_day_ = first_of_year(date.year());
      break;
    case ICAL_MONTHLY_RECURRENCE:
      first_day_ = Day(date.year() / date.month() / 1);
      break;
    case ICAL_WEEKLY_RECURRENCE:
      first_day_ = week_of(day, week_start_of(rule));
      break;
    default:
      first_day_ = day;
  }
  const Seconds time = start - day;
  const auto hours = values_of(rule.by_hour);
  if (hours.empty()) times_.push_back(time);
  for (const short hour : hours) times_.push_back(std::chrono::hours(hour) + time % 3600);
  std::sort(times_.begin(), times_.end());
  times_.erase(std::unique(times_.begin(), times_.end()), times_.end());
}

RuleWalk::Day RuleWalk::first_day(std::int64_t period) const {
  const std::int64_t passed = period * rule_.interval;
  const year_month_day first(first_day_);
  switch (rule_.freq) {
    case ICAL_YEARLY_RECURRENCE:
      return first_of_year(first.year() + std::chrono::years(std::min(passed, kLastYear)));
    case ICAL_MONTHLY_RECURRENCE:
      return Day(first + std::chrono::months(std::min(passed, 12 * kLastYear)));
    case ICAL_WEEKLY_RECURRENCE:
      return first_day_ + std::chrono::weeks(passed);
    default:
      return first_day_ + days(passed);
  }
}

RuleWalk::Day RuleWalk::end_day(Day first) const {
  switch (rule_.freq) {
    case ICAL_YEARLY_RECURRENCE:
      return first_of_year(year_month_day(first).year() + std::chrono::years(1));
    case ICAL_MONTHLY_RECURRENCE:
      return Day(year_month_day(first) + std::chrono::months(1));
    case ICAL_WEEKLY_RECURRENCE:
      return first + std::chrono::weeks(1);
    default:
      return first + days(1);
  }
}

std::int64_t RuleWalk::period_of(WallTime wall) const {
  const Day day = floor<days>(wall);
  if (day <= first_day_) return 0;
  const year_month_day first(first_day_);
  const year_month_day date(day);
  const std::int64_t years = (date.year() - first.year()).count();
  std::int64_t passed = (day - first_day_).count();
  if (rule_.freq == ICAL_YEARLY_RECURRENCE) passed = years;
  if (rule_.freq == ICAL_WEEKLY_RECURRENCE) passed /= 7;
  if (rule_.freq == ICAL_MONTHLY_RECURRENCE) {
    passed = years * 12 + static_cast<std::int64_t>(static_cast<unsigned>(date.month())) -
             static_cast<std::int64_t>(static_cast<unsigned>(first.month()));
  }
  // Between two periods it is the later one that ends after `wall`.
  return (passed + rule_.interval - 1) / rule_.interval;
}

WallTime RuleWalk::begin_of(std::int64_t period) const {
  return first_day(period);
}

// What the parts that are missing would say, by the start. Days of the month are, in a year without
// BYMONTH, those of the start's month: so libical reads it.
bool RuleWalk::fits_by_default(year_month_day date, weekday of_day) const {
  const Day day = floor<days>(start_);
  const year_month_day start(day);
  const bool in_month = !values_of(rule_.by_month).empty() || date.month() == start.month();
  const bool yearly = rule_.freq == ICAL_YEARLY_RECURRENCE;
  if (!values_of(rule_.by_month_day).empty()) return !yearly || in_month;
  if (rule_.freq == ICAL_DAILY_RECURRENCE || !values_of(rule_.by_day).empty() ||
      !values_of(rule_.by_year_day).empty()) {
    return true;
  }
  const bool by_week = !values_of(rule_.by_week_no).empty();
  if (rule_.freq == ICAL_WEEKLY_RECURRENCE || by_week) return of_day == weekday(day);
  return date.day() == start.day() && (!yearly || in_month);
}

// BYDAY=SU is every Sunday; 2SU is the second, and -1SU the last, of the month or of the year.
bool RuleWalk::fits_weekday(Day day, year_month_day date) const {
  const auto by_day = values_of(rule_.by_day);
  if (by_day.empty()) return true;
  const bool of_month = rule_.freq == ICAL_MONTHLY_RECURRENCE || !values_of(rule_.by_month).empty();
  const Day first = of_month ? Day(date.year() / date.month() / 1) : first_of_year(date.year());
  const Day end = of_month ? first + days(days_in_month(date))
                           : first_of_year(date.year() + std::chrono::years(1));
  const auto from_front = (day - first).count() / 7 + 1;
  const auto from_back = -((end - day).count() - 1) / 7 - 1;
  const auto number = static_cast<int>(weekday(day).c_encoding()) + 1;
  return std::any_of(by_day.begin(), by_day.end(), [&](short one) {
    const int position = icalrecurrencetype_day_position(one);
    return static_cast<int>(icalrecurrencetype_day_day_of_week(one)) == number &&
           (position == 0 || position == from_front || position == from_back);
  });
}

bool RuleWalk::fits(Day day) const {
  const year_month_day date(day);
  const auto months = values_of(rule_.by_month);
  if (!months.empty() && !has(months, static_cast<int>(static_cast<unsigned>(date.month())))) {
    return false;
  }
  const auto month_days = values_of(rule_.by_month_day);
  if (!month_days.empty() &&
      !is_listed(month_days, static_cast<int>(static_cast<unsigned>(date.day())),
                 days_in_month(date))) {
    return false;
  }
  const auto year_days = values_of(rule_.by_year_day);
  const Day new_year = first_of_year(date.year());
  if (!year_days.empty() && !is_listed(year_days, static_cast<int>((day - new_year).count()) + 1,
                                       date.year().is_leap() ? 366 : 365)) {
    return false;
  }
  const auto weeks = values_of(rule_.by_week_no);
  if (!weeks.empty() && !fits_week(weeks, day, week_start_of(rule_))) return false;
  return fits_weekday(day, date) && fits_by_default(date, weekday(day));
}

std::vector<WallTime> RuleWalk::starts_in(Day first) const {
  std::vector<WallTime> starts;
  for (Day day = first; day < end_day(first); day += days(1)) {
    if (!fits(day)) continue;
    for (const Seconds time : times_) starts.push_back(day + time);
  }
  const auto positions = values_of(rule_.by_set_pos);
  if (positions.empty()) return starts;
  const auto count = static_cast<int>(starts.size());
  std::vector<WallTime> chosen;
  for (int i = 0; i < count; ++i) {
    if (is_listed(positions, i + 1, count)) chosen.push_back(starts[static_cast<std::size_t>(i)]);
  }
  return chosen;
}

bool RuleWalk::visit(std::int64_t period, Steps& steps,
                     const std::function<bool(WallTime)>& take) const {
  const Day first = first_day(period);
  const auto length = static_cast<std::uint64_t>((end_day(first) - first).count());
  // Of a set of which only some positions are taken, all are put in order first.
  const bool is_set = !values_of(rule_.by_set_pos).empty();
  if (!steps.take(length * (is_set ? times_.size() : kStepsOfDay))) return false;
  const auto starts = starts_in(first);
  if (!steps.take(starts.size() * kStepsOfStart)) return false;
  for (const WallTime wall : starts) {
    if (wall >= start_ && !take(wall)) return false;
  }
  return true;
}

}  // namespace intermission::base
