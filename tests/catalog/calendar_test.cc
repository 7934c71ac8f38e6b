#include "catalog/calendar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalog/service.h"
#include "http/date.h"

namespace intermission::catalog {
namespace {

using testing::HasSubstr;

constexpr const char* kBerlin =
    "BEGIN:VTIMEZONE\nTZID:Data centre\n"
    "BEGIN:STANDARD\nDTSTART:19701025T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\n"
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\nEND:STANDARD\n"
    "BEGIN:DAYLIGHT\nDTSTART:19700329T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\n"
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\nEND:DAYLIGHT\nEND:VTIMEZONE\n";

/// A calendar of these components, with the line ends that iCalendar wants.
base::Result<Calendar> read(const std::string& components, const std::string& zone = "") {
  std::string text;
  for (const char c : "BEGIN:VCALENDAR\nVERSION:2.0\n" + components + "END:VCALENDAR\n") {
    if (c == '\n') text += '\r';
    text += c;
  }
  base::Steps steps(kMostSteps);
  return read_calendar(text, zone, steps);
}

std::string event(const std::string& lines) {
  return "BEGIN:VEVENT\nUID:1\nSUMMARY:Move\n" + lines + "END:VEVENT\n";
}

/// "start to end" of each window, then "rule" of each recurrence; or the error.
std::string shown(const base::Result<Calendar>& calendar) {
  if (!calendar) return calendar.error().message;
  std::string out;
  for (const base::Window& window : calendar->windows) {
    out += http::rfc3339(window.start) + " to " + http::rfc3339(window.end) + "\n";
  }
  for (const base::Recurrence& recurrence : calendar->recurrences) out += recurrence.rule + "\n";
  return out;
}

TEST(Calendar, AnEventIsAWindow) {
  EXPECT_EQ(shown(read(event("DTSTART:20261201T220000Z\nDTEND:20261202T000000Z\n"))),
            "2026-12-01T22:00:00Z to 2026-12-02T00:00:00Z\n");
  EXPECT_EQ(shown(read(event("DTSTART;TZID=Europe/Berlin:20260701T020000\nDURATION:PT90M\n"))),
            "2026-07-01T00:00:00Z to 2026-07-01T01:30:00Z\n");
}

// Its start and its end are each what the clock on the wall shows then.
TEST(Calendar, AnEventOverTheChangeOfTheClockEndsWhenTheClockSaysSo) {
  const auto event_of = [](const std::string& start, const std::string& end) {
    return shown(read(event("DTSTART;TZID=" + start + "\nDTEND;TZID=" + end + "\n")));
  };
  EXPECT_EQ(event_of("Europe/Berlin:20261025T010000", "Europe/Berlin:20261025T050000"),
            "2026-10-24T23:00:00Z to 2026-10-25T04:00:00Z\n");
  EXPECT_EQ(event_of("Europe/Berlin:20260329T010000", "Europe/Berlin:20260329T050000"),
            "2026-03-29T00:00:00Z to 2026-03-29T03:00:00Z\n");
  EXPECT_EQ(event_of("Europe/Berlin:20260701T220000", "America/New_York:20260701T180000"),
            "2026-07-01T20:00:00Z to 2026-07-01T22:00:00Z\n");
}

// A day is as long as the clock makes it; hours are hours (RFC 5545 §3.3.6).
TEST(Calendar, ADurationInDaysFollowsTheClockAndOneInHoursDoesNot) {
  const std::string start = "DTSTART;TZID=Europe/Berlin:20261024T120000\n";
  EXPECT_EQ(shown(read(event(start + "DURATION:P1D\n"))),
            "2026-10-24T10:00:00Z to 2026-10-25T11:00:00Z\n");
  EXPECT_EQ(shown(read(event(start + "DURATION:PT24H\n"))),
            "2026-10-24T10:00:00Z to 2026-10-25T10:00:00Z\n");
  EXPECT_EQ(shown(read(event(start + "DURATION:P1W\n"))),
            "2026-10-24T10:00:00Z to 2026-10-31T11:00:00Z\n");
}

TEST(Calendar, RulesThatTakeTooLongToWorkOutAreRefusedByName) {
  const std::string busy =
      "DTSTART:20261201T000000Z\nDURATION:PT5M\nRRULE:FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11,"
      "12,13,14,15,16,17,18,19,20,21,22,23\n";
  std::string events;
  for (int i = 0; i < 1000; ++i) events += event(busy);
  EXPECT_THAT(shown(read(events)),
              HasSubstr("event \"Move\" (UID 1): RRULE: expected rules that take fewer steps"));
  EXPECT_THAT(shown(read("BEGIN:VTIMEZONE\nTZID:Every second\nBEGIN:STANDARD\n"
                         "DTSTART:19700101T000000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\n"
                         "RRULE:FREQ=SECONDLY\nEND:STANDARD\nEND:VTIMEZONE\n" +
                         event("DTSTART;TZID=Every second:20260701T020000\nDURATION:PT5M\n"))),
              HasSubstr("VTIMEZONE Every second: expected RRULE to have FREQ=YEARLY"));
}

TEST(Calendar, ATimeZoneOfTheFile) {
  EXPECT_EQ(shown(read(kBerlin + event("DTSTART;TZID=Data centre:20260701T020000\n"
                                       "DTEND;TZID=Data centre:20260701T040000\n"))),
            "2026-07-01T00:00:00Z to 2026-07-01T02:00:00Z\n");
}

TEST(Calendar, WholeDaysAndTimesWithoutAZone) {
  const std::string days = event("DTSTART;VALUE=DATE:20260329\nDTEND;VALUE=DATE:20260330\n");
  // A day of 23 hours.
  EXPECT_EQ(shown(read(days, "Europe/Berlin")), "2026-03-28T23:00:00Z to 2026-03-29T22:00:00Z\n");
  EXPECT_THAT(shown(read(days)),
              HasSubstr("event \"Move\" (UID 1): a time without a zone: add the zone"));
}

TEST(Calendar, ASeriesWithExceptionsAndAStandIn) {
  const auto calendar = read(
      event("DTSTART;TZID=Europe/Berlin:20261206T020000\nDTEND;TZID=Europe/Berlin:20261206T040000\n"
            "RRULE:FREQ=WEEKLY;COUNT=4\nEXDATE;TZID=Europe/Berlin:20261213T020000\n"
            "RDATE;TZID=Europe/Berlin:20261230T020000\n") +
      event("RECURRENCE-ID;TZID=Europe/Berlin:20261220T020000\n"
            "DTSTART;TZID=Europe/Berlin:20261220T050000\n"
            "DTEND;TZID=Europe/Berlin:20261220T060000\n"));
  EXPECT_EQ(shown(calendar),
            "2026-12-30T01:00:00Z to 2026-12-30T03:00:00Z\n"
            "2026-12-20T04:00:00Z to 2026-12-20T05:00:00Z\n"
            "FREQ=WEEKLY;COUNT=4\n");
  const auto windows = base::occurrences(calendar->recurrences[0], base::TimePoint{},
                                         http::parse_rfc3339("2028-01-01T00:00:00Z").value());
  ASSERT_EQ(windows.size(), 2U);
  EXPECT_EQ(http::rfc3339(windows[0].start), "2026-12-06T01:00:00Z");
  EXPECT_EQ(http::rfc3339(windows[1].start), "2026-12-27T01:00:00Z");
}

TEST(Calendar, AStandInWithoutAUidIsOfTheSeriesWithoutOne) {
  const auto calendar = read(
      "BEGIN:VEVENT\nDTSTART:20261206T020000Z\nDURATION:PT2H\nRRULE:FREQ=WEEKLY;COUNT=2\n"
      "END:VEVENT\nBEGIN:VEVENT\nRECURRENCE-ID:20261213T020000Z\n"
      "DTSTART:20261214T020000Z\nDURATION:PT1H\nEND:VEVENT\n");
  EXPECT_EQ(shown(calendar), "2026-12-14T02:00:00Z to 2026-12-14T03:00:00Z\nFREQ=WEEKLY;COUNT=2\n");
  const auto windows = base::occurrences(calendar->recurrences[0], base::TimePoint{},
                                         http::parse_rfc3339("2028-01-01T00:00:00Z").value());
  ASSERT_EQ(windows.size(), 1U);
  EXPECT_EQ(http::rfc3339(windows[0].start), "2026-12-06T02:00:00Z");
}

TEST(Calendar, WhatIsCancelledIsNone) {
  EXPECT_EQ(shown(read(event("DTSTART:20261201T220000Z\nDURATION:PT1H\nSTATUS:CANCELLED\n"))), "");
}

TEST(Calendar, EmptyDescriptionsDoNoHarm) {
  EXPECT_EQ(shown(read(event("DESCRIPTION:\nDTSTART:20261201T220000Z\nDURATION:PT1H\n"))),
            "2026-12-01T22:00:00Z to 2026-12-01T23:00:00Z\n");
}

TEST(Calendar, ProblemsNameTheEvent) {
  const std::string start = "DTSTART:20261206T220000Z\n";
  EXPECT_EQ(shown(read("")), "expected an iCalendar file with at least one VEVENT");
  EXPECT_EQ(shown(read("nothing of the kind", "")),
            "expected an iCalendar file with at least one VEVENT");
  EXPECT_EQ(shown(read(event("DTEND:20261201T220000Z\n"))),
            "event \"Move\" (UID 1): expected DTSTART");
  EXPECT_EQ(shown(read(event(start))),
            "event \"Move\" (UID 1): expected DTEND after DTSTART, or DURATION");
  EXPECT_EQ(shown(read(event(start + "DTEND:20261206T210000Z\n"))),
            "event \"Move\" (UID 1): expected DTEND after DTSTART, or DURATION");
  EXPECT_EQ(shown(read(event("DTSTART;TZID=Nowhere:20261206T220000\nDURATION:PT1H\n"))),
            "event \"Move\" (UID 1): expected a time zone that this system or the file knows, got "
            "\"Nowhere\"");
  EXPECT_EQ(shown(read(event(start + "DURATION:PT1H\nRRULE:FREQ=SECONDLY\n"))),
            "event \"Move\" (UID 1): RRULE: expected FREQ to be DAILY, WEEKLY, MONTHLY or YEARLY");
  EXPECT_THAT(shown(read(event(start + "DURATION:PT1H\nRRULE:every day\n"))), HasSubstr("RRULE"));
  EXPECT_EQ(shown(read(std::string(kLargestCalendar + 1, 'x'), "")),
            "expected a calendar of at most 1 MiB");
}

}  // namespace
}  // namespace intermission::catalog
