#include "base/read_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "support/temporary_folder.h"

namespace intermission::base {
namespace {

constexpr std::size_t kMost = 100'000;

std::string error_of(const std::string& path, std::size_t most = kMost,
                     Pipes pipes = Pipes::kRejected) {
  const auto text = read_file(path, most, pipes);
  return text ? "no error" : text.error().text();
}

TEST(ReadFile, GivesTheBytesOfTheFile) {
  const testing::TemporaryFolder folder;
  const std::string long_text = std::string(70'000, 'x') + std::string("\0\r\n", 3);
  for (const std::string& text : {std::string(), std::string("a\n"), long_text}) {
    const auto read = read_file(folder.write("file", text).string(), kMost);
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ(*read, text);
  }
}

// The kernel refuses to read the first byte of this file, which is a regular one.
TEST(ReadFile, NamesTheFileThatCannotBeRead) {
  EXPECT_THAT(error_of("/proc/self/mem"), ::testing::HasSubstr("/proc/self/mem"));
}

TEST(ReadFile, FollowsLinks) {
  const testing::TemporaryFolder folder;
  folder.write("..data", "secret");
  const auto link = folder.path() / "link";
  std::filesystem::create_symlink("..data", link);
  EXPECT_EQ(*read_file(link.string(), kMost), "secret");
}

TEST(ReadFile, RejectsAFileOverTheLimit) {
  const testing::TemporaryFolder folder;
  const std::string path = folder.write("file", std::string(2048, 'x')).string();
  EXPECT_EQ(error_of(path, 2048), "no error");
  EXPECT_EQ(error_of(path, 2047), path + ": expected a file of at most 2047 bytes");
  EXPECT_EQ(error_of(path, 1024), path + ": expected a file of at most 1 KiB");
  const std::string large = folder.write("large", std::string((1 << 20) + 1, 'x')).string();
  EXPECT_EQ(error_of(large, 1 << 20), large + ": expected a file of at most 1 MiB");
}

TEST(ReadFile, SaysWhyAFileCannotBeRead) {
  const testing::TemporaryFolder folder;
  const std::string none = (folder.path() / "none").string();
  EXPECT_EQ(error_of(none), none + ": cannot be read: No such file or directory");
  EXPECT_EQ(error_of(folder.path().string()),
            folder.path().string() + ": expected a file, got a directory");
}

// Reading a device may never end.
TEST(ReadFile, RejectsDevices) {
  for (const Pipes pipes : {Pipes::kRejected, Pipes::kAwaited}) {
    EXPECT_EQ(error_of("/dev/zero", kMost, pipes),
              "/dev/zero: expected a regular file, got a pipe or a device");
  }
}

// Opening a pipe waits for a writer: forever, and at a reload too.
TEST(ReadFile, RejectsAPipeWithoutWaitingForItsWriter) {
  const testing::TemporaryFolder folder;
  const std::string pipe = (folder.path() / "pipe").string();
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(error_of(pipe), pipe + ": expected a regular file, got a pipe or a device");
}

TEST(ReadFile, ReadsAPipeToItsEndWhereThatIsAskedFor) {
  const testing::TemporaryFolder folder;
  const std::string pipe = (folder.path() / "pipe").string();
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  const std::string text(70'000, 'x');
  std::thread writer([&] { std::ofstream(pipe, std::ios::binary) << text; });
  const auto read = read_file(pipe, kMost, Pipes::kAwaited);
  writer.join();
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(*read, text);
}

}  // namespace
}  // namespace intermission::base
