#include "server/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "server/listening_socket.h"
#include "support/eventually.h"
#include "support/few_descriptors.h"
#include "support/http1_harness.h"
#include "support/request_cases.h"
#include "support/wire_client.h"

namespace intermission::server {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using testing::body_of;
using ::testing::EndsWith;
using testing::eventually;
using ::testing::HasSubstr;
using testing::MirrorHandler;
using ::testing::Not;
using testing::request_cases;
using testing::RequestCase;
using testing::small_limits;
using testing::status_of;
using testing::statuses;
using testing::WireClient;

constexpr std::size_t kBig = 8 * 1024 * 1024;
// Of a client that takes a large answer slowly, but takes it.
constexpr int kSmallBuffer = 256 * 1024;

std::shared_ptr<const std::string> big_body() {
  static const auto kBody = [] {
    auto body = std::make_shared<std::string>(kBig, ' ');
    for (std::size_t i = 0; i < kBig; ++i) (*body)[i] = static_cast<char>('a' + i % 23);
    return std::shared_ptr<const std::string>(body);
  }();
  return kBody;
}

// Answers that only matter with a socket: large ones, slow ones.
class SocketHandler final : public MirrorHandler {
 public:
  http::Handled answer(const http::Request& request, http::Response& response) override {
    http::Handled handled = MirrorHandler::answer(request, response);
    if (request.path() == "/big") {
      response.body.refer(*big_body(), big_body());
    } else if (request.path() == "/long-text") {
      response.body.own().assign(kBig, 't');
    } else if (request.path() == "/throw") {
      throw std::runtime_error("on purpose");
    }
    return handled;
  }
};

class ServerTest : public ::testing::Test {
 protected:
  void start() {
    options_.address = "127.0.0.1";
    options_.port = 0;
    auto server = Server::start(options_, [] { return std::make_unique<SocketHandler>(); });
    ASSERT_TRUE(server) << server.error().text();
    server_ = std::move(*server);
  }
  WireClient client(int receive_buffer = 0) const {
    return WireClient(server_->port(), receive_buffer);
  }
  std::string ask(const std::string& bytes) const {
    WireClient one = client();
    one.send(bytes);
    return one.response();
  }
  // Clients who have had an answer and stay.
  std::vector<WireClient> answered_clients(int count) const {
    std::vector<WireClient> held;
    for (int i = 0; i < count; ++i) {
      held.push_back(client());
      held.back().send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
      EXPECT_EQ(status_of(held.back().response()), 200);
    }
    return held;
  }

  Options options_;
  std::unique_ptr<Server> server_;
};

const std::string kGet = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
const std::string kClose = "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";

std::string get(const std::string& target) {
  return "GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n";
}

// ---------------------------------------------------------------- starting

TEST_F(ServerTest, UsesASocketThatListensAlreadyAndLeavesItListening) {
  const auto opened = ListeningSocket::open("127.0.0.1", 0, ListeningSocket::Role::kFirst);
  ASSERT_TRUE(opened);
  options_.inherited = opened->fd();
  options_.workers = 2;
  start();
  EXPECT_EQ(server_->port(), opened->port());
  for (int i = 0; i < 20; ++i) EXPECT_EQ(status_of(ask(kClose)), 200);
  server_->stop();
  WireClient waiting(opened->port());  // who comes now is answered by the next
  waiting.send(kClose);
  start();
  EXPECT_EQ(status_of(waiting.until_close()), 200);
}

TEST_F(ServerTest, WhatDoesNotListenIsNotUsed) {
  options_.inherited = STDIN_FILENO;
  const auto server = Server::start(options_, [] { return std::make_unique<SocketHandler>(); });
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().text(), "descriptor 0: expected a socket that listens");
}

TEST_F(ServerTest, PicksAFreePortAndNamesIt) {
  start();
  EXPECT_GT(server_->port(), 0);
  EXPECT_EQ(server_->url(), "http://127.0.0.1:" + std::to_string(server_->port()));
}

TEST_F(ServerTest, NamesIpv6InBrackets) {
  options_.address = "::1";
  options_.port = 0;
  auto server = Server::start(options_, [] { return std::make_unique<SocketHandler>(); });
  if (!server) GTEST_SKIP() << "no IPv6 here: " << server.error().text();
  EXPECT_EQ((*server)->url(), "http://[::1]:" + std::to_string((*server)->port()));
}

TEST_F(ServerTest, APortInUseIsAnErrorEvenThoughWorkersShareTheirs) {
  options_.workers = 2;
  start();
  Options second = options_;
  second.port = server_->port();
  auto other = Server::start(second, [] { return std::make_unique<SocketHandler>(); });
  ASSERT_FALSE(other);
  EXPECT_THAT(other.error().text(), HasSubstr("Address already in use"));
  EXPECT_EQ(status_of(ask(kGet)), 200);
}

TEST_F(ServerTest, APortIsFreeAgainAfterStop) {
  start();
  ask(kClose);
  options_.port = server_->port();
  server_.reset();
  auto again = Server::start(options_, [] { return std::make_unique<SocketHandler>(); });
  EXPECT_TRUE(again) << again.error().text();
}

TEST_F(ServerTest, AnAddressThatIsNoneIsAnError) {
  for (const char* address : {"localhost.example", "1.2.3", "300.0.0.1", ""}) {
    Options options;
    options.address = address;
    options.port = 0;
    EXPECT_FALSE(Server::start(options, [] { return std::make_unique<SocketHandler>(); }))
        << address;
  }
}

