// When an instance talks to the database; and what a thousand of them come to, under a clock that
// stands still until the test moves it.
#include "control/sync_schedule.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace intermission::control {
namespace {

using Time = SyncSchedule::Time;
using Task = SyncSchedule::Task;

SyncSchedule connected_at(Time now) {
  SyncSchedule schedule(7);
  schedule.connected(now);
  schedule.beaten(now);
  return schedule;
}

TEST(SyncSchedule, ConnectsAtOnce) {
  EXPECT_EQ(SyncSchedule(1).due(Time{0}), Task::kConnect);
}

TEST(SyncSchedule, BeatsOnceItIsConnected) {
  SyncSchedule schedule(1);
  schedule.connected(Time{5});
  EXPECT_EQ(schedule.due(Time{5}), Task::kBeat);
  schedule.beaten(Time{6});
  EXPECT_EQ(schedule.due(Time{6}), Task::kNothing);
  EXPECT_GT(schedule.next(), Time{6});
}

TEST(SyncSchedule, LooksEachSecondWhereNothingIsHeard) {
  const SyncSchedule schedule = connected_at(Time{0});
  EXPECT_LE(schedule.next(), SyncSchedule::kLook);
  EXPECT_EQ(schedule.due(SyncSchedule::kLook), Task::kLook);
}

TEST(SyncSchedule, OnlyBeatsWhereChangesAreHeard) {
  SyncSchedule schedule = connected_at(Time{0});
  schedule.hears();
  schedule.beaten(Time{0});
  EXPECT_EQ(schedule.due(SyncSchedule::kLook), Task::kNothing);
  EXPECT_EQ(schedule.due(SyncSchedule::kBeat), Task::kBeat);
}

TEST(SyncSchedule, LooksAtOnceWhenSomebodyTells) {
  SyncSchedule schedule = connected_at(Time{0});
  schedule.hears();
  schedule.beaten(Time{0});
  schedule.notified(Time{10});
  EXPECT_EQ(schedule.due(Time{10}), Task::kLook);
}

TEST(SyncSchedule, TellsAtOnceWhatIsInForce) {
  SyncSchedule schedule = connected_at(Time{0});
  schedule.adopted(Time{10});
  EXPECT_EQ(schedule.due(Time{10}), Task::kBeat);
}

TEST(SyncSchedule, AfterALossItConnectsAtOnceAndThenLessAndLessOften) {
  SyncSchedule schedule = connected_at(Time{0});
  Time now{10'000};
  schedule.lost(now);
  EXPECT_EQ(schedule.due(now), Task::kConnect);
  Time before{0};
  for (int i = 0; i < 20; ++i) {
    schedule.lost(now);
    const Time wait = schedule.next() - now;
    EXPECT_GT(wait, Time{0});
    EXPECT_LE(wait, SyncSchedule::kLongestWait);
    EXPECT_GE(wait * 2, before) << "it does not come more often again";
    before = std::max(before, wait);
    now += wait;
    EXPECT_EQ(schedule.due(now), Task::kConnect);
  }
  EXPECT_GE(before, SyncSchedule::kLongestWait * 3 / 4);
}

TEST(SyncSchedule, AConnectionThatHeldIsMissedAsIfNoneHadFailedBefore) {
  SyncSchedule schedule(7);
  for (int i = 0; i < 10; ++i) schedule.lost(Time{0});
  schedule.connected(Time{0});
  schedule.lost(Time{10'000});
  schedule.lost(Time{10'000});
  EXPECT_LE(schedule.next(), Time{10'000} + SyncSchedule::kShortestWait);
}

TEST(SyncSchedule, WhatIsLostAsSoonAsItIsThereIsNotTriedWithoutAWait) {
  SyncSchedule schedule(7);
  Time now{0};
  for (int i = 0; i < 20; ++i) {
    schedule.connected(now);
    schedule.lost(now);
    EXPECT_GT(schedule.next(), now);
    now = schedule.next();
  }
  EXPECT_GT(now, SyncSchedule::kLongestWait * 10);
}

// ---------------------------------------------------------------- a thousand instances

/// A database that takes `cost` for each statement, one after the other, and instances that drive
/// the schedule as PostgresStore does.
class Fleet {
 public:
  Fleet(std::size_t instances, bool is_heard) : is_heard_(is_heard) {
    for (std::size_t i = 0; i < instances; ++i) {
      all_.emplace_back(static_cast<std::uint32_t>(i * 2654435761U));
    }
  }

  void run_until(Time end) {
    for (; now_ < end; ++now_) {
      for (One& one : all_) step(one);
    }
  }
  /// One instance changes something; returns when each of the others had it in force.
  std::vector<Time> change() {
    ++version_;
    const Time began = now_;
    all_.front().version = version_;
    for (One& one : all_) {
      if (one.schedule.is_hearing()) one.schedule.notified(now_);
    }
    run_until(now_ + Time{3000});
    std::vector<Time> seen;
    for (const One& one : all_)
      seen.push_back(one.version == version_ ? one.since - began : kNever);
    std::sort(seen.begin(), seen.end());
    return seen;
  }
  std::uint64_t statements() const { return statements_; }

  static constexpr Time kNever{1'000'000};

 private:
  struct One {
    explicit One(std::uint32_t draw) : schedule(draw) {}
    SyncSchedule schedule;
    std::uint64_t version = 0;
    Time since{0};
  };

  // Microseconds of the database's time, of which a second has a million.
  static constexpr std::uint64_t kCost = 100;

  bool database_takes() {
    if (busy_until_ > (static_cast<std::uint64_t>(now_.count()) + 1) * 1000) return false;
    busy_until_ = std::max(busy_until_, static_cast<std::uint64_t>(now_.count()) * 1000) + kCost;
    ++statements_;
    return true;
  }

  void step(One& one) {
    const Task task = one.schedule.due(now_);
    if (task == Task::kNothing || !database_takes()) return;
    if (task == Task::kConnect) {
      one.schedule.connected(now_);
      if (is_heard_) one.schedule.hears();
      return;
    }
    if (task == Task::kBeat) one.schedule.beaten(now_);
    if (task == Task::kLook) one.schedule.looked(now_);
    if (one.version == version_) return;
    one.version = version_;
    one.since = now_;
    one.schedule.adopted(now_);
  }

  const bool is_heard_;
  std::vector<One> all_;
  Time now_{0};
  std::uint64_t version_ = 0;
  std::uint64_t busy_until_ = 0;
  std::uint64_t statements_ = 0;
};

Time percentile_99(const std::vector<Time>& sorted) {
  return sorted[sorted.size() * 99 / 100];
}

TEST(Fleet, AThousandInstancesThatHearBeatTwiceInThreeSeconds) {
  Fleet fleet(1000, true);
  fleet.run_until(Time{10'000});
  const std::uint64_t before = fleet.statements();
  fleet.run_until(Time{20'000});
  const double each_second = static_cast<double>(fleet.statements() - before) / 10;
  RecordProperty("statements_each_second", static_cast<int>(each_second));
  EXPECT_GT(each_second, 500);
  EXPECT_LT(each_second, 700) << "0.7 for each instance";
}

TEST(Fleet, AThousandInstancesThatLookAskTwiceInTwoSeconds) {
  Fleet fleet(1000, false);
  fleet.run_until(Time{10'000});
  const std::uint64_t before = fleet.statements();
  fleet.run_until(Time{20'000});
  const double each_second = static_cast<double>(fleet.statements() - before) / 10;
  RecordProperty("statements_each_second", static_cast<int>(each_second));
  EXPECT_LT(each_second, 1500) << "1.5 for each instance";
}

TEST(Fleet, AChangeIsInForceEverywhereWithinAQuarterOfASecondWhereItIsHeard) {
  Fleet fleet(1000, true);
  fleet.run_until(Time{10'000});
  const auto seen = fleet.change();
  EXPECT_LE(percentile_99(seen), Time{250});
  EXPECT_LT(seen.back(), Fleet::kNever);
}

TEST(Fleet, AChangeIsInForceEverywhereWithinOneAndAHalfSecondsWhereItIsLookedFor) {
  Fleet fleet(1000, false);
  fleet.run_until(Time{10'000});
  const auto seen = fleet.change();
  EXPECT_LE(seen.back(), Time{1500});
}

TEST(Fleet, AThousandInstancesThatStartAtOnceAreAllConnectedSoon) {
  Fleet fleet(1000, true);
  fleet.run_until(Time{1000});
  EXPECT_GE(fleet.statements(), 2000U) << "connected, and beaten once";
}

}  // namespace
}  // namespace intermission::control
