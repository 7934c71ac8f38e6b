// HTTP/2 over sockets: how a connection becomes one of HTTP/2, and how it ends.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "server/preamble.h"
#include "server/server.h"
#include "support/eventually.h"
#include "support/http1_harness.h"
#include "support/http2_client.h"
#include "support/request_cases.h"
#include "support/wire_client.h"

namespace intermission::server {
namespace {

using ::testing::EndsWith;
using testing::eventually;
using ::testing::HasSubstr;
using testing::Http2Client;
using ::testing::StartsWith;
using testing::status_of;
using testing::WireClient;

constexpr std::size_t kBig = 1024 * 1024;

// Says "tick" until it is destroyed.
class Ticks : public http::Stream {
 public:
  bool read(std::string& out) override {
    out += "tick ";
    return true;
  }
};

// Is known when it has been asked for three times.
class Later : public http::DeferredAnswer {
 public:
  bool take(http::Response& response) override {
    if (++asked_ < 3) return false;
    response.status = 201;
    response.add_field("X-Later", "yes");
    response.body.own() = "at last";
    return true;
  }

 private:
  int asked_ = 0;
};

class Handler final : public testing::MirrorHandler {
 public:
  http::Handled answer(const http::Request& request, http::Response& response) override {
    http::Handled handled = MirrorHandler::answer(request, response);
    if (request.path() == "/big") {
      response.body.own().assign(kBig, 't');
    } else if (request.path() == "/ticks") {
      response.stream = std::make_unique<Ticks>();
    } else if (request.path() == "/throw") {
      throw std::runtime_error("on purpose");
    } else if (request.path() == "/later") {
      handled.deferred = std::make_unique<Later>();
    }
    return handled;
  }
};

// An Http2Client with a socket.
class Client {
 public:
  explicit Client(std::uint16_t port) : wire_(port) {}

  /// Sends and receives until `done`, or until the server closes.
  template <typename Done>
  void until(Done done) {
    for (;;) {
      // The server may be gone, and have said something before.
      wire_.send(http2.to_send());
      if (done()) return;
      const std::string some = wire_.some();
      if (some.empty()) {
        closed_ = true;
        return;
      }
      EXPECT_TRUE(http2.take(some));
    }
  }
  const Http2Client::Answer& whole(std::int32_t id) {
    until([&] { return http2.answer(id).ended || http2.answer(id).reset; });
    return http2.answer(id);
  }
  const Http2Client::Answer& get(const std::string& path) { return whole(http2.get(path)); }
  bool closes() {
    until([] { return false; });
    return closed_;
  }

  Http2Client http2;

 private:
  WireClient wire_;
  bool closed_ = false;
};

class Http2ServerTest : public ::testing::Test {
 protected:
  Http2ServerTest() {
    options_.address = "127.0.0.1";
    options_.port = 0;
    options_.http2 = true;
  }
  void start() {
    auto server = Server::start(options_, [] { return std::make_unique<Handler>(); });
    ASSERT_TRUE(server) << server.error().text();
    server_ = std::move(*server);
  }
  std::uint16_t port() const { return server_->port(); }

