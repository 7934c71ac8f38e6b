// A small seam to the file system, for files whose fate matters: tests see each call in order, and
// let any of them fail.
//
// Calls are those of POSIX, with its results: -1 and errno where one fails.
#pragma once

#include <sys/stat.h>
#include <sys/types.h>

#include <cstddef>
#include <string>

namespace intermission::base {

class FileSystem {
 public:
  virtual ~FileSystem() = default;

  virtual int open(const std::string& path, int flags, mode_t mode) = 0;
  virtual int facts(int descriptor, struct stat& facts) = 0;
  virtual int change_mode(int descriptor, mode_t mode) = 0;
  virtual ssize_t read(int descriptor, void* bytes, std::size_t size) = 0;
  virtual ssize_t write(int descriptor, const void* bytes, std::size_t size) = 0;
  /// Forces a file, or the names in a folder, to the disk.
  virtual int sync(int descriptor) = 0;
  virtual int close(int descriptor) = 0;
  virtual int rename(const std::string& from, const std::string& to) = 0;
  virtual int remove(const std::string& path) = 0;
};

/// The system's own. Any thread.
class SystemFiles : public FileSystem {
 public:
  int open(const std::string& path, int flags, mode_t mode) override;
  int facts(int descriptor, struct stat& facts) override;
  int change_mode(int descriptor, mode_t mode) override;
  ssize_t read(int descriptor, void* bytes, std::size_t size) override;
  ssize_t write(int descriptor, const void* bytes, std::size_t size) override;
  int sync(int descriptor) override;
  int close(int descriptor) override;
  int rename(const std::string& from, const std::string& to) override;
  int remove(const std::string& path) override;
};

}  // namespace intermission::base
