// The statements, against a server of the tests' own.
#include "control/shared_tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "http/date.h"
#include "support/postgres.h"

namespace intermission::control {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

constexpr auto kLimit = 20s;

base::TimePoint at(const char* text) {
  return http::parse_rfc3339(text).value();
}

template <typename T>
T value_of(PostgresConnection::Outcome<T> outcome) {
  if (const auto* error = error_in(outcome)) throw std::runtime_error(error->text);
  return std::move(std::get<T>(outcome));
}

template <typename T>
DatabaseError problem_of(PostgresConnection::Outcome<T> outcome) {
  if (const auto* error = error_in(outcome)) return *error;
  throw std::runtime_error("there is no error");
}

ServiceState switched(std::uint64_t version, bool in_maintenance = true) {
  ServiceState state;
  state.version = version;
  state.switched = base::Switch{in_maintenance, at("2026-12-01T22:00:00Z"), {}, false};
  return state;
}

AuditEntry entry(std::uint64_t version, const std::string& service = "orders") {
  return {version, at("2026-12-01T22:00:00Z") + base::Seconds(static_cast<std::int64_t>(version)),
          service, "on", "anna"};
}

Instance instance(const std::string& id, const std::string& name) {
  Instance made;
  made.id = id;
  made.name = name;
  made.address = name + ":8080";
  made.program = "0.2.0";
  made.configuration = "abc";
  made.version = 4;
  made.held = "shop";
  return made;
}

class SharedTablesTest : public ::testing::Test {
 protected:
  SharedTablesTest() {
    if (const auto error = tables_.migrate(until())) throw std::runtime_error(error->text);
  }
  static Steady::time_point until(std::chrono::milliseconds limit = kLimit) {
    return Steady::now() + limit;
  }
  std::unique_ptr<PostgresConnection> connect() {
    return value_of(PostgresConnection::open(database_.address(), until(), interrupt_));
  }
  SharedTables::Update read(const SharedHead& known = {}) {
    return value_of(tables_.read(known, until()));
  }
  SharedHead head() { return read().found.head; }
  /// Of orders, as the next one after the head that is there.
  SharedTables::Change next(const std::string& name = "change") {
    const SharedHead now = head();
    SharedTables::Change change;
    change.expected = now;
    change.next = {now.database, now.version + 1, name};
    change.services = {{"orders", switched(now.version + 1)}};
    change.audit = {entry(now.version + 1)};
    return change;
  }
  void commit(const SharedTables::Change& change) {
    const auto committed = tables_.commit(change, until());
    ASSERT_EQ(committed.result, SharedTables::Commit::kDone) << committed.error.text;
  }
  /// The rows of the tables that a change writes.
  std::string written() const {
    return database_.sql(
        "SELECT string_agg(t, ' ') FROM (SELECT h::text AS t FROM intermission_head h UNION ALL "
        "SELECT s::text FROM intermission_service s UNION ALL SELECT a::text FROM "
        "intermission_audit a ORDER BY t) all_of_them");
  }

  SharedTables::Commit commit_without_standby() {
    database_.lose_standby();
    const auto connection = connect();
    return SharedTables(*connection).commit(next(), until(400ms)).result;
  }

