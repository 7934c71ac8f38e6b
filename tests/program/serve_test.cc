// `intermission serve` as a whole, in a thread: what it prints, how it is reached, what signals do.
#include "program/serve.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <iostream>
#include <memory>
#include <mutex>
#include <optional>
#include <streambuf>
#include <string>
#include <thread>
#include <vector>

#include "base/text.h"
#include "program/signals.h"
#include "support/eventually.h"
#include "support/files.h"
#include "support/temporary_folder.h"
#include "support/variable.h"
#include "support/wire_client.h"

namespace intermission::program {
namespace {

namespace fs = std::filesystem;
using testing::body_of;
using testing::eventually;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using testing::status_of;
using testing::Variable;
using testing::WireClient;

const std::string kToken = "0123456789abcdef0123456789abcdef";

/// A stream's end that any thread may read.
class SharedText final : public std::streambuf {
 public:
  std::string text() const {
    const std::lock_guard lock(mutex_);
    return text_;
  }

 private:
  int overflow(int c) override {
    const std::lock_guard lock(mutex_);
    text_ += static_cast<char>(c);
    return c;
  }
  std::streamsize xsputn(const char* bytes, std::streamsize size) override {
    const std::lock_guard lock(mutex_);
    text_.append(bytes, static_cast<std::size_t>(size));
    return size;
  }

  mutable std::mutex mutex_;
  std::string text_;
};

/// In place of a stream's own end.
class Captured {
 public:
  explicit Captured(std::ostream& stream) : stream_(stream), before_(stream.rdbuf(&shared_)) {}
  ~Captured() { stream_.rdbuf(before_); }
  Captured(const Captured&) = delete;
  Captured& operator=(const Captured&) = delete;
  std::string text() const { return shared_.text(); }

 private:
  SharedText shared_;
  std::ostream& stream_;
  std::streambuf* before_;
};

/// A gateway that runs until it is stopped.
class Running {
 public:
  /// Waits for the line that `last` names, or for the end.
  explicit Running(ServeOptions options, const std::string& last = "control")
      : options_(std::move(options)), thread_([this] {
          code_ = serve(options_);
          ended_ = true;
        }) {
    EXPECT_TRUE(eventually([&] {
      return ended_ || out_.text().find("intermission: " + last + " http") != std::string::npos;
    }));
  }
  ~Running() {
    if (thread_.joinable()) end();
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  void send(int signal) { pthread_kill(thread_.native_handle(), signal); }
  int end(int signal = SIGTERM) {
    if (!ended_) send(signal);
    return wait();
  }
  int wait() {
    const bool ends = eventually([&] { return ended_.load(); });
    EXPECT_TRUE(ends);
    if (!ends) send(SIGTERM);
    thread_.join();
    return code_;
  }
  bool ended() const { return ended_; }
  std::string out() const { return out_.text(); }
  std::string err() const { return err_.text(); }
  /// Of "data" or "control"; 0 if there is no such listener.
  std::uint16_t port(const std::string& listener) const {
    const std::string text = out();
    const auto line = text.find("intermission: " + listener + " http://127.0.0.1:");
    if (line == std::string::npos) return 0;
    const auto colon = text.find(':', text.find("//", line)) + 1;
    const auto number =
        base::parse_number(std::string_view(text).substr(colon, text.find('\n', colon) - colon));
    return static_cast<std::uint16_t>(number.value_or(0));
  }

 private:
  Captured out_{std::cout};
  Captured err_{std::cerr};
  ServeOptions options_;
  std::atomic<bool> ended_{false};
  int code_ = -1;
  std::thread thread_;
};

/// What is written to standard error itself, as the log is.
class Log {
 public:
  Log() { ::testing::internal::CaptureStderr(); }
  ~Log() {
    if (!taken_) ::testing::internal::GetCapturedStderr();
  }
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;
  std::string take() const {
    taken_ = true;
    return ::testing::internal::GetCapturedStderr();
  }

