#include "gate/schedule.h"

#include <gtest/gtest.h>

#include <thread>

#include "http/date.h"

namespace intermission::gate {
namespace {

using base::Seconds;
using base::TimePoint;
using base::Window;

TimePoint at(const char* text) {
  return http::parse_rfc3339(text).value();
}

base::Recurrence sundays() {
  base::Recurrence made;
  made.start = base::WallTime(at("2026-12-06T02:00:00Z").time_since_epoch());
  made.zone.name = "Europe/Berlin";
  made.exactly = Seconds(7200);
  made.rule = "FREQ=WEEKLY;BYDAY=SU";
  return made;
}

std::string shown(const std::optional<Window>& window) {
  if (!window) return "none";
  return http::rfc3339(window->start) + " to " + http::rfc3339(window->end);
}

TEST(Schedule, WindowsThatOverlapOrTouchAreOne) {
  const Schedule schedule({{at("2026-12-01T02:00:00Z"), at("2026-12-01T03:00:00Z")},
                           {at("2026-12-01T00:00:00Z"), at("2026-12-01T01:00:00Z")},
                           {at("2026-12-01T00:30:00Z"), at("2026-12-01T02:00:00Z")},
                           {at("2026-12-05T00:00:00Z"), at("2026-12-05T00:00:00Z")}});
  EXPECT_EQ(shown(schedule.latest(at("2026-12-01T00:10:00Z"))),
            "2026-12-01T00:00:00Z to 2026-12-01T03:00:00Z");
  EXPECT_EQ(shown(schedule.next(at("2026-12-01T00:00:00Z"))), "none");
}

TEST(Schedule, WhatRecursIsThereInEveryYear) {
  const Schedule schedule({}, {sundays()});
  EXPECT_EQ(shown(schedule.latest(at("2026-12-06T00:59:59Z"))), "none");
  EXPECT_EQ(shown(schedule.latest(at("2026-12-06T01:00:00Z"))),
            "2026-12-06T01:00:00Z to 2026-12-06T03:00:00Z");
  EXPECT_EQ(shown(schedule.latest(at("2051-07-02T12:00:00Z"))),
            "2051-07-02T00:00:00Z to 2051-07-02T02:00:00Z");
  EXPECT_EQ(shown(schedule.next(at("1970-01-01T00:00:00Z"))),
            "2026-12-06T01:00:00Z to 2026-12-06T03:00:00Z");
  EXPECT_EQ(shown(schedule.next(at("2030-01-01T00:00:00Z"))),
            "2030-01-06T01:00:00Z to 2030-01-06T03:00:00Z");
}

// Week by week over all the seams between stretches: each window follows the one before it.
TEST(Schedule, TheSeamsBetweenStretchesDoNotShow) {
  const Schedule schedule({}, {sundays()});
  TimePoint now = at("2026-12-01T00:00:00Z");
  for (int week = 0; week < 52 * 12; ++week) {
    const auto next = schedule.next(now);
    ASSERT_TRUE(next);
    if (week > 0) {
      EXPECT_LE(next->start - now, std::chrono::hours(24 * 7 + 1)) << shown(next);
      EXPECT_GE(next->start - now, std::chrono::hours(24 * 7 - 1)) << shown(next);
    }
    EXPECT_EQ(shown(schedule.latest(next->start)), shown(next));
    EXPECT_EQ(shown(schedule.latest(next->end + Seconds(86'400))), shown(next));
    now = next->start;
  }
}

TEST(Schedule, ARareWindowIsFoundLongAfter) {
  base::Recurrence once = sundays();
  once.rule = "FREQ=WEEKLY;COUNT=1";
  const Schedule schedule({}, {once});
  EXPECT_EQ(shown(schedule.latest(at("2045-01-01T00:00:00Z"))),
            "2026-12-06T01:00:00Z to 2026-12-06T03:00:00Z");
  EXPECT_EQ(shown(schedule.next(at("2045-01-01T00:00:00Z"))), "none");
}

// 2100 has no 29 February, so eight years may pass without one.
TEST(Schedule, AWindowOfALeapYearIsKnownYearsBefore) {
  base::Recurrence leap = sundays();
  leap.start = base::WallTime(at("2028-02-29T02:00:00Z").time_since_epoch());
  leap.zone.name = "";
  for (const char* rule : {"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "FREQ=YEARLY;INTERVAL=4"}) {
    leap.rule = rule;
    const Schedule schedule({}, {leap});
    EXPECT_EQ(shown(schedule.next(at("2028-03-01T00:00:00Z"))),
              "2032-02-29T02:00:00Z to 2032-02-29T04:00:00Z");
    EXPECT_EQ(shown(schedule.latest(at("2032-02-28T00:00:00Z"))),
              "2028-02-29T02:00:00Z to 2028-02-29T04:00:00Z");
    EXPECT_EQ(shown(schedule.next(at("2096-03-01T00:00:00Z"))),
              "2104-02-29T02:00:00Z to 2104-02-29T04:00:00Z");
  }
}

TEST(Schedule, AWindowOfItsOwnJoinsOneThatRecurs) {
  const Schedule schedule({{at("2026-12-13T02:30:00Z"), at("2026-12-13T06:00:00Z")}}, {sundays()});
  EXPECT_EQ(shown(schedule.latest(at("2026-12-13T01:00:00Z"))),
            "2026-12-13T01:00:00Z to 2026-12-13T06:00:00Z");
}

TEST(Schedule, ThreadsThatAskFirstAtOnceHearTheSame) {
  const Schedule schedule({}, {sundays()});
  std::vector<std::string> heard(4);
  std::vector<std::thread> threads;
  for (std::string& answer : heard) {
    threads.emplace_back([&] { answer = shown(schedule.latest(at("2029-03-04T12:00:00Z"))); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& answer : heard) {
    EXPECT_EQ(answer, "2029-03-04T01:00:00Z to 2029-03-04T03:00:00Z");
  }
}

TEST(Schedule, MomentsOutsideTheYearsThatAreKept) {
  const Schedule schedule({}, {sundays()});
  EXPECT_EQ(shown(schedule.latest(TimePoint(Seconds(-1)))), "none");
  EXPECT_TRUE(schedule.latest(at("9999-12-31T23:59:59Z")));
  EXPECT_EQ(shown(schedule.next(at("9999-12-31T23:59:59Z"))), "none");
}

TEST(Schedule, WindowsThatBeginTogetherAreOneUntilTheLastEnd) {
  std::vector<Window> windows;
  const TimePoint start = at("2026-12-01T00:00:00Z");
  for (int i = 0; i < 100; ++i) windows.push_back({start, start + Seconds(60 * (i % 41))});
  EXPECT_EQ(shown(Schedule(windows).latest(start)), "2026-12-01T00:00:00Z to 2026-12-01T00:40:00Z");
}

TEST(Schedule, AWindowWithoutLengthHidesNoOther) {
  const Schedule schedule({{at("2026-12-01T00:00:00Z"), at("2026-12-01T00:00:00Z")},
                           {at("2026-12-02T00:00:00Z"), at("2026-12-01T23:00:00Z")},
                           {at("2026-12-03T00:00:00Z"), at("2026-12-03T01:00:00Z")}});
  EXPECT_EQ(shown(schedule.next(at("2026-11-01T00:00:00Z"))),
            "2026-12-03T00:00:00Z to 2026-12-03T01:00:00Z");
}

TEST(Schedule, WindowsOfTheirOwnStandBesideThoseThatRecur) {
  base::Recurrence leap = sundays();
  leap.start = base::WallTime(at("2028-02-29T02:00:00Z").time_since_epoch());
  leap.zone.name = "";
  leap.rule = "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29";
  const Schedule schedule({{at("2020-05-01T00:00:00Z"), at("2020-05-01T01:00:00Z")},
                           {at("2034-01-01T00:00:00Z"), at("2034-01-01T01:00:00Z")}},
                          {leap});
  const std::string own = "2020-05-01T00:00:00Z to 2020-05-01T01:00:00Z";
  EXPECT_EQ(shown(schedule.latest(at("2020-05-01T00:30:00Z"))), own);
  EXPECT_EQ(shown(schedule.latest(at("2027-01-01T00:00:00Z"))), own);
  EXPECT_EQ(shown(schedule.latest(at("2031-06-01T00:00:00Z"))),
            "2028-02-29T02:00:00Z to 2028-02-29T04:00:00Z");
  EXPECT_EQ(shown(schedule.next(at("2028-03-01T00:00:00Z"))),
            "2032-02-29T02:00:00Z to 2032-02-29T04:00:00Z");
  EXPECT_EQ(shown(schedule.next(at("2032-03-01T00:00:00Z"))),
            "2034-01-01T00:00:00Z to 2034-01-01T01:00:00Z");
}

// The clock on the wall in Tokyo has passed the seam, and that of UTC has not.
TEST(Schedule, ARecurrenceThatBeginsAtASeamIsThereFromItsFirstWindow) {
  base::Recurrence tokyo = sundays();
  const Seconds seam = base::Recurrence::kStretch * 54;
  tokyo.start = base::WallTime(seam + std::chrono::hours(1));
  tokyo.zone.name = "Asia/Tokyo";
  tokyo.rule = "FREQ=DAILY";
  const Schedule schedule({}, {tokyo});
  const TimePoint first(seam - std::chrono::hours(8));
  const auto window = schedule.latest(first);
  ASSERT_TRUE(window);
  EXPECT_EQ(window->start, first);
  EXPECT_EQ(shown(schedule.latest(first - Seconds(1))), "none");
}

TEST(Schedule, LooksTenYearsAhead) {
  base::Recurrence rare = sundays();
  rare.start = base::WallTime(at("2028-02-01T02:00:00Z").time_since_epoch());
  rare.zone.name = "";
  rare.rule = "FREQ=YEARLY;INTERVAL=11";
  EXPECT_EQ(shown(Schedule({}, {rare}).next(at("2028-02-02T00:00:00Z"))), "none");
  rare.rule = "FREQ=YEARLY;INTERVAL=9";
  EXPECT_EQ(shown(Schedule({}, {rare}).next(at("2028-02-02T00:00:00Z"))),
            "2037-02-01T02:00:00Z to 2037-02-01T04:00:00Z");
}

TEST(Schedule, TheFirstYearIsLikeAnyOther) {
  base::Recurrence first = sundays();
  first.start = base::WallTime(at("1970-03-01T02:00:00Z").time_since_epoch());
  first.zone.name = "";
  const Schedule schedule({{at("1970-02-01T00:00:00Z"), at("1970-02-01T01:00:00Z")}}, {first});
  EXPECT_EQ(shown(schedule.latest(at("1970-01-15T00:00:00Z"))), "none");
  EXPECT_EQ(shown(schedule.latest(at("1970-02-15T00:00:00Z"))),
            "1970-02-01T00:00:00Z to 1970-02-01T01:00:00Z");
  EXPECT_EQ(shown(schedule.next(at("1970-01-15T00:00:00Z"))),
            "1970-02-01T00:00:00Z to 1970-02-01T01:00:00Z");
}

}  // namespace
}  // namespace intermission::gate
