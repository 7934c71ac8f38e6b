// What the conversations of tests/cases/json_rpc do not reach: bodies that were cut at the limit,
// and bodies that would make a reply without bound.
#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "dialect/table.h"

namespace intermission::dialect {
namespace {

const Dialect& json_rpc() {
  return *table()[*find("json_rpc")];
}

struct Heard {
  Claim claim;
  std::string body;
};

Heard ask(const std::string& body, bool complete, const std::string& message = "Back soon") {
  http::Request request;
  request.reset("POST", "/", 11);
  request.add_field("Content-Type", "application/json");
  request.set_body(body, complete);
  const catalog::Service service;
  RequestEvidence evidence(request, BodyState::kFinal, service);
  page::Notice notice;
  notice.service = "orders";
  notice.message = message;
  notice.language = "en";
  notice.seconds = 120;
  const auto said = json_rpc().render(notice, service);
  const Claim claim = json_rpc().recognise(evidence);
  return {claim, *json_rpc().repeat(evidence, notice, said[0], claim).body};
}

// The ids of the replies, in order; the text must be JSON, whatever was asked.
std::string ids(const std::string& replies) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseNumbersAsStringsFlag>(replies);
  EXPECT_FALSE(document.HasParseError()) << replies.substr(0, 200);
  const auto id = [](const rapidjson::Value& reply) {
    const auto& value = reply["id"];
    return value.IsNull() ? "null" : value.IsString() ? value.GetString() : "other";
  };
  if (document.IsObject()) return id(document);
  std::string out;
  for (const auto& reply : document.GetArray()) out += std::string(id(reply)) + " ";
  return out;
}

TEST(JsonRpc, ACallCutAfterItsIdIsAnsweredUnderIt) {
  EXPECT_EQ(ids(ask(R"({"jsonrpc":"2.0","id":7,"params":[1,2)", false).body), "7");
  EXPECT_EQ(ids(ask(R"({"jsonrpc":"2.0","params":[1,2)", false).body), "null");
  EXPECT_EQ(ids(ask(R"({"jsonrpc":"2.0","method":"a","params":[1,2)", false).body), "null")
      << "what was cut off may have been the id: no notification";
  EXPECT_EQ(ids(ask(R"({"jsonrpc":"2.0","id":7,"params":[1,2)", true).body), "null")
      << "whole, but not JSON";
}

TEST(JsonRpc, ABatchThatWasCutAnswersWhatItHolds) {
  EXPECT_EQ(ids(ask(R"([{"jsonrpc":"2.0","id":1,"method":"a"},{"jsonrpc":"2.0","id":2,"par)", false)
                    .body),
            "1 2 null ");
  EXPECT_EQ(ids(ask(R"([{"jsonrpc":"2.0","id":1,"method":"a"},{"jsonrpc":"2)", false).body),
            "1 null ");
  EXPECT_EQ(ids(ask(R"([{"jsonrpc":"2.0","method":"a"},)", false).body), "null ");
}

TEST(JsonRpc, AnIdThatIsNoJsonIsNull) {
  EXPECT_EQ(ids(ask(R"({"jsonrpc":"2.0","id":x,"method":"a"})", true).body), "null");
  EXPECT_EQ(ids(ask("{\"jsonrpc\":\"2.0\",\"id\":\"\n\",\"method\":\"a\"}", true).body), "null");
}

TEST(JsonRpc, TheWaitsMarkInAnIdIsAnIdsOwn) {
  const std::string id = "a" + std::string(page::kSecondsMark) + "b";
  EXPECT_EQ(ids(ask("{\"jsonrpc\":\"2.0\",\"id\":\"" + id + "\",\"method\":\"a\"}", true).body),
            id);
}

TEST(JsonRpc, ManySmallCallsDoNotMakeAReplyWithoutBound) {
  std::string body = "[";
  for (int i = 0; i < 2000; ++i)
    body += (i == 0 ? "" : ",") + std::string(R"({"jsonrpc":"2.0","id":1})");
  body += "]";
  const std::string replies = ask(body, true, std::string(10000, 'x')).body;
  EXPECT_LT(replies.size(), 1024U * 1024U);
  EXPECT_EQ(ids(replies).size(), 4000U) << "one for each call";
}

// The reply in front may be so long that no more fits; the next one then has no data.
TEST(JsonRpc, RepliesBeyond256KiBKeepToTheCode) {
  const auto second_of = [](std::size_t size_of_id) {
    const std::string body =
        ask(R"([{"jsonrpc":"2.0","method":"a","id":")" + std::string(size_of_id, 'x') +
                R"("},{"jsonrpc":"2.0","method":"a","id":2}])",
            true)
            .body;
    return body.substr(body.rfind("{\"jsonrpc\""));
  };
  const std::string whole = second_of(0);
  EXPECT_NE(whole.find("\"data\""), std::string::npos);
  // "[", the first reply and "," stand in front of the second one.
  const std::size_t others = whole.size() - 1 - std::string_view("2").size() + 2 + 2;
  const std::size_t most = 256 * 1024 - others;
  EXPECT_EQ(second_of(most - 1), whole);
  EXPECT_EQ(second_of(most),
            R"({"jsonrpc":"2.0","error":{"code":-32000,"message":"Service Unavailable"},"id":2}])");
}

TEST(JsonRpc, OtherJsonIsNotClaimed) {
  for (const char* body : {"", "{}", "[]", R"({"jsonrpc":"1.0"})", R"({"a":"jsonrpc"})",
                           R"({"a":{"jsonrpc":"2.0"}})", R"("jsonrpc")"}) {
    EXPECT_EQ(ask(body, true).claim.strength, Claim::Strength::kNone) << body;
  }
  EXPECT_EQ(ask(R"([7,{"jsonrpc" : "2.0"}])", true).claim.strength, Claim::Strength::kSure);
}

}  // namespace
}  // namespace intermission::dialect
