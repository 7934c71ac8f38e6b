// A budget of work that is counted, not timed, so that what is refused is the same on every
// machine.
#pragma once

#include <cstdint>

namespace intermission::base {

class Steps {
 public:
  explicit Steps(std::uint64_t most) : left_(most) {}

  /// False where fewer than `count` are left; then none is, and never will be.
  bool take(std::uint64_t count) {
    used_up_ = used_up_ || count > left_;
    left_ = used_up_ ? 0 : left_ - count;
    return !used_up_;
  }
  bool used_up() const { return used_up_; }
  std::uint64_t left() const { return left_; }

 private:
  std::uint64_t left_;
  bool used_up_ = false;
};

}  // namespace intermission::base
