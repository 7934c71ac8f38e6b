// Files that are there whole or not at all, whatever happens meanwhile: written beside, forced to
// the disk, and renamed (rename(2) is atomic; the folder is forced to the disk as well).
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace intermission::control {

/// Replaces the file, or makes it. On an Error it is as it was.
std::optional<base::Error> write_whole(const std::string& path, std::string_view text, mode_t mode);

/// Nothing where there is no such file.
base::Result<std::optional<std::string>> read_whole(const std::string& path);

}  // namespace intermission::control
