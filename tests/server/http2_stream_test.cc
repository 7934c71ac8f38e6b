#include "server/http2_stream.h"

#include <gtest/gtest.h>

#include <string>

namespace intermission::server {
namespace {

TEST(Http2Stream, CountsWhatItHolds) {
  const http::Limits limits;
  Http2Stream stream(1);
  std::size_t least = sizeof(Http2Stream);
  EXPECT_EQ(stream.held(), least);
  for (const char* name : {":method", ":path", ":authority", "host", "cookie", "accept"}) {
    stream.add_field(name, std::string(1000, 'x'), limits);
    least += 1000;
    EXPECT_GE(stream.held(), least) << name;
    EXPECT_LE(stream.held(), least + 2000) << name;
  }
  stream.body = std::string(1000, 'b');
  EXPECT_GE(stream.held(), least += 1000);
  stream.head = std::string(1000, 'h');
  EXPECT_GE(stream.held(), least += 1000);
  http::Response response;
  response.body.own() = std::string(1000, 'a');
  response.trailers.add("X-End", std::string(1000, 'y'));
  stream.take_answer(response);
  EXPECT_GE(stream.held(), least + 2000);
  EXPECT_LE(stream.held(), least + 6000);
}

}  // namespace
}  // namespace intermission::server
