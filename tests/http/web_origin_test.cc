#include "http/web_origin.h"

#include <gtest/gtest.h>

#include <string>

namespace intermission::http {
namespace {

TEST(WebOrigin, IsReadAsBrowsersWriteIt) {
  const auto origin = parse_web_origin("https://app.example.com:8443");
  ASSERT_TRUE(origin);
  EXPECT_EQ(origin->scheme, "https");
  EXPECT_EQ(origin->host, "app.example.com");
  EXPECT_EQ(origin->port, "8443");
  EXPECT_EQ(parse_web_origin("http://[2001:db8::7]:80").value().host, "[2001:db8::7]");
  EXPECT_EQ(parse_web_origin("capacitor://localhost").value().scheme, "capacitor");
}

TEST(WebOrigin, EverythingThatMayStandInOne) {
  for (const std::string& host :
       {std::string("my-app_1.example.com"), std::string("az09.example"), std::string("[::]"),
        std::string("[a::f]"), std::string("[::ffff:192.0.2.1]"), std::string(253, 'a')}) {
    for (const char* port : {"", "1", "65535"}) {
      const std::string text = "https://" + host + (*port == 0 ? "" : ":") + port;
      const auto origin = parse_web_origin(text);
      ASSERT_TRUE(origin) << text;
      EXPECT_EQ(origin->host, host);
      EXPECT_EQ(origin->port, port);
    }
  }
  EXPECT_EQ(parse_web_origin("web+app-1.z://localhost").value().scheme, "web+app-1.z");
}

TEST(WebOrigin, BrowsersLeaveOutThePortOfTheScheme) {
  EXPECT_EQ(default_port("https"), "443");
  EXPECT_EQ(default_port("http"), "80");
  EXPECT_EQ(default_port("capacitor"), "");
}

TEST(WebOrigin, NothingElseIsOne) {
  for (const char* text : {"",
                           "null",
                           "https://",
                           "//app.example.com",
                           "app.example.com",
                           "https:app.example.com",
                           "https://App.example.com",
                           "HTTPS://app.example.com",
                           "https://app.example.com/",
                           "https://app.example.com/x",
                           "https://u@app.example.com",
                           "https://app.example.com:",
                           "https://app.example.com:x",
                           "https://app.example.com:0",
                           "https://app.example.com:65536",
                           "https://app.example.com:080",
                           "https://app.example.com:8:9",
                           "https://app.example.com?x",
                           "https://app.example.com#x",
                           "https://app.example.com\\x",
                           "https://a b",
                           "https://a,b",
                           "https://a, https://b",
                           "https://a https://b",
                           "https://*.example.com",
                           "*",
                           "https://[::1",
                           "https://::1]",
                           "https://[::1]x",
                           "https://[]",
                           "https://[:]",
                           "https://[::g]",
                           "https://[::`]",
                           "https://a{b",
                           "https://a`b",
                           "https://:80",
                           "://app.example.com",
                           "ht_p://app",
                           "ht{p://app",
                           "ht`p://app",
                           "1s://app",
                           " https://a",
                           "https://b\xc3\xbc"
                           "cher.example",
                           "https://%61.example"}) {
    EXPECT_FALSE(parse_web_origin(text)) << text;
  }
  EXPECT_FALSE(parse_web_origin("https://" + std::string(254, 'a')));
}

TEST(SameSite, IsOneRegistrableDomain) {
  EXPECT_TRUE(is_same_site("app.example.com", "orders.example.com"));
  EXPECT_TRUE(is_same_site("example.com", "a.b.c.example.com"));
  EXPECT_TRUE(is_same_site("app.example.co.uk", "Orders.Example.CO.uk"));
  EXPECT_FALSE(is_same_site("app.example.com", "app.example.org"));
  EXPECT_FALSE(is_same_site("example.com", "badexample.com"));
  EXPECT_FALSE(is_same_site("example.com.evil.org", "example.com"));
}

TEST(SameSite, PublicSuffixesHoldMany) {
  EXPECT_FALSE(is_same_site("a.github.io", "b.github.io"));
  EXPECT_FALSE(is_same_site("github.io", "b.github.io"));
  EXPECT_FALSE(is_same_site("evil.co.uk", "example.co.uk"));
  EXPECT_FALSE(is_same_site("com", "example.com"));
  EXPECT_FALSE(is_same_site("a.herokuapp.com", "b.herokuapp.com"));
  EXPECT_TRUE(is_same_site("github.io", "github.io"));
  EXPECT_TRUE(is_same_site("x.a.github.io", "a.github.io"));
}

TEST(SameSite, AddressesAndSingleLabelsAreSitesOfTheirOwn) {
  EXPECT_TRUE(is_same_site("127.0.0.1", "127.0.0.1"));
  EXPECT_FALSE(is_same_site("127.0.0.1", "10.0.0.1"));
  EXPECT_FALSE(is_same_site("1.0.0.127", "2.0.0.127"));
  EXPECT_FALSE(is_same_site("a.0x7f", "b.0x7f"));
  EXPECT_TRUE(is_same_site("[::1]", "[::1]"));
  EXPECT_FALSE(is_same_site("[::1]", "[::2]"));
  EXPECT_TRUE(is_same_site("localhost", "LOCALHOST"));
  EXPECT_FALSE(is_same_site("localhost", "orders"));
  EXPECT_FALSE(is_same_site("app.localhost", "orders.localhost"));
}

TEST(SameSite, WhatIsNoNameBelongsToNoSite) {
  EXPECT_FALSE(is_same_site("", ""));
  EXPECT_FALSE(is_same_site("app.example.com.", "orders.example.com"));
  EXPECT_FALSE(is_same_site("app.example.com", "x@orders.example.com"));
  EXPECT_FALSE(is_same_site("app.example.com", ".example.com"));
  EXPECT_FALSE(is_same_site("app.example.com", "orders.example.com:80"));
  const std::string longest(253, 'a');
  EXPECT_TRUE(is_same_site(longest, longest));
  EXPECT_FALSE(is_same_site(longest + "a", longest + "a"));
  EXPECT_FALSE(is_same_site(longest + "a", longest));
  EXPECT_FALSE(is_same_site(std::string(300, 'a') + ".example.com", "example.com"));
}

}  // namespace
}  // namespace intermission::http
