// The commands against the operator's API itself, over a socket.
#include "cli/commands.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidjson/pointer.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "document/document.h"
#include "server/server.h"
#include "support/api_harness.h"
#include "support/captured.h"
#include "support/files.h"
#include "support/scripted_server.h"
#include "support/temporary_folder.h"
#include "support/variable.h"

namespace intermission::cli {
namespace {

using ::testing::AllOf;
using testing::ApiHarness;
using testing::Captured;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using testing::kToken;
using ::testing::Not;
using testing::Ran;
using testing::ScriptedServer;
using ::testing::StartsWith;
using testing::Variable;

Ran run(std::vector<std::string> words, const Place& place, std::string* asked_config = nullptr) {
  CLI::App app("a gateway", "intermission");
  const auto commands = add_commands(app, [&](const std::string& config) {
    if (asked_config != nullptr) *asked_config = config;
    return place;
  });
  std::reverse(words.begin(), words.end());
  const Captured out(std::cout);
  const Captured err(std::cerr);
  try {
    app.parse(words);
  } catch (const CLI::ParseError& error) {
    return {2, "", error.what()};
  }
  const int code = run_given(commands);
  return {code, out.text(), err.text()};
}

class CommandsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    server::Options options;
    options.address = "127.0.0.1";
    options.port = 0;
    auto server = server::Server::start(
        options, [this] { return std::make_unique<control::Api>(harness_.parts()); });
    ASSERT_TRUE(server) << server.error().text();
    server_ = std::move(*server);
  }
  Ran run(const std::vector<std::string>& words) {
    return cli::run(words, {server_ ? server_->url() : "", token_file_});
  }
  /// Of a command that is carried out.
  std::string out(const std::vector<std::string>& words) {
    const Ran ran = run(words);
    EXPECT_EQ(ran.code, 0) << ran.err;
    EXPECT_EQ(ran.err, "");
    return ran.out;
  }
  /// Of one that is refused.
  std::string err(const std::vector<std::string>& words) {
    const Ran ran = run(words);
    EXPECT_EQ(ran.code, 1) << ran.out;
    EXPECT_EQ(ran.out, "");
    return ran.err;
  }
  std::shared_ptr<const control::State> state() {
    return harness_.world.control_plane().view().state;
  }
  static std::string file_with(const testing::TemporaryFolder& folder, const std::string& text) {
    const auto path = folder.write("intermission.token", text);
    std::filesystem::permissions(
        path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    return path.string();
  }

  ApiHarness harness_{
      "services: [ { name: orders, hosts: [orders.example], message: Back soon } ]"};
  const testing::TemporaryFolder folder_;
  const std::string token_file_ = file_with(folder_, kToken + "\n");
  std::unique_ptr<server::Server> server_;
};

// ---------------------------------------------------------------- switching

TEST_F(CommandsTest, OnOffAndAuto) {
  EXPECT_EQ(out({"off", "orders"}), "orders: open (an operator switched maintenance off)\n");
  EXPECT_THAT(out({"on", "orders"}), StartsWith("orders: maintenance ("));
  EXPECT_TRUE(state()->services.at("orders").switched->in_maintenance);
  EXPECT_THAT(out({"auto", "orders"}), StartsWith("orders: maintenance ("));
  EXPECT_FALSE(state()->services.at("orders").switched);
}

TEST_F(CommandsTest, OnWithAllThatMayBeSaid) {
  EXPECT_THAT(out({"on", "orders", "--for", "2h", "--ends", "--message", "Wartung"}),
              StartsWith("orders: maintenance until 2026-12-01T14:00:00Z ("));
  EXPECT_EQ(state()->audit.back().what,
            "on until 2026-12-01T14:00:00Z, ends by itself, with a message");
  out({"on", "orders", "--until", "2026-12-01T15:00:00Z"});
  EXPECT_EQ(state()->audit.back().what, "on until 2026-12-01T15:00:00Z");
  EXPECT_EQ(out({"extend", "orders", "30m"}).substr(0, 54),
            "orders: maintenance until 2026-12-01T15:30:00Z (an ope");
}

TEST_F(CommandsTest, MessagesAreSetAndReset) {
  out({"message", "orders", "Gleich wieder da"});
  EXPECT_EQ(state()->services.at("orders").message->entries.at(0).text, "Gleich wieder da");
  out({"message", "orders"});
  EXPECT_FALSE(state()->services.at("orders").message);
}

TEST_F(CommandsTest, WindowsArePlannedShownAndRemoved) {
  out({"windows", "orders", "plan", "--start", "2026-12-06T02:00:00", "--zone", "Europe/Berlin",
       "--for", "2h", "--rrule", "FREQ=WEEKLY;BYDAY=SU"});
  const std::string planned = out({"windows", "orders", "plan", "--start", "2026-12-03T00:00:00Z",
                                   "--end", "2026-12-03T01:00:00Z"});
  EXPECT_EQ(planned, out({"windows", "orders"})) << "with the name of the new one";
  EXPECT_THAT(planned,
              AllOf(HasSubstr("\nw1      2026-12-06T02:00:00   for 2h                Europe/Berlin "
                              "FREQ=WEEKLY;BYDAY=SU\n"),
                    HasSubstr("\nw2      2026-12-03T00:00:00Z  2026-12-03T01:00:00Z\n"),
                    HasSubstr("\nNEXT ")));
  EXPECT_THAT(out({"windows", "orders", "--json"}), StartsWith("{\"planned\":[{\"id\":\"w1\","));
  EXPECT_THAT(out({"windows", "orders", "remove", "w2"}),
              AllOf(HasSubstr("\nw1 "), ::testing::Not(HasSubstr("\nw2 "))));
  ASSERT_EQ(state()->services.at("orders").windows.size(), 1U);
  EXPECT_EQ(state()->services.at("orders").windows[0].id, "w1");
}

TEST_F(CommandsTest, ASubcommandTakesTheOptionsOfItsCommand) {
  EXPECT_EQ(cli::run({"windows", "orders", "plan", "--start", "2026-12-03T00:00:00Z", "--end",
                      "2026-12-03T01:00:00Z", "--control-url", server_->url()},
                     {"http://127.0.0.1:1", token_file_})
                .code,
            0);
  EXPECT_EQ(cli::run({"windows", "orders", "remove", "w1", "--control-url", server_->url()},
                     {"http://127.0.0.1:1", token_file_})
                .code,
            0);
  EXPECT_TRUE(state()->services.empty() || state()->services.at("orders").windows.empty());
}

// ---------------------------------------------------------------- looking

TEST_F(CommandsTest, StatusIsATableOrJson) {
  EXPECT_THAT(out({"status"}), AllOf(StartsWith("SERVICE  STATE"), HasSubstr("\norders   maint"),
                                     HasSubstr("\ndefault  maintenance, open at a gate")));
  EXPECT_EQ(out({"status", "--json"}), harness_.ask("GET", "/api/services").body);
  harness_.world.configure("services: 7");
  EXPECT_THAT(err({"reload"}),
              StartsWith("intermission: configuration: intermission.yaml:1: services: "));
  EXPECT_THAT(out({"status"}), HasSubstr("\nthe new configuration was rejected; the old one stays "
                                         "in force: intermission.yaml:1: "));
  EXPECT_EQ(out({"status", "--json"}), harness_.ask("GET", "/api/services").body);
  harness_.world.configure("services: []");
  EXPECT_EQ(out({"reload"}), "the configuration was reloaded; 1 services, 1 in maintenance\n");
}

TEST_F(CommandsTest, CallersAndChanges) {
  harness_.telemetry.called = {
      {"orders", "soap", "agent", "/p", harness_.world.clock.now(), 7, 0, 1}};
  EXPECT_THAT(out({"callers"}), HasSubstr("\norders   soap  7 "));
  EXPECT_EQ(out({"callers", "--json"}), harness_.ask("GET", "/api/callers").body);
  out({"off", "orders"});
  EXPECT_THAT(out({"changes"}),
              HasSubstr("\n2026-12-01T12:00:00Z  orders   off     claims to be "));
  EXPECT_EQ(out({"changes", "--json"}), harness_.ask("GET", "/api/changes").body);
}

/// The first line of what a command asks, which is answered so.
std::string asked(std::vector<std::string> words, const std::string& answer,
                  std::string* body = nullptr) {
  const Variable token("INTERMISSION_TOKEN", kToken);
  ScriptedServer server("HTTP/1.1 200 OK\r\n\r\n" + answer);
  words.insert(words.end(), {"--control-url", server.url()});
  const Ran ran = run(words, {});
  EXPECT_EQ(ran.code, 0) << ran.err;
  const std::string& request = server.request();
  if (body != nullptr) *body = request.substr(request.find("\r\n\r\n") + 4);
  return request.substr(0, request.find(" HTTP/1.1\r\n"));
}

TEST(Commands, AskForWhatIsNamed) {
  EXPECT_EQ(asked({"callers"}, "{}"), "GET /api/callers");
  EXPECT_EQ(asked({"callers", "--local"}, "{}"), "GET /api/callers?instance=self");
  EXPECT_EQ(asked({"instances"}, "{}"), "GET /api/instances");
  EXPECT_EQ(asked({"changes"}, "{}"), "GET /api/changes");
  EXPECT_EQ(asked({"reload"}, "{}"), "POST /api/reload");
  EXPECT_EQ(asked({"windows", "or/ders"}, "{}"), "GET /api/services/or!ders/windows");
  EXPECT_EQ(asked({"windows", "or/ders", "remove", "w/../1?x", "--json"}, "{}"),
            "DELETE /api/services/or!ders/windows/w!..!1!x");
  EXPECT_EQ(asked({"windows", "orders", "remove", "2026-12-01T22:00:00+01:00", "--json"}, "{}"),
            "DELETE /api/services/orders/windows/2026-12-01T22:00:00+01:00");
}

TEST(Commands, SendWhatIsGiven) {
  std::string body;
  EXPECT_EQ(asked({"on", "orders"}, "{}", &body), "POST /api/services/orders/on");
  EXPECT_EQ(body, "{}");
  asked({"on", "orders", "--for", "2h", "--message", "\"M\"", "--ends", "--local"}, "{}", &body);
  EXPECT_EQ(body, R"({"for":"2h","message":"\"M\"","ends":true,"local":true})");
  asked({"on", "orders", "--until", "U"}, "{}", &body);
  EXPECT_EQ(body, R"({"until":"U"})");
  EXPECT_EQ(asked({"off", "orders"}, "{}", &body), "POST /api/services/orders/off");
  EXPECT_EQ(body, "");
  EXPECT_EQ(asked({"off", "orders", "--local"}, "{}", &body), "POST /api/services/orders/off");
  EXPECT_EQ(body, R"({"local":true})");
  EXPECT_EQ(asked({"auto", "orders"}, "{}", &body), "POST /api/services/orders/auto");
  EXPECT_EQ(body, "");
  EXPECT_EQ(asked({"extend", "orders", "30m"}, "{}", &body), "POST /api/services/orders/extend");
  EXPECT_EQ(body, R"({"by":"30m"})");
  EXPECT_EQ(asked({"message", "orders", "M"}, "{}", &body), "PUT /api/services/orders/message");
  EXPECT_EQ(body, R"({"message":"M"})");
  EXPECT_EQ(asked({"message", "orders"}, "{}", &body), "DELETE /api/services/orders/message");
  EXPECT_EQ(body, "");
  EXPECT_EQ(asked({"windows", "orders", "plan", "--start", "S", "--for", "F", "--zone", "Z",
                   "--rrule", "R", "--json"},
                  "{}", &body),
            "POST /api/services/orders/windows");
  EXPECT_EQ(body, R"({"start":"S","for":"F","zone":"Z","rrule":"R"})");
  asked({"windows", "orders", "plan", "--start", "S", "--end", "E", "--json"}, "{}", &body);
  EXPECT_EQ(body, R"({"start":"S","end":"E"})");
}

