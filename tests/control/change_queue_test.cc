// Changes that are made by a thread of their own: in order, within a bound, and never after they
// were withdrawn.
#include "control/change_queue.h"

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <stdexcept>
#include <vector>

namespace intermission::control {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds kPatience{60'000};

/// A change that is in hand until it is let go.
struct Held {
  std::promise<void> begun;
  std::promise<void> may_end;

  ChangeQueue::Change change() {
    return [this]() -> ChangeQueue::Outcome {
      begun.set_value();
      may_end.get_future().wait();
      return {};
    };
  }
};

TEST(ChangeQueue, TellsWhatBecameOfAChange) {
  ChangeQueue queue;
  const auto made = queue.add([] { return ChangeQueue::Outcome(); })->wait(kPatience);
  ASSERT_TRUE(made);
  EXPECT_FALSE(*made);
  const auto refused = queue.add([] { return ChangeQueue::Outcome(Refusal{412, "stale"}); });
  const auto outcome = refused->wait(kPatience);
  ASSERT_TRUE(outcome && *outcome);
  EXPECT_EQ((*outcome)->status, 412);
}

TEST(ChangeQueue, OneThatThrowsCostsNoOther) {
  ChangeQueue queue;
  const auto outcome =
      queue.add([]() -> ChangeQueue::Outcome { throw std::runtime_error("no memory"); })
          ->wait(kPatience);
  ASSERT_TRUE(outcome && *outcome);
  EXPECT_EQ((*outcome)->status, 503);
  EXPECT_EQ((*outcome)->detail, "the change failed: no memory");
  EXPECT_TRUE(queue.add([] { return ChangeQueue::Outcome(); })->wait(kPatience));
}

TEST(ChangeQueue, MakesThemInTheOrderInWhichTheyCame) {
  std::vector<int> made;
  {
    ChangeQueue queue;
    ChangeQueue::TicketPtr last;
    for (int i = 0; i < 20; ++i) {
      last = queue.add([&made, i] {
        made.push_back(i);
        return ChangeQueue::Outcome();
      });
    }
    EXPECT_TRUE(last->wait(kPatience));
  }
  for (int i = 0; i < 20; ++i) EXPECT_EQ(made.at(static_cast<std::size_t>(i)), i);
}

TEST(ChangeQueue, DoesNotWaitLongerThanItIsAsked) {
  Held held;
  ChangeQueue queue;
  const auto ticket = queue.add(held.change());
  held.begun.get_future().wait();
  EXPECT_FALSE(ticket->wait(milliseconds{0}));
  held.may_end.set_value();
  EXPECT_TRUE(ticket->wait(kPatience));
}

TEST(ChangeQueue, WhatIsWithdrawnIsNeverMade) {
  Held held;
  bool is_made = false;
  {
    ChangeQueue queue;
    const auto first = queue.add(held.change());
    const auto second = queue.add([&] {
      is_made = true;
      return ChangeQueue::Outcome();
    });
    held.begun.get_future().wait();
    EXPECT_FALSE(first->withdraw()) << "it has begun";
    EXPECT_TRUE(second->withdraw());
    const auto third = queue.add([] { return ChangeQueue::Outcome(); });
    held.may_end.set_value();
    EXPECT_TRUE(third->wait(kPatience));
  }
  EXPECT_FALSE(is_made);
}

TEST(ChangeQueue, OnlyOneThatStandsBehindNoneIsNext) {
  Held held;
  ChangeQueue queue;
  const auto first = queue.add(held.change());
  EXPECT_TRUE(first->is_next());
  held.begun.get_future().wait();
  EXPECT_FALSE(queue.add([] { return ChangeQueue::Outcome(); })->is_next()) << "one is in hand";
  EXPECT_FALSE(queue.add([] { return ChangeQueue::Outcome(); })->is_next()) << "one waits";
  held.may_end.set_value();
}

TEST(ChangeQueue, RefusesMoreThanMayWait) {
  Held held;
  ChangeQueue queue;
  queue.add(held.change());
  held.begun.get_future().wait();
  for (std::size_t i = 0; i < ChangeQueue::kMostWaiting; ++i) {
    queue.add([] { return ChangeQueue::Outcome(); });
  }
  const auto outcome = queue.add([] { return ChangeQueue::Outcome(); })->wait(milliseconds{0});
  ASSERT_TRUE(outcome && *outcome);
  EXPECT_EQ((*outcome)->status, 503);
  held.may_end.set_value();
}

TEST(ChangeQueue, RefusesThoseThatWaitWhenItEnds) {
  Held held;
  auto queue = std::make_unique<ChangeQueue>();
  const auto first = queue->add(held.change());
  held.begun.get_future().wait();
  const auto second = queue->add([] { return ChangeQueue::Outcome(); });
  auto ended = std::async(std::launch::async, [&] { queue.reset(); });
  const auto outcome = second->wait(kPatience);
  ASSERT_TRUE(outcome && *outcome);
  EXPECT_EQ((*outcome)->status, 503);
  EXPECT_FALSE(first->wait(milliseconds{0})) << "the one in hand is waited for";
  held.may_end.set_value();
  ended.wait();
  EXPECT_TRUE(first->wait(milliseconds{0}));
}

}  // namespace
}  // namespace intermission::control
