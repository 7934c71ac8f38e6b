#include "control/control_plane.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "control/service_json.h"
#include "support/control_harness.h"

namespace intermission::control {
namespace {

using testing::at;
using testing::ControlHarness;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kTwo =
    "services: [ { name: orders, hosts: [orders.example] }, { name: shop, hosts: [shop.example] } "
    "]";

Changed switch_it_off(ServiceState& state, const Subject& subject) {
  return switch_off(state, subject);
}

class ControlPlaneTest : public ::testing::Test {
 protected:
  std::optional<Refusal> off(std::string_view service, std::optional<std::uint64_t> expected = {}) {
    return harness_.control_plane().change(service, expected, "anna", switch_it_off);
  }
  /// Whether clients of that service are answered as in maintenance.
  bool is_closed(std::string_view service) {
    const auto snapshot = harness_.control_plane().publisher().current();
    const auto index = index_of(snapshot->catalog(), service);
    return gate::decide(snapshot->service(index.value()).plan, harness_.clock.now()).in_maintenance;
  }
  void expect_as_before(const View& before) {
    const View after = harness_.control_plane().view();
    EXPECT_EQ(after.snapshot, before.snapshot);
    EXPECT_EQ(after.state, before.state);
    EXPECT_EQ(after.configured, before.configured);
    EXPECT_EQ(harness_.control_plane().publisher().current(), before.snapshot);
  }

  ControlHarness harness_{kTwo};
};

// ---------------------------------------------------------------- opening

TEST_F(ControlPlaneTest, BeginsWithWhatWasKept) {
  harness_.store.first.version = 7;
  harness_.store.first.services["orders"].switched =
      base::Switch{false, at("2026-12-01T00:00:00Z"), {}, false};
  EXPECT_FALSE(is_closed("orders"));
  EXPECT_TRUE(is_closed("shop"));
  EXPECT_EQ(harness_.control_plane().in_maintenance(), 2U) << "shop, and default";
  EXPECT_EQ(harness_.control_plane().view().state->version, 7U);
  EXPECT_THAT(harness_.reported, ElementsAre());
}

TEST_F(ControlPlaneTest, AStoreThatCannotBeReadIsAnError) {
  harness_.store.cannot_load = base::Error{"cannot be read", "state.json"};
  const auto opened = harness_.open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().text(), "state.json: cannot be read");
}

TEST_F(ControlPlaneTest, ReportsWhatTheStoreSetAside) {
  harness_.store.trouble = base::Error{"was damaged", "state.json"};
  harness_.control_plane();
  EXPECT_THAT(harness_.reported, ElementsAre("state.json: was damaged"));
}

TEST_F(ControlPlaneTest, ReportsPlannedWindowsThatItDoesNotUnderstand) {
  auto& windows = harness_.store.first.services["orders"].windows;
  windows = {{"w1", R"({"start":"2026-12-01T00:00:00Z","end":"2026-12-02T00:00:00Z"})"},
             {"w2", R"({"start":"2026-12-01T00:00:00Z","end":"soon"})"}};
  harness_.control_plane();
  ASSERT_EQ(harness_.reported.size(), 1U);
  EXPECT_THAT(harness_.reported[0],
              HasSubstr("planned window w2 of orders is not in force: end: expected"));
}

// ---------------------------------------------------------------- changes

TEST_F(ControlPlaneTest, AChangeIsKeptAndInForce) {
  EXPECT_FALSE(off("orders"));
  EXPECT_FALSE(is_closed("orders"));
  const View view = harness_.control_plane().view();
  ASSERT_EQ(harness_.store.saved.size(), 1U);
  EXPECT_EQ(*view.state, harness_.store.saved[0]);
  EXPECT_EQ(view.snapshot, harness_.control_plane().publisher().current());
  EXPECT_EQ(view.since, harness_.clock.now());
  EXPECT_EQ(view.state->version, 1U);
  EXPECT_EQ(version_of(*view.state, "orders"), 1U);
  EXPECT_EQ(version_of(*view.state, "shop"), 0U);
  EXPECT_THAT(view.state->audit,
              ElementsAre(AuditEntry{1, harness_.clock.now(), "orders", "off", "anna"}));
  EXPECT_THAT(harness_.heard(), HasSubstr(R"("name":"orders")"));
  EXPECT_THAT(harness_.heard(), HasSubstr(R"("state":"open")"));
}

// Clients are never told what a crash could undo.
TEST_F(ControlPlaneTest, AChangeIsInForceOnlyWhenItIsKept) {
  const auto before = harness_.control_plane().publisher().current();
  int saves = 0;
  harness_.store.saving = [&](const State& /*next*/) {
    ++saves;
    EXPECT_EQ(harness_.control_plane().publisher().current(), before);
    EXPECT_EQ(harness_.events.newest(), 0U);
  };
  EXPECT_FALSE(off("orders"));
  EXPECT_EQ(saves, 1);
  EXPECT_NE(harness_.control_plane().publisher().current(), before);
}

TEST_F(ControlPlaneTest, AChangeThatCannotBeKeptIsNotInForce) {
  const View before = harness_.control_plane().view();
  harness_.store.cannot_save = "No space left on device";
  const auto refusal = off("orders");
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->status, 503);
  EXPECT_THAT(refusal->detail, HasSubstr("is not in force"));
  EXPECT_THAT(refusal->detail, HasSubstr("No space left on device"));
  EXPECT_TRUE(is_closed("orders"));
  expect_as_before(before);
  EXPECT_EQ(harness_.events.newest(), 0U) << "there is no event";
  ASSERT_EQ(harness_.reported.size(), 1U);
  EXPECT_THAT(harness_.reported[0], HasSubstr("No space left on device"));
}

