#include "http/forwarded.h"

#include <gtest/gtest.h>

#include <string>

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
      R"(for=192.0.2.43;proto=http;host="orders.example.com:8080", For="[2001:db8::7]:4711" ,by=x)";
  const auto first = take_hop(list);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->sender, "192.0.2.43");
  EXPECT_EQ(first->proto, "http");
  EXPECT_EQ(first->host, "orders.example.com:8080");
  EXPECT_EQ(take_hop(list)->sender, "[2001:db8::7]:4711");
  EXPECT_EQ(take_hop(list)->sender, "");
  EXPECT_EQ(list, "");
}

TEST(Forwarded, QuotesMayHoldSeparators) {
  std::string_view list = R"(host="a,b;c";for=1.2.3.4;, ;by="")";
  const auto first = take_hop(list);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->host, "a,b;c");
  EXPECT_EQ(first->sender, "1.2.3.4");
  EXPECT_TRUE(take_hop(list));
  EXPECT_EQ(list, "");
}

constexpr const char* kMalformed[] = {
    "for=1.2.3.4;x=\"",
    "for=\"1.2.3.4",
    "for=\"1.2.3\\.4\"",
    "for=1.2.3.4,",
    ",for=1.2.3.4",
    "for=1.2.3.4,,by=x",
    "for=1.2.3.4;For=5.6.7.8",
    "for=1.2.3.4;x=1;X=2",
    "for",
    "for=",
    "=1.2.3.4",
    "for =1.2.3.4",
    "for= 1.2.3.4",
    "for=1.2.3.4 by=x",
    "for=1.2.3.4/x",
    "for=\"1.2.3.4\"x",
    "for=[2001:db8::7]",
    "1.2.3.4",
    ";",
    "for=1.2.3.4;;=",
    "for=1.2.3.4;x=\"a\"\"",
    "f\xf6r=1.2.3.4",
    "for=\"\x01\"",
};

// Whether all of it is read.
bool is_well_formed(std::string_view list) {
  while (!list.empty()) {
    if (!take_hop(list)) return false;
  }
  return true;
}

TEST(Forwarded, WhatBreaksTheGrammarIsMalformed) {
  for (const std::string list : kMalformed) {
    EXPECT_FALSE(is_well_formed(list)) << list;
    EXPECT_FALSE(is_well_formed("by=x," + list)) << list;
    EXPECT_FALSE(is_well_formed(list + ", for=198.51.100.7")) << list;
  }
  EXPECT_TRUE(is_well_formed("for=1.2.3.4; by=x ;host=\"\"\t,\tproto=https"));
}

TEST(Forwarded, AnElementHasAtMostSixteenPairs) {
  std::string element = "for=1.2.3.4";
  for (int i = 1; i < 16; ++i) element += ";x" + std::to_string(i) + "=y";
  EXPECT_TRUE(is_well_formed(element));
  EXPECT_TRUE(is_well_formed(element + "," + element));
  EXPECT_FALSE(is_well_formed(element + ";one=more"));
}

TEST(Forwarded, AddressesOfNodes) {
  const auto address_of = [](std::string_view node) { return read_node(node).address; };
  EXPECT_EQ(address_of("192.0.2.43"), Address::parse("192.0.2.43"));
  EXPECT_EQ(address_of("192.0.2.43:4711"), Address::parse("192.0.2.43"));
  EXPECT_EQ(address_of("192.0.2.43:_port"), Address::parse("192.0.2.43"));
  EXPECT_EQ(address_of("[2001:db8::7]:4711"), Address::parse("2001:db8::7"));
  EXPECT_EQ(address_of("2001:db8::7"), Address::parse("2001:db8::7"));
  EXPECT_EQ(address_of("192.0.2.43:65535"), Address::parse("192.0.2.43"));
  for (const char* node : {"unknown", "Unknown:80", "_hidden", "_a.b-c:1", "_7", "__", "_A_9:_0"}) {
    EXPECT_TRUE(read_node(node).well_formed) << node;
    EXPECT_FALSE(address_of(node)) << node;
  }
  for (const char* node : {"", "junk", "_", "_h h", "[2001:db8::7", "[1.2.3.4]", "[2001:db8::7]x",
                           "[2001:db8::7]:", "1.2.3", "1.2.3.4:", "1.2.3.4:x", "1.2.3.4:123456",
                           "1.2.3.4:x:y", "01.2.3.4", "fe80::1%eth0"}) {
    EXPECT_FALSE(read_node(node).well_formed) << node;
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

// The address of a router's own words stays, whatever the client wrote before: no client is exempt
// by what may not be what it seems.
TEST(Forwarded, AMalformedFieldTellsNoClient) {
  const std::string_view tester = "198.51.100.7";
  EXPECT_EQ(client({{"Forwarded", "for=198.51.100.7"}}), Address::parse(tester));
  for (const std::string list : kMalformed) {
    EXPECT_FALSE(client({{"Forwarded", list + ", for=198.51.100.7"}})) << list;
    EXPECT_FALSE(client({{"Forwarded", list}, {"Forwarded", "for=198.51.100.7"}})) << list;
    EXPECT_FALSE(client({{"Forwarded", list}, {"X-Forwarded-For", tester}})) << list;
  }
  for (const char* list : {"198.51.100.7,", ",198.51.100.7", "198.51.100.7, ,10.0.0.3", "",
                           "junk, 198.51.100.7", "\"198.51.100.7\"", "198.51.100.7;x"}) {
    EXPECT_FALSE(client({{"X-Forwarded-For", list}})) << list;
    EXPECT_FALSE(client({{"X-Forwarded-For", list}, {"X-Forwarded-For", tester}})) << list;
    EXPECT_FALSE(client({{"X-Forwarded-For", list}, {"Forwarded", "for=198.51.100.7"}})) << list;
  }
  EXPECT_FALSE(client({{"Forwarded", "for=junk"}}));
  EXPECT_FALSE(client({{"Forwarded", ""}}));
  EXPECT_FALSE(client({{"Forwarded", "for=198.51.100.7, by=10.0.0.3"}}));
}

// A proxy that writes one of the fields passes on what the client wrote into the other.
TEST(Forwarded, FieldsThatDisagreeTellNothing) {
  EXPECT_FALSE(client({{"Forwarded", "for=192.0.2.1"}, {"X-Forwarded-For", "198.51.100.7"}}));
  EXPECT_EQ(client({{"Forwarded", "for=192.0.2.1"}, {"X-Forwarded-For", "192.0.2.1"}}),
            Address::parse("192.0.2.1"));
}

}  // namespace
}  // namespace intermission::http
