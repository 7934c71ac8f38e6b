#include "control/known_hosts.h"

#include <gtest/gtest.h>

namespace intermission::control {
namespace {

TEST(KnownHosts, LoopbackIsKnownWhereverTheListenerIsBound) {
  for (const char* bound : {"127.0.0.1", "::1", "192.0.2.7", "0.0.0.0", "::"}) {
    const KnownHosts hosts(bound, {});
    for (const char* host : {"localhost", "LOCALHOST", "127.0.0.1", "127.1.2.3", "[::1]"}) {
      EXPECT_TRUE(hosts.know(host)) << host << " at " << bound;
    }
  }
}

TEST(KnownHosts, UnconfiguredNamesAreUnknown) {
  for (const char* bound : {"127.0.0.1", "0.0.0.0", "::"}) {
    const KnownHosts hosts(bound, {"ops.example.com"});
    for (const char* host :
         {"", "evil.example", "localhost.evil.example", "evil.localhost", "127.0.0.1.evil.example",
          "ops.example.com.evil.example", "x.ops.example.com", "ops.example.co", "127.0.0.1@evil",
          "[::1].evil.example", "[evil.example]", "0x7f000001", "2130706433", "127.1", "::1",
          "[127.0.0.1]", "localhost ", "local host", "127.0.0.1/8"}) {
      EXPECT_FALSE(hosts.know(host)) << host << " at " << bound;
    }
    EXPECT_TRUE(hosts.know("OPS.example.com"));
  }
}

TEST(KnownHosts, AddressesOfOtherMachinesAreKnownOnlyWhereTheListenerTakesAll) {
  const KnownHosts loopback("127.0.0.1", {});
  EXPECT_FALSE(loopback.know("192.0.2.7"));
  EXPECT_FALSE(loopback.know("0.0.0.0"));
  EXPECT_FALSE(loopback.know("[2001:db8::7]"));
  const KnownHosts one("192.0.2.7", {});
  EXPECT_TRUE(one.know("192.0.2.7"));
  EXPECT_TRUE(one.know("[::ffff:192.0.2.7]"));
  EXPECT_FALSE(one.know("192.0.2.8"));
  EXPECT_TRUE(KnownHosts("2001:db8::7", {}).know("[2001:DB8:0::7]"));
  for (const char* all : {"0.0.0.0", "::"}) {
    EXPECT_TRUE(KnownHosts(all, {}).know("192.0.2.7")) << all;
    EXPECT_TRUE(KnownHosts(all, {}).know("[2001:db8::7]")) << all;
  }
}

TEST(KnownHosts, AnAddressMayBeConfigured) {
  const KnownHosts hosts("127.0.0.1", {"192.0.2.7", "[2001:db8::7]"});
  EXPECT_TRUE(hosts.know("192.0.2.7"));
  EXPECT_TRUE(hosts.know("[2001:db8:0:0::7]"));
  EXPECT_FALSE(hosts.know("[2001:db8::8]"));
}

TEST(KnownHosts, BracketsHoldAnAddressAndNothingElse) {
  const KnownHosts hosts("::", {"[x]"});
  for (const char* host : {"[", "]", "[]", "[:", "[::1", "::1]", "[::1]x", "x[::1]", "[[::1]]"}) {
    EXPECT_FALSE(hosts.know(host)) << host;
  }
  EXPECT_TRUE(hosts.know("[::]"));
}

}  // namespace
}  // namespace intermission::control