TEST_F(ControlPlaneTest, AfterAFailedSaveTheNextChangeIsTheNextVersion) {
  harness_.store.cannot_save = "No space left on device";
  EXPECT_TRUE(off("orders"));
  harness_.store.cannot_save.clear();
  EXPECT_FALSE(off("shop", 0)) << "nothing has changed since version 0";
  ASSERT_EQ(harness_.store.saved.size(), 1U);
  EXPECT_EQ(harness_.store.saved[0].version, 1U);
  EXPECT_EQ(harness_.store.saved[0].audit.size(), 1U);
  EXPECT_TRUE(is_closed("orders")) << "what was refused does not come in later";
}

TEST_F(ControlPlaneTest, AStepThatRefusesLeavesEverythingAsItWas) {
  const View before = harness_.control_plane().view();
  const auto refusal = harness_.control_plane().change(
      "orders", {}, "anna", [](ServiceState& state, const Subject& /*subject*/) -> Changed {
        state.switched = base::Switch{false, {}, {}, false};
        return Refusal{409, "not now"};
      });
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->status, 409);
  EXPECT_EQ(refusal->detail, "not now");
  EXPECT_TRUE(harness_.store.saved.empty());
  expect_as_before(before);
  EXPECT_TRUE(harness_.reported.empty());
}

TEST_F(ControlPlaneTest, AServiceThatIsNotConfiguredIsNotFound) {
  const auto near = off("order");
  ASSERT_TRUE(near);
  EXPECT_EQ(near->status, 404);
  EXPECT_EQ(near->field, "service");
  EXPECT_EQ(near->detail, "unknown service order; did you mean orders?");
  const auto far = off("x\ny");
  ASSERT_TRUE(far);
  EXPECT_EQ(far->detail, "unknown service x\\x0ay");
  EXPECT_TRUE(harness_.store.saved.empty());
}

