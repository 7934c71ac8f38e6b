#include "server/unread_line.h"

#include <gtest/gtest.h>

#include <string>

namespace intermission::server {
namespace {

std::string read(std::string_view bytes) {
  http::Request request;
  request.reset("OLD", "/old", 11);
  request.add_field("Old", "field");
  read_what_stands(bytes, request);
  EXPECT_EQ(request.version(), 0);
  EXPECT_TRUE(request.fields().empty());
  return std::string(request.method()) + "|" + std::string(request.target());
}

TEST(UnreadLine, HoldsTheMethodAndTheTargetThatAreThere) {
  EXPECT_EQ(read("GET /a?b HTTP/1.1\r\nHost: h"), "GET|/a?b");
  EXPECT_EQ(read("HEAD /a"), "HEAD|/a") << "where the target may go on";
  EXPECT_EQ(read("HEAD /a\r\n"), "HEAD|/a");
  EXPECT_EQ(read("HEAD "), "HEAD|");
  EXPECT_EQ(read("HEAD\r\n"), "HEAD|");
}

// HEAD may be the start of HEADER.
TEST(UnreadLine, AMethodWithoutItsEndIsNone) {
  EXPECT_EQ(read("HEAD"), "|");
  EXPECT_EQ(read(""), "|");
}

TEST(UnreadLine, WhatIsNoMethodIsNone) {
  EXPECT_EQ(read(" GET /"), "|GET");
  EXPECT_EQ(read("\x16\x03\x01"), "|");
  EXPECT_EQ(read("GET\t/a HTTP/1.1"), "GET|") << "only a space stands between them";
  EXPECT_EQ(read("GET /a\x01/b"), "GET|/a");
  EXPECT_EQ(read("GET  /a"), "GET|");
}

}  // namespace
}  // namespace intermission::server