TEST(Commands, ChangesWaitForAllInstancesWhereThatIsAskedFor) {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"on", "orders"},
                                             {"off", "orders"},
                                             {"auto", "orders"},
                                             {"extend", "orders", "1h"},
                                             {"message", "orders", "M"}}) {
    auto waiting = words;
    waiting.emplace_back("--wait");
    EXPECT_THAT(asked(waiting, "{}"), EndsWith("?wait=5s"));
    waiting.back() = "--wait=20s&x";
    EXPECT_THAT(asked(waiting, "{}"), EndsWith("?wait=20s!x"));
    EXPECT_THAT(asked(words, "{}"), Not(HasSubstr("?")));
  }
}

TEST(Commands, AChangeThatIsNotInForceEverywhereIsAFailure) {
  const Variable token("INTERMISSION_TOKEN", kToken);
  const std::string line = R"({"name":"orders","state":"open","reason":"r")";
  const auto ran = [&](const std::string& instances) {
    ScriptedServer server("HTTP/1.1 200 OK\r\n\r\n" + line + instances + "}");
    return run({"off", "orders", "--wait", "--control-url", server.url()}, {});
  };
  const Ran missed = ran(
      R"(,"instances":{"missing":[{"name":"a/1","seenSecondsAgo":7},{"name":"b","seenSecondsAgo":0}]})");
  EXPECT_EQ(missed.code, 1);
  EXPECT_EQ(missed.out, "orders: open (r)\n");
  EXPECT_EQ(missed.err,
            "intermission: not yet in force at a/1, seen 7 s ago\n"
            "intermission: not yet in force at b, seen 0 s ago\n");
  for (const char* all : {"", R"(,"instances":{"missing":[]})", R"(,"instances":{})",
                          R"(,"instances":{"missing":7})", R"(,"instances":7)"}) {
    const Ran done = ran(all);
    EXPECT_EQ(done.code, 0) << all;
    EXPECT_EQ(done.err, "") << all;
  }
}

