// The frame with which a WebSocket is closed (RFC 6455 §5.5.1), and the handshake before it.
#include <gtest/gtest.h>

#include "dialect/table.h"

namespace intermission::dialect {
namespace {

const Dialect& websocket() {
  return *table()[find("websocket").value()];
}

Representation closing(std::string_view message, int code) {
  catalog::Service service;
  service.websocket.close = code;
  page::Notice notice;
  notice.service = "orders";
  notice.language = "en";
  notice.message = message;
  return websocket().render(notice, service).back();
}

TEST(Websocket, TheFrameHoldsCodeAndMessage) {
  const Representation said = closing("Back soon", 1013);
  EXPECT_EQ(said.status, 101);
  EXPECT_EQ(said.body,
            "\x88\x0b\x03\xf5"
            "Back soon");
  EXPECT_EQ(closing("x", 1001).body, "\x88\x03\x03\xe9x");
}

TEST(Websocket, ALongMessageIsCutBetweenCharacters) {
  // 41 characters of three bytes are 123 bytes, all that a close frame has room for.
  const std::string euro = "\xe2\x82\xac";
  std::string long_message;
  for (int i = 0; i < 60; ++i) long_message += euro;
  const std::string frame = closing(long_message, 1013).body;
  EXPECT_EQ(frame.size(), 127U);
  EXPECT_EQ(frame[1], 125);
  const std::string shifted = closing("a" + long_message, 1013).body;
  EXPECT_EQ(shifted.size(), 4 + 1 + 40 * 3U);
  EXPECT_TRUE(shifted.ends_with(euro));
}

TEST(Websocket, WithoutACodeBothFormsAreTheRefusal) {
  const catalog::Service service;
  page::Notice notice;
  notice.service = "orders";
  notice.language = "en";
  notice.message = "Back soon";
  for (const Representation& said : websocket().render(notice, service)) {
    EXPECT_EQ(said.status, 503);
    EXPECT_EQ(said.media_type, "text/plain");
  }
}

// The example of RFC 6455 §1.3.
TEST(Websocket, TheHandshakeIsTheStandards) {
  http::Request request;
  request.reset("GET", "/chat", 11);
  request.add_field("Upgrade", "websocket");
  request.add_field("Connection", "Upgrade");
  request.add_field("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
  request.add_field("Sec-WebSocket-Version", "13");
  const catalog::Service service;
  RequestEvidence evidence(request, BodyState::kFinal, service);
  EXPECT_EQ(websocket().recognise(evidence).favours, 1U);
  const Repeated repeated = websocket().repeat(evidence, {}, closing("x", 1013), {});
  EXPECT_EQ(repeated.fields.text(), "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n");
}

TEST(Websocket, WhatCannotBeAcceptedIsRefused) {
  const auto form = [](int version, const char* connection, const char* key, const char* number) {
    http::Request request;
    request.reset("GET", "/chat", version);
    request.add_field("Upgrade", "websocket");
    request.add_field("Connection", connection);
    request.add_field("Sec-WebSocket-Key", key);
    request.add_field("Sec-WebSocket-Version", number);
    const catalog::Service service;
    RequestEvidence evidence(request, BodyState::kFinal, service);
    return websocket().recognise(evidence).favours;
  };
  const char* const key = "dGhlIHNhbXBsZSBub25jZQ==";
  EXPECT_EQ(form(11, "keep-alive, Upgrade", key, "13"), 1U);
  EXPECT_EQ(form(10, "Upgrade", key, "13"), 0U);
  EXPECT_EQ(form(11, "close", key, "13"), 0U);
  EXPECT_EQ(form(11, "Upgrade", key, "8"), 0U);
  EXPECT_EQ(form(11, "Upgrade", "dGhlIHNhbXBsZSBub25jZQ=", "13"), 0U);
  EXPECT_EQ(form(11, "Upgrade", "dGhlIHNhbXBsZSBub25jZ?==", "13"), 0U);
  EXPECT_EQ(form(11, "Upgrade", "", "13"), 0U);
}

}  // namespace
}  // namespace intermission::dialect
