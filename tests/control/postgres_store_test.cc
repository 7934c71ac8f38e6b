// Instances that share a database of the tests' own, each with its thread: what one saves is in
// force at the others, and what happens while the database is gone, refuses or went back.
#include "control/postgres_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "control/file_store.h"
#include "control/state_json.h"
#include "http/date.h"
#include "support/eventually.h"
#include "support/fake_clock.h"
#include "support/files.h"
#include "support/postgres.h"
#include "support/temporary_folder.h"

namespace intermission::control {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::AnyOf;
using testing::eventually;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

base::TimePoint at(const char* text) {
  return http::parse_rfc3339(text).value();
}

/// The State after `before` in which a service was switched.
State switched(const State& before, const std::string& service, bool in_maintenance = true) {
  State next = before;
  next.version = before.version + 1;
  next.services[service].version = next.version;
  next.services[service].switched =
      base::Switch{in_maintenance, at("2026-12-01T22:00:00Z"), {}, false};
  next.audit.push_back(
      {next.version, at("2026-12-01T22:00:00Z"), service, in_maintenance ? "on" : "off", "anna"});
  return next;
}

bool is_saved(const Store::SaveResult& result) {
  return std::holds_alternative<Store::Saved>(result);
}

std::string failure_of(const Store::SaveResult& result) {
  const auto* failure = std::get_if<Store::Failure>(&result);
  if (failure == nullptr) return is_saved(result) ? "it is saved" : "it is a conflict";
  return (failure->is_in_doubt ? "in doubt: " : "") + failure->why.text();
}

/// One store with what it tells.
class Instance {
 public:
  Instance(const DatabaseAddress& address, const base::Clock& clock, const std::string& id,
           const std::string& copy = "",
           std::unique_ptr<base::FileSystem> files = std::make_unique<base::SystemFiles>(),
           const PostgresStore::Limits& limits = {})
      : store_(
            {address, copy, self(id), 1, limits}, clock,
            [this](const std::string& text) {
              const std::lock_guard lock(mutex_);
              reports_.push_back(text);
            },
            std::move(files)) {
    auto loaded = store_.load();
    if (!loaded) throw std::runtime_error(loaded.error().text());
    loaded_ = std::move(loaded->state);
    store_.watch([this](const State& state) {
      const std::lock_guard lock(mutex_);
      told_ = state;
    });
  }
  ~Instance() { EXPECT_TRUE(store_.stop(20s)); }
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  PostgresStore& store() { return store_; }
  const State& loaded() const { return loaded_; }
  State told() const {
    const std::lock_guard lock(mutex_);
    return told_;
  }
  std::vector<std::string> reports() const {
    const std::lock_guard lock(mutex_);
    return reports_;
  }
  bool has_reported(const std::string& part) const {
    for (const std::string& one : reports()) {
      if (one.find(part) != std::string::npos) return true;
    }
    return false;
  }
  /// On top of what it has in force.
  Store::SaveResult save(const std::string& service, bool in_maintenance = true) {
    const State now = told();
    return store_.save(now.version, switched(now, service, in_maintenance));
  }
  bool has(std::uint64_t version) const {
    return eventually([&] { return told().version == version; });
  }
  bool comes_to_be_reachable(bool reachable = true) const {
    return eventually([&] { return store_.status().is_reachable == reachable; });
  }
  bool hears() const {
    return eventually([&] { return store_.status().is_hearing; });
  }

 private:
  static control::Instance self(const std::string& id) {
    control::Instance self;
    self.id = id;
    self.name = "maintenance/" + id;
    self.address = "host-" + id + ":8080";
    self.program = "0.2.0";
    return self;
  }

  mutable std::mutex mutex_;
  std::vector<std::string> reports_;
  State told_;
  State loaded_;
  PostgresStore store_;  // its threads call what stands above
};

/// Whether a thread of this process comes to wait for something.
bool comes_to_sleep(pid_t thread) {
  const std::string file = "/proc/self/task/" + std::to_string(thread) + "/status";
  return eventually(
      [&] { return testing::read_file(file).find("State:\tS") != std::string::npos; });
}

/// Keeps the thread of a store in its callback, from the first State that another instance saved
/// until the end.
class BusyThread {
 public:
  explicit BusyThread(Instance& instance) : instance_(instance) {
    instance_.store().watch([this](const State& state) {
      if (state.version == 0 || std::exchange(is_kept_, true)) return;
      entered_.set_value();
      free_.get_future().wait();
    });
  }
  ~BusyThread() { let_go(); }
  BusyThread(const BusyThread&) = delete;
  BusyThread& operator=(const BusyThread&) = delete;

  bool comes_to_be_kept() {
    return entered_.get_future().wait_for(testing::WireClient::kLimit) == std::future_status::ready;
  }
  void let_go() {
    if (std::exchange(is_free_, true)) return;
    free_.set_value();
    instance_.store().watch({});
  }

