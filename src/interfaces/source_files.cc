#include "interfaces/source_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/read_file.h"

namespace intermission::interfaces {
namespace {

namespace fs = std::filesystem;

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
    auto text = base::read_file(name, kMaxInterfaceBytes);
    if (!text) return text.error();
    files.push_back({name, std::move(*text)});
  }
  return files;
}

}  // namespace intermission::interfaces
