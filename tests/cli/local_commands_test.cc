// The commands that read the configuration themselves: bypass, check, explain, preview, serve and
// state migrate.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/text.h"
#include "catalog/configuration.h"
#include "control/shared_tables.h"
#include "gate/bypass.h"
#include "gateway/pass.h"
#include "http/date.h"
#include "program/signals.h"
#include "program/source.h"
#include "report/check.h"
#include "report/contract_report.h"
#include "report/explain.h"
#include "report/preview.h"
#include "snapshot/contracts.h"
#include "support/certificates.h"
#include "support/command.h"
#include "support/eventually.h"
#include "support/files.h"
#include "support/postgres.h"
#include "support/stoppable.h"
#include "support/temporary_folder.h"
#include "support/variable.h"
#include "support/wire_client.h"

namespace intermission::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using testing::eventually;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::Ran;
using testing::run_command;
using ::testing::StartsWith;
using testing::Variable;
using testing::WireClient;

constexpr const char* kAt = "2020-12-01T12:00:00Z";
constexpr base::TimePoint kNoon{base::Seconds(1606824000)};
const std::string kKey(gate::kShortestKey, 'k');

class LocalCommandTest : public ::testing::Test {
 protected:
  /// Runs a command with this configuration.
  Ran run(const std::string& text, std::vector<std::string> words) const {
    const std::string file = folder_.write("intermission.yaml", text).string();
    words.insert(words.end(), {"--config", file});
    return run_command(words);
  }
  catalog::Configuration configuration() const {
    catalog::Overrides overrides;
    overrides.bypass_key = kKey;
    auto loaded = catalog::load_file(path("intermission.yaml"), overrides);
    if (!loaded) throw std::runtime_error(loaded.error().text());
    return std::move(*loaded);
  }
  /// As the commands read it.
  snapshot::Snapshot compiled(std::vector<base::Error>* problems = nullptr) const {
    auto contracts = snapshot::read_contracts(configuration().catalog);
    if (problems != nullptr) *problems = contracts.problems;
    return snapshot::Snapshot(std::move(contracts.catalog));
  }
  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }

  testing::TemporaryFolder folder_;
  const Variable no_file_{"INTERMISSION_CONFIG", ""};
  const Variable no_message_{"MAINTENANCE_MESSAGE", ""};
  const Variable no_key_{program::kBypassKey, ""};
  const Variable no_database_{"INTERMISSION_DATABASE_URL", ""};
  const Variable no_services_{"VCAP_SERVICES", ""};
  const Variable no_port_{"PORT", ""};
};

const std::string kOrders =
    "services: [ { name: orders, hosts: [orders.example], message: Back soon } ]\n";

// ---------------------------------------------------------------- bypass

class BypassTest : public LocalCommandTest {
 protected:
  const Variable key_{program::kBypassKey, kKey};
};

/// What stands behind a word at the beginning of a line.
std::string behind(const std::string& text, const std::string& word) {
  const auto line = ("\n" + text).find("\n" + word);
  if (line == std::string::npos) return "";
  return text.substr(line + word.size(), text.find('\n', line) - line - word.size());
}

TEST_F(BypassTest, MakesALinkThatLetsATesterThrough) {
  const std::vector<std::pair<std::vector<std::string>, base::Seconds>> validities = {
      {{}, base::Seconds(3600)},
      {{"--for", "30m"}, base::Seconds(1800)},
      {{"--for", "1s"}, base::Seconds(1)}};
  for (const auto& [options, lasts] : validities) {
    std::vector<std::string> words = {"bypass", "orders"};
    words.insert(words.end(), options.begin(), options.end());
    const auto before = base::SystemClock().now();
    const Ran ran =
        run("services: [ { name: shop, hosts: [shop.example] }, { name: orders, hosts: "
            "[orders.example] } ]\n",
            words);
    const auto after = base::SystemClock().now();
    ASSERT_EQ(ran.code, 0) << ran.err;
    EXPECT_EQ(ran.err, "");
    const auto until = http::parse_rfc3339(behind(ran.out, "until   "));
    ASSERT_TRUE(until) << ran.out;
    EXPECT_GE(*until, before + lasts);
    EXPECT_LE(*until, after + lasts);
    const catalog::Configuration known = configuration();
    ASSERT_EQ(known.catalog.service(1).name, "orders");
    const auto made = gateway::make_pass_link(known.catalog.service(1), *until);
    EXPECT_EQ(ran.out, "link    " + made.link + "\nheader  Cookie: " + made.cookie + "\nuntil   " +
                           http::rfc3339(*until) + "\n");
    EXPECT_THAT(made.link, StartsWith("https://orders.example/?intermission-bypass="));
    EXPECT_TRUE(
        gate::is_pass(made.cookie.substr(made.cookie.find('=') + 1), "orders", kKey, before));
  }
}

