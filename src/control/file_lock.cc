#include "control/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/file_system.h"
#include "base/own_file.h"
#include "base/text.h"

namespace intermission::control {
namespace {

constexpr mode_t kLockMode = 0600;

// " (pid 123)", if it can be read; the holder writes it after it has the lock.
std::string holder(int lock) {
  std::array<char, 16> text{};
  const ssize_t size = pread(lock, text.data(), text.size(), 0);
  const std::string_view read(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  const auto pid = base::parse_number(read.substr(0, read.find('\n')));
  return pid ? " (pid " + std::to_string(*pid) + ")" : "";
}

// Whether something is there that cannot be opened, though files could be made beside it.
bool is_prepared(const std::string& name) {
  const int reason = errno;
  struct stat facts {};
  const bool there = lstat(name.c_str(), &facts) == 0;
  const bool writable = access(base::folder_of(name).c_str(), W_OK) == 0;
  errno = reason;
  return there && (writable || reason == ELOOP);
}

std::string why_not_opened() {
  if (errno == ELOOP) return "expected a regular file, got a symbolic link; remove it";
  return "cannot be opened: " + std::generic_category().message(errno);
}

}  // namespace

base::Result<FileLock> FileLock::take(const std::string& file) {
  const std::string name = file + ".lock";
  base::SystemFiles files;
  base::Descriptor lock(
      files.open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, kLockMode));
  if (!lock && is_prepared(name)) return base::Error{why_not_opened(), name};
  if (!lock) return FileLock(base::Descriptor());
  if (const auto problem = base::mistrust(files, lock.get(), name)) {
    return base::Error{*problem, name};
  }
  if (flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) {
      return base::Error{"cannot be locked: " + std::generic_category().message(errno), file};
    }
    return base::Error{"another gateway" + holder(lock.get()) +
                           " keeps its state here; give this one a state.file of its own",
                       file};
  }
  // Where this fails the lock holds all the same; only the name of its holder is missing.
  const std::string pid = std::to_string(getpid()) + "\n";
  if (ftruncate(lock.get(), 0) == 0) {
    [[maybe_unused]] const ssize_t written = pwrite(lock.get(), pid.data(), pid.size(), 0);
  }
  return FileLock(std::move(lock));
}

}  // namespace intermission::control
