#include "http/address.h"

#include <gtest/gtest.h>

#include <string>

namespace intermission::http {
namespace {

bool contains(std::string_view network, std::string_view address) {
  return Network::parse(network).value().contains(Address::parse(address).value());
}

TEST(Address, IsNumeric) {
  EXPECT_TRUE(Address::parse("127.0.0.1"));
  EXPECT_TRUE(Address::parse("::1"));
  for (const char* text : {"", "localhost", "1.2.3", "1.2.3.256", ":", "::1%lo", "1.2.3.4/8"}) {
    EXPECT_FALSE(Address::parse(text)) << text;
  }
  EXPECT_FALSE(Address::parse(std::string("1.2.3.4\0", 8)));
}

TEST(Address, OfIpv4IsTheSameOnBothKindsOfSocket) {
  EXPECT_EQ(Address::parse("10.1.2.3"), Address::parse("::ffff:10.1.2.3"));
  EXPECT_EQ(Address::parse("10.1.2.3"), Address::from_ipv4({10, 1, 2, 3}));
}

TEST(Address, IsWrittenAsItIsRead) {
  for (const char* text : {"10.1.2.3", "0.0.0.0", "::", "::1", "2001:db8::7"}) {
    EXPECT_EQ(Address::parse(text).value().text(), text);
  }
  EXPECT_EQ(Address::parse("::ffff:10.1.2.3").value().text(), "10.1.2.3");
}

TEST(Network, OfOneAddressHoldsThatOne) {
  EXPECT_TRUE(contains("10.0.0.1", "10.0.0.1"));
  EXPECT_FALSE(contains("10.0.0.1", "10.0.0.2"));
  EXPECT_TRUE(contains("10.0.0.1/32", "10.0.0.1"));
  EXPECT_FALSE(contains("10.0.0.1/32", "10.0.0.0"));
  EXPECT_TRUE(contains("2001:db8::7/128", "2001:db8::7"));
  EXPECT_FALSE(contains("2001:db8::7/128", "2001:db8::6"));
}

TEST(Network, HoldsWhatBeginsWithItsBits) {
  EXPECT_TRUE(contains("10.0.0.0/8", "10.255.0.1"));
  EXPECT_FALSE(contains("10.0.0.0/8", "11.0.0.0"));
  EXPECT_TRUE(contains("172.16.0.0/12", "172.31.255.255"));
  EXPECT_FALSE(contains("172.16.0.0/12", "172.32.0.0"));
  EXPECT_TRUE(contains("0.0.0.0/0", "255.255.255.255"));
  EXPECT_FALSE(contains("0.0.0.0/0", "::1"));
  EXPECT_TRUE(contains("::/0", "1.2.3.4"));
  EXPECT_TRUE(contains("2001:db8::/33", "2001:db8:7fff::1"));
  EXPECT_FALSE(contains("2001:db8::/33", "2001:db8:8000::1"));
}

TEST(Network, IsRefusedWhereItIsNone) {
  for (const char* text :
       {"", "/8", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "10.0.0.0/8/8", "a/8"}) {
    EXPECT_FALSE(Network::parse(text)) << text;
  }
}

}  // namespace
}  // namespace intermission::http
