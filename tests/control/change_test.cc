#include "control/change.h"

#include <gtest/gtest.h>

#include "catalog/configuration.h"
#include "control/overlay.h"
#include "gate/schedule.h"
#include "http/date.h"

namespace intermission::control {
namespace {

base::TimePoint at(const char* text) {
  return http::parse_rfc3339(text).value();
}

/// One service with one window, and an operator at work on it.
class ChangeTest : public ::testing::Test {
 protected:
  ChangeTest() {
    configured_.name = "orders";
    configured_.maintenance = base::Maintenance::kScheduled;
    configured_.windows = {{at("2026-12-01T22:00:00Z"), at("2026-12-02T02:00:00Z")}};
    configured_.message.entries = {{"en", "configured"}};
  }

  gate::Verdict verdict(const char* now) const {
    const catalog::Service service = service_in_effect(configured_, state_);
    return gate::decide({service.maintenance, gate::Schedule(service.windows, service.recurrences),
                         service.auto_off, service.switched},
                        at(now));
  }
  Subject subject(const char* now) const { return {configured_, verdict(now), at(now), 7}; }

  static std::string said(const Changed& changed) {
    const auto* what = std::get_if<std::string>(&changed);
    return what == nullptr ? "" : *what;
  }
  static int refused(const Changed& changed) {
    const auto* refusal = std::get_if<Refusal>(&changed);
    return refusal == nullptr ? 0 : refusal->status;
  }

  catalog::Service configured_;
  ServiceState state_;
};

TEST_F(ChangeTest, RulesOfOneServiceMayNotTakeTooLongTogether) {
  const std::string busy =
      R"({"start":"2026-12-01T00:00:00Z","for":"5m","rrule":"FREQ=DAILY;COUNT=10000;BYHOUR=0,1,2,)"
      R"(3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23"})";
  state_.windows.assign(17, {"w0", busy});
  Changed last = plan_window(state_, subject("2026-11-01T00:00:00Z"), busy);
  EXPECT_EQ(refused(last), 0) << std::get<Refusal>(last).detail;
  for (int more = 0; more < 3 && refused(last) == 0; ++more) {
    last = plan_window(state_, subject("2026-11-01T00:00:00Z"), busy);
  }
  ASSERT_EQ(refused(last), 422);
  EXPECT_EQ(std::get<Refusal>(last).field, "rrule");
  const auto never = plan_window(state_, subject("2026-11-01T00:00:00Z"),
                                 R"({"start":"2026-12-01T00:00:00Z","for":"5m",)"
                                 R"("rrule":"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"})");
  EXPECT_EQ(refused(never), 422);
}

TEST_F(ChangeTest, ARuleMayTakeAllThatIsLeftForIt) {
  constexpr const char* kWeekly =
      R"({"start":"2026-12-06T00:00:00Z","for":"1h","rrule":"FREQ=WEEKLY"})";
  const auto planned = [&](std::uint64_t left) {
    ServiceState state;
    Subject asked = subject("2026-11-01T00:00:00Z");
    asked.steps_left = left;
    return plan_window(state, asked, kWeekly);
  };
  const Changed refused_one = planned(1);
  ASSERT_EQ(refused(refused_one), 422);
  const std::string& why = std::get<Refusal>(refused_one).detail;
  const std::string before = "this service's plan takes ";
  const auto cost = std::stoull(why.substr(why.find(before) + before.size()));
  EXPECT_LT(cost, 5000U) << "a step for each day, and ten for each of some sixty weeks";
  EXPECT_EQ(refused(planned(cost)), 0);
  EXPECT_EQ(refused(planned(cost - 1)), 422);
}

TEST_F(ChangeTest, OnHoldsUntilOff) {
  const auto on =
      switch_on(state_, subject("2026-11-01T00:00:00Z"), {at("2026-11-01T02:00:00Z"), false, {}});
  EXPECT_EQ(said(on), "on until 2026-11-01T02:00:00Z");
  EXPECT_EQ(verdict("2026-11-01T01:00:00Z").until, at("2026-11-01T02:00:00Z"));
  EXPECT_TRUE(verdict("2026-11-01T03:00:00Z").in_maintenance);
  EXPECT_EQ(said(switch_off(state_, subject("2026-11-01T03:00:00Z"))), "off");
  EXPECT_FALSE(verdict("2026-11-01T03:00:00Z").in_maintenance);
  EXPECT_TRUE(verdict("2026-12-01T23:00:00Z").in_maintenance);
}

