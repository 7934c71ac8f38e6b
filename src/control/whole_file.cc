#include "control/whole_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

namespace intermission::control {
namespace {

base::Error failure(const std::string& path, const char* what) {
  return {std::string(what) + ": " + std::generic_category().message(errno), path};
}

class File {
 public:
  File(const std::string& path, int flags, mode_t mode = 0)
      : descriptor_(open(path.c_str(), flags | O_CLOEXEC, mode)) {}
  ~File() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  explicit operator bool() const { return descriptor_ >= 0; }
  bool restrict_to(mode_t mode) const { return fchmod(descriptor_, mode) == 0; }
  bool force_to_disk() const { return fsync(descriptor_) == 0; }
  bool write_all(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t written = write(descriptor_, text.data(), text.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return false;
      text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
  }

 private:
  int descriptor_;
};

std::string folder_of(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

}  // namespace

std::optional<base::Error> write_whole(const std::string& path, std::string_view text,
                                       mode_t mode) {
  const std::string beside = path + ".new";
  {
    const File file(beside, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode);
    if (!file) return failure(beside, "cannot be written");
    if (!file.restrict_to(mode) || !file.write_all(text) || !file.force_to_disk()) {
      const auto error = failure(beside, "cannot be written");
      unlink(beside.c_str());
      return error;
    }
  }
  if (rename(beside.c_str(), path.c_str()) != 0) return failure(path, "cannot be replaced");
  const File folder(folder_of(path), O_RDONLY | O_DIRECTORY);
  if (!folder || !folder.force_to_disk()) {
    return failure(folder_of(path), "cannot be forced to the disk");
  }
  return {};
}

base::Result<std::optional<std::string>> read_whole(const std::string& path) {
  std::error_code problem;
  if (!std::filesystem::exists(path, problem) && !problem) return std::optional<std::string>{};
  std::ifstream in(path, std::ios::binary);
  if (!in || std::filesystem::is_directory(path, problem)) {
    return failure(path, "cannot be read");
  }
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (in.bad()) return failure(path, "cannot be read");
  return std::optional<std::string>{std::move(text)};
}

}  // namespace intermission::control
