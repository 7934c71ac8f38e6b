#include "http/media_type.h"

#include <gtest/gtest.h>

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
  EXPECT_EQ(unquote(*type->parameter("ACTION")), "urn:x;y");
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

TEST(NextMember, QuotedStringsHoldCommas) {
  std::string_view rest = "a/b;x=\"1,2\\\",3\" , ,c/d";
  EXPECT_EQ(next_member(rest), "a/b;x=\"1,2\\\",3\"");
  EXPECT_EQ(next_member(rest), "");
  EXPECT_EQ(next_member(rest), "c/d");
  EXPECT_TRUE(rest.empty());
}

TEST(NextMember, AnUnclosedQuoteDoesNotSwallowTheList) {
  std::string_view rest = "a/b;x=\"1, c/d";
  EXPECT_EQ(next_member(rest), "a/b;x=\"1");
  EXPECT_EQ(next_member(rest), "c/d");
}

TEST(Unquote, EscapesAreUndone) {
  EXPECT_EQ(unquote("\"a\\\"b\""), "a\"b");
  EXPECT_EQ(unquote("plain"), "plain");
  EXPECT_EQ(unquote("\""), "\"");
  EXPECT_EQ(unquote("\"\""), "");
}

}  // namespace
}  // namespace intermission::http