TEST(Commands, TheCertificateOfTheConfigurationIsForItsOwnUrl) {
  const Variable token("INTERMISSION_TOKEN", kToken);
  const auto err = [](bool is_named, const std::string& ca) {
    ScriptedServer server("HTTP/1.1 200 OK\r\n\r\n{}");
    const std::string url = "https" + server.url().substr(4);
    std::vector<std::string> words = {"status"};
    if (is_named) words.insert(words.end(), {"--control-url", url});
    if (!ca.empty()) words.insert(words.end(), {"--ca", ca});
    return run(words, {is_named ? "https://127.0.0.1:1" : url, "", "/none.pem"}).err;
  };
  EXPECT_THAT(err(false, ""), HasSubstr("--ca: expected a readable file with certificates in PEM, "
                                        "got /none.pem"));
  EXPECT_THAT(err(false, "/other.pem"), HasSubstr(", got /other.pem"));
  EXPECT_THAT(err(true, ""), Not(HasSubstr("none.pem")));
  EXPECT_THAT(err(true, "/other.pem"), HasSubstr(", got /other.pem"));
}

TEST_F(CommandsTest, WatchPrintsWhatHappens) {
  ScriptedServer events(
      "HTTP/1.1 200 OK\r\n\r\n:\n\nid: 1\nevent: service\ndata: {\"name\":\"orders\","
      "\"state\":\"open\",\"reason\":\"r\"}\n\nevent: reload\ndata: {}\n\n");
  const Ran ran = run({"watch", "--control-url", events.url()});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.out, "orders: open (r)\nthe configuration was reloaded\n");
  EXPECT_THAT(events.request(), StartsWith("GET /api/events HTTP/1.1\r\n"));
}

