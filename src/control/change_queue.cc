#include "control/change_queue.h"

#include <deque>
#include <exception>
#include <string>
#include <thread>
#include <utility>

#include "base/text.h"

namespace intermission::control {

namespace {

// An exception costs one change, and ends here.
ChangeQueue::Outcome outcome_of(const ChangeQueue::Change& change) {
  try {
    return change();
  } catch (const std::exception& error) {
    return Refusal{503, std::string("the change failed: ") + base::printable(error.what())};
  } catch (...) {
    return Refusal{503, "the change failed"};
  }
}

}  // namespace

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

bool ChangeQueue::Ticket::begin() {
  const base::MutexLock lock(mutex_);
  if (state_ != State::kWaiting) return false;
  state_ = State::kBegun;
  return true;
}

void ChangeQueue::Ticket::end(Outcome outcome) {
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
  TicketPtr ticket;
  {
    const base::MutexLock lock(mutex_);
    ticket = std::make_shared<Ticket>(std::move(change), waiting_.empty() && !has_one_in_hand_);
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
      has_one_in_hand_ = true;
    }
    Outcome outcome;
    const bool is_made = next->begin();
    if (is_made) outcome = outcome_of(next->change_);
    {
      const base::MutexLock lock(mutex_);
      has_one_in_hand_ = false;
    }
    // Last: the one who waits for it may add another one at once.
    if (is_made) next->end(std::move(outcome));
  }
}

}  // namespace intermission::control
