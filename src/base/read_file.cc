#include "base/read_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "base/descriptor.h"

namespace intermission::base {
namespace {

constexpr std::size_t kPartBytes = 65'536;

Error cannot_read(const std::string& path) {
  return {"cannot be read: " + std::generic_category().message(errno), path};
}

std::string in_words(std::size_t bytes) {
  constexpr std::size_t kKiB = 1024;
  if (bytes % (kKiB * kKiB) == 0) return std::to_string(bytes / (kKiB * kKiB)) + " MiB";
  if (bytes % kKiB == 0) return std::to_string(bytes / kKiB) + " KiB";
  return std::to_string(bytes) + " bytes";
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t most, Pipes pipes) {
  const int without_waiting = pipes == Pipes::kRejected ? O_NONBLOCK : 0;
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | without_waiting));
  struct stat facts {};
  if (!file || fstat(file.get(), &facts) != 0) return cannot_read(path);
  if (S_ISDIR(facts.st_mode)) return Error{"expected a file, got a directory", path};
  const bool is_awaited = S_ISFIFO(facts.st_mode) && pipes == Pipes::kAwaited;
  if (!S_ISREG(facts.st_mode) && !is_awaited) {
    return Error{"expected a regular file, got a pipe or a device", path};
  }
  std::string text;
  std::array<char, kPartBytes> part;
  for (;;) {
    const ssize_t got = read(file.get(), part.data(), part.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return cannot_read(path);
    if (got == 0) return text;
    text.append(part.data(), static_cast<std::size_t>(got));
    if (text.size() > most) return Error{"expected a file of at most " + in_words(most), path};
  }
}

}  // namespace intermission::base
