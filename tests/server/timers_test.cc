#include "server/timers.h"

#include <gtest/gtest.h>

namespace intermission::server {
namespace {

http::Limits limits() {
  http::Limits limits;
  limits.head_timeout_ms = 10;
  limits.idle_timeout_ms = 100;
  return limits;
}

TEST(Timers, GoOffInOrderOfTheirDeadlines) {
  Timers timers(limits());
  Timer idle;
  Timer first_head;
  Timer second_head;
  timers.set(idle, TimerClass::kIdle, 0);
  timers.set(first_head, TimerClass::kHead, 50);
  timers.set(second_head, TimerClass::kHead, 55);
  EXPECT_EQ(timers.next(), 60U);
  EXPECT_EQ(timers.expired(59), nullptr);
  EXPECT_EQ(timers.expired(64), &first_head);
  EXPECT_EQ(timers.expired(64), nullptr);
  EXPECT_EQ(timers.expired(65), &second_head);
  EXPECT_EQ(timers.next(), 100U);
  EXPECT_EQ(timers.expired(100), &idle);
  EXPECT_FALSE(timers.next());
}

TEST(Timers, SettingAgainStartsAnew) {
  Timers timers(limits());
  Timer moved;
  Timer other;
  timers.set(moved, TimerClass::kHead, 0);
  timers.set(other, TimerClass::kHead, 1);
  timers.set(moved, TimerClass::kIdle, 2);
  EXPECT_EQ(moved.timer_class, TimerClass::kIdle);
  EXPECT_EQ(timers.expired(50), &other);
  EXPECT_EQ(timers.expired(50), nullptr);
  EXPECT_EQ(timers.expired(102), &moved);
}

TEST(Timers, NameTheOneThatWasSetFirst) {
  Timers timers(limits());
  Timer first;
  Timer second;
  Timer head;
  timers.set(head, TimerClass::kHead, 0);
  timers.set(first, TimerClass::kIdle, 5);
  timers.set(second, TimerClass::kIdle, 7);
  EXPECT_EQ(timers.first(TimerClass::kIdle), &first);
  EXPECT_EQ(timers.first(TimerClass::kIdle), &first) << "it stays on its list";
  timers.cancel(first);
  EXPECT_EQ(timers.first(TimerClass::kIdle), &second);
  EXPECT_EQ(timers.first(TimerClass::kBody), nullptr);
}

TEST(Timers, CancelledNeverGoOff) {
  Timers timers(limits());
  Timer timer;
  timers.cancel(timer);
  timers.set(timer, TimerClass::kWrite, 0);
  EXPECT_TRUE(Timers::is_set(timer));
  timers.cancel(timer);
  EXPECT_FALSE(Timers::is_set(timer));
  EXPECT_EQ(timers.expired(1'000'000), nullptr);
}

}  // namespace
}  // namespace intermission::server
