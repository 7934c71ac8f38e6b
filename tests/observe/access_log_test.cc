#include "observe/access_log.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "base/resources.h"
#include "support/eventually.h"
#include "support/files.h"
#include "support/temporary_folder.h"

namespace intermission::observe {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using Format = catalog::AccessLog::Format;

class AccessLogTest : public ::testing::Test {
 protected:
  std::unique_ptr<AccessLog> open(Format format) {
    auto log = AccessLog::open({format, file().string()});
    EXPECT_TRUE(log);
    return std::move(*log);
  }
  std::filesystem::path file() const { return folder_.path() / "access.log"; }

  static void answer(gateway::Observer& observer, std::string_view target) {
    http::Request request;
    request.reset("GET", target, 11);
    http::Response response;
    observer.answered({request, response, {"orders", "problem"}, {}, {}});
  }

  testing::TemporaryFolder folder_;
};

TEST_F(AccessLogTest, WritesALineForEachAnswerBeforeItEnds) {
  {
    const auto log = open(Format::kJson);
    const auto one = log->observer();
    const auto other = log->observer();
    for (int i = 0; i < 100; ++i) {
      answer(*one, "/one");
      answer(*other, "/other");
    }
    EXPECT_EQ(log->lost(), 0U);
  }
  const std::string text = testing::read_file(file());
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 200);
  EXPECT_THAT(text, HasSubstr("\"target\":\"/other\""));
}

TEST_F(AccessLogTest, FollowsItsNameAfterReopen) {
  const auto moved = folder_.path() / "access.log.1";
  {
    const auto log = open(Format::kCombined);
    const auto observer = log->observer();
    answer(*observer, "/before");
  }
  {
    const auto log = open(Format::kCombined);
    const auto observer = log->observer();
    std::filesystem::rename(file(), moved);
    log->reopen();
    answer(*observer, "/after");
  }
  EXPECT_THAT(testing::read_file(moved), HasSubstr("GET /before "));
  EXPECT_THAT(testing::read_file(moved), ::testing::Not(HasSubstr("GET /after ")));
  EXPECT_THAT(testing::read_file(file()), HasSubstr("GET /after "));
}

TEST_F(AccessLogTest, StaysWithItsFileUntilReopen) {
  const auto first = folder_.path() / "first";
  const auto second = folder_.path() / "second";
  {
    const auto log = open(Format::kCombined);
    const auto observer = log->observer();
    std::filesystem::rename(file(), first);
    const auto has = [&](const std::filesystem::path& path, const char* target) {
      return std::filesystem::exists(path) &&
             testing::read_file(path).find(target) != std::string::npos;
    };
    answer(*observer, "/1");
    ASSERT_TRUE(testing::eventually([&] { return has(first, "/1"); }));
    log->reopen();
    answer(*observer, "/2");
    ASSERT_TRUE(testing::eventually([&] { return has(file(), "/2"); }));
    std::filesystem::rename(file(), second);
    answer(*observer, "/3");
  }
  EXPECT_THAT(testing::read_file(first), HasSubstr("GET /1 "));
  EXPECT_THAT(testing::read_file(second), HasSubstr("GET /2 "));
  EXPECT_THAT(testing::read_file(second), HasSubstr("GET /3 "));
  EXPECT_FALSE(std::filesystem::exists(file()));
}

TEST_F(AccessLogTest, AppendsToTheFileThatIsThere) {
  folder_.write("access.log", "before\n");
  answer(*open(Format::kCombined)->observer(), "/after");
  const std::string text = testing::read_file(file());
  EXPECT_THAT(text, ::testing::StartsWith("before\n"));
  EXPECT_THAT(text, HasSubstr("GET /after "));
}

TEST_F(AccessLogTest, LeavesNoDescriptorBehind) {
  open(Format::kJson);
  const std::uint64_t before = base::open_descriptors();
  for (int i = 0; i < 5; ++i) {
    const auto log = open(Format::kJson);
    log->reopen();
    answer(*log->observer(), "/");
  }
  EXPECT_EQ(base::open_descriptors(), before);
}

TEST_F(AccessLogTest, IsNotForEverybodyToRead) {
  const auto log = open(Format::kJson);
  EXPECT_EQ(std::filesystem::status(file()).permissions() & std::filesystem::perms::others_all,
            std::filesystem::perms::none);
}

TEST_F(AccessLogTest, GoesOnWhereItIsIfItCannotBeOpenedAgain) {
  {
    const auto log = open(Format::kCombined);
    const auto observer = log->observer();
    std::filesystem::rename(file(), folder_.path() / "moved");
    std::filesystem::create_directory(file());
    log->reopen();
    answer(*observer, "/after");
  }
  EXPECT_THAT(testing::read_file(folder_.path() / "moved"), HasSubstr("GET /after "));
}

TEST_F(AccessLogTest, NoProgramThatIsStartedInheritsIt) {
  const auto log = open(Format::kCombined);
  const auto expect_closed = [&] {
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
      std::error_code gone;
      if (std::filesystem::read_symlink(entry.path(), gone) != std::filesystem::canonical(file())) {
        continue;
      }
      EXPECT_NE(fcntl(std::stoi(entry.path().filename().string()), F_GETFD) & FD_CLOEXEC, 0);
    }
  };
  expect_closed();
  std::filesystem::rename(file(), folder_.path() / "moved");
  log->reopen();
  answer(*log->observer(), "/");
  EXPECT_TRUE(testing::eventually([&] { return std::filesystem::exists(file()); }));
  expect_closed();
}

