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

TEST(Hex, AnEscapeIsAPercentSignAndTwoDigits) {
  EXPECT_EQ(escaped_byte("%2F"), '/');
  EXPECT_EQ(escaped_byte("%fAxyz"), '\xfa');
  EXPECT_EQ(escaped_byte("%00"), '\0');
  for (const char* none : {"", "%", "%2", "2F0", "x%2F", "%2G", "%G2", "%%2F"}) {
    EXPECT_FALSE(escaped_byte(none)) << none;
  }
}

TEST(Hex, OnlyTheBytesThatAreMeantAreDecoded) {
  const auto decode = [](std::string_view text) {
    return percent_decoded(text, [](char c) { return c != '/'; });
  };
  EXPECT_EQ(decode(""), "");
  EXPECT_EQ(decode("/a%20b%2Fc%C3%A4"), "/a b%2Fc\xc3\xa4");
  EXPECT_EQ(decode("%2541"), "%41") << "once";
  EXPECT_EQ(decode("%4%41%"), "%4A%");
}

TEST(Hex, OnlyWhatIsNamedStaysAsItIs) {
  EXPECT_EQ(percent_encoded("", "-"), "");
  EXPECT_EQ(percent_encoded("aZ09-/%", "-"), "aZ09-%2F%25");
  EXPECT_EQ(percent_encoded("\xc3\xa4", ""), "%C3%A4");
}

}  // namespace
}  // namespace intermission::base
