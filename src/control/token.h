// The secret that every call of the operator's API carries.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace intermission::control {

/// Where the token is when the environment has none: beside the state file, or in the folder that
/// the program runs in.
std::string token_file_beside(const std::string& state_file);

/// The token in the file; where there is none, one is made (256 bits from the system, readable by
/// the owner alone) and kept there.
base::Result<std::string> token_from_file(const std::string& path);

/// Takes the same time wherever they differ; only the length of `given` shows.
bool same_secret(std::string_view given, std::string_view secret);

}  // namespace intermission::control
