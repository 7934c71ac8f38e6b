#include "base/zone.h"

#include <gtest/gtest.h>

#include "http/date.h"
#include "support/temporary_folder.h"

namespace intermission::base {
namespace {

TimePoint at(const char* text) {
  return http::parse_rfc3339(text).value();
}

WallTime wall(const char* text) {
  return WallTime(at((std::string(text) + "Z").c_str()).time_since_epoch());
}

TimePoint utc_of(const char* zone, const char* text) {
  return Zone::named(zone).value().to_utc(wall(text));
}

TEST(Zone, TimesThatTheClockLeapsOverAreReadByTheClockBefore) {
  EXPECT_EQ(utc_of("Europe/Berlin", "2026-03-29T02:30:00"), at("2026-03-29T03:30:00+02:00"));
  EXPECT_EQ(utc_of("America/New_York", "2026-03-08T02:30:00"), at("2026-03-08T03:30:00-04:00"));
  // By half an hour only.
  EXPECT_EQ(utc_of("Australia/Lord_Howe", "2026-10-04T02:15:00"), at("2026-10-04T02:45:00+11:00"));
}

TEST(Zone, TimesThatTheClockShowsTwiceAreTheFirst) {
  EXPECT_EQ(utc_of("Europe/Berlin", "2026-10-25T02:30:00"), at("2026-10-25T02:30:00+02:00"));
  EXPECT_EQ(utc_of("America/New_York", "2026-11-01T01:30:00"), at("2026-11-01T01:30:00-04:00"));
  EXPECT_EQ(utc_of("Australia/Lord_Howe", "2026-04-05T01:45:00"), at("2026-04-05T01:45:00+11:00"));
}

TEST(Zone, TimesAroundAChange) {
  EXPECT_EQ(utc_of("Europe/Berlin", "2026-03-29T01:59:59"), at("2026-03-29T00:59:59Z"));
  EXPECT_EQ(utc_of("Europe/Berlin", "2026-03-29T03:00:00"), at("2026-03-29T01:00:00Z"));
  EXPECT_EQ(utc_of("Europe/Berlin", "2026-10-25T01:59:59"), at("2026-10-24T23:59:59Z"));
  EXPECT_EQ(utc_of("Europe/Berlin", "2026-10-25T03:00:00"), at("2026-10-25T02:00:00Z"));
}

TEST(Zone, ItsRulesGoOnPastTheTablesOfTheDatabase) {
  EXPECT_EQ(utc_of("Europe/Berlin", "2051-07-01T12:00:00"), at("2051-07-01T10:00:00Z"));
  EXPECT_EQ(utc_of("Europe/Berlin", "2051-12-01T12:00:00"), at("2051-12-01T11:00:00Z"));
}

TEST(Zone, WhatIsNoNameIsNoZone) {
  EXPECT_FALSE(Zone::named("Europe/Atlantis"));
  EXPECT_FALSE(Zone::named(""));
  EXPECT_FALSE(Zone::named("../zoneinfo/Europe/Berlin"));
  EXPECT_FALSE(Zone::named("/usr/share/zoneinfo/Europe/Berlin"));
  EXPECT_FALSE(Zone::named("Europe"));
}

TEST(Zone, OneThatACalendarDefines) {
  const auto zone = Zone::defined(
      "BEGIN:VTIMEZONE\r\nTZID:Data centre\r\n"
      "BEGIN:STANDARD\r\nDTSTART:19701025T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\n"
      "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nEND:STANDARD\r\n"
      "BEGIN:DAYLIGHT\r\nDTSTART:19700329T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\n"
      "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n");
  ASSERT_TRUE(zone);
  EXPECT_EQ(zone->to_utc(wall("2026-07-01T12:00:00")), at("2026-07-01T10:00:00Z"));
  EXPECT_EQ(zone->to_utc(wall("2026-12-01T12:00:00")), at("2026-12-01T11:00:00Z"));
  EXPECT_EQ(zone->to_wall(at("2026-07-01T10:00:00Z")), wall("2026-07-01T12:00:00"));
  EXPECT_FALSE(Zone::defined("BEGIN:VEVENT\r\nEND:VEVENT\r\n"));
  EXPECT_FALSE(Zone::defined("nothing of the kind"));
}

// The offsets of the day before and the day after tell a time; what lies further off does not
// count.
TEST(Zone, TwoChangesMayBeTwoDaysApart) {
  const auto zone = Zone::defined(
      "BEGIN:VTIMEZONE\r\nTZID:Ship\r\n"
      "BEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+0000\r\n"
      "END:STANDARD\r\n"
      "BEGIN:STANDARD\r\nDTSTART:20260310T000000\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100\r\n"
      "END:STANDARD\r\n"
      "BEGIN:STANDARD\r\nDTSTART:20260311T130000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\n"
      "END:STANDARD\r\nEND:VTIMEZONE\r\n");
  ASSERT_TRUE(zone);
  EXPECT_EQ(zone->to_utc(wall("2026-03-09T23:00:00")), at("2026-03-09T23:00:00Z"));
  EXPECT_EQ(zone->to_utc(wall("2026-03-10T02:00:00")), at("2026-03-10T01:00:00Z"));
  EXPECT_EQ(zone->to_utc(wall("2026-03-11T07:00:00")), at("2026-03-11T06:00:00Z"));
  EXPECT_EQ(zone->to_utc(wall("2026-03-11T15:00:00")), at("2026-03-11T13:00:00Z"));
}

TEST(Zone, NamesHaveAllTheirSigns) {
  for (const char* name : {"UTC", "America/New_York", "America/Port-au-Prince", "Etc/GMT+5",
                           "Etc/GMT-14", "America/Argentina/Buenos_Aires"}) {
    EXPECT_TRUE(Zone::named(name)) << name;
  }
  EXPECT_EQ(utc_of("Etc/GMT+5", "2026-07-01T12:00:00"), at("2026-07-01T17:00:00Z"));
}

// Calendars of others may define as many as they like.
TEST(Zone, ManyThatCalendarsDefine) {
  for (int hours = 1; hours <= 9; ++hours) {
    for (int minutes = 10; minutes < 60; minutes += 5) {
      const std::string offset = "+0" + std::to_string(hours) + std::to_string(minutes);
      const auto zone = Zone::defined(
          "BEGIN:VTIMEZONE\r\nTZID:x\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
          "TZOFFSETFROM:" +
          offset + "\r\nTZOFFSETTO:" + offset + "\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n");
      ASSERT_TRUE(zone) << offset;
      EXPECT_EQ(
          zone->to_wall(at("2026-07-01T00:00:00Z")).time_since_epoch(),
          at("2026-07-01T00:00:00Z").time_since_epoch() + Seconds(hours * 3600 + minutes * 60));
    }
  }
}

TEST(Zone, ASystemWithoutZonesIsKnown) {
  const testing::TemporaryFolder root;
  EXPECT_FALSE(Zone::has_database(root.path()));
  std::filesystem::create_directories(root.path() / "usr/share/zoneinfo");
  EXPECT_FALSE(Zone::has_database(root.path()));
  root.write("usr/share/zoneinfo/zone.tab", "");
  EXPECT_TRUE(Zone::has_database(root.path()));
  EXPECT_TRUE(Zone::has_database());
}

}  // namespace
}  // namespace intermission::base
