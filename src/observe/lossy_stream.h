// Where log lines go: to a descriptor that may be full, closed, or not read. A
// writer never waits longer than its limit; lines that do not fit are dropped, and the next line
// that fits says how many, unless every line must be of one form.
//
//   LossyStream log(STDERR_FILENO);
//   log.write("something happened\n");
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

namespace intermission::observe {

/// Not thread-safe. SIGPIPE must be ignored. Once a line was lost nothing waits until there is
/// room again.
class LossyStream {
 public:
  /// What a pipe that has room at all takes without waiting (POSIX: PIPE_BUF on Linux). Of a
  /// longer line only so much is written.
  static constexpr std::size_t kLongestLine = 4096;

  struct Manner {
    std::chrono::milliseconds patience{0};  // how long a line may wait for room
    bool says_what_is_lost = true;          // in a line between the others
  };

  /// The descriptor stays the caller's.
  explicit LossyStream(int descriptor, const Manner& manner)
      : descriptor_(descriptor), manner_(manner) {}
  explicit LossyStream(int descriptor) : LossyStream(descriptor, Manner{}) {}

  /// `line` ends with its line feed. False where it is lost.
  bool write(std::string_view line);

 private:
  bool has_room() const;
  bool say_what_is_lost();
  bool put(std::string_view line) const;

  int descriptor_;
  Manner manner_;
  std::uint64_t lost_ = 0;
};

}  // namespace intermission::observe