 private:
  Instance& instance_;
  bool is_kept_ = false;  // of the thread that calls
  std::promise<void> entered_;
  std::promise<void> free_;
  bool is_free_ = false;
};

/// A port of 127.0.0.1 where connections are accepted and nothing is said.
class SilentHost {
 public:
  SilentHost() : listener_(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* any = reinterpret_cast<sockaddr*>(&address);
    if (bind(listener_, any, size) != 0 || listen(listener_, 1) != 0 ||
        getsockname(listener_, any, &size) != 0) {
      throw std::runtime_error("cannot listen on 127.0.0.1");
    }
    port_ = ntohs(address.sin_port);
  }
  ~SilentHost() { close(listener_); }
  SilentHost(const SilentHost&) = delete;
  SilentHost& operator=(const SilentHost&) = delete;

  std::string port() const { return std::to_string(port_); }
  bool was_called() const {
    const int called = accept(listener_, nullptr, nullptr);
    if (called >= 0) close(called);
    return called >= 0;
  }

 private:
  int listener_;
  std::uint16_t port_ = 0;
};

class PostgresStoreTest : public ::testing::Test {
 protected:
  std::unique_ptr<Instance> start(const std::string& id, const std::string& copy = "",
                                  const PostgresStore::Limits& limits = {}) {
    return std::make_unique<Instance>(database_.address(), clock_, id, copy,
                                      std::make_unique<base::SystemFiles>(), limits);
  }
  std::string copy(const std::string& id) const {
    return (folder_.path() / (id + ".json")).string();
  }
  State copied(const std::string& id) const {
    if (!std::filesystem::exists(copy(id))) return {};
    SharedHead head;
    return *state_from_json(testing::read_file(copy(id)), id, &head);
  }
  /// The database is as it was before the first change.
  void lose_everything() const {
    database_.sql("BEGIN");
    database_.sql("DELETE FROM intermission_service");
    database_.sql("DELETE FROM intermission_audit");
    database_.sql("UPDATE intermission_head SET version = 0, change = ''");
    database_.sql("COMMIT");
  }
  bool sleeps() const {
    return database_.comes_to(
        "SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event = 'PgSleep'", "t");
  }

