// Base64 (RFC 4648 §4).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace intermission::base {

/// Of at most 1 GiB. With `padded` false without the "=" at the end.
std::string base64(std::string_view bytes, bool padded = true);

/// What a character of the alphabet stands for, 0 to 63; nothing for "=" and all others.
std::optional<std::uint32_t> base64_value(char c);

}  // namespace intermission::base
