// A connection as its owner has it: the test says when its socket is looked at, and what others
// hold.
#include "server/connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/listening_socket.h"
#include "server/preamble.h"
#include "server/tls_contexts.h"
#include "support/certificates.h"
#include "support/eventually.h"
#include "support/fake_clock.h"
#include "support/http1_harness.h"
#include "support/http2_client.h"
#include "support/request_cases.h"
#include "support/tls_bytes.h"
#include "support/wire_client.h"

namespace intermission::server {
namespace {

using namespace std::chrono_literals;
using testing::body_of;
using ::testing::EndsWith;
using testing::eventually;
using ::testing::HasSubstr;
using testing::Http2Client;
using ::testing::Not;
using ::testing::StartsWith;
using testing::status_of;
using testing::statuses;
using testing::WireClient;

constexpr std::size_t kBig = 1024 * 1024;
constexpr int kSmallBuffer = 4096;
constexpr std::uint64_t kLimit = 10'000;  // of the budget, where there is one

std::shared_ptr<const std::string> text_of(std::size_t size) {
  return std::make_shared<const std::string>(size, 'x');
}

// Says words until it is ended.
class Words final : public http::Stream {
 public:
  bool read(std::string& out) override {
    out += "word ";
    return true;
  }
};

// Is known when it is asked for.
class Large final : public http::DeferredAnswer {
 public:
  bool take(http::Response& response) override {
    response.status = 200;
    response.body.own().assign(kBig, 'l');
    return true;
  }
};

class Handler final : public testing::MirrorHandler {
 public:
  http::Handled answer(const http::Request& request, http::Response& response) override {
    ++answered;
    http::Handled handled = MirrorHandler::answer(request, response);
    if (request.path() == "/sender") {
      response.body.own() = request.peer()->text() + ' ' + request.sender()->text();
    }
    if (request.path() == "/view") response.body.refer(*view, view);
    if (request.path() == "/some") response.body.refer(*some, some);
    if (request.path() == "/big") response.body.refer(*big, big);
    if (request.path() == "/own") response.body.own().assign(kBig, 'o');
    if (request.path() == "/stream") response.stream = std::make_unique<Words>();
    if (request.path() == "/later") handled.deferred = std::make_unique<Large>();
    return handled;
  }

  void refused(std::uint16_t /*status*/, const http::Request& request) override {
    refused_in_secret = request.is_secure();
  }

  int answered = 0;
  std::optional<bool> refused_in_secret;
  const std::shared_ptr<const std::string> view = text_of(Output::kCopied + 1);
  // More than a slow client takes at once, and less than a turn is.
  const std::shared_ptr<const std::string> some = text_of(60'000);
  const std::shared_ptr<const std::string> big = text_of(kBig);
};

std::string get(const std::string& target) {
  return "GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n";
}

std::string times(int count, const std::string& text) {
  std::string out;
  for (int i = 0; i < count; ++i) out += text;
  return out;
}

// Unfinished, and of that size.
std::string half_head(std::size_t size) {
  const std::string begin = "GET /half HTTP/1.1\r\nHost: h\r\nA: ";
  return begin + std::string(size - begin.size(), 'a');
}

const std::string kGet = get("/");
const std::string kClose = "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
// Answered with 400, and the connection ends though its client may send more.
const std::string kFault = "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: x\r\n\r\n";
const std::string kProxyHeader = "PROXY TCP4 192.0.2.7 127.0.0.1 5000 80\r\n";

class ConnectionTest : public ::testing::Test {
 protected:
  ConnectionTest() {
    worker_.date.update(base::TimePoint{base::Seconds{784111777}});
    worker_.now_ms = 1000;
  }
  void connect(const ConnectionTraits& traits = {}) { connect(traits, 0); }
  // To a client that takes little at once.
  void connect_slow(const ConnectionTraits& traits = {}) {
    connect(traits, kSmallBuffer);
    have_little_room();
  }
  void connect_tls(const ConnectionTraits& traits = {}) {
    auto accepted = accept(0);
    begin_tls(std::move(accepted.socket), accepted.peer, traits);
  }
  // Gives the client's end.
  base::Descriptor connect_tls_pair() {
    std::array<int, 2> ends{};
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()), 0);
    begin_tls(base::Descriptor(ends[0]), {}, {});
    return base::Descriptor(ends[1]);
  }

  // Others hold so much of the budget, which has a limit from then on.
  void others_hold(std::uint64_t bytes) {
    worker_.budget = &budget_;
    budget_.change(std::exchange(others_, bytes), bytes);
  }
  // As the worker does after each event.
  void account() { budget_.change(std::exchange(accounted_, held()), held()); }

  bool is_ready(short events, std::chrono::milliseconds limit = WireClient::kLimit) const {
    pollfd socket{connection_->fd(), events, 0};
    return poll(&socket, 1, static_cast<int>(limit.count())) > 0;
  }
  void await(std::size_t bytes) const {
    ASSERT_TRUE(eventually([&] {
      int there = 0;
      ioctl(connection_->fd(), FIONREAD, &there);
      return static_cast<std::size_t>(there) >= bytes;
    }));
  }
  void read() { connection_->on_readable(worker_, scratch_); }
  void write() { connection_->on_writable(worker_, scratch_); }
  // The bytes arrive, and are read at once.
  void arrive(std::string_view bytes) {
    ASSERT_TRUE(client_->send(bytes));
    await(bytes.size());
    read();
  }
  // The client sends no more, and that is read.
  void finish() {
    client_->finish();
    ASSERT_TRUE(is_ready(POLLRDHUP));
    read();
  }
  void client_resets() {
    client_->reset();
    ASSERT_TRUE(is_ready(POLLHUP));
  }
  // The client takes a little, and the connection sends a little.
  std::string take_some() {
    std::string taken;
    while (!is_ready(POLLOUT, 0ms)) taken += client_->some();
    write();
    return taken;
  }
  // Takes all the room that the socket has for what is sent, and says how much that was. The kernel
  // may find more of it later.
  std::size_t fill_socket() {
    const std::string noise(64 * 1024, 'x');
    std::size_t filled = 0;
    for (bool again = true; again; is_ready(POLLOUT, 2ms)) {
      again = false;
      for (std::size_t size = noise.size(); size > 0; size /= 2) {
        for (ssize_t sent = 0; (sent = send(connection_->fd(), noise.data(), size, 0)) > 0;) {
          filled += static_cast<std::size_t>(sent);
          again = true;
        }
      }
    }
    return filled;
  }
  // As its owner does, and the client takes what comes, until it is read from again or ends.
  std::string take_all() {
    std::string taken;
    while (!connection_->done() && connection_->interest() == Interest::kWrite) {
      taken += take_some();
    }
    return taken;
  }
  std::string heard_by_now(std::chrono::milliseconds limit) {
    std::string heard = client_->until_close(limit);
    for (const std::string_view end : {"(timeout)", "(reset)"}) {
      if (heard.ends_with(end)) heard.resize(heard.size() - end.size());
    }
    return heard;
  }
  // The client hears nothing more, and the connection stays open.
  bool is_quiet() { return client_->until_close(20ms) == "(timeout)"; }

