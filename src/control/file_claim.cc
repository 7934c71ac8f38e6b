#include "control/file_claim.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/text.h"

namespace intermission::control {
namespace {

constexpr mode_t kMode = 0600;

// " (pid 123)", if it can be read; the holder writes it after it has the lock.
std::string holder(int lock) {
  std::array<char, 16> text{};
  const ssize_t size = pread(lock, text.data(), text.size(), 0);
  const std::string_view read(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  const auto pid = base::parse_number(read.substr(0, read.find('\n')));
  return pid ? " (pid " + std::to_string(*pid) + ")" : "";
}

}  // namespace

base::Result<FileClaim> FileClaim::take(const std::string& file) {
  server::Descriptor lock(open((file + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kMode));
  if (!lock) return FileClaim(server::Descriptor());
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
  return FileClaim(std::move(lock));
}

}  // namespace intermission::control
