// An exception of Thrift, whose names and numbers are those of its call.
#include "dialect/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "catalog/service.h"
#include "dialect/request_evidence.h"
#include "page/notice.h"

namespace intermission::dialect {
namespace {

using namespace std::string_literals;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::string_view kText = "Back soon. Please try again in 120 seconds.";  // 43 bytes

class Thrift : public ::testing::Test {
 protected:
  Thrift() {
    notice_.message = "Back soon";
    notice_.language = "en";
    notice_.seconds = 120;
  }

  static const Dialect& thrift() { return *table()[*find("thrift")]; }

  struct Said {
    std::string type;
    std::string body;
  };
  Said answer(const std::string& body, const char* type = "application/x-thrift") {
    http::Request asked;
    asked.reset("POST", "/orders", 7);
    asked.add_field("Content-Type", type);
    asked.set_body(body, false);
    RequestEvidence evidence(asked, BodyState::kFinal, service_);
    const auto forms = thrift().render(notice_, service_);
    const Claim claim = thrift().recognise(evidence);
    EXPECT_EQ(claim.strength, Claim::Strength::kSure);
    const Representation& said = forms.at(*claim.favours);
    EXPECT_EQ(said.status, 200);
    EXPECT_EQ(said.gate_status, 503);
    return {said.content_type, *thrift().repeat(evidence, notice_, said, claim).body};
  }

