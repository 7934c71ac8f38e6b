#include "http/media_type.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace intermission::http {
namespace {

TEST(MediaType, NamesAreComparedWithoutCase) {
  const auto type = parse_media_type("Application/SOAP+XML; Charset=utf-8; action=\"urn:x;y\"");
  ASSERT_TRUE(type);
  EXPECT_TRUE(type->is("application/soap+xml"));
  EXPECT_EQ(type->suffix(), "XML");
  EXPECT_TRUE(type->is_xml());
  EXPECT_FALSE(type->is_json());
  EXPECT_EQ(type->parameter("charset"), "utf-8");
  EXPECT_EQ(type->parameter("ACTION"), "\"urn:x;y\"");
  EXPECT_FALSE(type->parameter("version"));
}

TEST(MediaType, WhatIsNoMediaTypeIsNothing) {
  for (const char* text : {"", " ", "json", "/json", "application/", "application json", "a/b/c",
                           "a/b c", "\xff\xfe/x", "application/json charset=x"}) {
    EXPECT_FALSE(parse_media_type(text)) << text;
  }
}

TEST(MediaType, BrokenParametersDoNotCostTheType) {
  for (const char* text : {"text/xml;", "text/xml;;;", "text/xml; charset", "text/xml; =x",
                           "text/xml; charset=\"utf-8", "text/xml ; a=\"\\"}) {
    const auto type = parse_media_type(text);
    ASSERT_TRUE(type) << text;
    EXPECT_TRUE(type->is("text/xml")) << text;
  }
}

TEST(Splitter, SeparatorsInsideQuotedStringsDoNotCount) {
  const auto split = [](std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    Splitter splitter(text, separator);
    std::string_view part;
    while (splitter.next(part)) parts.push_back(part);
    return parts;
  };
  using Parts = std::vector<std::string_view>;
  EXPECT_EQ(split("", ','), Parts{});
  EXPECT_EQ(split("a", ','), Parts{"a"});
  EXPECT_EQ(split(" a ,\tb,", ','), (Parts{"a", "b"}));
  EXPECT_EQ(split(",,", ','), (Parts{"", ""}));
  EXPECT_EQ(split("x=\"1,2\"", ','), Parts{"x=\"1,2\""});
  EXPECT_EQ(split("x=\"1,2\",y=\"3,4\"", ','), (Parts{"x=\"1,2\"", "y=\"3,4\""}));
  EXPECT_EQ(split("x=\"\\\",\",b", ','), (Parts{"x=\"\\\",\"", "b"}));
  EXPECT_EQ(split("x=\"\\\",b", ','), (Parts{"x=\"\\\"", "b"}));
  EXPECT_EQ(split("x=\"1\",\"a,b", ','), (Parts{"x=\"1\"", "\"a", "b"}));
  EXPECT_EQ(split("\"\\", ','), Parts{"\"\\"});
  EXPECT_EQ(split("a/b;x=\"1,2\\\",3\" , ,c/d", ','), (Parts{"a/b;x=\"1,2\\\",3\"", "", "c/d"}));
  EXPECT_EQ(split("a/b;x=\"1, c/d", ','), (Parts{"a/b;x=\"1", "c/d"}));
  EXPECT_EQ(split("a=\";\";b=c", ';'), (Parts{"a=\";\"", "b=c"}));
}

// Every quote is searched for its end in vain; doing that once per quote would take minutes.
TEST(Splitter, ManyQuotesThatNeverCloseCostOnePass) {
  std::string parameters;
  while (parameters.size() < 3'000'000) parameters += ";\"\\";
  const std::string whole = "a/b" + parameters + ";charset=x";
  EXPECT_EQ(parse_media_type(whole)->parameter("charset"), "x");
  Splitter members(whole, ',');
  std::string_view member;
  EXPECT_TRUE(members.next(member));
  EXPECT_EQ(member, whole);
}

// Behind the first, a backslash stands before each quote: none closes it, and none closes another.
TEST(Splitter, QuotesBehindBackslashesCostOnePass) {
  std::string whole;
  while (whole.size() < 1'000'000) whole += "\"\\";
  whole += " ,b";
  Splitter members(whole, ',');
  std::string_view member;
  EXPECT_TRUE(members.next(member));
  EXPECT_EQ(member.size(), whole.size() - 3);
  EXPECT_TRUE(members.next(member));
  EXPECT_EQ(member, "b");
}

TEST(MediaType, EmptyParametersAreSkipped) {
  const auto type = parse_media_type("a/b; ; ;a = b;;c;=d;");
  ASSERT_TRUE(type);
  EXPECT_EQ(type->parameter("a"), "b");
  EXPECT_EQ(type->parameter("c"), "");
  EXPECT_EQ(type->parameter(""), "d");
  EXPECT_EQ(type->parameter("b"), std::nullopt);
}

}  // namespace
}  // namespace intermission::http
