#include "dialect/path_text.h"

#include "base/hex.h"
#include "base/text.h"

namespace intermission::dialect {
namespace {

// pchar = unreserved / pct-encoded / sub-delims / ":" / "@", and the slash between segments.
bool is_path_character(char c) {
  return base::is_alpha(c) || base::is_digit(c) ||
         std::string_view("/-._~!$&'()*+,;=:@").find(c) != std::string_view::npos;
}

// Where a colon would end a scheme, and a second slash begin an authority.
bool means_more(std::string_view path, std::size_t at) {
  return (at == 1 && path[1] == '/') || (path[at] == ':' && path[0] != '/');
}

}  // namespace

void append_path(std::string& out, std::string_view path, std::size_t most, PathSyntax syntax) {
  std::size_t written = 0;
  for (std::size_t at = 0; at < path.size();) {
    const bool escaped = base::escaped_byte(path.substr(at)).has_value();
    const bool stays = is_path_character(path[at]) && !means_more(path, at);
    const std::size_t size = stays ? 1 : 3;
    if (written + size > most) return;
    written += size;
    if (escaped) {
      out += path.substr(at, 3);
    } else if (!stays) {
      base::append_percent(out, path[at]);
    } else if (path[at] == '&' && syntax == PathSyntax::kXml) {
      out += "&amp;";
    } else {
      out += path[at];
    }
    at += escaped ? 3 : 1;
  }
}

}  // namespace intermission::dialect
