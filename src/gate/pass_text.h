// Passes in text that came from elsewhere: targets, URLs in fields, cookies. Anyone who holds a
// pass may use it until it expires, so no log, table or message shows one.
//
//   hide_passes("/orders?intermission-bypass=1796108400.kbIk…&a=1")
//                                → "/orders?intermission-bypass=(hidden)&a=1"
//
// Hidden is what follows the name of the parameter or of a cookie, in any letters and however
// often it is percent-encoded, and whatever is written like a pass, wherever it stands.
#pragma once

#include <string>
#include <string_view>

namespace intermission::gate {

/// The parameter of a link; with "-" and the service's name, the cookie.
inline constexpr std::string_view kBypassName = "intermission-bypass";

/// Whether a parameter of that name, perhaps percent-encoded, holds a pass.
bool is_bypass_name(std::string_view name);

/// Whether hide_passes() would hide anything. Allocates nothing.
bool shows_pass(std::string_view text);

/// Call it before the text is cut short, or a part of a pass may stay.
std::string hide_passes(std::string_view text);

}  // namespace intermission::gate
