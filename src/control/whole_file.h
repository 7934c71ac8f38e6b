// Files that are there whole or not at all, whatever happens meanwhile: written beside, under a
// name that cannot be guessed, forced to the disk, and renamed (rename(2) is atomic; the folder is
// forced to the disk as well).
//
// Other users of the machine may have prepared what is found there: links are not followed, and see
// base/own_file.h for what is not read.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>

#include "base/file_system.h"
#include "base/result.h"

namespace intermission::control {

/// Replaces the file, or makes it. On an Error it is as it was, or, where only the folder could not
/// be forced to the disk, as it was meant to be. Nothing else is left behind.
std::optional<base::Error> write_whole(base::FileSystem& files, const std::string& path,
                                       std::string_view text, mode_t mode);

/// Who may do more with a file than its owner, and yet it is read.
enum class Access : unsigned char {
  kOthersRead,  // only its owner may write to it
  kOwnerOnly,   // a secret: only its owner may read it, too
};

/// Nothing where there is no such file. At most 64 MiB.
base::Result<std::optional<std::string>> read_whole(base::FileSystem& files,
                                                    const std::string& path, Access access);

/// Removes what write_whole() left beside `path` when its process was killed.
void remove_leftovers(base::FileSystem& files, const std::string& path);

}  // namespace intermission::control
