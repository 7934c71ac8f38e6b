#include "control/whole_file.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/hex.h"
#include "base/own_file.h"
#include "base/text.h"

namespace intermission::control {
namespace {

constexpr std::size_t kRandomBytes = 8;
constexpr std::string_view kSuffix = ".new";
constexpr std::size_t kLargest = std::size_t{64} << 20;

base::Error failure(const std::string& path, const std::string& what) {
  return {what + ": " + std::generic_category().message(errno), path};
}

/// Closed at the end of its scope.
class File {
 public:
  File(base::FileSystem& files, const std::string& path, int flags, mode_t mode = 0)
      : files_(files), descriptor_(files.open(path, flags | O_CLOEXEC, mode)) {}
  ~File() { close(); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  explicit operator bool() const { return descriptor_ >= 0; }
  int get() const { return descriptor_; }
  bool close() { return descriptor_ < 0 || files_.close(std::exchange(descriptor_, -1)) == 0; }
  bool write_all(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t written = files_.write(descriptor_, text.data(), text.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return false;
      text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
  }
  bool read_all(std::string& text) const {
    std::array<char, 65536> part{};
    while (text.size() <= kLargest) {
      const ssize_t got = files_.read(descriptor_, part.data(), part.size());
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return got == 0;
      text.append(part.data(), static_cast<std::size_t>(got));
    }
    errno = EFBIG;
    return false;
  }

 private:
  base::FileSystem& files_;
  int descriptor_;
};

// "state.json.0123456789abcdef.new"; empty where the system has no random numbers.
std::string name_beside(const std::string& path) {
  std::array<unsigned char, kRandomBytes> bytes{};
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) return {};
  return (path + '.' + base::hex(bytes)).append(kSuffix);
}

// Whether `name` is one that name_beside() makes for `file`, both without their folder.
bool is_beside(std::string_view name, std::string_view file) {
  if (!name.starts_with(file) || !name.ends_with(kSuffix)) return false;
  name.remove_prefix(file.size());
  if (name.size() != 1 + 2 * kRandomBytes + kSuffix.size() || name.front() != '.') return false;
  const std::string_view digits = name.substr(1, 2 * kRandomBytes);
  return std::all_of(digits.begin(), digits.end(), [](char c) { return base::hex_value(c) >= 0; });
}

bool write_new(base::FileSystem& files, const std::string& path, std::string_view text,
               mode_t mode) {
  File file(files, path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
  if (!file) return false;
  if (files.change_mode(file.get(), mode) == 0 && file.write_all(text) &&
      files.sync(file.get()) == 0 && file.close()) {
    return true;
  }
  const int reason = errno;
  files.remove(path);
  errno = reason;
  return false;
}

std::optional<base::Error> sync_folder(base::FileSystem& files, const std::string& folder) {
  const File file(files, folder, O_RDONLY | O_DIRECTORY);
  if (file && files.sync(file.get()) == 0) return {};
  return failure(folder, "cannot be forced to the disk");
}

// What others may do with it that they may not.
std::optional<std::string> too_open(base::FileSystem& files, int descriptor, Access access,
                                    const std::string& path) {
  struct stat facts {};
  if (files.facts(descriptor, facts) != 0) return "cannot be looked at";
  const bool secret = access == Access::kOwnerOnly;
  const mode_t barred = secret ? S_IRWXG | S_IRWXO : S_IWGRP | S_IWOTH;
  if ((facts.st_mode & barred) == 0) return {};
  const std::string mend = "chmod 600 " + path;
  if (!secret) return "others may write to it; look at what it says, then " + mend;
  return "others may read or write it; replace it, for it may be known, or " + mend;
}

}  // namespace

std::optional<base::Error> write_whole(base::FileSystem& files, const std::string& path,
                                       std::string_view text, mode_t mode) {
  const std::string beside = name_beside(path);
  if (beside.empty()) return base::Error{"the system has no random numbers for a name", path};
  if (!write_new(files, beside, text, mode)) return failure(path, "cannot be written");
  if (files.rename(beside, path) != 0) {
    auto error = failure(path, "cannot be replaced");
    files.remove(beside);
    return error;
  }
  return sync_folder(files, base::folder_of(path));
}

base::Result<std::optional<std::string>> read_whole(base::FileSystem& files,
                                                    const std::string& path, Access access) {
  // Without O_NONBLOCK, opening a pipe would wait for its other end.
  const File file(files, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  if (!file && errno == ENOENT) return std::optional<std::string>{};
  if (!file && errno == ELOOP) {
    return base::Error{"expected a regular file, got a symbolic link; remove it", path};
  }
  if (!file) return failure(path, "cannot be read");
  auto problem = base::mistrust(files, file.get(), path);
  if (!problem) problem = too_open(files, file.get(), access, path);
  if (problem) return base::Error{*problem, path};
  std::string text;
  if (!file.read_all(text)) return failure(path, "cannot be read");
  return std::optional<std::string>{std::move(text)};
}

void remove_leftovers(base::FileSystem& files, const std::string& path) {
  const std::string file = std::filesystem::path(path).filename().string();
  std::error_code problem;
  for (const auto& entry : std::filesystem::directory_iterator(base::folder_of(path), problem)) {
    if (is_beside(entry.path().filename().string(), file)) files.remove(entry.path().string());
  }
}

}  // namespace intermission::control
