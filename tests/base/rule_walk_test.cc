#include "base/rule_walk.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace intermission::base {
namespace {

WallTime from_ical(const icaltimetype& time) {
  return WallTime(Seconds(icaltime_as_timet(time)));
}

/// A parsed rule with a start, read by both.
struct Read {
  Read(const std::string& text, const char* begin)
      : rule(icalrecurrencetype_from_string(text.c_str())), start(icaltime_from_string(begin)) {
    rule.until = icaltime_from_string("20290101T000000");
  }

  std::vector<WallTime> by_walk() const {
    std::vector<WallTime> starts;
    const RuleWalk walk(rule, from_ical(start));
    Steps steps(1'000'000);
    const auto take = [&](WallTime wall) {
      if (wall <= from_ical(rule.until)) starts.push_back(wall);
      return true;
    };
    for (std::int64_t period = 0; walk.begin_of(period) < from_ical(rule.until); ++period) {
      if (!walk.visit(period, steps, take)) break;
    }
    return starts;
  }

  std::vector<WallTime> by_libical() const {
    std::vector<WallTime> starts;
    const std::unique_ptr<icalrecur_iterator, decltype(&icalrecur_iterator_free)> iterator(
        icalrecur_iterator_new(rule, start), &icalrecur_iterator_free);
    while (iterator) {
      const icaltimetype time = icalrecur_iterator_next(iterator.get());
      if (icaltime_is_null_time(time) != 0) break;
      starts.push_back(from_ical(time));
    }
    // It takes hours in the order in which the rule names them.
    std::sort(starts.begin(), starts.end());
    starts.erase(std::unique(starts.begin(), starts.end()), starts.end());
    return starts;
  }

  icalrecurrencetype rule;
  icaltimetype start;
};

class Choice {
 public:
  explicit Choice(std::uint32_t seed) : random_(seed) {}

  int number(int from, int to) { return std::uniform_int_distribution(from, to)(random_); }
  bool one_in(int count) { return number(1, count) == 1; }
  std::string list(const std::string& name, int from, int to) {
    std::string out = ";" + name + "=";
    const int count = number(1, 3);
    for (int i = 0; i < count; ++i) {
      int value = number(from, to);
      if (value == 0) value = 1;
      out += (i > 0 ? "," : "") + std::to_string(value);
    }
    return out;
  }
  std::string days(bool ordinals) {
    static const char* const kNames[] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};
    std::string out = ";BYDAY=";
    const int count = number(1, 3);
    for (int i = 0; i < count; ++i) {
      if (i > 0) out += ',';
      if (ordinals) out += std::to_string(one_in(2) ? number(1, 4) : -number(1, 4));
      out += kNames[number(0, 6)];
    }
    return out;
  }

 private:
  std::mt19937 random_;
};

std::string some_rule(Choice& choose) {
  static const char* const kFrequencies[] = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"};
  const int frequency = choose.number(0, 3);
  std::string rule = std::string("FREQ=") + kFrequencies[frequency];
  if (choose.one_in(2)) rule += ";INTERVAL=" + std::to_string(choose.number(1, 5));
  if (choose.one_in(3)) rule += choose.list("BYMONTH", 1, 12);
  // libical does not support days from the end of the month with FREQ=DAILY.
  if (frequency != 1 && choose.one_in(3)) {
    rule += choose.list("BYMONTHDAY", frequency == 0 ? 1 : -31, 31);
  }
  if (choose.one_in(2)) rule += choose.days(frequency >= 2 && choose.one_in(2));
  if (choose.one_in(4)) rule += choose.list("BYHOUR", 1, 23);
  if (frequency == 1 && choose.one_in(3)) rule += ";WKST=SU";
  return rule;
}

