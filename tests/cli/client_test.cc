#include "cli/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/server.h"
#include "server/tls_contexts.h"
#include "support/certificates.h"
#include "support/http1_harness.h"
#include "support/scripted_server.h"
#include "support/socket_table.h"
#include "support/temporary_folder.h"
#include "support/variable.h"

namespace intermission::cli {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::ScriptedServer;
using ::testing::StartsWith;
using Then = ScriptedServer::Then;
using std::chrono::steady_clock;

// Far more than any step takes here, and far less than a test may.
constexpr auto kSoon = 150ms;
constexpr auto kForEver = 10s;

std::string machine() {
  std::array<char, 256> name{};
  EXPECT_EQ(gethostname(name.data(), name.size() - 1), 0);
  return name.data();
}

Client client_at(const std::string& url, const std::string& token,
                 std::chrono::milliseconds patience = Client::kPatience) {
  return Client({.url = url, .token = token, .patience = patience});
}

const std::string kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

TEST(Client, SendsTheTokenAndWhoCalls) {
  ScriptedServer server(kOk);
  const auto reply = client_at(server.url(), "a token").call("GET", "/api/status");
  ASSERT_TRUE(reply) << reply.error().text();
  EXPECT_EQ(reply->status, 200U);
  EXPECT_EQ(reply->body, "{}");
  EXPECT_THAT(server.request(),
              AllOf(StartsWith("GET /api/status HTTP/1.1\r\n"),
                    HasSubstr("\r\nHost: 127.0.0.1:" + std::to_string(server.port()) + "\r\n"),
                    HasSubstr("\r\nConnection: close\r\n"),
                    HasSubstr("\r\nAuthorization: Bearer a token\r\n"),
                    HasSubstr("\r\nX-Operator: "), Not(HasSubstr("Content-Type"))));
}

// The token is for the gateway alone.
TEST(Client, UsesNoProxy) {
  ScriptedServer server(kOk);
  const testing::Variable plain("http_proxy", "http://127.0.0.1:1");
  const testing::Variable all("all_proxy", "http://127.0.0.1:1");
  const testing::Variable none("no_proxy", "");
  EXPECT_TRUE(client_at(server.url(), "t").call("GET", "/"));
  EXPECT_THAT(server.request(), StartsWith("GET / HTTP/1.1\r\n"));
}

TEST(Client, BeginsWithAProxyHeaderWhereOneIsExpected) {
  ScriptedServer server(kOk);
  EXPECT_TRUE(Client({.url = server.url(), .token = "", .proxy_protocol = true}).call("GET", "/"));
  EXPECT_THAT(server.request(), StartsWith("PROXY TCP4 127.0.0.1 127.0.0.1 "));
}

TEST(Client, WithoutATokenSendsNone) {
  ScriptedServer server(kOk);
  ASSERT_TRUE(client_at(server.url(), "").call("GET", "/"));
  EXPECT_THAT(server.request(), Not(HasSubstr("Authorization")));
}

TEST(Client, BeginsWithAProxyHeaderWhereTheServerWantsOne) {
  ScriptedServer server(kOk);
  ASSERT_TRUE(Client({.url = server.url(), .token = "", .proxy_protocol = true}).call("GET", "/"));
  EXPECT_THAT(server.request(), StartsWith("PROXY TCP4 127.0.0.1 127.0.0.1 "));
}

// The only listener of the machine.
void list_listener(const testing::TemporaryFolder& tables, std::uint16_t port, uid_t user) {
  static_cast<void>(tables.write("tcp", testing::listener_line("127.0.0.1", port, user)));
}

TEST(Client, SendsNoTokenOfAFileToAnotherUser) {
  ScriptedServer server(kOk);
  const testing::TemporaryFolder tables;
  const uid_t stranger = geteuid() + 4'000'000;
  list_listener(tables, server.port(), stranger);
  const auto reply = Client({.url = server.url(),
                             .token = "a token",
                             .token_owner = geteuid(),
                             .socket_tables = tables.path()})
                         .call("GET", "/api/status");
  ASSERT_FALSE(reply);
  EXPECT_THAT(reply.error().text(),
              AllOf(StartsWith("user " + std::to_string(stranger) + " listens at " + server.url()),
                    HasSubstr("it was not sent")));
  EXPECT_EQ(server.request(), "");
}

TEST(Client, SendsATokenToItsOwnerToRootAndToTheCaller) {
  constexpr uid_t kOwner = 4'000'000;
  for (const uid_t user : {kOwner, uid_t{0}, geteuid()}) {
    ScriptedServer server(kOk);
    const testing::TemporaryFolder tables;
    list_listener(tables, server.port(), user);
    const auto reply = Client({.url = server.url(),
                               .token = "a token",
                               .token_owner = kOwner,
                               .socket_tables = tables.path()})
                           .call("GET", "/api/status");
    EXPECT_TRUE(reply) << user;
    EXPECT_THAT(server.request(), HasSubstr("Bearer a token")) << user;
  }
}

TEST(Client, SendsATokenThatIsNotOfAFileWhoeverListens) {
  ScriptedServer server(kOk);
  const testing::TemporaryFolder tables;
  list_listener(tables, server.port(), geteuid() + 4'000'000);
  EXPECT_TRUE(Client({.url = server.url(), .token = "a token", .socket_tables = tables.path()})
                  .call("GET", "/api/status"));
  EXPECT_THAT(server.request(), HasSubstr("Bearer a token"));
}

TEST(Client, SendsABodyAsJson) {
  ScriptedServer server(kOk);
  ASSERT_TRUE(client_at(server.url() + "/", "t").call("POST", "/x", R"({"for":"2h"})"));
  EXPECT_THAT(server.request(), AllOf(StartsWith("POST /x HTTP/1.1\r\n"),
                                      HasSubstr("\r\nContent-Type: application/json\r\n"),
                                      HasSubstr("\r\nContent-Length: 12\r\n"),
                                      ::testing::EndsWith("\r\n\r\n{\"for\":\"2h\"}")));
}

TEST(Client, NamesTheOperatorByUserAndMachine) {
  const testing::Variable user("USER", "an\x1bna");
  ScriptedServer server(kOk);
  ASSERT_TRUE(client_at(server.url(), "t").call("GET", "/"));
  EXPECT_THAT(server.request(), HasSubstr("\r\nX-Operator: an\\x1bna@" + machine() + "\r\n"));
}

TEST(Client, AnOperatorWithoutANameIsKnownByTheMachine) {
  const testing::Variable user("USER", "");
  unsetenv("USER");
  ScriptedServer server(kOk);
  ASSERT_TRUE(client_at(server.url(), "t").call("GET", "/"));
  EXPECT_THAT(server.request(), HasSubstr("\r\nX-Operator: @" + machine() + "\r\n"));
}

TEST(Client, ALongNameOfAnOperatorIsCut) {
  const testing::Variable user("USER", std::string(300, 'n'));
  ScriptedServer server(kOk);
  ASSERT_TRUE(client_at(server.url(), "t").call("GET", "/"));
  EXPECT_THAT(server.request(), HasSubstr("\r\nX-Operator: " + std::string(100, 'n') + "...\r\n"));
}

TEST(Client, OnlyStatusesOf200AndSomeAreGood) {
  for (const unsigned good : {200U, 204U, 299U}) EXPECT_TRUE((Reply{good, ""}).good()) << good;
  for (const unsigned bad : {0U, 101U, 199U, 300U, 302U, 404U, 503U}) {
    EXPECT_FALSE((Reply{bad, ""}).good()) << bad;
  }
}

TEST(Client, HandsOverRefusalsWithTheirBody) {
  ScriptedServer server("HTTP/1.1 409 Conflict\r\nContent-Length: 5\r\n\r\nwhy so");
  const auto reply = client_at(server.url(), "t").call("POST", "/");
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 409U);
  EXPECT_EQ(reply->body, "why s") << "what follows is not part of it";
}

