// Who lives, where the clock of the database may say anything.
#include "control/sightings.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace intermission::control {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

const Sightings::Time kStart{hours{1000}};

/// A row as the database lists it: the mark of its last beat, and how long ago that says it was.
Instance row(std::string id, std::string mark, base::Seconds ago) {
  Instance one;
  one.id = std::move(id);
  one.mark = std::move(mark);
  one.ago = ago;
  return one;
}

class SightingsTest : public ::testing::Test {
 protected:
  /// How long ago the one row was seen, `at` after the start.
  base::Seconds look(seconds at, const std::string& mark, base::Seconds ago) {
    std::vector<Instance> all{row("a", mark, ago)};
    sightings_.note(all, kStart + at);
    return all.at(0).ago;
  }

  Sightings sightings_;
};

TEST_F(SightingsTest, AtFirstTheDatabaseIsBelieved) {
  EXPECT_EQ(look(seconds{0}, "1", seconds{7}), seconds{7});
}

TEST_F(SightingsTest, AMarkThatDoesNotChangeGrowsOldByOurClock) {
  look(seconds{0}, "1", seconds{2});
  EXPECT_EQ(look(seconds{30}, "1", seconds{2}), seconds{32}) << "the database's clock stands still";
  EXPECT_EQ(look(seconds{40}, "1", seconds{0}), seconds{42}) << "it went back";
  EXPECT_EQ(look(seconds{50}, "1", hours{5}), seconds{52}) << "it jumped";
}

TEST_F(SightingsTest, AMarkThatChangesIsNoOlderThanTheLastLook) {
  look(seconds{0}, "1", seconds{0});
  EXPECT_EQ(look(seconds{4}, "2", hours{5}), seconds{4});
  EXPECT_EQ(look(seconds{8}, "3", seconds{1}), seconds{1});
}

TEST_F(SightingsTest, ARowThatIsNewIsNoOlderThanTheLastLook) {
  std::vector<Instance> all{row("a", "1", seconds{0})};
  sightings_.note(all, kStart);
  all = {row("a", "2", seconds{0}), row("b", "1", hours{3})};
  sightings_.note(all, kStart + seconds{5});
  EXPECT_EQ(all.at(1).ago, seconds{5});
}

TEST_F(SightingsTest, NoInstanceIsGoneBecauseAClockJumps) {
  look(seconds{0}, "1", hours{90'000});
  EXPECT_TRUE(sightings_.gone().empty());
  look(seconds{59}, "1", hours{90'000});
  EXPECT_TRUE(sightings_.gone().empty()) << "it may beat yet";
  look(seconds{60}, "2", hours{90'000});
  EXPECT_TRUE(sightings_.gone().empty()) << "it did";
}

TEST_F(SightingsTest, WhoSaysNothingForAnHourIsGone) {
  look(seconds{0}, "1", seconds{0});
  look(seconds{3599}, "1", seconds{0});
  EXPECT_TRUE(sightings_.gone().empty());
  look(seconds{3600}, "1", seconds{0});
  ASSERT_EQ(sightings_.gone().size(), 1U);
  EXPECT_EQ(sightings_.gone().at(0).mark, "1");
}

TEST_F(SightingsTest, WhatOthersLeftLongAgoIsGoneOnceItHasBeenSilentForAMinute) {
  look(seconds{0}, "1", hours{2});
  look(seconds{60}, "1", hours{2});
  EXPECT_EQ(sightings_.gone().size(), 1U);
  std::vector<Instance> none;
  sightings_.note(none, kStart + seconds{120});
  EXPECT_TRUE(sightings_.gone().empty()) << "it was removed";
}

}  // namespace
}  // namespace intermission::control
