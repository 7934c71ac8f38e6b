#include "base/steps.h"

#include <gtest/gtest.h>

#include <limits>

namespace intermission::base {
namespace {

TEST(Steps, AreTakenUntilNoneIsLeft) {
  Steps steps(5);
  EXPECT_TRUE(steps.take(2));
  EXPECT_TRUE(steps.take(3));
  EXPECT_FALSE(steps.used_up()) << "the last was still there";
  EXPECT_EQ(steps.left(), 0U);
  EXPECT_TRUE(steps.take(0));
  EXPECT_FALSE(steps.take(1));
  EXPECT_TRUE(steps.used_up());
}

// Or small steps would go on where a large one was refused.
TEST(Steps, AfterARefusalThereAreNone) {
  Steps steps(5);
  EXPECT_FALSE(steps.take(6));
  EXPECT_EQ(steps.left(), 0U);
  EXPECT_FALSE(steps.take(1));
  EXPECT_FALSE(steps.take(0));
  EXPECT_TRUE(steps.used_up());
}

TEST(Steps, NoNumberIsTooLarge) {
  Steps steps(std::numeric_limits<std::uint64_t>::max());
  EXPECT_TRUE(steps.take(std::numeric_limits<std::uint64_t>::max()));
  EXPECT_FALSE(steps.take(std::numeric_limits<std::uint64_t>::max()));
}

}  // namespace
}  // namespace intermission::base
