// The State that many instances share, in PostgreSQL (shared_tables.h). A thread of its own talks
// to the database, and each statement has a limit. Threads that answer clients never wait for it.
//
// The database is often what is down. A copy of the last State that was seen is kept in a file, so
// that this instance starts and goes on without it; changes are refused meanwhile, unless it is
// certain that they were committed. A second thread writes the copy, so that a slow disk does not
// keep the first from reading changes.
//
//   PostgresStore store(options, clock, report);
//   auto control_plane = ControlPlane::open({..., store, ...});     // load(), watch()
//
// save() by one thread at a time; all others by any thread.
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
#include "control/sightings.h"
#include "control/state_file.h"
#include "control/store.h"
#include "control/sync_schedule.h"

namespace intermission::control {

class PostgresStore final : public Store {
 public:
  /// How long each part may take.
  struct Limits {
    std::chrono::milliseconds connect{2000};
    std::chrono::milliseconds look{2000};
    std::chrono::milliseconds read{5000};
    std::chrono::milliseconds save{4000};
    std::chrono::milliseconds settle{3000};
    /// After that save() returns a Failure, in doubt if the change was begun.
    std::chrono::milliseconds save_patience{9000};
    /// How long load() waits for the database before it goes on with the copy.
    std::chrono::milliseconds load_patience{2500};
    /// How long counts_of_others() waits for newer ones.
    std::chrono::milliseconds counts_patience{500};
  };
  struct Options {
    DatabaseAddress address;
    std::string copy;  // file of the local copy; empty: none is kept
    Instance self;     // id, name, address and program of this instance
    std::uint32_t draw = 0;
    Limits limits = {};
  };
  using Report = std::function<void(const std::string&)>;

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
  /// A call of save(), which waits for the store's thread.
  struct Request {
    std::uint64_t expected = 0;
    State next = {};
    bool is_started = false;
    bool is_abandoned = false;
    std::optional<SaveResult> result = {};
  };
  using RequestPtr = std::shared_ptr<Request>;

  // postgres_store.cc; any thread.
  void deliver();
  SaveResult result_of(Request& request);
  bool is_busy() const REQUIRES_LOCK(mutex_);
  State composed() const REQUIRES_LOCK(mutex_);
  Failure unreachable() const REQUIRES_LOCK(mutex_);

  // postgres_store_copy.cc: the local copy. write_copy() by any thread, keep_copies() is its own.
  bool write_copy();
  void keep_copies();

  // The rest by the store's thread alone.
  // postgres_store_thread.cc: what it does next.
  void run();
  bool is_stopping() const;
  void wait_for_something();
  void pause(std::chrono::milliseconds wait) const;
  SyncSchedule::Time now() const;
  std::optional<SharedTables> tables();
  void look();
  void beat();
  void see_whether_it_takes_changes();
  void end_holds();
  void leave();

  // postgres_store_connection.cc: connecting, listening, and losing the database.
  void connect();
  std::optional<DatabaseError> prepare(SharedTables& tables);
  void listen(SharedTables& tables);
  bool hear();
  bool is_news(const std::string& announced) const;
  void announce(std::uint64_t version);
  void note_lost(const DatabaseError& error);
  void note_trouble(const DatabaseError& error);
  void note_refused(const DatabaseError& error);

  // postgres_store_refresh.cc: taking over the database's State.
  std::optional<DatabaseError> refresh();
  std::optional<DatabaseError> put_back(SharedTables& tables, const SharedState& found);
  void take_over(const SharedTables::Update& update);
  void adopt(SharedState next);

  // postgres_store_changes.cc: committing what save() asks for.
  void serve_request();
  SaveResult commit(std::uint64_t expected, const State& next);
  SaveResult settle(const SharedTables::Change& change, const std::string& why);

  // postgres_store_instances.cc: the list of instances, and their counts.
  void list_instances();
  void clean_up();
  void share_counts();
  void read_counts();
  Counts folded(const std::vector<std::string>& rows) const;

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
  Steady::time_point clean_at_{};
  Sightings sightings_;
  std::set<std::string> uncounted_;  // ids whose counts have no instance, when last cleaned up
  Steady::time_point count_at_{};
  bool is_counted_ = false;  // a row of this instance was written
  Counts counted_;           // as it was written last
  Counts counted_before_;  // and is in the row of those that have gone: this one was taken for dead
  std::string counts_row_;

  mutable base::Mutex mutex_;
  mutable std::condition_variable_any changed_;
  bool stopping_ GUARDED_BY(mutex_) = false;
  int running_ GUARDED_BY(mutex_) = 0;         // threads
  bool tried_ GUARDED_BY(mutex_) = false;      // to connect, at least once
  bool is_saving_ GUARDED_BY(mutex_) = false;  // the store's thread has a change in hand
  SharedState known_ GUARDED_BY(mutex_);       // written by the store's thread alone
  // As known_, while the database has all of it. A copy that named what the database has, with
  // services that it lacks, would hide that they are to be put back.
  SharedState copied_ GUARDED_BY(mutex_);
  std::uint64_t copies_wanted_ GUARDED_BY(mutex_) = 0;
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
  std::uint64_t copies_written_ GUARDED_BY(copying_) = 0;
  bool copy_failed_ GUARDED_BY(copying_) = false;

  std::thread thread_;
  std::thread copier_;
};

/// At random, of 32 hexadecimal digits.
std::string random_name();

}  // namespace intermission::control
