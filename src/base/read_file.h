// A whole file as text: configurations, contracts, pages, calendars and secrets, which an operator
// names.
//
//   const auto text = base::read_file("orders.yaml", std::size_t{64} << 20);
//   if (!text) return text.error();  // "orders.yaml: cannot be read: No such file or directory"
//
// Links are followed: Kubernetes mounts every file through one. For files that another user may
// have put in place of ours see control/whole_file.h.
//
// Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/result.h"

namespace intermission::base {

/// Whether a pipe is read like a file.
enum class Pipes : std::uint8_t {
  kRejected,  // opening a pipe could wait forever for a writer
  /// For files that are named on the command line or in the environment, as in
  /// `check --config <(generate)`. Waits until the writer closes the pipe.
  kAwaited,
};

/// The bytes of the file. An Error, with `path` as its file, where it cannot be read, where it is a
/// directory, a device or a socket, and where it has more than `most` bytes.
Result<std::string> read_file(const std::string& path, std::size_t most,
                              Pipes pipes = Pipes::kRejected);

}  // namespace intermission::base
