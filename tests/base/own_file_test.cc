#include "base/own_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

namespace intermission::base {
namespace {

constexpr int kFile = 3;
constexpr int kFolder = 4;

/// A file and its folder with whatever facts a test says.
class FakeFiles final : public SystemFiles {
 public:
  struct stat file {};
  struct stat folder {};
  bool has_file_facts = true;
  bool has_folder_facts = true;
  bool has_folder = true;
  std::string opened;
  int flags = 0;
  int closed = 0;

  FakeFiles() {
    file.st_mode = S_IFREG | 0600;
    file.st_nlink = 1;
    file.st_uid = geteuid();
    folder.st_mode = S_IFDIR | 0755;
    folder.st_uid = 4712;
  }
  int open(const std::string& path, int how, mode_t /*mode*/) override {
    opened = path;
    flags = how;
    if (has_folder) return kFolder;
    errno = ENOENT;
    return -1;
  }
  int facts(int descriptor, struct stat& facts) override {
    facts = descriptor == kFile ? file : folder;
    if (descriptor == kFile ? has_file_facts : has_folder_facts) return 0;
    errno = EIO;
    return -1;
  }
  int close(int descriptor) override {
    EXPECT_EQ(descriptor, kFolder);
    ++closed;
    return 0;
  }
};

std::string trouble(FakeFiles& files) {
  return mistrust(files, kFile, "/var/lib/x/state.json").value_or("none");
}

TEST(OwnFile, OursAndRootsAreTrusted) {
  FakeFiles files;
  EXPECT_EQ(trouble(files), "none");
  files.file.st_uid = 0;
  EXPECT_EQ(trouble(files), "none");
  if (geteuid() != 0) return;
  ASSERT_EQ(seteuid(65534), 0);
  const std::string of_root = trouble(files);
  ASSERT_EQ(seteuid(0), 0);
  EXPECT_EQ(of_root, "none");
}

TEST(OwnFile, TheFoldersOwnerIsTrusted) {
  FakeFiles files;
  files.file.st_uid = 4711;
  EXPECT_EQ(
      trouble(files),
      "expected a file of the user that runs the gateway, got one of user 4711; remove it, or "
      "chown it");
  EXPECT_EQ(files.opened, "/var/lib/x");
  EXPECT_NE(files.flags & O_DIRECTORY, 0);
  EXPECT_NE(files.flags & O_CLOEXEC, 0);
  EXPECT_EQ(files.closed, 1);
  files.folder.st_uid = 4711;
  EXPECT_EQ(trouble(files), "none");
  files.has_folder_facts = false;
  EXPECT_NE(trouble(files), "none");
  EXPECT_EQ(files.closed, 3);
  files.has_folder_facts = true;
  files.has_folder = false;
  EXPECT_NE(trouble(files), "none") << "nothing is known of its folder";
}

TEST(OwnFile, WhatIsNoFileOfOneNameIsNotTrusted) {
  FakeFiles files;
  files.file.st_nlink = 2;
  EXPECT_EQ(trouble(files), "expected a file with one name, got one with 2 hard links; remove it");
  files.file.st_nlink = 0;
  EXPECT_EQ(trouble(files), "none") << "removed meanwhile, and still ours";
  for (const int kind : {S_IFIFO, S_IFDIR, S_IFCHR, S_IFBLK, S_IFSOCK, S_IFLNK}) {
    files.file.st_mode = static_cast<mode_t>(kind) | 0600U;
    EXPECT_EQ(trouble(files), "expected a regular file") << kind;
  }
  files.has_file_facts = false;
  EXPECT_EQ(trouble(files), "cannot be looked at: Input/output error");
}

TEST(OwnFile, AFolderIsLooseWhereOthersMayRemoveFromIt) {
  FakeFiles files;
  const auto looseness = [&](mode_t mode) {
    files.folder.st_mode = S_IFDIR | mode;
    return looseness_of_folder(files, "/var/lib/x/state.json").value_or("none");
  };
  for (const mode_t loose : {0777U, 0775U, 0757U, 0722U, 0720U, 0702U, 0770U}) {
    EXPECT_EQ(looseness(loose),
              "/var/lib/x: others may remove files from it; chmod go-w /var/lib/x")
        << loose;
  }
  for (const mode_t good : {0700U, 0755U, 0750U, 0711U, 01777U, 01775U}) {
    EXPECT_EQ(looseness(good), "none") << good;
  }
  files.has_folder = false;
  EXPECT_EQ(looseness(0777), "none") << "there is nothing to remove";
}

TEST(OwnFile, TheFolderOfAPath) {
  EXPECT_EQ(folder_of("/a/b/c"), "/a/b");
  EXPECT_EQ(folder_of("b/c"), "b");
  EXPECT_EQ(folder_of("c"), ".");
  EXPECT_EQ(folder_of("/c"), "/");
  EXPECT_EQ(folder_of(""), ".");
}

}  // namespace
}  // namespace intermission::base
