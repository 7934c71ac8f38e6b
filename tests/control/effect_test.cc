// What operators did, laid over the configuration.
#include "control/effect.h"

#include <gtest/gtest.h>

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

TEST(Effect, WhoWasNotTouchedIsSharedAndFoundAsBefore) {
  const auto configuration =
      load("services: [{ name: a, hosts: [a.example] }, { name: b, hosts: [b.example] }]");
  State state;
  state.services["a"].switched = base::Switch{false, at("2026-12-01T00:00:00Z"), {}, false};
  Effect effect;
  const auto in_effect = effect.apply(configuration.catalog, state);
  EXPECT_EQ(in_effect->share_service(1), configuration.catalog.share_service(1));
  EXPECT_EQ(in_effect->find("a.example", "/x"), 0U);
  EXPECT_TRUE(in_effect->share_service(0)->switched);
  EXPECT_FALSE(configuration.catalog.share_service(0)->switched);
}

TEST(Effect, WhatIsInEffectAlreadyIsShared) {
  const auto configuration =
      load("services: [{ name: a, hosts: [a.example] }, { name: b, hosts: [b.example] }]");
  State state;
  state.services["a"].message = catalog::LocalizedText{{{"en", "x"}}};
  Effect effect;
  const auto before = effect.apply(configuration.catalog, state);
  state.services["b"].message = catalog::LocalizedText{{{"en", "y"}}};
  const auto after = effect.apply(configuration.catalog, state);
  EXPECT_EQ(after->share_service(0), before->share_service(0));
  EXPECT_NE(after->share_service(1), before->share_service(1));
}

TEST(Effect, AServiceThatIsNoLongerConfiguredIsPassedOver) {
  const auto configuration = load("services: [{ name: a }]");
  State state;
  state.services["gone"].switched = base::Switch();
  EXPECT_EQ(Effect().apply(configuration.catalog, state)->services().size(), 2U);
}

TEST(Effect, OneOfTheWindowsThatRecurIsCancelled) {
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

}  // namespace
}  // namespace intermission::control
