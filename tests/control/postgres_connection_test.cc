// One connection, to a server of the tests' own: what it says, and what ends within its limit.
#include "control/postgres_connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "support/postgres.h"
#include "support/scripted_server.h"

namespace intermission::control {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

Steady::time_point in(std::chrono::milliseconds time) {
  return Steady::now() + time;
}

class PostgresConnectionTest : public ::testing::Test {
 protected:
  std::unique_ptr<PostgresConnection> open(const DatabaseAddress& address) {
    auto opened = PostgresConnection::open(address, in(20s), interrupt_);
    if (const auto* error = error_in(opened)) throw std::runtime_error(error->text);
    return std::move(std::get<std::unique_ptr<PostgresConnection>>(opened));
  }
  /// Of an address that must not be connected to.
  DatabaseError error_of(const DatabaseAddress& address, std::chrono::milliseconds limit = 20s) {
    auto opened = PostgresConnection::open(address, in(limit), interrupt_);
    if (const auto* error = error_in(opened)) return *error;
    return {"it is open", {}, false};
  }
  Rows rows(const char* statement, const PostgresConnection::Parameters& parameters = {}) {
    auto outcome = connection_->run(statement, parameters, in(20s));
    if (const auto* error = error_in(outcome)) throw std::runtime_error(error->text);
    return std::move(std::get<Rows>(outcome));
  }
  DatabaseError error(const char* statement, std::chrono::milliseconds limit = 20s) {
    auto outcome = connection_->run(statement, {}, in(limit));
    if (const auto* error = error_in(outcome)) return *error;
    return {"there is none", {}, false};
  }
  std::vector<PostgresConnection::Notification> heard() {
    auto outcome = connection_->notifications();
    if (const auto* error = error_in(outcome)) throw std::runtime_error(error->text);
    return std::get<std::vector<PostgresConnection::Notification>>(outcome);
  }
  void wait_for_the_server() const {
    pollfd socket{connection_->descriptor(), POLLIN, 0};
    ASSERT_EQ(poll(&socket, 1, 20'000), 1);
  }

  testing::Database database_;
  const Interrupt interrupt_;
  std::unique_ptr<PostgresConnection> connection_ = open(database_.address());
};

TEST_F(PostgresConnectionTest, GivesRowsAsText) {
  const Rows found =
      rows("SELECT * FROM (VALUES (1, 'a', true), (2, $1, false), (3, NULL, NULL)) AS t (n, s, b)",
           {"b'\"\\"});
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found.number(0, 0), 1U);
  EXPECT_EQ(found.number(2, 0), 3U);
  EXPECT_EQ(found.text(1, 1), "b'\"\\");
  EXPECT_EQ(found.text(2, 1), "");
  EXPECT_EQ(found.number(0, 1), 0U) << "not a number";
  EXPECT_TRUE(found.truth(0, 2));
  EXPECT_FALSE(found.truth(1, 2));
  EXPECT_FALSE(found.truth(2, 2));
  EXPECT_EQ(rows("SELECT 1 WHERE false").size(), 0U);
}

TEST_F(PostgresConnectionTest, AParameterMayBeMissing) {
  EXPECT_EQ(rows("SELECT coalesce($1, 'none')", {std::nullopt}).text(0, 0), "none");
  EXPECT_EQ(rows("SELECT $1 || $2", {"a", "b"}).text(0, 0), "ab") << "in their order";
}

TEST_F(PostgresConnectionTest, AnErrorHasItsStateAndKeepsTheConnection) {
  const DatabaseError missing = error("SELECT * FROM nowhere");
  EXPECT_THAT(missing.text, HasSubstr("relation \"nowhere\" does not exist"));
  EXPECT_EQ(missing.text.find('\n'), std::string::npos) << "one line";
  EXPECT_TRUE(missing.is("42P01"));
  EXPECT_FALSE(missing.is_lost);
  EXPECT_EQ(rows("SELECT 7").number(0, 0), 7U);
}

TEST_F(PostgresConnectionTest, OfSeveralStatementsTheFirstErrorCounts) {
  EXPECT_FALSE(
      connection_->run_all("CREATE TABLE a (n int); INSERT INTO a VALUES (1), (2)", in(20s)));
  EXPECT_EQ(rows("SELECT sum(n) FROM a").number(0, 0), 3U);
  const auto failed =
      connection_->run_all("INSERT INTO a VALUES (3); SELECT 1/0; SELECT * FROM nowhere", in(20s));
  ASSERT_TRUE(failed);
  EXPECT_TRUE(failed->is("22012")) << failed->text;
  EXPECT_FALSE(failed->is_lost);
  EXPECT_EQ(rows("SELECT sum(n) FROM a").number(0, 0), 3U);
}

// Both ways at once: the server stops reading while nobody reads what it says.
TEST_F(PostgresConnectionTest, WhatIsLargeArrivesWhole) {
  const std::string large(32 << 20, 'x');
  const Rows found = rows("SELECT $1 || 'y', length($1)", {large});
  EXPECT_EQ(found.number(0, 1), large.size());
  EXPECT_EQ(found.text(0, 0), large + "y");
}

TEST_F(PostgresConnectionTest, NothingLastsLongerThanItsLimit) {
  const auto began = Steady::now();
  const DatabaseError late = error("SELECT pg_sleep(30)", 50ms);
  EXPECT_LT(Steady::now() - began, 20s);
  EXPECT_GE(Steady::now() - began, 50ms);
  EXPECT_EQ(late.text, "the database did not answer in time");
  EXPECT_TRUE(late.is_lost);
  EXPECT_EQ(connection_->descriptor(), -1) << "what comes next on it is unknown";
  for (const DatabaseError& next :
       {error("SELECT 1"), connection_->run_all("SELECT 1", in(20s)).value(),
        std::get<DatabaseError>(connection_->notifications())}) {
    EXPECT_EQ(next.text, "there is no connection");
    EXPECT_TRUE(next.is_lost);
  }
}

TEST_F(PostgresConnectionTest, AnInterruptEndsWhateverIsWaitedFor) {
  interrupt_.raise();
  interrupt_.raise();
  const DatabaseError ended = error("SELECT pg_sleep(30)");
  EXPECT_EQ(ended.text, "interrupted");
  EXPECT_TRUE(ended.is_lost);
  EXPECT_EQ(error_of(database_.address()).text, "interrupted") << "until it is cleared";
  interrupt_.clear();
  connection_ = open(database_.address());
  EXPECT_EQ(rows("SELECT 7").number(0, 0), 7U);
}

// What is half-way when the gateway stops: giving it up would cost the connection.
TEST_F(PostgresConnectionTest, AStatementThatIsAnsweredSoonOutlivesAnInterrupt) {
  interrupt_.raise();
  EXPECT_EQ(rows("SELECT 7 FROM pg_sleep(0.02)").number(0, 0), 7U);
  EXPECT_EQ(rows("SELECT 8 FROM pg_sleep(0.02)").number(0, 0), 8U) << "each has a grace of its own";
  auto late = connection_->run("SELECT pg_sleep(30)", {}, Steady::now() + 50ms);
  EXPECT_EQ(std::get<DatabaseError>(late).text, "the database did not answer in time")
      << "and none has more time than it was given";
}

TEST_F(PostgresConnectionTest, AnInterruptArrivesWhileSomethingIsWaitedFor) {
  std::thread interrupter([&] {
    EXPECT_TRUE(database_.comes_to(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'", "1"));
    interrupt_.raise();
  });
  EXPECT_EQ(error("SELECT pg_sleep(30)").text, "interrupted");
  interrupter.join();
}

TEST_F(PostgresConnectionTest, AConnectionThatTheServerEndsIsLost) {
  EXPECT_EQ(database_.disconnect(), 1);
  const DatabaseError ended = error("SELECT 1");
  EXPECT_TRUE(ended.is_lost) << ended.text;
  EXPECT_EQ(connection_->descriptor(), -1);
}

TEST_F(PostgresConnectionTest, AConnectionThatEndsWhileNothingIsAskedIsLost) {
  EXPECT_EQ(database_.disconnect(), 1);
  DatabaseError ended;
  while (connection_->descriptor() != -1) {
    wait_for_the_server();
    auto outcome = connection_->notifications();
    if (const auto* error = error_in(outcome)) ended = *error;
  }
  EXPECT_TRUE(ended.is_lost);
  EXPECT_NE(ended.text, "");
}

TEST_F(PostgresConnectionTest, WhatIsWrongWithAnAddressIsSaidWithoutItsSecrets) {
  DatabaseAddress wrong = database_.address();
  wrong.set("password", "not-the-password");
  const DatabaseError refused = error_of(wrong);
  EXPECT_TRUE(refused.is_lost);
  EXPECT_THAT(refused.text, HasSubstr("password authentication failed"));
  EXPECT_THAT(refused.text, Not(HasSubstr("not-the-password")));
  DatabaseAddress nowhere = database_.address();
  nowhere.set("port", "1");
  EXPECT_THAT(error_of(nowhere).text, HasSubstr("Connection refused"));
}

TEST_F(PostgresConnectionTest, AServerThatDoesNotAnswerIsGivenUp) {
  const testing::ScriptedServer silent("", testing::ScriptedServer::Then::kIsSilent);
  DatabaseAddress address = database_.address();
  address.set("port", std::to_string(silent.port()));
  address.set("sslmode", "disable");
  const DatabaseError late = error_of(address, 50ms);
  EXPECT_EQ(late.text, "the database did not take the connection in time");
  EXPECT_TRUE(late.is_lost);
}

// A notification of its own proves that they arrive.
TEST_F(PostgresConnectionTest, HearsNotifications) {
  ASSERT_FALSE(connection_->run_all("LISTEN news", in(20s)));
  EXPECT_TRUE(heard().empty());
  database_.sql("NOTIFY news, 'by another'");
  wait_for_the_server();
  ASSERT_FALSE(connection_->run_all("NOTIFY news, 'by itself'", in(20s)));
  const auto all = heard();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].text, "by another");
  EXPECT_FALSE(all[0].is_own);
  EXPECT_EQ(all[1].text, "by itself");
  EXPECT_TRUE(all[1].is_own);
  EXPECT_TRUE(heard().empty()) << "each once";
}

// libpq would print them on standard error, in the middle of the log.
TEST_F(PostgresConnectionTest, NoticesOfTheServerAreNotPrinted) {
  ::testing::internal::CaptureStderr();
  ASSERT_FALSE(connection_->run_all("DROP TABLE IF EXISTS nowhere", in(20s)));
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace intermission::control
