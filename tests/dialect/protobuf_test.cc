#include "dialect/protobuf.h"

#include <gtest/gtest.h>

namespace intermission::dialect {
namespace {

using std::string_view_literals::operator""sv;

// protobuf.dev/programming-guides/encoding.
TEST(Protobuf, WritesFields) {
  EXPECT_EQ(integer(1, 150), "\x08\x96\x01");
  EXPECT_EQ(length_delimited(2, "testing"), "\x12\x07testing");
  EXPECT_EQ(length_delimited(3, ""), "\x1a\0"sv);
}

TEST(Protobuf, ReadsTheLastFieldOfANumber) {
  EXPECT_EQ(bytes_field("", 1), "");
  EXPECT_EQ(bytes_field(length_delimited(1, "a"), 1), "a");
  EXPECT_EQ(bytes_field(length_delimited(1, "a") + length_delimited(1, "b"), 1), "b");
  EXPECT_EQ(bytes_field(length_delimited(2, "a"), 1), "");
  EXPECT_EQ(bytes_field(integer(1, 5), 1), "") << "an integer is no text";
  EXPECT_EQ(bytes_field(length_delimited(1, std::string(300, 'x')), 1), std::string(300, 'x'));
}

TEST(Protobuf, PassesOverFieldsOfEveryKind) {
  const std::string a = length_delimited(1, "a");
  EXPECT_EQ(bytes_field(integer(9, 300) + a, 1), "a");
  EXPECT_EQ(bytes_field("\x49"
                        "12345678" +
                            a,
                        1),
            "a")
      << "64 bits";
  EXPECT_EQ(bytes_field("\x4d"
                        "1234" +
                            a,
                        1),
            "a")
      << "32 bits";
  EXPECT_EQ(bytes_field("\xca\x3e\x01x" + a, 1), "a") << "a number of two bytes";
}

TEST(Protobuf, ReadsNothingOfWhatIsNoMessage) {
  for (const std::string_view wrong :
       {"\x0a"sv,
        "\x0a\x02"
        "a"sv,
        "\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"
        "a"sv,
        "\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"sv, "\x80\x80\x80"sv, "\x0b"sv, "\x0f"sv,
        "\x09"
        "1234567"sv,
        "\x0d"
        "123"sv,
        "\x08"sv,
        "\x0a\x01"
        "a\x0a"sv}) {
    EXPECT_EQ(bytes_field(wrong, 1), "");
  }
}

}  // namespace
}  // namespace intermission::dialect
