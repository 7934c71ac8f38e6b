// `intermission health` against a server that answers as a test says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "cli/commands.h"
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

Ran health(std::vector<std::string> words) {
  const Variable no_port("PORT", "");
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

TEST_F(HealthTest, APortThatIsNoneIsWrongUsage) {
  const Ran ran = health({"--port", "65536"});
  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(ran.err, HasSubstr("--port: expected a port number from 0 to 65535"));
}

}  // namespace
}  // namespace intermission::cli