TEST_F(ChangeTest, AnEndThatHasPassedIsRefused) {
  EXPECT_EQ(refused(switch_on(state_, subject("2026-11-01T00:00:00Z"),
                              {at("2026-11-01T00:00:00Z"), false, {}})),
            422);
  EXPECT_EQ(refused(switch_on(state_, subject("2026-11-01T00:00:00Z"), {{}, true, {}})), 422);
  EXPECT_EQ(state_, ServiceState());
}

TEST_F(ChangeTest, AWindowThatIsExtendedEndsByItself) {
  EXPECT_EQ(said(extend(state_, subject("2026-12-02T01:00:00Z"), base::Seconds{1800})),
            "extended by 30m until 2026-12-02T02:30:00Z");
  EXPECT_EQ(verdict("2026-12-02T02:10:00Z").until, at("2026-12-02T02:30:00Z"));
  extend(state_, subject("2026-12-02T02:10:00Z"), base::Seconds{1800});
  EXPECT_EQ(verdict("2026-12-02T02:10:00Z").until, at("2026-12-02T03:00:00Z"));
  EXPECT_EQ(verdict("2026-12-02T02:10:00Z").since, at("2026-12-01T22:00:00Z"));
  EXPECT_FALSE(verdict("2026-12-02T03:00:00Z").in_maintenance);
}

TEST_F(ChangeTest, AnOverrunIsExtendedFromNow) {
  switch_on(state_, subject("2026-11-01T00:00:00Z"), {at("2026-11-01T01:00:00Z"), false, {}});
  extend(state_, subject("2026-11-01T05:00:00Z"), base::Seconds{1800});
  EXPECT_EQ(verdict("2026-11-01T05:00:00Z").until, at("2026-11-01T05:30:00Z"));
}

TEST_F(ChangeTest, NothingToExtendIsRefused) {
  EXPECT_EQ(refused(extend(state_, subject("2026-11-01T00:00:00Z"), base::Seconds{60})), 409);
  switch_on(state_, subject("2026-11-01T00:00:00Z"), {});
  EXPECT_EQ(refused(extend(state_, subject("2026-11-01T00:00:00Z"), base::Seconds{60})), 409);
}

TEST_F(ChangeTest, AMessageGoesWithOff) {
  set_message(state_, {{{"en", "said"}}});
  EXPECT_EQ(service_in_effect(configured_, state_).message.entries[0].text, "said");
  switch_off(state_, subject("2026-11-01T00:00:00Z"));
  EXPECT_EQ(service_in_effect(configured_, state_).message.entries[0].text, "configured");
}

TEST_F(ChangeTest, AWindowIsPlannedAndRemoved) {
  const auto planned =
      plan_window(state_, subject("2026-11-01T00:00:00Z"),
                  R"({"start":"2026-11-02T00:00:00Z","end":"2026-11-02T01:00:00Z"})");
  EXPECT_EQ(said(planned).substr(0, 17), "window w7 planned");
  EXPECT_TRUE(verdict("2026-11-02T00:30:00Z").in_maintenance);
  EXPECT_EQ(said(remove_window(state_, subject("2026-11-01T00:00:00Z"), "w7")),
            "window w7 removed");
  EXPECT_FALSE(verdict("2026-11-02T00:30:00Z").in_maintenance);
}

TEST_F(ChangeTest, AWindowThatIsOverIsNotPlanned) {
  const Subject now = subject("2026-12-01T12:00:00Z");
  const Changed over =
      plan_window(state_, now, R"({"start":"2025-12-01T22:00:00Z","end":"2025-12-02T02:00:00Z"})");
  ASSERT_EQ(refused(over), 422);
  EXPECT_EQ(std::get<Refusal>(over).detail,
            "expected a window in the future, got one that ended 2025-12-02T02:00:00Z");
  EXPECT_EQ(refused(plan_window(
                state_, now, R"({"start":"2026-12-01T11:00:00Z","end":"2026-12-01T12:00:00Z"})")),
            422);
  EXPECT_EQ(refused(plan_window(
                state_, now, R"({"start":"2026-12-01T11:00:00Z","end":"2026-12-01T12:00:01Z"})")),
            0)
      << "it is in progress";
  EXPECT_EQ(
      refused(plan_window(state_, now,
                          R"({"start":"2025-12-07T02:00:00Z","for":"2h","rrule":"FREQ=WEEKLY"})")),
      0)
      << "it recurs";
}