TEST_F(ServerTest, AFactoryThatThrowsIsAnError) {
  options_.address = "127.0.0.1";
  options_.port = 0;
  auto server = Server::start(
      options_, []() -> std::unique_ptr<http::Handler> { throw std::runtime_error("no handler"); });
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().text(), "no handler");
}

TEST_F(ServerTest, EachWorkerHasItsOwnHandler) {
  options_.workers = 3;
  options_.address = "127.0.0.1";
  options_.port = 0;
  int made = 0;
  auto server = Server::start(options_, [&] {
    ++made;
    return std::make_unique<SocketHandler>();
  });
  ASSERT_TRUE(server);
  EXPECT_EQ(made, 3);
}

// ---------------------------------------------------------------- conversations

// What the client says last is that it is done, so an unfinished request hears of it too.
std::string expected_statuses(const RequestCase& one) {
  const bool unfinished =
      one.phase == Http1Session::Phase::kHead || one.phase == Http1Session::Phase::kBody;
  const std::string before = one.statuses;
  if (!unfinished) return before;
  return before.empty() ? "400!" : before + " 400!";
}

TEST_F(ServerTest, EveryCaseIsAnsweredAsOneSegment) {
  options_.limits = small_limits();
  start();
  for (const RequestCase& one : request_cases()) {
    WireClient sender = client();
    sender.send(one.bytes);
    sender.finish();
    EXPECT_EQ(statuses(sender.until_close()), expected_statuses(one)) << one.name;
  }
}

TEST_F(ServerTest, EveryCaseIsAnsweredByteByByte) {
  options_.limits = small_limits();
  start();
  for (const RequestCase& one : request_cases()) {
    if (one.bytes.size() > 500) continue;
    WireClient sender = client();
    for (const char c : one.bytes) sender.send({&c, 1});
    sender.finish();
    EXPECT_EQ(statuses(sender.until_close()), expected_statuses(one)) << one.name;
  }
}

TEST_F(ServerTest, KeepsTheConnectionByDefault) {
  start();
  WireClient one = client();
  for (int i = 0; i < 3; ++i) {
    one.send(get("/" + std::to_string(i)));
    EXPECT_EQ(body_of(one.response()), "GET|/" + std::to_string(i) + "|h|11|1|h||whole");
  }
  EXPECT_EQ(server_->connections(), 1U);
}

TEST_F(ServerTest, ClosesWhenAsked) {
  start();
  WireClient one = client();
  one.send(kClose);
  EXPECT_THAT(one.until_close(), HasSubstr("\r\nConnection: close\r\n"));
}

TEST_F(ServerTest, PipelinedIsAnsweredInOrder) {
  start();
  WireClient one = client();
  std::string requests;
  for (int i = 0; i < 2000; ++i) requests += get("/" + std::to_string(i));
  // The answers are more than both buffers hold, so they must be read while requests are sent.
  auto sender = std::async(std::launch::async, [&] { one.send(requests); });
  for (int i = 0; i < 2000; ++i) {
    ASSERT_THAT(body_of(one.response()), HasSubstr("GET|/" + std::to_string(i) + "|")) << i;
  }
}

TEST_F(ServerTest, HeadHasNoBodyAndTheNextAnswerIsInPlace) {
  start();
  WireClient one = client();
  one.send("HEAD /big HTTP/1.1\r\nHost: h\r\n\r\n" + kGet);
  EXPECT_THAT(one.response(true), HasSubstr("\r\nContent-Length: " + std::to_string(kBig)));
  EXPECT_THAT(body_of(one.response()), HasSubstr("GET|/|"));
}

TEST_F(ServerTest, ABodyThatIsNotReadIsAnsweredWithoutContinue) {
  start();
  WireClient one = client();
  one.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
  const std::string answer = one.response();
  EXPECT_EQ(status_of(answer), 200);
  EXPECT_THAT(answer, HasSubstr("\r\nConnection: close\r\n"));
  EXPECT_THAT(answer, EndsWith("||part"));
  EXPECT_TRUE(one.send("body"));
  EXPECT_EQ(one.until_close(), "");
  EXPECT_TRUE(one.send("!")) << "reset";
}