  Interest interest() const { return connection_->interest(); }
  TimerClass waiting_for() const { return connection_->waiting_for(); }
  std::size_t held() const { return connection_->held(); }
  bool is_done() const { return connection_->done(); }
  bool is_lingering() const { return !is_done() && waiting_for() == TimerClass::kLinger; }

  http::Limits limits_;
  Handler handler_;
  std::vector<std::string> reports_;
  WorkerContext worker_{limits_, handler_,
                        [this](std::string_view trouble) { reports_.emplace_back(trouble); }};
  MemoryBudget budget_{kLimit};
  std::optional<WireClient> client_;
  std::optional<Connection> connection_;

 private:
  ListeningSocket::Accepted accept(int receive_buffer) {
    client_.emplace(listener_->port(), receive_buffer);
    ListeningSocket::Accepted accepted;
    EXPECT_TRUE(eventually([&] {
      accepted = listener_->accept();
      return accepted.outcome == ListeningSocket::Outcome::kAccepted;
    }));
    return accepted;
  }
  void begin_tls(base::Descriptor socket, const http::Address& peer,
                 const ConnectionTraits& traits) {
    settings_.certificates = {testing::issue({.names = {"a.example"}}).write(folder_, "a")};
    auto endpoint = TlsEndpoint::open(settings_, clock_);
    ASSERT_TRUE(endpoint) << endpoint.error().text();
    const int fd = socket.get();
    connection_.emplace(
        Transport(std::move(socket), std::make_unique<TlsChannel>(fd, (*endpoint)->current())),
        peer, traits);
  }
  void have_little_room() {
    setsockopt(connection_->fd(), SOL_SOCKET, SO_SNDBUF, &kSmallBuffer, sizeof kSmallBuffer);
  }
  void connect(const ConnectionTraits& traits, int receive_buffer) {
    auto accepted = accept(receive_buffer);
    connection_.emplace(Transport(std::move(accepted.socket)), accepted.peer, traits);
  }