TEST_F(BypassTest, SaysWhatIsWrong) {
  for (const char* lasts : {"soon", "0s", "-1h", "so\x1bon"}) {
    const Ran ran = run(kOrders, {"bypass", "orders", "--for", lasts});
    EXPECT_EQ(ran.code, 2) << lasts;
    EXPECT_EQ(ran.out, "");
    EXPECT_EQ(ran.err, "intermission: --for: expected a duration such as 2h or 30m, got \"" +
                           base::printable(lasts) + "\"\n");
  }
  const Ran unknown = run(kOrders, {"bypass", "shop\x1b"});
  EXPECT_EQ(unknown.code, 1);
  EXPECT_EQ(unknown.err, "intermission: unknown service shop\\x1b\n");
  const Ran broken = run("services: 7\n", {"bypass", "orders"});
  EXPECT_EQ(broken.code, 2);
  EXPECT_THAT(broken.err, HasSubstr("intermission.yaml:1: services: "));
  {
    const Variable none(program::kBypassKey, "");
    const Ran ran = run(kOrders, {"bypass", "orders"});
    EXPECT_EQ(ran.code, 2);
    EXPECT_EQ(ran.err,
              "intermission: INTERMISSION_BYPASS_KEY: expected the secret that signs links\n");
  }
  const Variable shorter(program::kBypassKey, kKey.substr(1));
  const Ran ran = run(kOrders, {"bypass", "orders"});
  EXPECT_EQ(ran.code, 2);
  EXPECT_EQ(ran.err,
            "intermission: INTERMISSION_BYPASS_KEY: expected a secret of at least 32 "
            "characters\n");
}

// ---------------------------------------------------------------- check

class CheckTest : public LocalCommandTest {
 protected:
  CheckTest() {
    folder_.write("sound.yaml",
                  "openapi: 3.1.0\npaths:\n  /a:\n    get:\n      responses:\n        '503': { "
                  "description: x }\n");
    folder_.write("odd.yaml", "openapi: 3.1.0\npaths: {}\n");
  }
  static std::string with_contract(const std::string& file) {
    return "services: [ { name: orders, hosts: [orders.example], contract: " + file + " } ]\n";
  }
};

/// A report without the times that differ from second to second.
std::string without_digits(std::string text) {
  std::erase_if(text, [](char c) { return base::is_digit(c); });
  return text;
}