TEST(Client, TakesABodyOfAnyLength) {
  const std::string body(9'000'000, 'x');
  ScriptedServer server("HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n" + body);
  const auto reply = client_at(server.url(), "t").call("GET", "/");
  ASSERT_TRUE(reply) << reply.error().text();
  EXPECT_EQ(reply->body.size(), body.size());
}

TEST(Client, ABodyThatIsCutShortIsNoAnswer) {
  ScriptedServer server("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{}");
  EXPECT_FALSE(client_at(server.url(), "t").call("GET", "/"));
}

TEST(Client, WhatIsNoHttpIsNoAnswer) {
  ScriptedServer server("220 mail.example ESMTP\r\n");
  const auto reply = client_at(server.url(), "t").call("GET", "/");
  ASSERT_FALSE(reply);
  EXPECT_THAT(reply.error().text(), StartsWith("no gateway answers at " + server.url()));
}

TEST(Client, SaysWhatToDoWhereNoGatewayListens) {
  std::string url;
  {
    ScriptedServer server(kOk);
    url = server.url();
    ASSERT_TRUE(client_at(url, "t").call("GET", "/"));
  }
  const auto reply = client_at(url, "t").call("GET", "/");
  ASSERT_FALSE(reply);
  EXPECT_THAT(reply.error().text(),
              AllOf(StartsWith("no gateway answers at " + url), HasSubstr("Connection refused"),
                    HasSubstr("INTERMISSION_CONTROL_URL")));
}

