// TLS over sockets: what is agreed on, with whom, and what ends at once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "server/server.h"
#include "server/tls_contexts.h"
#include "support/certificates.h"
#include "support/eventually.h"
#include "support/fake_clock.h"
#include "support/http1_harness.h"
#include "support/http2_client.h"
#include "support/tls_client.h"
#include "support/wire_client.h"

namespace intermission::server {
namespace {

using ::testing::AnyOf;
using testing::body_of;
using ::testing::EndsWith;
using testing::eventually;
using ::testing::HasSubstr;
using testing::issue;
using testing::Issued;
using testing::MirrorHandler;
using ::testing::Not;
using testing::present;
using testing::status_of;
using testing::TlsClient;
using testing::WireClient;
using testing::Wish;

constexpr std::size_t kBig = 4 * 1024 * 1024;
const std::string kGet = "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n";
const std::string kClose = "GET / HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n";

// The first bytes of a greeting, and no more of it.
const std::string kHalfGreeting("\x16\x03\x01\x02\x00\x01\x00", 7);

class Handler final : public MirrorHandler {
 public:
  http::Handled answer(const http::Request& request, http::Response& response) override {
    http::Handled handled = MirrorHandler::answer(request, response);
    if (request.path() == "/secure") response.body.own() = request.is_secure() ? "secure" : "plain";
    if (request.path() == "/sender") response.body.own() = request.sender()->text();
    if (request.path() == "/big") response.body.own().assign(kBig, 'b');
    return handled;
  }
};

class TlsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    settings_.certificates = {issue({.names = {"a.example"}}).write(folder_, "a")};
    settings_.http2 = true;
    options_.http2 = true;
    options_.address = "127.0.0.1";
    options_.port = 0;
    options_.report = [this](std::string_view line) {
      const std::lock_guard lock(mutex_);
      lines_.emplace_back(line);
    };
  }
  void start() {
    auto endpoint = TlsEndpoint::open(settings_, clock_);
    ASSERT_TRUE(endpoint) << endpoint.error().text();
    endpoint_ = *endpoint;
    options_.tls = Options::Tls{0, endpoint_};
    auto server = Server::start(options_, [] { return std::make_unique<Handler>(); });
    ASSERT_TRUE(server) << server.error().text();
    server_ = std::move(*server);
  }
  TlsClient client(const TlsClient::Wishes& wishes = {}) const {
    return TlsClient(server_->tls_port(), wishes);
  }
  static std::string ask(TlsClient& client, const std::string& request = kGet) {
    EXPECT_EQ(client.problem(), "");
    EXPECT_TRUE(client.send(request));
    return client.response();
  }
  static std::string ask(TlsClient&& client, const std::string& request = kGet) {
    return ask(client, request);
  }
  bool was_told(const std::string& part) {
    const std::lock_guard lock(mutex_);
    for (const std::string& line : lines_) {
      if (line.find(part) != std::string::npos) return true;
    }
    return false;
  }

  const testing::TemporaryFolder folder_;
  testing::FakeClock clock_{present()};
  TlsSettings settings_;
  Options options_;
  std::shared_ptr<TlsEndpoint> endpoint_;
  std::mutex mutex_;
  std::vector<std::string> lines_;
  std::unique_ptr<Server> server_;
};

// ---------------------------------------------------------------- what is agreed on

TEST_F(TlsTest, AnswersByTls12And13BesideThePlainPort) {
  start();
  EXPECT_EQ(server_->tls_url(), "https://127.0.0.1:" + std::to_string(server_->tls_port()));
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsClient one = client({.version = version});
    EXPECT_EQ(status_of(ask(one)), 200) << one.problem();
    EXPECT_EQ(one.version(), version);
  }
  WireClient plain(server_->port());
  plain.send(kGet);
  EXPECT_EQ(status_of(plain.response()), 200);
}

