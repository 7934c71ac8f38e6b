#include "http/host.h"

#include <gtest/gtest.h>

#include <string>

namespace intermission::http {
namespace {

void expect_split(std::string_view authority, std::string_view host, std::string_view rest) {
  const Authority split = split_authority(authority);
  EXPECT_EQ(split.host, host) << authority;
  EXPECT_EQ(split.rest, rest) << authority;
}

TEST(SplitAuthority, HostAndPort) {
  expect_split("orders.example.com:8443", "orders.example.com", ":8443");
  expect_split("orders.example.com", "orders.example.com", "");
  expect_split("192.0.2.7:80", "192.0.2.7", ":80");
  expect_split("[2001:db8::7]:8443", "[2001:db8::7]", ":8443");
  expect_split("[2001:db8::7]", "[2001:db8::7]", "");
  expect_split("", "", "");
}

TEST(SplitAuthority, NothingIsLostOfWhatIsNone) {
  expect_split("a:b:c", "a", ":b:c");
  expect_split(":80", "", ":80");
  expect_split("a:", "a", ":");
  expect_split("[::1]x:80", "[::1]", "x:80");
  expect_split("[::1", "[::1", "");
  expect_split("[", "[", "");
  expect_split("::1]:80", "", "::1]:80");
  expect_split("a]b:80", "a]b", ":80");
}

TEST(Port, IsANumberFrom1To65535) {
  for (const char* port : {"1", "80", "65535"}) EXPECT_TRUE(is_port(port)) << port;
  for (const char* wrong :
       {"", "0", "00", "080", "65536", "99999999999999999999", "-1", "+1", "x", "8x", " 8", "8 "}) {
    EXPECT_FALSE(is_port(wrong)) << wrong;
  }
}

TEST(HostName, IsLabelsWithDots) {
  const std::string label(63, 'a');
  const std::string longest = label + '.' + label + '.' + label + '.' + std::string(61, 'b');
  ASSERT_EQ(longest.size(), kLongestHost);
  for (const std::string& name : {std::string("a"), std::string("Orders.example.com"),
                                  std::string("_dmarc.a-b.0"), label, longest}) {
    EXPECT_TRUE(is_host_name(name)) << name;
  }
  for (const std::string& wrong :
       {std::string(), std::string("."), std::string("a."), std::string(".a"), std::string("a..b"),
        std::string("*.a"), std::string("a b"), std::string("a:80"), std::string("[::1]"),
        std::string("\xC3\xBC"), label + 'a', longest + 'b'}) {
    EXPECT_FALSE(is_host_name(wrong)) << wrong;
  }
}

TEST(HostName, BrowsersTakeANumberAtItsEndForAnAddress) {
  for (const char* name : {"192.0.2.7", "1", "a.1", "0x7f.1", "a.0x7F", "a.0x", ""}) {
    EXPECT_TRUE(ends_in_number(name)) << name;
  }
  for (const char* name : {"a", "1.a", "0x7g", "1a", "a.x1"}) {
    EXPECT_FALSE(ends_in_number(name)) << name;
  }
}

}  // namespace
}  // namespace intermission::http