  Options options_;
  std::unique_ptr<Server> server_;
};

const std::string kGet = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

TEST_F(Http2ServerTest, SpeaksBothProtocolsOnOnePort) {
  start();
  Client client(port());
  EXPECT_THAT(client.get("/a").body, StartsWith("GET|/a|h|20|"));
  WireClient other(port());
  other.send(kGet);
  EXPECT_EQ(status_of(other.response()), 200);
}

TEST_F(Http2ServerTest, KnowsThePrefaceHoweverItIsCut) {
  start();
  WireClient wire(port());
  Http2Client client;
  const auto id = client.get("/a");
  for (const char byte : client.to_send()) wire.send({&byte, 1});
  while (!client.answer(id).ended) ASSERT_TRUE(client.take(wire.some()));
  EXPECT_THAT(client.answer(id).body, StartsWith("GET|/a|"));
}

TEST_F(Http2ServerTest, AnswersMethodsThatBeginLikeThePreface) {
  start();
  for (const std::string method : {"P", "PR", "PRI", "POST", "PROPFIND"}) {
    WireClient wire(port());
    wire.send(method.substr(0, 1));
    wire.send(method.substr(1) + " /a HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_THAT(wire.response(), HasSubstr(method + "|/a|h|11|"));
  }
}

TEST_F(Http2ServerTest, APartOfThePrefaceIsAHeadThatStops) {
  options_.limits.head_timeout_ms = 100;
  start();
  for (const std::string part : {"P", "PRI * HTTP/2.0\r\n\r\nSM"}) {
    WireClient wire(port());
    wire.send(part);
    EXPECT_THAT(wire.until_close(), StartsWith(part == "P" ? "HTTP/1.1 408" : "HTTP/1.1 505"));
  }
}

TEST_F(Http2ServerTest, APartOfThePrefaceAndNoMoreIsAnswered) {
  start();
  WireClient wire(port());
  wire.send("PRI");
  wire.finish();
  EXPECT_THAT(wire.until_close(), StartsWith("HTTP/1.1 400"));
}

TEST_F(Http2ServerTest, DoesNotSpeakItWhereItIsOff) {
  options_.http2 = false;
  start();
  WireClient wire(port());
  wire.send(kHttp2Preface);
  EXPECT_THAT(wire.until_close(), StartsWith("HTTP/1.1 505"));
}

TEST_F(Http2ServerTest, ALargeAnswerComesWhole) {
  start();
  Client client(port());
  EXPECT_EQ(client.get("/big").body.size(), kBig);
}

TEST_F(Http2ServerTest, ALargeAnswerHoldsNoOtherUp) {
  start();
  Client client(port());
  const auto big = client.http2.get("/big");
  const auto small = client.http2.get("/a");
  client.whole(small);
  EXPECT_LT(client.http2.answer(big).body.size(), kBig);
  EXPECT_EQ(client.whole(big).body.size(), kBig);
}

TEST_F(Http2ServerTest, AHandlerThatThrowsCostsOneRequest) {
  start();
  Client client(port());
  EXPECT_EQ(client.get("/throw").status(), "503");
  EXPECT_EQ(client.get("/a").status(), "200");
}

TEST_F(Http2ServerTest, StreamsSayMoreWhileOthersAreAnswered) {
  start();
  Client client(port());
  const auto ticks = client.http2.get("/ticks");
  const auto said = [&] { return client.http2.answer(ticks).body.size(); };
  client.until([&] { return said() >= 15; });
  EXPECT_EQ(client.get("/a").status(), "200");
  const std::size_t before = said();
  client.until([&] { return said() > before; });
  EXPECT_FALSE(client.http2.answer(ticks).ended);
  server_->stop();
  client.until([&] { return client.http2.answer(ticks).ended; });
  EXPECT_TRUE(client.http2.answer(ticks).ended) << "a server that stops ends them in order";
}

TEST_F(Http2ServerTest, ADeferredAnswerHoldsNoOtherUp) {
  start();
  Client client(port());
  const auto first = client.http2.get("/later");
  const auto second = client.http2.get("/later");
  EXPECT_EQ(client.get("/a").status(), "200");
  EXPECT_FALSE(client.http2.answer(first).ended);
  EXPECT_EQ(client.whole(first).status(), "201");
  EXPECT_EQ(client.whole(second).status(), "201");
  EXPECT_EQ(client.http2.answer(first).body, "at last");
  EXPECT_EQ(client.get("/a").status(), "200") << "the connection goes on";
}

TEST_F(Http2ServerTest, AnIdleConnectionEndsWithGoaway) {
  options_.limits.idle_timeout_ms = 100;
  start();
  Client client(port());
  client.get("/a");
  EXPECT_TRUE(client.closes());
  EXPECT_EQ(client.http2.goaway(), NGHTTP2_NO_ERROR);
}

TEST_F(Http2ServerTest, StopTellsIdleClientsAndEnds) {
  start();
  Client client(port());
  client.get("/a");
  std::thread stopping([&] { server_->stop(); });
  EXPECT_TRUE(client.closes());
  stopping.join();
  EXPECT_GE(client.http2.goaways(), 1);
  EXPECT_EQ(client.http2.goaway(), NGHTTP2_NO_ERROR);
}

TEST_F(Http2ServerTest, StopLetsARequestInFlightHaveItsAnswer) {
  start();
  Client client(port());
  const auto id = client.http2.request(
      {{":method", "POST"}, {":scheme", "http"}, {":path", "/peek"}, {":authority", "h"}}, "a",
      false);
  client.get("/a");
  std::thread stopping([&] { server_->stop(); });
  client.until([&] { return client.http2.goaways() > 0; });
  client.http2.send_more(id, "b", true);
  EXPECT_THAT(client.whole(id).body, EndsWith("|ab|whole"));
  EXPECT_TRUE(client.closes());
  stopping.join();
}

TEST_F(Http2ServerTest, ConnectionsCountWhatTheyHold) {
  start();
  const std::uint64_t before = server_->load().buffered_bytes;
  {
    Client client(port());
    client.get("/a");
    EXPECT_TRUE(eventually([&] { return server_->load().buffered_bytes > before; }));
  }
  EXPECT_TRUE(eventually([&] { return server_->load().buffered_bytes == before; }));
}

TEST_F(Http2ServerTest, IdleConnectionsMakeRoomWhereMemoryIsShort) {
  options_.limits.buffered_bytes = 256 * 1024;
  start();
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 40; ++i) {
    clients.push_back(std::make_unique<Client>(port()));
    EXPECT_EQ(clients.back()->get("/a").status(), "200") << i;
  }
  EXPECT_GT(server_->load().shed_for_memory, 0U);
  EXPECT_LE(server_->load().buffered_bytes, options_.limits.buffered_bytes);
  EXPECT_TRUE(clients.front()->closes());
  EXPECT_EQ(clients.front()->http2.goaway(), NGHTTP2_NO_ERROR);
}

}  // namespace
}  // namespace intermission::server
