#include "observe/seen_minutes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>

namespace intermission::observe {
namespace {

constexpr std::int64_t kNow = 29'935'440;

std::size_t hash_of(int name) {
  return std::hash<std::string>()("name " + std::to_string(name));
}

TEST(SeenMinutes, CountsMinutesNotCalls) {
  SeenMinutes seen;
  EXPECT_EQ(seen.note(hash_of(1), kNow), 1U);
  EXPECT_EQ(seen.note(hash_of(1), kNow), 1U);
  EXPECT_EQ(seen.note(hash_of(1), kNow + 1), 2U);
  EXPECT_EQ(seen.note(hash_of(1), kNow + 3), 3U) << "not in the one between";
  EXPECT_EQ(seen.note(hash_of(2), kNow + 3), 1U);
}

TEST(SeenMinutes, LooksAtTheLastSixMinutes) {
  SeenMinutes seen;
  for (unsigned minute = 0; minute < 20; ++minute) {
    EXPECT_EQ(seen.note(hash_of(1), kNow + minute),
              std::min<unsigned>(minute + 1, SeenMinutes::kMinutes));
  }
  SeenMinutes rare;
  rare.note(hash_of(1), kNow);
  EXPECT_EQ(rare.note(hash_of(1), kNow + 5), 2U);
  SeenMinutes rarer;
  rarer.note(hash_of(1), kNow);
  EXPECT_EQ(rarer.note(hash_of(1), kNow + 6), 1U);
  EXPECT_EQ(rarer.note(hash_of(1), kNow + 1000), 1U);
}

TEST(SeenMinutes, OneNameForgetsNoOtherOfTheSameMinute) {
  SeenMinutes seen;
  for (int name = 0; name < 100; ++name) seen.note(hash_of(name), kNow);
  for (int name = 0; name < 100; ++name) EXPECT_EQ(seen.note(hash_of(name), kNow + 1), 2U);
}

TEST(SeenMinutes, ANewMinuteTakesThePlaceOfOneLongAgo) {
  SeenMinutes seen;
  for (int name = 0; name < 10'000; ++name) seen.note(hash_of(name), kNow);
  seen.note(hash_of(20'000), kNow + 6);
  EXPECT_EQ(seen.note(hash_of(1), kNow + 7), 1U);
}

TEST(SeenMinutes, IsSeldomWrong) {
  SeenMinutes seen;
  for (int name = 0; name < 10'000; ++name) seen.note(hash_of(name), kNow);
  int wrong = 0;
  for (int name = 10'000; name < 20'000; ++name) {
    wrong += seen.note(hash_of(name), kNow + 1) > 1 ? 1 : 0;
  }
  EXPECT_LT(wrong, 20) << "of 10,000";
}

}  // namespace
}  // namespace intermission::observe