TEST_F(CheckTest, ReportsWhatIsAnswered) {
  const Ran ran = run(kOrders, {"check"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.err, "");
  EXPECT_EQ(without_digits(ran.out),
            without_digits(report::check_report(compiled(), base::SystemClock().now())));
  EXPECT_THAT(ran.out, HasSubstr("orders"));
  EXPECT_EQ(run(kOrders, {"check", "--format", "text"}).out.substr(0, 20), ran.out.substr(0, 20));
}

TEST_F(CheckTest, ReportsContractsInAFormatThatIsAskedFor) {
  const std::vector<std::pair<std::string, report::ReportFormat>> formats = {
      {"markdown", report::ReportFormat::kMarkdown},
      {"json", report::ReportFormat::kJson},
      {"sarif", report::ReportFormat::kSarif}};
  for (const std::string contract : {"sound.yaml", "odd.yaml", "none.yaml"}) {
    for (const auto& [name, format] : formats) {
      const Ran ran = run(with_contract(contract), {"check", "--format", name});
      EXPECT_EQ(ran.code, contract == "none.yaml" ? 1 : 0) << name << contract;
      std::vector<base::Error> problems;
      const auto read = compiled(&problems);
      EXPECT_EQ(problems.size(), contract == "none.yaml" ? 1U : 0U);
      EXPECT_EQ(without_digits(ran.out), without_digits(report::contract_report(
                                             read, problems, base::SystemClock().now(), format)))
          << name << contract;
    }
  }
}

TEST_F(CheckTest, AFormatThatIsUnknownIsWrongUsage) {
  const Ran ran = run(kOrders, {"check", "--format", "yaml"});
  EXPECT_EQ(ran.code, 2);
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(ran.err,
            "intermission: --format: expected text, markdown, json or sarif, got \"yaml\"\n");
  EXPECT_THAT(run(kOrders, {"check", "--format", std::string(40, 'x')}).err,
              HasSubstr("got \"" + std::string(40, 'x') + "\"\n"));
  EXPECT_THAT(run(kOrders, {"check", "--format", std::string(41, 'x')}).err,
              HasSubstr("got \"" + std::string(40, 'x') + "...\"\n"));
}

TEST_F(CheckTest, EndsWithOneWhereSomethingIsFound) {
  const auto code = [&](const std::string& contract, bool is_strict) {
    std::vector<std::string> words = {"check"};
    if (is_strict) words.emplace_back("--strict");
    return run(with_contract(contract), words).code;
  };
  EXPECT_EQ(code("sound.yaml", false), 0);
  EXPECT_EQ(code("sound.yaml", true), 0);
  EXPECT_EQ(code("odd.yaml", false), 0) << "a finding";
  EXPECT_EQ(code("odd.yaml", true), 1);
  EXPECT_EQ(code("none.yaml", false), 1) << "a contract that is not used";
  EXPECT_EQ(code("none.yaml", true), 1);
  EXPECT_THAT(run(with_contract("none.yaml"), {"check"}).err, HasSubstr("none.yaml"));
}

TEST_F(CheckTest, EndsWithTwoWhereAGatewayCouldNotServe) {
  const Ran broken = run("services: 7\n", {"check"});
  EXPECT_EQ(broken.code, 2);
  EXPECT_EQ(broken.out, "");
  EXPECT_THAT(broken.err, HasSubstr("intermission.yaml:1: services: "));
  const std::string with_tls =
      "listen: { tls: { certificates: [ { certificate: shop.pem, key: shop.key } ] } }\n";
  const Ran no_certificate = run(with_tls, {"check"});
  EXPECT_EQ(no_certificate.code, 2);
  EXPECT_EQ(no_certificate.out, "");
  EXPECT_THAT(no_certificate.err, HasSubstr(path("shop.pem")));
  testing::issue({.names = {"shop.example"}}).write(folder_, "shop");
  EXPECT_EQ(run(with_tls, {"check"}).code, 0);
  const Ran no_database = run("state: { postgresql: nonsense }\n", {"check"});
  EXPECT_EQ(no_database.code, 2);
  EXPECT_EQ(no_database.out, "");
  EXPECT_THAT(no_database.err, HasSubstr("intermission.yaml:1: state.postgresql: expected libpq"));
  const Ran unbound = run(kOrders, {"check", "--state-binding", "db"});
  EXPECT_EQ(unbound.code, 2);
  EXPECT_EQ(unbound.err,
            "intermission: --state-binding: VCAP_SERVICES has no binding named \"db\"\n");
}

// In a report for other programs there is no place for them.
TEST_F(CheckTest, WarnsOfADatabaseBesideItsReport) {
  const std::string text = "state: { postgresql: 'host=db.example dbname=ops sslmode=require' }\n";
  const std::string warning = "warning: " + path("intermission.yaml") +
                              ":1: state.postgresql: sslmode=require does not verify the identity "
                              "of the database; expected verify-full\n";
  const Ran shown = run(text, {"check"});
  EXPECT_EQ(shown.code, 0);
  EXPECT_THAT(shown.out, StartsWith(warning));
  EXPECT_EQ(shown.err, "");
  const Ran kept = run(text, {"check", "--format", "json"});
  EXPECT_EQ(kept.code, 0);
  EXPECT_THAT(kept.out, StartsWith("{"));
  EXPECT_EQ(kept.err, warning);
}

TEST_F(CheckTest, WarnsOfWideNetworks) {
  const std::string text = "trusted_proxies: [0.0.0.0/0]\n";
  EXPECT_THAT(run(text, {"check"}).out, AllOf(StartsWith("warning: "), HasSubstr(" is very wide")));
  EXPECT_THAT(run(text, {"check", "--format", "json"}).out, StartsWith("{"));
  const Ran built_in = run_command({"check"});
  EXPECT_EQ(built_in.code, 0);
  EXPECT_THAT(built_in.out, Not(HasSubstr("warning: ")));
}

// ---------------------------------------------------------------- explain

class ExplainTest : public LocalCommandTest {
 protected:
  std::string explained(const report::Question& question) const {
    return report::explain(question, compiled(), {kNoon, 0});
  }
};

TEST_F(ExplainTest, AnswersAsTheGatewayWould) {
  const Ran plain = run(kOrders, {"explain", "GET", "http://orders.example/v1", "--at", kAt});
  EXPECT_EQ(plain.code, 0) << plain.err;
  EXPECT_EQ(plain.err, "");
  EXPECT_EQ(plain.out, explained({.method = "GET", .url = "http://orders.example/v1"}));
  EXPECT_THAT(plain.out, HasSubstr("Back soon"));
  const std::string text = "trusted_proxies: [10.0.0.3]\n" + kOrders;
  const Ran full = run(text, {"explain", "POST", "/v1", "-H", "Host: orders.example", "--header",
                              "Content-Type:application/json", "-d", "{}", "--from", "10.0.0.3",
                              "-H", "X-Forwarded-For:   192.0.2.7  ", "--at", kAt});
  EXPECT_EQ(full.code, 0) << full.err;
  EXPECT_EQ(full.out, explained({.method = "POST",
                                 .url = "/v1",
                                 .fields = {{"Host", "orders.example"},
                                            {"Content-Type", "application/json"},
                                            {"X-Forwarded-For", "192.0.2.7"}},
                                 .body = "{}",
                                 .from = http::Address::parse("10.0.0.3")}));
  EXPECT_NE(full.out, explained({.method = "POST",
                                 .url = "/v1",
                                 .fields = {{"Host", "orders.example"},
                                            {"Content-Type", "application/json"},
                                            {"X-Forwarded-For", "192.0.2.7"}},
                                 .body = "{}"}))
      << "the sender matters";
  EXPECT_EQ(run(kOrders, {"explain", "OPTIONS", "*", "--at", kAt}).out,
            explained({.method = "OPTIONS", .url = "*"}));
}

TEST_F(ExplainTest, ReadsABodyFromAFile) {
  const std::string body = R"({"jsonrpc":"2.0","id":7,"method":"x"})";
  const auto given = [&](const std::string& data) {
    return run(kOrders, {"explain", "POST", "http://orders.example/", "-H",
                         "Content-Type: application/json", "--data", data, "--at", kAt});
  };
  const Ran ran = given("@" + folder_.write("body.json", body).string());
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.out, given(body).out);
  EXPECT_NE(ran.out, given("{}").out);
  const Ran missing = given("@" + path("none"));
  EXPECT_EQ(missing.code, 2);
  EXPECT_THAT(missing.err, StartsWith("intermission: --data: " + path("none") + ": "));
  folder_.write("large", "");
  fs::resize_file(path("large"), (std::uintmax_t{64} << 20) + 1);
  const Ran large = given("@" + path("large"));
  EXPECT_EQ(large.code, 2);
  EXPECT_THAT(large.err, StartsWith("intermission: --data: " + path("large") + ": "));
}

