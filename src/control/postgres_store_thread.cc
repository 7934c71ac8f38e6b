// The thread that talks to the database: what it does next, and what it waits for.
#include <poll.h>

#include <algorithm>
#include <array>

#include "control/postgres_store.h"

namespace intermission::control {
namespace {

constexpr std::chrono::seconds kCleanEvery{60};

std::string list_of(const std::map<std::string, LocalHold, std::less<>>& held) {
  std::string list;
  for (const auto& [service, hold] : held) list += (list.empty() ? "" : ", ") + service;
  return list;
}

}  // namespace

SyncSchedule::Time PostgresStore::now() const {
  return std::chrono::duration_cast<SyncSchedule::Time>(Steady::now() - started_);
}

// A stop ends it.
void PostgresStore::pause(std::chrono::milliseconds wait) const {
  pollfd stopped{stop_.descriptor(), POLLIN, 0};
  poll(&stopped, 1, static_cast<int>(wait.count()));
}

bool PostgresStore::is_stopping() const {
  const base::MutexLock lock(mutex_);
  return stopping_;
}

void PostgresStore::run() {
  while (!is_stopping()) {
    serve_request();
    list_instances();
    read_counts();
    switch (schedule_.due(now())) {
      case SyncSchedule::Task::kConnect:
        connect();
        break;
      case SyncSchedule::Task::kBeat:
        beat();
        break;
      case SyncSchedule::Task::kLook:
        look();
        break;
      case SyncSchedule::Task::kNothing:
        wait_for_something();
        break;
    }
  }
  leave();
  {
    const base::MutexLock lock(mutex_);
    --running_;
  }
  changed_.notify_all();
}

void PostgresStore::wait_for_something() {
  // What came with the answer to a statement is here already, and makes no socket readable.
  if (hear()) return;
  {
    const base::MutexLock lock(mutex_);
    const bool has_work =
        !requests_.empty() || ((wants_instances_ || wants_counts_) && status_.is_reachable);
    if (has_work || stopping_) return;
  }
  const auto left = std::max<std::int64_t>((schedule_.next() - now()).count(), 0);
  std::array<pollfd, 2> watched{{{wakeup_.descriptor(), POLLIN, 0}, {-1, POLLIN, 0}}};
  if (connection_) watched[1].fd = connection_->descriptor();
  if (poll(watched.data(), watched.size(), static_cast<int>(left) + 1) <= 0) return;
  if (watched[0].revents != 0) wakeup_.clear();
  if (watched[1].revents != 0) hear();
}

std::optional<SharedTables> PostgresStore::tables() {
  if (!connection_) return {};
  return SharedTables(*connection_);
}

void PostgresStore::look() {
  schedule_.looked(now());
  if (const auto error = refresh()) note_trouble(*error);
}

void PostgresStore::beat() {
  Instance self = options_.self;
  SharedHead known;
  {
    const base::MutexLock lock(mutex_);
    self.version = known_.state.version;
    self.held = list_of(held_);
    self.configuration = configuration_;
    known = known_.head;
  }
  schedule_.beaten(now());
  auto tables = this->tables();
  if (!tables) return;
  auto head = tables->beat(self, Steady::now() + options_.limits.look);
  if (auto* error = error_in(head)) {
    if (error->is_lost) return note_lost(*error);
    if (error->is(sqlstate::kReadOnly) || error->is(sqlstate::kDiskFull)) {
      note_refused(*error);
    } else {
      note_trouble(*error);
    }
    if (error->is(sqlstate::kInsufficientPrivilege)) see_whether_it_takes_changes();
    return look();  // it may still be read
  }
  if (std::get<SharedHead>(head) != known || !lost_.empty()) {
    if (const auto error = refresh()) return note_trouble(*error);
  }
  see_whether_it_takes_changes();
  share_counts();
  if (!connection_ || Steady::now() < clean_at_) return;
  clean_at_ = Steady::now() + kCleanEvery;
  clean_up();
}

// After a beat, which is a change like any other but for what it waits for and how much it writes.
void PostgresStore::see_whether_it_takes_changes() {
  if (!connection_) return;
  bool was_refused = false;
  {
    const base::MutexLock lock(mutex_);
    was_refused = !status_.takes_changes;
  }
  if (was_refused) {
    if (const auto error =
            SharedTables(*connection_).try_change(Steady::now() + options_.limits.look)) {
      return note_trouble(*error);
    }
    report_("the database " + options_.address.shown() + " takes changes again");
  }
  refused_since_ = {};
  {
    const base::MutexLock lock(mutex_);
    status_.takes_changes = true;
    status_.problem.clear();
  }
  end_holds();
}

void PostgresStore::end_holds() {
  {
    const base::MutexLock lock(mutex_);
    if (held_.empty()) return;
    report_("no longer in maintenance at this instance alone, for the database is back: " +
            list_of(held_));
    held_.clear();
    ++copies_wanted_;
  }
  changed_.notify_all();
  deliver();
}

void PostgresStore::leave() {
  if (!connection_) return;
  stop_.clear();
  [[maybe_unused]] const auto error =
      SharedTables(*connection_)
          .remove_instance(options_.self.id, Steady::now() + std::chrono::seconds{1});
  connection_.reset();
}

}  // namespace intermission::control