  testing::Database database_;
  const Interrupt interrupt_;
  std::unique_ptr<PostgresConnection> connection_ = connect();
  SharedTables tables_{*connection_};
};

// ---------------------------------------------------------------- tables

TEST_F(SharedTablesTest, AreMadeOnce) {
  EXPECT_EQ(value_of(tables_.version(until())), 1);
  const std::string before = written();
  EXPECT_FALSE(tables_.migrate(until()));
  EXPECT_EQ(written(), before);
  database_.sql("UPDATE intermission_schema SET version = 7");
  EXPECT_EQ(value_of(tables_.version(until())), 7);
  database_.sql("DELETE FROM intermission_schema");
  EXPECT_EQ(value_of(tables_.version(until())), 0);
}

TEST_F(SharedTablesTest, AreMadeByOneInstanceAtATime) {
  const testing::Database empty;
  std::vector<std::thread> instances;
  for (int i = 0; i < 4; ++i) {
    instances.emplace_back([&] {
      auto connection = value_of(PostgresConnection::open(empty.address(), until(), interrupt_));
      SharedTables tables(*connection);
      EXPECT_LE(value_of(tables.version(until())), 1);
      const auto error = tables.migrate(until());
      EXPECT_FALSE(error) << error->text;
    });
  }
  for (std::thread& instance : instances) instance.join();
  EXPECT_EQ(empty.sql("SELECT count(*) FROM intermission_head"), "1");
}

TEST_F(SharedTablesTest, MayBeMadeByHand) {
  const testing::Database empty;
  empty.sql(std::string(shared_tables_sql()));
  empty.sql("GRANT ALL ON ALL TABLES IN SCHEMA public TO gateway");
  auto connection = value_of(PostgresConnection::open(empty.address(), until(), interrupt_));
  SharedTables tables(*connection);
  EXPECT_EQ(value_of(tables.version(until())), 1);
  EXPECT_FALSE(tables.migrate(until()));
  EXPECT_FALSE(tables.try_change(until()));
}

TEST_F(SharedTablesTest, CannotBeMadeByARoleThatMayNot) {
  const testing::Database empty;
  empty.sql("REVOKE ALL ON SCHEMA public FROM gateway");
  empty.sql("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
  auto connection = value_of(PostgresConnection::open(empty.address(), until(), interrupt_));
  SharedTables tables(*connection);
  const auto error = tables.migrate(until());
  ASSERT_TRUE(error);
  EXPECT_TRUE(error->is(sqlstate::kInsufficientPrivilege)) << error->text;
  EXPECT_EQ(value_of(tables.version(until())), 0) << "the connection is still of use";
}

// ---------------------------------------------------------------- reading

TEST_F(SharedTablesTest, AreEmptyAtFirst) {
  const auto first = read();
  EXPECT_EQ(first.found.head.version, 0U);
  EXPECT_EQ(first.found.head.change, "");
  EXPECT_EQ(first.found.head.database.size(), 32U);
  EXPECT_EQ(first.found.state, State());
  EXPECT_TRUE(first.is_whole);
  EXPECT_FALSE(first.contains_known) << "another database, as far as it is known";
  EXPECT_TRUE(read(first.found.head).contains_known);
}

TEST_F(SharedTablesTest, GiveBackWhatWasCommitted) {
  auto change = next("first");
  ServiceState state = switched(1);
  state.message = catalog::LocalizedText{{{"en", "\"quoted\"\n"}}};
  state.windows = {{"w1", R"({"start":"2026-12-06T02:00:00Z","end":"2026-12-06T04:00:00Z"})"}};
  state.cancelled = {at("2026-12-08T00:00:00Z")};
  change.services = {{"orders", state}, {"shop", switched(1, false)}};
  change.audit = {entry(1), entry(1, "shop")};
  commit(change);
  const auto found = read();
  EXPECT_EQ(found.found.head, change.next);
  EXPECT_EQ(found.found.state.version, 1U);
  EXPECT_THAT(found.found.state.services,
              ElementsAre(Pair("orders", state), Pair("shop", switched(1, false))));
  EXPECT_THAT(found.found.state.audit, ElementsAre(entry(1), entry(1, "shop")));
}

TEST_F(SharedTablesTest, GiveOnlyWhatIsNewToOneThatKnowsTheRest) {
  auto first = next("first");
  first.services.emplace_back("shop", switched(1));
  commit(first);
  commit(next("second"));
  const auto update = read(first.next);
  EXPECT_TRUE(update.contains_known);
  EXPECT_FALSE(update.is_whole);
  EXPECT_THAT(update.found.state.services, ElementsAre(Pair("orders", switched(2))));
  EXPECT_THAT(update.found.state.audit, ElementsAre(entry(2)));
  const auto nothing = read(update.found.head);
  EXPECT_TRUE(nothing.contains_known);
  EXPECT_EQ(nothing.found.head, update.found.head);
  EXPECT_TRUE(nothing.found.state.services.empty());
}

TEST_F(SharedTablesTest, GiveEverythingToOneThatKnowsSomethingElse) {
  commit(next("first"));
  commit(next("second"));
  const SharedHead now = head();
  for (const SharedHead& other :
       {SharedHead{"another", 2, "second"}, SharedHead{now.database, 2, "lost"},
        SharedHead{now.database, 3, "third"}}) {
    const auto update = read(other);
    EXPECT_FALSE(update.contains_known) << other.database << other.version << other.change;
    EXPECT_TRUE(update.is_whole);
    EXPECT_EQ(update.found.state.services.size(), 1U);
    EXPECT_EQ(update.found.state.audit.size(), 2U);
  }
}

TEST_F(SharedTablesTest, GiveTheNewestOfALongTrail) {
  commit(next());
  database_.sql(
      "INSERT INTO intermission_audit SELECT n, 'orders', '2026-12-01T22:00:00Z', 'on', '', '' "
      "FROM generate_series(2, 600) n");
  const auto audit = read().found.state.audit;
  ASSERT_EQ(audit.size(), State::kMostAudit);
  EXPECT_EQ(audit.front().version, 101U);
  EXPECT_EQ(audit.back().version, 600U) << "the newest last";
}

TEST_F(SharedTablesTest, AStateThatIsDamagedIsNamed) {
  commit(next());
  database_.sql("UPDATE intermission_service SET state = '{'");
  const DatabaseError damaged = problem_of(tables_.read({}, until()));
  EXPECT_THAT(damaged.text, HasSubstr("intermission_service, orders"));
  EXPECT_FALSE(damaged.is_lost);
  EXPECT_EQ(value_of(tables_.version(until())), 1) << "the connection is still of use";
}

// ---------------------------------------------------------------- changing

TEST_F(SharedTablesTest, OfTwoChangesOfOneStateOneIsAConflict) {
  const auto first = next("first");
  auto second = next("second");
  second.services = {{"shop", switched(1)}};
  commit(first);
  const std::string before = written();
  const auto committed = tables_.commit(second, until());
  EXPECT_EQ(committed.result, SharedTables::Commit::kConflict);
  EXPECT_EQ(written(), before);
  commit(next("third"));
}

TEST_F(SharedTablesTest, AChangeReplacesTheStateOfItsService) {
  commit(next("first"));
  auto second = next("second");
  second.services = {{"orders", switched(2, false)}};
  commit(second);
  EXPECT_THAT(read().found.state.services, ElementsAre(Pair("orders", switched(2, false))));
}

// The trail is what the database is asked for a change by: one that is put back is none of its own.
TEST_F(SharedTablesTest, WhatIsPutBackOfTheTrailNamesNoChange) {
  auto change = next("back");
  change.next.version = 5;
  change.audit = {entry(3), entry(5)};
  commit(change);
  EXPECT_EQ(database_.sql("SELECT string_agg(version || change, ' ' ORDER BY version) FROM "
                          "intermission_audit"),
            "3 5back");
  change.expected = head();
  change.next = {change.next.database, 6, "again"};
  change.audit = {entry(3), entry(6)};
  commit(change);
  EXPECT_EQ(database_.sql("SELECT count(*) FROM intermission_audit"), "3") << "each entry once";
}

TEST_F(SharedTablesTest, AChangeWaitsForALockNoLongerThanItsLimit) {
  const auto change = next();
  database_.sql("BEGIN; SELECT * FROM intermission_head FOR UPDATE");
  const auto committed = tables_.commit(change, until(400ms));
  EXPECT_EQ(committed.result, SharedTables::Commit::kRefused);
  EXPECT_FALSE(committed.error.is_lost) << "the server ends it first";
  EXPECT_TRUE(committed.error.is(sqlstate::kQueryCanceled) ||
              committed.error.is(sqlstate::kLockNotAvailable))
      << committed.error.state;
  EXPECT_FALSE(value_of(tables_.read({}, until())).found.head.version) << "others may read";
  database_.sql("ROLLBACK");
  commit(change);
}

TEST_F(SharedTablesTest, AReadOnlyServerRefusesAChange) {
  const auto change = next();
  database_.sql("ALTER ROLE gateway SET default_transaction_read_only = on");
  const auto connection = connect();
  SharedTables tables(*connection);
  const auto committed = tables.commit(change, until());
  EXPECT_EQ(committed.result, SharedTables::Commit::kRefused);
  EXPECT_TRUE(committed.error.is(sqlstate::kReadOnly)) << committed.error.text;
  EXPECT_TRUE(tables.try_change(until())->is(sqlstate::kReadOnly));
  EXPECT_EQ(value_of(tables.read({}, until())).found.head.version, 0U);
}

TEST_F(SharedTablesTest, AChangeThatIsRefusedLeavesNothingAndTheConnectionIsOfUse) {
  const auto change = next();
  const std::string before = written();
  for (const char* table : {"intermission_service", "intermission_audit"}) {
    database_.sql(std::string("REVOKE INSERT ON ") + table + " FROM gateway");
    const auto committed = tables_.commit(change, until());
    EXPECT_EQ(committed.result, SharedTables::Commit::kRefused) << table;
    EXPECT_TRUE(committed.error.is(sqlstate::kInsufficientPrivilege)) << committed.error.text;
    EXPECT_TRUE(tables_.try_change(until())->is(sqlstate::kInsufficientPrivilege)) << table;
    EXPECT_EQ(written(), before);
    database_.sql(std::string("GRANT ALL ON ") + table + " TO gateway");
  }
  EXPECT_FALSE(tables_.try_change(until()));
  EXPECT_EQ(written(), before) << "what is tried is taken back";
  commit(change);
}

// What the server refuses at COMMIT is rolled back, unless it says that it does not know.
TEST_F(SharedTablesTest, WhatIsRefusedAtTheEndIsRolledBack) {
  const auto change = next();
  const std::string before = written();
  database_.before_commit("RAISE EXCEPTION 'no' USING ERRCODE = '40001'");
  auto committed = tables_.commit(change, until());
  EXPECT_EQ(committed.result, SharedTables::Commit::kRefused);
  EXPECT_TRUE(committed.error.is(sqlstate::kSerializationFailure));
  database_.end_before_commit();
  database_.before_commit("RAISE EXCEPTION 'unknown' USING ERRCODE = '40003'");
  committed = tables_.commit(change, until());
  EXPECT_EQ(committed.result, SharedTables::Commit::kInDoubt);
  EXPECT_EQ(written(), before);
}

TEST_F(SharedTablesTest, AConnectionThatIsLostAtTheEndLeavesDoubt) {
  const auto change = next("lost");
  database_.before_commit("PERFORM pg_sleep(30)");
  std::thread administrator([&] {
    EXPECT_TRUE(database_.comes_to(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'", "1"));
    EXPECT_EQ(database_.disconnect(), 1);
  });
  const auto committed = tables_.commit(change, until());
  administrator.join();
  EXPECT_EQ(committed.result, SharedTables::Commit::kInDoubt);
  EXPECT_TRUE(committed.error.is_lost);
  const auto again = connect();
  EXPECT_FALSE(value_of(SharedTables(*again).settled("lost", until())));
}

TEST_F(SharedTablesTest, AChangeThatWasCommittedIsFoundByItsName) {
  commit(next("first"));
  EXPECT_TRUE(value_of(tables_.settled("first", until())));
  EXPECT_FALSE(value_of(tables_.settled("second", until())));
}

// Whether it was committed is known only when its connection has let the lock go.
TEST_F(SharedTablesTest, AChangeThatIsNotYetSettledIsWaitedFor) {
  const auto change = next("slow");
  const auto other = connect();
  database_.before_commit("PERFORM pg_sleep(0.3)");
  std::thread slow([&] {
    SharedTables tables(*other);
    EXPECT_EQ(tables.commit(change, until()).result, SharedTables::Commit::kDone);
  });
  EXPECT_TRUE(database_.comes_to(
      "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'", "1"));
  EXPECT_TRUE(value_of(tables_.settled("slow", until())));
  slow.join();
}

// The server's limit for a statement would end the wait for a standby with "committed".
TEST_F(SharedTablesTest, ACommitWaitsForItsStandbysAsLongAsItMay) {
  EXPECT_EQ(commit_without_standby(), SharedTables::Commit::kInDoubt) << "and not done";
}

TEST_F(SharedTablesTest, WhatMayBeLostWaitsForNoStandby) {
  const std::string id = "one";
  ASSERT_EQ(commit_without_standby(), SharedTables::Commit::kInDoubt);
  EXPECT_EQ(value_of(tables_.beat(instance(id, "a"), until())).version, head().version);
  EXPECT_FALSE(tables_.insert_counts(id, "{}", until()));
  EXPECT_TRUE(value_of(tables_.update_counts(id, "{\"a\":1}", until())));
  EXPECT_TRUE(value_of(tables_.fold_counts(
                           {id}, [](const auto&) { return "{}"; }, until()))
                  .empty());
  EXPECT_FALSE(tables_.notify("1", until()));
  EXPECT_FALSE(tables_.remove_instance(id, until()));
}

// ---------------------------------------------------------------- instances

TEST_F(SharedTablesTest, ListInstancesByName) {
  commit(next("first"));
  EXPECT_EQ(value_of(tables_.beat(instance("1", "z"), until())), head());
  value_of(tables_.beat(instance("2", "a"), until()));
  auto all = value_of(tables_.instances(until()));
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].name, "a");
  EXPECT_EQ(all[0].id, "2");
  EXPECT_EQ(all[1].name, "z");
  EXPECT_EQ(all[1].address, "z:8080");
  EXPECT_EQ(all[1].program, "0.2.0");
  EXPECT_EQ(all[1].configuration, "abc");
  EXPECT_EQ(all[1].version, 4U);
  EXPECT_EQ(all[1].held, "shop");
  EXPECT_FALSE(all[1].is_self);
  EXPECT_LT(all[1].ago, base::Seconds(20));
  database_.sql("UPDATE intermission_instance SET seen = now() - interval '90 s' WHERE id = '1'");
  database_.sql("UPDATE intermission_instance SET seen = now() + interval '90 s' WHERE id = '2'");
  all = value_of(tables_.instances(until()));
  EXPECT_GE(all[1].ago, base::Seconds(90));
  EXPECT_LT(all[1].ago, base::Seconds(110));
  EXPECT_EQ(all[0].ago, base::Seconds(0)) << "a clock that went back";
}

TEST_F(SharedTablesTest, ABeatChangesWhatIsKnownOfAnInstance) {
  value_of(tables_.beat(instance("1", "a"), until()));
  const auto before = value_of(tables_.instances(until()))[0];
  Instance changed = instance("1", "b");
  changed.program = "0.3.0";
  changed.configuration = "def";
  changed.version = 5;
  changed.held = "";
  value_of(tables_.beat(changed, until()));
  const auto all = value_of(tables_.instances(until()));
  ASSERT_EQ(all.size(), 1U);
  EXPECT_NE(all[0].mark, before.mark);
  EXPECT_EQ(all[0].name, "b");
  EXPECT_EQ(all[0].address, "b:8080");
  EXPECT_EQ(all[0].program, "0.3.0");
  EXPECT_EQ(all[0].configuration, "def");
  EXPECT_EQ(all[0].version, 5U);
  EXPECT_EQ(all[0].held, "");
}

TEST_F(SharedTablesTest, AnInstanceThatLeavesIsRemoved) {
  value_of(tables_.beat(instance("1", "a"), until()));
  value_of(tables_.beat(instance("2", "b"), until()));
  EXPECT_FALSE(tables_.remove_instance("1", until()));
  const auto all = value_of(tables_.instances(until()));
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].id, "2");
}

