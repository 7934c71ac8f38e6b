#include "server/ticket_keys.h"

#include <gtest/gtest.h>

#include "support/fake_clock.h"

namespace intermission::server {
namespace {

constexpr base::Seconds kLife = TicketKeys::kLife;

class TicketKeysTest : public ::testing::Test {
 protected:
  testing::FakeClock clock_{base::TimePoint{base::Seconds{1'000'000}}};
  TicketKeys keys_{clock_};
};

TEST_F(TicketKeysTest, OneKeyServesForItsLife) {
  const auto first = keys_.current();
  ASSERT_TRUE(first);
  clock_.advance(kLife - base::Seconds{1});
  EXPECT_EQ(keys_.current()->name, first->name);
  EXPECT_TRUE(keys_.find(first->name)->is_current);
}

TEST_F(TicketKeysTest, ThenANewOneEncryptsAndTheOldOneStillDecrypts) {
  const auto first = keys_.current();
  clock_.advance(kLife);
  EXPECT_FALSE(keys_.find(first->name)->is_current);
  const auto second = keys_.current();
  EXPECT_NE(second->name, first->name);
  EXPECT_NE(second->cipher, first->cipher);
  EXPECT_NE(second->digest, first->digest);
  EXPECT_EQ(keys_.find(first->name)->key.cipher, first->cipher);
  EXPECT_TRUE(keys_.find(second->name)->is_current);
}

TEST_F(TicketKeysTest, AndInTheEndItIsForgotten) {
  const auto first = keys_.current();
  clock_.advance(2 * kLife);
  EXPECT_FALSE(keys_.find(first->name));
}

TEST_F(TicketKeysTest, AnUnknownNameIsNoKeys) {
  keys_.current();
  EXPECT_FALSE(keys_.find(std::array<std::uint8_t, TicketKey::kNameSize>{}));
}

TEST_F(TicketKeysTest, AKeyOfTheFutureIsNotTheCurrentOne) {
  const auto first = keys_.current();
  clock_.advance(-kLife);
  EXPECT_NE(keys_.current()->name, first->name);
  const auto found = keys_.find(first->name);
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->is_current);
}

TEST_F(TicketKeysTest, AClockThatIsSetBackMakesANewKeySoon) {
  const auto first = keys_.current();
  clock_.advance(-3 * kLife);
  EXPECT_NE(keys_.current()->name, first->name);
}

}  // namespace
}  // namespace intermission::server
