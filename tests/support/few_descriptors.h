// Fills the process's table of descriptors, and gives it back at the end.
#pragma once

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

namespace intermission::testing {

class FewDescriptors {
 public:
  /// All but `left`.
  explicit FewDescriptors(std::size_t left) {
    // A sanitizer that looks at an object's type for the first time needs a descriptor for that.
    EXPECT_FALSE(std::generic_category().message(EMFILE).empty());
    getrlimit(RLIMIT_NOFILE, &before_);
    int highest = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
      highest = std::max(highest, std::stoi(entry.path().filename()));
    }
    rlimit low = before_;
    low.rlim_cur = static_cast<rlim_t>(highest) + 64;
    setrlimit(RLIMIT_NOFILE, &low);
    for (int fd = 0; (fd = dup(0)) >= 0;) held_.push_back(fd);
    for (; left > 0; --left) free_one();
  }
  ~FewDescriptors() {
    for (const int fd : held_) close(fd);
    setrlimit(RLIMIT_NOFILE, &before_);
  }
  FewDescriptors(const FewDescriptors&) = delete;
  FewDescriptors& operator=(const FewDescriptors&) = delete;

  void free_one() {
    close(held_.back());
    held_.pop_back();
  }

 private:
  rlimit before_{};
  std::vector<int> held_;
};

}  // namespace intermission::testing
