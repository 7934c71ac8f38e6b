// Base64 (RFC 4648 §4).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace intermission::base {

/// Of at most 1 GiB. With `padded` false without the "=" at the end.
std::string base64(std::string_view bytes, bool padded = true);

/// The same in place, of what stands in `text` from `from` on. Allocates only if `text` has to
/// grow, to two and a third times what is encoded.
void encode_base64(std::string& text, std::size_t from, bool padded = true);

/// What a character of the alphabet stands for, 0 to 63; nothing for "=" and all others.
std::optional<std::uint32_t> base64_value(char c);

}  // namespace intermission::base
