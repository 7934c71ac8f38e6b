#include "base/same_secret.h"

#include <gtest/gtest.h>

#include <string>

namespace intermission::base {
namespace {

TEST(SameSecret, OnlyTheWholeSecretIsTheSecret) {
  const std::string secret = "0123456789abcdefghijklmnopqrstuv";
  EXPECT_TRUE(same_secret(secret, std::string(secret)));
  for (std::size_t size = 0; size < secret.size(); ++size) {
    EXPECT_FALSE(same_secret(secret.substr(0, size), secret)) << "the first " << size;
    EXPECT_FALSE(same_secret(secret.substr(size + 1), secret)) << "without the first " << size + 1;
  }
  EXPECT_FALSE(same_secret(secret + secret, secret));
  EXPECT_FALSE(same_secret(secret + '\0', secret));
  EXPECT_FALSE(same_secret("", ""));
}

TEST(SameSecret, EveryBitOfEveryCharacterCounts) {
  const std::string secret = "0123456789abcdefghijklmnopqrstuv";
  for (std::size_t place = 0; place < secret.size(); ++place) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string wrong = secret;
      wrong[place] = static_cast<char>(static_cast<unsigned char>(wrong[place]) ^ (1U << bit));
      EXPECT_FALSE(same_secret(wrong, secret)) << "character " << place << ", bit " << bit;
    }
  }
}

}  // namespace
}  // namespace intermission::base
