// What an instance does with what it finds in the database that it shares.
#include "control/shared_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace intermission::control {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kDatabase = "one";

ServiceState switched(std::uint64_t version, bool in_maintenance) {
  ServiceState service;
  service.version = version;
  service.switched = base::Switch{in_maintenance, base::TimePoint{}, {}, false};
  return service;
}

AuditEntry entry(std::uint64_t version, std::string service) {
  return {version, base::TimePoint{}, std::move(service), "on", "anna"};
}

SharedState shared(std::string database, std::uint64_t version, std::string change) {
  SharedState shared;
  shared.head = {std::move(database), version, std::move(change)};
  shared.state.version = version;
  return shared;
}

TEST(Reconcile, ADatabaseThatHasWhatIsKnownIsTheTruth) {
  SharedState known = shared(kDatabase, 3, "c");
  known.state.services["orders"] = switched(3, true);
  SharedState found = shared(kDatabase, 5, "e");
  found.state.services["orders"] = switched(5, false);
  const Reconciled result = reconcile(known, found, true);
  EXPECT_EQ(result.state, found.state);
  EXPECT_THAT(result.lost, IsEmpty());
  EXPECT_FALSE(result.news);
}

TEST(Reconcile, ADatabaseThatIsStillEmptyIsTheTruthToo) {
  SharedState known = shared(kDatabase, 0, "");
  known.state.services["orders"] = switched(0, true);
  const Reconciled result = reconcile(known, shared(kDatabase, 0, ""), true);
  EXPECT_EQ(result.state, State());
  EXPECT_FALSE(result.news);
}

// A backup from an hour ago must not open what is in maintenance.
TEST(Reconcile, WhatARestoredDatabaseLacksIsPutBack) {
  SharedState known = shared(kDatabase, 50, "known");
  known.state.services["orders"] = switched(50, true);
  known.state.services["shop"] = switched(10, true);
  known.state.audit = {entry(10, "shop"), entry(50, "orders")};
  SharedState found = shared(kDatabase, 30, "older");
  found.state.services["orders"] = switched(20, false);
  found.state.services["shop"] = switched(10, true);
  found.state.services["wiki"] = switched(30, true);
  found.state.audit = {entry(10, "shop"), entry(20, "orders"), entry(30, "wiki")};
  const Reconciled result = reconcile(known, found, false);
  EXPECT_THAT(result.lost, ElementsAre("orders"));
  EXPECT_EQ(result.state.services.at("orders"), switched(50, true));
  EXPECT_EQ(result.state.services.at("wiki"), switched(30, true));
  EXPECT_EQ(result.state.version, 50U) << "no version comes twice";
  EXPECT_THAT(result.state.audit, ElementsAre(entry(10, "shop"), entry(20, "orders"),
                                              entry(30, "wiki"), entry(50, "orders")));
  ASSERT_TRUE(result.news);
  EXPECT_THAT(*result.news, HasSubstr("from version 50 to 30"));
}

TEST(Reconcile, WhatWasChangedAfterTheBackupWasRestoredStays) {
  SharedState known = shared(kDatabase, 50, "known");
  known.state.services["orders"] = switched(50, true);
  SharedState found = shared(kDatabase, 51, "later");
  found.state.services["orders"] = switched(51, false);
  const Reconciled result = reconcile(known, found, false);
  EXPECT_THAT(result.lost, IsEmpty());
  EXPECT_EQ(result.state.services.at("orders"), switched(51, false));
}

// Its version alone would not tell.
TEST(Reconcile, OfOneVersionTheDatabasesIsTaken) {
  SharedState known = shared(kDatabase, 50, "mine");
  known.state.services["orders"] = switched(50, true);
  SharedState found = shared(kDatabase, 50, "theirs");
  found.state.services["orders"] = switched(50, false);
  EXPECT_EQ(reconcile(known, found, false).state.services.at("orders"), switched(50, false));
}

TEST(Reconcile, AnEmptyDatabaseGetsWhatThisInstanceHadOnItsOwn) {
  SharedState known;
  known.state.version = 7;
  known.state.services["orders"] = switched(7, true);
  const Reconciled result = reconcile(known, shared(kDatabase, 0, ""), false);
  EXPECT_THAT(result.lost, ElementsAre("orders"));
  EXPECT_EQ(result.state.services.at("orders"), switched(7, true));
  EXPECT_EQ(result.news, "the database is empty; the state of this instance is put into it");
}

TEST(Reconcile, AnotherDatabaseThatIsEmptyGetsIt) {
  SharedState known = shared(kDatabase, 7, "known");
  known.state.services["orders"] = switched(7, true);
  const Reconciled result = reconcile(known, shared("two", 0, ""), false);
  EXPECT_THAT(result.lost, ElementsAre("orders"));
  EXPECT_EQ(result.news,
            "the database is another one, and empty; the state of this instance is put into it");
}

TEST(Reconcile, ASharedStateReplacesWhatAnInstanceHadOnItsOwn) {
  SharedState known;
  known.state.version = 7;
  known.state.services["orders"] = switched(7, true);
  const SharedState found = shared(kDatabase, 3, "other");
  const Reconciled result = reconcile(known, found, false);
  EXPECT_EQ(result.state, found.state);
  EXPECT_EQ(result.news, "the shared state replaces what this instance had on its own");
}

TEST(Reconcile, AnotherDatabaseWithAStateReplacesIt) {
  SharedState known = shared(kDatabase, 70, "known");
  known.state.services["orders"] = switched(70, true);
  SharedState found = shared("two", 3, "other");
  found.state.services["shop"] = switched(3, true);
  const Reconciled result = reconcile(known, found, false);
  EXPECT_THAT(result.lost, IsEmpty());
  EXPECT_EQ(result.state, found.state);
  ASSERT_TRUE(result.news);
  EXPECT_THAT(*result.news, HasSubstr("another one"));
}

TEST(Reconcile, WhatIsHeldByThisInstanceAloneStaysWithIt) {
  SharedState known = shared(kDatabase, 1, "a");
  known.state.held["orders"] = {base::TimePoint{}, "anna"};
  EXPECT_TRUE(reconcile(known, shared(kDatabase, 2, "b"), true).state.held.contains("orders"));
}

TEST(Reconcile, ANewInstanceOfANewDatabaseHasNothingToSay) {
  const Reconciled result = reconcile({}, shared(kDatabase, 0, ""), false);
  EXPECT_FALSE(result.news);
  EXPECT_EQ(result.state, State());
}

}  // namespace
}  // namespace intermission::control
