#include "http/forwarded.h"

#include <gtest/gtest.h>

namespace intermission::http {
namespace {

std::vector<Network> trusted() {
  return {*Network::parse("10.0.0.0/8"), *Network::parse("2001:db8::/32")};
}

struct Sent {
  std::string_view name;
  std::string_view value;
};

std::optional<Address> client(std::initializer_list<Sent> fields) {
  Request request;
  request.reset("GET", "/", 11);
  for (const Sent& field : fields) request.add_field(field.name, field.value);
  return client_of(request, trusted());
}

TEST(Forwarded, HopsAreTakenOneByOne) {
  std::string_view list =
      R"(for=192.0.2.43;proto=http;host="orders.example.com:8080", For="[2001:db8::7]:4711", ,by=x)";
  const Hop first = take_hop(list);
  EXPECT_EQ(first.sender, "192.0.2.43");
  EXPECT_EQ(first.proto, "http");
  EXPECT_EQ(first.host, "orders.example.com:8080");
  EXPECT_EQ(take_hop(list).sender, "[2001:db8::7]:4711");
  EXPECT_EQ(take_hop(list).sender, "");
  EXPECT_EQ(take_hop(list).sender, "");
  EXPECT_EQ(list, "");
}

TEST(Forwarded, QuotesMayHoldSeparatorsAndMayNeverClose) {
  std::string_view list = R"(host="a,b;c";for=1.2.3.4, for="5.6.7.8)";
  const Hop first = take_hop(list);
  EXPECT_EQ(first.host, "a,b;c");
  EXPECT_EQ(first.sender, "1.2.3.4");
  EXPECT_EQ(take_hop(list).sender, "");
  list = R"(for="1.2.3\.4")";
  EXPECT_EQ(take_hop(list).sender, "");
}

TEST(Forwarded, AddressesOfNodes) {
  EXPECT_EQ(address_of_node("192.0.2.43"), Address::parse("192.0.2.43"));
  EXPECT_EQ(address_of_node("192.0.2.43:4711"), Address::parse("192.0.2.43"));
  EXPECT_EQ(address_of_node("[2001:db8::7]:4711"), Address::parse("2001:db8::7"));
  EXPECT_EQ(address_of_node("2001:db8::7"), Address::parse("2001:db8::7"));
  for (const char* node : {"", "unknown", "_hidden", "[2001:db8::7", "1.2.3", "1.2.3.4:x:y"}) {
    EXPECT_FALSE(address_of_node(node)) << node;
  }
}

TEST(Forwarded, TheClientIsTheLastThatIsNoProxyOfOurs) {
  EXPECT_EQ(client({{"X-Forwarded-For", "192.0.2.1, 198.51.100.7, 10.0.0.3"}}),
            Address::parse("198.51.100.7"));
  EXPECT_EQ(client({{"X-Forwarded-For", "192.0.2.1"}, {"X-Forwarded-For", "10.1.1.1"}}),
            Address::parse("192.0.2.1"));
  EXPECT_EQ(client({{"X-Forwarded-For", "10.0.0.9, 10.0.0.3"}}), Address::parse("10.0.0.9"));
  EXPECT_EQ(client({{"Forwarded", "for=192.0.2.1, for=\"[2001:db8::7]\""}}),
            Address::parse("192.0.2.1"));
  EXPECT_FALSE(client({{"X-Forwarded-For", "192.0.2.1, unknown"}}));
  EXPECT_FALSE(client({}));
}

// A proxy that writes one of the fields passes on what the client wrote into the other.
TEST(Forwarded, FieldsThatDisagreeTellNothing) {
  EXPECT_FALSE(client({{"Forwarded", "for=192.0.2.1"}, {"X-Forwarded-For", "198.51.100.7"}}));
  EXPECT_EQ(client({{"Forwarded", "for=192.0.2.1"}, {"X-Forwarded-For", "192.0.2.1"}}),
            Address::parse("192.0.2.1"));
}

}  // namespace
}  // namespace intermission::http