// A user may be allowed to write to it, and not to read it.
TEST_F(AccessLogTest, IsOpenedOnceAndForWritingAlone) {
  const auto opened = [&] {
    std::vector<int> flags;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
      std::error_code gone;
      if (std::filesystem::read_symlink(entry.path(), gone) == std::filesystem::canonical(file())) {
        flags.push_back(fcntl(std::stoi(entry.path().filename().string()), F_GETFL) & O_ACCMODE);
      }
    }
    return flags;
  };
  errno = ELOOP;  // of somebody else
  const auto log = open(Format::kCombined);
  EXPECT_EQ(opened(), std::vector<int>{O_WRONLY});
}

TEST_F(AccessLogTest, ALoopOfLinksIsAnError) {
  std::filesystem::create_symlink(file(), file());
  const auto log = AccessLog::open({Format::kJson, (file() / "x").string()});
  ASSERT_FALSE(log);
  EXPECT_THAT(log.error().text(), EndsWith("Too many levels of symbolic links"));
}

// In a process of its own, which has given its rights away.
TEST_F(AccessLogTest, EveryUserMayFollowALinkOfRoot) {
  if (geteuid() != 0) GTEST_SKIP() << "only root may become another user";
  const auto target = folder_.path() / "target.log";
  std::filesystem::create_symlink(target, file());
  ASSERT_EQ(chown(folder_.path().c_str(), 65534, 65534), 0);
  const auto open_as_nobody = [&] {
    if (seteuid(65534) != 0) std::_Exit(2);
    std::_Exit(AccessLog::open({Format::kCombined, file().string()}) ? 0 : 1);
  };
  EXPECT_EXIT(open_as_nobody(), ::testing::ExitedWithCode(0), "");
}

TEST_F(AccessLogTest, FollowsALinkOfItsOwnUser) {
  const auto target = folder_.path() / "target.log";
  std::filesystem::create_symlink(target, file());
  answer(*open(Format::kCombined)->observer(), "/linked");
  EXPECT_THAT(testing::read_file(target), HasSubstr("GET /linked "));
}

TEST_F(AccessLogTest, ALinkOrFileOfAnotherUserIsRefused) {
  if (geteuid() != 0) GTEST_SKIP() << "only root may give files away";
  const auto error = [&] {
    const auto log = AccessLog::open({Format::kJson, file().string()});
    return log ? "none" : log.error().text();
  };
  const auto victim = folder_.write("victim", "precious");
  std::filesystem::create_symlink(victim, file());
  ASSERT_EQ(lchown(file().c_str(), 65534, 65534), 0);
  EXPECT_EQ(error(), "access_log.file: cannot write to " + file().string() +
                         ": another user's symbolic link; remove it");
  std::filesystem::remove(file());
  folder_.write("access.log", "theirs");
  ASSERT_EQ(chown(file().c_str(), 65534, 65534), 0);
  EXPECT_THAT(error(), ::testing::StartsWith("access_log.file: cannot write to " + file().string() +
                                             ": expected a file"));
  EXPECT_THAT(error(), HasSubstr("got one of user 65534"));
  std::filesystem::remove(file());
  std::filesystem::create_hard_link(victim, file());
  EXPECT_THAT(error(), HasSubstr("2 hard links"));
  EXPECT_EQ(testing::read_file(victim), "precious");
}

TEST_F(AccessLogTest, CountsWhatAFullDiskDoesNotTake) {
  auto log = AccessLog::open({Format::kJson, "/dev/full"});
  ASSERT_TRUE(log);
  const auto observer = (*log)->observer();
  for (std::size_t i = 0; i < 2 * AccessLog::kQueue; ++i) answer(*observer, "/");
  EXPECT_TRUE(testing::eventually([&] { return (*log)->lost() == 2 * AccessLog::kQueue; }));
}

TEST_F(AccessLogTest, WritesToStandardOutputAndLeavesItOpen) {
  ::testing::internal::CaptureStdout();
  {
    const auto log = AccessLog::open({Format::kJson, ""});
    ASSERT_TRUE(log);
    const auto observer = (*log)->observer();
    answer(*observer, "/before");
    (*log)->reopen();
    answer(*observer, "/after");
  }
  EXPECT_NE(fcntl(STDOUT_FILENO, F_GETFD), -1);
  const std::string text = ::testing::internal::GetCapturedStdout();
  EXPECT_THAT(text, HasSubstr("\"target\":\"/before\""));
  EXPECT_THAT(text, HasSubstr("\"target\":\"/after\""));
}

TEST_F(AccessLogTest, HasNoObserverWhenOff) {
  EXPECT_EQ(open(Format::kOff)->lost(), 0U);
  EXPECT_EQ(open(Format::kOff)->observer(), nullptr);
  EXPECT_FALSE(std::filesystem::exists(file()));
}

TEST_F(AccessLogTest, NamesAFileThatItCannotOpen) {
  const auto log = AccessLog::open({Format::kJson, "/no/such/folder/access.log"});
  ASSERT_FALSE(log);
  EXPECT_EQ(log.error().text(),
            "access_log.file: cannot write to /no/such/folder/access.log: No such file or "
            "directory");
}

}  // namespace
}  // namespace intermission::observe