TEST_F(TlsTest, MayBeAllThatIsListenedFor) {
  options_.plain = false;
  start();
  EXPECT_EQ(server_->port(), server_->tls_port());
  EXPECT_EQ(server_->url(), server_->tls_url());
  EXPECT_EQ(status_of(ask(client())), 200);
}

TEST_F(TlsTest, OlderVersionsGetAnAlertThatSaysSo) {
  start();
  for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
    EXPECT_THAT(client({.version = version}).problem(), HasSubstr("protocol version"));
  }
}

TEST_F(TlsTest, AndTls12WhereOnly13IsWanted) {
  settings_.only_tls13 = true;
  start();
  EXPECT_THAT(client({.version = TLS1_2_VERSION}).problem(), HasSubstr("protocol version"));
  EXPECT_EQ(status_of(ask(client())), 200);
}

TEST_F(TlsTest, CiphersWithoutForwardSecrecyOrWithCbcAreNotSpoken) {
  settings_.certificates = {
      issue({.names = {"a.example"}, .key = Wish::Key::kRsa}).write(folder_, "a")};
  start();
  for (const char* cipher :
       {"AES128-GCM-SHA256", "ECDHE-RSA-AES128-SHA", "DHE-RSA-AES128-GCM-SHA256"}) {
    EXPECT_THAT(client({.version = TLS1_2_VERSION, .ciphers = cipher}).problem(),
                HasSubstr("handshake failure"))
        << cipher;
  }
}

TEST_F(TlsTest, ProtocolsAreChosenByAlpn) {
  start();
  EXPECT_EQ(client({.alpn = {"http/1.1", "h2"}}).protocol(), "h2");
  EXPECT_EQ(client({.alpn = {"grpc-exp", "h2"}}).protocol(), "h2");
  EXPECT_EQ(client({.alpn = {"http/1.1"}}).protocol(), "http/1.1");
  EXPECT_EQ(client().protocol(), "");
  EXPECT_THAT(client({.alpn = {"spdy/1"}}).problem(), HasSubstr("no application protocol"));
}

TEST_F(TlsTest, Http2IsNotOfferedWhereItIsOff) {
  settings_.http2 = false;
  options_.http2 = false;
  start();
  EXPECT_EQ(client({.alpn = {"h2", "http/1.1"}}).protocol(), "http/1.1");
  EXPECT_THAT(client({.alpn = {"h2"}}).problem(), HasSubstr("no application protocol"));
}

std::string status_over_http2(TlsClient& client, const std::string& authority = "a.example") {
  testing::Http2Client http2;
  const std::int32_t id = http2.request(
      {{":method", "GET"}, {":scheme", "https"}, {":authority", authority}, {":path", "/secure"}});
  while (!http2.answer(id).ended) {
    client.send(http2.to_send());
    const std::string some = client.some();
    if (some.empty() || !http2.take(some)) return "(closed)";
  }
  return http2.answer(id).status() + " " + http2.answer(id).body.substr(0, 6);
}

TEST_F(TlsTest, Http2IsSpokenByAlpnAndByPriorKnowledgeWithoutIt) {
  start();
  TlsClient chosen = client({.alpn = {"h2"}});
  EXPECT_EQ(status_over_http2(chosen), "200 secure");
  TlsClient known = client();
  EXPECT_EQ(status_over_http2(known), "200 secure");
}

TEST_F(TlsTest, WhoHasChosenHttp1DoesNotSpeakHttp2) {
  start();
  TlsClient one = client({.alpn = {"http/1.1"}});
  one.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  EXPECT_THAT(one.until_close(), HasSubstr("HTTP/1.1 "));
}

TEST_F(TlsTest, AHandlerKnowsThatTheConnectionIsSecure) {
  start();
  const std::string get = "GET /secure HTTP/1.1\r\nHost: a.example\r\n\r\n";
  EXPECT_EQ(body_of(ask(client(), get)), "secure");
  WireClient plain(server_->port());
  plain.send(get);
  EXPECT_EQ(body_of(plain.response()), "plain");
}