TEST(Client, SaysWhatAUrlLooksLike) {
  for (const char* wrong :
       {"", "localhost:9099", "https://", "https://:9099", "https://h:x", "http://u@h:9099",
        "http://h?x:90", "http://h#:90", "http://a b:90", "http://", "http:///", "http://:9099",
        "http://h:", "http://h:x", "http://h:-1", "http://h:65536", "http://h:99999999999999999999",
        "http://h:90/api", "http://[]:90"}) {
    const auto reply = client_at(wrong, "t").call("GET", "/");
    ASSERT_FALSE(reply) << wrong;
    EXPECT_EQ(reply.error().text(), "expected a control URL such as http://127.0.0.1:9099, got \"" +
                                        std::string(wrong) + "\"");
  }
  for (const char* good : {"http://127.0.0.1:65535", "https://127.0.0.1:1", "HTTPS://[::1]:1/",
                           "HTTP://127.0.0.1:1//", "http://[::1]", "http://[::1]:1"}) {
    const auto nobody = client_at(good, "t").call("GET", "/");
    ASSERT_FALSE(nobody) << good;
    EXPECT_THAT(nobody.error().text(), StartsWith("no gateway answers at ")) << good;
  }
  const auto reply = client_at("ftp://\n", "t").call("GET", "/");
  ASSERT_FALSE(reply);
  EXPECT_THAT(reply.error().text(), HasSubstr("got \"ftp://\\x0a\""));
}

// ---------------------------------------------------------------- patience