TEST_F(ExplainTest, IsNowWhereNoTimeIsGiven) {
  const std::string text =
      "services: [ { name: orders, hosts: [orders.example], maintenance: scheduled, windows: [ { "
      "start: "
      "2020-12-01T00:00:00Z, end: 2020-12-02T00:00:00Z } ] } ]\n";
  const Ran planned = run(text, {"explain", "GET", "http://orders.example/", "--at", kAt});
  EXPECT_EQ(planned.out, explained({.url = "http://orders.example/"}));
  const Ran now = run(text, {"explain", "GET", "http://orders.example/"});
  EXPECT_EQ(now.code, 0);
  EXPECT_NE(now.out, planned.out);
}

TEST_F(ExplainTest, AUrlInAQueryIsNoHost) {
  EXPECT_EQ(run(kOrders, {"explain", "GET", "/go?to=http:///x", "--at", kAt}).out,
            explained({.url = "/go?to=http:///x"}));
}

TEST_F(ExplainTest, SaysWhatIsWrong) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong = {
      {{"GET", "orders"},
       "URL: expected a path that starts with \"/\" or a whole URL, got \"orders\""},
      {{"GET", "or\x1b"},
       "URL: expected a path that starts with \"/\" or a whole URL, got \"or\\x1b\""},
      {{"G T", "/"}, "METHOD: expected a method such as GET, got \"G T\""},
      {{"", "/"}, "METHOD: expected a method such as GET, got \"\""},
      {{"GET", "http://h/a b"},
       "URL: expected visible ASCII (others are encoded, such as %20 for a space), got "
       "\"http://h/a "
       "b\""},
      {{"GET", "/caf\xc3\xa9"},
       "URL: expected visible ASCII (others are encoded, such as %20 for a space), got "
       "\"/caf\\xc3\\xa9\""},
      {{"GET", "/a\x7f"},
       "URL: expected visible ASCII (others are encoded, such as %20 for a space), got "
       "\"/a\\x7f\""},
      {{"GET", "http:///x"}, "URL: expected a host behind \"://\", got \"http:///x\""},
      {{"GET", "/", "-H", "A b: c"}, "-H: expected 'Name: value', got \"A b: c\""},
      {{"GET", "/", "-H", "Host"}, "-H: expected 'Name: value', got \"Host\""},
      {{"GET", "/", "-H", ": x"}, "-H: expected 'Name: value', got \": x\""},
      {{"GET", "/", "--from", "router"},
       "--from: expected an address such as 10.0.0.3, got \"router\""},
      {{"GET", "/", "--at", "noon"},
       "--at: expected a time such as 2026-12-01T22:00:00Z, got \"noon\""},
  };
  for (const auto& [given, said] : wrong) {
    std::vector<std::string> words = {"explain"};
    words.insert(words.end(), given.begin(), given.end());
    const Ran ran = run(kOrders, words);
    EXPECT_EQ(ran.code, 2) << said;
    EXPECT_EQ(ran.out, "") << said;
    EXPECT_EQ(ran.err, "intermission: " + said + "\n");
  }
  const Ran broken = run("services: 7\n", {"explain", "GET", "/"});
  EXPECT_EQ(broken.code, 2);
  EXPECT_THAT(broken.err, HasSubstr("intermission.yaml:1: services: "));
}

