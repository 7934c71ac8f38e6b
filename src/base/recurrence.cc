#include "base/recurrence.h"

#include <libical/ical.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <utility>

#include "base/text.h"

namespace intermission::base {
namespace {

constexpr std::size_t kLongestRule = 500;

icaltimetype to_ical(WallTime wall) {
  return icaltime_from_timet_with_zone(wall.time_since_epoch().count(), 0, nullptr);
}

WallTime from_ical(const icaltimetype& time) {
  return WallTime(Seconds(icaltime_as_timet(time)));
}

/// A parsed rule; `freq` is ICAL_NO_RECURRENCE where the text was none.
class Rule {
 public:
  explicit Rule(const std::string& text) : parsed_(icalrecurrencetype_from_string(text.c_str())) {}
  ~Rule() { std::free(parsed_.rscale); }
  Rule(const Rule&) = delete;
  Rule& operator=(const Rule&) = delete;

  const icalrecurrencetype& parsed() const { return parsed_; }

  /// Where UNTIL is a moment, or a day, it becomes a time on the wall like all others.
  void bring_until_home(const Zone& zone) {
    icaltimetype& until = parsed_.until;
    if (icaltime_is_null_time(until)) return;
    if (until.is_date != 0) {
      until.is_date = 0;
      until.hour = 23;
      until.minute = until.second = 59;
    } else if (icaltime_is_utc(until) != 0) {
      until = to_ical(zone.to_wall(TimePoint(Seconds(icaltime_as_timet(until)))));
    }
  }

 private:
  icalrecurrencetype parsed_;
};

/// Starts by the clock on the wall, one after the other.
class Starts {
 public:
  Starts(const Rule& rule, WallTime first)
      : iterator_(icalrecur_iterator_new(rule.parsed(), to_ical(first)), &icalrecur_iterator_free) {
  }

  /// Goes on with the first start that is not before `wall`. Not where the rule counts.
  void skip_to(WallTime wall) {
    if (iterator_) icalrecur_iterator_set_start(iterator_.get(), to_ical(wall));
  }

  std::optional<WallTime> next() {
    if (!iterator_) return {};
    const icaltimetype time = icalrecur_iterator_next(iterator_.get());
    if (icaltime_is_null_time(time)) return {};
    return from_ical(time);
  }

 private:
  std::unique_ptr<icalrecur_iterator, decltype(&icalrecur_iterator_free)> iterator_;
};

bool is_set(const short* list) {
  return list[0] != ICAL_RECURRENCE_ARRAY_MAX;
}

std::optional<std::string> problem_of(const icalrecurrencetype& rule) {
  switch (rule.freq) {
    case ICAL_DAILY_RECURRENCE:
    case ICAL_WEEKLY_RECURRENCE:
    case ICAL_MONTHLY_RECURRENCE:
    case ICAL_YEARLY_RECURRENCE:
      break;
    case ICAL_NO_RECURRENCE:
      return "expected a rule such as FREQ=WEEKLY;BYDAY=SU (RFC 5545)";
    default:
      return "expected FREQ to be DAILY, WEEKLY, MONTHLY or YEARLY";
  }
  if (is_set(rule.by_second) || is_set(rule.by_minute)) {
    return "expected a rule without BYSECOND and BYMINUTE (start says when)";
  }
  if (rule.rscale != nullptr) return "expected a rule of the Gregorian calendar, without RSCALE";
  if (rule.count > Recurrence::kMostCounted) {
    return "expected a COUNT of at most " + std::to_string(Recurrence::kMostCounted);
  }
  return {};
}

std::string shown(WallTime wall) {
  const std::string text = icaltime_as_ical_string(to_ical(wall));  // 20261206T020000
  return text.substr(0, 4) + '-' + text.substr(4, 2) + '-' + text.substr(6, 5) + ':' +
         text.substr(11, 2) + ':' + text.substr(13, 2);
}

}  // namespace

std::optional<Zone> ZoneName::find() const {
  if (!definition.empty()) return Zone::defined(definition);
  return name.empty() ? Zone::utc() : Zone::named(name);
}

std::optional<std::string> problem_of(const Recurrence& recurrence) {
  if (recurrence.rule.size() > kLongestRule) {
    return "expected a rule of at most " + std::to_string(kLongestRule) + " characters";
  }
  Rule rule(recurrence.rule);
  if (auto problem = problem_of(rule.parsed())) return problem;
  const auto zone = recurrence.zone.find();
  if (!zone) return "expected a time zone that this system has";
  rule.bring_until_home(*zone);
  const auto first = Starts(rule, recurrence.start).next();
  if (!first) return "expected a rule that some day after start fits";
  if (*first != recurrence.start) {
    return "expected a rule that fits start as well (" + shown(recurrence.start) +
           "); the first day that fits is " + shown(*first);
  }
  return {};
}

std::vector<Window> occurrences(const Recurrence& recurrence, TimePoint from, TimePoint to) {
  std::vector<Window> windows;
  Rule rule(recurrence.rule);
  const auto zone = recurrence.zone.find();
  if (!zone || problem_of(rule.parsed())) return windows;
  rule.bring_until_home(*zone);

  Starts starts(rule, recurrence.start);
  // A day more on both sides is more than any change of the clock.
  const WallTime first = zone->to_wall(from) - Recurrence::kLongest - std::chrono::days(1);
  const WallTime last = zone->to_wall(to) + std::chrono::days(1);
  if (first > recurrence.start && rule.parsed().count == 0) starts.skip_to(first);
  for (auto wall = starts.next(); wall && *wall < last; wall = starts.next()) {
    const Window window{zone->to_utc(*wall),
                        zone->to_utc(*wall + recurrence.by_clock) + recurrence.exactly};
    const bool excepted = std::find(recurrence.except.begin(), recurrence.except.end(),
                                    window.start) != recurrence.except.end();
    if (!excepted && window.start < to && from < window.end && window.start < window.end) {
      windows.push_back(window);
    }
  }
  std::sort(windows.begin(), windows.end(),
            [](const Window& a, const Window& b) { return a.start < b.start; });
  return windows;
}

}  // namespace intermission::base