TEST(Client, WaitsForNoAnswerForEver) {
  for (const char* begun :
       {"", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"}) {
    ScriptedServer server(begun, Then::kIsSilent);
    const auto before = steady_clock::now();
    const auto reply = client_at(server.url(), "t", kSoon).call("GET", "/");
    EXPECT_LT(steady_clock::now() - before, kForEver) << begun;
    ASSERT_FALSE(reply) << begun;
    EXPECT_THAT(reply.error().text(), StartsWith("no gateway answers at ")) << begun;
  }
}

TEST(Client, AnAnswerThatNeverEndsIsNone) {
  for (const char* begun : {"HTTP/1.1 200 OK\r\nX: ", "HTTP/1.1 200 OK\r\n\r\n"}) {
    ScriptedServer server(begun, Then::kTrickles);
    const auto before = steady_clock::now();
    EXPECT_FALSE(client_at(server.url(), "t", kSoon).call("GET", "/")) << begun;
    EXPECT_LT(steady_clock::now() - before, kForEver) << begun;
  }
}

TEST(Client, AListenerGivesUpWhenItHearsNothing) {
  ScriptedServer server("HTTP/1.1 200 OK\r\n\r\n:\n\n", Then::kIsSilent);
  std::string heard;
  const auto reply = client_at(server.url(), "t", kSoon).listen("/", [&](std::string_view piece) {
    heard += piece;
    return true;
  });
  EXPECT_FALSE(reply);
  EXPECT_EQ(heard, ":\n\n");
}

TEST(Client, AListenerStaysAsLongAsItHearsSomething) {
  ScriptedServer server("HTTP/1.1 200 OK\r\n\r\n", Then::kTrickles);
  const auto before = steady_clock::now();
  const auto reply =
      client_at(server.url(), "t", kSoon).listen("/", [&](std::string_view /*piece*/) {
        return steady_clock::now() - before < 3 * kSoon;
      });
  ASSERT_TRUE(reply) << reply.error().text();
  EXPECT_EQ(reply->status, 200U);
  EXPECT_EQ(reply->body, "");
}

// ---------------------------------------------------------------- listening

TEST(Client, ListensUntilTheGatewayEnds) {
  ScriptedServer server(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n");
  std::string heard;
  const auto reply =
      client_at(server.url(), "t").listen("/api/events", [&](std::string_view piece) {
        heard += piece;
        return true;
      });
  ASSERT_TRUE(reply) << reply.error().text();
  EXPECT_TRUE(reply->good());
  EXPECT_EQ(heard, "abc");
  EXPECT_THAT(server.request(), StartsWith("GET /api/events HTTP/1.1\r\n"));
}

TEST(Client, AListenerThatIsRefusedIsToldWhy) {
  ScriptedServer server("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nfull");
  const auto reply = client_at(server.url(), "t").listen("/", [](std::string_view) {
    ADD_FAILURE() << "a refusal is no event";
    return true;
  });
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 503U);
  EXPECT_EQ(reply->body, "full");
}

// ---------------------------------------------------------------- TLS

class Handler final : public testing::MirrorHandler {
 public:
  http::Handled answer(const http::Request& request, http::Response& response) override {
    http::Handled handled = MirrorHandler::answer(request, response);
    response.body.own() = request.is_secure() ? "{}" : "plain";
    return handled;
  }
};

class TlsClientTest : public ::testing::Test {
 protected:
  void SetUp() override {
    authority_.emplace(testing::issue({.usage = "", .is_authority = true}));
    ca_ = folder_.write("ca.pem", authority_->certificate_pem()).string();
    const auto own = testing::issue({.names = {"localhost"}}, &*authority_).write(folder_, "own");
    certificate_ = own.certificate;
    auto endpoint = server::TlsEndpoint::open({.certificates = {own}}, clock_);
    ASSERT_TRUE(endpoint) << endpoint.error().text();
    server::Options options;
    options.address = "127.0.0.1";
    options.plain = false;
    options.tls = server::Options::Tls{0, *endpoint};
    auto started = server::Server::start(options, [] { return std::make_unique<Handler>(); });
    ASSERT_TRUE(started) << started.error().text();
    server_ = std::move(*started);
  }
  base::Result<Reply> call(const std::string& host, const std::string& ca) const {
    const std::string url = "https://" + host + ":" + std::to_string(server_->port());
    return Client({.url = url, .token = "t", .ca = ca}).call("GET", "/");
  }

  const testing::TemporaryFolder folder_;
  const base::SystemClock clock_;
  std::optional<testing::Issued> authority_;
  std::string ca_;
  std::string certificate_;
  std::unique_ptr<server::Server> server_;
};

TEST_F(TlsClientTest, TrustsTheAuthorityThatIsNamedAndTheCertificateItself) {
  for (const std::string& trusted : {ca_, certificate_}) {
    const auto reply = call("localhost", trusted);
    ASSERT_TRUE(reply) << reply.error().text();
    EXPECT_EQ(reply->body, "{}");
  }
}

TEST_F(TlsClientTest, SaysWhatToDoAboutACertificateThatIsNotTrusted) {
  const auto unknown = call("localhost", "");
  ASSERT_FALSE(unknown);
  EXPECT_THAT(unknown.error().text(), AllOf(StartsWith("the certificate of https://localhost:"),
                                            HasSubstr("not trusted"), HasSubstr("--ca FILE")));
  const auto other_name = call("127.0.0.1", ca_);
  ASSERT_FALSE(other_name);
  EXPECT_THAT(other_name.error().text(), HasSubstr("is not trusted"));
}

TEST_F(TlsClientTest, TakesAnyCertificateWhereNothingIsSecret) {
  for (const std::string host : {"localhost", "127.0.0.1"}) {
    const std::string url = "https://" + host + ":" + std::to_string(server_->port());
    const auto reply = Client({.url = url, .token = "", .verifies = false}).call("GET", "/");
    ASSERT_TRUE(reply) << reply.error().text();
    EXPECT_EQ(reply->body, "{}");
  }
}

TEST_F(TlsClientTest, NamesAFileOfAuthoritiesThatCannotBeRead) {
  for (const std::string& wrong : {ca_ + ".none", folder_.write("text", "no PEM").string()}) {
    const auto reply = call("localhost", wrong);
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().text(),
              "--ca: expected a readable file with certificates in PEM, got " + wrong);
  }
}

TEST_F(TlsClientTest, TellsTheTwoSchemesApart) {
  const std::string port = std::to_string(server_->port());
  const auto plain = client_at("http://localhost:" + port, "t").call("GET", "/");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->status, 400U);
  EXPECT_THAT(plain->body, HasSubstr("use https"));
  ScriptedServer server(kOk);
  const auto secure = client_at("https" + server.url().substr(4), "t").call("GET", "/");
  ASSERT_FALSE(secure);
  EXPECT_THAT(secure.error().text(),
              AllOf(StartsWith("no TLS with https://"), HasSubstr("http://")));
}

TEST(Client, WaitsForNoHandshakeForEver) {
  ScriptedServer server("", Then::kIsSilent);
  const auto before = steady_clock::now();
  const auto reply = client_at("https" + server.url().substr(4), "t", kSoon).call("GET", "/");
  EXPECT_LT(steady_clock::now() - before, kForEver);
  EXPECT_FALSE(reply);
}

}  // namespace
}  // namespace intermission::cli