// ---------------------------------------------------------------- preview

TEST_F(LocalCommandTest, PreviewIsWrittenIntoAFolder) {
  const std::string folder = path("pages/inner");
  const Ran ran = run(kOrders, {"preview", "--out", folder, "--at", kAt});
  EXPECT_EQ(ran.code, 0) << ran.err;
  const auto files = report::preview(configuration().catalog, kNoon);
  EXPECT_EQ(ran.out, "intermission: " + std::to_string(files.size()) +
                         " files written; start with " + folder + "/index.html\n");
  EXPECT_GT(files.size(), 2U);
  for (const report::PreviewFile& file : files) {
    EXPECT_EQ(testing::read_file(fs::path(folder) / file.name), file.text) << file.name;
  }
  EXPECT_NE(files[1].text,
            report::preview(configuration().catalog, kNoon + base::Seconds(86400))[1].text)
      << "the time matters";
}

TEST_F(LocalCommandTest, PreviewSaysWhatIsWrong) {
  folder_.write("file", "");
  const Ran occupied = run(kOrders, {"preview", "--out", path("file")});
  EXPECT_EQ(occupied.code, 2);
  EXPECT_EQ(occupied.out, "");
  EXPECT_THAT(occupied.err, StartsWith("intermission: --out: cannot write " + path("file") + "/"));
  for (const auto& [option, value, said] :
       std::vector<std::tuple<std::string, std::string, std::string>>{
           {"--port", "x", "--port: expected a port number from 0 to 65535, got \"x\""},
           {"--at", "noon", "--at: expected a time such as 2026-12-01T22:00:00Z, got \"noon\""}}) {
    std::vector<std::string> words = {"preview", option, value};
    if (option != "--port") words.insert(words.end(), {"--out", path("pages")});
    const Ran ran = run(kOrders, words);
    EXPECT_EQ(ran.code, 2) << option;
    EXPECT_EQ(ran.err, "intermission: " + said + "\n");
  }
  EXPECT_FALSE(fs::exists(path("pages")));
  const Ran broken = run("services: 7\n", {"preview", "--out", path("pages")});
  EXPECT_EQ(broken.code, 2);
  EXPECT_THAT(broken.err, HasSubstr("intermission.yaml:1: services: "));
}