TEST_F(SharedTablesTest, AnInstanceIsForgottenUnlessItHasBeatenMeanwhile) {
  value_of(tables_.beat(instance("1", "a"), until()));
  const auto seen = value_of(tables_.instances(until()))[0];
  value_of(tables_.beat(instance("1", "a"), until()));
  EXPECT_FALSE(tables_.forget_instance("1", seen.mark, until()));
  const auto again = value_of(tables_.instances(until()));
  ASSERT_EQ(again.size(), 1U);
  EXPECT_FALSE(tables_.forget_instance("2", again[0].mark, until()));
  EXPECT_EQ(value_of(tables_.instances(until())).size(), 1U);
  EXPECT_FALSE(tables_.forget_instance("1", again[0].mark, until()));
  EXPECT_TRUE(value_of(tables_.instances(until())).empty());
}

// ---------------------------------------------------------------- counts

TEST_F(SharedTablesTest, CountsAreThoseOfTheOthers) {
  EXPECT_FALSE(value_of(tables_.update_counts("1", "one", until()))) << "there is no row";
  EXPECT_TRUE(value_of(tables_.counts("2", until())).empty());
  EXPECT_FALSE(tables_.insert_counts("1", "one", until()));
  EXPECT_FALSE(tables_.insert_counts("2", "two", until()));
  EXPECT_FALSE(tables_.insert_counts("2", "again", until())) << "the one that is there stays";
  EXPECT_THAT(value_of(tables_.counts("1", until())), ElementsAre("two"));
  EXPECT_TRUE(value_of(tables_.update_counts("1", "one more", until())));
  EXPECT_THAT(value_of(tables_.counts("2", until())), ElementsAre("one more"));
  EXPECT_THAT(value_of(tables_.counts("3", until())), UnorderedElementsAre("one more", "two"));
}

