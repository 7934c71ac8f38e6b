// `intermission health` against a server that answers as a test says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "server/server.h"
#include "server/tls_contexts.h"
#include "support/certificates.h"
#include "support/http1_harness.h"
#include "support/scripted_server.h"
#include "support/temporary_folder.h"
#include "support/variable.h"

namespace intermission::cli {
namespace {

using ::testing::HasSubstr;
using testing::ScriptedServer;
using testing::Variable;

struct Ran {
  int code = 0;
  std::string err;
};

Ran health(std::vector<std::string> words, const std::string& port = "") {
  const Variable chosen_port("PORT", port);
  const Variable no_file("INTERMISSION_CONFIG", "");
  CLI::App app("a gateway", "intermission");
  const std::vector<Command> commands = {add_health(app)};
  words.insert(words.begin(), "health");
  std::reverse(words.begin(), words.end());
  app.parse(words);
  std::ostringstream err;
  std::streambuf* before = std::cerr.rdbuf(err.rdbuf());
  const int code = run_given(commands);
  std::cerr.rdbuf(before);
  return {code, err.str()};
}

class HealthTest : public ::testing::Test {
 protected:
  std::string file(std::uint16_t port, const std::string& rest = "") const {
    return folder_
        .write("intermission.yaml",
               "listen: { address: 127.0.0.1, port: " + std::to_string(port) + " }\n" + rest)
        .string();
  }
  const testing::TemporaryFolder folder_;
};

TEST_F(HealthTest, AsksThePortForClients) {
  ScriptedServer gateway("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(health({"--config", file(gateway.port())}).code, 0);
  EXPECT_THAT(gateway.request(), HasSubstr("GET /.well-known/intermission/health HTTP/1.1\r\n"));
}

TEST_F(HealthTest, AFlagBeatsTheFile) {
  ScriptedServer gateway("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(health({"--config", file(1), "--port", std::to_string(gateway.port())}).code, 0);
}

// The gateway goes on serving with the configuration that it read before.
TEST_F(HealthTest, ReadsNoMoreThanItNeeds) {
  for (const char* broken : {"services: [ {\n", "services: 7\n", "servces: []\n",
                             "services: [ { name: a, contract: there-is-none.yaml } ]\n"}) {
    ScriptedServer gateway("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    const Ran ran = health({"--config", file(gateway.port(), broken)});
    EXPECT_EQ(ran.code, 0) << broken << ran.err;
    EXPECT_EQ(ran.err, "");
  }
}

TEST_F(HealthTest, ABadAnswerIsAFailure) {
  ScriptedServer gateway("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
  const Ran ran = health({"--config", file(gateway.port())});
  EXPECT_EQ(ran.code, 1);
  EXPECT_EQ(ran.err, "intermission: " + gateway.url() + " answers 503\n");
}

TEST_F(HealthTest, NoGatewayIsAFailure) {
  const Ran ran = health({"--config", file(1)});
  EXPECT_EQ(ran.code, 1);
  EXPECT_EQ(ran.err, "intermission: http://127.0.0.1:1 does not answer\n");
}

TEST_F(HealthTest, AsksThePortOfTheEnvironment) {
  ScriptedServer gateway("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(health({"--config", file(1)}, std::to_string(gateway.port())).code, 0);
}

TEST_F(HealthTest, GivesUpAfterTwoSeconds) {
  // A busy machine may need longer once, but not each time.
  bool in_time = false;
  for (int i = 0; i < 3 && !in_time; ++i) {
    ScriptedServer gateway("", ScriptedServer::Then::kIsSilent);
    const auto before = std::chrono::steady_clock::now();
    EXPECT_EQ(health({"--config", file(gateway.port())}).code, 1);
    const auto took = std::chrono::steady_clock::now() - before;
    EXPECT_GE(took, std::chrono::milliseconds(1990));
    in_time = took < std::chrono::milliseconds(3900);
  }
  EXPECT_TRUE(in_time);
}

TEST_F(HealthTest, BeginsWithAProxyHeaderWhereTheGatewayExpectsOne) {
  for (const bool expects : {true, false}) {
    ScriptedServer gateway("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    const std::string config =
        folder_
            .write("intermission.yaml",
                   "listen: { address: 0.0.0.0, port: " + std::to_string(gateway.port()) +
                       ", proxy_protocol: [10.0.0.0/8, " + (expects ? "127.0.0.0/8" : "127.0.0.2") +
                       "] }\n")
            .string();
    EXPECT_EQ(health({"--config", config}).code, 0);
    EXPECT_EQ(gateway.request().starts_with("PROXY TCP4 127.0.0.1 "), expects);
    EXPECT_THAT(gateway.request(), HasSubstr("GET /.well-known/intermission/health HTTP/1.1\r\n"));
  }
}

class Healthy final : public testing::MirrorHandler {
 public:
  http::Handled answer(const http::Request& request, http::Response& response) override {
    http::Handled handled = MirrorHandler::answer(request, response);
    response.status = request.is_secure() ? 200 : 500;
    return handled;
  }
};

TEST_F(HealthTest, AsksByTlsWhateverTheCertificate) {
  const base::SystemClock clock;
  const auto own = testing::issue({.names = {"shop.example"}}).write(folder_, "shop");
  auto endpoint = server::TlsEndpoint::open({.certificates = {own}}, clock);
  ASSERT_TRUE(endpoint) << endpoint.error().text();
  server::Options options;
  options.address = "127.0.0.1";
  options.port = 0;
  options.tls = server::Options::Tls{0, *endpoint};
  const auto gateway = server::Server::start(options, [] { return std::make_unique<Healthy>(); });
  ASSERT_TRUE(gateway) << gateway.error().text();
  const std::string plain = std::to_string((*gateway)->port());
  const std::string secure = std::to_string((*gateway)->tls_port());
  const auto config = [&](const std::string& more) {
    return folder_
        .write("intermission.yaml", "listen: { address: 127.0.0.1, port: " + plain +
                                        ", tls: { port: " + secure + more +
                                        ", certificates: [ { certificate: shop.pem, key: shop.key "
                                        "} ] } }\n")
        .string();
  };
  EXPECT_EQ(health({"--config", config(""), "--tls"}).code, 0);
  EXPECT_EQ(health({"--config", config("")}).code, 1) << "the other port";
  EXPECT_EQ(health({"--port", secure, "--tls"}).code, 0);
  EXPECT_EQ(health({"--port", plain, "--tls"}).code, 1);
  const Ran demanding = health({"--config", config(", client_ca: ca.pem"), "--tls"});
  EXPECT_EQ(demanding.code, 2);
  EXPECT_THAT(
      demanding.err,
      HasSubstr("--tls: with listen.tls.client_ca the gateway requires client certificates"));
  EXPECT_EQ(health({"--port", "x", "--tls"}).code, 2);
}

TEST_F(HealthTest, APortThatIsNoneIsWrongUsage) {
  const Ran ran = health({"--port", "65536"});
  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(ran.err, HasSubstr("--port: expected a port number from 0 to 65535"));
}

}  // namespace
}  // namespace intermission::cli
