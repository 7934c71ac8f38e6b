// What operators did, laid over the configuration.
#include "control/overlay.h"

#include <gtest/gtest.h>

#include "catalog/configuration.h"
#include "control/upcoming.h"
#include "http/date.h"

namespace intermission::control {
namespace {

base::TimePoint at(const char* text) {
  return http::parse_rfc3339(text).value();
}

catalog::Configuration load(const char* text) {
  auto configuration = catalog::load_text(text, "f", {});
  EXPECT_TRUE(configuration) << configuration.error().text();
  return std::move(*configuration);
}

TEST(Overlay, WhoWasNotTouchedIsSharedAndFoundAsBefore) {
  const auto configuration =
      load("services: [{ name: a, hosts: [a.example] }, { name: b, hosts: [b.example] }]");
  State state;
  state.services["a"].switched = base::Switch{false, at("2026-12-01T00:00:00Z"), {}, false};
  Overlay effect;
  const auto in_effect = effect.apply(configuration.catalog, state);
  EXPECT_EQ(in_effect->share_service(1), configuration.catalog.share_service(1));
  EXPECT_EQ(in_effect->find("a.example", "/x"), 0U);
  EXPECT_TRUE(in_effect->share_service(0)->switched);
  EXPECT_FALSE(configuration.catalog.share_service(0)->switched);
}

TEST(Overlay, WhatIsInEffectAlreadyIsShared) {
  const auto configuration =
      load("services: [{ name: a, hosts: [a.example] }, { name: b, hosts: [b.example] }]");
  State state;
  state.services["a"].message = catalog::LocalizedText{{{"en", "x"}}};
  Overlay effect;
  const auto before = effect.apply(configuration.catalog, state);
  state.services["b"].message = catalog::LocalizedText{{{"en", "y"}}};
  const auto after = effect.apply(configuration.catalog, state);
  EXPECT_EQ(after->share_service(0), before->share_service(0));
  EXPECT_NE(after->share_service(1), before->share_service(1));
}

// By one instance alone, while the others cannot be told.
TEST(Overlay, WhatIsHeldIsInMaintenance) {
  const auto configuration = load("services: [{ name: a, maintenance: off }]");
  State state;
  state.held["a"] = LocalHold{at("2026-12-01T20:00:00Z"), "anna"};
  const auto held = Overlay().apply(configuration.catalog, state)->share_service(0);
  ASSERT_TRUE(held->switched);
  EXPECT_EQ(*held->switched, (base::Switch{true, at("2026-12-01T20:00:00Z"), {}, false}));
  state.services["a"].switched = base::Switch{false, at("2026-12-01T21:00:00Z"), {}, false};
  EXPECT_TRUE(
      Overlay().apply(configuration.catalog, state)->share_service(0)->switched->in_maintenance);
}

TEST(Overlay, WhatIsHeldKeepsAnEndThatIsKnown) {
  const auto configuration = load("services: [{ name: a }]");
  const base::Switch on{true, at("2026-12-01T19:00:00Z"), at("2026-12-02T02:00:00Z"), false};
  State state;
  state.held["a"] = LocalHold{at("2026-12-01T20:00:00Z"), "anna"};
  state.services["a"].switched = on;
  EXPECT_EQ(Overlay().apply(configuration.catalog, state)->share_service(0)->switched, on);
  state.services["a"].switched->ends = true;
  EXPECT_EQ(Overlay().apply(configuration.catalog, state)->share_service(0)->switched,
            (base::Switch{true, at("2026-12-01T20:00:00Z"), {}, false}))
      << "it would open by itself";
}

TEST(Overlay, AServiceThatIsNoLongerConfiguredIsPassedOver) {
  const auto configuration = load("services: [{ name: a }]");
  State state;
  state.services["gone"].switched = base::Switch();
  EXPECT_EQ(Overlay().apply(configuration.catalog, state)->services().size(), 2U);
}

TEST(Overlay, OneOfTheWindowsThatRecurIsCancelled) {
  const auto configuration = load(
      "services: [{ name: a, maintenance: scheduled, windows: [{ start: 2026-12-06T02:00:00, "
      "zone: Europe/Berlin, for: 2h, rrule: FREQ=WEEKLY;BYDAY=SU }] }]");
  const catalog::Service& weekly = *configuration.catalog.share_service(0);
  EXPECT_TRUE(begins_at(weekly, at("2026-12-13T01:00:00Z")));
  EXPECT_FALSE(begins_at(weekly, at("2026-12-13T01:00:01Z")));
  ServiceState state;
  state.cancelled = {at("2026-12-13T01:00:00Z")};
  const auto next = upcoming(service_in_effect(weekly, state), at("2026-12-06T02:00:00Z"), 2);
  ASSERT_EQ(next.size(), 2U);
  EXPECT_EQ(next[0].start, at("2026-12-06T01:00:00Z"));  // the one that lasts
  EXPECT_EQ(next[1].start, at("2026-12-20T01:00:00Z"));
}

class InEffect : public ::testing::Test {
 protected:
  InEffect() {
    configured_.name = "orders";
    configured_.maintenance = base::Maintenance::kOff;
  }
  catalog::Service in_effect() const { return service_in_effect(configured_, state_); }

