// Base64 (RFC 4648 §4).
#pragma once

#include <string>
#include <string_view>

namespace intermission::base {

/// With `padded` false without the "=" at the end.
std::string base64(std::string_view bytes, bool padded = true);

}  // namespace intermission::base
