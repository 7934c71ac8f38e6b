#include "server/capacity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace intermission::server {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::uint64_t kMiB = std::uint64_t{1024} * 1024;
constexpr std::uint64_t kPlenty = 1'000'000;

Capacity plan(const Machine& machine, unsigned workers = 2) {
  return plan_capacity(http::Limits{}, workers, machine);
}

TEST(CapacityDescriptors, AreEnoughOnALargeMachine) {
  const Capacity capacity = plan({8192 * kMiB, kPlenty, 10});
  EXPECT_EQ(capacity.data.connections, http::Limits{}.connections);
  EXPECT_EQ(capacity.control.connections, 256U);
  EXPECT_EQ(capacity.streams, 64U);
  EXPECT_THAT(capacity.warnings, IsEmpty());
}

TEST(CapacityDescriptors, AreSharedWhereTheyAreFew) {
  const Capacity capacity = plan({8192 * kMiB, 200, 10});
  EXPECT_GE(capacity.control.connections, 16U);
  EXPECT_GE(capacity.data.connections, 100U);
  EXPECT_GE(capacity.streams, 1U);
  EXPECT_LT(capacity.streams, capacity.control.connections / 2);
  EXPECT_THAT(capacity.warnings,
              ElementsAre(HasSubstr("limits.connections is reduced from 20000 to")));
}

TEST(CapacityDescriptors, NeverAddUpToMoreThanThereAre) {
  for (std::uint64_t descriptors = 48; descriptors < 70'000; descriptors += 1 + descriptors / 7) {
    const Capacity capacity = plan({0, descriptors, 10});
    const std::uint64_t own = 10 + 3 * 5;
    EXPECT_LE(own + capacity.control.connections + capacity.data.connections, descriptors);
    EXPECT_GE(capacity.control.connections, 1U);
    EXPECT_GE(capacity.data.connections, 1U);
  }
}

TEST(CapacityDescriptors, LeaveOneConnectionOfEachKindAtLeast) {
  const Capacity capacity = plan({0, 16, 10}, 64);
  EXPECT_EQ(capacity.data.connections, 1U);
  EXPECT_EQ(capacity.control.connections, 1U);
}

TEST(CapacityDescriptors, OfNoAccountChangeNothing) {
  EXPECT_EQ(plan({}).data.connections, http::Limits{}.connections);
  EXPECT_EQ(plan({}).control.connections, 256U);
}

TEST(CapacityMemory, IsAQuarterWithinBounds) {
  EXPECT_EQ(plan({64 * kMiB, kPlenty, 10}).data.buffered_bytes, 16 * kMiB);
  EXPECT_EQ(plan({16 * kMiB, kPlenty, 10}).data.buffered_bytes, 8 * kMiB);
  EXPECT_EQ(plan({65536 * kMiB, kPlenty, 10}).data.buffered_bytes, 256 * kMiB);
  EXPECT_EQ(plan({}).data.buffered_bytes, 8 * kMiB);
  EXPECT_THAT(plan({64 * kMiB, kPlenty, 10}).memory,
              HasSubstr("16 MiB (limits.buffered_bytes) of the 64 MiB"));
}

TEST(CapacityMemory, IsWhatTheConfigurationSays) {
  http::Limits limits;
  limits.buffered_bytes = 40 * kMiB;
  const Capacity capacity = plan_capacity(limits, 2, {64 * kMiB, kPlenty, 10});
  EXPECT_EQ(capacity.data.buffered_bytes, 40 * kMiB);
  EXPECT_THAT(capacity.warnings, ElementsAre(HasSubstr("40 MiB of 64 MiB")));
  limits.buffered_bytes = 32 * kMiB;
  EXPECT_THAT(plan_capacity(limits, 2, {64 * kMiB, kPlenty, 10}).warnings, ElementsAre());
}

}  // namespace
}  // namespace intermission::server
