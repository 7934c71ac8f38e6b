// A mutex that clang can check: which members it guards, and which functions want it held, stand
// in the declarations, and -Wthread-safety refuses code that does not keep to them. GCC reads the
// same code without the check; std::mutex of libstdc++ carries no annotations.
// https://clang.llvm.org/docs/ThreadSafetyAnalysis.html
//
//   void add(int value) { const base::MutexLock lock(mutex_); sum_ += value; }
//   int doubled() const REQUIRES_LOCK(mutex_);
//   mutable base::Mutex mutex_;
//   int sum_ GUARDED_BY(mutex_) = 0;
#pragma once

#include <mutex>

#if defined(__clang__)
#define INTERMISSION_THREAD_ANNOTATION(x) __attribute__((x))
#else
#define INTERMISSION_THREAD_ANNOTATION(x)
#endif

/// On a member: read and written only while `mutex` is held.
#define GUARDED_BY(mutex) INTERMISSION_THREAD_ANNOTATION(guarded_by(mutex))
/// On a function: its caller holds `mutex`.
#define REQUIRES_LOCK(mutex) INTERMISSION_THREAD_ANNOTATION(requires_capability(mutex))
/// On a function: its caller does not hold `mutex`, for it takes it itself.
#define EXCLUDES_LOCK(mutex) INTERMISSION_THREAD_ANNOTATION(locks_excluded(mutex))

/// On a mutex: who takes both takes this one first.
#define ACQUIRED_BEFORE(mutex) INTERMISSION_THREAD_ANNOTATION(acquired_before(mutex))

namespace intermission::base {

class INTERMISSION_THREAD_ANNOTATION(capability("mutex")) Mutex {
 public:
  void lock() INTERMISSION_THREAD_ANNOTATION(acquire_capability()) { mutex_.lock(); }
  void unlock() INTERMISSION_THREAD_ANNOTATION(release_capability()) { mutex_.unlock(); }

 private:
  std::mutex mutex_;
};

/// Holds a Mutex until the end of its scope.
class INTERMISSION_THREAD_ANNOTATION(scoped_lockable) MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) INTERMISSION_THREAD_ANNOTATION(acquire_capability(mutex))
      : mutex_(mutex) {
    mutex_.lock();
  }
  ~MutexLock() INTERMISSION_THREAD_ANNOTATION(release_capability()) { mutex_.unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

}  // namespace intermission::base
