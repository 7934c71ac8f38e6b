// The State that many instances share, in PostgreSQL (shared_tables.h). A thread of its own talks
// to the database, and each statement has a limit; nobody who answers clients ever waits for it.
//
// The database is often what is down. A copy of the last State that was seen is kept in a file, so
// that this instance starts and goes on without it; changes are refused meanwhile, unless it is
// certain that they were committed.
//
//   PostgresStore store(options, clock, report);
//   auto control_plane = ControlPlane::open({..., store, ...});     // load(), watch()
//
// save() and hold() by one thread at a time; all others by any thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/file_system.h"
#include "base/mutex.h"
#include "control/database_address.h"
#include "control/postgres_connection.h"
#include "control/shared_state.h"
#include "control/shared_tables.h"
#include "control/state_file.h"
#include "control/store.h"
#include "control/sync_schedule.h"

namespace intermission::control {

class PostgresStore final : public Store {
 public:
  struct Options {
    DatabaseAddress address;
    std::string copy;  // file of the local copy; empty: none is kept
    Instance self;     // id, name, address and program of this instance
    std::uint32_t draw = 0;
  };
  using Report = std::function<void(const std::string&)>;

  // How long the parts of it may take.
  static constexpr std::chrono::milliseconds kConnectLimit{2000};
  static constexpr std::chrono::milliseconds kLookLimit{2000};
  static constexpr std::chrono::milliseconds kReadLimit{5000};
  static constexpr std::chrono::milliseconds kSaveLimit{4000};
  static constexpr std::chrono::milliseconds kSettleLimit{3000};
  /// After that a caller of save() is told that it is in doubt.
  static constexpr std::chrono::milliseconds kSavePatience{9000};
  /// How long load() waits for the database before it goes on with the copy.
  static constexpr std::chrono::milliseconds kLoadPatience{2500};

  /// `clock` outlives it. `report` is called by any thread.
  PostgresStore(Options options, const base::Clock& clock, Report report,
                std::unique_ptr<base::FileSystem> files = std::make_unique<base::SystemFiles>());
  ~PostgresStore() override;

  base::Result<Loaded> load() override;
  SaveResult save(std::uint64_t expected, const State& next) override;
  void watch(std::function<void(State)> on_change) override;
  bool is_shared() const override { return true; }
  StoreStatus status() const override;
  std::optional<base::Error> hold(const std::string& service,
                                  std::optional<LocalHold> hold) override;
  void describe(const std::string& configuration) override;
  bool stop(std::chrono::milliseconds patience) override;
  std::vector<Instance> instances(std::chrono::milliseconds patience) override;
  void count(std::function<Counts()> own) override;
  Counts counts_of_others() override;

 private:
  struct Request;
  using RequestPtr = std::shared_ptr<Request>;

  // The store's thread.
  void run();
  bool is_stopping() const;
  void wait_for_something();
  bool hear();
  void connect();
  std::optional<DatabaseError> prepare(SharedTables& tables);
  void listen(SharedTables& tables);
  void look();
  void beat();
  void list_instances();
  void share_counts();
  void read_counts();
  Counts folded(const std::vector<std::string>& rows) const;
  std::optional<DatabaseError> refresh();
  std::optional<DatabaseError> put_back(SharedTables& tables, const SharedState& found);
  void take_over(const SharedTables::Update& update);
  void serve_request();
  SaveResult commit(std::uint64_t expected, const State& next);
  SaveResult settle(const SharedTables::Change& change, const std::string& why);
  void leave();
  std::optional<SharedTables> tables();
  void adopt(SharedState next);
  void note_lost(const DatabaseError& error);
  void note_trouble(const DatabaseError& error);
  SyncSchedule::Time now() const;

  // Any thread.
  void deliver();
  void write_copy();
  State composed() const REQUIRES_LOCK(mutex_);
  Failure unreachable() const REQUIRES_LOCK(mutex_);

  const Options options_;
  const base::Clock& clock_;
  const Report report_;
  const Steady::time_point started_ = Steady::now();
  Interrupt stop_;    // ends every wait
  Interrupt wakeup_;  // ends the wait for something to do

  // Of the store's thread alone.
  std::unique_ptr<PostgresConnection> connection_;
  SyncSchedule schedule_;
  std::size_t attempts_ = 0;
  std::set<std::string> lost_;          // services whose state the database lacks
  Steady::time_point refused_since_{};  // that beats are; zero: they are not
  Steady::time_point forget_at_{};
  Steady::time_point count_at_{};
  bool is_counted_ = false;  // a row of this instance was written
  Counts counted_;           // as it was written last
  Counts counted_before_;  // and is in the row of those that have gone: this one was taken for dead
  std::string counts_row_;

  mutable base::Mutex mutex_;
  mutable std::condition_variable_any changed_;
  bool stopping_ GUARDED_BY(mutex_) = false;
  bool ended_ GUARDED_BY(mutex_) = true;   // the thread
  bool tried_ GUARDED_BY(mutex_) = false;  // to connect, at least once
  SharedState known_ GUARDED_BY(mutex_);   // written by the store's thread alone
  std::map<std::string, LocalHold, std::less<>> held_ GUARDED_BY(mutex_);
  std::deque<RequestPtr> requests_ GUARDED_BY(mutex_);
  bool wants_instances_ GUARDED_BY(mutex_) = false;
  std::uint64_t listings_ GUARDED_BY(mutex_) = 0;
  std::vector<Instance> instances_ GUARDED_BY(mutex_);
  Steady::time_point listed_at_ GUARDED_BY(mutex_);
  bool wants_counts_ GUARDED_BY(mutex_) = false;
  std::uint64_t countings_ GUARDED_BY(mutex_) = 0;
  Counts others_ GUARDED_BY(mutex_);
  Steady::time_point counted_at_ GUARDED_BY(mutex_);
  std::function<Counts()> own_counts_ GUARDED_BY(mutex_);
  StoreStatus status_ GUARDED_BY(mutex_);
  std::string configuration_ GUARDED_BY(mutex_);

  base::Mutex telling_ ACQUIRED_BEFORE(mutex_);
  std::function<void(State)> on_change_ GUARDED_BY(telling_);
  base::Mutex copying_ ACQUIRED_BEFORE(mutex_);
  StateFile copy_ GUARDED_BY(copying_);
  bool copy_failed_ GUARDED_BY(copying_) = false;

  std::thread thread_;
};

/// At random, of 32 hexadecimal digits.
std::string random_name();

}  // namespace intermission::control
