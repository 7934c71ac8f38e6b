#include "gate/gate.h"

#include <gtest/gtest.h>

#include "gate/wait.h"
#include "http/date.h"

namespace intermission::gate {
namespace {

using base::Maintenance;
using base::Seconds;

base::TimePoint at(const char* text) {
  return http::parse_rfc3339(text).value();
}

Plan two_windows() {
  return {Maintenance::kScheduled,
          Schedule({{at("2026-12-01T22:00:00Z"), at("2026-12-02T02:00:00Z")},
                    {at("2026-12-05T00:00:00Z"), at("2026-12-05T01:00:00Z")}})};
}

TEST(Gate, OnIsClosedWithoutAnEnd) {
  const Verdict verdict = decide({Maintenance::kOn}, at("2026-12-01T00:00:00Z"));
  EXPECT_TRUE(verdict.in_maintenance);
  EXPECT_FALSE(verdict.since);
  EXPECT_FALSE(verdict.until);
}

TEST(Gate, UnconfiguredHostsAreOpenAtAGate) {
  Plan plan{.maintenance = Maintenance::kOn, .open_at_gate = true};
  const base::TimePoint now = at("2026-12-01T22:30:00Z");
  EXPECT_TRUE(decide(plan, now).in_maintenance);
  EXPECT_FALSE(decide(plan, now, Place::kGate).in_maintenance);

  plan.switched = base::Switch{.in_maintenance = true, .since = now};
  EXPECT_TRUE(decide(plan, now, Place::kGate).in_maintenance);
  plan.switched = base::Switch{.in_maintenance = true, .since = now, .until = now, .ends = true};
  EXPECT_FALSE(decide(plan, now, Place::kGate).in_maintenance) << "the switch has ended";
  plan.switched->ends = false;
  EXPECT_TRUE(decide(plan, now, Place::kGate).in_maintenance) << "no operator has switched it off";
  plan.switched = base::Switch{.in_maintenance = false, .since = now};
  EXPECT_FALSE(decide(plan, now).in_maintenance);
  EXPECT_FALSE(decide(plan, now, Place::kGate).in_maintenance);
}

TEST(Gate, AWindowThatAnOperatorPlannedClosesIt) {
  Plan plan = two_windows();
  plan.maintenance = Maintenance::kOn;
  plan.open_at_gate = true;
  EXPECT_TRUE(decide(plan, at("2026-12-01T22:00:00Z"), Place::kGate).in_maintenance);
  EXPECT_FALSE(decide(plan, at("2026-12-02T02:00:00Z"), Place::kGate).in_maintenance);
  EXPECT_TRUE(decide(plan, at("2026-12-02T02:00:00Z")).in_maintenance);
}

TEST(Gate, WhatSomebodyConfiguredIsTheSameForBoth) {
  for (const auto maintenance : {Maintenance::kOn, Maintenance::kOff, Maintenance::kScheduled}) {
    Plan plan = two_windows();
    plan.maintenance = maintenance;
    for (const char* now : {"2026-12-01T22:30:00Z", "2026-12-03T00:00:00Z"}) {
      EXPECT_EQ(decide(plan, at(now)).in_maintenance,
                decide(plan, at(now), Place::kGate).in_maintenance);
    }
  }
}

TEST(Gate, OffIsOpen) {
  EXPECT_FALSE(decide({Maintenance::kOff}, at("2026-12-01T00:00:00Z")).in_maintenance);
}

TEST(Gate, AWindowHoldsFromItsStartToJustBeforeItsEnd) {
  const Plan plan = two_windows();
  EXPECT_FALSE(decide(plan, at("2026-12-01T21:59:59Z")).in_maintenance);
  EXPECT_TRUE(decide(plan, at("2026-12-01T22:00:00Z")).in_maintenance);
  EXPECT_TRUE(decide(plan, at("2026-12-02T01:59:59Z")).in_maintenance);
  EXPECT_FALSE(decide(plan, at("2026-12-02T02:00:00Z")).in_maintenance);

  const Verdict second = decide(plan, at("2026-12-05T00:30:00Z"));
  EXPECT_EQ(second.since, at("2026-12-05T00:00:00Z"));
  EXPECT_EQ(second.until, at("2026-12-05T01:00:00Z"));
}

TEST(Gate, WithoutAutoOffItStaysClosedUntilAnOperatorSaysOff) {
  Plan plan = two_windows();
  plan.auto_off = false;
  EXPECT_FALSE(decide(plan, at("2026-12-01T21:00:00Z")).in_maintenance);
  const Verdict overrun = decide(plan, at("2026-12-03T00:00:00Z"));
  EXPECT_TRUE(overrun.in_maintenance);
  EXPECT_EQ(overrun.since, at("2026-12-01T22:00:00Z"));
  EXPECT_FALSE(overrun.until);

  plan.switched = base::Switch{.in_maintenance = false, .since = at("2026-12-03T00:00:00Z")};
  EXPECT_FALSE(decide(plan, at("2026-12-03T00:00:00Z")).in_maintenance);
  EXPECT_TRUE(decide(plan, at("2026-12-05T00:30:00Z")).in_maintenance);
  EXPECT_TRUE(decide(plan, at("2026-12-09T00:00:00Z")).in_maintenance);
}

TEST(Gate, WithoutWindowsAScheduleIsOpen) {
  EXPECT_FALSE(decide({Maintenance::kScheduled}, at("2026-12-05T00:30:00Z")).in_maintenance);
}

Plan switched(base::Switch by) {
  Plan plan = two_windows();
  plan.switched = by;
  return plan;
}

TEST(Gate, SwitchedOnBeatsThePlan) {
  const Plan plan = switched({.in_maintenance = true, .since = at("2026-12-03T00:00:00Z")});
  const Verdict verdict = decide(plan, at("2026-12-03T12:00:00Z"));
  EXPECT_TRUE(verdict.in_maintenance);
  EXPECT_EQ(verdict.since, at("2026-12-03T00:00:00Z"));
  EXPECT_FALSE(verdict.until);
}

TEST(Gate, SwitchedOnIsHeldPastItsEndUntilSomebodySwitchesItOff) {
  const Plan plan = switched({.in_maintenance = true,
                              .since = at("2026-12-03T00:00:00Z"),
                              .until = at("2026-12-03T02:00:00Z")});
  EXPECT_EQ(decide(plan, at("2026-12-03T01:59:59Z")).until, at("2026-12-03T02:00:00Z"));
  const Verdict overrun = decide(plan, at("2026-12-03T02:00:00Z"));
  EXPECT_TRUE(overrun.in_maintenance);
  EXPECT_FALSE(overrun.until);
  EXPECT_EQ(seconds_to_wait(overrun, {}, at("2026-12-03T02:00:00Z"), 0), 120U);
}

TEST(Gate, ASwitchThatEndsLeavesThePlanInForce) {
  const Plan plan = switched({.in_maintenance = true,
                              .since = at("2026-12-01T22:00:00Z"),
                              .until = at("2026-12-02T02:30:00Z"),
                              .ends = true});
  EXPECT_EQ(decide(plan, at("2026-12-02T02:10:00Z")).until, at("2026-12-02T02:30:00Z"));
  EXPECT_FALSE(decide(plan, at("2026-12-02T02:30:00Z")).in_maintenance);
  EXPECT_EQ(decide(plan, at("2026-12-05T00:30:00Z")).until, at("2026-12-05T01:00:00Z"));
}

TEST(Gate, SwitchedOffEndsTheWindowThatLastsAndKeepsTheNext) {
  const Plan plan = switched({.in_maintenance = false, .since = at("2026-12-01T23:00:00Z")});
  EXPECT_FALSE(decide(plan, at("2026-12-01T23:00:00Z")).in_maintenance);
  EXPECT_FALSE(decide(plan, at("2026-12-02T01:59:59Z")).in_maintenance);
  EXPECT_TRUE(decide(plan, at("2026-12-05T00:00:00Z")).in_maintenance);
}

TEST(Gate, SwitchedOffOpensWhatIsOnByItself) {
  Plan plan{Maintenance::kOn};
  plan.switched = base::Switch{.in_maintenance = false, .since = at("2026-12-01T00:00:00Z")};
  EXPECT_FALSE(decide(plan, at("2027-01-01T00:00:00Z")).in_maintenance);
}

TEST(Gate, SwitchedOffAtTheStartOfAWindowEndsThatWindow) {
  const Plan plan = switched({.in_maintenance = false, .since = at("2026-12-01T22:00:00Z")});
  EXPECT_FALSE(decide(plan, at("2026-12-01T22:00:00Z")).in_maintenance);
  EXPECT_FALSE(decide(plan, at("2026-12-02T01:59:59Z")).in_maintenance);
  const Plan before = switched({.in_maintenance = false, .since = at("2026-12-01T21:59:59Z")});
  EXPECT_TRUE(decide(before, at("2026-12-01T22:00:00Z")).in_maintenance);
}

TEST(Gate, ASwitchThatEndsAtNoKnownMomentStaysClosed) {
  const Plan plan = switched(
      {.in_maintenance = true, .since = at("2026-12-03T00:00:00Z"), .until = {}, .ends = true});
  EXPECT_TRUE(decide(plan, at("2026-12-04T00:00:00Z")).in_maintenance);
}

// An operator who asks why a service is in maintenance reads this sentence.
TEST(Gate, EachVerdictSaysWhy) {
  const base::TimePoint before = at("2026-12-01T00:00:00Z");
  const base::TimePoint during = at("2026-12-01T23:00:00Z");
  const base::TimePoint after = at("2026-12-03T00:00:00Z");
  Plan held = two_windows();
  held.auto_off = false;
  Plan dismissed = held;
  dismissed.switched = base::Switch{.in_maintenance = false, .since = during};
  const base::Switch on{.in_maintenance = true, .since = before};
  const base::Switch on_with_end{.in_maintenance = true, .since = before, .until = during};
  EXPECT_EQ(decide({Maintenance::kOn}, before).reason, "maintenance is on, with no known end");
  EXPECT_EQ(decide({Maintenance::kOff}, before).reason, "maintenance is off");
  EXPECT_EQ(decide(two_windows(), before).reason, "no planned window is in progress");
  EXPECT_EQ(decide(two_windows(), during).reason, "a planned window is in progress");
  EXPECT_EQ(decide(two_windows(), after).reason, "no planned window is in progress");
  EXPECT_EQ(decide(held, after).reason,
            "a planned window has ended; maintenance continues until it is switched off");
  EXPECT_EQ(decide(dismissed, after).reason, "an operator switched maintenance off");
  EXPECT_EQ(decide(switched(on), after).reason,
            "an operator switched maintenance on, with no known end");
  EXPECT_EQ(decide(switched(on_with_end), before).reason, "an operator switched maintenance on");
  EXPECT_EQ(
      decide(switched(on_with_end), after).reason,
      "the end set by an operator has passed; maintenance continues until it is switched off");
}

constexpr std::uint32_t kMostDraw = 0xffffffff;

TEST(Wait, IsTheStandardOneWhereAWindowOverran) {
  Plan plan = two_windows();
  plan.auto_off = false;
  const auto now = at("2027-12-05T02:00:00Z");
  EXPECT_EQ(seconds_to_wait(decide(plan, now), WaitBounds{}, now, 0), 120U);
}

TEST(Wait, IsTheTimeToTheEndWithinItsBounds) {
  const WaitBounds bounds;
  const auto wait_at = [&](const char* now) {
    return seconds_to_wait(decide(two_windows(), at(now)), bounds, at(now), 0);
  };
  EXPECT_EQ(wait_at("2026-12-02T01:50:00Z"), 600U);
  EXPECT_EQ(wait_at("2026-12-02T01:59:59Z"), 5U);     // min
  EXPECT_EQ(wait_at("2026-12-01T22:00:00Z"), 3600U);  // max
  EXPECT_EQ(wait_at("2026-12-03T00:00:00Z"), 5U);     // open again: the shortest
}

TEST(Wait, IsTheStandardWithoutAnEnd) {
  EXPECT_EQ(seconds_to_wait(decide({}, {}), {}, {}, 0), 120U);
}

TEST(Wait, JitterOnlyAddsAndAtMostItsShare) {
  const Verdict in_maintenance = decide({}, {});
  EXPECT_EQ(seconds_to_wait(in_maintenance, {}, {}, kMostDraw), 144U);
  EXPECT_EQ(seconds_to_wait(in_maintenance, {.jitter_percent = 0}, {}, kMostDraw), 120U);
  for (std::uint64_t draw = 0; draw <= kMostDraw; draw += 1U << 24) {
    const auto seconds = seconds_to_wait(in_maintenance, {}, {}, static_cast<std::uint32_t>(draw));
    EXPECT_GE(seconds, 120U);
    EXPECT_LE(seconds, 144U);
  }
}

TEST(Wait, IsNeverZero) {
  const WaitBounds shortest{Seconds{1}, Seconds{1}, Seconds{1}, 0};
  EXPECT_EQ(seconds_to_wait(decide({Maintenance::kOff}, {}), shortest, {}, 0), 1U);
}

}  // namespace
}  // namespace intermission::gate
