#include "http/plain_host.h"

#include <gtest/gtest.h>

#include <string>

namespace intermission::http {
namespace {

TEST(PlainHost, IsTheHostWithoutPortAndTrailingDot) {
  EXPECT_EQ(plain_host("orders.example.com"), "orders.example.com");
  EXPECT_EQ(plain_host("Orders.Example.com.:8443"), "Orders.Example.com");
  EXPECT_EQ(plain_host("localhost:1"), "localhost");
  EXPECT_EQ(plain_host("a_b-c.example:65535"), "a_b-c.example");
  EXPECT_EQ(plain_host("xn--mller-kva.example"), "xn--mller-kva.example");
  EXPECT_EQ(plain_host("192.0.2.7:80"), "192.0.2.7");
  EXPECT_EQ(plain_host("[2001:db8::7]"), "[2001:db8::7]");
  EXPECT_EQ(plain_host("[2001:DB8::0007]:443"), "[2001:DB8::0007]");
  EXPECT_EQ(plain_host("3com.example"), "3com.example");
  EXPECT_EQ(plain_host("example.0xyz"), "example.0xyz");
}

TEST(PlainHost, IsNothingWhereReadersDiffer) {
  for (const char* authority : {"",
                                "user@shop.example.com",
                                "orders.example.com:x@shop.example.com",
                                "orders.example.com\\@shop.example.com",
                                "a@b@c",
                                "shop.example.com:",
                                "shop.example.com:0",
                                "shop.example.com:080",
                                "shop.example.com:65536",
                                "shop.example.com:99999999999999999999",
                                "shop.example.com:8o",
                                "shop.example.com:80:80",
                                "shop.example.com: 80",
                                "shop.example.com..",
                                ".shop.example.com",
                                "shop..example.com",
                                ".",
                                ":80",
                                "shop.example.com/x",
                                "shop.example.com?x",
                                "shop.example.com#x",
                                "shop.example.com\\x",
                                "shop.example.com,orders.example.com",
                                "shop.example.com orders.example.com",
                                " shop.example.com",
                                "shop.example.com\t",
                                "shop%2eexample.com",
                                "shop.example.com%00",
                                "sh\xc3\xb6p.example.com",
                                "shop\xe3\x80\x82"
                                "example.com",
                                "\xef\xbd\x93hop.example.com",
                                "shop.example.com\x7f",
                                "xn--shop-.example.com",
                                "XN--Shop-.example.com",
                                "*.example.com",
                                "shop.example.com;x",
                                "(shop).example.com",
                                "127.1",
                                "0x7f.0.0.1",
                                "0x7f000001",
                                "2130706433",
                                "127.0.0.01",
                                "127.0.0.1.1",
                                "127.0.0.256",
                                "127.0.0.0x1",
                                "[127.0.0.1]",
                                "[::ffff:127.0.0.1]",
                                "[::ffff:7f00:1]",
                                "[fe80::1%25eth0]",
                                "[fe80::1%eth0]",
                                "[v1.x:y]",
                                "[2001:db8::7",
                                "[2001:db8::7]x",
                                "[2001:db8::7]:",
                                "[2001:db8::7]:x",
                                "[2001:db8::7]@shop.example.com",
                                "x[2001:db8::7]",
                                "2001:db8::7",
                                "[shop.example.com]",
                                "[]"}) {
    EXPECT_EQ(plain_host(authority), std::nullopt) << authority;
  }
  EXPECT_EQ(plain_host(std::string_view("shop\0.example.com", 17)), std::nullopt);
}

TEST(PlainHost, HasTheLengthOfAName) {
  const std::string label(63, 'a');
  EXPECT_TRUE(plain_host(label + ".example"));
  EXPECT_FALSE(plain_host(label + "a.example"));
  std::string longest = label + '.' + label + '.' + label + '.' + std::string(61, 'a');
  EXPECT_TRUE(plain_host(longest));
  EXPECT_FALSE(plain_host(longest + 'a'));
}

}  // namespace
}  // namespace intermission::http
