#include "base/recurrence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>

#include "http/date.h"

namespace intermission::base {

void PrintTo(const Window& window, std::ostream* out) {
  *out << http::rfc3339(window.start) << " to " << http::rfc3339(window.end);
}

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TimePoint at(const char* text) {
  return http::parse_rfc3339(text).value();
}

WallTime wall(const char* text) {
  return WallTime(at((std::string(text) + "Z").c_str()).time_since_epoch());
}

Window between(const char* start, const char* end) {
  return {at(start), at(end)};
}

constexpr Seconds kTwoHours{7200};

Recurrence make(const char* start, const char* zone, const char* rule) {
  Recurrence made;
  made.start = wall(start);
  made.zone.name = zone;
  made.exactly = kTwoHours;
  made.rule = rule;
  return made;
}

TEST(Recurrence, SundaysInBerlinFollowTheClockOnTheWall) {
  const auto weekly = make("2026-03-15T02:00:00", "Europe/Berlin", "FREQ=WEEKLY;BYDAY=SU");
  ASSERT_EQ(problem_of(weekly), std::nullopt);
  EXPECT_THAT(occurrences(weekly, at("2026-03-20T00:00:00Z"), at("2026-04-06T00:00:00Z")),
              ElementsAre(between("2026-03-22T02:00:00+01:00", "2026-03-22T04:00:00+01:00"),
                          // 02:00 leaps to 03:00 in this night.
                          between("2026-03-29T03:00:00+02:00", "2026-03-29T05:00:00+02:00"),
                          between("2026-04-05T02:00:00+02:00", "2026-04-05T04:00:00+02:00")));
}

TEST(Recurrence, ForIsAsLongInTheNightInWhichTheClockIsChanged) {
  const auto weekly = make("2026-10-18T02:30:00", "Europe/Berlin", "FREQ=WEEKLY;COUNT=2");
  EXPECT_THAT(occurrences(weekly, at("2026-10-20T00:00:00Z"), at("2026-12-01T00:00:00Z")),
              ElementsAre(between("2026-10-25T02:30:00+02:00", "2026-10-25T03:30:00+01:00")));
}

TEST(Recurrence, WhatIsCountedIsCountedFromTheStart) {
  const auto thrice = make("2026-12-01T02:00:00", "", "FREQ=DAILY;COUNT=3");
  EXPECT_THAT(occurrences(thrice, at("2026-12-03T00:00:00Z"), at("2027-01-01T00:00:00Z")),
              ElementsAre(between("2026-12-03T02:00:00Z", "2026-12-03T04:00:00Z")));
  EXPECT_THAT(occurrences(thrice, at("2026-12-10T00:00:00Z"), at("2027-01-01T00:00:00Z")),
              IsEmpty());
  // Later than the longest window that could still last.
  EXPECT_THAT(occurrences(thrice, at("2027-03-01T00:00:00Z"), at("2027-04-01T00:00:00Z")),
              IsEmpty());
}

TEST(Recurrence, EndIsWhereTheClockOnTheWallShowsIt) {
  auto weekly = make("2026-10-18T01:00:00", "Europe/Berlin", "FREQ=WEEKLY;COUNT=2");
  weekly.by_clock = 4 * Seconds(3600);
  weekly.exactly = Seconds(0);
  EXPECT_THAT(occurrences(weekly, at("2026-10-20T00:00:00Z"), at("2026-12-01T00:00:00Z")),
              ElementsAre(between("2026-10-25T01:00:00+02:00", "2026-10-25T05:00:00+01:00")));
}

TEST(Recurrence, NewYorkAndLordHoweInBothDirections) {
  const auto new_york = make("2026-03-01T02:30:00", "America/New_York", "FREQ=WEEKLY");
  EXPECT_THAT(occurrences(new_york, at("2026-03-07T00:00:00Z"), at("2026-03-09T00:00:00Z")),
              ElementsAre(between("2026-03-08T03:30:00-04:00", "2026-03-08T05:30:00-04:00")));
  const auto autumn = make("2026-10-25T01:30:00", "America/New_York", "FREQ=WEEKLY");
  EXPECT_THAT(occurrences(autumn, at("2026-10-31T00:00:00Z"), at("2026-11-02T00:00:00Z")),
              ElementsAre(between("2026-11-01T01:30:00-04:00", "2026-11-01T02:30:00-05:00")));
  const auto island = make("2026-04-04T01:45:00", "Australia/Lord_Howe", "FREQ=DAILY");
  EXPECT_THAT(occurrences(island, at("2026-04-04T12:00:00Z"), at("2026-04-05T12:00:00Z")),
              ElementsAre(between("2026-04-05T01:45:00+11:00", "2026-04-05T03:15:00+10:30")));
  EXPECT_THAT(occurrences(island, at("2026-10-03T12:00:00Z"), at("2026-10-04T12:00:00Z")),
              ElementsAre(between("2026-10-04T01:45:00+10:30", "2026-10-04T04:15:00+11:00")));
}

TEST(Recurrence, ExceptionsAreLeftOut) {
  auto weekly = make("2026-12-06T02:00:00", "Europe/Berlin", "FREQ=WEEKLY;BYDAY=SU;COUNT=4");
  weekly.except = {at("2026-12-13T01:00:00Z"), at("2026-12-27T01:00:00Z")};
  EXPECT_THAT(occurrences(weekly, at("2026-01-01T00:00:00Z"), at("2028-01-01T00:00:00Z")),
              ElementsAre(between("2026-12-06T01:00:00Z", "2026-12-06T03:00:00Z"),
                          between("2026-12-20T01:00:00Z", "2026-12-20T03:00:00Z")));
}

TEST(Recurrence, UntilIsReadInTheZone) {
  const TimePoint from = at("2026-12-12T00:00:00Z");
  const TimePoint to = at("2027-06-01T00:00:00Z");
  for (const char* until : {"20261220T010000Z", "20261220", "20261220T020000"}) {
    const std::string rule = std::string("FREQ=WEEKLY;UNTIL=") + until;
    const auto weekly = make("2026-12-06T02:00:00", "Europe/Berlin", rule.c_str());
    EXPECT_EQ(occurrences(weekly, from, to).size(), 2U) << until;
  }
  const auto before =
      make("2026-12-06T02:00:00", "Europe/Berlin", "FREQ=WEEKLY;UNTIL=20261220T005959Z");
  EXPECT_EQ(occurrences(before, from, to).size(), 1U);
}

TEST(Recurrence, ADayAsUntilIsPartOfItToItsLastSecond) {
  for (const char* start : {"2026-12-01T23:00:01", "2026-12-01T23:59:59"}) {
    const auto daily = make(start, "", "FREQ=DAILY;UNTIL=20261203");
    EXPECT_EQ(occurrences(daily, at("2026-12-01T00:00:00Z"), at("2027-01-01T00:00:00Z")).size(), 3U)
        << start;
  }
}

TEST(Recurrence, AnHourOfTheRuleHasTheMinutesOfTheStart) {
  const auto twice = make("2026-12-01T02:45:30", "", "FREQ=DAILY;BYHOUR=2,14;COUNT=2");
  EXPECT_THAT(occurrences(twice, at("2026-12-01T00:00:00Z"), at("2026-12-02T00:00:00Z")),
              ElementsAre(between("2026-12-01T02:45:30Z", "2026-12-01T04:45:30Z"),
                          between("2026-12-01T14:45:30Z", "2026-12-01T16:45:30Z")));
}

TEST(Recurrence, AWindowThatHasBegunBeforeIsThere) {
  const auto monthly = make("2026-01-31T23:00:00", "", "FREQ=MONTHLY;BYMONTHDAY=-1");
  EXPECT_THAT(occurrences(monthly, at("2040-03-01T00:30:00Z"), at("2040-03-01T00:31:00Z")),
              ElementsAre(between("2040-02-29T23:00:00Z", "2040-03-01T01:00:00Z")));
  EXPECT_THAT(occurrences(monthly, at("2040-03-01T01:00:00Z"), at("2040-03-02T00:00:00Z")),
              IsEmpty());
}

TEST(Recurrence, ProblemsAreToldInWords) {
  const auto problem = [](const char* rule, const char* zone = "Europe/Berlin") {
    return problem_of(make("2026-12-06T02:00:00", zone, rule)).value_or("none");
  };
  EXPECT_EQ(problem("FREQ=WEEKLY;BYDAY=SU"), "none");
  EXPECT_THAT(problem("every Sunday"), HasSubstr("a rule such as FREQ=WEEKLY;BYDAY=SU"));
  EXPECT_THAT(problem(""), HasSubstr("a rule such as"));
  EXPECT_THAT(problem("FREQ=WEEKLY;INTERVAL=0"), HasSubstr("a rule such as"));
  EXPECT_THAT(problem("FREQ=SECONDLY"), HasSubstr("DAILY, WEEKLY, MONTHLY or YEARLY"));
  EXPECT_THAT(problem("FREQ=HOURLY;COUNT=5"), HasSubstr("DAILY, WEEKLY, MONTHLY or YEARLY"));
  EXPECT_THAT(problem("FREQ=DAILY;BYSECOND=0,1,2"), HasSubstr("without BYSECOND"));
  EXPECT_THAT(problem("FREQ=WEEKLY;COUNT=1000000000"), HasSubstr("COUNT of at most 10000"));
  EXPECT_THAT(problem("RSCALE=CHINESE;FREQ=YEARLY"), HasSubstr("Gregorian"));
  EXPECT_THAT(problem("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
              HasSubstr("no day after it was found that fits"));
  EXPECT_THAT(problem("FREQ=WEEKLY;BYDAY=MO"),
              HasSubstr("first day that fits is 2026-12-07T02:00"));
  EXPECT_EQ(problem_of(make("2026-12-08T23:45:30", "", "FREQ=WEEKLY;BYDAY=SU")),
            "expected a rule that fits start as well (2026-12-08T23:45:30); the first day that "
            "fits is 2026-12-13T23:45:30");
  EXPECT_THAT(problem("FREQ=WEEKLY", "Europe/Atlantis"), HasSubstr("time zone"));
  EXPECT_THAT(problem(std::string(600, 'F').c_str()), HasSubstr("at most 500"));
}

// Rules that never fit again, or fit in all hours of all days, cost what their days cost.
TEST(Recurrence, WhatARuleCostsIsCounted) {
  const auto cost = [](const char* start, const std::string& rule) {
    Steps steps(100'000'000);
    const auto made = make(start, "", rule.c_str());
    EXPECT_EQ(problem_of(made), std::nullopt) << rule;
    EXPECT_EQ(problem_of_cost(made, steps), std::nullopt) << rule;
    return 100'000'000 - steps.left();
  };
  const std::string hours = ";BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23";
  EXPECT_LT(cost("2026-12-06T02:00:00", "FREQ=WEEKLY"), 1'500U);
  EXPECT_LT(cost("2026-12-06T02:00:00", "FREQ=DAILY"), 6'000U);
  EXPECT_GT(cost("2026-12-06T02:00:00", "FREQ=DAILY" + hours), 100'000U);
  EXPECT_LT(cost("2026-12-06T02:00:00", "FREQ=DAILY;UNTIL=20261206"), 20U);
  EXPECT_GT(cost("2028-02-29T02:00:00", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;COUNT=10000"), 40'000U);
}

TEST(Recurrence, ARuleThatCostsMoreThanIsLeftIsAProblem) {
  const auto daily = make("2026-12-06T02:00:00", "", "FREQ=DAILY");
  Steps steps(1'000);
  EXPECT_EQ(problem_of_cost(daily, steps),
            "expected rules that take fewer steps to work out, for 1000 are left for this one: "
            "fewer days or hours, or fewer rules");
  EXPECT_TRUE(problem_of_cost(daily, steps)) << "none is left";
}

TEST(Recurrence, RulesThatNeverFitAreFoundOutAtOnce) {
  for (const char* rule :
       {"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11",
        "FREQ=YEARLY;BYDAY=MO;BYSETPOS=366", "FREQ=YEARLY;BYYEARDAY=366;BYMONTH=1",
        "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6", "FREQ=YEARLY;INTERVAL=32767;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;INTERVAL=32767;BYMONTH=2;BYMONTHDAY=30"}) {
    EXPECT_TRUE(problem_of(make("2026-12-06T02:00:00", "", rule))) << rule;
  }
}

TEST(Recurrence, ZonesOfACalendarMayNotTakeMoreEither) {
  const auto problem = [](const std::string& rule, const char* start = "19701025T030000") {
    Steps steps(100'000);
    return problem_of_definition(
               "BEGIN:VTIMEZONE\r\nTZID:x\r\nBEGIN:STANDARD\r\nDTSTART:" + std::string(start) +
                   "\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nRRULE:" + rule +
                   "\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n",
               steps)
        .value_or("none");
  };
  EXPECT_EQ(problem("FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"), "none");
  EXPECT_EQ(problem("FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU;UNTIL=20301231T000000Z", "18001025T030000"),
            "none");
  EXPECT_THAT(problem("FREQ=SECONDLY"), HasSubstr("expected RRULE to have FREQ=YEARLY"));
  EXPECT_THAT(problem("FREQ=DAILY"), HasSubstr("expected RRULE to have FREQ=YEARLY"));
  EXPECT_THAT(problem("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), HasSubstr("fit some day"));
  EXPECT_THAT(problem("FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "16011025T030000"),
              HasSubstr("used up"));
}

TEST(Recurrence, RulesHaveBounds) {
  const auto problem = [](const std::string& rule) {
    return problem_of(make("2026-12-06T02:00:00", "", rule.c_str())).value_or("none");
  };
  EXPECT_THAT(problem("FREQ=DAILY;BYMINUTE=0,30"), HasSubstr("without BYSECOND and BYMINUTE"));
  EXPECT_EQ(problem("FREQ=DAILY;COUNT=10000"), "none");
  EXPECT_THAT(problem("FREQ=DAILY;COUNT=10001"), HasSubstr("COUNT of at most 10000"));
  const std::string padded = "FREQ=DAILY;X-A=" + std::string(500 - 15, 'a');
  ASSERT_EQ(padded.size(), 500U);
  EXPECT_THAT(problem(padded), Not(HasSubstr("at most 500")));
  EXPECT_THAT(problem(padded + "a"), HasSubstr("at most 500"));
}

TEST(Recurrence, AWindowThatBeginsAtTheEndIsNotThere) {
  const auto daily = make("2026-12-01T00:00:00", "", "FREQ=DAILY");
  EXPECT_THAT(occurrences(daily, at("2026-12-02T00:00:00Z"), at("2026-12-03T00:00:00Z")),
              ElementsAre(between("2026-12-02T00:00:00Z", "2026-12-02T02:00:00Z")));
  EXPECT_THAT(occurrences(daily, at("2026-12-02T02:00:00Z"), at("2026-12-03T00:00:00Z")), IsEmpty())
      << "and one that has ended is not either";
  EXPECT_THAT(occurrences(daily, at("2026-12-02T01:59:59Z"), at("2026-12-02T02:00:00Z")),
              ElementsAre(between("2026-12-02T00:00:00Z", "2026-12-02T02:00:00Z")));
  EXPECT_THAT(occurrences(make("2026-12-01T00:00:00", "Europe/Atlantis", "FREQ=DAILY"),
                          at("2026-12-02T00:00:00Z"), at("2026-12-03T00:00:00Z")),
              IsEmpty());
  EXPECT_THAT(occurrences(make("2026-12-01T00:00:00", "", "nothing"), at("2026-12-02T00:00:00Z"),
                          at("2026-12-03T00:00:00Z")),
              IsEmpty());
}

TEST(Recurrence, AWindowWithoutLengthIsNone) {
  auto daily = make("2026-12-01T00:00:00", "", "FREQ=DAILY");
  daily.exactly = Seconds(0);
  EXPECT_THAT(occurrences(daily, at("2026-12-01T00:00:00Z"), at("2026-12-09T00:00:00Z")),
              IsEmpty());
}

TEST(Recurrence, ADefinitionThatIsNoZoneIsAProblem) {
  const auto problem = [](const std::string& definition) {
    Steps steps(100'000);
    return problem_of_definition(definition, steps).value_or("none");
  };
  const std::string head = "BEGIN:VTIMEZONE\r\nTZID:x\r\n";
  const std::string standard =
      "BEGIN:STANDARD\r\nDTSTART:19701025T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\n";
  const std::string tail = "END:STANDARD\r\nEND:VTIMEZONE\r\n";
  EXPECT_EQ(problem(head + standard + tail), "none");
  const std::string expected = "expected a time zone with STANDARD or DAYLIGHT";
  EXPECT_EQ(problem(""), expected);
  EXPECT_EQ(problem("nothing"), expected);
  EXPECT_EQ(problem("BEGIN:VEVENT\r\nEND:VEVENT\r\n"), expected);
  EXPECT_EQ(problem(std::string(32'769, 'x')), "expected at most 32768 bytes");
  EXPECT_EQ(problem(std::string(32'768, 'x')), expected);
  EXPECT_THAT(problem(head + standard + "RRULE:FREQ=YEARLY;BYMINUTE=5\r\n" + tail),
              HasSubstr("FREQ=YEARLY"));
  EXPECT_THAT(problem(head +
                      "BEGIN:STANDARD\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\n"
                      "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n" +
                      tail),
              HasSubstr("expected"))
      << "without DTSTART";
}

}  // namespace
}  // namespace intermission::base
