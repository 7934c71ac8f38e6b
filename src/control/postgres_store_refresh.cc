// Taking over the State that the database has, and putting back what it has lost.
#include <algorithm>
#include <iterator>
#include <utility>

#include "control/postgres_store.h"

namespace intermission::control {
namespace {

constexpr int kMostRounds = 20;

void trim_audit(State& state) {
  if (state.audit.size() <= State::kMostAudit) return;
  state.audit.erase(state.audit.begin(),
                    state.audit.end() - static_cast<std::ptrdiff_t>(State::kMostAudit));
}

}  // namespace

void PostgresStore::adopt(SharedState next) {
  {
    const base::MutexLock lock(mutex_);
    known_ = std::move(next);
    if (lost_.empty()) {
      copied_ = known_;
      ++copies_wanted_;
    }
  }
  deliver();
  schedule_.adopted(now());
  changed_.notify_all();
}

void PostgresStore::take_over(const SharedTables::Update& update) {
  SharedState next;
  {
    const base::MutexLock lock(mutex_);
    next = known_;
  }
  for (const auto& [name, service] : update.found.state.services) {
    next.state.services[name] = service;
    lost_.erase(name);
  }
  const auto& audit = update.found.state.audit;
  next.state.audit.insert(next.state.audit.end(), audit.begin(), audit.end());
  trim_audit(next.state);
  next.head = update.found.head;
  next.state.version = lost_.empty() ? update.found.head.version
                                     : std::max(next.state.version, update.found.head.version);
  adopt(std::move(next));
}

/// An Error if the database's State could not be put in force here.
std::optional<DatabaseError> PostgresStore::refresh() {
  for (int round = 0; round < kMostRounds; ++round) {
    auto tables = this->tables();
    if (!tables) return DatabaseError{"there is no connection", {}, true};
    SharedState known;
    {
      const base::MutexLock lock(mutex_);
      known = known_;
    }
    auto outcome = tables->read(known.head, Steady::now() + options_.limits.read);
    if (auto* error = error_in(outcome)) return std::move(*error);
    const auto& update = std::get<SharedTables::Update>(outcome);
    if (update.contains_known) {
      if (update.found.head != known.head) take_over(update);
    } else {
      Reconciled result = reconcile(known, update.found, false);
      if (result.news) report_(*result.news);
      lost_ = {result.lost.begin(), result.lost.end()};
      adopt({update.found.head, std::move(result.state)});
    }
    if (lost_.empty()) return {};
    const auto error = put_back(*tables, update.found);
    if (!error) return {};
    if (error->text.empty()) continue;  // somebody else was first
    note_trouble(*error);               // what is lost is in force here all the same
    return {};
  }
  return {};
}

/// An Error without a text where the database has changed meanwhile.
std::optional<DatabaseError> PostgresStore::put_back(SharedTables& tables,
                                                     const SharedState& found) {
  SharedState next;
  {
    const base::MutexLock lock(mutex_);
    next = known_;
  }
  const std::uint64_t version = std::max(next.state.version, found.head.version) + 1;
  SharedTables::Change change;
  change.expected = found.head;
  change.next = {found.head.database, version, random_name()};
  next.state.version = version;
  for (const std::string& name : lost_) {
    ServiceState& service = next.state.services[name];
    const std::string old = std::to_string(service.version);
    service.version = version;
    change.services.emplace_back(name, service);
    next.state.audit.push_back({version, clock_.now(), name,
                                "put back by instance " + options_.self.name +
                                    " what the database had lost: version " + old,
                                ""});
  }
  trim_audit(next.state);
  const auto& there = found.state.audit;
  std::copy_if(next.state.audit.begin(), next.state.audit.end(), std::back_inserter(change.audit),
               [&there](const AuditEntry& entry) {
                 return std::find(there.begin(), there.end(), entry) == there.end();
               });
  next.head = change.next;
  const auto committed = tables.commit(change, Steady::now() + options_.limits.save);
  if (committed.result == SharedTables::Commit::kConflict) return DatabaseError{};
  if (committed.result != SharedTables::Commit::kDone) return committed.error;
  lost_.clear();
  announce(version);
  adopt(std::move(next));
  return {};
}

}  // namespace intermission::control
