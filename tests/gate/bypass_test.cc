#include "gate/bypass.h"

#include <gtest/gtest.h>

#include "http/date.h"

namespace intermission::gate {
namespace {

constexpr std::string_view kKey = "0123456789abcdef0123456789abcdef";

base::TimePoint at(const char* text) {
  return http::parse_rfc3339(text).value();
}

const base::TimePoint kNow = at("2026-12-01T22:30:00Z");
const base::TimePoint kUntil = at("2026-12-02T00:00:00Z");

TEST(Bypass, APassHoldsForItsServiceUntilItsEnd) {
  const std::string pass = sign_pass("orders", kUntil, kKey);
  EXPECT_TRUE(is_pass(pass, "orders", kKey, kNow));
  EXPECT_TRUE(is_pass(pass, "orders", kKey, kUntil - base::Seconds(1)));
  EXPECT_FALSE(is_pass(pass, "orders", kKey, kUntil));
  EXPECT_FALSE(is_pass(pass, "billing", kKey, kNow));
  EXPECT_FALSE(is_pass(pass, "orders", "fedcba9876543210fedcba9876543210", kNow));
  EXPECT_FALSE(is_pass(pass, "orders", "", kNow));
  EXPECT_EQ(end_of_pass(pass), kUntil);
}

// python3: hmac.digest(key, b"intermission-bypass\0orders\0" b"1796169600", "sha256")
TEST(Bypass, TheFormIsTheOneOfTheHeader) {
  EXPECT_EQ(sign_pass("orders", kUntil, kKey),
            "1796169600.f8I7xSAO6YpR8X_TO-I4_p3qEtOnNizvEd9utFxZ1OY");
}

TEST(Bypass, ForgeriesAreNone) {
  const std::string pass = sign_pass("orders", kUntil, kKey);
  for (std::size_t i = 0; i < pass.size(); ++i) {
    std::string forged = pass;
    forged[i] = forged[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(is_pass(forged, "orders", kKey, kNow)) << forged;
    EXPECT_FALSE(is_pass(pass.substr(0, i), "orders", kKey, kNow));
  }
  // The same moment, written otherwise.
  EXPECT_FALSE(is_pass("0" + pass, "orders", kKey, kNow));
  EXPECT_FALSE(is_pass(pass + "A", "orders", kKey, kNow));
  for (const char* text : {"", ".", "1", "99999999999999999999.x", "-1.x"}) {
    EXPECT_FALSE(is_pass(text, "orders", kKey, kNow)) << text;
    EXPECT_FALSE(end_of_pass(text)) << text;
  }
}

TEST(Bypass, WithoutAKeyThereIsNoPass) {
  EXPECT_FALSE(is_pass(sign_pass("orders", kUntil, ""), "orders", "", kNow));
}

TEST(Bypass, APassEndsInTheYear9999AtTheLatest) {
  const std::string signature(43, 'A');
  EXPECT_EQ(end_of_pass("253402300799." + signature), at("9999-12-31T23:59:59Z"));
  EXPECT_FALSE(end_of_pass("253402300800." + signature));
  EXPECT_FALSE(end_of_pass("18446744073709551615." + signature));
}

TEST(Bypass, WithoutADotItIsNoPass) {
  EXPECT_FALSE(end_of_pass(std::string(43, '0')));
  EXPECT_FALSE(end_of_pass(std::string(43, 'A')));
}

}  // namespace
}  // namespace intermission::gate