TEST_F(CommandsTest, WatchSaysWhyItIsRefused) {
  ScriptedServer events(
      "HTTP/1.1 503 Service Unavailable\r\n\r\n{\"detail\":\"at most 64 event streams\"}");
  EXPECT_EQ(err({"watch", "--control-url", events.url()}),
            "intermission: at most 64 event streams\n");
}

// ---------------------------------------------------------------- what goes wrong

TEST_F(CommandsTest, ARefusalNamesItsField) {
  EXPECT_EQ(err({"off", "order"}), "intermission: unknown service order; did you mean orders?\n");
  EXPECT_EQ(err({"on", "orders", "--for", "soon"}),
            "intermission: --for: expected a duration such as 90s, 30m or 2h\n");
  EXPECT_EQ(err({"extend", "orders", "soon"}),
            "intermission: DURATION: expected a duration such as 30m or 1h\n");
  EXPECT_EQ(err({"windows", "nothing"}), "intermission: unknown service nothing\n");
  EXPECT_EQ(err({"windows", "orders", "remove", "w7"}),
            "intermission: unknown window w7; the service has no window of that name\n");
}

TEST_F(CommandsTest, ANameIsOneSegmentWhateverItHolds) {
  EXPECT_EQ(err({"off", "orders/../x?y#z%2f\n"}),
            "intermission: unknown service orders!..!x!y!z!2f!\n");
  EXPECT_EQ(err({"off", "a-b_c.d:e+f"}), "intermission: unknown service a-b_c.d:e+f\n");
}