/// `intermission preview --port PORT`, until it is stopped.
class Preview : public testing::Stoppable {
 public:
  explicit Preview(std::vector<std::string> words) : Stoppable(serving(std::move(words))) {
    EXPECT_TRUE(eventually([&] { return ended() || out().ends_with('\n'); }));
  }
  std::uint16_t port() const {
    const std::string text = out();
    const std::string begins = "intermission: preview http://127.0.0.1:";
    EXPECT_THAT(text, StartsWith(begins));
    if (!text.starts_with(begins)) return 0;
    const auto number = base::parse_number(
        std::string_view(text).substr(begins.size(), text.size() - begins.size() - 1));
    return static_cast<std::uint16_t>(number.value_or(0));
  }
  std::string ask(const std::string& target) const {
    WireClient client(port());
    client.send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    return client.until_close();
  }

 private:
  static std::function<int()> serving(std::vector<std::string> words) {
    program::block_signals();  // the mask of this thread is that of the other
    return [words = std::move(words)] { return testing::carry_out(words); };
  }
};

TEST_F(LocalCommandTest, PreviewIsServedUntilASignal) {
  const std::string file = folder_.write("intermission.yaml", kOrders).string();
  std::uint16_t port = 0;
  for (const int signal : {SIGTERM, SIGINT}) {
    Preview preview({"preview", "--port", std::to_string(port), "--at", kAt, "--config", file});
    EXPECT_TRUE(port == 0 || preview.port() == port) << "the one that is asked for";
    port = preview.port();
    EXPECT_THAT(preview.ask("/"), StartsWith("HTTP/1.1 200 "));
    const auto files = report::preview(configuration().catalog, kNoon);
    EXPECT_THAT(preview.ask("/" + files[0].name), HasSubstr(files[0].text));
    preview.send(SIGHUP);
    EXPECT_THAT(preview.ask("/"), StartsWith("HTTP/1.1 200 ")) << "there is nothing to read again";
    EXPECT_EQ(preview.end(signal), 0);
    EXPECT_EQ(preview.err(), "");
  }
}

TEST_F(LocalCommandTest, PreviewEndsSoonAfterItsSignal) {
  const std::string file = folder_.write("intermission.yaml", kOrders).string();
  Preview preview({"preview", "--port", "0", "--config", file});
  WireClient unfinished(preview.port());
  unfinished.send("GET / HTTP/1.1\r\nHost: x\r\n\r\nGET /");
  EXPECT_EQ(testing::status_of(unfinished.response()), 200);
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(preview.end(SIGTERM), 0);
  const auto took = std::chrono::steady_clock::now() - before;
  EXPECT_GE(took, std::chrono::milliseconds(450)) << "timers have no fractions";
  EXPECT_LT(took, std::chrono::milliseconds(6000));
}

TEST_F(LocalCommandTest, APortThatIsTakenIsWrong) {
  const std::string file = folder_.write("intermission.yaml", kOrders).string();
  Preview first({"preview", "--port", "0", "--config", file});
  const std::string port = std::to_string(first.port());
  {
    Preview second({"preview", "--port", port, "--config", file});
    EXPECT_EQ(second.wait(), 2);
    EXPECT_THAT(second.err(), HasSubstr("Address already in use"));
    EXPECT_EQ(second.out(), "");
  }
  EXPECT_EQ(first.end(SIGTERM), 0);
}

// ---------------------------------------------------------------- serve

