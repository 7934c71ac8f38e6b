// Bodies that are said while time passes, over a real socket.
#include "http/stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>

#include "server/server.h"
#include "support/eventually.h"
#include "support/wire_client.h"

namespace intermission::server {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::WireClient;

/// Says its words one by one, and then ends or stays silent for ever.
class Words final : public http::Stream {
 public:
  Words(bool ends, std::atomic<int>& alive) : ends_(ends), alive_(alive) { ++alive_; }
  ~Words() override { --alive_; }
  Words(const Words&) = delete;
  Words& operator=(const Words&) = delete;

  bool read(std::string& out) override {
    if (said_ < 3) out += std::string("word ") + std::to_string(++said_) + "\n";
    return !ends_ || said_ < 3;
  }

 private:
  const bool ends_;
  std::atomic<int>& alive_;
  int said_ = 0;
};

class Failing final : public http::Stream {
 public:
  bool read(std::string& /*out*/) override { throw std::runtime_error("nothing to say"); }
};

class StreamHandler final : public http::Handler {
 public:
  explicit StreamHandler(std::atomic<int>& alive) : alive_(alive) {}
  http::BodyUse body_use(const http::Request&) override { return http::BodyUse::kDiscard; }
  http::Handled answer(const http::Request& request, http::Response& response) override {
    response.status = 200;
    if (request.path() == "/fails") {
      response.stream = std::make_unique<Failing>();
    } else {
      response.stream = std::make_unique<Words>(request.path() == "/ends", alive_);
    }
    return {};
  }

 private:
  std::atomic<int>& alive_;
};

class StreamTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Options options;
    options.address = "127.0.0.1";
    options.port = 0;
    auto server =
        Server::start(options, [this] { return std::make_unique<StreamHandler>(alive_); });
    ASSERT_TRUE(server) << server.error().text();
    server_ = std::move(*server);
  }
  WireClient ask(const std::string& request) const {
    WireClient client(server_->port());
    EXPECT_TRUE(client.send(request));
    return client;
  }
  bool nobody_streams() const {
    return testing::eventually([this] { return alive_ == 0; });
  }

  std::atomic<int> alive_{0};
  std::unique_ptr<Server> server_;
};

TEST_F(StreamTest, ComesInChunksAndEndsTheConnection) {
  const std::string heard = ask("GET /ends HTTP/1.1\r\nHost: a\r\n\r\n").until_close();
  EXPECT_THAT(heard, HasSubstr("\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"));
  EXPECT_THAT(heard, Not(HasSubstr("Content-Length")));
  EXPECT_THAT(heard,
              EndsWith("\r\n\r\n7\r\nword 1\n\r\n7\r\nword 2\n\r\n7\r\nword 3\n\r\n0\r\n\r\n"));
}

TEST_F(StreamTest, EndsWithTheConnectionForHttp10) {
  const std::string heard = ask("GET /ends HTTP/1.0\r\n\r\n").until_close();
  EXPECT_THAT(heard, Not(HasSubstr("chunked")));
  EXPECT_THAT(heard, EndsWith("\r\n\r\nword 1\nword 2\nword 3\n"));
}

TEST_F(StreamTest, HeadHearsNoneOfIt) {
  const std::string heard = ask("HEAD /ends HTTP/1.1\r\nHost: a\r\n\r\n").until_close();
  EXPECT_THAT(heard, EndsWith("Connection: close\r\n\r\n"));
}

TEST_F(StreamTest, IsOverWhenTheClientLeaves) {
  WireClient client = ask("GET /stays HTTP/1.1\r\nHost: a\r\n\r\n");
  std::string heard;
  while (heard.find("word 3") == std::string::npos) heard += client.some();
  EXPECT_EQ(alive_, 1) << "it goes on while the client stays";
  client.finish();
  EXPECT_TRUE(nobody_streams());
}

TEST_F(StreamTest, WhatTheClientStillSendsIsNoRequest) {
  WireClient client =
      ask("GET /ends HTTP/1.1\r\nHost: a\r\n\r\nGET /more HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(client.until_close(), EndsWith("0\r\n\r\n"));
  EXPECT_TRUE(nobody_streams());
}

TEST_F(StreamTest, IsEndedWhenTheServerStops) {
  WireClient client = ask("GET /stays HTTP/1.1\r\nHost: a\r\n\r\n");
  std::string heard;
  while (heard.find("word 3") == std::string::npos) heard += client.some();
  server_->stop();
  EXPECT_THAT(client.until_close(), EndsWith("0\r\n\r\n"));
}

TEST_F(StreamTest, OneThatFailsEnds) {
  EXPECT_THAT(ask("GET /fails HTTP/1.1\r\nHost: a\r\n\r\n").until_close(), EndsWith("0\r\n\r\n"));
  EXPECT_THAT(ask("GET /ends HTTP/1.1\r\nHost: a\r\n\r\n").until_close(), HasSubstr("word 3"));
}

}  // namespace
}  // namespace intermission::server