TEST_F(ChangeTest, AServiceThatIsOffFollowsItsPlannedWindows) {
  configured_.maintenance = base::Maintenance::kOff;
  configured_.windows.clear();
  plan_window(state_, subject("2026-11-01T00:00:00Z"),
              R"({"start":"2026-11-02T00:00:00Z","end":"2026-11-02T01:00:00Z"})");
  EXPECT_FALSE(verdict("2026-11-01T00:30:00Z").in_maintenance);
  EXPECT_TRUE(verdict("2026-11-02T00:30:00Z").in_maintenance);
}

TEST_F(ChangeTest, AConfiguredWindowIsCancelledByItsStart) {
  EXPECT_EQ(refused(remove_window(state_, subject("2026-11-01T00:00:00Z"), "2026-12-01T22:00:01Z")),
            404);
  EXPECT_EQ(said(remove_window(state_, subject("2026-11-01T00:00:00Z"), "2026-12-01T22:00:00Z")),
            "configured window of 2026-12-01T22:00:00Z cancelled");
  EXPECT_FALSE(verdict("2026-12-01T23:00:00Z").in_maintenance);
  EXPECT_EQ(refused(remove_window(state_, subject("2026-11-01T00:00:00Z"), "2026-12-01T22:00:00Z")),
            404);
}

TEST_F(ChangeTest, AWindowThatIsWrongNamesItsField) {
  const auto wrong =
      plan_window(state_, subject("2026-11-01T00:00:00Z"),
                  R"({"start":"2026-11-02T00:00:00Z","end":"2026-11-01T01:00:00Z"})");
  const auto* refusal = std::get_if<Refusal>(&wrong);
  ASSERT_NE(refusal, nullptr);
  EXPECT_EQ(refusal->field, "end");
  EXPECT_TRUE(state_.windows.empty());
}

TEST_F(ChangeTest, RulesOfTheConfigurationCountToo) {
  const auto loaded = catalog::load_text(
      "services: [ { name: orders, maintenance: scheduled, windows: [ { start: "
      "2026-12-01T00:00:00Z, for: 5m, rrule: \"FREQ=DAILY;COUNT=10000;BYHOUR=0,1,2,3,4,5,6,7,8,9,"
      "10,11,12,13,14,15,16,17,18,19,20,21,22,23\" } ] } ]",
      "f", {});
  ASSERT_TRUE(loaded) << loaded.error().text();
  const base::Recurrence& busy = loaded->catalog.service(0).recurrences.at(0);
  configured_.recurrences.assign(40, busy);
  const Changed planned =
      plan_window(state_, subject("2026-11-01T00:00:00Z"),
                  R"({"start":"2026-12-01T00:00:00Z","for":"5m","rrule":"FREQ=WEEKLY"})");
  EXPECT_EQ(refused(planned), 422);
  EXPECT_EQ(refused(plan_window(state_, subject("2026-11-01T00:00:00Z"),
                                R"({"start":"2026-12-01T00:00:00Z","for":"5m"})")),
            0)
      << "one without a rule takes nothing";
}

TEST_F(ChangeTest, OnceOnItIsOnSinceThen) {
  switch_on(state_, subject("2026-12-01T23:00:00Z"), {});
  EXPECT_EQ(state_.switched->since, at("2026-12-01T22:00:00Z")) << "the window had begun before";
  switch_off(state_, subject("2026-12-03T00:00:00Z"));
  EXPECT_EQ(state_.switched->since, at("2026-12-03T00:00:00Z"));
  switch_on(state_, subject("2026-12-03T01:00:00Z"), {});
  EXPECT_EQ(state_.switched->since, at("2026-12-03T01:00:00Z"));
}