 private:
  mutable bool taken_ = false;
};

const std::string kListener =
    "listen: { address: 127.0.0.1, port: 0, workers: 1 }\nlimits: { drain_timeout_ms: 5000 }\n";

class ServeTest : public ::testing::Test {
 protected:
  // The mask of this thread is that of every thread that it starts.
  ServeTest() { block_signals(); }

  void configure(const std::string& services, const std::string& listener = kListener) {
    folder_.write("intermission.yaml", listener +
                                           "control: { port: 0 }\n"
                                           "state: { file: " +
                                           path("state.json").string() +
                                           " }\n"
                                           "access_log: { format: json, file: " +
                                           path("access.log").string() +
                                           " }\n"
                                           "services: " +
                                           services + "\n");
  }
  ServeOptions options() const {
    ServeOptions options;
    options.source.file = (folder_.path() / "intermission.yaml").string();
    return options;
  }
  void start() { running_ = std::make_unique<Running>(options()); }
  std::string ask(const std::string& path, const std::string& host = "orders.example") const {
    WireClient client(running_->port("data"));
    client.send("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
    return client.until_close();
  }
  std::string operate(const std::string& method, const std::string& path,
                      const std::string& token = kToken) const {
    WireClient client(running_->port("control"));
    client.send(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" +
                "Authorization: Bearer " + token + "\r\nContent-Length: 0\r\n\r\n");
    return client.until_close();
  }
  /// Of the metric without labels.
  std::string metric(const std::string& name) const {
    const std::string text = operate("GET", "/metrics");
    const auto line = text.find("\n" + name + " ");
    if (line == std::string::npos) return "";
    const auto begin = line + name.size() + 2;
    return text.substr(begin, text.find('\n', begin) - begin);
  }
  fs::path path(const char* name) const { return folder_.path() / name; }

  testing::TemporaryFolder folder_;
  const Variable token_{"INTERMISSION_TOKEN", kToken};
  std::unique_ptr<Running> running_;
};

constexpr const char* kOrders = "[ { name: orders, hosts: [orders.example], message: Back soon } ]";

// ---------------------------------------------------------------- the whole

TEST_F(ServeTest, AnswersClientsAndOperatorsUntilASignal) {
  configure(kOrders);
  for (const int signal : {SIGTERM, SIGINT}) {
    start();
    EXPECT_EQ(running_->out(),
              "intermission: data http://127.0.0.1:" + std::to_string(running_->port("data")) +
                  "\nintermission: control http://127.0.0.1:" +
                  std::to_string(running_->port("control")) + "\n");
    EXPECT_EQ(status_of(ask("/")), 503);
    EXPECT_THAT(ask("/"), HasSubstr("Back soon"));
    EXPECT_EQ(status_of(operate("GET", "/api/status")), 200);
    EXPECT_EQ(status_of(operate("GET", "/api/status", "wrong")), 401);
    EXPECT_EQ(status_of(operate("GET", "/readyz", "")), 200);
    EXPECT_EQ(running_->end(signal), 0);
    running_.reset();
  }
  EXPECT_FALSE(fs::exists(path("intermission.token"))) << "the environment has the token";
}

TEST_F(ServeTest, WhatOperatorsDidOutlivesIt) {
  configure(kOrders);
  start();
  EXPECT_EQ(status_of(operate("POST", "/api/services/orders/off")), 200);
  EXPECT_EQ(running_->end(), 0);
  running_.reset();
  start();
  EXPECT_THAT(body_of(operate("GET", "/api/services/orders")), HasSubstr("\"state\":\"open\""));
}

TEST_F(ServeTest, TellsPrometheusOfItself) {
  configure(kOrders);
  start();
  ask("/");
  EXPECT_EQ(metric("intermission_services_in_maintenance"), "2");
  EXPECT_EQ(metric("intermission_last_reload_successful"), "1");
  EXPECT_EQ(metric("intermission_reloads_total"), "0");
  EXPECT_EQ(metric("intermission_reload_failures_total"), "0");
  EXPECT_EQ(metric("intermission_access_log_lost_total"), "0");
  EXPECT_EQ(metric("intermission_shed_for_memory_total"), "0");
  EXPECT_EQ(metric("intermission_shed_for_room_total"), "0");
  EXPECT_EQ(metric("intermission_wrong_tokens_total"), "0");
  operate("GET", "/api/status", "wrong");
  EXPECT_EQ(metric("intermission_wrong_tokens_total"), "1");
  EXPECT_NE(metric("intermission_buffered_bytes_limit"), "0");
  EXPECT_LT(std::stoi(metric("intermission_configuration_age_seconds")), 60);
  EXPECT_LT(std::stoi(metric("intermission_snapshot_age_seconds")), 60);
  {
    WireClient client(running_->port("data"));
    client.send("GET / HTTP/1.1\r\nHost: orders.example\r\n\r\n");
    client.response();
    EXPECT_EQ(metric("intermission_connections"), "1");
  }
  const std::string text = operate("GET", "/metrics");
  EXPECT_THAT(text,
              ::testing::ContainsRegex("intermission_build_info[{]version=\"[^\"]*\"[}] 1\n"));
  EXPECT_THAT(text, HasSubstr("intermission_answers_total{service=\"orders\","));
  EXPECT_THAT(body_of(operate("GET", "/api/answers")), HasSubstr("\"service\":\"orders\""));
  EXPECT_THAT(body_of(operate("GET", "/api/callers")), HasSubstr("\"service\":\"orders\""));
  EXPECT_THAT(body_of(operate("GET", "/api/history")), HasSubstr("\"service\":\"orders\""));
}

TEST_F(ServeTest, IsNotReadyWhileItEnds) {
  configure(kOrders);
  start();
  const std::uint16_t control = running_->port("control");
  WireClient unfinished(running_->port("data"));
  unfinished.send("POST /json HTTP/1.1\r\nHost: orders.example\r\nContent-Length: 2\r\n\r\n{");
  EXPECT_TRUE(eventually([&] { return metric("intermission_connections") == "1"; }));
  const auto ready = [&] {
    WireClient client(control);
    client.send("GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    return status_of(client.until_close());
  };
  EXPECT_EQ(ready(), 200);
  running_->send(SIGTERM);
  EXPECT_TRUE(eventually([&] { return ready() == 503; }));
  unfinished.send("}");
  EXPECT_EQ(status_of(unfinished.response()), 503) << "it has its answer";
  EXPECT_EQ(running_->wait(), 0);
}

// ---------------------------------------------------------------- SIGHUP

TEST_F(ServeTest, ReadsItsConfigurationAgain) {
  configure(kOrders);
  start();
  configure("[ { name: orders, hosts: [orders.example], message: Later } ]");
  running_->send(SIGHUP);
  EXPECT_TRUE(eventually([&] { return metric("intermission_reloads_total") == "1"; }));
  EXPECT_THAT(ask("/"), HasSubstr("Later"));
  configure("7");
  running_->send(SIGHUP);
  EXPECT_TRUE(eventually([&] { return metric("intermission_reload_failures_total") == "1"; }));
  EXPECT_EQ(metric("intermission_last_reload_successful"), "0");
  EXPECT_THAT(ask("/"), HasSubstr("Later"));
  EXPECT_FALSE(running_->ended());
  EXPECT_EQ(running_->end(), 0);
}

TEST_F(ServeTest, WritesItsLogUnderItsNameAgain) {
  configure(kOrders);
  start();
  ask("/before");
  EXPECT_TRUE(eventually(
      [&] { return testing::read_file(path("access.log")).find("/before") != std::string::npos; }));
  fs::rename(path("access.log"), path("access.log.1"));
  running_->send(SIGHUP);
  EXPECT_TRUE(eventually([&] { return metric("intermission_reloads_total") == "1"; }));
  ask("/after");
  EXPECT_EQ(running_->end(), 0);
  EXPECT_THAT(testing::read_file(path("access.log")), HasSubstr("/after"));
  EXPECT_THAT(testing::read_file(path("access.log.1")), Not(HasSubstr("/after")));
}

// ---------------------------------------------------------------- tokens

TEST_F(ServeTest, MakesATokenBesideItsState) {
  configure(kOrders);
  const Variable none("INTERMISSION_TOKEN", "");
  start();
  const std::string token = testing::read_file(path("intermission.token")).substr(0, 64);
  EXPECT_EQ(status_of(operate("GET", "/api/status", token)), 200);
}

TEST_F(ServeTest, ATokenThatIsNoGoodIsRefused) {
  configure(kOrders);
  {
    const Variable token("INTERMISSION_TOKEN", "short");
    start();
    EXPECT_EQ(running_->wait(), 2);
    EXPECT_THAT(running_->err(), HasSubstr("INTERMISSION_TOKEN: expected a token of at least 16"));
    running_.reset();
  }
  const Variable none("INTERMISSION_TOKEN", "");
  {
    const Variable twin("INTERMISSION_TOKEN_FILE", path("none").string());
    start();
    EXPECT_EQ(running_->wait(), 2);
    EXPECT_THAT(running_->err(), HasSubstr("INTERMISSION_TOKEN_FILE: " + path("none").string() +
                                           ": cannot be read"));
    running_.reset();
  }
  folder_.write("intermission.token", "short\n");
  ASSERT_EQ(chmod(path("intermission.token").c_str(), 0600), 0);
  start();
  EXPECT_EQ(running_->wait(), 2);
  EXPECT_THAT(running_->err(), HasSubstr("remove the file to have a new token made"));
  EXPECT_EQ(running_->out(), "");
}

TEST_F(ServeTest, ATokenFileThatOthersMayReadStopsNoClient) {
  configure(kOrders);
  const Variable none("INTERMISSION_TOKEN", "");
  folder_.write("intermission.token", kToken);
  ASSERT_EQ(chmod(path("intermission.token").c_str(), 0644), 0);
  const Log log;
  running_ = std::make_unique<Running>(options(), "data");
  EXPECT_EQ(status_of(ask("/")), 503);
  EXPECT_EQ(running_->end(), 0);
  EXPECT_EQ(running_->port("control"), 0);
  EXPECT_THAT(log.take(), HasSubstr("warning: the control listener is off: " +
                                    path("intermission.token").string() + ": others may read"));
}

TEST_F(ServeTest, StateThatAnOlderVersionLeftBehindIsNotForgotten) {
  const testing::TemporaryFolder ran_in;
  const fs::path before = fs::current_path();
  fs::current_path(ran_in.path());
  ran_in.write("intermission.state.json", "{}");
  folder_.write("intermission.yaml", std::string(kListener) + "control: { port: 0 }\n");
  start();
  EXPECT_EQ(running_->wait(), 2);
  EXPECT_THAT(running_->err(),
              HasSubstr(path("intermission.state.json").string() +
                        ": the state is now kept beside the configuration file: move " +
                        (ran_in.path() / "intermission.state.json").string()));
  fs::current_path(before);
}

// ---------------------------------------------------------------- its log

TEST_F(ServeTest, SaysInItsLogWhatItDoes) {
  configure(kOrders);
  const Variable none("INTERMISSION_TOKEN", "");
  ASSERT_EQ(chmod(folder_.path().c_str(), 0777), 0);
  const Log log;
  start();
  const std::string token = testing::read_file(path("intermission.token")).substr(0, 64);
  configure("7");
  running_->send(SIGHUP);
  EXPECT_TRUE(eventually([&] {
    return operate("GET", "/api/status", token).find("\"failures\":1") != std::string::npos;
  }));
  configure(kOrders);
  running_->send(SIGHUP);
  EXPECT_TRUE(eventually([&] {
    return operate("GET", "/api/status", token).find("\"problem\"") == std::string::npos;
  }));
  operate("GET", "/api/status", "wrong");
  EXPECT_EQ(running_->end(), 0);
  const std::string said = log.take();
  EXPECT_THAT(said, ::testing::ContainsRegex(
                        "intermission: 20..-..-..T..:..:..[+-]..:.. info: connections may hold"));
  EXPECT_THAT(said, HasSubstr("warning: " + folder_.path().string() + ": others may remove files"));
  EXPECT_THAT(said, HasSubstr("info: the operators' token is in " +
                              path("intermission.token").string() + "\n"));
  EXPECT_THAT(said, HasSubstr("warning: the new configuration was rejected; the old one stays"));
  EXPECT_THAT(
      said, HasSubstr("info: the configuration was reloaded (changes of listen, control, state, "));
  EXPECT_EQ(said.find("was reloaded"), said.rfind("was reloaded")) << "the second time only";
  EXPECT_THAT(said, HasSubstr("warning: control: a wrong token from 127.0.0.1\n"));
  EXPECT_THAT(said, Not(HasSubstr(token)));
}

// ---------------------------------------------------------------- what is configured

TEST_F(ServeTest, ListensAsItIsConfigured) {
  configure(kOrders,
            "listen: { address: 127.0.0.1, port: 0, workers: 1, proxy_protocol: "
            "[127.0.0.1] }\nlimits: { connections_per_address: 1 }\n");
  start();
  EXPECT_EQ(status_of(ask("/")), 0) << "a connection from there begins with a PROXY header";
  WireClient client(running_->port("data"));
  client.send(
      "PROXY TCP4 192.0.2.7 127.0.0.1 1 2\r\nGET / HTTP/1.1\r\nHost: orders.example\r\n\r\n");
  EXPECT_EQ(status_of(client.response()), 503);
  WireClient second(running_->port("data"));
  second.send(
      "PROXY TCP4 192.0.2.7 127.0.0.1 1 2\r\nGET / HTTP/1.1\r\nHost: orders.example\r\n\r\n");
  EXPECT_THAT(second.until_close(), Not(HasSubstr("Back soon"))) << "that address has one already";
}

TEST_F(ServeTest, RoutersThatAreConfiguredMayConnectAsOftenAsTheyLike) {
  configure(kOrders,
            "listen: { address: 127.0.0.1, port: 0, workers: 1 }\nlimits: { "
            "connections_per_address: 1, exempt_addresses: [127.0.0.1] }\n");
  start();
  std::vector<WireClient> clients;
  for (int i = 0; i < 3; ++i) {
    clients.emplace_back(running_->port("data"));
    clients.back().send("GET / HTTP/1.1\r\nHost: orders.example\r\n\r\n");
    EXPECT_EQ(status_of(clients.back().response()), 503) << i;
  }
}

TEST_F(ServeTest, AWriteToAClientThatHasLeftEndsNothing) {
  struct sigaction pipe {};
  ASSERT_EQ(sigaction(SIGPIPE, nullptr, &pipe), 0);
  EXPECT_EQ(pipe.sa_handler, SIG_IGN);
}

TEST_F(ServeTest, StrangersAtTheControlPortAreClosed) {
  configure(kOrders);
  start();
  WireClient silent(running_->port("control"));
  EXPECT_TRUE(silent.closed_silently()) << "a second after it came";
  WireClient known(running_->port("control"));
  known.send("GET /api/status HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + kToken +
             "\r\n\r\n");
  EXPECT_EQ(status_of(known.response()), 200);
  WireClient another(running_->port("control"));
  EXPECT_TRUE(another.closed_silently());
  known.send("GET /api/status HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + kToken +
             "\r\n\r\n");
  EXPECT_EQ(status_of(known.response()), 200) << "a connection that showed the token stays open";
}

// ---------------------------------------------------------------- what is in the way

TEST_F(ServeTest, WhatIsWrongWithItsConfigurationEndsIt) {
  configure("7");
  start();
  EXPECT_EQ(running_->wait(), 2);
  EXPECT_THAT(running_->err(),
              StartsWith("intermission: " + options().source.file + ":6: services: "));
  EXPECT_EQ(running_->out(), "");
}

TEST_F(ServeTest, AStateThatMayNotBeReadEndsIt) {
  configure(kOrders);
  folder_.write("victim", "{}");
  fs::create_symlink("victim", path("state.json"));
  start();
  EXPECT_EQ(running_->wait(), 2);
  EXPECT_THAT(running_->err(), HasSubstr("got a symbolic link; remove it"));
}

TEST_F(ServeTest, ALogThatCannotBeWrittenEndsIt) {
  configure(kOrders);
  fs::create_directory(path("access.log"));
  start();
  EXPECT_EQ(running_->wait(), 2);
  EXPECT_THAT(running_->err(), HasSubstr("access_log.file: cannot write to"));
}

TEST_F(ServeTest, TwoDoNotKeepTheirStateInOneFile) {
  configure(kOrders);
  start();
  const Running second(options());
  EXPECT_TRUE(second.ended());
  EXPECT_THAT(second.err(), HasSubstr("keeps its state here"));
  EXPECT_FALSE(running_->ended());
}

TEST_F(ServeTest, PortsAreChosenByFlagThenEnvironmentThenFile) {
  configure(kOrders);
  const Variable port("PORT", "nonsense");
  start();
  EXPECT_EQ(running_->wait(), 2);
  EXPECT_THAT(running_->err(), HasSubstr("PORT: expected a port number"));
  running_.reset();
  ServeOptions flags = options();
  flags.port = "0";
  flags.control_port = "x";
  {
    Running refused(flags);
    EXPECT_EQ(refused.wait(), 2);
    EXPECT_THAT(refused.err(), HasSubstr("--control-port: expected a port number"));
  }
  flags.control_port = "0";
  Running good(flags);
  EXPECT_FALSE(good.ended()) << "--port beats PORT";
  EXPECT_EQ(good.end(), 0);
}

TEST_F(ServeTest, ADataPortThatIsTakenEndsIt) {
  configure(kOrders);
  start();
  folder_.write("other.yaml",
                "listen: { address: 127.0.0.1, port: " + std::to_string(running_->port("data")) +
                    " }\ncontrol: { port: 0 }\nstate: { file: " + path("other.json").string() +
                    " }\n");
  ServeOptions second;
  second.source.file = path("other.yaml").string();
  Running refused(second);
  EXPECT_EQ(refused.wait(), 2);
  EXPECT_THAT(refused.err(), HasSubstr("Address already in use"));
}

TEST_F(ServeTest, AControlPortThatIsTakenStopsNoClient) {
  configure(kOrders);
  start();
  folder_.write("other.yaml",
                "listen: { address: 127.0.0.1, port: 0, workers: 1 }\ncontrol: { port: " +
                    std::to_string(running_->port("control")) +
                    " }\nstate: { file: " + path("other.json").string() + " }\n");
  ServeOptions second;
  second.source.file = path("other.yaml").string();
  const std::unique_ptr<Running> first = std::move(running_);
  const Log log;
  running_ = std::make_unique<Running>(second, "data");
  EXPECT_FALSE(running_->ended());
  EXPECT_EQ(running_->port("control"), 0);
  EXPECT_EQ(status_of(ask("/")), 503);
  EXPECT_EQ(running_->end(), 0);
  running_.reset();  // streams are given back in order
  const std::string said = log.take();
  EXPECT_THAT(said, HasSubstr("warning: the control listener is off: "));
  EXPECT_THAT(said, HasSubstr("Address already in use; clients are still answered"));
  EXPECT_THAT(said, Not(HasSubstr("the operators' token is in")));
}

}  // namespace
}  // namespace intermission::program
