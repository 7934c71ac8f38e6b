#include "observe/access_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

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

TEST_F(AccessLogTest, CountsWhatAFullDiskDoesNotTake) {
  auto log = AccessLog::open({Format::kJson, "/dev/full"});
  ASSERT_TRUE(log);
  const auto observer = (*log)->observer();
  for (std::size_t i = 0; i < 2 * AccessLog::kQueue; ++i) answer(*observer, "/");
  while ((*log)->lost() < AccessLog::kQueue) std::this_thread::yield();
}

TEST_F(AccessLogTest, IsNobodyWhereItIsOff) {
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
