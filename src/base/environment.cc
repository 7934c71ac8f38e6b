#include "base/environment.h"

#include <cstdlib>

namespace intermission::base {

std::optional<std::string> environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr || *value == '\0') return {};
  return value;
}

}  // namespace intermission::base
