#include "server/memory_budget.h"

#include <gtest/gtest.h>

#include <string>

#include "server/heap.h"

namespace intermission::server {
namespace {

constexpr std::size_t kLarge = 64 * 1024;
constexpr std::uint64_t kLimit = 1024 * 1024;

TEST(MemoryBudget, WithoutALimitAllowsEverything) {
  MemoryBudget budget(0);
  budget.change(0, std::size_t{1} << 40);
  EXPECT_TRUE(budget.allows(kLarge, kLarge));
  EXPECT_FALSE(budget.is_short());
  EXPECT_TRUE(budget.is_eased());
}

TEST(MemoryBudget, CountsWhatConnectionsHold) {
  MemoryBudget budget(kLimit);
  budget.change(0, 1000);
  budget.change(0, 500);
  budget.change(1000, 200);
  EXPECT_EQ(budget.used(), 700U);
  budget.change(500, 0);
  budget.change(200, 0);
  EXPECT_EQ(budget.used(), 0U);
}

TEST(MemoryBudget, KeepsTheLastEighthForSmallPieces) {
  MemoryBudget budget(kLimit);
  budget.change(0, kLimit / 8 * 7 - 1000);
  EXPECT_TRUE(budget.allows(kLarge, 1000));
  EXPECT_FALSE(budget.allows(kLarge, 1001));
  EXPECT_TRUE(budget.allows(0, 1001));
  EXPECT_FALSE(budget.allows(MemoryBudget::kSmall, 1001)) << "it is not small any more";
  budget.change(0, kLimit / 8);
  EXPECT_TRUE(budget.allows(0, 1000));
  EXPECT_FALSE(budget.allows(0, 1001));
}

TEST(MemoryBudget, IsShortAboveThreeQuartersAndEasedAtFiveEighths) {
  MemoryBudget budget(kLimit);
  budget.change(0, kLimit / 4 * 3);
  EXPECT_FALSE(budget.is_short());
  budget.change(0, 1);
  EXPECT_TRUE(budget.is_short());
  EXPECT_FALSE(budget.is_eased());
  budget.change(kLimit / 8 + 1, 0);
  EXPECT_TRUE(budget.is_eased());
}

TEST(Heap, ShortTextsHoldNothing) {
  EXPECT_EQ(heap_bytes(""), 0U);
  EXPECT_EQ(heap_bytes("fifteen letters"), 0U);
  EXPECT_GE(heap_bytes("sixteen letters!"), 16U);
}

TEST(Heap, TextsGrowByDoublingToABound) {
  std::string text(1000, 'x');
  EXPECT_EQ(grown_capacity(text, 0, 5000), text.capacity());
  EXPECT_EQ(grown_capacity(text, 1000, 5000), 4000U);
  EXPECT_EQ(grown_capacity(text, 2000, 5000), 5000U);
  EXPECT_EQ(grown_capacity(text, 9000, 5000), 10'000U);
  reserve_exactly(text, 1001);
  EXPECT_EQ(text.capacity(), 1001U);
  EXPECT_EQ(text, std::string(1000, 'x'));
}

}  // namespace
}  // namespace intermission::server
