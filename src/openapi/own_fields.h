// The fields of an answer that no document has a say about.
#pragma once

#include <string_view>

namespace intermission::openapi {

/// Whether every answer carries the field anyway, or it belongs to the connection, to the router in
/// front, or to the script that asks from another origin. `name` in any case.
bool is_own_field(std::string_view name);

}  // namespace intermission::openapi