TEST_F(ServerTest, ABodyThatIsReadIsAskedFor) {
  start();
  WireClient one = client();
  one.send("PUT /peek HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(one.response(), "HTTP/1.1 100 Continue\r\n\r\n");
  one.send("body" + kGet);
  EXPECT_THAT(body_of(one.response()), EndsWith("|body|whole"));
  EXPECT_THAT(body_of(one.response()), HasSubstr("GET|/|"));
}

TEST_F(ServerTest, AChunkedBodyByteByByteIsOneRequest) {
  start();
  WireClient one = client();
  for (const char c :
       "POST /peek HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
       "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: x\r\n\r\n" +
           kGet) {
    one.send({&c, 1});
  }
  EXPECT_THAT(body_of(one.response()), EndsWith("|abcde|whole"));
  EXPECT_THAT(body_of(one.response()), HasSubstr("GET|/|"));
}

TEST_F(ServerTest, AHalfClosedClientGetsItsAnswers) {
  start();
  WireClient one = client();
  one.send(get("/a") + get("/b"));
  one.finish();
  const std::string answers = one.until_close();
  EXPECT_THAT(answers, HasSubstr("GET|/a|"));
  EXPECT_THAT(answers, EndsWith("GET|/b|h|11|1|h||whole"));
}

TEST_F(ServerTest, AHalfClosedClientGetsALargeAnswer) {
  start();
  WireClient one = client(kSmallBuffer);
  one.send(get("/big"));
  one.finish();
  EXPECT_EQ(body_of(one.until_close()), *big_body());
}

TEST_F(ServerTest, FaultsArriveThoughTheClientStillSends) {
  start();
  const std::string noise(256 * 1024, 'x');
  for (int i = 0; i < 20; ++i) {
    WireClient one = client();
    one.send("GET / HTTP/1.1\r\nHost: h\r\nContent-Length: x\r\n\r\n");
    ASSERT_TRUE(one.send(noise)) << "reset";
    one.finish();
    const std::string answer = one.until_close();
    ASSERT_EQ(status_of(answer), 400) << i;
    ASSERT_EQ(answer.find("HTTP/1.1", 1), std::string::npos) << "the noise was answered";
  }
}

TEST_F(ServerTest, AnUploadThatIsTooLargeHearsTheAnswer) {
  start();
  WireClient one = client();
  const std::size_t size = 4 * 1024 * 1024;
  one.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n");
  EXPECT_TRUE(one.send(std::string(size, 'x'))) << "reset";
  EXPECT_EQ(status_of(one.until_close()), 200);
}

TEST_F(ServerTest, ALargeBodyComesWhole) {
  start();
  for (const int buffer : {0, kSmallBuffer}) {
    WireClient one = client(buffer);
    one.send(get("/big") + kGet);
    EXPECT_EQ(body_of(one.response()), *big_body());
    EXPECT_THAT(body_of(one.response()), HasSubstr("GET|/|"));
  }
}

TEST_F(ServerTest, ALongTextOfTheHandlersOwnComesWhole) {
  start();
  WireClient slow = client(kSmallBuffer);
  slow.send(get("/long-text"));
  EXPECT_EQ(status_of(ask(get("/other"))), 200);  // uses the same Response again
  EXPECT_EQ(body_of(slow.response()), std::string(kBig, 't'));
}

TEST_F(ServerTest, AHandlerThatThrowsCostsOnlyItsOwnClientA503) {
  std::mutex mutex;
  std::string report;
  options_.report = [&](std::string_view text) {
    const std::lock_guard lock(mutex);
    report = text;
  };
  start();
  WireClient other = client();
  other.send("GET /half");
  EXPECT_EQ(status_of(ask(get("/throw"))), 503);
  other.send(" HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_THAT(body_of(other.response()), HasSubstr("GET|/half|"));
  server_->stop();
  EXPECT_EQ(report, "a handler failed: on purpose");
}

// ---------------------------------------------------------------- nobody gets another's answer

void storm(std::uint16_t port, int thread, std::atomic<int>& wrong) {
  for (int i = 0; i < 150; ++i) {
    const std::string mark = "/" + std::to_string(thread) + "-" + std::to_string(i);
    WireClient one(port);
    one.send(i % 7 == 0 ? get("/big") : get(mark));
    if (i % 3 == 0) {
      one.reset();
      continue;
    }
    if (i % 7 == 0) continue;
    if (body_of(one.response()).find("GET|" + mark + "|") != 0) ++wrong;
  }
}

TEST_F(ServerTest, NoAnswerReachesTheWrongClient) {
  options_.workers = 2;
  start();
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] { storm(server_->port(), i, wrong); });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_TRUE(eventually([&] { return server_->connections() == 0; }));
}

// ---------------------------------------------------------------- slow clients

TEST_F(ServerTest, AClientThatDoesNotReadStopsNoOther) {
  start();
  std::vector<WireClient> slow;
  for (int i = 0; i < 8; ++i) {
    slow.push_back(client(4096));
    slow.back().send(get("/big"));
  }
  for (int i = 0; i < 20; ++i) EXPECT_EQ(status_of(ask(kGet)), 200);
  EXPECT_EQ(server_->connections() >= 8, true);
}

TEST_F(ServerTest, AClientThatPilesUpAnswersIsNotReadFrom) {
  start();
  WireClient one = client(4096);
  const std::string requests = get("/big") + get("/big");
  // Far more than any socket buffer holds; a server that reads on would take it all.
  std::size_t taken = 0;
  std::size_t last = 1;
  std::string many;
  while (many.size() < 1024 * 1024) many += requests;
  const auto until = steady_clock::now() + 500ms;
  while (steady_clock::now() < until) {
    last = one.send_some(many);
    taken += last;
  }
  EXPECT_LT(taken, 64U * 1024 * 1024);
  EXPECT_EQ(last, 0U);
  EXPECT_EQ(status_of(ask(kGet)), 200);
}

TEST_F(ServerTest, AClientThatTakesNothingIsGivenUp) {
  options_.limits.write_timeout_ms = 50;
  start();
  WireClient one = client(4096);
  one.send(get("/big"));
  EXPECT_TRUE(eventually([&] { return server_->connections() == 1; }));
  EXPECT_TRUE(eventually([&] { return server_->connections() == 0; }));
  const std::string answer = one.until_close();
  EXPECT_LT(answer.size(), kBig);
  EXPECT_THAT(answer, EndsWith("(reset)")) << "a part must not look like the whole";
}

