#include "interfaces/source_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

namespace intermission::interfaces {
namespace {

namespace fs = std::filesystem;

base::Result<SourceFile> read_source(const std::string& path) {
  std::error_code failed;
  const auto size = fs::file_size(path, failed);
  if (failed) return base::Error{"cannot be read: " + failed.message(), path};
  if (size > kMaxInterfaceBytes) {
    return base::Error{fmt::format("is larger than {} MiB", kMaxInterfaceBytes >> 20U), path};
  }
  std::ifstream in(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in.good() && !in.eof()) return base::Error{"cannot be read", path};
  return SourceFile{path, std::move(text)};
}

}  // namespace

base::Result<std::vector<SourceFile>> read_sources(
    const std::string& path, std::initializer_list<std::string_view> extensions) {
  std::error_code failed;
  std::vector<std::string> names = {path};
  if (fs::is_directory(path, failed)) {
    names.clear();
    for (fs::recursive_directory_iterator i(path, failed), end; !failed && i != end;
         i.increment(failed)) {
      const std::string extension = i->path().extension().string();
      const bool is_wanted =
          std::find(extensions.begin(), extensions.end(), extension) != extensions.end();
      if (is_wanted && names.size() <= kMaxInterfaceFiles) names.push_back(i->path().string());
    }
    if (failed) return base::Error{"cannot be read: " + failed.message(), path};
    if (names.empty()) {
      return base::Error{fmt::format("expected a folder with {} files in it",
                                     fmt::join(extensions.begin(), extensions.end(), ", ")),
                         path};
    }
    if (names.size() > kMaxInterfaceFiles) {
      return base::Error{fmt::format("expected at most {} files", kMaxInterfaceFiles), path};
    }
    std::sort(names.begin(), names.end());
  }
  std::vector<SourceFile> files;
  for (const std::string& name : names) {
    auto file = read_source(name);
    if (!file) return file.error();
    files.push_back(std::move(*file));
  }
  return files;
}

}  // namespace intermission::interfaces