  catalog::Service service_;
  page::Notice notice_;
};

std::string binary_exception(const std::string& name, const std::string& number) {
  return "\x80\x01\x00\x03\x00\x00\x00"s + static_cast<char>(name.size()) + name + number +
         "\x0B\x00\x01\x00\x00\x00\x2B"s + std::string(kText) + "\x08\x00\x02\x00\x00\x00\x06\x00"s;
}

TEST_F(Thrift, BinaryCallsAreAnsweredUnderTheirNameAndNumber) {
  const auto [type, body] = answer("\x80\x01\x00\x01\x00\x00\x00\x03get\x01\x02\xFE\x07\x00"s);
  EXPECT_EQ(type, "application/x-thrift");
  EXPECT_EQ(body, binary_exception("get", "\x01\x02\xFE\x07"));
}

TEST_F(Thrift, CallsOfTheFirstVersionAreAnsweredInTheSecond) {
  const auto [type, body] = answer("\x00\x00\x00\x03get\x01\x00\x00\x00\x07\x00"s);
  EXPECT_EQ(body, binary_exception("get", "\x00\x00\x00\x07"s));
}

TEST_F(Thrift, CompactCallsAreAnsweredInTheCompactProtocol) {
  const auto [type, body] = answer("\x82\x21\x87\x01\x03get\x00"s);
  EXPECT_EQ(type, "application/x-thrift");
  EXPECT_EQ(body, "\x82\x61\x87\x01\x03get\x18\x2B"s + std::string(kText) + "\x15\x0C\x00"s);
}

TEST_F(Thrift, LongNamesAndMessagesHaveLengthsOfTwoBytes) {
  const std::string name(300, 'n');
  const std::string message(200, 'm');
  notice_.message = message;
  const auto [type, body] = answer("\x82\x21\x07\xAC\x02"s + name + "\x00"s);
  EXPECT_THAT(body, StartsWith("\x82\x61\x07\xAC\x02"s + name + "\x18\xEA\x01mmm"));
  EXPECT_THAT(body, EndsWith("seconds.\x15\x0C\x00"s));
}

TEST_F(Thrift, CallsInJsonAreAnsweredInJson) {
  const char* const kJson = "application/vnd.apache.thrift.json";
  for (const char* sent : {"application/x-thrift", kJson}) {
    const auto [type, body] = answer(R"([1,"get",1,7,{"1":{"i32":42}}])", sent);
    EXPECT_EQ(type, kJson);
    EXPECT_EQ(body, R"([1,"get",3,7,{"1":{"str":")" + std::string(kText) + R"("},"2":{"i32":6}}])");
  }
}

TEST_F(Thrift, FramesAreAnsweredInFrames) {
  const std::string call = "\x80\x01\x00\x01\x00\x00\x00\x03get\x00\x00\x00\x07\x00"s;
  const std::string exception = binary_exception("get", "\x00\x00\x00\x07"s);
  EXPECT_EQ(answer("\x00\x00\x00\x10"s + call).body, "\x00\x00\x00\x49"s + exception);
  EXPECT_EQ(exception.size(), 0x49U);
  EXPECT_THAT(answer("\x00\x00\x00\x08\x82\x21\x07\x03get\x00"s).body,
              StartsWith("\x00\x00\x00\x37\x82\x61\x07\x03get"s));
}

TEST_F(Thrift, AServiceAmongSeveralAnswersWithoutItsName) {
  EXPECT_EQ(answer("\x80\x01\x00\x01\x00\x00\x00\x0Aorders:get\x00\x00\x00\x07\x00"s).body,
            binary_exception("get", "\x00\x00\x00\x07"s));
  EXPECT_THAT(answer(R"([1,"orders:get",1,7,{}])").body, StartsWith(R"([1,"get",3,7,{)"));
  EXPECT_THAT(answer("\x82\x21\x07\x0Aorders:get\x00"s).body,
              StartsWith("\x82\x61\x07\x03get\x18"));
}

// Bodies are read as far as they have come, and anybody may send anything.
TEST_F(Thrift, WhatIsNoCallIsAnsweredWithoutItsName) {
  const std::string unnamed = binary_exception("", "\x00\x00\x00\x00"s);
  for (const std::string& whole :
       {"\x80\x01\x00\x01\x00\x00\x00\x03get\x00\x00\x00\x07"s,
        "\x00\x00\x00\x10\x80\x01\x00\x01\x00\x00\x00\x03get\x00\x00\x00\x07"s,
        "\x82\x21\x07\x03get"s}) {
    for (std::size_t size = 0; size < whole.size(); ++size) {
      EXPECT_EQ(answer(whole.substr(0, size)).body, unnamed) << size;
    }
  }
  for (const std::string& other :
       {"\x80\x01\x00\x01\x00\x00\x00\x00\x00\x00\x00\x07"s, "\x80\x01\x00\x01\xFF\xFF\xFF\xFFget"s,
        "\x80\x02\x00\x01\x00\x00\x00\x03get\x00\x00\x00\x07"s, "\x82\x21\x07\xFF\xFF\x03get"s,
        "\x82\x21\xFF\xFF\xFF\xFF\xFF\x03get"s,
        "\x80\x01\x00\x01\x00\x00\x04\x01"s + std::string(1025, 'n') + "\x00\x00\x00\x07"s}) {
    EXPECT_EQ(answer(other).body, unnamed);
  }
  for (const char* other : {R"([1,"",1,7,{}])", R"([1,"get)", R"([1,"get",1,seven,{}])",
                            R"([2,"get",1,7,{}])", R"([1,"get":1,7,{}])", "[1,\"g\n\",1,7,{}]"}) {
    EXPECT_EQ(answer(other).body, unnamed) << other;
  }
}

TEST_F(Thrift, TheTypeSaysTheProtocolOfABodyThatIsUnknown) {
  EXPECT_THAT(answer("", "application/vnd.apache.thrift.json").body,
              StartsWith(R"([1,"",3,0,{"1":{"str":"Back)"));
  EXPECT_THAT(answer("", "application/vnd.apache.thrift.compact").body,
              StartsWith("\x82\x61\x00\x00\x18"s));
  EXPECT_THAT(answer("", "application/vnd.apache.thrift.binary").body,
              StartsWith("\x80\x01\x00\x03"s));
}

TEST_F(Thrift, OtherTypesAndMethodsAreNotThrift) {
  for (const auto& [method, type] :
       {std::pair{"GET", "application/x-thrift"}, std::pair{"POST", "application/octet-stream"},
        std::pair{"POST", "application/vnd.apache.thrift"}}) {
    http::Request asked;
    asked.reset(method, "/orders", 7);
    asked.add_field("Content-Type", type);
    RequestEvidence evidence(asked, BodyState::kUnread, service_);
    const Claim claim = thrift().recognise(evidence);
    EXPECT_EQ(claim.strength, Claim::Strength::kNone) << method << type;
    EXPECT_FALSE(claim.needs_body);
  }
}

}  // namespace
}  // namespace intermission::dialect
