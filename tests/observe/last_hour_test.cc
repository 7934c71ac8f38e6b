#include "observe/last_hour.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace intermission::observe {
namespace {

using ::testing::SizeIs;

constexpr base::TimePoint kNoon{base::Seconds{1'796'126'400}};

TEST(LastHour, AMinuteTakesThePlaceOfTheOneAnHourBefore) {
  LastHour hour;
  for (int minute = 0; minute < 130; ++minute) {
    hour.begin(kNoon + base::Seconds{60 * minute});
    ++hour.count_of("orders", "soap");
  }
  const auto read = hour.read(kNoon + base::Seconds{60 * 129});
  EXPECT_THAT(read, SizeIs(LastHour::kMinutes));
  for (const auto& minute : read) EXPECT_EQ(minute.count, 1U);
  EXPECT_THAT(hour.read(kNoon + base::Seconds{60 * 200}), SizeIs(0)) << "no calls since";
}

TEST(LastHour, CountsOnWhereItIsWhenTheClockGoesBack) {
  LastHour hour;
  const auto minute = hour.begin(kNoon);
  ++hour.count_of("orders", "soap");
  EXPECT_EQ(hour.begin(kNoon - base::Seconds{7200}), minute);
  ++hour.count_of("orders", "soap");
  ASSERT_THAT(hour.read(kNoon), SizeIs(1));
  EXPECT_EQ(hour.read(kNoon)[0].count, 2U);
}

TEST(LastHour, CountsAsOneWhatFindsNoRoom) {
  LastHour hour;
  hour.begin(kNoon);
  for (std::size_t i = 0; i < LastHour::kMostPairs + 5; ++i) {
    ++hour.count_of("service-" + std::to_string(i), "page");
  }
  ++hour.count_of("service-0", "page");
  const auto read = hour.read(kNoon);
  EXPECT_THAT(read, SizeIs(LastHour::kMostPairs + 1));
  for (const auto& [minute, service, kind, count] : read) {
    if (kind == LastHour::kOthers) {
      EXPECT_EQ(service, "");
      EXPECT_EQ(count, 5U);
    }
    if (service == "service-0") {
      EXPECT_EQ(count, 2U);
    }
  }
}

}  // namespace
}  // namespace intermission::observe