TEST_F(ChangeTest, AMessageComesWithOnAndStaysWithAuto) {
  EXPECT_EQ(said(switch_on(state_, subject("2026-11-01T00:00:00Z"),
                           {at("2026-11-01T02:00:00Z"), true, {{{{"en", "said"}}}}})),
            "on until 2026-11-01T02:00:00Z, ends by itself, with a message");
  EXPECT_EQ(service_in_effect(configured_, state_).message.entries[0].text, "said");
  EXPECT_EQ(said(follow_plan(state_, subject("2026-11-01T00:00:00Z"))), "as planned");
  EXPECT_FALSE(state_.switched);
  EXPECT_TRUE(state_.message);
  EXPECT_EQ(said(reset_message(state_)), "message as configured");
  EXPECT_FALSE(state_.message);
  switch_on(state_, subject("2026-11-01T00:00:00Z"), {});
  EXPECT_FALSE(state_.message) << "on without a message changes none";
}

TEST_F(ChangeTest, AnOpenServiceIsNotExtended) {
  switch_off(state_, subject("2026-12-01T23:00:00Z"));
  EXPECT_EQ(refused(extend(state_, subject("2026-12-01T23:30:00Z"), base::Seconds{60})), 409);
  EXPECT_FALSE(state_.switched->in_maintenance);
}

TEST_F(ChangeTest, AnEndIsMovedBackAtMostToNow) {
  const auto now = "2026-12-02T01:00:00Z";
  const Changed past = extend(state_, subject(now), base::Seconds{-3600});
  EXPECT_EQ(refused(past), 422);
  EXPECT_EQ(std::get<Refusal>(past).field, "by");
  EXPECT_FALSE(state_.switched);
  EXPECT_EQ(refused(extend(state_, subject(now), base::Seconds{-3599})), 0);
  EXPECT_EQ(verdict(now).until, at("2026-12-02T01:00:01Z"));
}

// What was switched off during an earlier window is no end that an operator gave.
TEST_F(ChangeTest, AWindowAfterAnOffIsExtendedAsAWindow) {
  state_.switched = base::Switch{false, at("2026-11-30T00:00:00Z"), {}, false};
  EXPECT_EQ(refused(extend(state_, subject("2026-12-01T23:00:00Z"), base::Seconds{1800})), 0);
  EXPECT_TRUE(state_.switched->in_maintenance);
  EXPECT_TRUE(state_.switched->ends);
  EXPECT_EQ(state_.switched->since, at("2026-12-01T22:00:00Z"));
}

TEST_F(ChangeTest, ASwitchWithAnEndThatIsOverLeavesItToTheWindow) {
  switch_on(state_, subject("2026-12-01T21:00:00Z"), {at("2026-12-01T21:30:00Z"), true, {}});
  EXPECT_EQ(refused(extend(state_, subject("2026-12-01T23:00:00Z"), base::Seconds{1800})), 0);
  EXPECT_EQ(verdict("2026-12-01T23:00:00Z").until, at("2026-12-02T02:30:00Z"));
  EXPECT_EQ(verdict("2026-12-01T23:00:00Z").since, at("2026-12-01T22:00:00Z"));
}

TEST_F(ChangeTest, PlannedWindowsAreBounded) {
  const auto plan = [&] {
    return plan_window(state_, subject("2026-11-01T00:00:00Z"),
                       R"({"start":"2026-11-02T00:00:00Z","for":"1h"})");
  };
  state_.windows.resize(State::kMostWindows - 1);
  EXPECT_EQ(refused(plan()), 0);
  EXPECT_EQ(state_.windows.size(), State::kMostWindows);
  const Changed more = plan();
  EXPECT_EQ(refused(more), 409);
  EXPECT_EQ(std::get<Refusal>(more).detail, "there are 100 planned windows: remove one first");
  EXPECT_EQ(state_.windows.size(), State::kMostWindows);
}

TEST_F(ChangeTest, ATesterIsLetInWhereSomethingSigns) {
  EXPECT_EQ(refused(let_in(subject("2026-11-01T00:00:00Z"), at("2026-11-01T01:00:00Z"))), 409);
  configured_.bypass.key = std::string(32, 'k');
  EXPECT_EQ(said(let_in(subject("2026-11-01T00:00:00Z"), at("2026-11-01T01:00:00Z"))),
            "a link for a tester until 2026-11-01T01:00:00Z");
}

TEST_F(ChangeTest, WhatIsNoWindowIsNotRemoved) {
  for (const char* id : {"", "w1", "soon", "2026-12-02T02:00:00Z"}) {
    EXPECT_EQ(refused(remove_window(state_, subject("2026-11-01T00:00:00Z"), id)), 404) << id;
  }
  EXPECT_EQ(state_, ServiceState());
}

}  // namespace
}  // namespace intermission::control