// It takes longer over all than a client may take over nothing.
TEST_F(ServerTest, AClientThatTakesALittleNowAndThenGetsAllOfIt) {
  options_.limits.write_timeout_ms = 1500;
  start();
  WireClient one = client(kSmallBuffer);
  one.send(get("/big") + get("/big"));  // more than the buffers on the way hold
  one.finish();
  std::string answer;
  const auto begin = steady_clock::now();
  for (std::size_t piece = 1; piece <= 9; ++piece) {
    while (answer.size() < piece * kBig / 8) {
      const std::string more = one.some();
      ASSERT_FALSE(more.empty()) << "cut after " << answer.size();
      answer += more;
    }
    // Not luck: this is how fast the client reads.
    std::this_thread::sleep_until(begin + piece * 300ms);
  }
  answer += one.until_close();
  EXPECT_GT(answer.size(), 2 * kBig);
  EXPECT_TRUE(answer.ends_with(*big_body())) << "cut after " << answer.size();
}

// ---------------------------------------------------------------- timeouts

TEST_F(ServerTest, AnIdleConnectionIsClosedSilently) {
  options_.limits.idle_timeout_ms = 50;
  start();
  WireClient fresh = client();
  EXPECT_TRUE(fresh.closed_silently());
  WireClient used = client();
  used.send(kGet);
  EXPECT_EQ(status_of(used.response()), 200);
  EXPECT_TRUE(used.closed_silently());
}

TEST_F(ServerTest, AHeadThatStopsIsA408) {
  options_.limits.head_timeout_ms = 50;
  start();
  WireClient one = client();
  one.send("GET / HT");
  EXPECT_EQ(status_of(one.until_close()), 408);
}

TEST_F(ServerTest, AHeadThatDripsIsA408AllTheSame) {
  options_.limits.head_timeout_ms = 200;
  start();
  WireClient one = client();
  const auto begin = steady_clock::now();
  one.send("GET / HTTP/1.1\r\nA: ");
  EXPECT_TRUE(eventually([&] { return server_->connections() == 1; }));
  std::string answer = "(timeout)";
  while (answer == "(timeout)" && steady_clock::now() - begin < 10s) {
    one.send_some("a");
    answer = one.until_close(5ms);
  }
  EXPECT_EQ(status_of(answer), 408) << "dripping extends the deadline";
  EXPECT_GE(steady_clock::now() - begin, 150ms);
}

TEST_F(ServerTest, ABodyThatStopsIsA408) {
  options_.limits.body_timeout_ms = 50;
  start();
  WireClient one = client();
  one.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\na");
  EXPECT_EQ(status_of(one.until_close()), 408);
}

// ---------------------------------------------------------------- lingering

// The server's clock ticks every few milliseconds; none of its waits ends earlier than that.
constexpr auto kLinger = 300ms;
constexpr auto kAlmostLinger = 250ms;

// Ends the connection though its client has not said that it sends no more.
const std::string kFault = "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: x\r\n\r\n";

// Closing at once would answer what the client still sends with a reset (RFC 9112 §9.6).
TEST_F(ServerTest, AClientThatStillSendsAfterItsAnswerMeetsNoReset) {
  options_.limits.linger_timeout_ms = 60'000;
  start();
  WireClient one = client();
  one.send(kFault);
  EXPECT_EQ(status_of(one.until_close()), 400);
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(one.send(std::string(64 * 1024, 'x')));
    EXPECT_TRUE(one.closed_silently()) << "not in order";
  }
  EXPECT_EQ(server_->connections(), 1U) << "the server closed before its client did";
  one.finish();
  EXPECT_TRUE(eventually([&] { return server_->connections() == 0; })) << "it waits for nothing";
}

TEST_F(ServerTest, AClientThatNeverClosesIsClosedAfterLingering) {
  options_.limits.linger_timeout_ms = kLinger.count();
  start();
  const auto begin = steady_clock::now();
  WireClient one = client();
  one.send(kFault);
  EXPECT_EQ(status_of(one.until_close()), 400);
  EXPECT_TRUE(eventually([&] { return server_->connections() == 0; }));
  EXPECT_GE(steady_clock::now() - begin, kAlmostLinger) << "it did not linger";
}

TEST_F(ServerTest, AClientThatSendsForEverAfterItsAnswerIsClosedAllTheSame) {
  options_.limits.linger_timeout_ms = kLinger.count();
  start();
  const auto begin = steady_clock::now();
  WireClient one = client();
  one.send(kFault);
  EXPECT_EQ(status_of(one.response()), 400);
  const std::string noise(256 * 1024, 'x');
  auto sender = std::async(std::launch::async, [&] {
    while (one.send(noise)) {
    }
  });
  EXPECT_TRUE(eventually([&] { return server_->connections() == 0; }));
  EXPECT_GE(steady_clock::now() - begin, kAlmostLinger) << "it did not linger";
  EXPECT_EQ(sender.wait_for(WireClient::kLimit), std::future_status::ready);
}

// ---------------------------------------------------------------- bounds

TEST_F(ServerTest, ConnectionsBeyondTheLimitWaitTheirTurn) {
  options_.workers = 2;
  options_.limits.connections = 4;
  start();
  std::vector<WireClient> held = answered_clients(4);
  WireClient waiting = client();
  waiting.send(kGet);
  EXPECT_EQ(server_->connections(), 4U);
  held.pop_back();
  EXPECT_EQ(status_of(waiting.response()), 200);
}

