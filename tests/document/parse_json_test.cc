#include "document/parse_json.h"

#include <gtest/gtest.h>

#include <string>

namespace intermission::document {
namespace {

TEST(ParseJson, ReadsAnyValue) {
  const auto parsed = parse_json(R"({"a":[1,"\u00fc",null]})");
  ASSERT_FALSE(parsed.HasParseError());
  EXPECT_EQ(parsed["a"][0].GetInt(), 1);
  EXPECT_STREQ(parsed["a"][1].GetString(), "\xC3\xBC");
  EXPECT_TRUE(parsed["a"][2].IsNull());
  EXPECT_TRUE(parse_json("7").IsInt());
}

TEST(ParseJson, SaysWhereItIsWrong) {
  const auto parsed = parse_json(R"({"a":})");
  ASSERT_TRUE(parsed.HasParseError());
  EXPECT_EQ(parsed.GetErrorOffset(), 5U);
  EXPECT_TRUE(parse_json("").HasParseError());
  EXPECT_TRUE(parse_json("{} {}").HasParseError());
}

TEST(ParseJson, WhatIsNotUtf8IsAnError) {
  EXPECT_TRUE(parse_json("\"\xff\"").HasParseError());
  EXPECT_TRUE(parse_json("\"\xc3\"").HasParseError());
}

// It must not use up the stack.
TEST(ParseJson, MayBeNestedAsDeeplyAsItLikes) {
  const std::size_t depth = 1'000'000;
  EXPECT_FALSE(parse_json(std::string(depth, '[') + std::string(depth, ']')).HasParseError());
  EXPECT_TRUE(parse_json(std::string(depth, '[')).HasParseError());
}

}  // namespace
}  // namespace intermission::document
