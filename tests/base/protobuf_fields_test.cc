#include "base/protobuf_fields.h"

#include <gtest/gtest.h>

#include <string_view>

namespace intermission::base {
namespace {

using namespace std::string_view_literals;

TEST(ProtobufFields, ComeInTheirOrder) {
  // 1: 300; 2: "ab"; 3: eight bytes; 4: four bytes
  ProtobufFields fields(
      "\x08\xAC\x02\x12\x02"
      "ab\x19"
      "12345678\x25"
      "1234"sv);
  const auto integer = fields.next();
  ASSERT_TRUE(integer);
  EXPECT_EQ(integer->number, 1U);
  EXPECT_EQ(integer->integer, 300U);
  EXPECT_FALSE(integer->has_length);
  const auto text = fields.next();
  ASSERT_TRUE(text);
  EXPECT_EQ(text->number, 2U);
  EXPECT_TRUE(text->has_length);
  EXPECT_EQ(text->bytes, "ab");
  EXPECT_EQ(fields.next()->number, 3U);
  EXPECT_EQ(fields.next()->number, 4U);
  EXPECT_FALSE(fields.next());
  EXPECT_FALSE(fields.is_broken());
}

TEST(ProtobufFields, EndWhereTheBytesAreNoMessage) {
  for (const std::string_view bytes :
       {"\x08"sv, "\x80"sv, "\x08\x80"sv,
        "\x12\x03"
        "ab"sv,
        "\x19"
        "1234567"sv,
        "\x25"
        "123"sv,
        "\x02\x00"sv, "\x0B"sv, "\x08\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"sv,
        "\x08\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00"sv}) {
    ProtobufFields fields(bytes);
    EXPECT_FALSE(fields.next());
    EXPECT_TRUE(fields.is_broken()) << ::testing::PrintToString(bytes);
  }
}

}  // namespace
}  // namespace intermission::base
