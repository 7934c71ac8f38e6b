// The instances that share the database: their list, what each of them has counted, and the removal
// of those that have gone.
#include <utility>

#include "control/postgres_store.h"

namespace intermission::control {
namespace {

constexpr std::chrono::seconds kCountEvery{5};
constexpr base::Seconds kHour{3600};

}  // namespace

void PostgresStore::list_instances() {
  {
    const base::MutexLock lock(mutex_);
    if (!wants_instances_ || !status_.is_reachable) return;
    wants_instances_ = false;
  }
  auto tables = this->tables();
  if (!tables) return;
  auto listed = tables->instances(Steady::now() + options_.limits.look);
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
  const auto until = Steady::now() + options_.limits.look;
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
  auto rows = tables->counts(options_.self.id, Steady::now() + options_.limits.look);
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

Counts PostgresStore::folded(const std::vector<std::string>& rows) const {
  Counts all;
  for (const std::string& row : rows) {
    const auto counts = counts_from_json(row);
    if (counts) all = joined(all, *counts, clock_.now() - kHour);
  }
  return all;
}

// Rows of instances that are no more.
void PostgresStore::clean_up() {
  SharedTables tables(*connection_);
  auto listed = tables.instances(Steady::now() + options_.limits.look);
  if (const auto* error = error_in(listed)) return note_trouble(*error);
  sightings_.note(std::get<std::vector<Instance>>(listed), Steady::now());
  for (const Instance& one : sightings_.gone()) {
    if (const auto error =
            tables.forget_instance(one.id, one.mark, Steady::now() + options_.limits.look)) {
      return note_trouble(*error);
    }
  }
  // One that lives, and was taken for gone, is listed again long before the next time.
  const auto fold = [this](const std::vector<std::string>& rows) {
    return counts_to_json(folded(rows));
  };
  auto others = tables.fold_counts(uncounted_, fold, Steady::now() + options_.limits.look);
  if (const auto* error = error_in(others)) return note_trouble(*error);
  uncounted_ = std::move(std::get<std::set<std::string>>(others));
}

}  // namespace intermission::control
