#include "catalog/network_text.h"

#include <gtest/gtest.h>

namespace intermission::catalog {
namespace {

NetworkText read(std::string_view text) {
  return network_text(text).value();
}

TEST(NetworkText, TellsWhichNetworkIsMeant) {
  for (const char* text : {"10.0.0.0/8", "10.1.2.3", "0.0.0.0/0", "::/0", "2001:db8::/32", "::1",
                           "198.51.100.128/25", "fc00::/7"}) {
    EXPECT_EQ(read(text).meant, text);
    EXPECT_TRUE(read(text).is_exact) << text;
  }
  EXPECT_EQ(read("10.1.2.3/8").meant, "10.0.0.0/8");
  EXPECT_EQ(read("10.1.2.3/15").meant, "10.0.0.0/15");
  EXPECT_EQ(read("2001:db8:ffff::1/36").meant, "2001:db8:f000::/36");
  EXPECT_EQ(read("10.1.2.3/32").meant, "10.1.2.3");
  for (const char* text : {"10.1.2.3/8", "10.0.0.1/31", "::1/127", "2001:db8::1/32"}) {
    EXPECT_FALSE(read(text).is_exact) << text;
  }
  for (const char* text : {"", "10.0.0.0/33", "x", "10.0.0.0/"}) {
    EXPECT_FALSE(network_text(text)) << text;
  }
}

TEST(NetworkText, IsWideWhereItHoldsMoreThanAnybodyRuns) {
  for (const char* text : {"0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "8.0.0.0/7", "::/0", "2000::/3",
                           "::ffff:0:0/96", "::/1", "2000::/15"}) {
    EXPECT_TRUE(read(text).is_wide) << text;
  }
  for (const char* text :
       {"10.0.0.0/8", "127.0.0.1", "172.16.0.0/12", "fc00::/7", "fd00::/8", "2001::/16", "::1"}) {
    EXPECT_FALSE(read(text).is_wide) << text;
  }
}

TEST(NetworkText, WideNetworksOfAConfigurationAreWarnedOf) {
  const auto warnings = [](std::string_view text) {
    return wide_networks(*document::parse_document(text, "f"));
  };
  const auto told = warnings(
      "trusted_proxies: [127.0.0.1, 0.0.0.0/0, '::/0']\n"
      "listen: { proxy_protocol: [128.0.0.0/1] }\n"
      "limits: { exempt_addresses: [0.0.0.0/0] }\n"
      "services: [ { name: a, bypass: { addresses: ['2000::/3'] } } ]\n");
  ASSERT_EQ(told.size(), 5U);
  const std::string wanted[] = {
      "f:1: trusted_proxies[1]: 0.0.0.0/0 is very wide: everybody in it is believed",
      "f:1: trusted_proxies[2]: ::/0 is very wide",
      "f:2: listen.proxy_protocol[0]: 128.0.0.0/1 is very wide",
      "f:3: limits.exempt_addresses[0]: 0.0.0.0/0 is very wide",
      std::string("f:4: services[0].bypass.addresses[0]: 2000::/3 is very wide: ") +
          "everybody in it passes the gate"};
  for (std::size_t i = 0; i < told.size(); ++i)
    EXPECT_TRUE(told[i].starts_with(wanted[i])) << told[i];
  EXPECT_TRUE(warnings("trusted_proxies: [10.0.0.0/8, 'fc00::/7']\nservices: []\n").empty());
}

}  // namespace
}  // namespace intermission::catalog
