#include "server/address_quota.h"

#include <gtest/gtest.h>
#include <malloc.h>

#include <atomic>
#include <cstdint>
#include <thread>
#include <utility>
#include <vector>

namespace intermission::server {
namespace {

http::Address at(const char* text) {
  return http::Address::parse(text).value();
}

bool count_as_one(const char* a, const char* b) {
  return AddressQuota::holder_of(at(a)) == AddressQuota::holder_of(at(b));
}

TEST(AddressQuota, CountIpv6ByTheNetworkThatOneClientIsGiven) {
  EXPECT_TRUE(count_as_one("2001:db8:0:1::1", "2001:db8:0:1:ffff:ffff:ffff:ffff"));
  EXPECT_FALSE(count_as_one("2001:db8:0:1::1", "2001:db8:0:2::1"));
  AddressQuota quota(2, {});
  const auto first = quota.take(at("2001:db8::1"));
  const auto second = quota.take(at("2001:db8::2"));
  EXPECT_TRUE(first && second);
  EXPECT_FALSE(quota.take(at("2001:db8::3")));
  EXPECT_TRUE(quota.take(at("2001:db8:0:1::3")));
}

TEST(AddressQuota, CountIpv4OneByOne) {
  EXPECT_FALSE(count_as_one("192.0.2.1", "192.0.2.2"));
  EXPECT_TRUE(count_as_one("192.0.2.1", "::ffff:192.0.2.1"));
  EXPECT_FALSE(count_as_one("::ffff:192.0.2.1", "::ffff:192.0.2.2"));
  EXPECT_FALSE(count_as_one("64:ff9b::192.0.2.1", "64:ff9b::192.0.2.2")) << "by a translator";
}

TEST(AddressQuota, AreGivenBackUnderTheAddressTheyWereTakenUnder) {
  AddressQuota quota(1, {});
  for (const char* text : {"2001:db8::1", "2001:db8::2", "2001:db8::3"}) {
    EXPECT_TRUE(quota.take(at(text))) << text;
  }
}

TEST(AddressQuota, ExemptAddressesAreNotCounted) {
  AddressQuota quota(1, {http::Network::parse("2001:db8::7").value()});
  const auto router = quota.take(at("2001:db8::7"));
  EXPECT_TRUE(router && quota.take(at("2001:db8::7")));
  const auto client = quota.take(at("2001:db8::8"));
  EXPECT_TRUE(client);
  EXPECT_FALSE(quota.take(at("2001:db8::9"))) << "the exemption is of one address only";
}

TEST(AddressQuota, WithoutABoundNoClientIsRefused) {
  AddressQuota quota(0, {});
  std::vector<AddressQuota::Share> taken;
  for (int i = 0; i < 1000; ++i) {
    auto share = quota.take(at("192.0.2.1"));
    ASSERT_TRUE(share) << i;
    taken.push_back(std::move(*share));
  }
}

TEST(AddressQuota, OneThatIsGivenBackIsFreeAgainAndNoOther) {
  AddressQuota quota(2, {});
  auto first = quota.take(at("192.0.2.1"));
  const auto second = quota.take(at("192.0.2.1"));
  EXPECT_FALSE(quota.take(at("192.0.2.1")));
  first.reset();
  const auto third = quota.take(at("192.0.2.1"));
  EXPECT_TRUE(third);
  EXPECT_FALSE(quota.take(at("192.0.2.1")));
}

// A connection's slot is used again for the next connection.
TEST(AddressQuota, MayMoveAndAreGivenBackOnce) {
  AddressQuota quota(1, {});
  {
    AddressQuota::Share slot;
    auto taken = quota.take(at("192.0.2.1"));
    ASSERT_TRUE(taken);
    AddressQuota::Share moved = std::move(*taken);
    taken.reset();
    EXPECT_FALSE(quota.take(at("192.0.2.1"))) << "the share is in `moved` now";
    slot = std::move(moved);
    EXPECT_FALSE(quota.take(at("192.0.2.1"))) << "and now in `slot`";
    slot = AddressQuota::Share();
    EXPECT_TRUE(quota.take(at("192.0.2.1")));
    slot = std::move(*quota.take(at("192.0.2.1")));
    slot = std::move(*quota.take(at("192.0.2.2")));
    EXPECT_TRUE(quota.take(at("192.0.2.1"))) << "it made room for another's";
    EXPECT_FALSE(quota.take(at("192.0.2.2")));
  }
  EXPECT_TRUE(quota.take(at("192.0.2.2")));
}

TEST(AddressQuota, OfAllThreadsTogetherThereAreNoMoreThanTheBound) {
  constexpr std::uint64_t kBound = 3;
  AddressQuota quota(kBound, {});
  std::atomic<std::uint64_t> held{0};
  std::atomic<bool> too_many{false};
  const auto come_and_go = [&] {
    for (int i = 0; i < 2000; ++i) {
      const auto share = quota.take(at("192.0.2.1"));
      if (!share) continue;
      if (++held > kBound) too_many = true;
      --held;
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back(come_and_go);
  for (std::thread& thread : threads) thread.join();
  EXPECT_FALSE(too_many);
  std::vector<AddressQuota::Share> all;
  for (std::uint64_t i = 0; i < kBound; ++i)
    all.push_back(std::move(quota.take(at("192.0.2.1")).value()));
  EXPECT_FALSE(quota.take(at("192.0.2.1"))) << "all were given back, and each once";
}

// The owner of an IPv6 network has more addresses than there is memory.
TEST(AddressQuota, AddressesWithoutConnectionsAreForgotten) {
  AddressQuota quota(1, {});
  const std::size_t before = mallinfo2().uordblks;
  http::Address address = at("2001:db8::");
  for (int i = 0; i < 200'000; ++i) {
    address.bytes[5] = static_cast<std::uint8_t>(i >> 16);
    address.bytes[6] = static_cast<std::uint8_t>(i >> 8);
    address.bytes[7] = static_cast<std::uint8_t>(i);
    ASSERT_TRUE(quota.take(address));
  }
  EXPECT_LT(mallinfo2().uordblks, before + 100'000);
}

}  // namespace
}  // namespace intermission::server
