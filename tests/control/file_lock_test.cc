#include "control/file_lock.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "support/files.h"
#include "support/temporary_folder.h"

namespace intermission::control {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class FileClaimTest : public ::testing::Test {
 protected:
  std::string trouble() {
    const auto claim = FileLock::take(path_);
    return claim ? "none" : claim.error().text();
  }

  testing::TemporaryFolder folder_;
  const std::string path_ = (folder_.path() / "state.json").string();
  const std::string lock_ = path_ + ".lock";
};

TEST_F(FileClaimTest, NamesItsHolderAndIsItsOwnersAlone) {
  const auto claim = FileLock::take(path_);
  ASSERT_TRUE(claim) << claim.error().text();
  EXPECT_EQ(testing::read_file(lock_), std::to_string(getpid()) + "\n");
  EXPECT_EQ(fs::status(lock_).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_FALSE(fs::exists(path_)) << "the state itself is not touched";
}

TEST_F(FileClaimTest, WhileOneHasItNoOtherGetsIt) {
  std::optional<base::Result<FileLock>> first = FileLock::take(path_);
  ASSERT_TRUE(*first);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(trouble(), path_ + ": another gateway (pid " + std::to_string(getpid()) +
                             ") keeps its state here; give this one a state.file of its own");
  }
  EXPECT_EQ(testing::read_file(lock_), std::to_string(getpid()) + "\n")
      << "who is refused does not write over the holder's name";
  first.reset();
  EXPECT_TRUE(fs::exists(lock_));
  EXPECT_EQ(trouble(), "none");
}

TEST_F(FileClaimTest, AnotherFilesClaimIsAnother) {
  const auto one = FileLock::take(path_);
  EXPECT_TRUE(one);
  EXPECT_TRUE(FileLock::take(path_ + "2"));
}

TEST_F(FileClaimTest, ItMayMove) {
  auto claim = FileLock::take(path_);
  ASSERT_TRUE(claim);
  const FileLock moved = std::move(*claim);
  EXPECT_THAT(trouble(), HasSubstr("another gateway"));
}

// A process that is killed leaves the file, with its pid.
TEST_F(FileClaimTest, TheNameOfADeadHolderIsReplaced) {
  folder_.write("state.json.lock", "123456789\nand more");
  const auto claim = FileLock::take(path_);
  ASSERT_TRUE(claim) << claim.error().text();
  EXPECT_EQ(testing::read_file(lock_), std::to_string(getpid()) + "\n");
}

TEST_F(FileClaimTest, AHolderWhoseNameCannotBeReadIsNotNamed) {
  folder_.write("state.json.lock", "nonsense");
  const int held = open(lock_.c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(flock(held, LOCK_EX | LOCK_NB), 0);
  EXPECT_EQ(
      trouble(),
      path_ + ": another gateway keeps its state here; give this one a state.file of its own");
  close(held);
}

// It would hold the lock after this process has ended.
TEST_F(FileClaimTest, NoProgramThatIsStartedInheritsIt) {
  const auto claim = FileLock::take(path_);
  ASSERT_TRUE(claim);
  int checked = 0;
  for (const auto& entry : fs::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    if (fs::read_symlink(entry.path(), gone) != fs::canonical(lock_)) continue;
    EXPECT_NE(fcntl(std::stoi(entry.path().filename().string()), F_GETFD) & FD_CLOEXEC, 0);
    ++checked;
  }
  EXPECT_EQ(checked, 1);
}

TEST_F(FileClaimTest, WhereNothingCanBeKeptNothingIsClaimed) {
  const std::string nowhere = (folder_.path() / "none" / "state.json").string();
  EXPECT_TRUE(FileLock::take(nowhere));
  EXPECT_FALSE(fs::exists(folder_.path() / "none"));
}

TEST_F(FileClaimTest, AFolderThatCannotBeWrittenNeedsNoLock) {
  if (geteuid() != 0) GTEST_SKIP() << "only root may become another user";
  ASSERT_EQ(chmod(folder_.path().c_str(), 0755), 0);
  ASSERT_EQ(seteuid(65534), 0);
  const std::string without = trouble();
  ASSERT_EQ(seteuid(0), 0);
  EXPECT_EQ(without, "none");
  EXPECT_FALSE(fs::exists(lock_));
}

TEST_F(FileClaimTest, ALockOfAnotherInAFolderForAllIsNamed) {
  if (geteuid() != 0) GTEST_SKIP() << "only root may become another user";
  folder_.write("state.json.lock", "theirs");
  ASSERT_EQ(chmod(lock_.c_str(), 0600), 0);
  ASSERT_EQ(chmod(folder_.path().c_str(), 0777), 0);
  // In a process of its own, which nothing leads back from.
  const auto as_another = [&] {
    if (setuid(65534) != 0) std::exit(2);
    std::fputs(trouble().c_str(), stderr);
    std::exit(0);
  };
  EXPECT_EXIT(as_another(), ::testing::ExitedWithCode(0), "cannot be opened: Permission denied");
}

TEST_F(FileClaimTest, AMovedClaimIsHeldOnce) {
  auto first = FileLock::take(path_);
  ASSERT_TRUE(first);
  { const FileLock moved = std::move(*first); }
  EXPECT_EQ(trouble(), "none") << "what was moved from holds nothing";
}

TEST_F(FileClaimTest, WhatIsNoFileIsNotLocked) {
  ASSERT_EQ(mkfifo(lock_.c_str(), 0600), 0);
  EXPECT_EQ(trouble(), lock_ + ": expected a regular file");
  fs::remove(lock_);
  fs::create_directory(lock_);
  EXPECT_EQ(trouble(), lock_ + ": cannot be opened: Is a directory");
}

TEST_F(FileClaimTest, AFileOfAnotherUserIsNotLocked) {
  if (geteuid() != 0) GTEST_SKIP() << "only root may give files away";
  folder_.write("state.json.lock", "theirs");
  ASSERT_EQ(chown(lock_.c_str(), 65534, 65534), 0);
  EXPECT_THAT(trouble(), HasSubstr("got one of user 65534"));
  EXPECT_EQ(testing::read_file(lock_), "theirs");
}

}  // namespace
}  // namespace intermission::control
