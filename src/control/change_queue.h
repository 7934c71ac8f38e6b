// Changes whose store may be slow. A thread of its own makes them one after the other, so that
// those who ask for them can serve others meanwhile.
//
//   auto ticket = queue.add([&] { return control_plane.change("orders", {}, "anna", step); });
//   if (auto made = ticket->wait(ticket->is_next() ? 50ms : 0ms)) answer(*made);
//   else ask_again_later(ticket);
//
// Any thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <thread>

#include "base/mutex.h"
#include "control/refusal.h"

namespace intermission::control {

class ChangeQueue {
 public:
  /// Why a change was not made; nothing where it was.
  using Outcome = std::optional<Refusal>;
  using Change = std::function<Outcome()>;

  /// Those that wait beyond so many are refused.
  static constexpr std::size_t kMostWaiting = 100;

  /// One change that was asked for.
  class Ticket {
   public:
    Ticket(Change change, bool is_next) : is_next_(is_next), change_(std::move(change)) {}

    /// Whether nothing stood before it when it was added: only then it may be made in a moment.
    bool is_next() const { return is_next_; }
    /// Nothing where the change is not made or refused yet when `patience` has passed.
    std::optional<Outcome> wait(std::chrono::milliseconds patience);
    /// Whether it has not begun; then it never will.
    bool withdraw();

   private:
    friend class ChangeQueue;
    enum class State : std::uint8_t { kWaiting, kBegun, kOver };

    bool begin();
    void end(Outcome outcome);
    void refuse(const char* why);

    const bool is_next_;
    const Change change_;
    base::Mutex mutex_;
    std::condition_variable_any over_;
    State state_ GUARDED_BY(mutex_) = State::kWaiting;
    Outcome outcome_ GUARDED_BY(mutex_);
  };
  using TicketPtr = std::shared_ptr<Ticket>;

  ChangeQueue() = default;
  /// Waits for the change in hand, and refuses those that wait.
  ~ChangeQueue();
  ChangeQueue(const ChangeQueue&) = delete;
  ChangeQueue& operator=(const ChangeQueue&) = delete;

  TicketPtr add(Change change);

 private:
  void run();

  base::Mutex mutex_;
  std::condition_variable_any news_;
  std::deque<TicketPtr> waiting_ GUARDED_BY(mutex_);
  bool has_one_in_hand_ GUARDED_BY(mutex_) = false;
  bool is_ending_ GUARDED_BY(mutex_) = false;
  std::thread thread_ GUARDED_BY(mutex_);  // from the first change on
};

}  // namespace intermission::control