// The last connection that the limit allows is like any other, as long as nobody waits behind it.
TEST_F(ServerTest, AFullListenerKeepsConnectionsOpenWhileNoneWaits) {
  options_.limits.connections = 4;
  options_.shedding.idle_ms = 0;
  for (int round = 0; round < 10; ++round) {
    start();
    std::vector<WireClient> held;
    for (int i = 0; i < 4; ++i) held.push_back(client());
    for (WireClient& one : held) {
      one.send(kGet);
      EXPECT_THAT(one.response(), Not(HasSubstr("Connection: close")));
    }
    EXPECT_EQ(held.back().until_close(20ms), "(timeout)");
    EXPECT_EQ(server_->load().shed_for_room, 0U);
  }
}

// Says which worker answers.
class NumberedHandler final : public http::Handler {
 public:
  explicit NumberedHandler(int number) : number_(std::to_string(number)) {}
  http::BodyUse body_use(const http::Request&) override { return http::BodyUse::kDiscard; }
  http::Handled answer(const http::Request&, http::Response& response) override {
    response.status = 200;
    response.body.refer(number_);
    return {};
  }

 private:
  const std::string number_;
};

/// Does not return before it is let go.
class StuckHandler final : public http::Handler {
 public:
  explicit StuckHandler(std::shared_future<void> let_go) : let_go_(std::move(let_go)) {}
  http::BodyUse body_use(const http::Request&) override { return http::BodyUse::kDiscard; }
  http::Handled answer(const http::Request&, http::Response& response) override {
    let_go_.wait();
    response.status = 200;
    return {};
  }

 private:
  const std::shared_future<void> let_go_;
};

TEST_F(ServerTest, AWorkerThatDoesNotRunIsReportedMissing) {
  options_.address = "127.0.0.1";
  options_.port = 0;
  options_.workers = 2;
  std::promise<void> let_go;
  auto server = Server::start(options_, [held = let_go.get_future().share()] {
    return std::make_unique<StuckHandler>(held);
  });
  ASSERT_TRUE(server);
  server_ = std::move(*server);
  EXPECT_TRUE(server_->roll_call());
  EXPECT_TRUE(eventually([&] { return server_->roll_call(); }));
  WireClient one = client();
  one.send(kGet);
  // The worker takes the request at some time, and hears no ring from then on.
  EXPECT_TRUE(eventually([&] {
    std::this_thread::sleep_for(20ms);
    return !server_->roll_call();
  }));
  let_go.set_value();
  EXPECT_EQ(status_of(one.response()), 200);
  EXPECT_TRUE(eventually([&] { return server_->roll_call(); }));
}

class IdleConnections : public ServerTest {
 protected:
  static constexpr std::size_t kMost = 4;

