// Answers that are not known yet, by HTTP/1.1; http2_server_test.cc has them by HTTP/2.
#include "http/deferred_answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "server/server.h"
#include "support/eventually.h"
#include "support/wire_client.h"

namespace intermission::server {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using testing::WireClient;

/// What the test knows, and the answers do not yet.
struct World {
  std::atomic<bool> known{false};
  std::atomic<int> alive{0};
  std::atomic<int> asked{0};
};

class Words final : public http::Stream {
 public:
  bool read(std::string& out) override {
    out += "some words\n";
    return false;
  }
};

class Later final : public http::DeferredAnswer {
 public:
  Later(std::string path, World& world) : path_(std::move(path)), world_(world) { ++world_.alive; }
  ~Later() override { --world_.alive; }
  Later(const Later&) = delete;
  Later& operator=(const Later&) = delete;

  bool take(http::Response& response) override {
    ++world_.asked;
    if (!world_.known) return false;
    if (path_ == "/fails") throw std::runtime_error("nothing to say");
    response.status = path_ == "/never" ? 0 : 201;
    response.add_field("Content-Type", "text/plain");
    response.body.own() = "at last";
    if (path_ == "/streams") response.stream = std::make_unique<Words>();
    return true;
  }

 private:
  const std::string path_;
  World& world_;
};

/// "/now" is answered at once; all else later.
class Handler final : public http::Handler {
 public:
  explicit Handler(World& world) : world_(world) {}
  http::BodyUse body_use(const http::Request&) override { return http::BodyUse::kDiscard; }
  http::Handled answer(const http::Request& request, http::Response& response) override {
    response.status = 200;
    response.body.own() = "now";
    if (request.path() == "/now") return {};
    return {.deferred = std::make_unique<Later>(std::string(request.path()), world_)};
  }

 private:
  World& world_;
};

class DeferredAnswerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Options options;
    options.address = "127.0.0.1";
    options.port = 0;
    options.limits.drain_timeout_ms = 100;
    auto server = Server::start(options, [this] { return std::make_unique<Handler>(world_); });
    ASSERT_TRUE(server) << server.error().text();
    server_ = std::move(*server);
  }
  WireClient ask(const std::string& path, const std::string& method = "GET") const {
    WireClient client(server_->port());
    EXPECT_TRUE(client.send(method + " " + path + " HTTP/1.1\r\nHost: a\r\n\r\n"));
    return client;
  }
  bool is_asked() const {
    return testing::eventually([this] { return world_.asked >= 2; });
  }
  bool nobody_waits() const {
    return testing::eventually([this] { return world_.alive == 0; });
  }

  World world_;
  std::unique_ptr<Server> server_;
};

TEST_F(DeferredAnswerTest, OthersAreAnsweredMeanwhile) {
  WireClient client = ask("/later");
  ASSERT_TRUE(is_asked());
  WireClient other(server_->port());
  EXPECT_TRUE(other.send("GET /now HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
  EXPECT_THAT(other.until_close(), EndsWith("\r\n\r\nnow"));
  EXPECT_EQ(world_.alive, 1);
  world_.known = true;
  const std::string heard = client.until_close();
  EXPECT_THAT(heard, StartsWith("HTTP/1.1 201 Created\r\n"));
  EXPECT_THAT(heard, HasSubstr("\r\nContent-Length: 7\r\n"));
  EXPECT_THAT(heard, HasSubstr("\r\nConnection: close\r\n"));
  EXPECT_THAT(heard, EndsWith("\r\n\r\nat last"));
  EXPECT_TRUE(nobody_waits());
}

TEST_F(DeferredAnswerTest, HeadHearsNoBody) {
  world_.known = true;
  const std::string heard = ask("/later", "HEAD").until_close();
  EXPECT_THAT(heard, HasSubstr("\r\nContent-Length: 7\r\n"));
  EXPECT_THAT(heard, EndsWith("\r\n\r\n"));
}

TEST_F(DeferredAnswerTest, MayBeAStream) {
  world_.known = true;
  EXPECT_THAT(ask("/streams").until_close(), EndsWith("\r\n\r\nb\r\nsome words\n\r\n0\r\n\r\n"));
}

TEST_F(DeferredAnswerTest, OneThatFailsIsAFault) {
  world_.known = true;
  EXPECT_THAT(ask("/fails").until_close(), StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(ask("/never").until_close(), StartsWith("HTTP/1.1 503 "));
}

TEST_F(DeferredAnswerTest, WhatTheClientStillSendsIsNoRequest) {
  WireClient client = ask("/later");
  EXPECT_TRUE(client.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n"));
  ASSERT_TRUE(is_asked());
  world_.known = true;
  EXPECT_THAT(client.until_close(), EndsWith("at last"));
}

TEST_F(DeferredAnswerTest, IsForgottenWhenTheClientLeaves) {
  WireClient client = ask("/later");
  ASSERT_TRUE(is_asked());
  client.finish();
  EXPECT_TRUE(nobody_waits());
}

TEST_F(DeferredAnswerTest, IsForgottenWhenTheServerStops) {
  WireClient client = ask("/later");
  ASSERT_TRUE(is_asked());
  server_->stop();
  EXPECT_EQ(world_.alive, 0);
  EXPECT_THAT(client.until_close(), Not(HasSubstr("at last")));
}

}  // namespace
}  // namespace intermission::server
