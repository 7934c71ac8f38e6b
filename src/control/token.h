// The secret that every call of the operator's API carries.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/file_system.h"
#include "base/result.h"
#include "catalog/configuration.h"

namespace intermission::control {

/// Where the token is when the environment has none: beside the state file; where there is no such
/// file, beside the configuration file.
std::string token_file(const catalog::StateSettings& state);

/// The token in the file; where there is none, one is made (256 bits from the system, readable by
/// the owner alone) and kept there. A file that others may read is an Error. Whether the token is
/// any good is for token_problem() to say.
base::Result<std::string> token_from_file(base::FileSystem& files, const std::string& path);

/// Nothing, or why `token` cannot be one: it must have 16 characters or more, all of them
/// printable ASCII, as a field value carries them: no space at either end. `name` is where it comes
/// from; the token itself is not repeated.
std::optional<base::Error> token_problem(std::string_view token, const std::string& name);

}  // namespace intermission::control
