#include "base/own_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace intermission::base {
namespace {

// The facts of a folder; nothing where there are none to be had.
std::optional<struct stat> facts_of_folder(FileSystem& files, const std::string& folder) {
  const int descriptor = files.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  if (descriptor < 0) return {};
  struct stat facts {};
  const bool known = files.facts(descriptor, facts) == 0;
  files.close(descriptor);
  if (!known) return {};
  return facts;
}

}  // namespace

std::string folder_of(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

std::optional<std::string> mistrust(FileSystem& files, int descriptor, const std::string& path) {
  struct stat facts {};
  if (files.facts(descriptor, facts) != 0) {
    return "cannot be looked at: " + std::generic_category().message(errno);
  }
  if (!S_ISREG(facts.st_mode)) return "expected a regular file";
  if (facts.st_nlink > 1) {
    return "expected a file with one name, got one with " + std::to_string(facts.st_nlink) +
           " hard links; remove it";
  }
  if (facts.st_uid == geteuid() || facts.st_uid == 0) return {};
  const auto folder = facts_of_folder(files, folder_of(path));
  if (folder && folder->st_uid == facts.st_uid) return {};
  return "expected a file of the user that runs the gateway, got one of user " +
         std::to_string(facts.st_uid) + "; remove it, or chown it";
}

std::optional<std::string> looseness_of_folder(FileSystem& files, const std::string& path) {
  const std::string folder = folder_of(path);
  const auto facts = facts_of_folder(files, folder);
  if (!facts || (facts->st_mode & (S_IWGRP | S_IWOTH)) == 0 || (facts->st_mode & S_ISVTX) != 0) {
    return {};
  }
  return folder + ": others may remove files from it; chmod go-w " + folder;
}

}  // namespace intermission::base