  // Two workers, and as many idle connections as there may be, all of them the first worker's.
  std::vector<WireClient> fill_first_worker() {
    options_.address = "127.0.0.1";
    options_.port = 0;
    options_.workers = 2;
    options_.limits.connections = kMost;
    options_.shedding = {.pause_ms = 10, .overload_ms = 60'000, .idle_ms = 20};
    int workers = 0;
    auto server = Server::start(
        options_, [&workers] { return std::make_unique<NumberedHandler>(workers++); });
    EXPECT_TRUE(server);
    server_ = std::move(*server);
    std::vector<WireClient> held;
    while (held.size() < kMost) {
      WireClient one = client();
      one.send(kGet);
      const std::string answer = one.response();
      EXPECT_THAT(answer, Not(HasSubstr("Connection: close")));
      if (answer.ends_with('0')) {
        held.push_back(std::move(one));
      } else {
        one.reset();
        EXPECT_TRUE(eventually([&] { return server_->connections() == held.size(); }));
      }
    }
    return held;
  }
};

// The kernel chooses in which worker's queue a client waits, so it is asked until both were it.
TEST_F(IdleConnections, AreShedWhicheverWorkerTheClientWaitsFor) {
  std::set<std::string> answered_by;
  for (int round = 0; round < 40 && answered_by.size() < 2; ++round) {
    std::vector<WireClient> held = fill_first_worker();
    WireClient waiting = client();
    waiting.send(kGet);
    const std::string answer = waiting.response();
    ASSERT_EQ(status_of(answer), 200) << "nobody made room";
    EXPECT_THAT(answer, HasSubstr("\r\nConnection: close\r\n")) << "others may wait";
    EXPECT_TRUE(held.front().closed_silently()) << "the one that was idle longest";
    EXPECT_GE(server_->load().shed_for_room, 1U);
    answered_by.insert(body_of(answer));
  }
  EXPECT_EQ(answered_by.size(), 2U);
}

TEST_F(IdleConnections, AreShedForEveryoneWhoWaits) {
  std::vector<WireClient> held = fill_first_worker();
  std::vector<WireClient> waiting;
  for (std::size_t i = 0; i < 2 * kMost; ++i) {
    waiting.push_back(client());
    waiting.back().send(kGet);
  }
  for (WireClient& one : waiting) ASSERT_EQ(status_of(one.response()), 200);
  EXPECT_TRUE(held.front().closed_silently()) << "the one that was idle longest";
}

TEST_F(IdleConnections, StayWhereTheyHaveNotBeenIdleForLong) {
  options_.shedding.idle_ms = 60'000;
  options_.limits.connections = kMost;
  start();
  std::vector<WireClient> held = answered_clients(kMost);
  WireClient waiting = client();
  waiting.send(kGet);
  EXPECT_EQ(waiting.until_close(100ms), "(timeout)");
  EXPECT_EQ(server_->load().shed_for_room, 0U);
}

class Holders : public ServerTest, public ::testing::WithParamInterface<const char*> {};

const std::string kHalfHead = "GET / HTTP/1.1\r\nHost: h\r\nX-Slow: ";
const std::string kHalfBody = "POST /peek HTTP/1.1\r\nHost: h\r\nContent-Length: 60\r\n\r\nabc";

// What is sent by those who hold a connection for as long as they can.
std::string held_by(std::string_view kind) {
  if (kind == "half_heads") return kHalfHead;
  if (kind == "half_bodies") return kHalfBody;
  if (kind == "lingering") {
    return "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n";
  }
  if (kind == "slow_readers") return get("/big");
  return "";
}

TEST_P(Holders, MakeRoomForWholeRequests) {
  options_.workers = 2;
  options_.limits.connections = 16;
  start();
  std::vector<WireClient> held;
  for (int i = 0; i < 40; ++i) {
    held.push_back(client(4096));
    held.back().send(held_by(GetParam()));
  }
  for (int i = 0; i < 20; ++i) {
    const auto began = steady_clock::now();
    ASSERT_EQ(status_of(ask(kClose)), 200) << i;
    EXPECT_LT(steady_clock::now() - began, 10s);
  }
  EXPECT_GT(server_->load().shed_for_room, 0U);
}

INSTANTIATE_TEST_SUITE_P(Server, Holders,
                         ::testing::Values("silent", "half_heads", "half_bodies", "lingering",
                                           "slow_readers"),
                         [](const auto& one) { return std::string(one.param); });

TEST_F(ServerTest, WhoIsShedHearsWhatCanBeSaid) {
  options_.limits.connections = 1;
  start();
  for (const std::string& half : {kHalfHead, kHalfBody}) {
    WireClient slow = client();
    slow.send(half);
    EXPECT_TRUE(eventually([&] { return server_->connections() == 1; }));
    WireClient next = client();
    next.send(kClose);
    EXPECT_EQ(status_of(slow.response()), half == kHalfHead ? 503 : 200);
    EXPECT_EQ(status_of(next.response()), 200);
    next.reset();
    EXPECT_TRUE(eventually([&] { return server_->connections() == 0; }));
  }
}

TEST_F(ServerTest, WhatIsCompleteByThenIsAnsweredAndNotShed) {
  options_.limits.connections = 4;
  start();
  std::vector<WireClient> slow;
  for (int i = 0; i < 4; ++i) {
    slow.push_back(client());
    slow.back().send("GET / HTTP/1.1\r\n");
  }
  EXPECT_TRUE(eventually([&] { return server_->connections() == 4; }));
  for (WireClient& one : slow) one.send("Host: h\r\n\r\n");
  WireClient next = client();
  next.send(kClose);
  for (WireClient& one : slow) EXPECT_EQ(status_of(one.response()), 200);
  EXPECT_EQ(status_of(next.response()), 200);
}

// ---------------------------------------------------------------- memory

constexpr std::uint64_t kSmallBudget = 1024 * 1024;
const std::string kLongHead = kHalfHead + std::string(60'000, 'x');

TEST_F(ServerTest, WhatConnectionsHoldIsCountedAndGoesBackToNothing) {
  start();
  {
    WireClient whole = client();
    whole.send(kGet);
    EXPECT_EQ(status_of(whole.response()), 200);
    EXPECT_EQ(server_->load().buffered_bytes, 0U);
    WireClient half = client();
    half.send(kLongHead);
    EXPECT_TRUE(eventually([&] { return server_->load().buffered_bytes >= kLongHead.size(); }));
    EXPECT_LT(server_->load().buffered_bytes, 2 * kLongHead.size());
    half.send("\r\n\r\n");
    EXPECT_EQ(status_of(half.response()), 200);
    EXPECT_TRUE(eventually([&] { return server_->load().buffered_bytes == 0; }));
    WireClient body = client();
    body.send(kHalfBody);
    EXPECT_TRUE(eventually([&] { return server_->load().buffered_bytes > 0; }));
    WireClient reader = client(4096);
    reader.send(get("/long-text"));
    EXPECT_TRUE(eventually([&] { return server_->load().buffered_bytes > kBig / 4; }));
  }
  EXPECT_TRUE(eventually([&] { return server_->load().buffered_bytes == 0; }));
}

TEST_F(ServerTest, AHeadThatDripsHoldsNoMoreThanTwiceWhatHasCome) {
  start();
  WireClient one = client();
  one.send(kHalfHead);
  for (int i = 0; i < 100; ++i) {
    one.send("x");
    WireClient probe = client();  // once it is answered, the byte above is known to the server
    probe.send(kClose);
    probe.until_close();
  }
  EXPECT_TRUE(eventually([&] { return server_->load().buffered_bytes > kHalfHead.size() + 90; }));
  EXPECT_LT(server_->load().buffered_bytes, 2 * (kHalfHead.size() + 110));
}

// Of many clients who hold as much as they can.
TEST_F(ServerTest, NoClientHoldsMoreThanTheBudgetAndOthersAreServed) {
  options_.workers = 2;
  options_.limits.buffered_bytes = kSmallBudget;
  start();
  std::vector<WireClient> hostile;
  std::uint64_t most = 0;
  for (int i = 0; i < 200; ++i) {
    hostile.push_back(client());
    hostile.back().send(kLongHead);
    most = std::max(most, server_->load().buffered_bytes);
    if (i % 10 == 0) {
      WireClient other = client();
      other.send(kGet.substr(0, 20));
      other.send(kGet.substr(20));
      EXPECT_EQ(status_of(other.response()), 200) << i;
      WireClient body = client();
      body.send("POST /peek HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbo");
      body.send("dy");
      EXPECT_EQ(status_of(body.response()), 200) << i;
    }
  }
  EXPECT_GT(most, kSmallBudget / 2);
  EXPECT_LT(most, kSmallBudget + 2 * 64 * 1024);
  EXPECT_GT(server_->load().shed_for_memory, 150U);
  const std::string first = hostile.front().until_close();
  EXPECT_TRUE(status_of(first) == 503 || status_of(first) == 431) << first;
}

TEST_F(ServerTest, SlowReadersMakeRoomInMemory) {
  options_.limits.buffered_bytes = 4 * kBig;
  start();
  std::vector<WireClient> slow;
  for (int i = 0; i < 8; ++i) {
    slow.push_back(client(4096));
    slow.back().send(get("/long-text"));
  }
  EXPECT_TRUE(eventually([&] { return server_->load().shed_for_memory >= 4; }));
  EXPECT_LE(server_->load().buffered_bytes, 4 * kBig);
  EXPECT_EQ(status_of(ask(kGet)), 200);
  EXPECT_LT(slow.front().until_close().size(), kBig) << "who has waited longest is closed";
}

TEST_F(ServerTest, AClientThatTakesItsAnswerInPiecesKeepsNothingElseAlive) {
  const long before = big_body().use_count();
  start();
  WireClient slow = client(4096);
  slow.send(get("/big"));
  std::string answer = slow.some();
  while (server_->load().buffered_bytes < kBig / 4 && answer.size() < kBig) answer += slow.some();
  EXPECT_LT(answer.size(), kBig);
  EXPECT_TRUE(eventually([&] { return big_body().use_count() <= before; }));
  answer += slow.until_close(100ms);
}

// ---------------------------------------------------------------- strangers

TEST_F(ServerTest, StrangersAreClosedInTime) {
  options_.stranger_timeout_ms = 100;
  start();
  WireClient silent = client();
  WireClient answered = client();
  answered.send(kGet);
  EXPECT_EQ(status_of(answered.response()), 200);
  WireClient half = client();
  half.send(kHalfHead);
  EXPECT_TRUE(silent.closed_silently());
  EXPECT_TRUE(answered.closed_silently());
  EXPECT_EQ(status_of(half.until_close()), 408);
}

TEST_F(ServerTest, AVouchedForClientStays) {
  options_.stranger_timeout_ms = 100;
  start();
  WireClient known = client();
  known.send(get("/known"));
  EXPECT_EQ(status_of(known.response()), 200);
  EXPECT_EQ(known.until_close(400ms), "(timeout)");
  known.send(kHalfHead);
  EXPECT_EQ(known.until_close(400ms), "(timeout)");
  known.send("\r\n\r\n");
  EXPECT_EQ(status_of(known.response()), 200);
}

TEST_F(ServerTest, ConnectionsOfOneAddressBeyondItsLimitAreClosed) {
  options_.workers = 2;
  options_.limits.connections_per_address = 3;
  start();
  std::vector<WireClient> held = answered_clients(3);
  EXPECT_TRUE(client().closed_silently());
  EXPECT_EQ(server_->connections(), 3U);
  held.pop_back();
  EXPECT_TRUE(eventually([&] { return server_->connections() == 2; }));
  EXPECT_EQ(status_of(ask(kClose)), 200);
}

TEST_F(ServerTest, ExemptAddressesHaveAsManyConnectionsAsTheyWant) {
  options_.limits.connections_per_address = 1;
  options_.exempt_addresses = {http::Network::parse("127.0.0.0/8").value()};
  start();
  std::vector<WireClient> held = answered_clients(10);
  EXPECT_EQ(server_->connections(), 10U);
}

double process_cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

TEST_F(ServerTest, OutOfDescriptorsItWaitsWithoutSpinningAndRecovers) {
  std::mutex mutex;
  std::string report;
  options_.report = [&](std::string_view text) {
    const std::lock_guard lock(mutex);
    report = text;
  };
  start();
  // The undefined behaviour sanitizer opens a pipe at the first virtual call of each type;
  // it must have had it before there is no descriptor left.
  EXPECT_EQ(status_of(ask(kGet)), 200);
  ASSERT_TRUE(eventually([&] { return server_->connections() == 0; }));
  {
    testing::FewDescriptors few(1);
    WireClient one = client();  // takes the last one, so the server has none to accept with
    one.send(kGet);
    EXPECT_TRUE(eventually([&] {
      const std::lock_guard lock(mutex);
      return !report.empty();
    }));
    const double before = process_cpu_seconds();
    EXPECT_EQ(one.until_close(300ms), "(timeout)");
    EXPECT_LT(process_cpu_seconds() - before, 0.2) << "it spins";
    few.free_one();
    EXPECT_EQ(status_of(one.response()), 200);
  }
  EXPECT_THAT(report, HasSubstr("Too many open files"));
  EXPECT_EQ(status_of(ask(kGet)), 200);
}

TEST_F(ServerTest, IdleConnectionsCostNoCpu) {
  start();
  std::vector<WireClient> held = answered_clients(50);
  const double before = process_cpu_seconds();
  EXPECT_EQ(held.front().until_close(300ms), "(timeout)");
  EXPECT_LT(process_cpu_seconds() - before, 0.1);
}

// ---------------------------------------------------------------- stopping

TEST_F(ServerTest, StopClosesIdleConnectionsAndTheDoor) {
  options_.workers = 2;
  start();
  std::vector<WireClient> idle;
  for (int i = 0; i < 10; ++i) {
    idle.push_back(client());
    idle.back().send(kGet);
    idle.back().response();
  }
  const auto port = server_->port();
  server_->stop();
  server_->stop();
  for (auto& one : idle) EXPECT_TRUE(one.closed_silently());
  EXPECT_THROW(WireClient{port}, std::runtime_error);
  EXPECT_EQ(server_->connections(), 0U);
}

TEST_F(ServerTest, StopLetsAHeadInFlightHaveItsAnswer) {
  start();
  WireClient one = client();
  one.send("GET / HTTP/1.1\r\n");
  WireClient probe = client();  // once it is answered, the bytes above are known to the server
  probe.send(kGet);
  probe.response();
  auto stopping = std::async(std::launch::async, [&] { server_->stop(); });
  EXPECT_TRUE(probe.closed_silently());
  one.send("Host: h\r\n\r\n");
  EXPECT_THAT(one.until_close(), HasSubstr("\r\nConnection: close\r\n"));
  one.reset();
  EXPECT_EQ(stopping.wait_for(5s), std::future_status::ready);
}

TEST_F(ServerTest, StopLetsABodyInFlightHaveItsAnswer) {
  start();
  WireClient one = client();
  one.send("POST /peek HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbo");
  WireClient probe = client();
  probe.send(kGet);
  probe.response();
  auto stopping = std::async(std::launch::async, [&] { server_->stop(); });
  EXPECT_TRUE(probe.closed_silently());
  one.send("dy");
  EXPECT_THAT(one.response(), EndsWith("|body|whole"));
  one.reset();
  EXPECT_EQ(stopping.wait_for(5s), std::future_status::ready);
}

TEST_F(ServerTest, StopLetsALargeAnswerArrive) {
  start();
  WireClient one = client(kSmallBuffer);
  one.send(get("/big"));
  std::string answer = one.some();
  auto stopping = std::async(std::launch::async, [&] { server_->stop(); });
  answer += one.until_close();
  EXPECT_EQ(body_of(answer), *big_body());
  EXPECT_EQ(stopping.wait_for(5s), std::future_status::ready);
}

TEST_F(ServerTest, StopAnswersWhatWasSentBefore) {
  options_.limits.linger_timeout_ms = 50;
  start();
  std::vector<WireClient> asking;
  for (int i = 0; i < 20; ++i) {
    asking.push_back(client());
    asking.back().send(kGet);
  }
  server_->stop();
  for (auto& one : asking) EXPECT_EQ(status_of(one.until_close()), 200);
}

TEST_F(ServerTest, StopDoesNotWaitForeverForSlowClients) {
  options_.limits.drain_timeout_ms = 50;
  start();
  WireClient never_finishes = client();
  never_finishes.send("GET / HT");
  WireClient never_reads = client(4096);
  never_reads.send(get("/big"));
  WireClient probe = client();
  probe.send(kGet);
  probe.response();
  const auto begin = steady_clock::now();
  server_->stop();
  EXPECT_LT(steady_clock::now() - begin, 5s);
  EXPECT_EQ(never_finishes.until_close(), "(reset)");
}

TEST_F(ServerTest, StopLetsConnectionsLingerAndEndsThem) {
  options_.limits.linger_timeout_ms = kLinger.count();
  start();
  const auto begin = steady_clock::now();
  WireClient one = client();
  one.send(kFault);
  EXPECT_EQ(status_of(one.response()), 400);
  server_->stop();
  EXPECT_GE(steady_clock::now() - begin, kAlmostLinger) << "it did not linger";
  EXPECT_EQ(server_->connections(), 0U);
}

TEST_F(ServerTest, StopClosesWhoHasNotAskedYet) {
  start();
  WireClient one = client();
  EXPECT_TRUE(eventually([&] { return server_->connections() == 1; }));
  server_->stop();
  EXPECT_TRUE(one.closed_silently());
}

TEST_F(ServerTest, StopBeforeAnybodyCameClosesTheListener) {
  options_.workers = 2;
  start();
  const auto port = server_->port();
  server_->stop();
  EXPECT_THROW(WireClient{port}, std::runtime_error);
}

TEST_F(ServerTest, StopWhileBusy) {
  options_.workers = 2;
  start();
  std::atomic<bool> over = false;
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      while (!over) {
        try {
          WireClient one(server_->port());
          one.send(kGet + kGet + kClose);
          one.until_close();
        } catch (const std::runtime_error&) {
          return;  // the door is closed
        }
      }
    });
  }
  EXPECT_TRUE(eventually([&] { return server_->connections() > 0; }));
  server_->stop();
  over = true;
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(server_->connections(), 0U);
}

}  // namespace
}  // namespace intermission::server