  testing::Database database_;
  testing::FakeClock clock_{at("2026-12-01T22:00:00Z")};
  const testing::TemporaryFolder folder_;
};

// ---------------------------------------------------------------- together

TEST_F(PostgresStoreTest, BeginsWithAnEmptyDatabase) {
  const auto one = start("1");
  EXPECT_EQ(one->loaded(), State());
  EXPECT_TRUE(one->store().is_shared());
  const StoreStatus status = one->store().status();
  EXPECT_EQ(status.kind, "postgresql");
  EXPECT_THAT(status.place, AllOf(StartsWith("127.0.0.1:"), HasSubstr(", database test")));
  EXPECT_TRUE(status.is_reachable);
  EXPECT_TRUE(status.takes_changes);
  EXPECT_EQ(status.problem, "");
  EXPECT_EQ(status.since, clock_.now());
  EXPECT_EQ(status.connections, 1U);
  EXPECT_EQ(status.saved + status.conflicts + status.failures, 0U);
  EXPECT_THAT(one->reports(), IsEmpty());
}

TEST_F(PostgresStoreTest, WhatOneSavesIsInForceAtAll) {
  const auto one = start("1");
  const auto other = start("2");
  EXPECT_TRUE(one->hears());
  EXPECT_TRUE(other->hears());
  EXPECT_TRUE(is_saved(one->save("orders")));
  EXPECT_TRUE(other->has(1));
  EXPECT_EQ(other->told(), one->told());
  EXPECT_TRUE(other->told().services.at("orders").switched->in_maintenance);
  EXPECT_TRUE(is_saved(other->save("shop")));
  EXPECT_TRUE(one->has(2));
  EXPECT_EQ(one->told(), other->told());
  EXPECT_EQ(one->told().audit.size(), 2U);
  EXPECT_EQ(one->store().status().saved, 1U);
  const auto third = start("3");
  EXPECT_EQ(third->loaded(), one->told());
}

TEST_F(PostgresStoreTest, OfTwoChangesOfOneVersionOneIsAConflict) {
  const auto one = start("1");
  const auto other = start("2");
  EXPECT_TRUE(is_saved(one->store().save(0, switched({}, "orders"))));
  EXPECT_TRUE(other->has(1));
  const auto result = other->store().save(0, switched({}, "shop"));
  ASSERT_TRUE(std::holds_alternative<Store::Conflict>(result)) << failure_of(result);
  EXPECT_EQ(std::get<Store::Conflict>(result).current, one->told());
  EXPECT_EQ(other->store().status().conflicts, 1U);
  EXPECT_EQ(other->store().status().saved, 0U);
  EXPECT_TRUE(is_saved(other->save("shop")));
}

// It does not wait until it has heard of the change that came in between.
TEST_F(PostgresStoreTest, AConflictThatTheDatabaseFindsIsReported) {
  const auto one = start("1");
  const auto other = start("2");
  database_.before_commit("PERFORM pg_sleep(0.2)");
  std::thread slow([&] { EXPECT_TRUE(is_saved(one->store().save(0, switched({}, "orders")))); });
  EXPECT_TRUE(sleeps());
  const auto result = other->store().save(0, switched({}, "shop"));
  slow.join();
  ASSERT_TRUE(std::holds_alternative<Store::Conflict>(result)) << failure_of(result);
  EXPECT_EQ(std::get<Store::Conflict>(result).current.version, 1U);
  EXPECT_TRUE(other->has(1));
}

TEST_F(PostgresStoreTest, WithoutNotificationsTheyLookByThemselves) {
  database_.sql("REVOKE EXECUTE ON FUNCTION pg_notify(text, text) FROM PUBLIC");
  const auto one = start("1");
  const auto other = start("2");
  EXPECT_TRUE(is_saved(one->save("orders")));
  EXPECT_TRUE(other->has(1));
  EXPECT_FALSE(other->store().status().is_hearing);
  EXPECT_TRUE(other->store().status().is_reachable);
}

TEST_F(PostgresStoreTest, ADatabaseThatWantsAChangeRepeatedGivesAConflict) {
  const auto one = start("1");
  database_.before_commit("RAISE EXCEPTION 'restart transaction' USING ERRCODE = '40001'");
  EXPECT_EQ(failure_of(one->save("orders")), "it is a conflict");
  database_.end_before_commit();
  database_.before_commit("RAISE EXCEPTION 'deadlock' USING ERRCODE = '40P01'");
  EXPECT_EQ(failure_of(one->save("orders")), "it is a conflict");
  EXPECT_TRUE(one->store().status().takes_changes);
  database_.end_before_commit();
  EXPECT_TRUE(is_saved(one->save("orders")));
}

TEST_F(PostgresStoreTest, ALateWatcherGetsTheKnownState) {
  const auto one = start("1");
  EXPECT_TRUE(is_saved(one->save("orders")));
  State told;
  one->store().watch([&](const State& state) { told = state; });
  EXPECT_EQ(told.version, 1U);
  one->store().watch({});
  const auto other = start("2");
  EXPECT_TRUE(is_saved(other->save("shop")));
  EXPECT_TRUE(eventually([&] { return one->store().instances(20s).size() == 2U; }));
  EXPECT_EQ(told.version, 1U) << "no longer";
}

// ---------------------------------------------------------------- the copy

TEST_F(PostgresStoreTest, WhatIsSavedIsInTheCopyAtOnce) {
  const auto one = start("1", copy("1"));
  EXPECT_TRUE(is_saved(one->save("orders")));
  EXPECT_EQ(copied("1"), one->told());
  EXPECT_TRUE(is_saved(one->save("orders", false)));
  EXPECT_EQ(copied("1"), one->told());
}

TEST_F(PostgresStoreTest, WhatOthersSaveComesIntoTheCopy) {
  const auto one = start("1", copy("1"));
  const auto other = start("2");
  EXPECT_TRUE(is_saved(other->save("orders")));
  EXPECT_TRUE(eventually([&] { return copied("1") == other->told(); }));
}

TEST_F(PostgresStoreTest, StartsFromTheCopyWhileTheDatabaseIsGone) {
  { EXPECT_TRUE(is_saved(start("1", copy("1"))->save("orders"))); }
  database_.lock();
  const auto one = start("1", copy("1"));
  EXPECT_EQ(one->loaded().version, 1U);
  EXPECT_TRUE(one->loaded().services.at("orders").switched->in_maintenance);
  ASSERT_EQ(one->reports().size(), 1U);
  EXPECT_THAT(one->reports()[0],
              AllOf(StartsWith("the database 127.0.0.1:"), HasSubstr(" cannot be reached ("),
                    HasSubstr("); the local copy of the state is in force, of version 1; changes "
                              "are refused until it can")));
  EXPECT_THAT(failure_of(one->save("shop")), StartsWith("the database cannot be reached ("));
  EXPECT_EQ(one->store().status().failures, 1U);
  const auto bare = start("2");
  EXPECT_EQ(bare->loaded(), State());
  EXPECT_TRUE(bare->has_reported(
      "there is no local copy of the state: services are as the configuration says"));
  clock_.advance(base::Seconds(60));
  database_.lock(false);
  EXPECT_TRUE(bare->has(1));
  EXPECT_TRUE(bare->comes_to_be_reachable());
  EXPECT_EQ(bare->store().status().since, clock_.now());
  EXPECT_TRUE(eventually([&] { return bare->has_reported("can be reached again"); }));
  EXPECT_TRUE(is_saved(bare->save("shop")));
}

// It is reached, and a statement that everything begins with waits for somebody else's lock.
TEST_F(PostgresStoreTest, StartsFromTheCopyWhileTheDatabaseDoesNotAnswer) {
  {
    const auto one = start("1", copy("1"));
    EXPECT_TRUE(is_saved(one->save("orders")));
  }
  database_.sql("BEGIN; LOCK TABLE intermission_schema");
  const auto again = start("1", copy("1"));
  EXPECT_EQ(again->loaded().version, 1U);
  EXPECT_FALSE(again->store().status().is_reachable);
  EXPECT_TRUE(again->has_reported("the local copy of the state is in force, of version 1"));
  database_.sql("ROLLBACK");
  EXPECT_TRUE(again->comes_to_be_reachable());
}

TEST_F(PostgresStoreTest, AStartDoesNotWaitForTheDatabaseForEver) {
  const SilentHost host;
  PostgresStore::Limits limits;
  limits.connect = 1h;
  limits.load_patience = 50ms;
  const Instance one(
      *parse_database_address("host=127.0.0.1 port=" + host.port(), "state.postgresql"), clock_,
      "1", "", std::make_unique<base::SystemFiles>(), limits);
  EXPECT_EQ(one.loaded(), State());
  EXPECT_TRUE(one.has_reported("cannot be reached (not tried yet)"));
}

TEST_F(PostgresStoreTest, ACopyThatIsDamagedIsSetAside) {
  folder_.write("1.json", "{");
  PostgresStore store({database_.address(), copy("1"), {}, 1}, clock_, [](const std::string&) {});
  const auto loaded = store.load();
  ASSERT_TRUE(loaded);
  ASSERT_TRUE(loaded->trouble);
  EXPECT_THAT(loaded->trouble->text(), HasSubstr(copy("1")));
}

TEST_F(PostgresStoreTest, ACopyThatCannotBeReadIsAnError) {
  std::filesystem::create_directory(copy("1"));
  PostgresStore store({database_.address(), copy("1"), {}, 1}, clock_, [](const std::string&) {});
  EXPECT_FALSE(store.load());
}

/// A disk that takes no file while it is full.
class Disk final : public base::SystemFiles {
 public:
  explicit Disk(const std::atomic<bool>& is_full) : is_full_(is_full) {}
  ssize_t write(int descriptor, const void* bytes, std::size_t size) override {
    if (!is_full_) return base::SystemFiles::write(descriptor, bytes, size);
    errno = ENOSPC;
    return -1;
  }

