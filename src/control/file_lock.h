// One gateway at a time keeps its state in a file: two would overwrite each other's changes. The
// serving process holds a lock (flock(2)) on FILE.lock, which ends with the process however that
// ends; the file stays, and holds the pid of the last owner.
#pragma once

#include <string>
#include <utility>

#include "base/descriptor.h"
#include "base/result.h"

namespace intermission::control {

class FileLock {
 public:
  /// An Error while another process has it, and where FILE.lock may not be trusted (see
  /// base/own_file.h): then it is left as it is. A folder that cannot be written to needs no
  /// lock: nothing can be kept there.
  static base::Result<FileLock> take(const std::string& file);
  /// False where nothing can be kept.
  bool is_held() const { return static_cast<bool>(lock_); }

 private:
  explicit FileLock(base::Descriptor lock) : lock_(std::move(lock)) {}

  base::Descriptor lock_;
};

}  // namespace intermission::control
