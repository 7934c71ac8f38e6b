#include "control/wrong_tokens.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/fake_clock.h"

namespace intermission::control {
namespace {

class WrongTokensOf : public ::testing::Test {
 protected:
  static std::optional<http::Address> peer(const char* text) { return http::Address::parse(text); }

  testing::FakeClock clock_{base::TimePoint(base::Seconds(1'000'000))};
  std::vector<std::string> lines_;
  WrongTokens wrong_{clock_, [this](std::string_view line) { lines_.emplace_back(line); }};
};

TEST_F(WrongTokensOf, APeerWaitsAfterTenOfThem) {
  for (unsigned i = 0; i < WrongTokens::kPatience; ++i) {
    EXPECT_FALSE(wrong_.note(peer("192.0.2.7"))) << i;
  }
  EXPECT_EQ(wrong_.note(peer("192.0.2.7")), WrongTokens::kPeriod);
  clock_.advance(base::Seconds(20));
  EXPECT_EQ(wrong_.note(peer("192.0.2.7")), WrongTokens::kPeriod - base::Seconds(20));
  EXPECT_EQ(wrong_.total(), 12U);
}

TEST_F(WrongTokensOf, ANewPeriodBeginsAfterTheLast) {
  for (int i = 0; i < 11; ++i) wrong_.note(peer("192.0.2.7"));
  clock_.advance(WrongTokens::kPeriod);
  EXPECT_FALSE(wrong_.note(peer("192.0.2.7")));
}

TEST_F(WrongTokensOf, AClockThatIsSetBackMakesNoPeerWait) {
  for (int i = 0; i < 11; ++i) wrong_.note(peer("192.0.2.7"));
  clock_.advance(-base::Seconds(3600));
  EXPECT_FALSE(wrong_.note(peer("192.0.2.7")));
}

TEST_F(WrongTokensOf, PeersAreCountedApart) {
  for (int i = 0; i < 11; ++i) wrong_.note(peer("192.0.2.7"));
  EXPECT_FALSE(wrong_.note(peer("192.0.2.8")));
  EXPECT_FALSE(wrong_.note(std::nullopt));
}

TEST_F(WrongTokensOf, TheAddressesOfOneIpv6NetworkAreOnePeer) {
  for (int i = 0; i < 10; ++i) {
    EXPECT_FALSE(wrong_.note(peer(("2001:db8:1:2::" + std::to_string(i + 1)).c_str())));
  }
  EXPECT_TRUE(wrong_.note(peer("2001:db8:1:2:ffff::1")));
  EXPECT_FALSE(wrong_.note(peer("2001:db8:1:3::1")));
}

TEST_F(WrongTokensOf, ALineASecondNamesAPeerAndCountsTheOthers) {
  wrong_.note(peer("192.0.2.7"));
  wrong_.note(peer("192.0.2.7"));
  wrong_.note(peer("192.0.2.8"));
  EXPECT_EQ(lines_, std::vector<std::string>{"control: a wrong token from 192.0.2.7"});
  clock_.advance(base::Seconds(1));
  wrong_.note(peer("2001:db8::1"));
  ASSERT_EQ(lines_.size(), 2U);
  EXPECT_EQ(lines_[1],
            "control: a wrong token from 2001:db8::1, and 2 more since the last such line");
}

TEST_F(WrongTokensOf, APeerWithoutAnAddressIsNamedSo) {
  wrong_.note(std::nullopt);
  EXPECT_EQ(lines_, std::vector<std::string>{"control: a wrong token from an unknown address"});
}

TEST_F(WrongTokensOf, WorkWithoutAListener) {
  WrongTokens silent(clock_, {});
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(silent.note(peer("192.0.2.7")));
  EXPECT_TRUE(silent.note(peer("192.0.2.7")));
}

TEST_F(WrongTokensOf, APatientPeerNeverWaits) {
  for (int minute = 0; minute < 5; ++minute) {
    for (int i = 0; i < 10; ++i) EXPECT_FALSE(wrong_.note(peer("192.0.2.7")));
    clock_.advance(base::Seconds(59));
    EXPECT_EQ(wrong_.note(peer("192.0.2.7")), base::Seconds(1));
    clock_.advance(base::Seconds(1));
  }
}

}  // namespace
}  // namespace intermission::control
