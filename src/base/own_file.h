// Whether a file that is there already may be trusted: another user of the machine may have put it
// there, as a link to a file of ours, or as one that stays theirs.
//
//   trusted: a regular file with one name, that belongs to us, to root, or to the folder's owner
//
// Judged by the open descriptor, so that nothing can be put in its place meanwhile.
#pragma once

#include <optional>
#include <string>

#include "base/file_system.h"

namespace intermission::base {

/// What is wrong with the open file at `path`, with what mends it; nothing where it may be trusted.
std::optional<std::string> mistrust(FileSystem& files, int descriptor, const std::string& path);

/// What is loose about the folder of `path`, with what mends it; nothing where only its owner may
/// change the names in it. A folder that is not there is no trouble.
std::optional<std::string> looseness_of_folder(FileSystem& files, const std::string& path);

/// The folder of `path`: "." where it names none.
std::string folder_of(const std::string& path);

}  // namespace intermission::base
