// Where log lines go: to a descriptor that may be full, closed, or read by nobody. Whoever
// writes never waits; lines that do not fit are lost, and the next one that fits says how many.
//
//   LossyStream log(STDERR_FILENO);
//   log.write("something happened\n");
#pragma once

#include <cstdint>
#include <string_view>

namespace intermission::observe {

/// Not thread-safe. SIGPIPE must be ignored.
class LossyStream {
 public:
  /// What a pipe that has room at all takes without waiting (POSIX: PIPE_BUF on Linux). Of a
  /// longer line only so much is written.
  static constexpr std::size_t kLongestLine = 4096;

  /// The descriptor stays the caller's.
  explicit LossyStream(int descriptor) : descriptor_(descriptor) {}

  /// `line` ends with its line feed.
  void write(std::string_view line);

 private:
  bool has_room() const;
  void put(std::string_view line) const;

  int descriptor_;
  std::uint64_t lost_ = 0;
};

}  // namespace intermission::observe