TEST_F(ControlPlaneTest, AStaleVersionChangesNothing) {
  EXPECT_FALSE(off("shop"));
  EXPECT_FALSE(off("orders", 0)) << "of its own version, not of the whole";
  const View before = harness_.control_plane().view();
  for (const std::uint64_t stale : {0U, 1U, 3U}) {
    const auto refusal = off("orders", stale);
    ASSERT_TRUE(refusal) << stale;
    EXPECT_EQ(refusal->status, 412);
    EXPECT_THAT(refusal->detail, HasSubstr("version is now 2"));
  }
  expect_as_before(before);
  EXPECT_FALSE(off("orders", 2));
}

TEST_F(ControlPlaneTest, AStepSeesTheServiceAndTheMomentAndTheNextVersion) {
  EXPECT_FALSE(off("shop"));
  harness_.clock.advance(base::Seconds{60});
  harness_.control_plane().change("shop", {}, "", [&](ServiceState& state, const Subject& subject) {
    EXPECT_EQ(state.version, 1U);
    EXPECT_EQ(subject.configured.name, "shop");
    EXPECT_FALSE(subject.verdict.in_maintenance);
    EXPECT_EQ(subject.now, at("2026-12-01T12:01:00Z"));
    EXPECT_EQ(subject.version, 2U);
    return switch_on(state, subject, {});
  });
  EXPECT_TRUE(is_closed("shop"));
}

TEST_F(ControlPlaneTest, TheTrailKeepsTheNewestChanges) {
  for (std::uint64_t i = 1; i <= State::kMostAudit; ++i) {
    harness_.store.first.audit.push_back({i, {}, "orders", "off", ""});
  }
  harness_.store.first.version = State::kMostAudit;
  EXPECT_FALSE(off("orders"));
  EXPECT_FALSE(off("orders"));
  const auto state = harness_.control_plane().view().state;
  ASSERT_EQ(state->audit.size(), State::kMostAudit);
  EXPECT_EQ(state->audit.front().version, 3U);
  EXPECT_EQ(state->audit.back().version, State::kMostAudit + 2);
  EXPECT_EQ(state->audit.back().by, "anna");
}

// ---------------------------------------------------------------- at once

TEST_F(ControlPlaneTest, OfChangesAtOnceNoneIsLost) {
  constexpr int kEach = 40;
  ControlPlane& control_plane = harness_.control_plane();
  const auto change_often = [&](const char* service) {
    for (int i = 0; i < kEach; ++i)
      EXPECT_FALSE(control_plane.change(service, {}, service, switch_it_off));
  };
  std::thread one(change_often, "orders");
  std::thread other(change_often, "shop");
  one.join();
  other.join();
  ASSERT_EQ(harness_.store.saved.size(), 2U * kEach);
  for (std::size_t i = 0; i < harness_.store.saved.size(); ++i) {
    EXPECT_EQ(harness_.store.saved[i].version, i + 1) << "kept in order";
    EXPECT_EQ(harness_.store.saved[i].audit.size(), i + 1);
    EXPECT_EQ(harness_.store.saved[i].audit.back().version, i + 1);
  }
  EXPECT_EQ(*control_plane.view().state, harness_.store.saved.back());
  EXPECT_EQ(harness_.events.newest(), 2U * kEach);
}

TEST_F(ControlPlaneTest, OfTwoChangesOfOneVersionOneIsRefused) {
  ControlPlane& control_plane = harness_.control_plane();
  for (std::uint64_t round = 0; round < 20; ++round) {
    std::atomic<int> done{0};
    std::atomic<int> stale{0};
    const auto change = [&] {
      const auto refusal = control_plane.change("orders", round, "", switch_it_off);
      ++(refusal && refusal->status == 412 ? stale : done);
    };
    std::thread one(change);
    std::thread other(change);
    one.join();
    other.join();
    ASSERT_EQ(done, 1) << round;
    ASSERT_EQ(stale, 1) << round;
  }
}

// ---------------------------------------------------------------- others who save