// ---------------------------------------------------------------- certificates

TEST_F(TlsTest, EachNameIsShownItsCertificate) {
  settings_.certificates.push_back(issue({.names = {"*.b.example"}}).write(folder_, "b"));
  settings_.certificates.push_back(issue({.names = {"c.b.example"}}).write(folder_, "c"));
  start();
  EXPECT_EQ(client({.name = "x.b.example"}).certificate_name(), "*.b.example");
  EXPECT_EQ(client({.name = "C.B.Example"}).certificate_name(), "c.b.example");
  EXPECT_EQ(client({.name = "other.example"}).certificate_name(), "a.example");
  EXPECT_EQ(client().certificate_name(), "a.example");
}

TEST_F(TlsTest, OfTwoKindsOfKeysTheOneThatAClientCanUse) {
  settings_.certificates.push_back(
      issue({.names = {"a.example"}, .key = Wish::Key::kRsa}).write(folder_, "rsa"));
  start();
  const auto key_for = [&](const char* ciphers) {
    return client({.version = TLS1_2_VERSION, .ciphers = ciphers}).certificate_key();
  };
  EXPECT_EQ(key_for("ECDHE-RSA-AES128-GCM-SHA256"), EVP_PKEY_RSA);
  EXPECT_EQ(key_for("ECDHE-ECDSA-AES128-GCM-SHA256"), EVP_PKEY_EC);
}

TEST_F(TlsTest, AHostOfAnotherCertificateIsMisdirected) {
  settings_.certificates.push_back(
      issue({.names = {"b.example", "*.b.example"}}).write(folder_, "b"));
  start();
  const auto get = [](const std::string& host) {
    return "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
  };
  TlsClient one = client({.name = "b.example"});
  EXPECT_EQ(status_of(ask(one, get("b.example"))), 200);
  EXPECT_EQ(status_of(ask(one, get("x.b.example:8443"))), 200) << "the same certificate";
  EXPECT_EQ(status_of(ask(one, get("B.EXAMPLE."))), 200);
  EXPECT_EQ(status_of(ask(one, get("a.example"))), 421);
  EXPECT_EQ(status_of(ask(one, get("b.example"))), 200) << "the connection goes on";
  EXPECT_EQ(status_of(ask(client(), get("b.example"))), 200) << "no name was told";
  TlsClient two = client({.name = "b.example", .alpn = {"h2"}});
  EXPECT_EQ(status_over_http2(two, "a.example").substr(0, 3), "421");
  TlsClient three = client({.name = "b.example", .alpn = {"h2"}});
  EXPECT_EQ(status_over_http2(three, "b.example"), "200 secure");
}

TEST_F(TlsTest, AReloadIsForNewConnectionsAndDropsNone) {
  start();
  TlsClient before = client();
  ask(before);
  issue({.names = {"new.example"}}).write(folder_, "a");
  ASSERT_FALSE(endpoint_->reload(settings_));
  EXPECT_EQ(client().certificate_name(), "new.example");
  EXPECT_EQ(status_of(ask(before)), 200);
}

TEST_F(TlsTest, ClientsMustShowACertificateOfThatAuthority) {
  const Issued authority = issue({.usage = "", .is_authority = true});
  const Issued router = issue({.usage = "clientAuth"}, &authority);
  const Issued stranger = issue({.usage = "clientAuth"});
  settings_.client_ca = folder_.write("ca.pem", authority.certificate_pem()).string();
  start();
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    EXPECT_EQ(status_of(ask(client({.version = version, .certificate = &router}))), 200);
    for (const Issued* wrong : {static_cast<const Issued*>(nullptr), &stranger}) {
      TlsClient one = client({.version = version, .certificate = wrong});
      one.send(kGet);
      EXPECT_EQ(one.response(), "");
    }
  }
  EXPECT_TRUE(eventually([&] { return server_->load().handshakes_failed == 4; }));
}

