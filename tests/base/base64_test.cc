#include "base/base64.h"

#include <gtest/gtest.h>

namespace intermission::base {
namespace {

// RFC 4648 §10.
TEST(Base64, KnowsTheVectorsOfTheStandard) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("foob"), "Zm9vYg==");
  EXPECT_EQ(base64("fooba"), "Zm9vYmE=");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
}

TEST(Base64, UsesBothSigns) {
  EXPECT_EQ(base64("\xFB\xFF"), "+/8=");
}

TEST(Base64, MayGoWithoutPadding) {
  EXPECT_EQ(base64("f", false), "Zg");
  EXPECT_EQ(base64("foo", false), "Zm9v");
}

}  // namespace
}  // namespace intermission::base
