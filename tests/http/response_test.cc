#include "http/response.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace intermission::http {
namespace {

TEST(AppendField, IsOneLine) {
  std::string fields = "A: b\r\n";
  append_field(fields, "Name", "a value");
  append_field(fields, "Empty", "");
  EXPECT_EQ(fields, "A: b\r\nName: a value\r\nEmpty: \r\n");
}

// Each byte that RFC 9110 §5.5 forbids in a value, and no other, becomes a space.
TEST(AppendField, NoValueEndsItsLine) {
  for (int byte = 0; byte < 256; ++byte) {
    std::string fields;
    append_field(fields, "N", std::string("a") + static_cast<char>(byte) + "b");
    const bool forbidden = (byte < 0x20 && byte != '\t') || byte == 0x7f;
    const char expected = forbidden ? ' ' : static_cast<char>(byte);
    EXPECT_EQ(fields, std::string("N: a") + expected + "b\r\n") << byte;
  }
  Response response;
  response.add_field("Location", "/x\r\nSet-Cookie: a=b\r\n\r\n<script>");
  EXPECT_EQ(response.fields, "Location: /x  Set-Cookie: a=b    <script>\r\n");
}

struct NoStream final : Stream {
  bool read(std::string& /*out*/) override { return false; }
};

// It is used again for the next request: nothing of the last answer may reach another client.
TEST(Response, ResetForgetsTheLastAnswer) {
  Response response;
  response.status = 200;
  response.add_field("Set-Cookie", "a=b");
  response.text = "for one client";
  response.body_from_text();
  EXPECT_EQ(response.body, "for one client");
  const auto owner = std::make_shared<const std::string>("owned");
  response.owner = owner;
  response.stream = std::make_unique<NoStream>();
  response.close = true;
  response.reset();
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.fields, "");
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(response.text, "");
  EXPECT_EQ(response.owner, nullptr);
  EXPECT_EQ(owner.use_count(), 1);
  EXPECT_EQ(response.stream, nullptr);
  EXPECT_FALSE(response.close);
}

TEST(Response, IsAnOutageUntilSomebodySaysOtherwise) {
  EXPECT_EQ(Response().status, 503);
  EXPECT_FALSE(Response().close);
}

}  // namespace
}  // namespace intermission::http
