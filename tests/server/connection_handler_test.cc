// Workers whose turns and time a test chooses: who is let in, and who has to leave.
#include "server/connection_handler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "server/tls_contexts.h"
#include "support/certificates.h"
#include "support/fake_clock.h"
#include "support/few_descriptors.h"
#include "support/http1_harness.h"
#include "support/http2_client.h"
#include "support/wire_client.h"
#include "support/workers.h"

namespace intermission::server {
namespace {

using namespace std::chrono_literals;
using testing::body_of;
using ::testing::ElementsAre;
using testing::FewDescriptors;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::status_of;
using testing::WireClient;
using testing::Workers;

constexpr std::size_t kBig = 4 * 1024 * 1024;
const std::string kGet = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
const std::string kClose = "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
const std::string kHalfHead = "GET / HTTP/1.1\r\nHost: h\r\nA: ";
// A head of a size that its connection holds.
const std::string kLongHead = kHalfHead + std::string(20'000, 'a');
const std::string kHalfBody = "POST /peek HTTP/1.1\r\nHost: h\r\nContent-Length: 60\r\n\r\nabc";
// Ends the connection though its client may send more.
const std::string kFault = "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: x\r\n\r\n";
const std::string kHalfGreeting("\x16\x03\x01\x02\x00\x01\x00", 7);

class Handler final : public testing::MirrorHandler {
 public:
  explicit Handler(int& answered) : answered_(answered) {}
  http::Handled answer(const http::Request& request, http::Response& response) override {
    ++answered_;
    http::Handled handled = MirrorHandler::answer(request, response);
    if (request.path() == "/throw") throw std::runtime_error("on purpose");
    if (request.path() == "/big") response.body.own().assign(kBig, 'b');
    return handled;
  }

 private:
  int& answered_;
};

// A client, and what it has heard.
class Client {
 public:
  explicit Client(std::uint16_t port, int receive_buffer = 0) : wire_(port, receive_buffer) {}

  void send(std::string_view bytes) { EXPECT_TRUE(wire_.send(bytes)); }
  void finish() { wire_.finish(); }
  void reset() { wire_.reset(); }
  const std::string& heard() {
    const std::string more = end_.empty() ? wire_.until_close(0ms) : "";
    constexpr std::string_view kTimeout = "(timeout)";
    constexpr std::string_view kReset = "(reset)";
    if (more.ends_with(kTimeout)) {
      heard_ += more.substr(0, more.size() - kTimeout.size());
    } else if (end_.empty()) {
      const bool reset = more.ends_with(kReset);
      end_ = reset ? "reset" : "closed";
      heard_ += more.substr(0, more.size() - (reset ? kReset.size() : 0));
    }
    return heard_;
  }
  bool is_delivered() const { return wire_.is_delivered(); }
  int status() { return status_of(heard()); }
  /// "closed" or "reset"; empty while the connection is open.
  const std::string& end() {
    heard();
    return end_;
  }

 private:
  WireClient wire_;
  std::string heard_;
  std::string end_;
};

class WorkerTest : public ::testing::Test {
 protected:
  WorkerTest() {
    options_.address = "127.0.0.1";
    options_.port = 0;
    options_.clock = &clock_;
    options_.report = [this](std::string_view line) { reports_.emplace_back(line); };
  }
  void begin() {
    workers_.emplace(options_, [this] { return std::make_unique<Handler>(answered_); });
  }
  void begin_tls() {
    settings_.certificates = {testing::issue({.names = {"a.example"}}).write(folder_, "a")};
    auto endpoint = TlsEndpoint::open(settings_, clock_);
    ASSERT_TRUE(endpoint) << endpoint.error().text();
    options_.tls = Options::Tls{0, *endpoint};
    begin();
  }
  // The first thing reported throws this in place of being noted. Each has a second of its own, for
  // others of the same second are left out.
  void fail_first_report(const std::string& why) {
    options_.report = [this, why, is_first = true](std::string_view line) mutable {
      clock_.advance(base::Seconds(1));
      if (std::exchange(is_first, false)) throw std::runtime_error(why);
      reports_.emplace_back(line);
    };
  }
  Listener& listener() { return workers_->listener(); }
  std::uint64_t connections() { return listener().connections; }

  // Clients that wait to be accepted.
  void queue(std::size_t count, std::uint16_t port) {
    const std::size_t before = workers_->waiting();
    for (std::size_t i = 0; i < count; ++i) waiting_.emplace_back(port);
    ASSERT_TRUE(testing::eventually([&] { return workers_->waiting() == before + count; }));
  }
  void queue(std::size_t count) { queue(count, workers_->port()); }
  // A client that is let in.
  Client& connect(std::uint16_t port = 0, int receive_buffer = 0) {
    const std::uint64_t before = connections();
    clients_.push_back(
        std::make_unique<Client>(port != 0 ? port : workers_->port(), receive_buffer));
    EXPECT_TRUE(workers_->until([&] { return connections() > before; }));
    return *clients_.back();
  }
  // One whose bytes have been read, too.
  Client& connect_with(std::string_view bytes) {
    Client& client = connect();
    send(client, bytes);
    return client;
  }
  void send(Client& client, std::string_view bytes) {
    client.send(bytes);
    settle();
  }
  Client& answered() {
    Client& client = connect();
    client.send(kGet);
    EXPECT_TRUE(workers_->until([&] { return client.status() == 200; }));
    return client;
  }
  // The bytes have arrived, but no worker has looked.
  void send_unseen(Client& client, std::string_view bytes) {
    client.send(bytes);
    EXPECT_TRUE(testing::eventually([&] { return client.is_delivered(); }));
  }
  // What has been sent before is known to the workers: a later client was answered.
  void settle() {
    const std::uint64_t before = connections();
    if (!probes_) return static_cast<void>(workers_->until([i = 0]() mutable { return ++i > 20; }));
    Client probe(workers_->port());
    probe.send(kClose);
    EXPECT_TRUE(workers_->until([&] { return !probe.end().empty(); }));
    EXPECT_TRUE(workers_->until([&] { return connections() <= before; }));
  }

  Options options_;
  std::vector<std::string> reports_;
  testing::FakeClock clock_{testing::present()};
  int answered_ = 0;
  std::optional<Workers> workers_;
  std::vector<WireClient> waiting_;
  std::vector<std::unique_ptr<Client>> clients_;
  bool probes_ = true;

 private:
  const testing::TemporaryFolder folder_;
  TlsSettings settings_;
};

// ------------------------------------------------------------------ accepting

TEST_F(WorkerTest, ABatchLetsInTwiceAsManyWhenAllOfThoseHadCome) {
  begin();
  queue(12);
  for (const std::uint64_t open : {1U, 3U, 7U, 12U}) {
    workers_->turn();
    EXPECT_EQ(connections(), open);
  }
  queue(12);  // and then as many as came last time
  for (const std::uint64_t open : {17U, 24U}) {
    workers_->turn();
    EXPECT_EQ(connections(), open);
  }
  workers_->turn();
  EXPECT_EQ(connections(), 24U);
}

TEST_F(WorkerTest, ABatchLetsInOneAtLeast) {
  begin();
  queue(2);
  workers_->turn();
  workers_->turn();
  EXPECT_EQ(connections(), 2U);
  queue(3);
  workers_->turn();
  EXPECT_EQ(connections(), 3U);
}

TEST_F(WorkerTest, ABatchLetsInBoundedlyMany) {
  begin();
  queue(1200);
  std::vector<std::uint64_t> opened;
  for (std::uint64_t before = 0; before < 1200; before = connections()) {
    workers_->turn();
    opened.push_back(connections() - before);
  }
  EXPECT_THAT(opened, ElementsAre(1U, 2U, 4U, 8U, 16U, 32U, 64U, 128U, 256U, 256U, 256U, 177U));
}

TEST_F(WorkerTest, AnAddressWithTooManyConnectionsIsClosedAndTheNextIsLetIn) {
  options_.limits.connections_per_address = 2;
  begin();
  Client& first = connect();
  connect();
  queue(2);
  workers_->turn();
  workers_->turn();
  workers_->turn();
  EXPECT_EQ(connections(), 2U);
  EXPECT_TRUE(waiting_[0].closed_silently());
  EXPECT_TRUE(waiting_[1].closed_silently());
  EXPECT_THAT(reports_, ElementsAre(HasSubstr("limits.connections_per_address")));
  first.reset();
  EXPECT_TRUE(workers_->until([&] { return connections() == 1; }));
  EXPECT_EQ(answered().status(), 200);
}

// ------------------------------------------------------------------ room

TEST_F(WorkerTest, AFullListenerPausesAndMakesRoomForThoseWhoWait) {
  options_.limits.connections = 4;
  options_.shedding = {.pause_ms = 100, .overload_ms = 1000, .idle_ms = 300};
  begin();
  for (int i = 0; i < 4; ++i) answered();
  queue(1);
  workers_->turn();
  EXPECT_EQ(connections(), 4U) << "none was idle for so long";
  EXPECT_EQ(listener().shed, 0U);
  EXPECT_EQ(workers_->wakes_in(), 100U);
  workers_->pass(299);
  EXPECT_EQ(listener().shed, 0U);
  workers_->pass(1);
  EXPECT_EQ(listener().shed, 1U);
  EXPECT_EQ(clients_[0]->end(), "closed") << "the one that was idle longest";
  EXPECT_EQ(clients_[1]->end(), "");
  EXPECT_THAT(reports_, ElementsAre(HasSubstr("connections wait to be accepted")));
  workers_->turn();
  EXPECT_EQ(workers_->waiting(), 0U) << "the one that waited is in";
}

TEST_F(WorkerTest, WhileItIsPausedNobodyIsLetInAndAfterwardsThoseWhoWaitAre) {
  options_.limits.connections = 2;
  options_.shedding = {.pause_ms = 100, .overload_ms = 50, .idle_ms = 100'000};
  begin();
  answered();
  answered();
  queue(1);
  workers_->turn();
  EXPECT_EQ(workers_->wakes_in(), 100U);
  EXPECT_EQ(workers_->turn(), 0U) << "the one that waits does not wake it";
  --listener().connections;  // in another worker
  workers_->pass(99);
  EXPECT_EQ(connections(), 1U);
  workers_->pass(1);
  workers_->turn();
  EXPECT_EQ(connections(), 2U);
  EXPECT_EQ(workers_->wakes_in(), 94'900U) << "for the first one that is idle";
}

TEST_F(WorkerTest, AnswersEndTheirConnectionsWhileOthersWait) {
  options_.limits.connections = 2;
  options_.shedding = {.pause_ms = 100, .overload_ms = 1000, .idle_ms = 100'000};
  begin();
  Client& first = answered();
  Client& second = answered();
  queue(1);
  workers_->turn();
  workers_->pass(999);
  first.send(kGet);
  EXPECT_TRUE(workers_->until([&] { return !first.end().empty(); }));
  EXPECT_THAT(first.heard(), HasSubstr("Connection: close"));
  first.reset();
  EXPECT_TRUE(workers_->until([&] { return workers_->waiting() == 0; }));
  waiting_.clear();
  EXPECT_TRUE(workers_->until([&] { return connections() == 1; }));
  workers_->pass(1000);
  second.send(kGet);
  const std::string before = second.heard();
  EXPECT_TRUE(workers_->until([&] { return second.heard() != before; }));
  EXPECT_THAT(second.heard(), Not(HasSubstr("Connection: close")));
}

TEST_F(WorkerTest, MorePlacesAreMadeFreeWhereTheLimitIsHigh) {
  for (const auto& [limit, free] : {std::pair{15U, 1U}, {31U, 1U}, {32U, 2U}, {48U, 3U}}) {
    clients_.clear();
    waiting_.clear();
    options_.limits.connections = limit;
    options_.shedding = {.pause_ms = 100, .overload_ms = 1000, .idle_ms = 0};
    begin();
    for (unsigned i = 0; i < limit; ++i) answered();
    queue(1);
    workers_->turn();
    EXPECT_EQ(listener().shed, free) << limit;
    EXPECT_EQ(connections(), limit - free);
    workers_.reset();
  }
}

// What somebody sends who holds a connection for as long as possible, and how long that may be
// while others wait.
struct Hold {
  const char* name;
  std::string sent;
  std::uint64_t ms;
  std::string end;
};

class Holds : public WorkerTest, public ::testing::WithParamInterface<Hold> {};

TEST_P(Holds, EndAfterAWhileWhereOthersWait) {
  options_.limits.connections = 1;
  options_.shedding = {.pause_ms = 10'000, .overload_ms = 10'000, .idle_ms = 700};
  probes_ = false;
  begin();
  Client& client = connect(0, 4096);
  send(client, GetParam().sent);
  queue(1);
  workers_->turn();
  workers_->pass(GetParam().ms - 1);
  EXPECT_EQ(listener().shed, 0U);
  workers_->pass(1);
  EXPECT_EQ(listener().shed, 1U);
  EXPECT_TRUE(workers_->until([&] { return connections() == 1 && workers_->waiting() == 0; }));
  EXPECT_TRUE(workers_->until([&] { return !client.end().empty(); }));
  EXPECT_EQ(client.end(), GetParam().end);
}

INSTANTIATE_TEST_SUITE_P(
    Worker, Holds,
    ::testing::Values(Hold{"silence", "", 250, "closed"}, Hold{"idling", kGet, 700, "closed"},
                      Hold{"half_a_head", kHalfHead, 100, "closed"},
                      Hold{"half_a_body", kHalfBody, 100, "closed"},
                      Hold{"lingering", kFault, 100, "closed"},
                      Hold{"an_answer", "GET /big HTTP/1.1\r\nHost: h\r\n\r\n", 500, "reset"}),
    [](const auto& one) { return std::string(one.param.name); });

TEST_F(WorkerTest, SomebodyWhoTakesALittleNowAndThenHasWaitedAllTheWhile) {
  options_.limits.connections = 1;
  options_.shedding = {.pause_ms = 10'000, .overload_ms = 10'000, .idle_ms = 700};
  probes_ = false;
  begin();
  Client& client = connect(0, 4096);
  send(client, "GET /big HTTP/1.1\r\nHost: h\r\n\r\n");
  queue(1);
  workers_->turn();
  workers_->pass(400);
  const std::size_t before = client.heard().size();
  EXPECT_TRUE(workers_->until([&] { return client.heard().size() > before + 100'000; }));
  EXPECT_EQ(listener().shed, 0U);
  workers_->pass(100);
  EXPECT_EQ(listener().shed, 1U);
}

TEST_F(WorkerTest, SomebodyWhoIsAnsweredWaitsAnew) {
  options_.limits.connections = 1;
  options_.shedding = {.pause_ms = 10'000, .overload_ms = 10'000, .idle_ms = 100'000};
  probes_ = false;
  begin();
  Client& client = connect();
  send(client, kHalfHead);
  workers_->pass(90);
  send(client, "\r\n\r\n" + kHalfHead);
  queue(1);
  workers_->turn();
  workers_->pass(99);
  EXPECT_EQ(listener().shed, 0U);
  workers_->pass(1);
  EXPECT_EQ(listener().shed, 1U);
  EXPECT_THAT(client.heard(), HasSubstr("HTTP/1.1 503"));
}

TEST_F(WorkerTest, WhatHasComeByThenIsAnsweredInPlaceOfBeingShed) {
  options_.limits.connections = 1;
  options_.shedding = {.pause_ms = 10'000, .overload_ms = 10'000, .idle_ms = 700};
  probes_ = false;
  begin();
  Client& client = connect();
  send(client, kHalfHead);
  queue(1);
  workers_->turn();
  client.send("\r\n\r\n");
  workers_->pass(100);
  EXPECT_TRUE(workers_->until([&] { return client.end() == "closed"; }));
  EXPECT_EQ(client.status(), 200);
}

TEST_F(WorkerTest, TheNextRequestOfThoseInHandIsAnotherWait) {
  options_.http2 = true;
  options_.limits.connections = 1;
  options_.shedding = {.pause_ms = 10'000, .overload_ms = 10'000, .idle_ms = 100'000};
  probes_ = false;
  begin();
  testing::Http2Client http2;
  const testing::Http2Client::Fields post = {
      {":method", "POST"}, {":scheme", "http"}, {":path", "/peek"}, {":authority", "h"}};
  const auto first = http2.request(post, "a", false);
  http2.request(post, "b", false);
  Client& client = connect();
  send(client, http2.to_send());
  queue(1);
  workers_->turn();
  http2.send_more(first, "c", true);
  send_unseen(client, http2.to_send());
  workers_->pass(100);
  EXPECT_EQ(answered_, 1) << "the second one begins to be waited for";
  workers_->pass(100);
  EXPECT_EQ(answered_, 2);
  EXPECT_TRUE(workers_->until([&] { return !client.end().empty(); }));
}

TEST_F(WorkerTest, NothingMoreIsReadOfSomebodyWhoDoesNotTakeAnAnswer) {
  options_.limits.connections = 1;
  options_.shedding = {.pause_ms = 10'000, .overload_ms = 10'000, .idle_ms = 700};
  probes_ = false;
  begin();
  Client& client = connect(0, 4096);
  send(client, "GET /big HTTP/1.1\r\nHost: h\r\n\r\n");
  send_unseen(client, kGet);
  queue(1);
  workers_->turn();
  workers_->pass(500);
  EXPECT_EQ(listener().shed, 1U);
  EXPECT_EQ(answered_, 1);
}

TEST_F(WorkerTest, TheTimeForAnAnswerBeginsWithTheAnswer) {
  options_.limits.connections = 1;
  options_.shedding = {.pause_ms = 10'000, .overload_ms = 10'000, .idle_ms = 100'000};
  probes_ = false;
  begin();
  Client& client = connect(0, 4096);
  workers_->pass(1000);
  send(client, "GET /big HTTP/1.1\r\nHost: h\r\n\r\n");
  queue(1);
  workers_->turn();
  workers_->pass(499);
  EXPECT_EQ(listener().shed, 0U);
  workers_->pass(1);
  EXPECT_EQ(listener().shed, 1U);
}

// What a place remembers of its last connection is not true of the next one.
TEST_F(WorkerTest, TheTimeOfAConnectionBeginsWithIt) {
  options_.limits.handshake_timeout_ms = 5000;
  begin_tls();
  Client& before = answered();
  before.send(kGet);
  EXPECT_TRUE(workers_->until([&] { return answered_ == 2; }));
  before.reset();
  EXPECT_TRUE(workers_->until([&] { return connections() == 0; }));
  workers_->pass(10'000);
  Client& client = connect(workers_->tls_port());
  workers_->pass(3000);
  probes_ = false;
  send(client, kHalfGreeting);
  workers_->pass(1999);
  EXPECT_EQ(client.end(), "");
  workers_->pass(1);
  EXPECT_EQ(client.end(), "closed");
}

TEST_F(WorkerTest, ABatchShedsBoundedlyMany) {
  options_.limits.connections = 70;
  options_.shedding = {.pause_ms = 10'000, .overload_ms = 10'000, .idle_ms = 100'000};
  probes_ = false;
  begin();
  for (int i = 0; i < 70; ++i) connect().send(kHalfHead);
  settle();
  queue(1);
  workers_->turn();
  for (auto& client : clients_) send_unseen(*client, "\r\n\r\n" + kHalfHead);
  workers_->pass(100);
  EXPECT_EQ(listener().shed, 64U) << "all of them are answered, which makes no room";
  EXPECT_EQ(answered_, 64);
}

TEST_F(WorkerTest, AWorkerThatIsFullWakesTheOthers) {
  options_.workers = 2;
  options_.limits.connections = 8;
  options_.shedding = {.pause_ms = 100, .overload_ms = 1000, .idle_ms = 0};
  begin();
  for (int i = 0; i < 8; ++i) answered();
  EXPECT_TRUE((*workers_)[0].ring());
  EXPECT_FALSE((*workers_)[0].ring()) << "nobody has turned";
  waiting_.emplace_back(workers_->port());
  EXPECT_TRUE(workers_->until([&] { return listener().shed >= 1; }));
  EXPECT_TRUE((*workers_)[0].ring());
}

TEST_F(WorkerTest, WithoutDescriptorsItMakesRoomForTheNextClients) {
  options_.limits.connections = 48;
  options_.shedding = {.pause_ms = 100, .overload_ms = 1000, .idle_ms = 0};
  begin();
  for (int i = 0; i < 8; ++i) answered();
  queue(1);
  {
    const FewDescriptors none(0);
    workers_->turn();
  }
  EXPECT_THAT(reports_, ElementsAre(HasSubstr("Too many open files")));
  EXPECT_EQ(listener().shed, 3U) << "a sixteenth of what there may be";
  EXPECT_EQ(connections(), 5U);
  workers_->pass(999);
  EXPECT_EQ(listener().shed, 6U) << "for others may wait";
  workers_->pass(1);
  EXPECT_EQ(listener().shed, 6U);
}

TEST_F(WorkerTest, CannotBeginWithoutAllOfItsDescriptors) {
  begin();  // a sanitizer wants descriptors of its own at the first time
  workers_.reset();
  for (const std::size_t own : {1U, 2U}) {
    const FewDescriptors few(own + 1);  // one for its poller
    EXPECT_THAT([this] { begin(); }, ::testing::ThrowsMessage<std::runtime_error>(
                                         "cannot start a worker: Too many open files"))
        << own;
  }
  begin();
}

TEST_F(WorkerTest, ConnectionsEndWithTheirWorker) {
  begin();
  connect();
  connect();
  const auto shared = workers_->shared_listener();
  EXPECT_EQ(shared->connections, 2U);
  workers_.reset();
  EXPECT_EQ(shared->connections, 0U);
}

// ------------------------------------------------------------------ memory

class MemoryOfWorkers : public WorkerTest {
 protected:
  MemoryOfWorkers() { options_.limits.buffered_bytes = kLimit; }
  // A client whose connection holds some 20'000 bytes.
  Client& holder() {
    const MemoryBudget& budget = listener().budget;
    const std::uint64_t used = budget.used();
    const std::uint64_t shed = budget.shed();
    Client& client = connect();
    client.send(kLongHead);
    EXPECT_TRUE(workers_->until(
        [&] { return budget.used() >= used + kLongHead.size() || budget.shed() > shed; }));
    return client;
  }
  void complete(Client& client) {
    client.send("\r\n\r\n");
    EXPECT_TRUE(workers_->until([&] { return client.status() == 200; }));
  }

  static constexpr std::uint64_t kLimit = 128 * 1024;  // short above 98'304, eased at 81'920
};

TEST_F(MemoryOfWorkers, IsCountedAndGoesBackToNothing) {
  begin();
  Client& first = holder();
  Client& second = holder();
  complete(first);
  EXPECT_LT(listener().budget.used(), 25'000U);
  second.reset();
  EXPECT_TRUE(workers_->until([&] { return connections() == 1; }));
  EXPECT_EQ(listener().budget.used(), 0U);
}

TEST_F(MemoryOfWorkers, IsHadBackFromThoseThatHaveHeldItLongest) {
  begin();
  for (int i = 0; i < 4; ++i) holder();
  EXPECT_EQ(listener().budget.shed(), 0U);
  holder();
  EXPECT_EQ(listener().budget.shed(), 1U);
  EXPECT_LE(listener().budget.used(), kLimit / 8 * 5 + 200);
  EXPECT_EQ(clients_[0]->status(), 503);
  for (std::size_t i = 1; i < 5; ++i) EXPECT_EQ(clients_[i]->heard(), "") << i;
  EXPECT_THAT(reports_, ElementsAre(HasSubstr("limits.buffered_bytes is reached")));
}

TEST_F(MemoryOfWorkers, OfThoseThatHoldNoneAnyMoreIsNotHadBack) {
  begin();
  for (int i = 0; i < 3; ++i) holder();
  complete(*clients_[0]);
  holder();
  complete(*clients_[2]);
  holder();
  clients_[3]->reset();
  EXPECT_TRUE(workers_->until([&] { return connections() == 4; }));
  // In the order in which they began: 1, 4, 5, 6, 7.
  holder();
  holder();
  EXPECT_EQ(listener().budget.shed(), 0U);
  holder();
  EXPECT_EQ(clients_[1]->status(), 503);
  holder();
  EXPECT_EQ(clients_[4]->status(), 503);
  holder();
  EXPECT_EQ(clients_[5]->status(), 503);
  EXPECT_EQ(clients_[6]->heard(), "");
  EXPECT_EQ(listener().budget.shed(), 3U);
}

TEST_F(MemoryOfWorkers, IsHadBackWhereSomethingWasRefusedThoughItIsNotShort) {
  begin();
  for (int i = 0; i < 4; ++i) holder();
  listener().budget.change(0, 10'000);  // of another worker
  EXPECT_FALSE(listener().budget.is_short());
  Client& refused = connect();
  refused.send(kHalfHead + std::string(40'000, 'a'));
  EXPECT_TRUE(workers_->until([&] { return refused.status() == 431; }));
  EXPECT_EQ(listener().budget.shed(), 2U);
  EXPECT_EQ(clients_[0]->status(), 503);
}

TEST_F(MemoryOfWorkers, IsHadBackUntilThereIsEnough) {
  begin();
  for (int i = 0; i < 4; ++i) holder();
  listener().budget.change(0, 60'000);  // of another worker
  workers_->turn();
  EXPECT_EQ(listener().budget.shed(), 3U);
  EXPECT_EQ(clients_[3]->heard(), "");
}

TEST_F(MemoryOfWorkers, IsHadBackFromBoundedlyManyInABatch) {
  options_.limits.buffered_bytes = 16 * 1024 * 1024;  // eased at 10 MiB
  probes_ = false;
  begin();
  for (int i = 0; i < 300; ++i) connect().send(kLongHead);
  EXPECT_TRUE(workers_->until(
      [&] { return listener().budget.used() >= clients_.size() * kLongHead.size(); }));
  EXPECT_EQ(workers_->wakes_in(), 10'000U);
  listener().budget.change(0, 14 * 1024 * 1024);  // of another worker
  workers_->pass(0);
  EXPECT_EQ(listener().budget.shed(), 256U);
  EXPECT_EQ(workers_->wakes_in(), 10U);
  listener().budget.change(14 * 1024 * 1024, 10 * 1024 * 1024 - 500'000);
  EXPECT_FALSE(listener().budget.is_short());
  EXPECT_FALSE(listener().budget.is_eased());
  workers_->pass(10);
  EXPECT_TRUE(listener().budget.is_eased());
  const std::uint64_t shed = listener().budget.shed();
  EXPECT_LT(shed, 300U);
  workers_->pass(10);
  EXPECT_EQ(listener().budget.shed(), shed);
}

TEST_F(MemoryOfWorkers, OfOthersIsLookedForAgainSoon) {
  options_.workers = 2;
  begin();
  EXPECT_TRUE((*workers_)[1].ring());
  workers_->turn(1);
  listener().budget.change(0, kLimit);  // of the other worker
  workers_->turn(0);
  EXPECT_EQ(workers_->wakes_in(0), std::nullopt) << "it holds nothing itself";
  EXPECT_EQ(workers_->turn(0), 0U) << "it does not wake itself";
  EXPECT_EQ(workers_->turn(1), 1U);
}

// What is held now, and when the worker wakes to give memory back.
class Peaks : public MemoryOfWorkers {
 protected:
  Peaks() { options_.limits.buffered_bytes = 1024 * kMiB; }
  void hold(std::uint64_t bytes) {
    listener().budget.change(std::exchange(held_, bytes), bytes);
    workers_->pass(0);
  }

  static constexpr std::uint64_t kMiB = 1024 * 1024;

 private:
  std::uint64_t held_ = 0;
};

TEST_F(Peaks, AreLookedForOnceASecond) {
  begin();
  hold(8 * kMiB);
  hold(0);  // is given back at once
  EXPECT_EQ(workers_->wakes_in(), std::nullopt);
  workers_->pass(400);
  hold(8 * kMiB);
  hold(0);
  EXPECT_EQ(workers_->wakes_in(), 600U);
  workers_->pass(599);
  EXPECT_EQ(workers_->wakes_in(), 1U);
  workers_->pass(1);
  EXPECT_EQ(workers_->wakes_in(), std::nullopt);
  workers_->pass(20'000);
  EXPECT_EQ(workers_->wakes_in(), std::nullopt);
  for (int i = 0; i < 2; ++i) {
    hold(8 * kMiB);
    hold(0);
  }
  EXPECT_EQ(workers_->wakes_in(), 1000U) << "the last time was a moment ago";
}

TEST_F(Peaks, AreTwiceOfWhatIsHeldAndMuchMore) {
  for (const auto& [most, now, is_peak] :
       {std::tuple{8 * kMiB, 4 * kMiB, true}, std::tuple{8 * kMiB, 4 * kMiB + 1, false},
        std::tuple{2 * kMiB, std::uint64_t{0}, true},
        std::tuple{2 * kMiB - 1, std::uint64_t{0}, false}}) {
    begin();
    hold(8 * kMiB);
    hold(0);  // is given back at once, and the next one is a second later
    hold(most);
    hold(now);
    EXPECT_EQ(workers_->wakes_in().has_value(), is_peak) << most << ' ' << now;
    hold(0);
    workers_.reset();
  }
}

TEST_F(Peaks, OfConnectionsAreLookedForToo) {
  for (const auto& [most, now, is_peak] :
       {std::tuple{1024, 0, true}, std::tuple{1023, 0, false}, std::tuple{2048, 1024, true},
        std::tuple{2048, 1025, false}}) {
    clients_.clear();
    options_.limits.idle_timeout_ms = 3'600'000;
    begin();
    hold(8 * kMiB);
    hold(0);
    for (int i = 0; i < most; ++i) {
      clients_.push_back(std::make_unique<Client>(workers_->port()));
      if (i % 100 == 99) workers_->turn();
    }
    EXPECT_TRUE(workers_->until([&] { return connections() == clients_.size(); }));
    clients_.resize(static_cast<std::size_t>(now));
    EXPECT_TRUE(workers_->until([&] { return connections() == clients_.size(); }));
    workers_->pass(0);
    EXPECT_EQ(workers_->wakes_in() == 1000U, is_peak) << most << ' ' << now;
    workers_.reset();
  }
}

// ------------------------------------------------------------------ time

TEST_F(WorkerTest, SleepsWhereNobodyIsConnected) {
  begin();
  workers_->turn();
  EXPECT_EQ(workers_->wakes_in(), std::nullopt);
}

TEST_F(WorkerTest, WakesForTheFirstDeadline) {
  options_.limits.idle_timeout_ms = 5000;
  options_.limits.head_timeout_ms = 300;
  probes_ = false;
  begin();
  Client& client = connect();
  EXPECT_EQ(workers_->wakes_in(), 5000U);
  send(client, kHalfHead);
  EXPECT_EQ(workers_->wakes_in(), 300U);
  workers_->pass(299);
  EXPECT_EQ(client.heard(), "");
  EXPECT_EQ(workers_->wakes_in(), 1U);
  workers_->pass(1);
  EXPECT_EQ(client.status(), 408);
}

TEST_F(WorkerTest, AHeadThatDripsHasNoMoreTime) {
  options_.limits.head_timeout_ms = 1000;
  probes_ = false;
  begin();
  answered();
  Client& client = answered();
  for (const char* piece : {"GET / HT", "TP/1.1\r\n", "Host: h\r\n"}) {
    send(client, piece);
    workers_->pass(300);
  }
  workers_->pass(99);
  EXPECT_EQ(client.end(), "");
  workers_->pass(1);
  EXPECT_EQ(client.end(), "closed");
  EXPECT_THAT(client.heard(), HasSubstr("HTTP/1.1 408"));
}

TEST_F(WorkerTest, DeadlinesCloseTogetherGoOffTogether) {
  options_.limits.idle_timeout_ms = 10;
  begin();
  connect();
  EXPECT_EQ(workers_->wakes_in(), 10U);
  workers_.reset();
  options_.limits.idle_timeout_ms = 3;
  begin();
  connect();
  EXPECT_EQ(workers_->wakes_in(), 10U);
}

TEST_F(WorkerTest, IdleClientsAreClosedInTime) {
  options_.limits.idle_timeout_ms = 1000;
  begin();
  Client& first = answered();
  workers_->pass(400);
  Client& second = answered();
  workers_->pass(599);
  EXPECT_EQ(first.end(), "");
  workers_->pass(1);
  EXPECT_EQ(first.end(), "closed");
  workers_->pass(399);
  EXPECT_EQ(second.end(), "");
  workers_->pass(1);
  EXPECT_EQ(second.end(), "closed");
  EXPECT_EQ(connections(), 0U);
}

// ------------------------------------------------------------------ handshakes

TEST_F(WorkerTest, ListensForNothingButTlsWhereThatIsAll) {
  options_.plain = false;
  begin_tls();
  EXPECT_EQ(workers_->port(), 0) << "none was opened";
  EXPECT_NE(workers_->tls_port(), 0);
}

TEST_F(WorkerTest, ASocketThatIsHandedOverIsForPlainHttp) {
  const auto opened = ListeningSocket::open("127.0.0.1", 0, ListeningSocket::Role::kFirst);
  ASSERT_TRUE(opened);
  options_.inherited = opened->fd();
  begin_tls();
  EXPECT_EQ(workers_->port(), opened->port());
  EXPECT_NE(workers_->tls_port(), opened->port());
}

TEST_F(WorkerTest, ABatchTakesSoManyStepsOfHandshakes) {
  begin_tls();
  for (int i = 0; i < 200; ++i) connect(workers_->tls_port());
  EXPECT_EQ(listener().handshakes, 200U);
  for (auto& client : clients_) client->send(std::string("\x16\x03\x01\x00\x05nonse", 10));
  std::uint64_t most = 0;
  EXPECT_TRUE(testing::eventually([&] {
    const std::uint64_t before = listener().handshakes_failed;
    workers_->turn();
    most = std::max(most, listener().handshakes_failed - before);
    return listener().handshakes_failed == 200;
  }));
  EXPECT_EQ(most, 16U);
  EXPECT_EQ(listener().handshakes, 0U);
  EXPECT_EQ(listener().handshakes_done, 0U);
}

TEST_F(WorkerTest, ABatchAnswersMoreRequestsThanItTakesStepsOfHandshakes) {
  begin();
  for (int i = 0; i < 200; ++i) connect();
  for (auto& client : clients_) client->send(kGet);
  int most = 0;
  EXPECT_TRUE(testing::eventually([&] {
    const int before = answered_;
    workers_->turn();
    most = std::max(most, answered_ - before);
    return answered_ == 200;
  }));
  EXPECT_GT(most, 16);
}

TEST_F(WorkerTest, OneHandshakeAtATimeIsTheLeast) {
  options_.workers = 2;
  options_.limits.handshakes = 1;
  begin_tls();
  connect(workers_->tls_port());
  EXPECT_EQ(clients_[0]->end(), "") << "half of one would be none";
  for (int i = 0; i < 8; ++i) {
    clients_.push_back(std::make_unique<Client>(workers_->tls_port()));
  }
  EXPECT_TRUE(workers_->until([&] { return listener().handshakes_failed >= 7; }));
  EXPECT_LE(listener().handshakes, 2U) << "one in each worker";
  EXPECT_GE(listener().handshakes, 1U);
}

TEST_F(WorkerTest, OfTooManyHandshakesTheFirstAreEnded) {
  options_.limits.handshakes = 3;
  begin_tls();
  for (int i = 0; i < 3; ++i) connect(workers_->tls_port());
  EXPECT_EQ(listener().handshakes, 3U);
  EXPECT_THAT(reports_, IsEmpty());
  clients_.push_back(std::make_unique<Client>(workers_->tls_port()));
  EXPECT_TRUE(workers_->until([&] { return listener().handshakes_failed == 1; }));
  EXPECT_EQ(listener().handshakes, 3U);
  EXPECT_EQ(clients_[0]->end(), "closed");
  EXPECT_EQ(clients_[1]->end(), "");
  EXPECT_THAT(reports_, ElementsAre(HasSubstr("limits.handshakes is reached")));
}

TEST_F(WorkerTest, HalfAHandshakeMakesWayBeforeThoseThatHoldMemory) {
  options_.limits.buffered_bytes = 128 * 1024;
  begin_tls();
  Client& holder = connect_with(kLongHead);
  connect(workers_->tls_port());
  EXPECT_EQ(listener().budget.shed(), 0U);
  clients_.push_back(std::make_unique<Client>(workers_->tls_port()));
  EXPECT_TRUE(workers_->until([&] { return listener().budget.shed() == 1; }));
  EXPECT_EQ(clients_[1]->end(), "closed");
  EXPECT_EQ(holder.heard(), "");
}

// ------------------------------------------------------------------ the end

class DrainedWorker : public WorkerTest {
 protected:
  bool is_drained() { return listener().drained.try_wait(); }
  void drain() {
    (*workers_)[0].drain();
    workers_->turn();
  }
};

TEST_F(DrainedWorker, ClosesTheIdleAndIsAtItsEnd) {
  begin();
  Client& client = answered();
  EXPECT_FALSE(is_drained());
  drain();
  EXPECT_EQ(client.end(), "closed");
  EXPECT_TRUE(is_drained());
  EXPECT_EQ(connections(), 0U);
  EXPECT_EQ(workers_->wakes_in(), 95'000U) << "the end is waited for no longer";
  workers_->turn();
  EXPECT_TRUE(is_drained());
  EXPECT_THROW(WireClient{workers_->port()}, std::runtime_error);
}

TEST_F(DrainedWorker, AnswersThoseWhoWereStillWaiting) {
  begin();
  queue(300);
  for (WireClient& client : waiting_) client.send(kGet);
  drain();
  for (WireClient& client : waiting_) EXPECT_EQ(status_of(client.response()), 200);
}

TEST_F(DrainedWorker, AnswersThoseWhoWaitWhileItIsPaused) {
  options_.limits.connections = 1;
  options_.shedding = {.pause_ms = 10'000, .overload_ms = 10'000, .idle_ms = 100'000};
  begin();
  answered();
  queue(1);
  workers_->turn();
  waiting_[0].send(kGet);
  listener().connections = 0;  // as if it were another worker's
  drain();
  EXPECT_EQ(status_of(waiting_[0].response()), 200);
}

TEST_F(DrainedWorker, EndsThoughOthersWaitForTls) {
  options_.limits.connections = 1;
  begin_tls();
  Client& client = answered();
  const WireClient waiting(workers_->tls_port());
  EXPECT_TRUE(testing::eventually([&] { return workers_->waiting() == 1; }));
  drain();
  EXPECT_EQ(client.end(), "closed");
  EXPECT_TRUE(is_drained());
  EXPECT_THAT(reports_, Not(::testing::Contains(HasSubstr("a worker failed"))));
}

TEST_F(DrainedWorker, WaitsForRequestsInHandAndNoLonger) {
  options_.limits.drain_timeout_ms = 500;
  probes_ = false;
  begin();
  Client& slow = connect_with(kHalfHead);
  Client& stuck = connect_with(kHalfHead);
  drain();
  EXPECT_FALSE(is_drained());
  EXPECT_EQ(workers_->wakes_in(), 500U);
  slow.send("\r\n\r\n");
  EXPECT_TRUE(workers_->until([&] { return slow.status() == 200; }));
  EXPECT_THAT(slow.heard(), HasSubstr("Connection: close"));
  workers_->pass(400);
  (*workers_)[0].drain();
  workers_->turn();
  EXPECT_THAT(reports_, IsEmpty());
  workers_->pass(99);
  EXPECT_EQ(stuck.end(), "");
  EXPECT_FALSE(is_drained());
  workers_->pass(1);
  EXPECT_TRUE(workers_->until([&] { return stuck.end() == "reset"; }));
  EXPECT_TRUE(is_drained());
}

// ------------------------------------------------------------------ events

using Pistache::Polling::NotifyOn;

// Of the connection that was in a place as the so many-th.
std::uint64_t tag(std::uint64_t place, std::uint64_t number) {
  return number << 32 | place;
}

TEST_F(WorkerTest, EventsOfNoConnectionAreNone) {
  begin();
  workers_->tell(tag(0, 1), NotifyOn::Read);
  Client& client = connect();
  for (const std::uint64_t other : {tag(1, 1), tag(2, 1), tag(0, 0), tag(0, 2), tag(1, 0)}) {
    workers_->tell(other, NotifyOn::Hangup);
  }
  EXPECT_EQ(connections(), 1U);
  client.send(kGet);
  EXPECT_TRUE(workers_->until([&] { return client.status() == 200; }));
}

TEST_F(WorkerTest, EventsOfTheConnectionBeforeAreNone) {
  begin();
  connect().reset();
  EXPECT_TRUE(workers_->until([&] { return connections() == 0; }));
  Client& client = connect();
  workers_->tell(tag(0, 1), NotifyOn::Hangup);
  EXPECT_EQ(connections(), 1U);
  workers_->tell(tag(0, 2), NotifyOn::Hangup);
  EXPECT_EQ(connections(), 0U);
  EXPECT_TRUE(workers_->until([&] { return client.end() == "reset"; }));
}

TEST_F(WorkerTest, EventsBehindTheEndAreNone) {
  begin();
  connect();
  workers_->tell(tag(0, 1), NotifyOn::Hangup, 3);
  EXPECT_EQ(connections(), 0U);
  connect();
  connect();
  EXPECT_EQ(connections(), 2U);
}

TEST_F(WorkerTest, PlacesWithoutConnectionsAreUsedAgain) {
  begin();
  listener().budget.change(0, 8 * 1024 * 1024);
  connect().reset();
  EXPECT_TRUE(workers_->until([&] { return connections() == 0; }));
  listener().budget.change(8 * 1024 * 1024, 0);
  workers_->pass(2000);  // now the place itself is given back
  workers_->tell(tag(0, 2), NotifyOn::Hangup);
  EXPECT_EQ(answered().status(), 200);
  workers_->tell(tag(0, 2), NotifyOn::Hangup);
  EXPECT_EQ(connections(), 0U);
}

// Of a client that hangs up epoll says that too.
TEST_F(WorkerTest, EventsThatWereNotAskedForAreAnEnd) {
  for (const NotifyOn event : {NotifyOn::Hangup, NotifyOn::Write}) {
    begin();
    Client& client = answered();
    workers_->tell(tag(0, 1), event);
    EXPECT_TRUE(workers_->until([&] { return client.end() == "reset"; }));
    workers_.reset();
  }
  probes_ = false;
  for (const NotifyOn event : {NotifyOn::Hangup, NotifyOn::Read}) {
    begin();
    Client& client = connect(0, 4096);
    send(client, "GET /big HTTP/1.1\r\nHost: h\r\n\r\n");
    workers_->tell(tag(0, 1), event);
    EXPECT_EQ(connections(), 0U);
    workers_.reset();
  }
}

// ------------------------------------------------------------------ what goes wrong

// A handler that throws is reported, and so is the report.
TEST_F(WorkerTest, WhatWasSaidToAConnectionThatFailsIsNotSaidToTheNext) {
  fail_first_report("no report");
  begin();
  Client& client = connect();
  client.send(kGet + "GET /throw HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_TRUE(workers_->until([&] { return client.end() == "reset"; }));
  EXPECT_THAT(reports_, ElementsAre("a connection failed: no report"));
  Client& next = answered();
  EXPECT_EQ(next.heard().find("HTTP/1.1", 1), std::string::npos);
}

TEST_F(WorkerTest, WhatGoesWrongWithAConnectionEndsThatConnection) {
  options_.proxy_protocol = {http::Network::parse("127.0.0.0/8").value()};
  fail_first_report("on purpose");
  probes_ = false;
  begin();
  Client& other = connect_with("PROXY UNKNOWN\r\n" + kHalfHead);
  Client& client = connect_with(kGet);
  EXPECT_TRUE(workers_->until([&] { return client.end() == "reset"; }));
  EXPECT_THAT(reports_, ElementsAre("a connection failed: on purpose"));
  other.send("\r\n\r\n");
  EXPECT_TRUE(workers_->until([&] { return other.status() == 200; }));
}

TEST_F(WorkerTest, WhatGoesWrongElsewhereIsReported) {
  options_.limits.connections_per_address = 1;
  fail_first_report("on purpose");
  begin();
  Client& client = connect();
  queue(1);
  workers_->turn();
  EXPECT_THAT(reports_, ElementsAre("a worker failed: on purpose"));
  client.send(kGet);
  EXPECT_TRUE(workers_->until([&] { return client.status() == 200; }));
}

}  // namespace
}  // namespace intermission::server
