// The file in which this instance keeps a copy of the last State that it knows, and the thread that
// writes it.
#include <utility>

#include "control/postgres_store.h"

namespace intermission::control {
namespace {

// How long after a copy could not be written it is tried again.
constexpr std::chrono::seconds kCopyAgain{5};

}  // namespace

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
            "; without it this instance goes by its configuration alone if it starts while the "
            "database is away");
  }
  if (!error && copy_failed_) report_("the local copy of the state is written again");
  copy_failed_ = error.has_value();
  if (!error) copies_written_ = wanted;
  return !error;
}

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

}  // namespace intermission::control
