#include "control/postgres_store.h"

#include <openssl/rand.h>

#include <array>
#include <utility>

#include "base/hex.h"

namespace intermission::control {
namespace {

constexpr std::chrono::seconds kCountsAge{2};  // how old may be what others counted

}  // namespace

std::string random_name() {
  std::array<unsigned char, 16> bytes{};
  RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
  return base::hex(bytes);
}

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
  const auto until = Steady::now() + options_.limits.load_patience;
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
  const auto until = Steady::now() + options_.limits.save_patience;
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
  const base::MutexLock lock(mutex_);
  wants_instances_ = true;
  wakeup_.raise();
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
  const auto until = Steady::now() + options_.limits.counts_patience;
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

}  // namespace intermission::control
