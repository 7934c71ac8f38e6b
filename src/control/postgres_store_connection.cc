// Connecting to the database, making its tables ready, listening for changes of other instances,
// and what happens when the database is lost or refuses a statement.
#include <utility>

#include "control/postgres_store.h"

namespace intermission::control {
namespace {

// How long a database that takes no changes is kept before another one is looked for.
constexpr std::chrono::seconds kReadOnlyPatience{5};

constexpr std::string_view kHello = "hello ";

}  // namespace

void PostgresStore::connect() {
  const DatabaseAddress address = options_.address.beginning_with(attempts_++);
  auto opened = PostgresConnection::open(address, Steady::now() + options_.limits.connect, stop_);
  if (const auto* error = error_in(opened)) return note_lost(*error);
  connection_ = std::move(std::get<std::unique_ptr<PostgresConnection>>(opened));
  --attempts_;  // the same host first, next time
  SharedTables tables(*connection_);
  if (const auto error = prepare(tables)) return note_lost(*error);
  if (const auto error = refresh()) return note_lost(*error);
  if (!connection_) return;
  schedule_.connected(now());
  listen(tables);
  if (!connection_) return;
  {
    const base::MutexLock lock(mutex_);
    ++status_.connections;
    if (!status_.is_reachable) {
      if (tried_) report_("the database " + status_.place + " can be reached again");
      status_.is_reachable = true;
      if (status_.takes_changes) status_.problem.clear();
      status_.since = clock_.now();
    }
    tried_ = true;
  }
  changed_.notify_all();
}

std::optional<DatabaseError> PostgresStore::prepare(SharedTables& tables) {
  const auto until = Steady::now() + options_.limits.read;
  auto version = tables.version(until);
  if (auto* error = error_in(version)) return std::move(*error);
  if (std::get<int>(version) > SharedTables::kVersion) {
    return DatabaseError{"its tables have version " + std::to_string(std::get<int>(version)) +
                             ", and this program knows none above " +
                             std::to_string(SharedTables::kVersion) + ": update the program",
                         {}};
  }
  if (std::get<int>(version) == SharedTables::kVersion) return {};
  auto error = tables.migrate(until);
  if (error && error->is(sqlstate::kInsufficientPrivilege)) {
    error->text =
        "its tables are not there, and this role may not make them: run `intermission state "
        "migrate` with one that may";
  }
  return error;
}

// Without LISTEN or NOTIFY, the version is read each second.
void PostgresStore::listen(SharedTables& tables) {
  const auto until = Steady::now() + options_.limits.look;
  auto error = tables.listen(until);
  if (!error) error = tables.notify(std::string(kHello) + options_.self.id, until);
  if (error && error->is_lost) note_lost(*error);
}

// Before anything else: others wait for it, and this instance only has to compile what it knows.
void PostgresStore::announce(std::uint64_t version) {
  if (!connection_) return;
  SharedTables tables(*connection_);
  const auto error = tables.notify(std::to_string(version), Steady::now() + options_.limits.look);
  if (error && error->is_lost) note_lost(*error);
}

/// Whether anything was heard, or the connection lost.
bool PostgresStore::hear() {
  if (!connection_) return false;
  auto heard = connection_->notifications();
  if (const auto* error = error_in(heard)) {
    note_lost(*error);
    return true;
  }
  const auto& all = std::get<std::vector<PostgresConnection::Notification>>(heard);
  for (const auto& [text, is_own] : all) {
    if (text == std::string(kHello) + options_.self.id) {
      if (!is_own) continue;
      schedule_.hears();
      const base::MutexLock lock(mutex_);
      status_.is_hearing = true;
    } else if (!text.starts_with(kHello) && is_news(text)) {
      schedule_.notified(now());
    }
  }
  return !all.empty();
}

bool PostgresStore::is_news(const std::string& announced) const {
  const base::MutexLock lock(mutex_);
  return announced != std::to_string(known_.head.version);
}

void PostgresStore::note_lost(const DatabaseError& error) {
  connection_.reset();
  schedule_.lost(now());
  std::deque<RequestPtr> refused;
  {
    const base::MutexLock lock(mutex_);
    const bool was_reachable = status_.is_reachable;
    status_.is_reachable = false;
    status_.is_hearing = false;
    status_.problem = error.text;
    tried_ = true;
    if (was_reachable) {
      status_.since = clock_.now();
      report_("the database " + status_.place + " cannot be reached (" + error.text +
              "); clients are answered as before, and changes are refused until it can");
    }
    for (const RequestPtr& request : requests_) request->result = unreachable();
    requests_.clear();
  }
  changed_.notify_all();
}

// The server took no change; whether it takes one again is tried after each beat.
void PostgresStore::note_refused(const DatabaseError& error) {
  {
    const base::MutexLock lock(mutex_);
    status_.takes_changes = false;
  }
  note_trouble(error);
}

// The server said no. It may still answer the next time.
void PostgresStore::note_trouble(const DatabaseError& error) {
  if (error.is_lost) return note_lost(error);
  {
    const base::MutexLock lock(mutex_);
    if (status_.problem != error.text) report_("the database refused a statement: " + error.text);
    status_.problem = error.text;
  }
  if (refused_since_ == Steady::time_point{}) refused_since_ = Steady::now();
  if (Steady::now() - refused_since_ < kReadOnlyPatience) return;
  refused_since_ = {};
  // Another server, or the same one after a while, may take changes. Until that is known this one
  // counts as reached.
  connection_.reset();
  schedule_.lost(now());
}

}  // namespace intermission::control