TEST_F(CommandsTest, TheDataPortIsNotTakenForTheControlListener) {
  ScriptedServer clients(
      "HTTP/1.1 503 Service Unavailable\r\n\r\n{\"detail\":\"Back soon\",\"retryAfter\":120}");
  EXPECT_EQ(
      err({"status", "--control-url", clients.url()}),
      "intermission: no control listener answers at this address, but a data port, with status "
      "503\n");
}

TEST_F(CommandsTest, AnAnswerThatIsNoJsonIsAFailure) {
  ScriptedServer page("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>");
  EXPECT_EQ(err({"status", "--control-url", page.url()}),
            "intermission: the gateway's answer is not JSON\n");
  ScriptedServer unlabelled("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(err({"status", "--control-url", unlabelled.url()}),
            "intermission: the gateway answered with status 502\n");
  ScriptedServer foreign("HTTP/1.1 404 Not Found\r\nContent-Length: 6\r\n\r\n<html>");
  EXPECT_EQ(
      err({"status", "--control-url", foreign.url()}),
      "intermission: no control listener of a gateway answers at this address, but something else, "
      "with status 404\n");
  ScriptedServer odd("HTTP/1.1 409 Conflict\r\nContent-Length: 12\r\n\r\n{\"detail\":1}");
  EXPECT_EQ(err({"off", "orders", "--control-url", odd.url()}),
            "intermission: the gateway answered with status 409\n");
}

TEST_F(CommandsTest, ARefusalWhoseFieldIsNoTextIsToldWithoutIt) {
  ScriptedServer odd("HTTP/1.1 409 Conflict\r\n\r\n{\"detail\":\"no\",\"field\":7}");
  EXPECT_EQ(err({"off", "orders", "--control-url", odd.url()}), "intermission: no\n");
}

TEST_F(CommandsTest, WatchNeedsATokenAndAGateway) {
  const std::string url = server_->url();
  server_.reset();
  EXPECT_THAT(err({"watch", "--control-url", url}),
              StartsWith("intermission: no gateway answers at " + url + " ("));
  std::filesystem::remove(token_file_);
  EXPECT_THAT(err({"watch", "--control-url", url}), StartsWith("intermission: no token: set "));
}

TEST_F(CommandsTest, AStatusThatIsRefusedAsksForNothingMore) {
  ScriptedServer refusing("HTTP/1.1 503 Service Unavailable\r\n\r\n{\"detail\":\"not yet\"}");
  EXPECT_EQ(err({"status", "--control-url", refusing.url()}), "intermission: not yet\n");
}

TEST_F(CommandsTest, WatchEndsWhenItsOutputIsLost) {
  ScriptedServer events("HTTP/1.1 200 OK\r\n\r\nevent: reload\ndata: {}\n\n",
                        ScriptedServer::Then::kTrickles);
  CLI::App app("a gateway", "intermission");
  const auto commands = add_commands(app, [&](const std::string&) {
    return Place{"", token_file_};
  });
  app.parse(std::vector<std::string>{events.url(), "--control-url", "watch"});
  const Captured out(std::cout);
  const Captured err(std::cerr);
  std::cout.setstate(std::ios::badbit);
  const int code = run_given(commands);
  std::cout.clear();
  EXPECT_EQ(code, 1);
  EXPECT_EQ(err.text(), "intermission: the output could not be written\n");
}

TEST_F(CommandsTest, ATokenEndsWithItsLine) {
  file_with(folder_, kToken + "\r\nmore\n");
  EXPECT_EQ(run({"off", "orders"}).code, 0);
}

TEST_F(CommandsTest, NoGatewayIsAFailure) {
  const std::string url = server_->url();
  server_.reset();
  EXPECT_THAT(err({"status", "--control-url", url}),
              StartsWith("intermission: no gateway answers at " + url + " ("));
}