TEST_F(ControlPlaneTest, AChangeIsMadeAgainFromWhatOthersSavedFirst) {
  ControlPlane& control_plane = harness_.control_plane();
  State theirs;
  theirs.version = 1;
  theirs.services["shop"].version = 1;
  theirs.services["shop"].switched = base::Switch{false, harness_.clock.now(), {}, false};
  harness_.store.others.push_back(theirs);
  std::vector<std::uint64_t> versions;
  EXPECT_FALSE(control_plane.change("orders", {}, "anna", [&](auto& state, const Subject& subject) {
    versions.push_back(subject.version);
    return switch_off(state, subject);
  }));
  EXPECT_THAT(versions, ElementsAre(1U, 2U));
  EXPECT_FALSE(is_closed("orders"));
  EXPECT_FALSE(is_closed("shop")) << "theirs is not lost";
  EXPECT_EQ(control_plane.view().state->version, 2U);
  EXPECT_THAT(harness_.heard(), HasSubstr(R"("name":"shop")"));
}

TEST_F(ControlPlaneTest, AChangeOfAGivenVersionIsNotMadeOverSomebodyElsesOfTheSameService) {
  ControlPlane& control_plane = harness_.control_plane();
  State theirs;
  theirs.version = 1;
  theirs.services["orders"].version = 1;
  harness_.store.others.push_back(theirs);
  const auto refusal = off("orders", 0);
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->status, 412);
  EXPECT_TRUE(harness_.store.saved.empty());
  EXPECT_EQ(*control_plane.view().state, theirs) << "it was seen, and is in force";
}

TEST_F(ControlPlaneTest, AChangeOfAGivenVersionIsMadeAgainAfterOneOfAnotherService) {
  State theirs;
  theirs.version = 1;
  theirs.services["shop"].version = 1;
  harness_.store.others.push_back(theirs);
  EXPECT_FALSE(off("orders", 0));
  EXPECT_EQ(version_of(*harness_.control_plane().view().state, "orders"), 2U);
}

TEST_F(ControlPlaneTest, AChangeThatIsAlwaysTooLateIsGivenUp) {
  ControlPlane& control_plane = harness_.control_plane();
  for (std::uint64_t i = 1; i <= 1000; ++i) {
    State theirs;
    theirs.version = i;
    harness_.store.others.push_back(theirs);
  }
  const auto refusal = off("orders");
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->status, 503);
  EXPECT_THAT(refusal->detail, HasSubstr("was not made"));
  EXPECT_GT(harness_.store.others.size(), 0U);
  EXPECT_TRUE(is_closed("orders"));
  EXPECT_GT(control_plane.view().state->version, 0U);
}

TEST_F(ControlPlaneTest, WhatMayHaveBeenSavedIsSaidToBeInDoubt) {
  harness_.store.cannot_save = "the connection was lost";
  harness_.store.is_in_doubt = true;
  const auto refusal = off("orders");
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->status, 503);
  EXPECT_THAT(refusal->detail, HasSubstr("not known whether"));
  EXPECT_TRUE(is_closed("orders"));
}

TEST_F(ControlPlaneTest, WhatOthersSavedIsInForceAndHeard) {
  harness_.control_plane();
  State theirs;
  theirs.version = 5;
  theirs.services["orders"].version = 5;
  theirs.services["orders"].switched = base::Switch{false, harness_.clock.now(), {}, false};
  theirs.services["gone"].version = 4;
  harness_.store.tell(theirs);
  EXPECT_FALSE(is_closed("orders"));
  EXPECT_EQ(*harness_.control_plane().view().state, theirs)
      << "services that are not configured here too";
  EXPECT_EQ(harness_.events.newest(), 1U) << "of orders alone";
  EXPECT_FALSE(off("shop", 0));
  EXPECT_EQ(harness_.store.saved.at(0).services.at("gone").version, 4U);
}

