#include "base/hex.h"

#include <gtest/gtest.h>

#include <array>

namespace intermission::base {
namespace {

TEST(Hex, TwoSmallDigitsForEachByte) {
  EXPECT_EQ(hex({}), "");
  EXPECT_EQ(hex(std::array<unsigned char, 4>{0x00, 0x0f, 0xa0, 0xff}), "000fa0ff");
}

TEST(Hex, PercentEncodingIsInCapitalDigits) {
  std::string out = "x";
  append_percent(out, '\xfa');
  append_percent(out, '\n');
  EXPECT_EQ(out, "x%FA%0A");
}

TEST(Hex, OnlyWhatIsNamedStaysAsItIs) {
  EXPECT_EQ(percent_encoded("", "-"), "");
  EXPECT_EQ(percent_encoded("aZ09-/%", "-"), "aZ09-%2F%25");
  EXPECT_EQ(percent_encoded("\xc3\xa4", ""), "%C3%A4");
}

}  // namespace
}  // namespace intermission::base
