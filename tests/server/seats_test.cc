#include "server/seats.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace intermission::server