TEST_F(CommandsTest, WrongUsageIsNotCarriedOut) {
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"on"},
           {"on", "orders", "--for", "2h", "--until", "2026-12-01T15:00:00Z"},
           {"extend", "orders"},
           {"windows"},
           {"windows", "orders", "plan"},
           {"windows", "orders", "plan", "--start", "2026-12-03T00:00:00Z"},
           {"windows", "orders", "plan", "--start", "2026-12-03T00:00:00Z", "--for", "1h", "--end",
            "2026-12-03T01:00:00Z"},
           {"windows", "orders", "remove"},
           {"windows", "orders", "remove"},
           {"windows", "orders", "plan", "--start", "2026-12-03T00:00:00Z", "remove", "w1"},
           {"completion", "tcsh"},
           {"off", "orders", "shop"}}) {
    EXPECT_EQ(run(words).code, 2) << ::testing::PrintToString(words);
  }
  EXPECT_EQ(state()->version, 0U);
}

// ---------------------------------------------------------------- where, and with which token

TEST_F(CommandsTest, TheEnvironmentBeatsWhatTheConfigurationSays) {
  const Variable url("INTERMISSION_CONTROL_URL", server_->url());
  const Variable token("INTERMISSION_TOKEN", kToken);
  EXPECT_EQ(cli::run({"off", "orders"}, {"http://127.0.0.1:1", "/none"}).code, 0);
}

TEST_F(CommandsTest, AFlagBeatsTheEnvironment) {
  const Variable url("INTERMISSION_CONTROL_URL", "http://127.0.0.1:1");
  EXPECT_EQ(run({"off", "orders", "--control-url", server_->url()}).code, 0);
  EXPECT_EQ(run({"off", "orders"}).code, 1);
}

TEST_F(CommandsTest, TheConfigurationIsAskedForWhatIsMissing) {
  std::string config;
  const Place place{server_->url(), token_file_};
  EXPECT_EQ(cli::run({"off", "orders", "--config", "a.yaml"}, place, &config).code, 0);
  EXPECT_EQ(config, "a.yaml");
  const Variable file("INTERMISSION_CONFIG", "b.yaml");
  EXPECT_EQ(cli::run({"off", "orders"}, place, &config).code, 0);
  EXPECT_EQ(config, "b.yaml");
  EXPECT_EQ(cli::run({"off", "orders", "--config", "a.yaml"}, place, &config).code, 0);
  EXPECT_EQ(config, "a.yaml");
  config = "not asked";
  const Variable url("INTERMISSION_CONTROL_URL", server_->url());
  const Variable token("INTERMISSION_TOKEN", kToken);
  EXPECT_EQ(cli::run({"off", "orders"}, place, &config).code, 0);
  EXPECT_EQ(config, "not asked");
}

// A misspelled --config must not reach the gateway at the default place.
TEST(Commands, AConfigurationThatCannotBeReadIsNotPassedOver) {
  CLI::App app("a gateway", "intermission");
  const auto commands = add_commands(app, place_of_operators);
  app.parse(std::vector<std::string>{"/there/is/none.yaml", "--config", "orders", "on"});
  const Captured err(std::cerr);
  EXPECT_EQ(run_given(commands), 1);
  EXPECT_EQ(err.text(),
            "intermission: /there/is/none.yaml: cannot be read: No such file or directory\n");
}

TEST_F(CommandsTest, AWrongTokenSaysWhatToDo) {
  const Variable token("INTERMISSION_TOKEN", "another token that is long enough");
  EXPECT_EQ(err({"status"}),
            "intermission: the gateway rejected the token: set INTERMISSION_TOKEN to the gateway's "
            "token\n");
}

TEST_F(CommandsTest, ATokenThatIsNoneIsNotSent) {
  {
    const Variable token("INTERMISSION_TOKEN", "short");
    EXPECT_EQ(err({"status"}),
              "intermission: INTERMISSION_TOKEN: expected a token of at least 16 printable ASCII "
              "characters, got 5\n");
  }
  {
    const Variable token("INTERMISSION_TOKEN", kToken);
    const Variable twin("INTERMISSION_TOKEN_FILE", token_file_);
    EXPECT_THAT(err({"status"}), HasSubstr("are both set"));
  }
  file_with(folder_, "short\n");
  EXPECT_EQ(err({"status"}), "intermission: " + token_file_ +
                                 ": expected a token of at least 16 printable ASCII characters, "
                                 "got 5\n");
  std::filesystem::remove(token_file_);
  EXPECT_EQ(err({"status"}),
            "intermission: no token: set INTERMISSION_TOKEN, or run this in the folder in which "
            "the gateway keeps " +
                token_file_ + " (--config FILE finds it)\n");
  folder_.write("intermission.token", kToken);
  std::filesystem::permissions(token_file_, std::filesystem::perms::all);
  EXPECT_THAT(err({"status"}), HasSubstr("others may read or write it"));
  EXPECT_EQ(harness_.wrong_tokens.total(), 0U);
}