TEST_F(TlsTest, AfterAReloadNoSessionResumesWithAnotherAuthority) {
  const Issued authority = issue({.usage = "", .is_authority = true});
  const Issued router = issue({.usage = "clientAuth"}, &authority);
  settings_.client_ca = folder_.write("ca.pem", authority.certificate_pem()).string();
  start();
  TlsClient one = client({.version = TLS1_2_VERSION, .certificate = &router});
  ask(one);
  const auto session = one.session();
  EXPECT_TRUE(client({.version = TLS1_2_VERSION, .session = session.get()}).is_resumed());
  folder_.write("ca.pem", issue({.usage = "", .is_authority = true}).certificate_pem());
  ASSERT_FALSE(endpoint_->reload(settings_));
  TlsClient two = client({.version = TLS1_2_VERSION, .session = session.get()});
  two.send(kGet);
  EXPECT_EQ(two.response(), "");
}

// ---------------------------------------------------------------- sessions

TEST_F(TlsTest, SessionsAreResumedUntilTheirKeyIsForgotten) {
  start();
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsClient one = client({.version = version});
    ask(one);
    const auto session = one.session();
    EXPECT_FALSE(one.is_resumed());
    TlsClient two = client({.version = version, .session = session.get()});
    EXPECT_TRUE(two.is_resumed());
    EXPECT_EQ(status_of(ask(two)), 200);
  }
  TlsClient one = client({.version = TLS1_2_VERSION});
  ask(one);
  const auto session = one.session();
  clock_.advance(TicketKeys::kLife);
  EXPECT_TRUE(client({.version = TLS1_2_VERSION, .session = session.get()}).is_resumed());
  clock_.advance(TicketKeys::kLife);
  EXPECT_FALSE(client({.version = TLS1_2_VERSION, .session = session.get()}).is_resumed());
}

// A client uses a ticket of TLS 1.3 once (RFC 8446 §C.4). And what is sent in place of an
// acknowledgement spares a client with Nagle's algorithm a delay.
TEST_F(TlsTest, AResumedSessionOfTls13GetsATicketOfItsOwn) {
  start();
  const auto ticket_of = [](const auto& session) {
    const unsigned char* bytes = nullptr;
    std::size_t size = 0;
    SSL_SESSION_get0_ticket(session.get(), &bytes, &size);
    return std::string(reinterpret_cast<const char*>(bytes), size);
  };
  TlsClient one = client({.version = TLS1_3_VERSION});
  ask(one);
  const auto first = one.session();
  TlsClient two = client({.version = TLS1_3_VERSION, .session = first.get()});
  ask(two);
  ASSERT_TRUE(two.is_resumed());
  const auto second = two.session();
  EXPECT_NE(ticket_of(second), ticket_of(first));
  EXPECT_TRUE(client({.version = TLS1_3_VERSION, .session = second.get()}).is_resumed());
}

TEST_F(TlsTest, RenegotiationIsRefused) {
  start();
  TlsClient one = client({.version = TLS1_2_VERSION});
  ask(one);
  EXPECT_FALSE(one.renegotiate());
}

TEST_F(TlsTest, NewKeysAreTakenAndAnswered) {
  start();
  TlsClient one = client({.version = TLS1_3_VERSION});
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(one.update_keys());
    EXPECT_EQ(status_of(ask(one)), 200);
  }
}

// ---------------------------------------------------------------- bytes

TEST_F(TlsTest, ALargeAnswerArrivesWhole) {
  start();
  for (int i = 0; i < 2; ++i) {
    TlsClient one = client();
    one.send("GET /big HTTP/1.1\r\nHost: a.example\r\n\r\n");
    if (i == 1) std::this_thread::sleep_for(std::chrono::milliseconds(100));  // it has to wait
    EXPECT_EQ(body_of(one.response()), std::string(kBig, 'b'));
    EXPECT_EQ(status_of(ask(one)), 200);
  }
}

