#include "base/recurrence.h"

#include <libical/ical.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string_view>

#include "base/rule_walk.h"
#include "base/text.h"

namespace intermission::base {
namespace {

constexpr std::size_t kLongestRule = 500;
// More than any rule takes for one stretch, one that has counted for two thousand years included.
constexpr std::uint64_t kStepsAtOnce = 4'000'000;

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

bool is_set(const short* list) {
  return list[0] != ICAL_RECURRENCE_ARRAY_MAX;
}

/// Calls `take` with the starts from `from` to before `to`, in order. False where the steps were
/// used up before.
bool visit_starts(const icalrecurrencetype& rule, WallTime start, WallTime from, WallTime to,
                  Steps& steps, const std::function<void(WallTime)>& take) {
  const RuleWalk walk(rule, start);
  const bool has_until = icaltime_is_null_time(rule.until) == 0;
  const WallTime end = has_until ? std::min(to, from_ical(rule.until) + Seconds(1)) : to;
  int left = rule.count;
  bool more = true;
  const auto visit = [&](WallTime wall) {
    more = wall < end && (rule.count == 0 || left-- > 0);
    if (more && wall >= from) take(wall);
    return more;
  };
  // What is counted is counted from the start on.
  std::int64_t period = rule.count == 0 ? walk.period_of(from) : 0;
  while (more && !steps.used_up() && walk.begin_of(period) < end) {
    walk.visit(period++, steps, visit);
  }
  return !steps.used_up();
}

// How far a day that fits is looked for, so that an error can name it: five centuries of days.
constexpr std::uint64_t kStepsOfSearch = 200'000;
constexpr WallTime kLastShown = std::chrono::local_days(std::chrono::year(9999) / 1 / 1);

std::optional<WallTime> first_after(const icalrecurrencetype& rule, WallTime start) {
  const RuleWalk walk(rule, start);
  std::optional<WallTime> first;
  Steps steps(kStepsOfSearch);
  const auto take = [&](WallTime wall) {
    first = wall;
    return false;
  };
  for (std::int64_t period = 0; !first && !steps.used_up() && walk.begin_of(period) < kLastShown;
       ++period) {
    walk.visit(period, steps, take);
  }
  return first;
}

bool fits_start(const icalrecurrencetype& rule, WallTime start) {
  bool fits = false;
  Steps steps(kStepsOfSearch);
  RuleWalk(rule, start).visit(0, steps, [&](WallTime wall) {
    fits = wall == start;
    return false;
  });
  return fits;
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
  return problem_of_parts(rule);
}

std::string shown(WallTime wall) {
  const std::string text = icaltime_as_ical_string(to_ical(wall));  // 20261206T020000
  return text.substr(0, 4) + '-' + text.substr(4, 2) + '-' + text.substr(6, 5) + ':' +
         text.substr(11, 2) + ':' + text.substr(13);
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
  if (!zone) {
    return Zone::has_database() ? "expected a time zone that this system has" : Zone::kNoDatabase;
  }
  rule.bring_until_home(*zone);
  if (fits_start(rule.parsed(), recurrence.start)) return {};
  const auto first = first_after(rule.parsed(), recurrence.start);
  return "expected a rule that fits start as well (" + shown(recurrence.start) + "); " +
         (first ? "the first day that fits is " + shown(*first)
                : "no day after it was found that fits");
}

namespace {

constexpr std::size_t kLongestDefinition = 32'768;
// libical works out the changes of a zone from the first on, by its own search.
constexpr std::int64_t kLastChange = 2106;

std::optional<std::string> problem_of_change(const icaltimetype& start, icalproperty* property,
                                             Steps& steps) {
  const char* text = icalproperty_get_value_as_string(property);
  if (text == nullptr || std::string_view(text).size() > kLongestRule) {
    return "expected RRULE to be a rule such as FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10";
  }
  const Rule rule(text);
  if (rule.parsed().freq != ICAL_YEARLY_RECURRENCE || problem_of(rule.parsed())) {
    return "expected RRULE to have FREQ=YEARLY, got \"" + printable(text, 80) + "\"";
  }
  if (icaltime_is_null_time(start) != 0 || !first_after(rule.parsed(), from_ical(start))) {
    return "expected RRULE to fit some day after DTSTART, got \"" + printable(text, 80) + "\"";
  }
  const icaltimetype& until = rule.parsed().until;
  const std::int64_t last = icaltime_is_null_time(until) != 0 ? kLastChange : until.year;
  const auto years = std::max<std::int64_t>(last - start.year, 1);
  if (steps.take(static_cast<std::uint64_t>(years) * 366)) return {};
  return "expected a later DTSTART, or fewer rules: what may be worked out is used up";
}

}  // namespace

std::optional<std::string> problem_of_definition(const std::string& definition, Steps& steps) {
  if (definition.size() > kLongestDefinition) {
    return "expected at most " + std::to_string(kLongestDefinition) + " bytes";
  }
  const std::unique_ptr<icalcomponent, decltype(&icalcomponent_free)> zone(
      icalparser_parse_string(definition.c_str()), &icalcomponent_free);
  if (!zone) return "expected a time zone with STANDARD or DAYLIGHT";
  for (auto* change = icalcomponent_get_first_component(zone.get(), ICAL_ANY_COMPONENT);
       change != nullptr;
       change = icalcomponent_get_next_component(zone.get(), ICAL_ANY_COMPONENT)) {
    // Asked first: it moves the component's own cursor.
    const icaltimetype start = icalcomponent_get_dtstart(change);
    for (auto* rule = icalcomponent_get_first_property(change, ICAL_RRULE_PROPERTY);
         rule != nullptr; rule = icalcomponent_get_next_property(change, ICAL_RRULE_PROPERTY)) {
      if (auto problem = problem_of_change(start, rule, steps)) return problem;
    }
  }
  if (!Zone::defined(definition)) return "expected a time zone with STANDARD or DAYLIGHT";
  return {};
}

std::optional<std::string> problem_of_cost(const Recurrence& recurrence, Steps& steps) {
  Rule rule(recurrence.rule);
  const auto zone = recurrence.zone.find();
  if (!zone || problem_of(rule.parsed())) return {};
  rule.bring_until_home(*zone);
  // A rule that counts is read from its start on, however late it is asked about.
  const Seconds most = rule.parsed().count == 0 ? Recurrence::kStretch + 4 * Recurrence::kLongest
                                                : Recurrence::kStretch * Recurrence::kStretches;
  const std::uint64_t left = steps.left();
  const bool enough = visit_starts(rule.parsed(), recurrence.start, recurrence.start,
                                   recurrence.start + most, steps, [](WallTime) {});
  if (enough) return {};
  return "expected rules that take fewer steps to work out, for " + std::to_string(left) +
         " are left for this one: fewer days or hours, or fewer rules";
}

std::vector<Window> occurrences(const Recurrence& recurrence, TimePoint from, TimePoint to) {
  std::vector<Window> windows;
  Rule rule(recurrence.rule);
  const auto zone = recurrence.zone.find();
  if (!zone || problem_of(rule.parsed())) return windows;
  rule.bring_until_home(*zone);

  // A day more on both sides is more than any change of the clock.
  const WallTime first = zone->to_wall(from) - Recurrence::kLongest - std::chrono::days(1);
  const WallTime last = zone->to_wall(to) + std::chrono::days(1);
  std::vector<TimePoint> except = recurrence.except;
  std::sort(except.begin(), except.end());
  Steps steps(kStepsAtOnce);
  visit_starts(rule.parsed(), recurrence.start, first, last, steps, [&](WallTime wall) {
    const Window window{zone->to_utc(wall),
                        zone->to_utc(wall + recurrence.by_clock) + recurrence.exactly};
    const bool excepted = std::binary_search(except.begin(), except.end(), window.start);
    if (!excepted && window.start < to && from < window.end && window.start < window.end) {
      windows.push_back(window);
    }
  });
  std::sort(windows.begin(), windows.end(),
            [](const Window& a, const Window& b) { return a.start < b.start; });
  return windows;
}

}  // namespace intermission::base
