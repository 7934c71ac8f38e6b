// Where the Snapshot in force is kept, and how workers read it without meeting each other.
//
// One thread publishes; workers may ask for what is in force to be renewed. Each worker has a
// reader of its own: as long as nothing new was published a read is one atomic load, and the
// reference count that answers hold on to is the reader's own, not one that all workers write to.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "base/mutex.h"
#include "snapshot/snapshot.h"

namespace intermission::snapshot {

using SnapshotPtr = std::shared_ptr<const Snapshot>;

class Publisher {
 public:
  explicit Publisher(SnapshotPtr first) : current_(std::move(first)) {}

  SnapshotPtr current() const {
    const base::MutexLock lock(mutex_);
    return current_;
  }

  void publish(SnapshotPtr next) {
    const base::MutexLock lock(mutex_);
    current_ = std::move(next);
    version_.fetch_add(1, std::memory_order_release);
  }

  /// Publishes what is in force without the notices of past periods (Snapshot::renewed). Does
  /// nothing if `worn` is no longer in force: what replaced it was meant to.
  void renew(const Snapshot& worn) {
    const base::MutexLock lock(mutex_);
    if (current_.get() != &worn) return;
    current_ = worn.renewed();
    version_.fetch_add(1, std::memory_order_release);
  }

 private:
  friend class SnapshotReader;

  std::atomic<std::uint64_t> version_{1};
  mutable base::Mutex mutex_;
  SnapshotPtr current_ GUARDED_BY(mutex_);
};

/// Used by one thread; outlived by the Publisher.
class SnapshotReader {
 public:
  explicit SnapshotReader(const Publisher& publisher) : publisher_(publisher) {}

  /// The Snapshot in force. The reference is good until the next call; a copy as long as it is
  /// kept.
  const SnapshotPtr& current() {
    if (publisher_.version_.load(std::memory_order_acquire) != version_) refresh();
    return current_;
  }

 private:
  void refresh() {
    const base::MutexLock lock(publisher_.mutex_);
    version_ = publisher_.version_.load(std::memory_order_acquire);
    // A control block of this reader's own, which holds the shared one.
    const Snapshot* snapshot = publisher_.current_.get();
    current_ = SnapshotPtr(snapshot, [held = publisher_.current_](const Snapshot*) {});
  }

  const Publisher& publisher_;
  std::uint64_t version_ = 0;
  SnapshotPtr current_;
};

}  // namespace intermission::snapshot
