#include "control/postgres_store.h"

#include <openssl/rand.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "base/text.h"

namespace intermission::control {
namespace {

constexpr std::chrono::seconds kCleanEvery{60};
// How long after a copy could not be written it is tried again.
constexpr std::chrono::seconds kCopyAgain{5};
constexpr std::chrono::seconds kCountEvery{5};
// How old may be what others counted.
constexpr std::chrono::seconds kCountsAge{2};
constexpr std::chrono::milliseconds kCountsPatience{500};
constexpr base::Seconds kHour{3600};
// How long a database that takes no changes is kept before another one is looked for.
constexpr std::chrono::seconds kReadOnlyPatience{5};
constexpr int kMostRounds = 20;

constexpr std::string_view kReadOnly = "25006";
constexpr std::string_view kMayNot = "42501";
constexpr std::string_view kSerialization = "40001";
constexpr std::string_view kDeadlock = "40P01";
constexpr std::string_view kDiskFull = "53100";
constexpr std::string_view kTimedOut = "57014";
constexpr std::string_view kLocked = "55P03";

constexpr std::string_view kHello = "hello ";

DatabaseError* error_in(auto& outcome) {
  return std::get_if<DatabaseError>(&outcome);
}

void trim_audit(State& state) {
  if (state.audit.size() <= State::kMostAudit) return;
  state.audit.erase(state.audit.begin(),
                    state.audit.end() - static_cast<std::ptrdiff_t>(State::kMostAudit));
}

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
std::string told(const DatabaseError& error) {
  if (error.is(kReadOnly)) return "the database takes no changes: it is read-only";
  if (error.is(kDiskFull)) return "the database takes no changes: its disk is full";
  if (error.is(kTimedOut) || error.is(kLocked)) {
    return "the database did not make the change in time, and has taken it back";
  }
  return "the database refused it (" + error.text + ")";
}

std::string list_of(const std::map<std::string, LocalHold, std::less<>>& held) {
  std::string list;
  for (const auto& [service, hold] : held) list += (list.empty() ? "" : ", ") + service;
  return list;
}

}  // namespace

std::string random_name() {
  std::array<unsigned char, 16> bytes{};
  RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string name;
  for (const unsigned char byte : bytes) {
    name += kDigits[byte >> 4];
    name += kDigits[byte & 15];
  }
  return name;
}

struct PostgresStore::Request {
  std::uint64_t expected = 0;
  State next = {};
  bool is_started = false;
  bool is_abandoned = false;
  std::optional<SaveResult> result = {};
};

PostgresStore::PostgresStore(Options options, const base::Clock& clock, Report report,
                             std::unique_ptr<base::FileSystem> files)
    : options_(std::move(options)),
      clock_(clock),
      report_(std::move(report)),
      schedule_(options_.draw),
      copy_(options_.copy, clock, std::move(files)) {
  const base::MutexLock lock(mutex_);
  status_.kind = "postgresql";
  status_.place = options_.address.shown();
  status_.is_reachable = false;
  status_.problem = "not tried yet";
  status_.since = clock_.now();
}

PostgresStore::~PostgresStore() {
  stop(std::chrono::milliseconds{0});
  if (thread_.joinable()) thread_.join();
  if (copier_.joinable()) copier_.join();
}

bool PostgresStore::stop(std::chrono::milliseconds patience) {
  const auto until = Steady::now() + patience;
  const base::MutexLock lock(mutex_);
  stopping_ = true;
  stop_.raise();
  wakeup_.raise();
  changed_.notify_all();
  while (running_ > 0 && changed_.wait_until(mutex_, until) != std::cv_status::timeout) {
  }
  return running_ == 0;
}

void PostgresStore::describe(const std::string& configuration) {
  const base::MutexLock lock(mutex_);
  configuration_ = configuration;
}

// ---------------------------------------------------------------- what others call

base::Result<Store::Loaded> PostgresStore::load() {
  std::optional<base::Error> trouble;
  if (!options_.copy.empty()) {
    const base::MutexLock copying(copying_);
    SharedHead head;
    auto copy = copy_.load(&head);
    if (!copy) return copy.error();
    trouble = std::move(copy->trouble);
    const base::MutexLock lock(mutex_);
    held_ = std::exchange(copy->state.held, {});
    known_ = copied_ = {std::move(head), std::move(copy->state)};
  }
  const auto until = Steady::now() + kLoadPatience;
  const base::MutexLock lock(mutex_);
  running_ = options_.copy.empty() ? 1 : 2;
  thread_ = std::thread([this] { run(); });
  if (!options_.copy.empty()) copier_ = std::thread([this] { keep_copies(); });
  while (!tried_ && changed_.wait_until(mutex_, until) != std::cv_status::timeout) {
  }
  if (!status_.is_reachable) {
    const std::string copy =
        known_.state.version == 0
            ? "there is no local copy of the state: services are as the configuration says"
            : "the local copy of the state is in force, of version " +
                  std::to_string(known_.state.version);
    report_("the database " + status_.place + " cannot be reached (" + status_.problem + "); " +
            copy + "; changes are refused until it can");
  }
  return Loaded{composed(), std::move(trouble)};
}

Store::Failure PostgresStore::unreachable() const {
  return {{"the database cannot be reached (" + status_.problem + ")"}, false};
}

Store::SaveResult PostgresStore::save(std::uint64_t expected, const State& next) {
  const auto request = std::make_shared<Request>();
  request->expected = expected;
  request->next = next;
  {
    const base::MutexLock lock(mutex_);
    if (!status_.is_reachable) {
      ++status_.failures;
      return unreachable();
    }
    requests_.push_back(request);
  }
  wakeup_.raise();
  SaveResult result = result_of(*request);
  // What was acknowledged outlives this process, even where the database is gone when it starts.
  if (std::holds_alternative<Saved>(result)) write_copy();
  return result;
}

Store::SaveResult PostgresStore::result_of(Request& request) {
  const auto until = Steady::now() + kSavePatience;
  const base::MutexLock lock(mutex_);
  while (!request.result && !stopping_ &&
         changed_.wait_until(mutex_, until) != std::cv_status::timeout) {
  }
  if (!request.result) {
    request.is_abandoned = true;
    ++status_.failures;
    return Failure{
        {stopping_ ? "the gateway is shutting down" : "the database did not answer in time"},
        request.is_started};
  }
  if (std::holds_alternative<Saved>(*request.result)) ++status_.saved;
  if (std::holds_alternative<Conflict>(*request.result)) ++status_.conflicts;
  if (std::holds_alternative<Failure>(*request.result)) ++status_.failures;
  return std::move(*request.result);
}

void PostgresStore::watch(std::function<void(State)> on_change) {
  {
    const base::MutexLock lock(telling_);
    on_change_ = std::move(on_change);
  }
  deliver();  // what has come since load()
}

StoreStatus PostgresStore::status() const {
  const base::MutexLock lock(mutex_);
  return status_;
}

std::optional<base::Error> PostgresStore::hold(const std::string& service,
                                               std::optional<LocalHold> hold) {
  {
    const base::MutexLock lock(mutex_);
    if (status_.is_reachable && status_.takes_changes) {
      return base::Error{"the database can be reached; leave out --local"};
    }
    if (hold) {
      held_[service] = std::move(*hold);
    } else if (held_.erase(service) == 0) {
      return base::Error{"the service is not held by this instance alone"};
    }
    ++copies_wanted_;
  }
  write_copy();
  deliver();
  return {};
}

std::vector<Instance> PostgresStore::instances(std::chrono::milliseconds patience) {
  const auto until = Steady::now() + patience;
  {
    const base::MutexLock lock(mutex_);
    wants_instances_ = true;
  }
  wakeup_.raise();
  const base::MutexLock lock(mutex_);
  const std::uint64_t before = listings_;
  while (patience.count() > 0 && !is_busy() && listings_ == before &&
         changed_.wait_until(mutex_, until) != std::cv_status::timeout) {
  }
  std::vector<Instance> all = instances_;
  const auto age = std::chrono::duration_cast<base::Seconds>(Steady::now() - listed_at_);
  for (Instance& one : all) one.ago += age;
  return all;
}

void PostgresStore::count(std::function<Counts()> own) {
  const base::MutexLock lock(mutex_);
  own_counts_ = std::move(own);
}

Counts PostgresStore::counts_of_others() {
  const auto until = Steady::now() + kCountsPatience;
  const base::MutexLock lock(mutex_);
  if (Steady::now() - counted_at_ < kCountsAge && countings_ > 0) return others_;
  wants_counts_ = true;
  wakeup_.raise();
  const std::uint64_t before = countings_;
  while (!is_busy() && countings_ == before &&
         changed_.wait_until(mutex_, until) != std::cv_status::timeout) {
  }
  return others_;
}

// Whether nothing is to be had from the database at once.
bool PostgresStore::is_busy() const {
  return !status_.is_reachable || is_saving_ || stopping_;
}

State PostgresStore::composed() const {
  State state = known_.state;
  state.held = held_;
  return state;
}

void PostgresStore::deliver() {
  const base::MutexLock telling(telling_);
  if (!on_change_) return;
  State state;
  {
    const base::MutexLock lock(mutex_);
    state = composed();
  }
  on_change_(std::move(state));
}

/// Whether there is one of what is known now.
bool PostgresStore::write_copy() {
  if (options_.copy.empty()) return true;
  const base::MutexLock copying(copying_);
  State state;
  SharedHead head;
  std::uint64_t wanted = 0;
  {
    const base::MutexLock lock(mutex_);
    if (copies_wanted_ == copies_written_) return true;
    wanted = copies_wanted_;
    state = copied_.state;
    state.held = held_;
    head = copied_.head;
  }
  const auto error = copy_.save(state, &head);
  if (error && !copy_failed_) {
    report_("the local copy of the state could not be written: " + error->text() +
            "; without it this instance cannot start while the database cannot be reached");
  }
  if (!error && copy_failed_) report_("the local copy of the state is written again");
  copy_failed_ = error.has_value();
  if (!error) copies_written_ = wanted;
  return !error;
}

// ---------------------------------------------------------------- the thread of the copy

void PostgresStore::keep_copies() {
  bool is_ending = false;
  std::uint64_t seen = 0;
  bool is_written = true;
  while (!is_ending) {
    {
      const auto again = Steady::now() + kCopyAgain;
      const base::MutexLock lock(mutex_);
      while (!stopping_ && copies_wanted_ == seen) {
        if (is_written) {
          changed_.wait(mutex_);
        } else if (changed_.wait_until(mutex_, again) == std::cv_status::timeout) {
          break;
        }
      }
      is_ending = stopping_;
      seen = copies_wanted_;
    }
    is_written = write_copy();
  }
  {
    const base::MutexLock lock(mutex_);
    --running_;
  }
  changed_.notify_all();
}

// ---------------------------------------------------------------- the store's thread

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

std::optional<SharedTables> PostgresStore::tables() {
  if (!connection_) return {};
  return SharedTables(*connection_);
}

void PostgresStore::connect() {
  const DatabaseAddress address = options_.address.beginning_with(attempts_++);
  auto opened = PostgresConnection::open(address, Steady::now() + kConnectLimit, stop_);
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
  const auto until = Steady::now() + kReadLimit;
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
  if (error && error->is(kMayNot)) {
    error->text =
        "its tables are not there, and this role may not make them: run `intermission state "
        "migrate` with one that may";
  }
  return error;
}

// Where nobody listens, or nobody may tell, the version is looked at each second.
void PostgresStore::listen(SharedTables& tables) {
  const auto until = Steady::now() + kLookLimit;
  auto error = tables.listen(until);
  if (!error) error = tables.notify(std::string(kHello) + options_.self.id, until);
  if (error && error->is_lost) note_lost(*error);
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
  auto head = tables->beat(self, Steady::now() + kLookLimit);
  if (auto* error = error_in(head)) {
    if (error->is_lost) return note_lost(*error);
    if (error->is(kReadOnly) || error->is(kDiskFull)) {
      note_refused(*error);
    } else {
      note_trouble(*error);
    }
    if (error->is(kMayNot)) see_whether_it_takes_changes();
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
    if (const auto error = SharedTables(*connection_).try_change(Steady::now() + kLookLimit)) {
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

// Rows of instances that are no more.
void PostgresStore::clean_up() {
  SharedTables tables(*connection_);
  auto listed = tables.instances(Steady::now() + kLookLimit);
  if (const auto* error = error_in(listed)) return note_trouble(*error);
  sightings_.note(std::get<std::vector<Instance>>(listed), Steady::now());
  for (const Instance& one : sightings_.gone()) {
    if (const auto error = tables.forget_instance(one.id, one.mark, Steady::now() + kLookLimit)) {
      return note_trouble(*error);
    }
  }
  // One that lives, and was taken for gone, is listed again long before the next time.
  const auto fold = [this](const std::vector<std::string>& rows) {
    return counts_to_json(folded(rows));
  };
  auto others = tables.fold_counts(uncounted_, fold, Steady::now() + kLookLimit);
  if (const auto* error = error_in(others)) return note_trouble(*error);
  uncounted_ = std::move(std::get<std::set<std::string>>(others));
}

Counts PostgresStore::folded(const std::vector<std::string>& rows) const {
  Counts all;
  for (const std::string& row : rows) {
    const auto counts = counts_from_json(row);
    if (counts) all = joined(all, *counts, clock_.now() - kHour);
  }
  return all;
}

void PostgresStore::share_counts() {
  std::function<Counts()> own;
  {
    const base::MutexLock lock(mutex_);
    if (!stopping_) own = own_counts_;
  }
  if (!own || !connection_ || Steady::now() < count_at_) return;
  count_at_ = Steady::now() + kCountEvery;
  SharedTables tables(*connection_);
  const Counts now = own();
  std::string row = counts_to_json(counted_since(now, counted_before_));
  if (row == counts_row_) return;
  const auto until = Steady::now() + kLookLimit;
  auto updated = tables.update_counts(options_.self.id, row, until);
  if (const auto* error = error_in(updated)) return note_trouble(*error);
  if (!std::get<bool>(updated)) {
    if (is_counted_) counted_before_ = counted_;
    row = counts_to_json(counted_since(now, counted_before_));
    if (const auto error = tables.insert_counts(options_.self.id, row, until)) {
      return note_trouble(*error);
    }
  }
  is_counted_ = true;
  counted_ = now;
  counts_row_ = std::move(row);
}

void PostgresStore::read_counts() {
  {
    const base::MutexLock lock(mutex_);
    if (!wants_counts_ || !status_.is_reachable) return;
    wants_counts_ = false;
  }
  auto tables = this->tables();
  if (!tables) return;
  auto rows = tables->counts(options_.self.id, Steady::now() + kLookLimit);
  if (const auto* error = error_in(rows)) return note_trouble(*error);
  Counts others = folded(std::get<std::vector<std::string>>(rows));
  {
    const base::MutexLock lock(mutex_);
    others_ = std::move(others);
    counted_at_ = Steady::now();
    ++countings_;
  }
  changed_.notify_all();
}

void PostgresStore::list_instances() {
  {
    const base::MutexLock lock(mutex_);
    if (!wants_instances_ || !status_.is_reachable) return;
    wants_instances_ = false;
  }
  auto tables = this->tables();
  if (!tables) return;
  auto listed = tables->instances(Steady::now() + kLookLimit);
  if (const auto* error = error_in(listed)) return note_trouble(*error);
  auto& all = std::get<std::vector<Instance>>(listed);
  sightings_.note(all, Steady::now());
  for (Instance& one : all) one.is_self = one.id == options_.self.id;
  {
    const base::MutexLock lock(mutex_);
    instances_ = std::move(all);
    listed_at_ = Steady::now();
    ++listings_;
  }
  changed_.notify_all();
}

// ---------------------------------------------------------------- taking over what there is

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

/// An Error where the State that is there is not in force here.
std::optional<DatabaseError> PostgresStore::refresh() {
  for (int round = 0; round < kMostRounds; ++round) {
    auto tables = this->tables();
    if (!tables) return DatabaseError{"there is no connection", {}, true};
    SharedState known;
    {
      const base::MutexLock lock(mutex_);
      known = known_;
    }
    auto outcome = tables->read(known.head, Steady::now() + kReadLimit);
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
  const auto committed = tables.commit(change, Steady::now() + kSaveLimit);
  if (committed.result == SharedTables::Commit::kConflict) return DatabaseError{};
  if (committed.result != SharedTables::Commit::kDone) return committed.error;
  lost_.clear();
  announce(version);
  adopt(std::move(next));
  return {};
}

// ---------------------------------------------------------------- changes

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
  auto committed = tables.commit(change, Steady::now() + kSaveLimit);
  const DatabaseError& error = committed.error;
  if (committed.result == SharedTables::Commit::kInDoubt) return settle(change, error.text);
  if (committed.result == SharedTables::Commit::kRefused && !error.is(kSerialization) &&
      !error.is(kDeadlock)) {
    note_refused(error);
    return Failure{{told(error)}};
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

// Before anything else: others wait for it, and this instance only has to compile what it knows.
void PostgresStore::announce(std::uint64_t version) {
  if (!connection_) return;
  SharedTables tables(*connection_);
  const auto error = tables.notify(std::to_string(version), Steady::now() + kLookLimit);
  if (error && error->is_lost) note_lost(*error);
}

// COMMIT was sent, and its answer was lost. Until it is known whether it was done nobody is told
// that it was, or was not.
Store::SaveResult PostgresStore::settle(const SharedTables::Change& change,
                                        const std::string& why) {
  note_lost({why, {}, true});
  const auto until = Steady::now() + kSettleLimit;
  while (Steady::now() < until && !is_stopping()) {
    auto opened = PostgresConnection::open(options_.address.beginning_with(attempts_++),
                                           std::min(until, Steady::now() + kConnectLimit), stop_);
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

// ---------------------------------------------------------------- trouble

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

void PostgresStore::leave() {
  if (!connection_) return;
  stop_.clear();
  [[maybe_unused]] const auto error =
      SharedTables(*connection_)
          .remove_instance(options_.self.id, Steady::now() + std::chrono::seconds{1});
  connection_.reset();
}

}  // namespace intermission::control