 private:
  const std::atomic<bool>& is_full_;
};

// What the database has acknowledged is in force, with or without a copy of it.
TEST_F(PostgresStoreTest, ACopyThatCannotBeWrittenIsWrittenLater) {
  std::atomic<bool> is_full = true;
  const auto one = std::make_unique<Instance>(database_.address(), clock_, "1", copy("1"),
                                              std::make_unique<Disk>(is_full));
  EXPECT_TRUE(is_saved(one->save("orders")));
  EXPECT_TRUE(is_saved(one->save("shop")));
  EXPECT_EQ(copied("1"), State());
  const auto reports = one->reports();
  ASSERT_EQ(reports.size(), 1U) << "once";
  EXPECT_THAT(reports[0], AllOf(StartsWith("the local copy of the state could not be written: "),
                                HasSubstr("No space left on device")));
  is_full = false;
  EXPECT_TRUE(eventually([&] { return copied("1") == one->told(); })) << "by itself";
  EXPECT_TRUE(eventually(
      [&] { return one->has_reported("the local copy of the state is written again"); }));
}

// ---------------------------------------------------------------- loss and return

TEST_F(PostgresStoreTest, ALostConnectionIsMadeAgain) {
  const auto one = start("1");
  EXPECT_TRUE(is_saved(one->save("orders")));
  clock_.advance(base::Seconds(60));
  EXPECT_EQ(database_.disconnect(), 1);
  EXPECT_TRUE(eventually([&] { return one->store().status().connections == 2U; }));
  EXPECT_TRUE(one->comes_to_be_reachable());
  EXPECT_TRUE(
      one->has_reported("); clients are answered as before, and changes are refused until "
                        "it can"));
  EXPECT_TRUE(one->has_reported("can be reached again"));
  EXPECT_EQ(one->store().status().problem, "");
  EXPECT_EQ(one->store().status().since, clock_.now());
  EXPECT_TRUE(one->hears()) << "on the new connection too";
  EXPECT_TRUE(is_saved(one->save("orders", false)));
}

// Two hosts, of which only the first is a database. The other one answers nobody.
TEST_F(PostgresStoreTest, TheHostThatWasConnectedIsTriedFirstAgain) {
  const SilentHost silent;
  std::string text = database_.address_text();
  const auto port = text.find(" port=") + 6;
  text.insert(text.find(' ', port), "," + silent.port());
  text.insert(text.find(" port="), ",127.0.0.1");
  Instance one(*parse_database_address(text, "state.postgresql"), clock_, "1");
  EXPECT_TRUE(one.store().status().is_reachable);
  EXPECT_EQ(database_.disconnect(), 1);
  EXPECT_TRUE(eventually([&] { return one.store().status().connections == 2U; }));
  EXPECT_FALSE(silent.was_called());
}

TEST_F(PostgresStoreTest, WhileItIsGoneOneInstanceAloneMayCloseAService) {
  const auto one = start("1", copy("1"));
  const LocalHold hold{clock_.now(), "anna"};
  const auto refused = one->store().hold("shop", hold);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->text(), "the database can be reached; leave out --local");
  database_.lock();
  EXPECT_TRUE(one->comes_to_be_reachable(false));
  EXPECT_FALSE(one->store().hold("shop", hold));
  EXPECT_EQ(one->told().held.at("shop"), hold) << "at once";
  EXPECT_EQ(copied("1").held.at("shop"), hold);
  const auto none = one->store().hold("orders", {});
  ASSERT_TRUE(none);
  EXPECT_EQ(none->text(), "the service is not held by this instance alone");
  EXPECT_FALSE(one->store().hold("orders", hold));
  EXPECT_FALSE(one->store().hold("orders", {}));
  EXPECT_EQ(one->told().held.size(), 1U);
  const auto again = start("2", copy("1"));
  EXPECT_EQ(again->loaded().held.at("shop"), hold) << "over a restart";
  database_.lock(false);
  EXPECT_TRUE(eventually([&] { return one->told().held.empty(); }));
  EXPECT_TRUE(one->has_reported(
      "no longer in maintenance at this instance alone, for the database is back: shop"));
  EXPECT_TRUE(eventually([&] { return copied("1").held.empty(); }));
}