// A database that was restored from a backup.
TEST_F(ControlPlaneTest, WhatOthersSavedMayBeOlder) {
  harness_.store.first.version = 9;
  harness_.store.first.services["orders"].switched =
      base::Switch{false, harness_.clock.now(), {}, false};
  EXPECT_FALSE(is_closed("orders"));
  State theirs;
  theirs.version = 3;
  harness_.store.tell(theirs);
  EXPECT_TRUE(is_closed("orders"));
  EXPECT_EQ(harness_.control_plane().view().state->version, 3U);
}

// Somebody else's next change may be known here before the answer to one's own.
TEST_F(ControlPlaneTest, ALateAnswerDoesNotUndoWhatCameAfterIt) {
  ControlPlane& control_plane = harness_.control_plane();
  harness_.store.saving = [&](const State& next) {
    State later = next;
    later.version = 2;
    later.services["shop"].version = 2;
    later.services["shop"].switched = base::Switch{false, harness_.clock.now(), {}, false};
    harness_.store.tell(later);
  };
  EXPECT_FALSE(off("orders"));
  EXPECT_EQ(control_plane.view().state->version, 2U);
  EXPECT_FALSE(is_closed("orders"));
  EXPECT_FALSE(is_closed("shop"));
}

// ---------------------------------------------------------------- at this instance alone

TEST_F(ControlPlaneTest, WhatIsHeldIsInMaintenanceAndHeard) {
  EXPECT_FALSE(off("orders"));
  State held = *harness_.control_plane().view().state;
  held.held["orders"] = {harness_.clock.now(), "anna"};
  harness_.store.tell(held);
  EXPECT_TRUE(is_closed("orders"));
  EXPECT_THAT(harness_.heard(), HasSubstr(R"("heldHere":true)"));
  held.held.clear();
  harness_.store.tell(held);
  EXPECT_FALSE(is_closed("orders"));
  EXPECT_EQ(harness_.events.newest(), 3U);
}

TEST_F(ControlPlaneTest, AStoreThatIsNotSharedHoldsNothing) {
  const auto refusal = harness_.control_plane().hold("orders", true, "anna");
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->status, 409);
  EXPECT_THAT(refusal->detail, HasSubstr("leave out --local"));
  EXPECT_EQ(harness_.control_plane().hold("order", true, "anna")->status, 404);
}

TEST_F(ControlPlaneTest, WhatIsInForceAlreadyIsNotCompiledAgain) {
  EXPECT_FALSE(off("orders"));
  const View before = harness_.control_plane().view();
  harness_.store.tell(*before.state);
  expect_as_before(before);
}

/// A store whose disk takes its time: a save waits until it is let go.
class SlowDisk {
 public:
  explicit SlowDisk(testing::ScriptedStore& store) {
    store.saving = [this](const State&) {
      std::unique_lock lock(mutex_);
      saving_ = true;
      changed_.notify_all();
      changed_.wait(lock, [this] { return let_go_; });
    };
  }
  void wait_until_it_saves() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return saving_; });
  }
  void let_go() {
    const std::lock_guard lock(mutex_);
    let_go_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool saving_ = false;
  bool let_go_ = false;
};

TEST_F(ControlPlaneTest, ReadersDoNotWaitForASave) {
  ControlPlane& control_plane = harness_.control_plane();
  SlowDisk disk(harness_.store);
  std::thread changing([&] { EXPECT_FALSE(off("orders")); });
  disk.wait_until_it_saves();
  EXPECT_EQ(control_plane.view().state->version, 0U);
  EXPECT_EQ(control_plane.in_maintenance(), 3U);
  EXPECT_EQ(control_plane.last_reload().failures, 0U);
  harness_.clock.advance(base::Seconds{1});
  control_plane.look_at_the_clock();
  disk.let_go();
  changing.join();
  EXPECT_EQ(control_plane.view().state->version, 1U);
}