TEST_F(SharedTablesTest, CountsOfThoseThatHaveGoneAreFolded) {
  const auto fold = [](const std::vector<std::string>& rows) {
    std::string all;
    for (const std::string& row : rows) all += row;
    return all;
  };
  value_of(tables_.beat(instance("lives", "a"), until()));
  for (const char* id : {"a", "b", "lives"}) {
    EXPECT_FALSE(tables_.insert_counts(id, "{" + std::string(id) + "}", until()));
  }
  EXPECT_THAT(value_of(tables_.fold_counts({}, fold, until())), ElementsAre("a", "b"))
      << "not listed as instances";
  EXPECT_EQ(database_.sql("SELECT counts FROM intermission_count WHERE id = 'gone'"), "{}");
  EXPECT_THAT(value_of(tables_.fold_counts({"b", "lives"}, fold, until())), ElementsAre("a"));
  EXPECT_EQ(database_.sql("SELECT counts FROM intermission_count WHERE id = 'gone'"), "{}{b}");
  EXPECT_EQ(database_.sql("SELECT string_agg(id, ' ' ORDER BY id) FROM intermission_count"),
            "a gone lives");
  EXPECT_TRUE(value_of(tables_.fold_counts({"a"}, fold, until())).empty());
  EXPECT_EQ(database_.sql("SELECT counts FROM intermission_count WHERE id = 'gone'"), "{}{b}{a}");
}

// ---------------------------------------------------------------- NOTIFY

TEST_F(SharedTablesTest, NotifyWhoListens) {
  const auto other = connect();
  EXPECT_FALSE(SharedTables(*other).listen(until()));
  EXPECT_FALSE(tables_.notify("7 ' \"", until()));
  std::vector<PostgresConnection::Notification> heard;
  for (const auto limit = until(); heard.empty() && Steady::now() < limit;) {
    heard = value_of(other->notifications());
  }
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_EQ(heard[0].text, "7 ' \"");
}

}  // namespace
}  // namespace intermission::control
