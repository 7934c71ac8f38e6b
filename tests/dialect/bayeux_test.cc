// What the conversations of tests/cases/bayeux do not reach: what is no Bayeux, bodies that were
// cut at the limit, and bodies that would make a reply without bound.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <string>

#include "catalog/service.h"
#include "dialect/request_evidence.h"
#include "dialect/table.h"
#include "page/notice.h"

namespace intermission::dialect {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

const Dialect& bayeux() {
  return *table()[*find("bayeux")];
}

struct Heard {
  Claim claim;
  std::string body;
};

Heard ask(const std::string& body, const std::string& message = "Back soon") {
  http::Request request;
  request.reset("POST", "/cometd", 11);
  request.add_field("Content-Type", "application/json;charset=UTF-8");
  request.set_body(body, true);
  const catalog::Service service;
  RequestEvidence evidence(request, BodyState::kFinal, service);
  page::Notice notice;
  notice.message = message;
  notice.language = "en";
  notice.seconds = 120;
  const auto said = bayeux().render(notice, service);
  EXPECT_EQ(said.front().status, 200);
  EXPECT_EQ(said.front().gate_status, 503);
  const Claim claim = bayeux().recognise(evidence);
  return {claim, bayeux().repeat(evidence, notice, said.front(), claim).body.value_or("")};
}

rapidjson::Document parse(const std::string& replies) {
  rapidjson::Document document;
  document.Parse(replies);
  EXPECT_FALSE(document.HasParseError()) << replies.substr(0, 300);
  EXPECT_TRUE(document.IsArray());
  return document;
}

const std::string kConnect =
    R"({"channel":"/meta/connect","clientId":"a","connectionType":"long-polling","id":"7"})";

TEST(Bayeux, RefusesEachMessageOnItsChannel) {
  const auto document = parse(
      ask("[" + kConnect + R"(,{"channel":"/orders","clientId":"a","data":{},"id":8}])").body);
  ASSERT_EQ(document.Size(), 2U);
  const auto& connect = document[0];
  EXPECT_STREQ(connect["channel"].GetString(), "/meta/connect");
  EXPECT_STREQ(connect["id"].GetString(), "7");
  EXPECT_FALSE(connect["successful"].GetBool());
  EXPECT_STREQ(connect["error"].GetString(), "503::Back soon. Please try again in 120 seconds.");
  EXPECT_STREQ(connect["advice"]["reconnect"].GetString(), "retry");
  EXPECT_EQ(connect["advice"]["interval"].GetInt(), 120'000);
  EXPECT_STREQ(document[1]["channel"].GetString(), "/orders");
  EXPECT_EQ(document[1]["id"].GetInt(), 8);
}

TEST(Bayeux, WhoIsNotKnownShakesHandsAgain) {
  const auto document =
      parse(ask(R"({"channel":"/meta/handshake","version":"1.0","supportedConnectionTypes":["x"]})")
                .body);
  ASSERT_EQ(document.Size(), 1U) << "one message is answered by a list as well";
  EXPECT_STREQ(document[0]["advice"]["reconnect"].GetString(), "handshake");
  EXPECT_FALSE(document[0].HasMember("id"));
}

TEST(Bayeux, OtherJsonIsNotClaimed) {
  for (const char* body :
       {"", "[]", "{}", R"({"channel":"/meta/connect"})",
        R"({"channel":"/meta/orders","clientId":"a"})", R"({"clientId":"/meta/connect"})",
        R"({"channel":"/orders","clientId":"a","data":"\"/meta/connect\""})",
        R"([{"channel":"/meta/connect"},{"clientId":"a"}])",
        R"({"a":{"channel":"/meta/connect","clientId":"a"}})"}) {
    EXPECT_EQ(ask(body).claim.strength, Claim::Strength::kNone) << body;
  }
  EXPECT_EQ(ask("[" + kConnect + "]").claim.strength, Claim::Strength::kSure);
}

TEST(Bayeux, WhatIsNoJsonIsNotRepeated) {
  for (const char* id : {"x", "\"\n\"", "{", "1]"}) {
    const std::string said = ask(R"([{"channel":"/meta/connect","clientId":"a","id":)" +
                                 std::string(id) + "}, " + kConnect + "]")
                                 .body;
    const auto document = parse(said);
    EXPECT_GE(document.Size(), 1U) << said;
  }
}

TEST(Bayeux, ManySmallMessagesDoNotMakeAReplyWithoutBound) {
  std::string body = "[" + kConnect;
  for (int i = 0; i < 5000; ++i) body += ",{}";
  const std::string replies = ask(body + "]", std::string(10'000, 'x')).body;
  EXPECT_LT(replies.size(), 1024U * 1024U);
  EXPECT_EQ(parse(replies).Size(), 5001U);
  EXPECT_THAT(replies, StartsWith("[{\"channel\":\"/meta/connect\""));
  EXPECT_THAT(replies, HasSubstr("\"error\":\"503::Service Unavailable\""));
}

TEST(Bayeux, ACutMessageIsAnsweredAsFarAsItGoes) {
  const std::string replies = ask("[" + kConnect + R"(,{"channel":"/orders","id":"8","da)").body;
  const auto document = parse(replies);
  ASSERT_EQ(document.Size(), 2U);
  EXPECT_STREQ(document[1]["id"].GetString(), "8");
}

}  // namespace
}  // namespace intermission::dialect