TEST_F(ControlPlaneTest, AReloadDoesNotWaitForASave) {
  ControlPlane& control_plane = harness_.control_plane();
  SlowDisk disk(harness_.store);
  std::thread changing([&] { EXPECT_FALSE(off("orders")); });
  disk.wait_until_it_saves();
  harness_.configure("services: [ { name: orders }, { name: new, hosts: [new.example] } ]");
  EXPECT_FALSE(control_plane.reload());
  EXPECT_TRUE(is_closed("new"));
  disk.let_go();
  changing.join();
  EXPECT_TRUE(is_closed("new")) << "the change is made under the new configuration";
  EXPECT_FALSE(is_closed("orders"));
}

TEST_F(ControlPlaneTest, WhatOthersSavedIsInForceWhileAChangeWaitsForItsStore) {
  ControlPlane& control_plane = harness_.control_plane();
  SlowDisk disk(harness_.store);
  harness_.store.cannot_save = "the database went away";
  std::thread changing([&] { EXPECT_TRUE(off("orders")); });
  disk.wait_until_it_saves();
  State theirs;
  theirs.version = 1;
  theirs.services["shop"].version = 1;
  theirs.services["shop"].switched = base::Switch{false, harness_.clock.now(), {}, false};
  harness_.store.tell(theirs);
  EXPECT_FALSE(is_closed("shop"));
  disk.let_go();
  changing.join();
  EXPECT_EQ(control_plane.view().state->version, 1U);
  EXPECT_TRUE(is_closed("orders"));
}

// ---------------------------------------------------------------- reloading

TEST_F(ControlPlaneTest, AReloadPutsTheNewConfigurationInForceUnderWhatOperatorsDid) {
  EXPECT_FALSE(off("orders"));
  harness_.clock.advance(base::Seconds{30});
  harness_.configure(
      "services: [ { name: orders, hosts: [a.example], message: Soon }, { name: new } ]");
  EXPECT_FALSE(harness_.control_plane().reload());
  EXPECT_FALSE(is_closed("orders"));
  EXPECT_TRUE(is_closed("new"));
  const View view = harness_.control_plane().view();
  EXPECT_EQ(view.configured->services().size(), 3U);
  EXPECT_EQ(view.snapshot->catalog().service(0).message.entries.at(0).text, "Soon");
  EXPECT_EQ(view.snapshot, harness_.control_plane().publisher().current());
  const ReloadReport report = harness_.control_plane().last_reload();
  EXPECT_EQ(report.at, harness_.clock.now());
  EXPECT_EQ(report.successes, 1U);
  EXPECT_EQ(report.failures, 0U);
  EXPECT_FALSE(report.problem);
  EXPECT_THAT(harness_.heard(),
              HasSubstr("event: reload\ndata: {\"at\":\"2026-12-01T12:00:30Z\"}\n"));
  EXPECT_EQ(harness_.store.saved.size(), 1U) << "there is nothing new to keep";
}

TEST_F(ControlPlaneTest, AReloadThatFailsLeavesTheOldConfigurationInForce) {
  const View before = harness_.control_plane().view();
  const base::TimePoint first_read = harness_.clock.now();
  harness_.clock.advance(base::Seconds{30});
  harness_.configure("services: [ { name: orders, colour: red } ]");
  const auto error = harness_.control_plane().reload();
  ASSERT_TRUE(error);
  EXPECT_THAT(error->text(), HasSubstr("colour"));
  expect_as_before(before);
  ReloadReport report = harness_.control_plane().last_reload();
  EXPECT_EQ(report.at, first_read);
  EXPECT_EQ(report.failures, 1U);
  EXPECT_EQ(report.successes, 0U);
  EXPECT_EQ(report.problem, error->text());
  ASSERT_EQ(harness_.reported.size(), 1U);
  EXPECT_THAT(harness_.reported[0], HasSubstr("the old one stays in force"));
  EXPECT_THAT(harness_.heard(), HasSubstr("\"problem\":\"intermission.yaml:1: "));

  harness_.configure(kTwo);
  EXPECT_FALSE(harness_.control_plane().reload());
  report = harness_.control_plane().last_reload();
  EXPECT_EQ(report.failures, 1U);
  EXPECT_EQ(report.successes, 1U);
  EXPECT_FALSE(report.problem) << "it was mended";
}

