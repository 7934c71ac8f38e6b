// Changes that callers of save() ask for: each is committed, or is known not to be.
#include <algorithm>
#include <utility>

#include "control/postgres_store.h"

namespace intermission::control {
namespace {

// Services and trail of `next` that are new with its version.
SharedTables::Change change_to(const State& next, const SharedHead& expected) {
  SharedTables::Change change;
  change.expected = expected;
  change.next = {expected.database, next.version, random_name()};
  for (const auto& [name, service] : next.services) {
    if (service.version == next.version) change.services.emplace_back(name, service);
  }
  for (const AuditEntry& entry : next.audit) {
    if (entry.version == next.version) change.audit.push_back(entry);
  }
  return change;
}

// Why the server took no change, as far as that is known.
std::string refusal_of(const DatabaseError& error) {
  if (error.is(sqlstate::kReadOnly)) return "the database takes no changes: it is read-only";
  if (error.is(sqlstate::kDiskFull)) return "the database takes no changes: its disk is full";
  if (error.is(sqlstate::kQueryCanceled) || error.is(sqlstate::kLockNotAvailable)) {
    return "the database did not make the change in time, and has taken it back";
  }
  return "the database refused it (" + error.text + ")";
}

}  // namespace

void PostgresStore::serve_request() {
  RequestPtr request;
  {
    const base::MutexLock lock(mutex_);
    if (requests_.empty()) return;
    request = std::move(requests_.front());
    requests_.pop_front();
    if (request->is_abandoned) return;
    request->is_started = true;
    is_saving_ = true;
  }
  changed_.notify_all();
  SaveResult result = commit(request->expected, request->next);
  {
    const base::MutexLock lock(mutex_);
    request->result = std::move(result);
    is_saving_ = false;
  }
  changed_.notify_all();
}

Store::SaveResult PostgresStore::commit(std::uint64_t expected, const State& next) {
  if (!connection_) connect();
  SharedState known;
  {
    const base::MutexLock lock(mutex_);
    if (!connection_) return unreachable();
    known = known_;
    if (expected != known.state.version) return Conflict{composed()};
  }
  if (!lost_.empty()) {
    if (const auto error = refresh()) note_trouble(*error);
    const base::MutexLock lock(mutex_);
    if (!lost_.empty()) return Failure{{"the database takes no changes (" + status_.problem + ")"}};
    return Conflict{composed()};
  }
  const SharedTables::Change change = change_to(next, known.head);
  SharedTables tables(*connection_);
  auto committed = tables.commit(change, Steady::now() + options_.limits.save);
  const DatabaseError& error = committed.error;
  if (committed.result == SharedTables::Commit::kInDoubt) return settle(change, error.text);
  if (committed.result == SharedTables::Commit::kRefused &&
      !error.is(sqlstate::kSerializationFailure) && !error.is(sqlstate::kDeadlockDetected)) {
    note_refused(error);
    return Failure{{refusal_of(error)}};
  }
  if (committed.result != SharedTables::Commit::kDone) {
    const auto unread = refresh();
    if (unread) note_trouble(*unread);
    const base::MutexLock lock(mutex_);
    if (unread) return Failure{{"the database refused it (" + unread->text + ")"}};
    return Conflict{composed()};
  }
  State state = next;
  state.held.clear();
  announce(next.version);
  adopt({change.next, std::move(state)});
  return Saved{};
}

// COMMIT was sent, and its answer was lost. The caller of save() gets no result before it is known
// whether the change was made, or the limit has passed.
Store::SaveResult PostgresStore::settle(const SharedTables::Change& change,
                                        const std::string& why) {
  note_lost({why, {}, true});
  const auto until = Steady::now() + options_.limits.settle;
  while (Steady::now() < until && !is_stopping()) {
    auto opened =
        PostgresConnection::open(options_.address.beginning_with(attempts_++),
                                 std::min(until, Steady::now() + options_.limits.connect), stop_);
    if (error_in(opened) != nullptr) {
      pause(SyncSchedule::kShortestWait);
      continue;
    }
    auto connection = std::move(std::get<std::unique_ptr<PostgresConnection>>(opened));
    auto settled = SharedTables(*connection).settled(change.next.change, until);
    if (error_in(settled) != nullptr) {
      pause(SyncSchedule::kShortestWait);
      continue;
    }
    if (!std::get<bool>(settled)) {
      return Failure{{"the connection to the database was lost (" + why + ")"}};
    }
    connect();  // takes it over
    announce(change.next.version);
    return Saved{};
  }
  return Failure{{"the connection to the database was lost (" + why + ")"}, true};
}

}  // namespace intermission::control
