// Variables of the environment.
#pragma once

#include <optional>
#include <string>

namespace intermission::base {

/// Nothing where the variable is absent or empty.
std::optional<std::string> environment(const std::string& name);

}  // namespace intermission::base
