// Secrets that the environment names: in the variable itself, or in a file that the variable with
// _FILE at its end names, as containers and systemd hand secrets over.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"

namespace intermission::control {

/// The value of `name`, or the content of the file that `name`_FILE names, without one line end.
/// Nothing where neither is set; a variable that is empty counts as not set. It is an Error if
/// both are set, or if the file cannot be read, is empty or is larger than 4 KiB.
base::Result<std::optional<std::string>> secret_from_environment(const std::string& name);

}  // namespace intermission::control
