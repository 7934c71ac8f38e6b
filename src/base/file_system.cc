#include "base/file_system.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>

namespace intermission::base {

int SystemFiles::open(const std::string& path, int flags, mode_t mode) {
  return ::open(path.c_str(), flags, mode);
}

int SystemFiles::facts(int descriptor, struct stat& facts) {
  return fstat(descriptor, &facts);
}

int SystemFiles::change_mode(int descriptor, mode_t mode) {
  return fchmod(descriptor, mode);
}

ssize_t SystemFiles::read(int descriptor, void* bytes, std::size_t size) {
  return ::read(descriptor, bytes, size);
}

ssize_t SystemFiles::write(int descriptor, const void* bytes, std::size_t size) {
  return ::write(descriptor, bytes, size);
}

int SystemFiles::sync(int descriptor) {
  return fsync(descriptor);
}

int SystemFiles::close(int descriptor) {
  return ::close(descriptor);
}

int SystemFiles::rename(const std::string& from, const std::string& to) {
  return ::rename(from.c_str(), to.c_str());
}

int SystemFiles::remove(const std::string& path) {
  return unlink(path.c_str());
}

}  // namespace intermission::base