TEST_F(TlsTest, MoreRequestsInOneFlightThanAreReadAtOnceAreAllAnswered) {
  constexpr int kMany = 4000;
  start();
  TlsClient one = client();
  std::string many;
  for (int i = 0; i < kMany; ++i)
    many += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: a.example\r\n\r\n";
  std::thread sender([&] { EXPECT_TRUE(one.send(many)); });
  sender.join();
  for (int i = 0; i < kMany; ++i) {
    ASSERT_THAT(one.response(), HasSubstr("GET|/" + std::to_string(i) + "|")) << i;
  }
}

TEST_F(TlsTest, ALargeBodyIsRead) {
  start();
  TlsClient one = client();
  const std::string body(200'000, 'x');
  EXPECT_EQ(
      status_of(
          ask(one, "POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 200000\r\n\r\n" + body)),
      200);
  EXPECT_EQ(status_of(ask(one)), 200);
}

TEST_F(TlsTest, TheLastAnswerEndsWithCloseNotify) {
  start();
  TlsClient one = client();
  one.send(kClose);
  EXPECT_THAT(one.until_close(), Not(EndsWith("(cut)")));
}

TEST_F(TlsTest, StoppingSaysCloseNotifyToTheIdle) {
  start();
  TlsClient one = client();
  ask(one);
  std::thread stopper([&] { server_->stop(); });
  EXPECT_EQ(one.until_close(), "");
  stopper.join();
}

TEST_F(TlsTest, AClientThatLeavesWithoutAWordIsForgotten) {
  start();
  TlsClient one = client();
  ask(one);
  one.leave();
  EXPECT_TRUE(eventually([&] { return server_->connections() == 0; }));
}

TEST_F(TlsTest, NoiseInsideASessionEndsIt) {
  start();
  TlsClient one = client({.version = TLS1_2_VERSION});
  ask(one);
  one.send_plain("nonsense that is no record of TLS");
  EXPECT_THAT(one.until_close(), Not(HasSubstr("HTTP")));
  EXPECT_TRUE(eventually([&] { return server_->connections() == 0; }));
}

// ---------------------------------------------------------------- the wrong port

TEST_F(TlsTest, PlainHttpOnThePortForTlsIsAnsweredOnceAndReported) {
  start();
  for (const std::string& request :
       {kGet, std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), std::string("x")}) {
    WireClient plain(server_->tls_port());
    plain.send(request);
    const std::string said = plain.until_close();
    EXPECT_EQ(status_of(said), 400) << said;
    EXPECT_THAT(said, HasSubstr("use https"));
  }
  EXPECT_TRUE(was_told("plain HTTP from 127.0.0.1 was rejected on the port for TLS"));
  EXPECT_EQ(status_of(ask(client())), 200);
}

TEST_F(TlsTest, ATlsGreetingOnThePlainPortEndsAtOnceAndIsReported) {
  start();
  EXPECT_THAT(TlsClient(server_->port()).problem(),
              AnyOf("wrong version number", "packet length too long"));
  EXPECT_TRUE(was_told("a TLS greeting from 127.0.0.1 was rejected on the port for plain HTTP"));
}

TEST_F(TlsTest, ABodyThatBeginsLikeTlsIsNone) {
  start();
  WireClient plain(server_->port());
  plain.send("POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 3\r\n\r\n");
  plain.send("\x16\x03\x01");
  EXPECT_EQ(status_of(plain.response()), 200);
  EXPECT_FALSE(was_told("TLS greeting"));
}

TEST_F(TlsTest, NoGreetingIsLookedForInsideTls) {
  start();
  TlsClient one = client();
  one.send("\x16\x03\x01");
  EXPECT_EQ(status_of(one.response()), 400);
  EXPECT_FALSE(was_told("TLS greeting"));
}

