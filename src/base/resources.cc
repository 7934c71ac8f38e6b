#include "base/resources.h"

#include <sys/resource.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>

#include "base/text.h"

namespace intermission::base {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kUnbounded = std::numeric_limits<std::uint64_t>::max();

// The number that a file holds; kUnbounded where there is no such file, or it says "max".
std::uint64_t number_in(const fs::path& file) {
  std::ifstream in(file);
  std::string word;
  in >> word;
  return parse_number(word).value_or(kUnbounded);
}

// The least that a group and those above it allow. Inside a container the path may name groups
// that are not mounted here; those above them are.
std::uint64_t least_in(const fs::path& mount, std::string_view group,
                       std::initializer_list<const char*> files) {
  std::uint64_t least = kUnbounded;
  fs::path path = fs::path(group).relative_path();
  for (;;) {
    for (const char* file : files) least = std::min(least, number_in(mount / path / file));
    if (path.empty()) return least;
    path = path.parent_path();
  }
}

bool lists(std::string_view controllers, std::string_view name) {
  while (!controllers.empty()) {
    const auto end = controllers.find(',');
    if (controllers.substr(0, end) == name) return true;
    controllers = end == std::string_view::npos ? "" : controllers.substr(end + 1);
  }
  return false;
}

// ID ":" [ controller *( "," controller ) ] ":" path; version 2 names no controllers.
std::uint64_t least_of_groups(const fs::path& root) {
  std::uint64_t least = kUnbounded;
  std::ifstream in(root / "proc/self/cgroup");
  for (std::string line; std::getline(in, line);) {
    const auto first = line.find(':');
    const auto second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const auto controllers = std::string_view(line).substr(first + 1, second - first - 1);
    const auto group = std::string_view(line).substr(second + 1);
    const fs::path mounts = root / "sys/fs/cgroup";
    if (controllers.empty()) {
      for (const char* mount : {"", "unified"}) {
        least = std::min(least, least_in(mounts / mount, group, {"memory.max", "memory.high"}));
      }
    } else if (lists(controllers, "memory")) {
      least = std::min(least, least_in(mounts / "memory", group, {"memory.limit_in_bytes"}));
    }
  }
  return least;
}

// "MemTotal:  24683520 kB"
std::uint64_t machine_memory(const fs::path& root) {
  std::ifstream in(root / "proc/meminfo");
  std::string name;
  std::uint64_t kilobytes = 0;
  if (!(in >> name >> kilobytes) || name != "MemTotal:") return kUnbounded;
  return kilobytes * 1024;
}

}  // namespace

std::uint64_t available_memory(const fs::path& root) {
  const std::uint64_t least = std::min(least_of_groups(root), machine_memory(root));
  return least == kUnbounded ? 0 : least;
}

std::uint64_t raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  const rlim_t soft = limit.rlim_cur;
  limit.rlim_cur = limit.rlim_max;
  return setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_max : soft;
}

std::uint64_t open_descriptors() {
  std::error_code error;
  const fs::directory_iterator entries("/proc/self/fd", error);
  return error ? 0 : static_cast<std::uint64_t>(std::distance(begin(entries), end(entries)));
}

}  // namespace intermission::base
