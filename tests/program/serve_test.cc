// `intermission serve` as a whole, in a thread: what it prints, how it is reached, what signals do.
#include "program/serve.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/descriptor.h"
#include "base/text.h"
#include "program/signals.h"
#include "support/captured.h"
#include "support/certificates.h"
#include "support/eventually.h"
#include "support/files.h"
#include "support/postgres.h"
#include "support/stoppable.h"
#include "support/temporary_folder.h"
#include "support/tls_client.h"
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

/// A gateway that runs until it is stopped.
class Running : public testing::Stoppable {
 public:
  /// Waits for the line that `last` names, or for the end.
  explicit Running(ServeOptions options, const std::string& last = "control")
      : Stoppable([options = std::move(options)] { return serve(options); }) {
    EXPECT_TRUE(eventually([&] {
      return ended() || out().find("intermission: " + last + " http") != std::string::npos;
    }));
  }
  /// Of "data" or "control"; 0 if there is no such listener.
  std::uint16_t port(const std::string& listener, const std::string& scheme = "http") const {
    const std::string text = out();
    const auto line = text.find("intermission: " + listener + " " + scheme + "://127.0.0.1:");
    if (line == std::string::npos) return 0;
    const auto colon = text.find(':', text.find("//", line)) + 1;
    const auto number =
        base::parse_number(std::string_view(text).substr(colon, text.find('\n', colon) - colon));
    return static_cast<std::uint16_t>(number.value_or(0));
  }
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
  EXPECT_EQ(metric("intermission_store_reachable"), "1");
  EXPECT_EQ(metric("intermission_store_notified"), "0");
  EXPECT_EQ(metric("intermission_services_held_locally"), "0");
  for (const char* shared : {"saved", "conflicts", "failures", "connections"}) {
    EXPECT_EQ(metric(std::string("intermission_store_") + shared + "_total"), "0") << shared;
  }
  EXPECT_EQ(metric("intermission_store_version"), "0");
  operate("POST", "/api/services/orders/off");
  EXPECT_EQ(metric("intermission_store_version"), "1");
  EXPECT_EQ(metric("intermission_services_in_maintenance"), "1");
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
  EXPECT_THAT(said, Not(HasSubstr("each instance makes a token"))) << "there is one instance";
  EXPECT_THAT(said, Not(HasSubstr("TLS is for trying")));
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

// ---------------------------------------------------------------- TLS

class SecureServeTest : public ServeTest {
 protected:
  static constexpr const char* kTls =
      "listen: { address: 127.0.0.1, port: 0, workers: 1, tls: { port: 0, certificates: [ { "
      "certificate: shop.pem, key: shop.key } ] } }\n";
  void certify(const std::string& name, const std::string& host) const {
    testing::issue({.names = {host}}).write(folder_, name);
  }
  /// What a client is answered by TLS.
  static std::string ask_securely(std::uint16_t port, const std::string& head = "GET / HTTP/1.1") {
    testing::TlsClient client(port);
    client.send(head + "\r\nHost: orders.example\r\nConnection: close\r\n\r\n");
    return client.until_close();
  }
};

TEST_F(SecureServeTest, ClientsAreAnsweredByTlsToo) {
  certify("shop", "shop.example");
  configure(kOrders, kTls);
  start();
  const std::uint16_t port = running_->port("data", "https");
  EXPECT_EQ(running_->out(),
            "intermission: data http://127.0.0.1:" + std::to_string(running_->port("data")) +
                "\nintermission: data https://127.0.0.1:" + std::to_string(port) +
                "\nintermission: control http://127.0.0.1:" +
                std::to_string(running_->port("control")) + "\n");
  EXPECT_THAT(ask_securely(port), HasSubstr("Back soon"));
  EXPECT_THAT(ask("/"), HasSubstr("Back soon"));
  EXPECT_EQ(testing::TlsClient(port).certificate_name(), "shop.example");
  const std::string text = operate("GET", "/metrics");
  EXPECT_THAT(text, ::testing::ContainsRegex("intermission_certificate_days_left[{]listener=\"data"
                                             "\",certificate=\"[^\"]*shop.pem\"[}] (89|90)\n"));
  EXPECT_TRUE(eventually([&] {
    return operate("GET", "/metrics")
               .find("intermission_tls_handshakes_total{result=\"done\"} 2\n") != std::string::npos;
  }));
  EXPECT_EQ(metric("intermission_tls_handshakes_in_progress"), "0");
  EXPECT_THAT(body_of(operate("GET", "/api/status")), HasSubstr("shop.pem"));
}

TEST_F(SecureServeTest, SighupReadsItsCertificatesAgain) {
  certify("shop", "shop.example");
  configure(kOrders, kTls);
  start();
  const std::uint16_t port = running_->port("data", "https");
  certify("shop", "new.shop.example");
  running_->send(SIGHUP);
  EXPECT_TRUE(eventually([&] { return metric("intermission_reloads_total") == "1"; }));
  EXPECT_EQ(testing::TlsClient(port).certificate_name(), "new.shop.example");
  folder_.write("shop.pem", "none");
  configure("[ { name: orders, hosts: [orders.example], message: Later } ]", kTls);
  running_->send(SIGHUP);
  EXPECT_TRUE(eventually([&] { return metric("intermission_reload_failures_total") == "1"; }));
  EXPECT_EQ(testing::TlsClient(port).certificate_name(), "new.shop.example");
  EXPECT_THAT(ask("/"), HasSubstr("Back soon")) << "both or neither";
}

TEST_F(SecureServeTest, AnsweringWithACertificateOfItsOwnIsForTrying) {
  configure(kOrders);
  ServeOptions options = this->options();
  options.tls_self_signed = true;
  options.tls_port = "0";
  const Log log;
  running_ = std::make_unique<Running>(options);
  EXPECT_THAT(ask_securely(running_->port("data", "https")), HasSubstr("Back soon"));
  EXPECT_EQ(running_->end(), 0);
  running_.reset();
  EXPECT_THAT(log.take(), HasSubstr("warning: TLS is for trying only: its certificate is "
                                    "self-signed, was made in memory just now"));
}

TEST_F(SecureServeTest, ThePortForTlsIsThatOfTheFlagThenOfTheFile) {
  certify("shop", "shop.example");
  configure(kOrders, kTls);
  start();
  const std::uint16_t port = running_->port("data", "https");
  EXPECT_EQ(running_->end(), 0);
  running_.reset();
  configure(kOrders, "listen: { address: 127.0.0.1, port: 0, workers: 1, tls: { port: " +
                         std::to_string(port) +
                         ", certificates: [ { certificate: shop.pem, key: shop.key } ] } }\n");
  start();
  EXPECT_EQ(running_->port("data", "https"), port);
  EXPECT_EQ(running_->end(), 0);
  running_.reset();
  configure(kOrders, kTls);
  ServeOptions options = this->options();
  options.tls_port = std::to_string(port);
  running_ = std::make_unique<Running>(options);
  EXPECT_EQ(running_->port("data", "https"), port);
  EXPECT_EQ(running_->end(), 0);
  running_.reset();
  options.tls_port = "x";
  running_ = std::make_unique<Running>(options);
  EXPECT_EQ(running_->wait(), 2);
  EXPECT_THAT(running_->err(), HasSubstr("--tls-port: expected a port number from 0 to 65535"));
}

TEST_F(SecureServeTest, AFlagForTlsWithoutTlsEndsIt) {
  configure(kOrders);
  ServeOptions options = this->options();
  options.tls_port = "0";
  running_ = std::make_unique<Running>(options);
  EXPECT_EQ(running_->wait(), 2);
  EXPECT_EQ(running_->err(),
            "intermission: --tls-port: expected listen.tls in the configuration, or "
            "--tls-self-signed\n");
  running_.reset();
  certify("shop", "shop.example");
  configure(kOrders, kTls);
  options.tls_self_signed = true;
  running_ = std::make_unique<Running>(options);
  EXPECT_EQ(running_->wait(), 2);
  EXPECT_THAT(running_->err(), HasSubstr("--tls-self-signed: expected no listen.tls"));
}

TEST_F(SecureServeTest, OperatorsAreAnsweredByTlsAlone) {
  certify("ops", "ops.example");
  folder_.write("intermission.yaml",
                std::string(kListener) +
                    "control: { port: 0, tls: { certificate: ops.pem, key: ops.key } }\n"
                    "state: { file: '' }\n");
  const Log log;
  start();
  const std::uint16_t port = running_->port("control", "https");
  ASSERT_NE(port, 0) << running_->out();
  EXPECT_EQ(running_->port("control"), 0);
  testing::TlsClient client(port);
  EXPECT_EQ(client.certificate_name(), "ops.example");
  client.send("GET /api/status HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + kToken +
              "\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(client.until_close(), HasSubstr("ops.pem"));
  WireClient plain(port);
  plain.send("GET /api/status HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(status_of(plain.until_close()), 400);
  const auto before = std::chrono::steady_clock::now();
  WireClient silent(port);
  EXPECT_THAT(silent.until_close(), Not(HasSubstr("(timeout)")));
  const auto waited = std::chrono::steady_clock::now() - before;
  EXPECT_GE(waited, std::chrono::milliseconds(2900)) << "a handshake may take three seconds";
  EXPECT_LT(waited, std::chrono::milliseconds(9000));
  EXPECT_EQ(running_->end(), 0);
  running_.reset();
  EXPECT_THAT(log.take(), HasSubstr("warning: plain HTTP from 127.0.0.1 was rejected on the port "
                                    "for TLS"));
}

// ---------------------------------------------------------------- the service manager

/// Where a service manager listens, for another thread.
class Manager {
 public:
  explicit Manager(const std::string& path) : socket_(::socket(AF_UNIX, SOCK_DGRAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, path.size());
    EXPECT_EQ(bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    const timeval limit{20, 0};
    setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  }
  std::string heard() const {
    std::array<char, 4096> bytes{};
    const auto size = recv(socket_.get(), bytes.data(), bytes.size(), 0);
    return size < 0 ? "none" : std::string(bytes.data(), static_cast<std::size_t>(size));
  }
  /// Whether a message comes, which is taken, before so many milliseconds have passed.
  bool has_news(int limit_ms) const {
    pollfd place{socket_.get(), POLLIN, 0};
    return poll(&place, 1, limit_ms) == 1 && heard() != "none";
  }
  /// The next message that is not the watchdog's.
  std::string news() const {
    std::string text = heard();
    while (text == "WATCHDOG=1") text = heard();
    return text;
  }

 private:
  base::Descriptor socket_;
};

TEST_F(ServeTest, TellsItsServiceManagerOfEachStep) {
  configure(kOrders);
  const Manager manager(path("notify").string());
  const Variable socket("NOTIFY_SOCKET", path("notify").string());
  start();
  const std::string url = "http://127.0.0.1:" + std::to_string(running_->port("data"));
  EXPECT_EQ(manager.heard(), "READY=1\nSTATUS=Answering on " + url);
  running_->send(SIGHUP);
  EXPECT_THAT(manager.heard(), StartsWith("RELOADING=1\nMONOTONIC_USEC="));
  EXPECT_EQ(manager.heard(), "READY=1\nSTATUS=Answering on " + url);
  configure("7");
  running_->send(SIGHUP);
  EXPECT_THAT(manager.heard(), StartsWith("RELOADING=1\nMONOTONIC_USEC="));
  EXPECT_EQ(manager.heard(),
            "READY=1\nSTATUS=The new configuration was rejected; answering on " + url);
  EXPECT_EQ(running_->end(), 0);
  EXPECT_EQ(manager.heard(), "STOPPING=1\nSTATUS=Finishing the requests in flight");
}

TEST_F(ServeTest, KeepsItsWatchdogQuiet) {
  configure(kOrders);
  const Manager manager(path("notify").string());
  const Variable socket("NOTIFY_SOCKET", path("notify").string());
  const Variable anybody("WATCHDOG_PID", "");
  const Variable limit("WATCHDOG_USEC", "40000");
  start();
  EXPECT_THAT(manager.heard(), StartsWith("READY=1\n"));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(manager.heard(), "WATCHDOG=1");
  running_->send(SIGHUP);
  EXPECT_THAT(manager.news(), StartsWith("RELOADING=1\n"));
  EXPECT_THAT(manager.news(), StartsWith("READY=1\n"));
  EXPECT_EQ(manager.heard(), "WATCHDOG=1");
  EXPECT_EQ(running_->end(), 0);
  EXPECT_THAT(manager.news(), StartsWith("STOPPING=1\n"));
}

// A worker that hangs in whatever it does hears no ring.
std::atomic<bool> g_hangs{false};
void hang(int /*signal*/) {
  while (g_hangs) usleep(1000);
}
std::set<pid_t> threads() {
  std::set<pid_t> all;
  for (const auto& entry : fs::directory_iterator("/proc/self/task")) {
    all.insert(static_cast<pid_t>(std::stoi(entry.path().filename().string())));
  }
  return all;
}

TEST_F(ServeTest, LeavesAWorkerThatHangsToItsServiceManager) {
  configure(kOrders);
  const Manager manager(path("notify").string());
  const Variable socket("NOTIFY_SOCKET", path("notify").string());
  const Variable anybody("WATCHDOG_PID", "");
  const Variable limit("WATCHDOG_USEC", "100000");
  struct sigaction hanging {};
  hanging.sa_handler = hang;
  ASSERT_EQ(sigaction(SIGUSR1, &hanging, nullptr), 0);
  const Log log;
  const std::set<pid_t> before = threads();
  start();
  std::set<pid_t> own = threads();
  for (const pid_t one : before) own.erase(one);
  own.erase(running_->thread());
  g_hangs = true;
  for (const pid_t one : own) syscall(SYS_tgkill, getpid(), one, SIGUSR1);
  // What is still on its way is heard; then there is silence.
  EXPECT_TRUE(eventually([&] { return !manager.has_news(1000); }));
  g_hangs = false;
  EXPECT_EQ(manager.heard(), "WATCHDOG=1") << "all is well again";
  EXPECT_EQ(running_->end(), 0);
  running_.reset();
  signal(SIGUSR1, SIG_DFL);
  EXPECT_THAT(log.take(), HasSubstr("warning: a worker is not responding; the service manager is "
                                    "left to restart the gateway"));
}

TEST_F(ServeTest, AnswersOnThePortThatWasOpenedForIt) {
  configure(kOrders,
            "listen: { address: 127.0.0.2, port: 1, workers: 1 }\nlimits: { drain_timeout_ms: 5000 "
            "}\n");
  constexpr int kFirst = 3;                                          // as sd_listen_fds(3) says
  const base::Descriptor kept(fcntl(kFirst, F_DUPFD_CLOEXEC, 100));  // whatever it is here
  const base::Descriptor listening(::socket(AF_INET, SOCK_STREAM, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(bind(listening.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(listen(listening.get(), 16), 0);
  socklen_t size = sizeof address;
  ASSERT_EQ(getsockname(listening.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
  ASSERT_EQ(dup2(listening.get(), kFirst), kFirst);
  {
    const Variable me("LISTEN_PID", std::to_string(getpid()));
    const Variable count("LISTEN_FDS", "1");
    start();
    EXPECT_EQ(running_->port("data"), ntohs(address.sin_port)) << running_->out();
    EXPECT_THAT(ask("/"), HasSubstr("Back soon"));
    EXPECT_EQ(running_->end(), 0);
  }
  if (kept) {
    dup2(kept.get(), kFirst);
  } else {
    close(kFirst);
  }
}

// ---------------------------------------------------------------- what it runs with

/// How many sockets listen on a port; each worker has one.
std::size_t listeners(std::uint16_t port) {
  std::ifstream sockets("/proc/net/tcp");
  const std::string there = fmt::format(":{:04X} 00000000:0000 0A", port);
  std::size_t found = 0;
  for (std::string line; std::getline(sockets, line);) {
    if (line.find(there) != std::string::npos) ++found;
  }
  return found;
}

TEST_F(ServeTest, HasAsManyWorkersAsAreConfigured) {
  const auto workers = [&](const std::string& configured) {
    configure(kOrders, "listen: { address: 127.0.0.1, port: 0" + configured + " }\n");
    start();
    const std::size_t found = listeners(running_->port("data"));
    EXPECT_EQ(listeners(running_->port("control")), 1U);
    EXPECT_EQ(running_->end(), 0);
    running_.reset();
    return found;
  };
  EXPECT_EQ(workers(", workers: 1"), 1U);
  EXPECT_EQ(workers(", workers: 3"), 3U);
  EXPECT_EQ(workers(""), std::max(1U, std::thread::hardware_concurrency())) << "one for each core";
}

TEST_F(ServeTest, SaysWhichLimitsTheMachineDoesNotAllow) {
  configure(kOrders,
            "listen: { address: 127.0.0.1, port: 0, workers: 1 }\n"
            "limits: { buffered_bytes: 1099511627776 }\n");
  const Log log;
  start();
  EXPECT_EQ(metric("intermission_buffered_bytes_limit"), "1099511627776");
  EXPECT_EQ(running_->end(), 0);
  running_.reset();
  const std::string said = log.take();
  EXPECT_THAT(said, HasSubstr("info: connections may hold 1048576 MiB (limits.buffered_bytes)"));
  EXPECT_THAT(said, HasSubstr("warning: limits.buffered_bytes is more than half of the memory"));
}

TEST_F(ServeTest, LogsTroubleWithItsClients) {
  configure(kOrders,
            "listen: { address: 127.0.0.1, port: 0, workers: 1, proxy_protocol: [127.0.0.1] }\n");
  const Log log;
  start();
  WireClient client(running_->port("data"));
  client.send("GET / HTTP/1.1\r\nHost: orders.example\r\n\r\n");
  client.until_close();
  EXPECT_EQ(running_->end(), 0);
  running_.reset();
  EXPECT_THAT(log.take(),
              HasSubstr("warning: a connection from 127.0.0.1 was closed: it does not begin with a "
                        "PROXY header"));
}

TEST_F(ServeTest, SpeaksHttp2WhereItIsConfigured) {
  const std::string preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  const std::string settings("\0\0\0\4\0\0\0\0\0", 9);
  for (const bool speaks : {true, false}) {
    configure(kOrders, std::string("listen: { address: 127.0.0.1, port: 0, workers: 1, http2: ") +
                           (speaks ? "true" : "false") + " }\n");
    start();
    WireClient client(running_->port("data"));
    client.send(preface + settings);
    EXPECT_EQ(client.some().starts_with("HTTP/1.1 "), !speaks);
    client.reset();
    EXPECT_EQ(running_->end(), 0);
    running_.reset();
  }
}

TEST_F(ServeTest, OperatorsHaveThePortThatIsAskedFor) {
  configure(kOrders);
  start();
  const std::uint16_t port = running_->port("control");
  EXPECT_EQ(running_->end(), 0);
  running_.reset();
  ServeOptions options = this->options();
  options.control_port = std::to_string(port);
  running_ = std::make_unique<Running>(options);
  EXPECT_EQ(running_->port("control"), port);
}

TEST_F(ServeTest, LimitsAreThoseOfClients) {
  configure(
      kOrders,
      "listen: { address: 127.0.0.1, port: 0, workers: 1 }\nlimits: { header_bytes: 2000 }\n");
  start();
  const std::string longer = "\r\nX-Long: " + std::string(4000, 'x') + "\r\n\r\n";
  WireClient operating(running_->port("control"));
  operating.send(
      "GET /api/status HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
      "Authorization: Bearer " +
      kToken + longer);
  EXPECT_EQ(status_of(operating.until_close()), 200);
  WireClient client(running_->port("data"));
  client.send("GET / HTTP/1.1\r\nHost: orders.example\r\nConnection: close" + longer);
  EXPECT_EQ(status_of(client.until_close()), 431);
}

// A file or a socket for each of them would not be left for clients.
TEST_F(ServeTest, OperatorsHaveTwoHundredAndFiftySixConnectionsAtMost) {
  configure(kOrders);
  const Log log;
  start();
  std::vector<WireClient> operating;
  for (int i = 0; i < 260; ++i) {
    operating.emplace_back(running_->port("control"));
    operating.back().send("GET /api/status HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " +
                          kToken + "\r\n\r\n");
  }
  EXPECT_EQ(status_of(operating.back().response()), 200) << "another one made room for it";
  EXPECT_EQ(running_->end(), 0);
  running_.reset();
  EXPECT_THAT(log.take(), HasSubstr("warning: connections wait to be accepted"));
}

// An operator who watches must not keep the program from ending in time.
TEST_F(ServeTest, AnUnfinishedCallOfAnOperatorHoldsItUpForHalfASecond) {
  configure(kOrders);
  start();
  WireClient unfinished(running_->port("control"));
  unfinished.send(
      "POST /api/services/orders/on HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
      "Bearer " +
      kToken + "\r\nContent-Length: 2\r\n\r\n{");
  WireClient streaming(running_->port("control"));
  streaming.send("GET /api/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + kToken +
                 "\r\n\r\n");
  EXPECT_FALSE(streaming.some().empty());
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(running_->end(), 0);
  const auto took = std::chrono::steady_clock::now() - before;
  EXPECT_GE(took, std::chrono::milliseconds(450)) << "timers have no fractions";
  EXPECT_LT(took, std::chrono::milliseconds(6000)) << "clients may take longer";
}

TEST_F(ServeTest, KeepsNoStateWhereNoneIsToBeKept) {
  const std::string text = std::string(kListener) +
                           "control: { port: 0 }\nstate: { file: '' }\nservices: " + kOrders + "\n";
  folder_.write("intermission.yaml", text);
  const testing::TemporaryFolder ran_in;
  const fs::path before = fs::current_path();
  fs::current_path(ran_in.path());
  start();
  const Running second(options());  // they lock nothing
  EXPECT_FALSE(second.ended());
  EXPECT_EQ(status_of(operate("POST", "/api/services/orders/off")), 200);
  EXPECT_THAT(body_of(operate("GET", "/api/status")), HasSubstr("\"kind\":\"memory\""));
  fs::current_path(before);
  EXPECT_TRUE(fs::is_empty(ran_in.path()));
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator(folder_.path())) ++files;
  EXPECT_EQ(files, 1U) << "the configuration";
}

TEST_F(ServeTest, ADatabaseThatIsWrongEndsIt) {
  folder_.write("intermission.yaml",
                std::string(kListener) + "control: { port: 0 }\nstate: { postgresql: nonsense }\n");
  start();
  EXPECT_EQ(running_->wait(), 2);
  EXPECT_THAT(running_->err(), HasSubstr("intermission.yaml:4: state.postgresql: expected libpq"));
  running_.reset();
  ServeOptions options = this->options();
  configure(kOrders);
  options.binding = "orders-db";
  running_ = std::make_unique<Running>(options);
  EXPECT_EQ(running_->wait(), 2);
  EXPECT_THAT(running_->err(),
              HasSubstr("--state-binding: VCAP_SERVICES has no binding named \"orders-db\""));
}

// Nobody listens on the database's port.
TEST_F(ServeTest, AnswersClientsWithoutItsDatabase) {
  configure(kOrders);
  const Variable none("INTERMISSION_TOKEN", "");
  const Variable url("INTERMISSION_DATABASE_URL", "host=127.0.0.1 port=1 dbname=ops user=u");
  const Log log;
  start();
  const std::string token = testing::read_file(path("intermission.token")).substr(0, 64);
  EXPECT_THAT(ask("/"), HasSubstr("Back soon"));
  const std::string text = operate("GET", "/metrics", token);
  EXPECT_THAT(text, HasSubstr("\nintermission_store_reachable 0\n"));
  EXPECT_THAT(text, HasSubstr("\nintermission_store_notified 0\n"));
  EXPECT_EQ(status_of(operate("POST", "/api/services/orders/off", token)), 503);
  EXPECT_THAT(operate("GET", "/metrics", token),
              HasSubstr("\nintermission_store_failures_total 1\n"));
  EXPECT_EQ(running_->end(), 0);
  running_.reset();
  const std::string said = log.take();
  EXPECT_THAT(said, HasSubstr("warning: the database 127.0.0.1:1, database ops cannot be reached"));
  EXPECT_THAT(said, HasSubstr("warning: each instance makes a token of its own; set "
                              "INTERMISSION_TOKEN so that one opens all"));
}

TEST_F(ServeTest, SharesItsStateAndCountsByADatabase) {
  const testing::Database database;
  const Variable url("INTERMISSION_DATABASE_URL", database.address_text());
  configure(kOrders);
  start();
  EXPECT_TRUE(eventually([&] { return metric("intermission_store_notified") == "1"; }));
  EXPECT_EQ(metric("intermission_store_reachable"), "1");
  EXPECT_EQ(metric("intermission_store_connections_total"), "1");
  EXPECT_EQ(status_of(operate("POST", "/api/services/orders/off")), 200);
  EXPECT_EQ(metric("intermission_store_saved_total"), "1");
  EXPECT_EQ(metric("intermission_store_failures_total"), "0");
  ask("/counted");
  EXPECT_TRUE(database.comes_to(
      "SELECT count(*) > 0 FROM intermission_count WHERE counts::text LIKE '%orders%'", "t"))
      << "what others are told";
  const std::string instances = body_of(operate("GET", "/api/instances"));
  EXPECT_THAT(instances, HasSubstr("\"self\":true"));
  EXPECT_THAT(instances, ::testing::ContainsRegex("\"configuration\":\"[0-9a-f]+\""));
  EXPECT_EQ(running_->end(), 0);
}

using ServeDeathTest = ServeTest;  // runs before all others, while there are no threads

// In a process of its own: nothing may end it but serve() itself, which returns.
TEST_F(ServeDeathTest, ReturnsWhenItHasEnded) {
  configure(kOrders);
  EXPECT_EXIT(
      {
        kill(getpid(), SIGTERM);  // taken as soon as it waits for one
        std::_Exit(10 + serve(options()));
      },
      ::testing::ExitedWithCode(10), "");
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

TEST_F(ServeTest, AStateThatCannotBeKeptIsReportedAtOnce) {
  const std::string file = path("none/state.json").string();
  folder_.write("intermission.yaml", std::string(kListener) +
                                         "control: { port: 0 }\nstate: { file: " + file +
                                         " }\nservices: " + kOrders + "\n");
  const Log log;
  start();
  EXPECT_EQ(running_->end(), 0) << "clients were answered all the same";
  running_.reset();
  EXPECT_THAT(log.take(), HasSubstr("changes by operators will be rejected: " + file +
                                    " cannot be written (state.file)"));
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
