// UTF-8 (RFC 3629), character by character.
#pragma once

#include <cstddef>
#include <string_view>

namespace intermission::base {

/// How many bytes the first character of a text has; 0 where the text is empty, or where its
/// first bytes are no character.
std::size_t utf8_size(std::string_view text);

/// The start of a text that fits into `most` bytes, in whole characters; a byte that is none counts
/// as one.
std::string_view fitting(std::string_view text, std::size_t most);

/// Where the first noncharacter "for internal use" stands, U+FDD0 to U+FDEF, or npos. No text of
/// others may hold one: they mark what is filled into texts of ours.
std::size_t find_internal(std::string_view text);

}  // namespace intermission::base
