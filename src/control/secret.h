// Secrets that the environment names: in the variable itself, in a file that the variable with
// _FILE at its end names, as containers hand secrets over, or in a credential of systemd.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"

namespace intermission::control {

/// The value of `name`, or the content of the file that `name`_FILE names, without one line end.
/// Where neither is set, the content of the credential that is named like the variable in lower
/// case with a dot after its first word (INTERMISSION_TOKEN: intermission.token), in the folder of
/// CREDENTIALS_DIRECTORY (systemd.exec(5)). Nothing where there is none of them; a variable that is
/// empty counts as not set. It is an Error if both variables are set, or if the file cannot be
/// read, is empty or is larger than 4 KiB.
base::Result<std::optional<std::string>> secret_from_environment(const std::string& name);

}  // namespace intermission::control
