// Answers whose bytes depend on the wait: lengths and encodings hold whatever is drawn.
#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "base/base64.h"
#include "dialect/error_details.h"
#include "dialect/protobuf.h"
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
    if (row.repeat != nullptr) return *row.repeat(evidence, notice, form, {}).body;
    std::string out;
    Slotted(form.body.empty() ? form.fields : form.body).append_to(out, {.seconds = seconds});
    return out;
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
    EXPECT_TRUE(frame.substr(5).starts_with(
        "grpc-status: 14\r\ngrpc-message: Back soon. Please try again in " +
        std::to_string(seconds) + " seconds.\r\ngrpc-status-details-bin: "))
        << frame;
    EXPECT_EQ(said("grpc_web", "application/grpc-web-text", seconds), base::base64(frame));
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

TEST(Grpc, TheMessageIsPercentEncoded) {
  const std::string fields = said("grpc", "application/grpc", 5, "100 % \xC3\xA4\n<ok>");
  EXPECT_NE(fields.find("grpc-message: 100 %25 %C3%A4%0A<ok>. Please"), std::string::npos)
      << fields;
  EXPECT_NE(fields.find("grpc-retry-pushback-ms: 5000\r\n"), std::string::npos) << fields;
}

// ------------------------------------------------------------------ the details

std::string line(const std::string& fields, std::string_view name) {
  const std::string start = std::string(name) + ": ";
  const auto at = ("\r\n" + fields).find("\r\n" + start);
  if (at == std::string::npos) return "(none)";
  const auto from = at + start.size();
  return fields.substr(from, fields.find("\r\n", from) - from);
}

std::string decoded(std::string_view base64) {
  std::string out;
  std::uint32_t bits = 0;
  int have = 0;
  for (const char c : base64) {
    const auto value = base::base64_value(c);
    if (!value) return "(not base64)";
    bits = bits << 6U | *value;
    have += 6;
    if (have < 8) continue;
    have -= 8;
    out += static_cast<char>(bits >> static_cast<unsigned>(have) & 0xFFU);
  }
  return out;
}

std::string percent_decoded(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    out +=
        text[i] == '%' ? static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16)) : text[i];
    if (text[i] == '%') i += 2;
  }
  return out;
}

std::string any(std::string_view type, std::string_view value) {
  return length_delimited(
      3, length_delimited(1, "type.googleapis.com/google.rpc." + std::string(type)) +
             length_delimited(2, value));
}

TEST(Grpc, TheDetailsAreAStatus) {
  for (const std::uint32_t seconds : {5U, 128U, 300U, 4294967295U}) {
    const std::string fields = said("grpc", "application/grpc", seconds);
    const std::string message = line(fields, "grpc-message");
    EXPECT_EQ(message, "Back soon. Please try again in " + std::to_string(seconds) + " seconds.");
    EXPECT_EQ(
        decoded(line(fields, "grpc-status-details-bin")),
        integer(1, 14) + length_delimited(2, message) +
            any("RetryInfo", length_delimited(1, integer(1, seconds))) +
            any("ErrorInfo", length_delimited(1, "MAINTENANCE") + length_delimited(2, "orders")) +
            any("LocalizedMessage", length_delimited(1, "en") + length_delimited(2, "Back soon")))
        << seconds;
  }
}

TEST(Grpc, TheDetailsTellTheEndAndAnOutage) {
  page::Notice notice;
  notice.service = "orders";
  notice.until = base::TimePoint(base::Seconds(1'796'164'200));
  const auto info = [&] { return error_details(notice)[1].value; };
  EXPECT_EQ(info(), length_delimited(1, "MAINTENANCE") + length_delimited(2, "orders") +
                        length_delimited(3, length_delimited(1, "endsAt") +
                                                length_delimited(2, "2026-12-01T22:30:00Z")));
  notice.until.reset();
  notice.is_outage = true;
  EXPECT_EQ(info(), length_delimited(1, "OUTAGE") + length_delimited(2, "orders"));
}

// nginx takes a head of 4 KiB at most. What a client shows is the same in both lines.
TEST(Grpc, TheLinesStayShortInEveryLanguage) {
  for (const std::string_view letter : {"a", "%", "\xC3\xA4", "\xE3\x81\x82", "\xF0\x9F\x98\x80"}) {
    std::string text;
    std::size_t longest = 0;
    for (std::size_t size : {1U, 50U, 100U, 200U, 400U, 600U, 800U, 1000U, 5000U}) {
      while (text.size() < size * letter.size()) text += letter;
      const std::string fields = said("grpc", "application/grpc", 4294967295, text);
      EXPECT_LE(fields.size(), 3060U) << letter << size;  // with the pushback
      longest = std::max(longest, fields.size());
      const std::string message = percent_decoded(line(fields, "grpc-message"));
      const std::string status = decoded(line(fields, "grpc-status-details-bin"));
      EXPECT_NE(status.find(length_delimited(2, message)), std::string::npos) << letter << size;
      EXPECT_NE(status.find("google.rpc.RetryInfo"), std::string::npos) << letter << size;
      const bool is_whole = message.starts_with(text + ".");
      const auto end = message.find("\xE2\x80\xA6");
      EXPECT_EQ(is_whole, end == std::string::npos) << letter << size;
      if (!is_whole) {
        EXPECT_EQ(end % letter.size(), 0U) << "whole characters";
      }
    }
    EXPECT_GT(longest, 2950U) << letter << ": no more is cut than must be";
  }
}

TEST(Otlp, TheStatusIsAsLongAsItSays) {
  for (const std::uint32_t seconds : {5U, 4294967295U}) {
    EXPECT_EQ(said("otlp", "application/x-protobuf", seconds),
              integer(1, 14) + length_delimited(2, "Back soon. Please try again in " +
                                                       std::to_string(seconds) + " seconds."));
  }
}

}  // namespace
}  // namespace intermission::dialect
