// The path of a request inside of a text that its client reads, whatever it holds: a valid
// relative reference (RFC 3986 §4.2) of ASCII alone, that needs no further escape.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace intermission::dialect {

enum class PathSyntax : std::uint8_t {
  kPlain,  // JSON and plain texts
  kXml,    // content and attributes in double quotes
};

/// Appends at most `most` characters as a reader counts them, and no part of an escape. What no
/// path may hold is percent-encoded; what is percent-encoded already stays as it is. Allocates
/// only if `out` has to grow.
void append_path(std::string& out, std::string_view path, std::size_t most, PathSyntax syntax);

}  // namespace intermission::dialect
