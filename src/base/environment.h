// What the environment says: its variables, and the machine.
#pragma once

#include <optional>
#include <string>

namespace intermission::base {

/// Nothing where the variable is absent or empty.
std::optional<std::string> environment(const std::string& name);

/// The name of the machine or the container, as uname(2) has it.
std::string machine_name();

}  // namespace intermission::base
