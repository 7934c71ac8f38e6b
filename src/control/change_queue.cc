#include "control/change_queue.h"

#include <deque>
#include <thread>
#include <utility>

namespace intermission::control {

std::optional<ChangeQueue::Outcome> ChangeQueue::Ticket::wait(std::chrono::milliseconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  const base::MutexLock lock(mutex_);
  while (state_ != State::kOver && over_.wait_until(mutex_, until) != std::cv_status::timeout) {
  }
  if (state_ != State::kOver) return {};
  return outcome_;
}

bool ChangeQueue::Ticket::withdraw() {
  const base::MutexLock lock(mutex_);
  if (state_ != State::kWaiting) return false;
  state_ = State::kOver;
  return true;
}

void ChangeQueue::Ticket::carry_out() {
  {
    const base::MutexLock lock(mutex_);
    if (state_ != State::kWaiting) return;
    state_ = State::kBegun;
  }
  Outcome outcome = change_();
  {
    const base::MutexLock lock(mutex_);
    outcome_ = std::move(outcome);
    state_ = State::kOver;
  }
  over_.notify_all();
}

void ChangeQueue::Ticket::refuse(const char* why) {
  {
    const base::MutexLock lock(mutex_);
    if (state_ != State::kWaiting) return;
    outcome_ = Refusal{503, why};
    state_ = State::kOver;
  }
  over_.notify_all();
}

ChangeQueue::~ChangeQueue() {
  std::thread thread;
  std::deque<TicketPtr> refused;
  {
    const base::MutexLock lock(mutex_);
    is_ending_ = true;
    thread = std::move(thread_);
    refused = std::exchange(waiting_, {});
  }
  news_.notify_all();
  for (const TicketPtr& ticket : refused) {
    ticket->refuse("the change was not made: the gateway is shutting down");
  }
  if (thread.joinable()) thread.join();
}

ChangeQueue::TicketPtr ChangeQueue::add(Change change) {
  auto ticket = std::make_shared<Ticket>(std::move(change));
  {
    const base::MutexLock lock(mutex_);
    if (waiting_.size() >= kMostWaiting) {
      ticket->refuse(
          "the change was not made: too many others wait for the database; try it again");
      return ticket;
    }
    waiting_.push_back(ticket);
    if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
  }
  news_.notify_all();
  return ticket;
}

void ChangeQueue::run() {
  while (true) {
    TicketPtr next;
    {
      const base::MutexLock lock(mutex_);
      while (waiting_.empty() && !is_ending_) news_.wait(mutex_);
      if (waiting_.empty()) return;
      next = std::move(waiting_.front());
      waiting_.pop_front();
    }
    next->carry_out();
  }
}

}  // namespace intermission::control
