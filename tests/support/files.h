// Files of the repository and temporary folders, for tests.
#pragma once

#include <filesystem>
#include <string>

namespace intermission::testing {

/// The whole file; a missing one fails the test by throwing std::runtime_error with its name.
std::string read_file(const std::filesystem::path& path);

/// A path inside the repository.
std::filesystem::path source_path(const std::string& relative);

/// An empty folder of its own, removed with everything in it at the end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  /// Writes a file into the folder and returns its path.
  std::filesystem::path write(const std::string& name, const std::string& text) const;

 private:
  std::filesystem::path path_;
};

}  // namespace intermission::testing
