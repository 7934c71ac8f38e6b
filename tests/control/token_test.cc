#include "control/token.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <set>
#include <string>
#include <utility>

#include "support/temporary_folder.h"

namespace intermission::control {
namespace {

catalog::StateSettings kept_in(std::string file, std::string folder) {
  catalog::StateSettings state;
  state.file = std::move(file);
  state.folder = std::move(folder);
  return state;
}

TEST(Token, IsMadeOnceAndForItsOwnerAlone) {
  const testing::TemporaryFolder folder;
  const std::string path = token_file(kept_in((folder.path() / "state.json").string(), {}));
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
  for (const std::size_t size : {0U, 1U, 8U, 15U}) {
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

TEST(Token, TwoThatAreMadeHaveNothingInCommon) {
  const testing::TemporaryFolder folder;
  base::SystemFiles files;
  std::set<char> digits;
  std::set<char> first_digits;
  std::set<std::string> made;
  for (int i = 0; i < 20; ++i) {
    const auto token =
        token_from_file(files, (folder.path() / ("token" + std::to_string(i))).string());
    ASSERT_TRUE(token) << token.error().text();
    made.insert(*token);
    digits.insert(token->begin(), token->end());
    for (std::size_t at = 0; at < token->size(); at += 2) first_digits.insert((*token)[at]);
  }
  EXPECT_EQ(made.size(), 20U);
  EXPECT_EQ(digits.size(), 16U) << "of 1,280 hexadecimal digits each comes once";
  EXPECT_EQ(first_digits.size(), 16U) << "in both halves of a byte";
}

TEST(Token, LosesTheEndOfItsLine) {
  const testing::TemporaryFolder folder;
  base::SystemFiles files;
  for (const char* end : {"", "\n", "\r\n", "\n\n", " \n"}) {
    const auto path = folder.write("token", "0123456789abcdef" + std::string(end)).string();
    ASSERT_EQ(chmod(path.c_str(), 0600), 0);
    EXPECT_EQ(*token_from_file(files, path), "0123456789abcdef");
  }
  const auto path = folder.write("token", "\n").string();
  EXPECT_EQ(*token_from_file(files, path), "") << "which is for token_problem() to refuse";
}

TEST(Token, StandsBesideTheState) {
  EXPECT_EQ(token_file(kept_in("/var/lib/x/state.json", "/etc/x/")),
            "/var/lib/x/intermission.token");
  EXPECT_EQ(token_file(kept_in("state.json", {})), "intermission.token");
  EXPECT_EQ(token_file(kept_in({}, "/etc/x/")), "/etc/x/intermission.token");
  EXPECT_EQ(token_file(kept_in({}, {})), "intermission.token");
}

TEST(Token, OneThatCannotBeKeptIsAnError) {
  base::SystemFiles files;
  const testing::TemporaryFolder folder;
  EXPECT_FALSE(token_from_file(files, (folder.path() / "none" / "token").string()));
}

}  // namespace
}  // namespace intermission::control