// Each of these ends it before anybody is answered.
TEST_F(LocalCommandTest, ServeTakesItsOptions) {
  const std::string text = "listen: { port: 0 }\ncontrol: { port: 0 }\nstate: { file: '' }\n";
  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong = {
      {{"--port", "x"}, "--port: expected a port number from 0 to 65535, got \"x\""},
      {{"--control-port", "x"},
       "--control-port: expected a port number from 0 to 65535, got \"x\""},
      {{"--tls-port", "x"},
       "--tls-port: expected listen.tls in the configuration, or --tls-self-signed"},
      {{"--tls-port", "x", "--tls-self-signed"},
       "--tls-port: expected a port number from 0 to 65535, got \"x\""},
      {{"--state-binding", "db"}, "--state-binding: VCAP_SERVICES has no binding named \"db\""},
  };
  for (const auto& [given, said] : wrong) {
    std::vector<std::string> words = {"serve"};
    words.insert(words.end(), given.begin(), given.end());
    const Ran ran = run(text, words);
    EXPECT_EQ(ran.code, 2) << said;
    EXPECT_EQ(ran.out, "");
    EXPECT_EQ(ran.err, "intermission: " + said + "\n");
  }
  const Ran broken = run("services: 7\n", {"serve"});
  EXPECT_EQ(broken.code, 2);
  EXPECT_THAT(broken.err, HasSubstr("intermission.yaml:1: services: "));
}

// ---------------------------------------------------------------- state migrate

TEST_F(LocalCommandTest, StateMigratePrintsItsStatements) {
  const Ran ran = run("services: 7\n", {"state", "migrate", "--print"});
  EXPECT_EQ(ran.code, 0) << "no configuration is needed";
  EXPECT_EQ(ran.out, control::shared_tables_sql());
  EXPECT_EQ(ran.err, "");
}

TEST_F(LocalCommandTest, StateMigrateNeedsADatabase) {
  const Ran none = run(kOrders, {"state", "migrate"});
  EXPECT_EQ(none.code, 2);
  EXPECT_EQ(none.err,
            "intermission: expected a database in state.postgresql or INTERMISSION_DATABASE_URL\n");
  const Ran unbound = run(kOrders, {"state", "migrate", "--state-binding", "db"});
  EXPECT_EQ(unbound.code, 2);
  EXPECT_EQ(unbound.err,
            "intermission: --state-binding: VCAP_SERVICES has no binding named \"db\"\n");
  const Ran broken = run("services: 7\n", {"state", "migrate"});
  EXPECT_EQ(broken.code, 2);
  EXPECT_THAT(broken.err, HasSubstr("intermission.yaml:1: services: "));
}

TEST_F(LocalCommandTest, StateMigrateCreatesTheTables) {
  const testing::Database database;
  const Variable url("INTERMISSION_DATABASE_URL", database.address_text());
  for (int i = 0; i < 2; ++i) {
    const Ran ran = run(kOrders, {"state", "migrate"});
    EXPECT_EQ(ran.code, 0) << ran.err;
    EXPECT_EQ(ran.err, "");
    EXPECT_EQ(ran.out, "intermission: the tables in " + database.address().shown() +
                           " have version " + std::to_string(control::SharedTables::kVersion) +
                           "\n");
    EXPECT_EQ(database.sql("SELECT count(*) FROM intermission_head"), "1");
  }
  database.lock();
  const Ran locked = run(kOrders, {"state", "migrate"});
  database.lock(false);
  EXPECT_EQ(locked.code, 1);
  EXPECT_EQ(locked.out, "");
  EXPECT_THAT(locked.err,
              StartsWith("intermission: the database " + database.address().shown() + ": "));
}

// Nobody listens there. Of its contracts nothing is said: they are not what this is about.
TEST_F(LocalCommandTest, StateMigrateSaysWhyADatabaseIsNotReached) {
  const Ran ran = run(
      "state: { postgresql: 'host=127.0.0.1 port=1 dbname=ops user=u sslcert=/nowhere/c.pem' }\n"
      "services: [ { name: orders, contract: none.yaml } ]\n",
      {"state", "migrate"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_EQ(ran.out, "");
  EXPECT_THAT(
      ran.err,
      StartsWith("intermission: " + path("intermission.yaml") +
                 ":1: state.postgresql: sslcert: the file cannot be read\nintermission: the "
                 "database 127.0.0.1:1, database ops: "));
  EXPECT_THAT(ran.err, Not(HasSubstr("none.yaml")));
}

}  // namespace
}  // namespace intermission::cli
