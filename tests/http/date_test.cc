#include "http/date.h"

#include <gtest/gtest.h>

namespace intermission::http {
namespace {

base::TimePoint at(long seconds) {
  return base::TimePoint{base::Seconds{seconds}};
}

TEST(Date, ImfFixdateOfTheStandardsExample) {
  EXPECT_EQ(imf_fixdate(at(784111777)), "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST(Date, Rfc3339RoundTrip) {
  EXPECT_EQ(rfc3339(at(784111777)), "1994-11-06T08:49:37Z");
  EXPECT_EQ(parse_rfc3339("1994-11-06T08:49:37Z"), at(784111777));
}

TEST(Date, OffsetsAndFractions) {
  EXPECT_EQ(parse_rfc3339("1994-11-06T09:49:37+01:00"), at(784111777));
  EXPECT_EQ(parse_rfc3339("1994-11-06t03:19:37.999-05:30"), at(784111777));
  EXPECT_EQ(parse_rfc3339("1994-11-06 08:49:37z"), at(784111777));
  EXPECT_EQ(parse_rfc3339("1994-11-06T08:49:37+00:00"), at(784111777));
  EXPECT_EQ(parse_rfc3339("1994-11-07T08:48:37+23:59"), at(784111777));
  EXPECT_EQ(parse_rfc3339("1994-11-05T08:50:37-23:59"), at(784111777));
}

TEST(Date, ALeapSecondIsTheFirstOfTheNextMinute) {
  EXPECT_EQ(parse_rfc3339("1990-12-31T23:59:60Z"), parse_rfc3339("1991-01-01T00:00:00Z"));
}

TEST(Date, TheFirstAndTheLast) {
  for (const char* text : {"0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z"}) {
    const auto time = parse_rfc3339(text);
    ASSERT_TRUE(time) << text;
    EXPECT_EQ(rfc3339(*time), text);
    EXPECT_EQ(imf_fixdate(*time).size(), 29U) << text;
  }
}

TEST(Date, WhatIsNoDateTime) {
  for (const char* text :
       {"", "1994-11-06", "1994-11-06T08:49:37", "1994-13-06T08:49:37Z", "1994-02-30T08:49:37Z",
        "1994-11-06T24:00:00Z", "1994-11-06T08:49:37.Z", "1994-11-06T08:49:37+0100",
        "1994-11-06T08:49:37+01:00x",
        // each part that is no number, and each separator that is another
        "199x-11-06T08:49:37Z", "1994-x1-06T08:49:37Z", "1994-11-x6T08:49:37Z",
        "1994-11-06Tx8:49:37Z", "1994-11-06T08:x9:37Z", "1994-11-06T08:49:x7Z",
        "1994x11-06T08:49:37Z", "1994-11x06T08:49:37Z", "1994-11-06x08:49:37Z",
        "1994-11-06T08x49:37Z", "1994-11-06T08:49x37Z", "1994-11-06T08:49:37+x1:00",
        "1994-11-06T08:49:37+01:x0", "1994-11-06T08:49:37+01x00",
        // out of range
        "1994-00-06T08:49:37Z", "1994-11-00T08:49:37Z", "1994-11-06T08:60:37Z",
        "1994-11-06T08:49:61Z", "1994-11-06T08:49:37+24:00", "1994-11-06T08:49:37+01:60",
        "199x-12-31T23:59:59-23:59", "1994-11-06T08:49:37.999", "1994-11-06T08:49:37.999x",
        "94-11-06T08:49:37Z", "1994-11-06T08:49:37z ",
        // moments of UTC in a year that has no four digits
        "0000-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "9999-12-31T23:59:60Z"}) {
    EXPECT_FALSE(parse_rfc3339(text)) << text;
  }
}

}  // namespace
}  // namespace intermission::http