// The one that began to read first may have read an older file.
TEST_F(ControlPlaneTest, AReloadWaitsForTheOneBeforeIt) {
  ControlPlane& control_plane = harness_.control_plane();
  std::mutex mutex;
  std::condition_variable changed;
  int reading = 0;
  harness_.loading = [&] {
    auto read = harness_.load();
    std::unique_lock lock(mutex);
    const bool is_first = ++reading == 1;
    changed.notify_all();
    if (!is_first) return read;
    // It dawdles, and gives the second every chance to overtake it.
    const bool overtaken =
        changed.wait_for(lock, std::chrono::milliseconds{200}, [&] { return reading == 2; });
    EXPECT_FALSE(overtaken);
    return read;
  };
  harness_.configure("services: [ { name: older } ]");
  std::thread first([&] { EXPECT_FALSE(control_plane.reload()); });
  {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return reading == 1; });
  }
  harness_.configure("services: [ { name: newer } ]");
  std::thread second([&] { EXPECT_FALSE(control_plane.reload()); });
  first.join();
  second.join();
  EXPECT_EQ(control_plane.view().configured->service(0).name, "newer");
  EXPECT_EQ(control_plane.last_reload().successes, 2U);
}

TEST_F(ControlPlaneTest, AChangeWhileAConfigurationIsReadIsKept) {
  ControlPlane& control_plane = harness_.control_plane();
  harness_.loading = [&] {
    EXPECT_FALSE(off("orders"));
    return harness_.load();
  };
  EXPECT_FALSE(control_plane.reload());
  EXPECT_FALSE(is_closed("orders"));
}

// ---------------------------------------------------------------- time

TEST_F(ControlPlaneTest, ListenersHearWhatTimeAloneDoes) {
  harness_.configure(
      "services: [ { name: orders, maintenance: scheduled, windows: "
      "[ { start: 2026-12-01T12:00:10Z, end: 2026-12-01T12:00:20Z } ] } ]");
  ControlPlane& control_plane = harness_.control_plane();
  control_plane.look_at_the_clock();
  EXPECT_EQ(harness_.events.newest(), 0U);
  EXPECT_EQ(control_plane.in_maintenance(), 1U) << "default";
  harness_.clock.advance(base::Seconds{10});
  EXPECT_EQ(control_plane.in_maintenance(), 2U);
  control_plane.look_at_the_clock();
  control_plane.look_at_the_clock();
  EXPECT_EQ(harness_.events.newest(), 1U);
  EXPECT_THAT(harness_.heard(), HasSubstr(R"("state":"maintenance")"));
  harness_.clock.advance(base::Seconds{10});
  control_plane.look_at_the_clock();
  EXPECT_EQ(harness_.events.newest(), 2U);
  EXPECT_THAT(harness_.heard(), HasSubstr(R"("state":"open")"));
}

TEST_F(ControlPlaneTest, WhatAnOperatorDidIsNotHeardTwice) {
  EXPECT_FALSE(off("orders"));
  harness_.control_plane().look_at_the_clock();
  EXPECT_EQ(harness_.events.newest(), 1U);
}

TEST_F(ControlPlaneTest, AfterAReloadOnlyWhatChangesLaterIsHeard) {
  harness_.control_plane();
  harness_.configure(
      "defaults: { maintenance: off }\nservices: [ { name: a, hosts: [a.example] }, { name: b } ]");
  EXPECT_FALSE(harness_.control_plane().reload());
  harness_.control_plane().look_at_the_clock();
  EXPECT_EQ(harness_.events.newest(), 1U) << "the reload alone";
}

}  // namespace
}  // namespace intermission::control
