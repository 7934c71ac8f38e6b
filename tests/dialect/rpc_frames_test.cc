// Answers whose bytes depend on the wait: lengths and encodings hold whatever is drawn.
#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "dialect/table.h"

namespace intermission::dialect {
namespace {

std::string said(std::string_view dialect, std::string_view media_type, std::uint32_t seconds,
                 std::string_view message = "Back soon") {
  http::Request request;
  request.reset("POST", "/", 11);
  const catalog::Service service;
  RequestEvidence evidence(request, BodyState::kFinal, service);
  page::Notice notice;
  notice.service = "orders";
  notice.message = message;
  notice.language = "en";
  const Dialect& row = *table()[*find(dialect)];
  const auto forms = row.render(notice, service);
  notice.seconds = seconds;
  for (const Representation& form : forms) {
    if (form.media_type != media_type) continue;
    return row.repeat == nullptr ? form.fields : *row.repeat(evidence, notice, form, {}).body;
  }
  return "(nothing)";
}

std::size_t length_in(const std::string& frame) {
  std::size_t length = 0;
  for (std::size_t i = 1; i < 5; ++i) length = length << 8 | static_cast<unsigned char>(frame[i]);
  return length;
}

TEST(GrpcWeb, TheFrameIsAsLongAsItSays) {
  for (const std::uint32_t seconds : {5U, 99U, 4294967295U}) {
    const std::string frame = said("grpc_web", "application/grpc-web", seconds);
    EXPECT_EQ(frame[0], '\x80');
    EXPECT_EQ(length_in(frame), frame.size() - 5);
    EXPECT_EQ(frame.substr(5), "grpc-status: 14\r\ngrpc-message: Back soon. Please try again in " +
                                   std::to_string(seconds) + " seconds.\r\n");
  }
}

TEST(Connect, TheEndOfAStreamIsAsLongAsItSays) {
  const std::string frame = said("connect", "application/connect+json", 300);
  EXPECT_EQ(frame[0], '\x02');
  EXPECT_EQ(length_in(frame), frame.size() - 5);
  rapidjson::Document end;
  ASSERT_FALSE(end.Parse(frame.substr(5)).HasParseError());
  EXPECT_STREQ(end["error"]["code"].GetString(), "unavailable");
}

// google.rpc.RetryInfo { retry_delay { seconds } } in protobuf, then base64 without padding.
TEST(Connect, TheWaitIsARetryInfo) {
  const auto value = [](std::uint32_t seconds) -> std::string {
    rapidjson::Document error;
    error.Parse(said("connect", "application/json", seconds));
    return error["details"][0]["value"].GetString();
  };
  EXPECT_EQ(value(5), "CgIIBQ");                // 0a 02 08 05
  EXPECT_EQ(value(127), "CgIIfw");              // 0a 02 08 7f
  EXPECT_EQ(value(128), "CgMIgAE");             // 0a 03 08 80 01
  EXPECT_EQ(value(300), "CgMIrAI");             // 0a 03 08 ac 02
  EXPECT_EQ(value(4294967295), "CgYI/////w8");  // 0a 06 08 ff ff ff ff 0f
}

TEST(Grpc, TheMessageIsPercentEncodedAndBounded) {
  const std::string fields = said("grpc", "application/grpc", 5, "100 % \xC3\xA4\n<ok>");
  EXPECT_NE(fields.find("grpc-message: 100 %25 %C3%A4%0A<ok>. Please"), std::string::npos)
      << fields;
  std::string umlauts;
  for (int i = 0; i < 5000; ++i) umlauts += "\xC3\xA4";
  const std::string bounded = said("grpc", "application/grpc", 5, umlauts);
  EXPECT_LT(bounded.size(), 4096U);
  EXPECT_NE(bounded.find("%C3%A4%E2%80%A6"), std::string::npos) << "whole characters";
}

}  // namespace
}  // namespace intermission::dialect
