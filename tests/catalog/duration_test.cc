#include "catalog/duration.h"

#include <gtest/gtest.h>

namespace intermission::catalog {
namespace {

using base::Seconds;

TEST(Duration, Units) {
  EXPECT_EQ(parse_duration("120"), Seconds{120});
  EXPECT_EQ(parse_duration("120s"), Seconds{120});
  EXPECT_EQ(parse_duration("30m"), Seconds{1'800});
  EXPECT_EQ(parse_duration("2h"), Seconds{7'200});
  EXPECT_EQ(parse_duration("1d"), Seconds{86'400});
  EXPECT_EQ(parse_duration("007s"), Seconds{7});
  EXPECT_EQ(parse_duration("0"), Seconds{0});
  EXPECT_EQ(parse_duration("99999999d"), Seconds{99'999'999LL * 86'400});
}

TEST(Duration, NothingElse) {
  for (const char* text : {"", "s", "-1s", "+1s", "1.5h", "1 h", " 1h", "1h ", "1w", "1H", "1hh",
                           "1h30m", "PT1H", "100000000", "100000000d"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(Duration, ShortestText) {
  EXPECT_EQ(format_duration(Seconds{0}), "0s");
  EXPECT_EQ(format_duration(Seconds{90}), "90s");
  EXPECT_EQ(format_duration(Seconds{120}), "2m");
  EXPECT_EQ(format_duration(Seconds{7'200}), "2h");
  EXPECT_EQ(format_duration(Seconds{172'800}), "2d");
  for (int seconds = 0; seconds < 200'000; seconds += 7) {
    EXPECT_EQ(parse_duration(format_duration(Seconds{seconds})), Seconds{seconds});
  }
}

}  // namespace
}  // namespace intermission::catalog
