#include "base/resources.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "support/temporary_folder.h"

namespace intermission::base {
namespace {

constexpr std::uint64_t kMiB = std::uint64_t{1024} * 1024;
const std::string kMeminfo = "MemTotal:       8388608 kB\nMemFree:        1000 kB\n";
constexpr std::uint64_t kMachine = 8192 * kMiB;

using Files = std::vector<std::pair<std::string, std::string>>;

// A machine with these files of the kernel's.
std::uint64_t memory_with(const Files& files) {
  const testing::TemporaryFolder root;
  for (const auto& [name, text] : files) {
    std::filesystem::create_directories((root.path() / name).parent_path());
    root.write(name, text);
  }
  return available_memory(root.path());
}

TEST(AvailableMemory, IsTheMachinesWhereNoGroupBoundsIt) {
  EXPECT_EQ(memory_with({{"proc/meminfo", kMeminfo}}), kMachine);
  EXPECT_EQ(memory_with({{"proc/meminfo", kMeminfo},
                         {"proc/self/cgroup", "0::/user.slice\n"},
                         {"sys/fs/cgroup/user.slice/memory.max", "max\n"}}),
            kMachine);
}

TEST(AvailableMemory, IsThatOfAContainerWhichIsItsOwnRoot) {
  EXPECT_EQ(memory_with({{"proc/meminfo", kMeminfo},
                         {"proc/self/cgroup", "0::/\n"},
                         {"sys/fs/cgroup/memory.max", "67108864\n"}}),
            64 * kMiB);
}

TEST(AvailableMemory, IsTheLeastOfAllGroupsAbove) {
  const Files files = {{"proc/meminfo", kMeminfo},
                       {"proc/self/cgroup", "0::/pods/one/container\n"},
                       {"sys/fs/cgroup/pods/memory.max", "1073741824\n"},
                       {"sys/fs/cgroup/pods/one/memory.max", "268435456\n"},
                       {"sys/fs/cgroup/pods/one/container/memory.max", "max\n"}};
  EXPECT_EQ(memory_with(files), 256 * kMiB);
}

TEST(AvailableMemory, EndsWhereTheKernelBeginsToThrottle) {
  EXPECT_EQ(memory_with({{"proc/meminfo", kMeminfo},
                         {"proc/self/cgroup", "0::/a\n"},
                         {"sys/fs/cgroup/a/memory.high", "104857600\n"},
                         {"sys/fs/cgroup/a/memory.max", "209715200\n"}}),
            100 * kMiB);
}

TEST(AvailableMemory, IsFoundInVersion1) {
  const std::string groups = "5:cpu,cpuacct:/a\n4:memory:/docker/123\n0::/a\n";
  EXPECT_EQ(memory_with({{"proc/meminfo", kMeminfo},
                         {"proc/self/cgroup", groups},
                         {"sys/fs/cgroup/memory/docker/123/memory.limit_in_bytes", "134217728\n"},
                         {"sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n"}}),
            128 * kMiB);
  // The path names a group of the host, and what is mounted is that group.
  EXPECT_EQ(memory_with({{"proc/meminfo", kMeminfo},
                         {"proc/self/cgroup", groups},
                         {"sys/fs/cgroup/memory/memory.limit_in_bytes", "134217728\n"}}),
            128 * kMiB);
}

TEST(AvailableMemory, IsUnknownWhereNothingSaysIt) {
  EXPECT_EQ(memory_with({}), 0U);
  EXPECT_EQ(memory_with({{"proc/meminfo", "nonsense\n"}, {"proc/self/cgroup", "x\n::\n"}}), 0U);
}

TEST(AvailableMemory, IsReadFromItsOwnLine) {
  EXPECT_EQ(memory_with({{"proc/meminfo", "MemFree:       8388608 kB\n"}}), 0U);
  EXPECT_EQ(memory_with({{"proc/meminfo", "MemTotal: many kB\n"}}), 0U);
  EXPECT_EQ(memory_with({{"proc/meminfo", kMeminfo},
                         {"proc/self/cgroup", "0:memory\n0::/a\n"},
                         {"sys/fs/cgroup/a/memory.max", "67108864\n"}}),
            64 * kMiB)
      << "lines of another form are passed over";
}

TEST(Descriptors, AreRaisedToTheHardLimit) {
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  rlimit low = before;
  low.rlim_cur = 128;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &low), 0);
  EXPECT_EQ(raise_descriptor_limit(), before.rlim_max);
  rlimit now{};
  getrlimit(RLIMIT_NOFILE, &now);
  EXPECT_EQ(now.rlim_cur, before.rlim_max);
  setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_GE(open_descriptors(), 3U);
}

}  // namespace
}  // namespace intermission::base
