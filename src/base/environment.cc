#include "base/environment.h"

#include <sys/utsname.h>

#include <cstdlib>

namespace intermission::base {

std::optional<std::string> environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr || *value == '\0') return {};
  return value;
}

std::string machine_name() {
  utsname facts{};
  uname(&facts);
  return facts.nodename;
}

}  // namespace intermission::base