// libical's own search is the other reading. Where it finds nothing it may have refused the rule.
TEST(RuleWalk, FindsWhatLibicalFinds) {
  Choice choose(20'261'128);
  int compared = 0;
  for (int i = 0; i < 2'000; ++i) {
    const std::string text = some_rule(choose);
    const Read first(text, "20260115T093000");
    const auto starts = first.by_walk();
    if (starts.empty()) continue;
    // As all rules that are accepted, it fits its start.
    Read read(text, "20260115T093000");
    read.start = icaltime_from_timet_with_zone(starts[0].time_since_epoch().count(), 0, nullptr);
    const auto expected = read.by_libical();
    if (expected.empty()) continue;
    ASSERT_EQ(read.by_walk(), expected) << text << " from " << icaltime_as_ical_string(read.start);
    ++compared;
  }
  EXPECT_GT(compared, 500);
}

std::vector<std::string> starts_of(const std::string& rule, const char* start, std::size_t most) {
  std::vector<std::string> out;
  for (const WallTime wall : Read(rule, start).by_walk()) {
    if (out.size() == most) break;
    out.emplace_back(icaltime_as_ical_string(
        icaltime_from_timet_with_zone(wall.time_since_epoch().count(), 0, nullptr)));
  }
  return out;
}

using Starts = std::vector<std::string>;

TEST(RuleWalk, PositionsAreOfAPeriodsStarts) {
  EXPECT_EQ(starts_of("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "20260130T090000", 3),
            (Starts{"20260130T090000", "20260227T090000", "20260331T090000"}));
  EXPECT_EQ(starts_of("FREQ=DAILY;BYHOUR=3,9,21;BYSETPOS=2", "20260130T090000", 2),
            (Starts{"20260130T090000", "20260131T090000"}));
}

TEST(RuleWalk, WeeksBelongToTheYearOfMostOfTheirDays) {
  EXPECT_EQ(starts_of("FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO", "20251229T090000", 3),
            (Starts{"20251229T090000", "20270104T090000", "20280103T090000"}));
  EXPECT_EQ(starts_of("FREQ=YEARLY;BYWEEKNO=-1;BYDAY=SU", "20260103T090000", 2),
            (Starts{"20270103T090000", "20280102T090000"}));
}

TEST(RuleWalk, DaysOfTheYearCountFromBothEnds) {
  EXPECT_EQ(starts_of("FREQ=YEARLY;BYYEARDAY=-1,366", "20261231T090000", 3),
            (Starts{"20261231T090000", "20271231T090000", "20281231T090000"}));
}

TEST(RuleWalk, EveryDayThatIsLookedAtIsAStep) {
  const Read never("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "20260101T000000");
  const RuleWalk walk(never.rule, from_ical(never.start));
  Steps steps(366 + 365);
  const auto take = [](WallTime) { return true; };
  EXPECT_TRUE(walk.visit(0, steps, take));
  EXPECT_EQ(steps.left(), 366U);
  EXPECT_TRUE(walk.visit(1, steps, take));
  EXPECT_FALSE(walk.visit(2, steps, take));
  EXPECT_TRUE(steps.used_up());
}

TEST(RuleWalk, PartsThatDoNotGoTogetherAreAProblem) {
  int read_by_libical = 0;
  for (const char* text :
       {"FREQ=DAILY;BYYEARDAY=1", "FREQ=MONTHLY;BYWEEKNO=1", "FREQ=WEEKLY;BYMONTHDAY=1",
        "FREQ=WEEKLY;BYDAY=2MO", "FREQ=YEARLY;BYWEEKNO=1;BYDAY=2MO"}) {
    const Read read(text, "20260101T000000");
    // libical drops some of them while it reads.
    if (read.rule.freq == ICAL_NO_RECURRENCE) continue;
    EXPECT_TRUE(problem_of_parts(read.rule)) << text;
    ++read_by_libical;
  }
  EXPECT_GE(read_by_libical, 1);
  EXPECT_FALSE(problem_of_parts(Read("FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO", "20260101T000000").rule));
}

}  // namespace
}  // namespace intermission::base
