#include "control/plan_budget.h"

#include <gtest/gtest.h>

#include <string>
#include <variant>

#include "control/change.h"

namespace intermission::control {
namespace {

// Takes some hundred thousand steps.
const std::string kBusy =
    R"({"start":"2026-12-01T00:00:00Z","for":"5m","rrule":"FREQ=DAILY;COUNT=10000;BYHOUR=0,1,2,3,)"
    R"(4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23"})";

TEST(PlanBudget, CountsTheRulesOfAllOtherServices) {
  State state;
  PlanBudget budget;
  EXPECT_EQ(budget.left_for("a", state), PlanBudget::kMostSteps);
  state.services["a"].windows = {{"w1", kBusy}};
  const std::uint64_t left = budget.left_for("b", state);
  EXPECT_LT(left, PlanBudget::kMostSteps);
  EXPECT_EQ(budget.left_for("a", state), PlanBudget::kMostSteps) << "its own do not count";
  state.services["c"].windows = {{"w2", kBusy}};
  EXPECT_EQ(PlanBudget::kMostSteps - budget.left_for("b", state),
            2 * (PlanBudget::kMostSteps - left));
  state.services["a"].windows.clear();
  EXPECT_EQ(budget.left_for("b", state), left) << "what is removed counts no more";
  state.services["c"].windows = {
      {"w3", R"({"start":"2026-12-01T00:00:00Z","end":"2026-12-01T01:00:00Z"})"}};
  EXPECT_EQ(budget.left_for("b", state), PlanBudget::kMostSteps) << "a single window costs nothing";
}

TEST(PlanBudget, APlanThatTakesMoreThanIsLeftIsRefused) {
  const catalog::Service configured;
  ServiceState state;
  const auto plan = [&](std::uint64_t left) {
    return plan_window(state, {configured, {}, {}, 7, left}, kBusy);
  };
  const auto refused = plan(1000);
  ASSERT_TRUE(std::holds_alternative<Refusal>(refused));
  EXPECT_EQ(std::get<Refusal>(refused).status, 422);
  EXPECT_EQ(std::get<Refusal>(refused).field, "rrule");
  EXPECT_NE(std::get<Refusal>(refused).detail.find(
                ", and 1000 are left beside the planned rules of all other services: remove some"),
            std::string::npos)
      << std::get<Refusal>(refused).detail;
  EXPECT_TRUE(std::holds_alternative<std::string>(plan(PlanBudget::kMostSteps)));
}

}  // namespace
}  // namespace intermission::control