  const base::Result<ListeningSocket> listener_ =
      ListeningSocket::open("127.0.0.1", 0, ListeningSocket::Role::kFirst);
  std::array<char, 64 * 1024> scratch_;
  std::uint64_t others_ = 0;
  std::uint64_t accounted_ = 0;
  const testing::TemporaryFolder folder_;
  testing::FakeClock clock_{testing::present()};
  TlsSettings settings_;
};

// ------------------------------------------------------------------ reading

TEST_F(ConnectionTest, WaitsWhereNothingHasCome) {
  connect();
  read();
  EXPECT_FALSE(is_done());
  EXPECT_TRUE(connection_->idle());
  EXPECT_EQ(interest(), Interest::kRead);
  EXPECT_EQ(waiting_for(), TimerClass::kSilent);
}

TEST_F(ConnectionTest, AWholeRequestIsAnsweredAndHoldsNothing) {
  connect();
  arrive(kGet);
  EXPECT_EQ(status_of(client_->response()), 200);
  EXPECT_TRUE(connection_->idle());
  EXPECT_EQ(held(), 0U);
  EXPECT_EQ(interest(), Interest::kRead);
  EXPECT_EQ(waiting_for(), TimerClass::kIdle);
  EXPECT_TRUE(reports_.empty());
}

TEST_F(ConnectionTest, IsDoneAndNotIdleWhenItsClientHasReset) {
  connect();
  client_resets();
  read();
  EXPECT_TRUE(is_done());
  EXPECT_FALSE(connection_->idle());
}

TEST_F(ConnectionTest, EachHeadIsAWaitOfItsOwn) {
  connect();
  arrive("GET /a HT");
  EXPECT_EQ(waiting_for(), TimerClass::kHead);
  EXPECT_FALSE(connection_->idle());
  const auto first = connection_->wait_number();
  arrive("TP/1.1\r\nHost: h\r\n");
  EXPECT_EQ(connection_->wait_number(), first) << "the same head";
  read();  // nothing has come
  arrive("\r\nGET /b HT");
  EXPECT_EQ(waiting_for(), TimerClass::kHead);
  EXPECT_NE(connection_->wait_number(), first);
  EXPECT_THAT(client_->response(), HasSubstr("GET|/a|"));
  arrive("TP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_THAT(client_->response(), HasSubstr("GET|/b|"));
}

TEST_F(ConnectionTest, AHeadInPiecesIsGivenTwiceItsRoomUpToTheLimitOfHeads) {
  limits_.header_bytes = 200;
  connect();
  arrive(half_head(70));
  EXPECT_EQ(held(), 71U);
  arrive("a");
  EXPECT_EQ(held(), 2U * 71 + 1);
  arrive(std::string(80, 'a'));
  EXPECT_EQ(held(), 201U);
  arrive("\r\n\r\n");
  EXPECT_EQ(status_of(client_->response()), 200);
  EXPECT_EQ(held(), 0U);
}

TEST_F(ConnectionTest, WhatComesBehindIsKeptAndItsRoomIsGivenBack) {
  connect();
  arrive(half_head(2000));
  arrive("\r\n\r\n" + half_head(100));
  EXPECT_EQ(held(), 101U) << "less than half of what there was";
  EXPECT_THAT(client_->response(), HasSubstr("GET|/half|"));
  arrive("\r\n\r\n");
  EXPECT_THAT(client_->response(), HasSubstr("GET|/half|"));
}

TEST_F(ConnectionTest, WhatComesBehindMovesToTheFront) {
  connect();
  arrive(half_head(100));
  std::string more = half_head(104);
  more.replace(0, 3, "PUT");
  arrive("\r\n\r\n" + more);
  EXPECT_GT(held(), 208U) << "half of it is left, and stays where it is";
  EXPECT_THAT(client_->response(), HasSubstr("GET|/half|"));
  arrive("\r\n\r\n");
  const std::string answer = client_->response();
  EXPECT_THAT(answer, HasSubstr("PUT|/half|"));
  EXPECT_THAT(answer, EndsWith("|" + more.substr(more.find("A: ") + 3) + "||whole"));
}

TEST_F(ConnectionTest, AClientThatEndsInsideAHeadIsAnsweredAndDone) {
  connect();
  arrive("GET / HT");
  finish();
  EXPECT_EQ(status_of(client_->response()), 400);
  EXPECT_TRUE(is_done()) << "no byte can come any more";
}

// ------------------------------------------------------------------ turns

TEST_F(ConnectionTest, AClientThatPipelinesLetsOthersHaveTheirTurn) {
  connect();
  arrive(times(24, get("/view")));
  EXPECT_EQ(handler_.answered, 16) << "four outputs of four views";
  EXPECT_EQ(interest(), Interest::kWrite);
  EXPECT_EQ(waiting_for(), TimerClass::kWrite);
  EXPECT_FALSE(connection_->idle());
  EXPECT_GT(held(), 0U);
  write();
  EXPECT_EQ(handler_.answered, 24);
  EXPECT_EQ(interest(), Interest::kRead);
  EXPECT_TRUE(connection_->idle());
  EXPECT_EQ(held(), 0U);
  for (int i = 0; i < 24; ++i) ASSERT_EQ(body_of(client_->response()), *handler_.view) << i;
  EXPECT_TRUE(is_quiet());
}

TEST_F(ConnectionTest, AClientThatEndsBehindManyRequestsHasAllItsAnswers) {
  connect();
  const std::string all = times(40, get("/view"));
  ASSERT_TRUE(client_->send(all));
  client_->finish();
  await(all.size());
  read();
  while (interest() == Interest::kWrite) write();
  EXPECT_FALSE(is_done());
  read();
  EXPECT_TRUE(is_done());
  EXPECT_EQ(handler_.answered, 40);
  const std::string heard = client_->until_close(20ms);
  EXPECT_EQ(statuses(heard), times(39, "200 ") + "200");
}

TEST_F(ConnectionTest, NoMoreRequestsAreReadBehindTheLastAnswer) {
  connect();
  arrive(times(5, get("/view")) + kClose + get("/view"));
  EXPECT_EQ(handler_.answered, 6);
  EXPECT_EQ(statuses(client_->until_close(20ms)), times(5, "200 ") + "200!");
}

TEST_F(ConnectionTest, ATurnEndsWithALotSent) {
  connect();
  arrive(get("/big"));
  EXPECT_EQ(interest(), Interest::kWrite);
  std::string heard = heard_by_now(50ms);
  EXPECT_LE(heard.size(), Connection::kBurst);
  heard += take_all();
  while (body_of(heard).size() < kBig) heard += client_->some();
  EXPECT_TRUE(body_of(heard) == *handler_.big);
  EXPECT_TRUE(connection_->idle());
}

// ------------------------------------------------------------------ what the client does not take

TEST_F(ConnectionTest, WhatIsNotTakenIsKeptAndNothingIsReadMeanwhile) {
  connect_slow();
  arrive(get("/own"));
  EXPECT_EQ(interest(), Interest::kWrite);
  EXPECT_EQ(waiting_for(), TimerClass::kWrite);
  EXPECT_FALSE(connection_->idle());
  EXPECT_GT(held(), kBig / 2);
  EXPECT_TRUE(worker_.output.empty());
  const auto wait = connection_->wait_number();
  std::string heard = take_some();
  EXPECT_NE(connection_->wait_number(), wait) << "it makes progress";
  heard += take_all();
  while (body_of(heard).size() < kBig) heard += client_->some();
  EXPECT_TRUE(body_of(heard) == std::string(kBig, 'o'));
  EXPECT_TRUE(connection_->idle());
  EXPECT_EQ(held(), 0U);
}

TEST_F(ConnectionTest, RequestsBehindAnAnswerThatIsTakenSlowlyComeNext) {
  connect_slow();
  arrive(get("/own") + kGet + "GET /half HT");
  EXPECT_EQ(handler_.answered, 1);
  std::string heard = take_all();
  EXPECT_EQ(handler_.answered, 2);
  EXPECT_EQ(waiting_for(), TimerClass::kHead);
  arrive("TP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(handler_.answered, 3);
  while (statuses(heard) != "200 200 200") heard += client_->some();
}

TEST_F(ConnectionTest, AnAnswerWaitsWhereTheSocketTakesNothing) {
  connect_slow();
  std::size_t filled = 0;
  for (int i = 0; i < 1000 && interest() == Interest::kRead; ++i) {
    filled = fill_socket();
    arrive(kGet);
    ASSERT_FALSE(is_done());
  }
  ASSERT_EQ(interest(), Interest::kWrite) << "there was room all the time";
  std::string heard = take_all();
  while (!heard.ends_with("||whole")) heard += client_->some();
  EXPECT_GT(heard.size(), filled);
  EXPECT_TRUE(connection_->idle());
}

TEST_F(ConnectionTest, IsDoneWhenItsClientResetsInsteadOfTakingItsAnswer) {
  connect_slow();
  arrive(get("/own"));
  client_resets();
  write();
  EXPECT_TRUE(is_done());
  EXPECT_EQ(handler_.answered, 1);
}

TEST_F(ConnectionTest, WhatIsNotTakenAndMayNotBeKeptEndsWithAReset) {
  connect_slow();
  others_hold(kLimit - 2000);
  arrive(get("/own") + kGet);
  EXPECT_TRUE(is_done());
  EXPECT_EQ(handler_.answered, 1);
  EXPECT_EQ(budget_.shed(), 1U);
  EXPECT_TRUE(worker_.refused_memory);
  EXPECT_TRUE(worker_.output.empty()) << "the next connection has it";
  connection_.reset();
  EXPECT_THAT(client_->until_close(), EndsWith("(reset)"));
}

TEST_F(ConnectionTest, AnAnswerThatIsTakenInManyPiecesIsCopied) {
  connect_slow();
  for (int i = 0; i < 2; ++i) {
    const long before = handler_.big.use_count();
    arrive(get("/big"));
    EXPECT_EQ(handler_.big.use_count(), before + 1);
    const std::size_t view = held();
    EXPECT_LT(view, 4096U);
    std::string heard = take_some();
    EXPECT_EQ(handler_.big.use_count(), before + 1) << "it may be taken at once";
    EXPECT_EQ(held(), view);
    heard += take_some();
    EXPECT_EQ(handler_.big.use_count(), before) << i;
    EXPECT_GT(held(), kBig / 2);
    heard += take_all();
    while (body_of(heard).size() < kBig) heard += client_->some();
    EXPECT_TRUE(body_of(heard) == *handler_.big);
  }
}

TEST_F(ConnectionTest, AnAnswerThatMayNotBeCopiedEndsWithAReset) {
  connect_slow();
  others_hold(0);
  arrive(get("/big"));
  take_some();
  EXPECT_FALSE(is_done());
  EXPECT_EQ(budget_.shed(), 0U);
  take_some();
  EXPECT_TRUE(is_done());
  EXPECT_EQ(budget_.shed(), 1U);
  EXPECT_TRUE(worker_.refused_memory);
}

TEST_F(ConnectionTest, AnAnswerOfItsOwnIsNotCopiedAgain) {
  connect_slow();
  arrive(get("/own"));
  others_hold(kLimit);
  for (int i = 0; i < 4; ++i) take_some();
  EXPECT_FALSE(is_done());
  EXPECT_EQ(budget_.shed(), 0U);
}

// ------------------------------------------------------------------ memory that is short

TEST_F(ConnectionTest, WhereTwiceTheRoomIsTooMuchAHeadHasWhatItNeeds) {
  connect();
  others_hold(0);
  arrive(half_head(3000));
  account();
  EXPECT_EQ(held(), 3001U);
  others_hold(kLimit - held() - 500);
  arrive(std::string(100, 'a'));
  EXPECT_EQ(held(), 3101U);
  EXPECT_EQ(waiting_for(), TimerClass::kHead);
  arrive("\r\n\r\n");
  EXPECT_EQ(status_of(client_->response()), 200);
  EXPECT_EQ(budget_.shed(), 0U);
}

TEST_F(ConnectionTest, AHeadThatHasRoomNeedsNoneOfOthers) {
  connect();
  arrive(half_head(100));
  arrive("a");
  others_hold(2 * kLimit);
  arrive("a");
  EXPECT_EQ(waiting_for(), TimerClass::kHead);
  EXPECT_EQ(budget_.shed(), 0U);
}

TEST_F(ConnectionTest, AHeadThatMayNotGrowCanBeWholeAllTheSame) {
  connect();
  arrive(half_head(3000));
  others_hold(kLimit);
  arrive(std::string(100, 'a') + "\r\n\r\n");
  const std::string answer = client_->response();
  EXPECT_EQ(status_of(answer), 200);
  EXPECT_THAT(answer, HasSubstr("|" + std::string(100, 'a')));
  EXPECT_EQ(held(), 0U);
  EXPECT_EQ(budget_.shed(), 0U);
  EXPECT_TRUE(connection_->idle());
}

// Once it is answered, a head holds nothing that would count against the next one.
TEST_F(ConnectionTest, AHeadBehindOneThatMayNotGrowHasTheRoomOfASmallOne) {
  connect();
  others_hold(0);
  arrive(half_head(4000));
  account();
  others_hold(kLimit - held() - 1000);
  arrive("\r\n\r\n" + half_head(500));
  EXPECT_EQ(waiting_for(), TimerClass::kHead);
  EXPECT_EQ(held(), 501U);
  EXPECT_EQ(budget_.shed(), 0U);
}

TEST_F(ConnectionTest, AHeadThatMayNotGrowAndIsNotWholeIsRejected) {
  connect();
  arrive(half_head(3000));
  others_hold(kLimit);
  arrive(std::string(100, 'a'));
  EXPECT_EQ(statuses(client_->until_close()), "503!");
  EXPECT_EQ(held(), 0U);
  EXPECT_EQ(budget_.shed(), 1U);
  EXPECT_TRUE(worker_.refused_memory);
  EXPECT_TRUE(is_lingering());
}

TEST_F(ConnectionTest, OnlyALongHeadIsItsClientsFault) {
  for (const auto& [size, status] :
       {std::pair{MemoryBudget::kSmall, "503!"}, std::pair{MemoryBudget::kSmall + 1, "431!"}}) {
    connect();
    others_hold(kLimit - 50);
    arrive(half_head(size));
    EXPECT_EQ(statuses(client_->until_close()), status);
    EXPECT_EQ(held(), 0U);
  }
  EXPECT_EQ(budget_.shed(), 2U);
}

TEST_F(ConnectionTest, WhatMayNotBeKeptBehindAnUntakenAnswerIsNotRead) {
  connect_slow();
  others_hold(kLimit - 1000);
  arrive(get("/some") + half_head(2000));
  EXPECT_EQ(budget_.shed(), 1U);
  EXPECT_EQ(interest(), Interest::kWrite);
  worker_.budget = nullptr;  // so that the answer may be copied
  std::string heard = take_all();
  EXPECT_TRUE(is_lingering());
  heard += client_->until_close();
  EXPECT_TRUE(body_of(heard) == *handler_.some) << "and nothing behind it";
}

TEST_F(ConnectionTest, WhatMayNotBeKeptForTheNextTurnIsNotRead) {
  connect();
  others_hold(kLimit);
  arrive(times(24, get("/view")));
  EXPECT_EQ(budget_.shed(), 1U);
  EXPECT_TRUE(is_lingering());
  EXPECT_EQ(interest(), Interest::kRead);
  EXPECT_EQ(statuses(client_->until_close()), times(15, "200 ") + "200");
}

// ------------------------------------------------------------------ lingering

TEST_F(ConnectionTest, LingersUntilItsClientEnds) {
  connect();
  arrive(kFault);
  EXPECT_TRUE(is_lingering());
  EXPECT_EQ(interest(), Interest::kRead);
  EXPECT_EQ(connection_->wait_number(), 0U);
  EXPECT_FALSE(connection_->idle());
  EXPECT_EQ(statuses(client_->until_close()), "400!") << "its end is said";
  read();  // nothing has come
  EXPECT_TRUE(is_lingering());
  EXPECT_EQ(interest(), Interest::kRead);
  arrive(kGet);
  EXPECT_TRUE(is_lingering());
  EXPECT_EQ(handler_.answered, 0);
  read();  // so that what went wrong last is that nothing had come
  finish();
  EXPECT_TRUE(is_done());
}

TEST_F(ConnectionTest, LingersNoLongerThanItsClientIsThere) {
  connect();
  arrive(kFault);
  EXPECT_EQ(statuses(client_->until_close()), "400!");
  client_resets();
  read();
  EXPECT_TRUE(is_done());
}

TEST_F(ConnectionTest, ReadsSoMuchWhileItLingersAndNoMore) {
  connect();
  arrive(kFault);
  const std::string noise(32 * 1024, 'x');
  for (std::size_t i = 1; i < Connection::kLingerBytes / noise.size(); ++i) arrive(noise);
  arrive(noise.substr(1));
  EXPECT_EQ(interest(), Interest::kRead);
  arrive("x");
  EXPECT_EQ(interest(), Interest::kNone);
  EXPECT_TRUE(is_lingering()) << "its time ends it";
}

TEST_F(ConnectionTest, EndsLingeringWhenItIsTold) {
  connect();
  arrive(kGet);
  connection_->stop_lingering();
  EXPECT_FALSE(is_done()) << "it does not linger";
  arrive(kFault);
  connection_->stop_lingering();
  EXPECT_TRUE(is_done());
}

TEST_F(ConnectionTest, DoesNotLingerForAClientThatSaidThatItSendsNoMore) {
  connect();
  arrive(kClose);
  EXPECT_TRUE(is_done());
  EXPECT_EQ(statuses(client_->until_close(20ms)), "200!");
}

TEST_F(ConnectionTest, LingersBehindAStream) {
  connect();
  arrive(get("/stream"));
  EXPECT_EQ(waiting_for(), TimerClass::kStream);
  worker_.draining = true;
  connection_->on_timeout(worker_);
  EXPECT_TRUE(is_lingering());
  EXPECT_THAT(client_->until_close(), EndsWith("0\r\n\r\n"));
}

// ------------------------------------------------------------------ waits that take too long, and
// room

// What ends a wait: its time, or the need of room.
enum class End : std::uint8_t { kTimeout, kShed };

class EndedWait : public ConnectionTest, public ::testing::WithParamInterface<End> {
 protected:
  void end() {
    if (GetParam() == End::kTimeout) {
      connection_->on_timeout(worker_);
    } else {
      connection_->shed(worker_);
    }
  }
  const std::string kStatus = GetParam() == End::kTimeout ? "408!" : "503!";
};

INSTANTIATE_TEST_SUITE_P(Connection, EndedWait, ::testing::Values(End::kTimeout, End::kShed),
                         [](const auto& one) {
                           return one.param == End::kTimeout ? "timeout" : "shed";
                         });

TEST_P(EndedWait, OfAnIdleConnectionIsSilent) {
  connect();
  arrive(kGet);
  EXPECT_EQ(status_of(client_->response()), 200);
  end();
  EXPECT_TRUE(is_done());
  connection_.reset();
  EXPECT_TRUE(client_->closed_silently());
}

TEST_P(EndedWait, ForAHeadIsAnswered) {
  connect();
  arrive(half_head(500));
  end();
  EXPECT_TRUE(is_lingering());
  EXPECT_EQ(held(), 0U);
  EXPECT_EQ(statuses(client_->until_close()), kStatus);
}

TEST_P(EndedWait, ForABodyIsAnswered) {
  connect();
  arrive("POST /peek HTTP/1.1\r\nHost: h\r\nContent-Length: 60\r\n\r\nabc");
  EXPECT_EQ(waiting_for(), TimerClass::kBody);
  EXPECT_GT(held(), 0U);
  end();
  EXPECT_TRUE(is_lingering());
  EXPECT_EQ(held(), 0U);
  const std::string heard = client_->until_close();
  EXPECT_EQ(statuses(heard), GetParam() == End::kTimeout ? "408!" : "200!");
  EXPECT_EQ(heard.ends_with("|abc|part"), GetParam() == End::kShed);
}

TEST_P(EndedWait, ForTheRestOfAPrefaceIsAnsweredAsAHead) {
  connect({.http2 = true});
  arrive("PRI");
  EXPECT_EQ(waiting_for(), TimerClass::kHead);
  EXPECT_EQ(connection_->wait_number(), 1U);
  EXPECT_FALSE(connection_->idle());
  end();
  EXPECT_TRUE(is_lingering());
  EXPECT_EQ(statuses(client_->until_close()), kStatus);
}

TEST_P(EndedWait, ForAnAnswerToBeTakenIsAReset) {
  connect_slow();
  arrive(get("/own"));
  end();
  EXPECT_TRUE(is_done());
  connection_.reset();
  EXPECT_THAT(client_->until_close(), EndsWith("(reset)"));
}

TEST_P(EndedWait, ForAnotherTurnIsAReset) {
  connect();
  arrive(times(24, get("/view")));
  end();
  EXPECT_TRUE(is_done());
  EXPECT_EQ(handler_.answered, 16);
}

TEST_P(EndedWait, WhileLingeringIsDone) {
  connect();
  arrive(kFault);
  EXPECT_EQ(statuses(client_->until_close()), "400!");
  end();
  EXPECT_TRUE(is_done());
}

TEST_P(EndedWait, ForAProxyHeaderIsSilent) {
  connect({.proxy_header = true, .http2 = true});
  arrive("PROXY TCP4 ");
  EXPECT_EQ(waiting_for(), TimerClass::kHead);
  end();
  EXPECT_TRUE(is_done());
  connection_.reset();
  EXPECT_TRUE(client_->closed_silently());
}

TEST_P(EndedWait, ForAHandshakeIsSilent) {
  connect_tls();
  arrive("\x16\x03\x01");
  EXPECT_EQ(waiting_for(), TimerClass::kHandshake);
  EXPECT_EQ(interest(), Interest::kRead);
  EXPECT_FALSE(connection_->idle());
  EXPECT_GE(held(), TlsChannel::kHeldInHandshake);
  end();
  EXPECT_TRUE(is_done());
  connection_.reset();
  EXPECT_TRUE(client_->closed_silently());
}

TEST_P(EndedWait, LeavesNothingForOthersWhereItsClientHasReset) {
  connect();
  arrive(half_head(500));
  client_resets();
  end();
  EXPECT_TRUE(is_done());
  EXPECT_TRUE(worker_.output.empty());
}

// ------------------------------------------------------------------ strangers

TEST_F(ConnectionTest, IsAStrangersUntilARequestVouchesForIt) {
  worker_.screens = true;
  connect({.screened = true});
  EXPECT_EQ(waiting_for(), TimerClass::kStranger);
  arrive(kGet);
  EXPECT_EQ(waiting_for(), TimerClass::kStranger);
  arrive("GET /kno");
  EXPECT_EQ(waiting_for(), TimerClass::kStranger);
  EXPECT_EQ(connection_->wait_number(), 0U) << "it is one wait from the beginning";
  arrive("wn HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(waiting_for(), TimerClass::kIdle);
}

// ------------------------------------------------------------------ PROXY headers

TEST_F(ConnectionTest, AProxyHeaderComesFirstAndOnce) {
  connect({.proxy_header = true});
  EXPECT_EQ(waiting_for(), TimerClass::kHead);
  arrive(kProxyHeader.substr(0, 20));
  EXPECT_EQ(waiting_for(), TimerClass::kHead);
  arrive(kProxyHeader.substr(20) + kGet);
  EXPECT_EQ(status_of(client_->response()), 200);
  EXPECT_TRUE(connection_->idle());
  arrive(kProxyHeader);
  EXPECT_EQ(statuses(client_->until_close()), "400!");
}

// The worker has one request for all of its connections.
TEST_F(ConnectionTest, RequestsAreThoseOfTheirOwnPeer) {
  const auto stranger = http::Address::parse("203.0.113.9");
  worker_.scratch.request.set_peer(stranger, http::ProxySource{stranger});
  connect({.proxy_header = true, .http2 = true});
  arrive(kProxyHeader + get("/sender"));
  EXPECT_EQ(body_of(client_->response()), "127.0.0.1 192.0.2.7");
  worker_.scratch.request.set_peer(stranger, http::ProxySource{stranger});
  connect({.proxy_header = true, .http2 = true});
  Http2Client http2;
  const auto id = http2.get("/sender");
  arrive(kProxyHeader + http2.to_send());
  while (!http2.answer(id).ended) ASSERT_TRUE(http2.take(client_->some()));
  EXPECT_EQ(http2.answer(id).body, "127.0.0.1 192.0.2.7");
}

TEST_F(ConnectionTest, AProxyHeaderThatNamesNobodyIsNotAskedAbout) {
  worker_.admit = [](const http::Address&) { return false; };
  connect({.proxy_header = true});
  arrive("PROXY UNKNOWN\r\n" + kGet);
  EXPECT_EQ(status_of(client_->response()), 200);
}

TEST_F(ConnectionTest, AClientThatIsNotAdmittedIsReset) {
  std::string asked;
  worker_.admit = [&](const http::Address& client) {
    asked = client.text();
    return false;
  };
  connect({.proxy_header = true});
  arrive(kProxyHeader + kGet);
  EXPECT_TRUE(is_done());
  EXPECT_EQ(asked, "192.0.2.7");
  EXPECT_EQ(handler_.answered, 0);
  connection_.reset();
  EXPECT_EQ(client_->until_close(), "(reset)");
}

// Of plain connections, and before TLS.
class ProxyHeaders : public ConnectionTest, public ::testing::WithParamInterface<bool> {
 protected:
  void connect_proxied() {
    if (GetParam()) {
      connect_tls({.proxy_header = true});
    } else {
      connect({.proxy_header = true});
    }
  }
};

INSTANTIATE_TEST_SUITE_P(Connection, ProxyHeaders, ::testing::Bool(),
                         [](const auto& one) { return one.param ? "tls" : "plain"; });

TEST_P(ProxyHeaders, AreAwaited) {
  connect_proxied();
  read();
  EXPECT_FALSE(is_done());
  EXPECT_TRUE(reports_.empty());
}

TEST_P(ProxyHeaders, ThatAreNoneEndTheConnectionAndAreReported) {
  connect_proxied();
  arrive(kGet);
  EXPECT_TRUE(is_done());
  EXPECT_THAT(reports_, ::testing::ElementsAre(HasSubstr("does not begin with a PROXY header")));
  connection_.reset();
  EXPECT_EQ(client_->until_close(), "(reset)");
}

TEST_P(ProxyHeaders, ThatEndInTheirMiddleEndTheConnection) {
  for (const std::string part : {"", "PROXY TCP4 "}) {
    connect_proxied();
    if (!part.empty()) arrive(part);
    read();  // so that what went wrong last is that nothing had come
    finish();
    EXPECT_TRUE(is_done()) << part;
  }
  EXPECT_TRUE(reports_.empty()) << "a router may look whether anybody is there";
}

TEST_P(ProxyHeaders, AreNotWaitedForWhenTheClientHasReset) {
  connect_proxied();
  arrive("PROXY TCP4 ");
  client_resets();
  read();
  EXPECT_TRUE(is_done());
}

TEST_P(ProxyHeaders, ThatMayNotBeKeptEndTheConnection) {
  connect_proxied();
  others_hold(kLimit);
  arrive("PROXY TCP4 192.0.2.7 ");
  EXPECT_TRUE(is_done());
}

// A socket tells only once what is taken from it, and TLS needs every byte of its own.
TEST_P(ProxyHeaders, AreTakenWhereverTheyAreCutAndNoByteMore) {
  const std::string whole = kProxyHeader + kGet;
  for (std::size_t cut = 1; cut < whole.size(); ++cut) {
    connect_proxied();
    arrive(whole.substr(0, cut));
    arrive(whole.substr(cut));
    EXPECT_EQ(statuses(client_->until_close(GetParam() ? WireClient::kLimit : 1ms)),
              GetParam() ? "400!" : "200")
        << cut;
  }
}

// ------------------------------------------------------------------ the wrong port

TEST_F(ConnectionTest, PlainTextInsteadOfTlsIsAnsweredAndReported) {
  connect_tls();
  arrive(kGet);
  EXPECT_TRUE(is_lingering());
  const std::string heard = client_->until_close();
  EXPECT_EQ(statuses(heard), "400!");
  EXPECT_THAT(heard, HasSubstr("use https"));
  EXPECT_THAT(reports_, ::testing::ElementsAre(HasSubstr("rejected on the port for TLS")));
  EXPECT_EQ(connection_->tls(), nullptr);
}

TEST_F(ConnectionTest, PlainTextInsteadOfTlsIsReadAsARequestThatNobodyProtects) {
  connect_tls();
  arrive("HEAD / HTTP/1.1\r\n");
  EXPECT_THAT(client_->until_close(), EndsWith("\r\n\r\n")) << "an answer to HEAD has no body";
  EXPECT_EQ(handler_.refused_in_secret, false);
}

TEST_F(ConnectionTest, AClientThatLeavesBeforeItsHandshakeIsDone) {
  connect_tls();
  finish();
  EXPECT_TRUE(is_done());
  EXPECT_TRUE(reports_.empty());
}

TEST_F(ConnectionTest, AHandshakeThatFailsLingersWithItsAlert) {
  connect_tls();
  arrive(std::string("\x16\x03\x01\x00\x05nonse", 10));
  EXPECT_TRUE(is_lingering());
  EXPECT_EQ(interest(), Interest::kRead);
  EXPECT_THAT(client_->until_close(), StartsWith("\x15")) << "an alert";
}

TEST_F(ConnectionTest, ATlsGreetingInsteadOfARequestIsReported) {
  connect();
  arrive("\x16\x03\x01");
  EXPECT_THAT(reports_, ::testing::ElementsAre(HasSubstr("rejected on the port for plain HTTP")));
  EXPECT_EQ(statuses(client_->until_close()), "400!");
}

TEST_F(ConnectionTest, BytesThatBeginLikeTlsAreNoGreetingBehindARequest) {
  connect();
  arrive(kGet);
  arrive("\x16\x03\x01");
  EXPECT_TRUE(reports_.empty());
}

// ------------------------------------------------------------------ TLS

class TlsConnectionTest : public ConnectionTest {
 protected:
  // What the client wants to send arrives and is read.
  void deliver() {
    const std::string bytes = tls_->to_send();
    if (!bytes.empty()) arrive(bytes);
  }
  void shake_hands() {
    while (!tls_->shake_hands()) {
      deliver();
      tls_->take(client_->some());
    }
    deliver();
    ASSERT_TRUE(connection_->has_shaken_hands());
    ASSERT_FALSE(connection_->is_handshaking());
  }
  std::string heard() { return tls_->take(heard_by_now(20ms)); }

  std::optional<testing::TlsBytes> tls_{TLS1_3_VERSION};
};

TEST_F(TlsConnectionTest, ARequestThatComesWithTheEndOfTheHandshakeIsAnsweredAtOnce) {
  connect_tls();
  while (!tls_->shake_hands()) {
    deliver();
    tls_->take(client_->some());
  }
  tls_->say(kGet);
  deliver();
  EXPECT_EQ(handler_.answered, 1);
  EXPECT_EQ(status_of(heard()), 200);
  EXPECT_TRUE(connection_->idle());
  EXPECT_EQ(held(), TlsChannel::kHeldIdle);
}

TEST_F(TlsConnectionTest, TheRestOfARecordIsReadThoughTheSocketIsNotReadable) {
  connect_tls();
  shake_hands();
  tls_->say(times(100, kGet));
  const std::string record = tls_->to_send();
  ASSERT_TRUE(client_->send(record));
  await(record.size());
  std::array<char, 1000> little;
  connection_->on_readable(worker_, little);
  for (int i = 0; i < 10 && handler_.answered < 100; ++i) {
    EXPECT_EQ(interest(), Interest::kWrite);
    EXPECT_FALSE(connection_->idle());
    connection_->on_writable(worker_, little);
  }
  EXPECT_EQ(handler_.answered, 100);
  EXPECT_EQ(interest(), Interest::kRead);
  EXPECT_TRUE(connection_->idle());
}

TEST_F(TlsConnectionTest, MoreThanIsReadAtOnceIsReadInTurns) {
  connect_tls();
  shake_hands();
  constexpr int kMany = 3000;  // more than one read takes
  tls_->say(times(kMany, get("/")));
  const std::string bytes = tls_->to_send();
  ASSERT_TRUE(client_->send(bytes));
  std::string said;
  ASSERT_TRUE(eventually([&] {
    if (interest() == Interest::kWrite) {
      EXPECT_FALSE(connection_->idle());
      if (is_ready(POLLOUT, 0ms)) write();
    } else if (is_ready(POLLIN, 0ms)) {
      read();
    }
    said += tls_->take(heard_by_now(0ms));
    return handler_.answered == kMany;
  }));
  EXPECT_TRUE(reports_.empty());
}

// Over a pair of sockets, whose room is known.
TEST_F(TlsConnectionTest, AHandshakeWaitsForRoomToAnswer) {
  const base::Descriptor client = connect_tls_pair();
  fill_socket();
  tls_->shake_hands();
  const std::string greeting = tls_->to_send();
  ASSERT_EQ(send(client.get(), greeting.data(), greeting.size(), 0),
            static_cast<ssize_t>(greeting.size()));
  read();
  EXPECT_EQ(interest(), Interest::kWrite);
  EXPECT_EQ(waiting_for(), TimerClass::kHandshake);
  std::array<char, 4096> taken;
  while (recv(client.get(), taken.data(), taken.size(), 0) > 0) {
  }
  write();
  EXPECT_EQ(interest(), Interest::kRead);
  EXPECT_GT(recv(client.get(), taken.data(), taken.size(), 0), 100) << "the answer";
}

// ------------------------------------------------------------------ HTTP/2

class Http2ConnectionTest : public ConnectionTest {
 protected:
  // What the client says arrives, and what is said arrives there, until both are quiet.
  void exchange() {
    for (bool goes_on = true; goes_on && !is_done();) {
      const std::string bytes = http2_.to_send();
      if (!bytes.empty()) {
        ASSERT_TRUE(client_->send(bytes));
        unread_ += bytes.size();
      }
      goes_on = turn() || hear(5ms);
    }
  }
  // As its owner does.
  bool turn() {
    if (interest() == Interest::kWrite) {
      while (!is_ready(POLLOUT, 0ms)) hear(0ms);
      write();
      return true;
    }
    if (unread_ == 0) return false;
    await(1);
    int there = 0;
    ioctl(connection_->fd(), FIONREAD, &there);
    read();
    unread_ -= std::min(unread_, static_cast<std::size_t>(there));
    return true;
  }
  bool hear(std::chrono::milliseconds limit = 50ms) {
    const std::string heard = heard_by_now(limit);
    EXPECT_TRUE(http2_.take(heard));
    return !heard.empty();
  }

  Http2Client http2_{{.checks_messages = true, .initial_window = 2 * kBig}};
  std::size_t unread_ = 0;
};

TEST_F(Http2ConnectionTest, BeginsWithItsPrefaceHoweverItIsCut) {
  for (const std::size_t cut : {std::size_t{1}, kHttp2Preface.size() - 1, kHttp2Preface.size()}) {
    Http2Client client;
    const auto id = client.get("/a");
    const std::string bytes = client.to_send();
    connect({.http2 = true});
    EXPECT_EQ(waiting_for(), TimerClass::kSilent);
    arrive(bytes.substr(0, cut));
    EXPECT_EQ(waiting_for(), cut < kHttp2Preface.size() ? TimerClass::kHead : TimerClass::kIdle);
    arrive(bytes.substr(cut));
    EXPECT_TRUE(connection_->idle());
    while (!client.answer(id).ended) ASSERT_TRUE(client.take(client_->some()));
    EXPECT_THAT(client.answer(id).body, StartsWith("GET|/a|"));
  }
}

TEST_F(Http2ConnectionTest, HasNoTlsGreetings) {
  connect({.http2 = true});
  http2_.get("/");
  exchange();
  arrive("\x16\x03\x01");
  EXPECT_TRUE(reports_.empty());
}

TEST_F(Http2ConnectionTest, IsNotSpokenBehindARequestOfHttp1) {
  connect({.http2 = true});
  arrive(kGet);
  EXPECT_EQ(status_of(client_->response()), 200);
  arrive(kHttp2Preface);
  EXPECT_EQ(statuses(client_->until_close()), "505!");
}

TEST_F(Http2ConnectionTest, APartOfThePrefaceWithoutRoomIsRejected) {
  connect({.http2 = true});
  others_hold(kLimit);
  arrive("PRI");
  EXPECT_EQ(statuses(client_->until_close()), "503!");
}

TEST_F(Http2ConnectionTest, APartOfThePrefaceAndNoMoreIsAnswered) {
  connect({.http2 = true});
  arrive("PRI");
  finish();
  EXPECT_EQ(statuses(client_->until_close(20ms)), "400!");
  EXPECT_TRUE(is_done());
}

TEST_F(Http2ConnectionTest, SaysGoawayToTheIdle) {
  connect({.http2 = true});
  http2_.get("/");
  exchange();
  ASSERT_TRUE(connection_->idle());
  connection_->on_timeout(worker_);
  EXPECT_TRUE(is_done());
  EXPECT_TRUE(worker_.output.empty());
  hear();
  EXPECT_EQ(http2_.goaway(), NGHTTP2_NO_ERROR);
}

TEST_F(Http2ConnectionTest, LeavesNothingForOthersWhereItsClientHasReset) {
  connect({.http2 = true});
  http2_.get("/");
  exchange();
  client_resets();
  connection_->on_timeout(worker_);
  EXPECT_TRUE(is_done());
  EXPECT_TRUE(worker_.output.empty());
}

TEST_F(Http2ConnectionTest, DrainsWithGoaway) {
  connect({.http2 = true});
  http2_.get("/");
  exchange();
  connection_->drain(worker_);
  EXPECT_FALSE(is_done());
  hear();
  EXPECT_EQ(http2_.goaways(), 1);
  EXPECT_EQ(waiting_for(), TimerClass::kLinger);
  EXPECT_FALSE(connection_->idle());
  finish();
  EXPECT_TRUE(is_done());
}

TEST_F(Http2ConnectionTest, DrainsBehindWhatIsNotTaken) {
  connect_slow({.http2 = true});
  const auto id = http2_.get("/big");
  http2_.open_window(0, 2 * kBig);
  arrive(http2_.to_send());
  ASSERT_EQ(interest(), Interest::kWrite);
  connection_->drain(worker_);
  exchange();
  EXPECT_TRUE(http2_.answer(id).body == *handler_.big);
  EXPECT_EQ(http2_.goaways(), 2);
}

TEST_F(ConnectionTest, Http1HasNothingToSayOfADrain) {
  connect();
  arrive(kGet);
  EXPECT_EQ(status_of(client_->response()), 200);
  connection_->drain(worker_);
  EXPECT_TRUE(is_quiet());
  EXPECT_TRUE(connection_->idle());
}

// The client's windows are open, so it has nothing to say meanwhile.
TEST_F(Http2ConnectionTest, ALargeAnswerThatComesWithTimeComesWhole) {
  connect({.http2 = true});
  const auto id = http2_.get("/later");
  http2_.open_window(0, 2 * kBig);
  exchange();
  ASSERT_EQ(waiting_for(), TimerClass::kStream);
  connection_->on_timeout(worker_);
  exchange();
  EXPECT_EQ(http2_.answer(id).body.size(), kBig);
  EXPECT_TRUE(http2_.answer(id).ended);
  EXPECT_TRUE(connection_->idle());
}

}  // namespace
}  // namespace intermission::server