// A member of a call that the command cannot send would be for callers of the API alone.
TEST_F(CommandsTest, OnAndOffOfferEveryMemberOfTheirCall) {
  const auto api = document::read_document(testing::source_path("openapi/control.yaml").string());
  ASSERT_TRUE(api) << api.error().text();
  CLI::App app("a gateway", "intermission");
  const auto commands = add_commands(app, [](const std::string&) { return Place(); });
  for (const std::string name : {"on", "off"}) {
    std::set<std::string> offered;
    for (const CLI::Option* option : app.get_subcommand(name)->get_options()) {
      for (const std::string& word : option->get_lnames()) offered.insert(word);
    }
    for (const char* of_calling : {"help", "control-url", "ca", "config", "wait"}) {
      EXPECT_EQ(offered.erase(of_calling), 1U) << name << " --" << of_calling;
    }
    const auto* members = rapidjson::Pointer("/paths/~1api~1services~1{service}~1" + name +
                                             "/post/requestBody/content/application~1json/schema"
                                             "/properties")
                              .Get(api->value);
    ASSERT_NE(members, nullptr) << name;
    std::set<std::string> known;
    for (const auto& member : members->GetObject()) known.insert(member.name.GetString());
    EXPECT_EQ(offered, known) << name;
  }
}

// ---------------------------------------------------------------- completion

TEST_F(CommandsTest, CompletionKnowsEveryCommandAndOption) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const std::string script = out({"completion", shell});
    EXPECT_THAT(script, AllOf(HasSubstr("serve"), HasSubstr("--until"), HasSubstr("plan"),
                              HasSubstr("--control-url"), HasSubstr("remove")))
        << shell;
    EXPECT_THAT(script, HasSubstr("intermission status --json")) << shell << ": names of services";
  }
  EXPECT_THAT(
      out({"completion", "bash"}),
      AllOf(
          StartsWith("# bash completion for intermission: "),
          HasSubstr("\ncomplete -o default -F _intermission intermission\n"),
          HasSubstr("  local words=\"serve check preview explain bypass health state on off auto "
                    "extend message windows status callers instances changes reload watch "
                    "completion\"\n"),
          HasSubstr("    preview) words=\"--help --config --out --port --at\" ;;\n"),
          HasSubstr("    state) words=\"--help migrate --config --state-binding --print\" ;;\n"),
          HasSubstr(" plan --start --end --for --zone --rrule remove\""),
          HasSubstr("    completion) words=\"--help bash zsh fish\" ;;\n"),
          HasSubstr("    off) words=\"--help --control-url --ca --config --wait --local\"\n      [ "
                    "\"$COMP_CWORD\" -ne 2 ] || words=\"$words $(intermission"),
          HasSubstr("    watch) words=\"--help --control-url --ca --config\" ;;\n")));
  EXPECT_THAT(out({"completion", "zsh"}),
              AllOf(StartsWith("#compdef intermission\n"), HasSubstr("\nbashcompinit\n")));
  EXPECT_THAT(out({"completion", "fish"}), ::testing::Not(HasSubstr("from watch' -f -a '(")));
  EXPECT_THAT(out({"completion", "fish"}),
              AllOf(HasSubstr("complete -c intermission -n __fish_use_subcommand -f -a off -d "
                              "'End maintenance of a service; later windows stay planned'\n"),
                    HasSubstr("complete -c intermission -n '__fish_seen_subcommand_from off' -f -a "
                              "'(intermission status"),
                    HasSubstr("complete -c intermission -n '__fish_seen_subcommand_from watch' -a "
                              "'--help --control-url --ca --config'\n")));
}

}  // namespace
}  // namespace intermission::cli