TEST_F(PostgresStoreTest, AChangeThatWasNotCommittedWhenTheConnectionWasLostIsNotMade) {
  const auto one = start("1");
  database_.before_commit("PERFORM pg_sleep(30)");
  Store::SaveResult result;
  std::thread operator_([&] { result = one->save("orders"); });
  EXPECT_TRUE(sleeps());
  EXPECT_EQ(database_.disconnect(), 1);
  operator_.join();
  EXPECT_THAT(failure_of(result), StartsWith("the connection to the database was lost ("));
  EXPECT_EQ(one->told().version, 0U);
}

// The server ends the connection while it waits for its standby: then the change is committed.
TEST_F(PostgresStoreTest, AChangeThatWasCommittedWhenTheConnectionWasLostIsMade) {
  const auto one = start("1");
  const auto other = start("2");
  database_.lose_standby();
  Store::SaveResult result;
  std::thread operator_([&] { result = one->save("orders"); });
  EXPECT_TRUE(database_.comes_to(
      "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'", "1"));
  database_.sql(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
  database_.sql("ALTER SYSTEM RESET synchronous_standby_names");
  database_.sql("SELECT pg_reload_conf()");
  operator_.join();
  EXPECT_TRUE(is_saved(result)) << failure_of(result);
  EXPECT_TRUE(one->has(1));
  EXPECT_TRUE(other->has(1));
}

// ---------------------------------------------------------------- a server that refuses

TEST_F(PostgresStoreTest, AServerThatTakesNoChangesIsSaidToAndTriedAgain) {
  const auto one = start("1");
  database_.sql("REVOKE INSERT ON intermission_audit FROM gateway");
  const std::string refused = failure_of(one->save("orders"));
  EXPECT_THAT(refused,
              AllOf(StartsWith("the database refused it ("), HasSubstr("permission denied")));
  EXPECT_FALSE(one->store().status().takes_changes);
  EXPECT_EQ(one->store().status().failures, 1U);
  EXPECT_TRUE(one->store().status().is_reachable);
  EXPECT_THAT(one->store().status().problem, HasSubstr("permission denied"));
  EXPECT_TRUE(one->has_reported("the database refused a statement: "));
  EXPECT_FALSE(one->store().hold("shop", LocalHold{clock_.now(), "anna"}));
  database_.sql("GRANT ALL ON intermission_audit TO gateway");
  EXPECT_TRUE(eventually([&] { return one->store().status().takes_changes; }));
  EXPECT_TRUE(eventually([&] { return one->has_reported(" takes changes again"); }));
  EXPECT_EQ(one->store().status().problem, "");
  EXPECT_TRUE(eventually([&] { return one->told().held.empty(); }));
  EXPECT_TRUE(is_saved(one->save("orders")));
}

TEST_F(PostgresStoreTest, AReadOnlyServerIsReadAllTheSame) {
  const auto one = start("1");
  EXPECT_TRUE(is_saved(one->save("orders")));
  database_.sql("ALTER ROLE gateway SET default_transaction_read_only = on");
  const auto other = start("2");
  EXPECT_EQ(other->loaded().version, 1U);
  EXPECT_TRUE(eventually([&] { return !other->store().status().takes_changes; })) << "by a beat";
  EXPECT_EQ(failure_of(other->save("orders", false)),
            "the database takes no changes: it is read-only");
  EXPECT_TRUE(is_saved(one->save("shop")));
  EXPECT_TRUE(other->has(2));
}

TEST_F(PostgresStoreTest, AChangeThatTakesTooLongIsTakenBack) {
  const auto one = start("1");
  database_.sql("BEGIN; SELECT * FROM intermission_head FOR UPDATE");
  EXPECT_EQ(failure_of(one->save("orders")),
            "the database did not make the change in time, and has taken it back");
  database_.sql("ROLLBACK");
  EXPECT_TRUE(eventually([&] { return one->store().status().takes_changes; }));
  EXPECT_TRUE(is_saved(one->save("orders")));
}

TEST_F(PostgresStoreTest, TablesOfANewerVersionAreLeftAlone) {
  start("1");
  database_.sql("UPDATE intermission_schema SET version = 2");
  const auto one = start("2");
  EXPECT_FALSE(one->store().status().is_reachable);
  EXPECT_EQ(one->store().status().problem,
            "its tables have version 2, and this program knows none above 1: update the program");
}

TEST_F(PostgresStoreTest, ARoleThatMayNotMakeTablesNeedsAnother) {
  database_.sql("REVOKE ALL ON SCHEMA public FROM gateway");
  const auto one = start("1");
  EXPECT_EQ(one->store().status().problem,
            "its tables are not there, and this role may not make them: run `intermission state "
            "migrate` with one that may");
}

TEST_F(PostgresStoreTest, ARoleThatMayNotReadTheTablesSaysSo) {
  start("1");
  database_.sql("REVOKE ALL ON intermission_schema FROM gateway");
  const auto one = start("2");
  EXPECT_FALSE(one->store().status().is_reachable);
  EXPECT_THAT(one->store().status().problem,
              HasSubstr("permission denied for table intermission_schema"));
}

// ---------------------------------------------------------------- a database that went back

TEST_F(PostgresStoreTest, WhatTheDatabaseHasLostIsPutBack) {
  const auto one = start("1", copy("1"));
  EXPECT_TRUE(is_saved(one->save("shop")));
  const std::string first = database_.sql("SELECT change FROM intermission_head");
  EXPECT_TRUE(is_saved(one->save("orders")));
  database_.sql("BEGIN");
  database_.sql("DELETE FROM intermission_service WHERE version = 2");
  database_.sql("DELETE FROM intermission_audit WHERE version = 2");
  database_.sql("UPDATE intermission_head SET version = 1, change = '" + first + "'");
  database_.sql("COMMIT");
  EXPECT_TRUE(one->has(3));
  EXPECT_TRUE(one->told().services.at("orders").switched->in_maintenance);
  EXPECT_TRUE(one->has_reported("the database went back from version 2 to 1"));
  EXPECT_TRUE(database_.comes_to("SELECT version FROM intermission_head", "3"));
  const auto fresh = start("2");
  EXPECT_EQ(fresh->loaded(), one->told());
  ASSERT_EQ(fresh->loaded().audit.size(), 3U);
  EXPECT_EQ(fresh->loaded().audit.back().what,
            "put back by instance maintenance/1 what the database had lost: version 2");
  EXPECT_EQ(fresh->loaded().audit.back().at, clock_.now());
  EXPECT_EQ(fresh->loaded().services.at("orders").version, 3U);
  EXPECT_TRUE(eventually([&] { return copied("1") == one->told(); }));
}

// Others hear of it as of any change, and need not look by themselves.
TEST_F(PostgresStoreTest, WhatIsPutBackIsAnnounced) {
  const auto one = start("1");
  EXPECT_TRUE(is_saved(one->save("orders")));
  const Interrupt never;
  auto opened = PostgresConnection::open(database_.address(), Steady::now() + 20s, never);
  ASSERT_EQ(error_in(opened), nullptr);
  auto& listening = *std::get<std::unique_ptr<PostgresConnection>>(opened);
  EXPECT_FALSE(SharedTables(listening).listen(Steady::now() + 20s));
  lose_everything();
  EXPECT_TRUE(one->has(2));
  EXPECT_TRUE(eventually([&] {
    auto heard = listening.notifications();
    for (const auto& [told, is_own] :
         std::get<std::vector<PostgresConnection::Notification>>(heard)) {
      if (told == "2") return true;
    }
    return false;
  }));
}

TEST_F(PostgresStoreTest, WhatIsPutBackLeavesNoLongerAudit) {
  start("1");
  const std::string most = std::to_string(State::kMostAudit);
  database_.sql(
      "INSERT INTO intermission_audit SELECT n, 'shop', '2026-11-01T22:00:00Z', 'off', "
      "'anna', '' FROM generate_series(1, " +
      most + ") n");
  database_.sql("UPDATE intermission_head SET version = " + most);
  const auto one = start("2");
  EXPECT_TRUE(one->has(State::kMostAudit));
  EXPECT_TRUE(is_saved(one->save("orders")));
  database_.sql("BEGIN");
  database_.sql("DELETE FROM intermission_service");
  database_.sql("UPDATE intermission_head SET version = " + most + ", change = ''");
  database_.sql("COMMIT");
  EXPECT_TRUE(one->has(State::kMostAudit + 2));
  EXPECT_EQ(one->told().audit.size(), State::kMostAudit);
  EXPECT_THAT(one->told().audit.back().what, StartsWith("put back by instance "));
}

TEST_F(PostgresStoreTest, WhatCannotBePutBackIsInForceHere) {
  const auto one = start("1");
  EXPECT_TRUE(is_saved(one->save("orders")));
  database_.sql("REVOKE INSERT ON intermission_audit FROM gateway");
  lose_everything();
  EXPECT_TRUE(eventually([&] { return one->has_reported("the database went back"); }));
  EXPECT_TRUE(one->told().services.at("orders").switched->in_maintenance);
  EXPECT_THAT(failure_of(one->save("shop")), StartsWith("the database takes no changes ("));
  database_.sql("GRANT ALL ON intermission_audit TO gateway");
  EXPECT_TRUE(one->has(2)) << "with what was put back";
  EXPECT_EQ(database_.sql("SELECT count(*) FROM intermission_service"), "1");
  EXPECT_TRUE(is_saved(one->save("shop")));
}

TEST_F(PostgresStoreTest, AnEmptyDatabaseTakesTheStateOfItsFirstInstance) {
  FileStore file(copy("1"), clock_);
  EXPECT_TRUE(file.load());
  EXPECT_TRUE(is_saved(file.save(0, switched({}, "orders"))));
  const auto one = start("1", copy("1"));
  EXPECT_TRUE(
      one->has_reported("the database is empty; the state of this instance is put into it"));
  const auto other = start("2");
  EXPECT_TRUE(other->loaded().services.at("orders").switched->in_maintenance);
}

TEST_F(PostgresStoreTest, AStateThatIsDamagedIsNotTakenOver) {
  const auto one = start("1");
  EXPECT_TRUE(is_saved(one->save("orders")));
  database_.sql("BEGIN");
  database_.sql("UPDATE intermission_service SET version = 2, state = '{'");
  database_.sql("UPDATE intermission_head SET version = 2");
  database_.sql("COMMIT");
  EXPECT_TRUE(eventually([&] {
    return one->store().status().problem.find("intermission_service, orders") != std::string::npos;
  }));
  EXPECT_TRUE(one->told().services.at("orders").switched->in_maintenance);
}

// ---------------------------------------------------------------- instances and counts

TEST_F(PostgresStoreTest, InstancesAreListed) {
  const auto one = start("1");
  one->store().describe("abc");
  {
    const auto other = start("2");
    std::vector<control::Instance> all;
    EXPECT_TRUE(eventually([&] {
      all = one->store().instances(20s);
      return all.size() == 2U && all[0].configuration == "abc";
    }));
    EXPECT_EQ(all[0].id, "1");
    EXPECT_TRUE(all[0].is_self);
    EXPECT_EQ(all[0].name, "maintenance/1");
    EXPECT_EQ(all[0].address, "host-1:8080");
    EXPECT_EQ(all[0].program, "0.2.0");
    EXPECT_FALSE(all[1].is_self);
    EXPECT_LT(all[1].ago, base::Seconds(20));
    EXPECT_TRUE(is_saved(one->save("orders")));
    EXPECT_TRUE(eventually([&] {
      all = one->store().instances(20s);
      return all.size() == 2U && all[0].version == 1U && all[1].version == 1U;
    })) << "each beats at once after a change";
  }
  EXPECT_TRUE(eventually([&] { return one->store().instances(20s).size() == 1U; }))
      << "one that stops is no longer there";
  EXPECT_EQ(database_.sql("SELECT count(*) FROM intermission_instance"), "1");
}

TEST_F(PostgresStoreTest, AnInstanceThatIsStoppedWhileItBeatsIsNoLongerListed) {
  const auto one = start("1");
  const auto other = start("2");
  EXPECT_TRUE(database_.comes_to("SELECT count(*) FROM intermission_instance", "2"));
  database_.sql("BEGIN; SELECT * FROM intermission_instance WHERE id = '2' FOR UPDATE");
  EXPECT_TRUE(is_saved(one->save("orders")));  // after which each beats
  EXPECT_TRUE(database_.comes_to(
      "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'", "1"));
  EXPECT_FALSE(other->store().stop(0ms));
  database_.sql("ROLLBACK");
  EXPECT_TRUE(other->store().stop(20s));
  EXPECT_EQ(database_.sql("SELECT string_agg(id, ', ') FROM intermission_instance"), "1");
}

TEST_F(PostgresStoreTest, WhoIsHeldByOneInstanceIsListed) {
  const auto one = start("1");
  database_.sql("REVOKE INSERT ON intermission_audit FROM gateway");
  EXPECT_THAT(failure_of(one->save("orders")), HasSubstr("permission denied"));
  EXPECT_FALSE(one->store().hold("shop", LocalHold{clock_.now(), "anna"}));
  EXPECT_FALSE(one->store().hold("news", LocalHold{clock_.now(), "anna"}));
  EXPECT_TRUE(eventually([&] {
    const auto all = one->store().instances(20s);
    return !all.empty() && all[0].held == "news, shop";
  }));
}

TEST_F(PostgresStoreTest, ARefusalIsReportedOnce) {
  const auto one = start("1");
  database_.sql("REVOKE INSERT ON intermission_audit FROM gateway");
  EXPECT_THAT(failure_of(one->save("orders")), HasSubstr("permission denied"));
  EXPECT_THAT(failure_of(one->save("orders")), HasSubstr("permission denied"));
  const auto reports = one->reports();
  EXPECT_EQ(std::count_if(reports.begin(), reports.end(),
                          [](const std::string& text) {
                            return text.find("refused a statement") != std::string::npos;
                          }),
            1);
}

TEST_F(PostgresStoreTest, InstancesAreNotWaitedForWhereNothingCanBeHad) {
  const auto one = start("1");
  EXPECT_TRUE(eventually([&] { return one->store().instances(20s).size() == 1U; }));
  database_.lock();
  EXPECT_TRUE(one->comes_to_be_reachable(false));
  const auto began = Steady::now();
  EXPECT_EQ(one->store().instances(20s).size(), 1U) << "those that were there";
  EXPECT_LT(Steady::now() - began, 10s);
}

Counts counts(const std::string& agent, std::uint64_t count) {
  Counts made;
  made.answers = {{"orders", agent, 503, count}};
  return made;
}

std::uint64_t count_of(const Counts& counts, const std::string& agent) {
  for (const auto& answer : counts.answers) {
    if (answer.kind == agent) return answer.count;
  }
  return 0;
}

TEST_F(PostgresStoreTest, CountsOfTheOthersAreRead) {
  const auto one = start("1");
  one->store().count([] { return counts("one", 7); });
  auto other = start("2");
  other->store().count([] { return counts("other", 3); });
  Counts read;
  EXPECT_TRUE(eventually([&] {
    read = one->store().counts_of_others();
    return count_of(read, "other") == 3U;
  }));
  EXPECT_EQ(count_of(read, "one"), 0U) << "its own are not among them";
  other.reset();
  read = one->store().counts_of_others();
  EXPECT_EQ(count_of(read, "other"), 3U) << "one that has gone leaves them";
}

TEST_F(PostgresStoreTest, WhatOthersCountedMoreThanAnHourAgoIsNotShown) {
  const auto one = start("1");
  const auto other = start("2");
  other->store().count([&] {
    Counts made;
    made.history = {{clock_.now() - base::Seconds{5400}, "orders", "page", 5},
                    {clock_.now() - base::Seconds{1800}, "orders", "page", 3}};
    return made;
  });
  Counts read;
  EXPECT_TRUE(eventually([&] {
    read = one->store().counts_of_others();
    return !read.history.empty();
  }));
  ASSERT_EQ(read.history.size(), 1U);
  EXPECT_EQ(read.history[0].count, 3U);
}

// An instance that others took for dead counts again from there: its old row is in that of the
// gone.
TEST_F(PostgresStoreTest, WhatWasFoldedIsNotCountedTwice) {
  const auto one = start("1");
  std::atomic<std::uint64_t> counted = 7;
  one->store().count([&] { return counts("one", counted); });
  EXPECT_TRUE(
      database_.comes_to("SELECT count(*) FROM intermission_count WHERE counts LIKE '%:7%'", "1"));
  database_.sql("DELETE FROM intermission_count");
  counted = 9;
  EXPECT_TRUE(
      database_.comes_to("SELECT count(*) FROM intermission_count WHERE counts LIKE '%:2%'", "1"));
  one->store().count({});
}

// ---------------------------------------------------------------- a thread that is busy

/// The thread of `one` is busy with what `other` saved, and save() of it waits for `save_patience`.
class BusyStoreTest : public PostgresStoreTest {
 protected:
  void begin(std::chrono::milliseconds save_patience) {
    PostgresStore::Limits limits;
    limits.save_patience = save_patience;
    one = start("1", "", limits);
    other = start("2");
    EXPECT_TRUE(one->hears());
    busy.emplace(*one);
    EXPECT_TRUE(is_saved(other->save("shop")));
    ASSERT_TRUE(busy->comes_to_be_kept());
  }

  std::unique_ptr<Instance> one;
  std::unique_ptr<Instance> other;
  std::optional<BusyThread> busy;
};

TEST_F(BusyStoreTest, AChangeThatNobodyWaitsForIsNotMade) {
  ASSERT_NO_FATAL_FAILURE(begin(50ms));
  EXPECT_TRUE(other->has(1));
  EXPECT_EQ(failure_of(one->store().save(1, switched(other->told(), "orders"))),
            "the database did not answer in time");
  EXPECT_EQ(one->store().status().failures, 1U);
  busy->let_go();
  EXPECT_TRUE(eventually([&] { return one->store().instances(20s).size() == 2U; }))
      << "after what was asked for before";
  EXPECT_EQ(database_.sql("SELECT version FROM intermission_head"), "1");
}

TEST_F(BusyStoreTest, AStopEndsTheWaitForABusyThread) {
  ASSERT_NO_FATAL_FAILURE(begin(1h));
  std::promise<pid_t> thread;
  auto saving = std::async(std::launch::async, [&] {
    thread.set_value(gettid());
    return one->store().save(1, State());
  });
  EXPECT_TRUE(comes_to_sleep(thread.get_future().get()));
  EXPECT_FALSE(one->store().stop(0ms)) << "its thread is busy";
  const bool ended = saving.wait_for(testing::WireClient::kLimit) == std::future_status::ready;
  EXPECT_TRUE(ended);
  busy->let_go();
  EXPECT_EQ(failure_of(saving.get()), "the gateway is shutting down");
}

// ---------------------------------------------------------------- the end

TEST_F(PostgresStoreTest, AStopEndsWhatIsWaitedFor) {
  const auto one = start("1");
  database_.sql("BEGIN; SELECT * FROM intermission_head FOR UPDATE");
  Store::SaveResult result;
  std::thread operator_([&] { result = one->save("orders"); });
  EXPECT_TRUE(database_.comes_to(
      "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'", "1"));
  EXPECT_TRUE(one->store().stop(20s));
  operator_.join();
  EXPECT_THAT(failure_of(result), AnyOf("in doubt: the gateway is shutting down",
                                        "the database refused it (interrupted)"));
  EXPECT_EQ(one->store().status().failures, 1U);
  database_.sql("ROLLBACK");
}

TEST(RandomName, DiffersEachTime) {
  EXPECT_EQ(random_name().size(), 32U);
  EXPECT_NE(random_name(), random_name());
}

}  // namespace
}  // namespace intermission::control
