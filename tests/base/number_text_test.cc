#include "base/number_text.h"

#include <gtest/gtest.h>

#include <limits>

namespace intermission::base {
namespace {

std::string varint(std::uint64_t number) {
  std::string out = "x";
  append_varint(out, number);
  return out.substr(1);
}

TEST(NumberText, AppendsDigits) {
  std::string out = "x";
  append_number(out, 0);
  append_number(out, std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(out, "x018446744073709551615");
}

// protobuf.dev/programming-guides/encoding, "Base 128 Varints".
TEST(NumberText, AppendsVarints) {
  EXPECT_EQ(varint(0), std::string(1, '\0'));
  EXPECT_EQ(varint(1), "\x01");
  EXPECT_EQ(varint(127), "\x7F");
  EXPECT_EQ(varint(128), "\x80\x01");
  EXPECT_EQ(varint(150), "\x96\x01");
  EXPECT_EQ(varint(16384), "\x80\x80\x01");
  EXPECT_EQ(varint(std::numeric_limits<std::uint64_t>::max()), std::string(9, '\xFF') + "\x01");
}

}  // namespace
}  // namespace intermission::base
