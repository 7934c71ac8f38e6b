#include "server/seats.h"

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
  return Seats::holder_of(at(a)) == Seats::holder_of(at(b));
}

TEST(Seats, CountIpv6ByTheNetworkThatOneClientIsGiven) {
  EXPECT_TRUE(count_as_one("2001:db8:0:1::1", "2001:db8:0:1:ffff:ffff:ffff:ffff"));
  EXPECT_FALSE(count_as_one("2001:db8:0:1::1", "2001:db8:0:2::1"));
  Seats seats(2, {});
  const auto first = seats.take(at("2001:db8::1"));
  const auto second = seats.take(at("2001:db8::2"));
  EXPECT_TRUE(first && second);
  EXPECT_FALSE(seats.take(at("2001:db8::3")));
  EXPECT_TRUE(seats.take(at("2001:db8:0:1::3")));
}

TEST(Seats, CountIpv4OneByOne) {
  EXPECT_FALSE(count_as_one("192.0.2.1", "192.0.2.2"));
  EXPECT_TRUE(count_as_one("192.0.2.1", "::ffff:192.0.2.1"));
  EXPECT_FALSE(count_as_one("::ffff:192.0.2.1", "::ffff:192.0.2.2"));
  EXPECT_FALSE(count_as_one("64:ff9b::192.0.2.1", "64:ff9b::192.0.2.2")) << "by a translator";
}

TEST(Seats, AreGivenBackUnderTheAddressTheyWereTakenUnder) {
  Seats seats(1, {});
  for (const char* text : {"2001:db8::1", "2001:db8::2", "2001:db8::3"}) {
    EXPECT_TRUE(seats.take(at(text))) << text;
  }
}

TEST(Seats, ExemptAddressesAreNotCounted) {
  Seats seats(1, {http::Network::parse("2001:db8::7").value()});
  const auto router = seats.take(at("2001:db8::7"));
  EXPECT_TRUE(router && seats.take(at("2001:db8::7")));
  const auto client = seats.take(at("2001:db8::8"));
  EXPECT_TRUE(client);
  EXPECT_FALSE(seats.take(at("2001:db8::9"))) << "the exemption is of one address only";
}

TEST(Seats, WithoutABoundNobodyIsRefused) {
  Seats seats(0, {});
  std::vector<Seats::Seat> taken;
  for (int i = 0; i < 1000; ++i) {
    auto seat = seats.take(at("192.0.2.1"));
    ASSERT_TRUE(seat) << i;
    taken.push_back(std::move(*seat));
  }
}

TEST(Seats, OneThatIsGivenBackIsFreeAgainAndNoOther) {
  Seats seats(2, {});
  auto first = seats.take(at("192.0.2.1"));
  const auto second = seats.take(at("192.0.2.1"));
  EXPECT_FALSE(seats.take(at("192.0.2.1")));
  first.reset();
  const auto third = seats.take(at("192.0.2.1"));
  EXPECT_TRUE(third);
  EXPECT_FALSE(seats.take(at("192.0.2.1")));
}

// A connection's slot is used again for the next connection.
TEST(Seats, MayMoveAndAreGivenBackOnce) {
  Seats seats(1, {});
  {
    Seats::Seat slot;
    auto taken = seats.take(at("192.0.2.1"));
    ASSERT_TRUE(taken);
    Seats::Seat moved = std::move(*taken);
    taken.reset();
    EXPECT_FALSE(seats.take(at("192.0.2.1"))) << "the seat is in `moved` now";
    slot = std::move(moved);
    EXPECT_FALSE(seats.take(at("192.0.2.1"))) << "and now in `slot`";
    slot = Seats::Seat();
    EXPECT_TRUE(seats.take(at("192.0.2.1")));
    slot = std::move(*seats.take(at("192.0.2.1")));
    slot = std::move(*seats.take(at("192.0.2.2")));
    EXPECT_TRUE(seats.take(at("192.0.2.1"))) << "it made room for another's";
    EXPECT_FALSE(seats.take(at("192.0.2.2")));
  }
  EXPECT_TRUE(seats.take(at("192.0.2.2")));
}

TEST(Seats, OfAllThreadsTogetherThereAreNoMoreThanTheBound) {
  constexpr std::uint64_t kBound = 3;
  Seats seats(kBound, {});
  std::atomic<std::uint64_t> held{0};
  std::atomic<bool> too_many{false};
  const auto come_and_go = [&] {
    for (int i = 0; i < 2000; ++i) {
      const auto seat = seats.take(at("192.0.2.1"));
      if (!seat) continue;
      if (++held > kBound) too_many = true;
      --held;
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back(come_and_go);
  for (std::thread& thread : threads) thread.join();
  EXPECT_FALSE(too_many);
  std::vector<Seats::Seat> all;
  for (std::uint64_t i = 0; i < kBound; ++i)
    all.push_back(std::move(seats.take(at("192.0.2.1")).value()));
  EXPECT_FALSE(seats.take(at("192.0.2.1"))) << "all were given back, and each once";
}

// The owner of an IPv6 network has more addresses than there is memory.
TEST(Seats, AddressesWithoutConnectionsAreForgotten) {
  Seats seats(1, {});
  const std::size_t before = mallinfo2().uordblks;
  http::Address address = at("2001:db8::");
  for (int i = 0; i < 200'000; ++i) {
    address.bytes[5] = static_cast<std::uint8_t>(i >> 16);
    address.bytes[6] = static_cast<std::uint8_t>(i >> 8);
    address.bytes[7] = static_cast<std::uint8_t>(i);
    ASSERT_TRUE(seats.take(address));
  }
  EXPECT_LT(mallinfo2().uordblks, before + 100'000);
}

}  // namespace
}  // namespace intermission::server
