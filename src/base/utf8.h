// UTF-8 (RFC 3629), character by character.
#pragma once

#include <cstddef>
#include <string_view>

namespace intermission::base {

/// How many bytes the first character of a text has; 0 where the text is empty, or where its
/// first bytes are no character.
std::size_t utf8_size(std::string_view text);

}  // namespace intermission::base