  catalog::Service configured_;
  ServiceState state_;
  const PlannedWindow early_{"w1",
                             R"({"start":"2026-12-01T00:00:00Z","end":"2026-12-01T01:00:00Z"})"};
  const PlannedWindow late_{"w2",
                            R"({"start":"2026-12-09T00:00:00Z","end":"2026-12-09T01:00:00Z"})"};
};

TEST_F(InEffect, PlannedWindowsStandAmongTheOthersInOrder) {
  configured_.maintenance = base::Maintenance::kScheduled;
  configured_.windows = {{at("2026-12-05T00:00:00Z"), at("2026-12-05T01:00:00Z")}};
  state_.windows = {late_, early_};
  const auto windows = in_effect().windows;
  ASSERT_EQ(windows.size(), 3U);
  EXPECT_EQ(windows[0].start, at("2026-12-01T00:00:00Z"));
  EXPECT_EQ(windows[1].start, at("2026-12-05T00:00:00Z"));
  EXPECT_EQ(windows[2].start, at("2026-12-09T00:00:00Z"));
}

TEST_F(InEffect, AServiceThatIsOffFollowsWhatIsPlanned) {
  EXPECT_EQ(in_effect().maintenance, base::Maintenance::kOff);
  state_.windows = {early_};
  EXPECT_EQ(in_effect().maintenance, base::Maintenance::kScheduled);
}

TEST_F(InEffect, AServiceThatWasSwitchedOffFollowsWhatIsPlanned) {
  configured_.maintenance = base::Maintenance::kOn;
  state_.windows = {early_};
  EXPECT_EQ(in_effect().maintenance, base::Maintenance::kOn);
  state_.switched = base::Switch{true, {}, {}, false};
  EXPECT_EQ(in_effect().maintenance, base::Maintenance::kOn);
  state_.switched->in_maintenance = false;
  EXPECT_EQ(in_effect().maintenance, base::Maintenance::kScheduled);
  state_.windows.clear();
  EXPECT_EQ(in_effect().maintenance, base::Maintenance::kOn) << "and nothing is planned";
}

TEST_F(InEffect, AWindowThatIsNotUnderstoodIsPassedOver) {
  state_.windows = {{"w1", R"({"start":"soon"})"}, late_};
  EXPECT_EQ(in_effect().windows.size(), 1U);
}

TEST_F(InEffect, OneConfiguredWindowIsCancelledAndNoOther) {
  configured_.windows = {{at("2026-12-05T00:00:00Z"), at("2026-12-05T01:00:00Z")},
                         {at("2026-12-06T00:00:00Z"), at("2026-12-06T01:00:00Z")}};
  state_.cancelled = {at("2026-12-05T00:00:00Z")};
  ASSERT_EQ(in_effect().windows.size(), 1U);
  EXPECT_EQ(in_effect().windows[0].start, at("2026-12-06T00:00:00Z"));
}

TEST(Overlay, AChangeOfAServiceIsInEffectAtOnce) {
  const auto configuration = load("services: [{ name: a, message: configured }]");
  State state;
  Overlay effect;
  state.services["a"].message = catalog::LocalizedText{{{"en", "x"}}};
  effect.apply(configuration.catalog, state);
  state.services["a"].message = catalog::LocalizedText{{{"en", "y"}}};
  EXPECT_EQ(effect.apply(configuration.catalog, state)->service(0).message.entries[0].text, "y");
  const auto again = load("services: [{ name: a, title: New }]");
  EXPECT_EQ(effect.apply(again.catalog, state)->service(0).title, "New");
}

}  // namespace
}  // namespace intermission::control