// ---------------------------------------------------------------- PROXY headers before TLS

TEST_F(TlsTest, APROXYHeaderStandsBeforeTheGreeting) {
  options_.proxy_protocol = {*http::Network::parse("127.0.0.0/8")};
  start();
  const std::string get = "GET /sender HTTP/1.1\r\nHost: a.example\r\n\r\n";
  const std::string header = "PROXY TCP4 192.0.2.7 127.0.0.1 5000 8443\r\n";
  EXPECT_EQ(body_of(ask(client({.before = header}), get)), "192.0.2.7");
  EXPECT_EQ(body_of(ask(client({.alpn = {"http/1.1"}, .before = header}), get)), "192.0.2.7");
}

TEST_F(TlsTest, AndMayComeInPieces) {
  options_.proxy_protocol = {*http::Network::parse("127.0.0.0/8")};
  start();
  TlsClient one(server_->tls_port(),
                {.before = "PROXY TCP4 192.0.2.7 127.0.0.1 5000 8443\r\n", .in_pieces = true});
  EXPECT_EQ(body_of(ask(one, "GET /sender HTTP/1.1\r\nHost: a.example\r\n\r\n")), "192.0.2.7");
}

TEST_F(TlsTest, WithoutItTheConnectionIsClosed) {
  options_.proxy_protocol = {*http::Network::parse("127.0.0.0/8")};
  start();
  EXPECT_NE(client().problem(), "");
  EXPECT_TRUE(was_told("does not begin with a PROXY header"));
}

// ---------------------------------------------------------------- handshakes without end

TEST_F(TlsTest, AHandshakeThatTakesTooLongIsEnded) {
  options_.limits.handshake_timeout_ms = 100;
  start();
  WireClient silent(server_->tls_port());
  WireClient half(server_->tls_port());
  half.send(kHalfGreeting);
  EXPECT_THAT(silent.until_close(), Not(EndsWith("(timeout)")));
  EXPECT_THAT(half.until_close(), Not(EndsWith("(timeout)")));
  EXPECT_TRUE(eventually([&] { return server_->load().handshakes_failed == 2; }));
  EXPECT_EQ(server_->load().handshakes, 0U);
}

TEST_F(TlsTest, OfTooManyHandshakesTheOldestMakeWay) {
  options_.limits.handshakes = 10;
  start();
  std::vector<WireClient> half;
  for (int i = 0; i < 50; ++i) {
    half.emplace_back(server_->tls_port());
    half.back().send(kHalfGreeting);
  }
  EXPECT_EQ(status_of(ask(client())), 200);
  EXPECT_TRUE(eventually([&] { return server_->load().handshakes <= 10; }));
  EXPECT_GE(server_->load().handshakes_failed, 40U);
  EXPECT_TRUE(eventually([&] { return server_->load().handshakes_done == 1; }));
  EXPECT_TRUE(was_told("limits.handshakes is reached"));
}

// Two workers with half of the limit each: the last client is none of the oldest, whichever
// worker accepts it, and however many the other one has just accepted.
TEST_F(TlsTest, TheLastOneIsNotAmongThoseThatMakeWay) {
  options_.workers = 2;
  options_.limits.handshakes = 20;
  start();
  for (int round = 0; round < 20; ++round) {
    std::vector<WireClient> half;
    for (int i = 0; i < 60; ++i) {
      half.emplace_back(server_->tls_port());
      half.back().send(kHalfGreeting);
    }
    ASSERT_EQ(status_of(ask(client())), 200) << round;
  }
}

TEST_F(TlsTest, TheMemoryOfConnectionsIsCounted) {
  start();
  TlsClient one = client();
  ask(one);
  EXPECT_GT(server_->load().buffered_bytes, 1000U);
  one.leave();
  EXPECT_TRUE(eventually([&] { return server_->load().buffered_bytes == 0; }));
}

}  // namespace
}  // namespace intermission::server
