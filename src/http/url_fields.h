// Fields in which routers tell applications what the URL was before they changed it. Frameworks
// read them, so a client that sends one may be served something else than its URL says.
#pragma once

#include <cstdint>
#include <string_view>

namespace intermission::http {

enum class UrlPart : std::uint8_t {
  kNone,         // the field tells nothing of a URL
  kUrl,          // a URL or a path
  kHost,         // a host, perhaps in a list
  kPrefix,       // what was cut off the path
  kUrlOrPrefix,  // either, by who wrote it
};

/// By the name of the field, in any spelling that is_same_variable() takes for it.
UrlPart part_told_by(std::string_view name);

/// Whether two names are equal to CGI and its relatives (RFC 3875 §4.1.18), which ignore case and
/// take "-" and "." for "_": "X-Original-URL" and "x_original_url".
bool is_same_variable(std::string_view a, std::string_view b);

}  // namespace intermission::http
