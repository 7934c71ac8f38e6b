#include "server/response_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace intermission::server {
namespace {

using ::testing::StartsWith;

std::shared_ptr<const std::string> text_of(std::size_t size) {
  return std::make_shared<const std::string>(size, 'x');
}

TEST(ResponseWriter, CopiesASmallBodyAndNoOther) {
  for (const auto& [size, is_copied] :
       {std::pair{Output::kCopied, true}, std::pair{Output::kCopied + 1, false}}) {
    const auto text = text_of(size);
    http::Response response;
    response.status = 200;
    response.body.refer(*text, text);
    Output out;
    write_response(response, {}, out);
    EXPECT_EQ(out.referred(), is_copied ? 0 : size);
    EXPECT_EQ(out.bytes().ends_with(*text), is_copied);
  }
}

TEST(ResponseWriter, SaysTheReasonOfAnAnswerOrTheUsualOne) {
  http::Response response;
  response.status = 503;
  Output usual;
  write_response(response, {}, usual);
  EXPECT_THAT(usual.bytes(), StartsWith("HTTP/1.1 503 Service Unavailable\r\n"));
  response.reason = "Back at noon";
  Output own;
  write_response(response, {}, own);
  EXPECT_THAT(own.bytes(), StartsWith("HTTP/1.1 503 Back at noon\r\n"));
}

}  // namespace
}  // namespace intermission::server
