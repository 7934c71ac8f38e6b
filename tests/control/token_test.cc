#include "control/token.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "support/temporary_folder.h"

namespace intermission::control {
namespace {

TEST(Token, IsMadeOnceAndForItsOwnerAlone) {
  const testing::TemporaryFolder folder;
  const std::string path = token_file_beside((folder.path() / "state.json").string());
  base::SystemFiles files;
  const auto made = token_from_file(files, path);
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_EQ(made->size(), 64U);
  EXPECT_EQ(std::filesystem::status(path).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  const auto again = token_from_file(files, path);
  ASSERT_TRUE(again);
  EXPECT_EQ(*again, *made);
}

TEST(Token, WhatIsMadeIsGood) {
  const testing::TemporaryFolder folder;
  base::SystemFiles files;
  const auto made = token_from_file(files, (folder.path() / "intermission.token").string());
  ASSERT_TRUE(made);
  EXPECT_FALSE(token_problem(*made, "here"));
}

TEST(Token, ShortOnesAndThoseThatNoFieldCarriesAreRefused) {
  EXPECT_FALSE(token_problem("0123456789abcdef", "here"));
  EXPECT_FALSE(token_problem("words with spaces", "here"));
  EXPECT_TRUE(token_problem(" 0123456789abcdef", "here"));
  EXPECT_TRUE(token_problem("0123456789abcdef ", "here"));
  EXPECT_FALSE(token_problem("!~-._~+/=;,\"'{}[]", "here"));
  for (const std::size_t size : {0, 1, 8, 15}) {
    const auto problem = token_problem(std::string(size, 'x'), "INTERMISSION_TOKEN");
    ASSERT_TRUE(problem) << size;
    EXPECT_EQ(
        problem->text(),
        "INTERMISSION_TOKEN: expected a token of at least 16 printable ASCII characters, got " +
            std::to_string(size));
  }
  const std::string good = "0123456789abcdef";
  for (const char wrong : {'\t', '\n', '\r', '\0', '\x7f', '\x80', '\xff'}) {
    for (const std::size_t place : {std::size_t{0}, good.size() / 2, good.size()}) {
      std::string token = good;
      token.insert(place, 1, wrong);
      const auto problem = token_problem(token, "INTERMISSION_TOKEN");
      ASSERT_TRUE(problem) << int{wrong} << " at " << place;
      EXPECT_EQ(problem->text().find(good.substr(0, 8)), std::string::npos);
    }
  }
}

TEST(Token, OnlyTheWholeSecretIsTheSecret) {
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

TEST(Token, EveryBitOfEveryCharacterCounts) {
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
}  // namespace intermission::control
