// Under which paths the operations of an API document are served: the paths of its servers
// (OpenAPI 3.1 §4.8.5), with every value of their variables, or the base path (Swagger 2.0).
#pragma once

#include <string>
#include <vector>

#include "openapi/api_files.h"

namespace intermission::openapi {

inline constexpr std::size_t kMaxBasePaths = 32;

/// At least one, without a slash at the end but for "/". The nearest of the three that names
/// servers counts.
std::vector<std::string> base_paths(ApiNode root, ApiNode path_item, ApiNode operation);

}  // namespace intermission::openapi
