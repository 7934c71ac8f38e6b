// A command that runs until a signal ends it, in a thread of this process.
#pragma once

#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <iostream>
#include <string>
#include <thread>
#include <utility>

#include "support/captured.h"
#include "support/eventually.h"

namespace intermission::testing {

/// Captures what it says. The mask of the thread that makes it is that of the other.
class Stoppable {
 public:
  /// `run` returns the exit code.
  explicit Stoppable(std::function<int()> run)
      : run_(std::move(run)), thread_([this] {
          id_ = gettid();
          code_ = run_();
          ended_ = true;
        }) {}
  ~Stoppable() {
    if (thread_.joinable()) end();
  }
  Stoppable(const Stoppable&) = delete;
  Stoppable& operator=(const Stoppable&) = delete;

  void send(int signal) { pthread_kill(thread_.native_handle(), signal); }
  int end(int signal = SIGTERM) {
    if (!ended_) send(signal);
    return wait();
  }
  int wait() {
    const bool ends = eventually([&] { return ended_.load(); });
    EXPECT_TRUE(ends);
    if (!ends) send(SIGTERM);
    thread_.join();
    return code_;
  }
  bool ended() const { return ended_; }
  std::string out() const { return out_.text(); }
  std::string err() const { return err_.text(); }
  /// Of its thread, for the system.
  pid_t thread() const { return id_; }

 private:
  Captured out_{std::cout};
  Captured err_{std::cerr};
  std::function<int()> run_;
  std::atomic<pid_t> id_{0};
  std::atomic<bool> ended_{false};
  int code_ = -1;
  std::thread thread_;
};

}  // namespace intermission::testing
