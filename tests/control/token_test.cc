#include "control/token.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "support/temporary_folder.h"

namespace intermission::control {
namespace {

TEST(Token, IsMadeOnceAndForItsOwnerAlone) {
  const testing::TemporaryFolder folder;
  const std::string path = token_file_beside((folder.path() / "state.json").string());
  const auto made = token_from_file(path);
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_EQ(made->size(), 64U);
  EXPECT_EQ(std::filesystem::status(path).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  const auto again = token_from_file(path);
  ASSERT_TRUE(again);
  EXPECT_EQ(*again, *made);
}

TEST(Token, AnEmptyFileIsAnError) {
  const testing::TemporaryFolder folder;
  EXPECT_FALSE(token_from_file(folder.write("intermission.token", "\n").string()));
}

TEST(Token, OnlyTheWholeSecretIsTheSecret) {
  EXPECT_TRUE(same_secret("abc", "abc"));
  for (const char* wrong : {"", "ab", "abd", "abcabc", "ABC"}) {
    EXPECT_FALSE(same_secret(wrong, "abc")) << wrong;
  }
  EXPECT_FALSE(same_secret("", ""));
}

}  // namespace
}  // namespace intermission::control
