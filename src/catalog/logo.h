// The operator's logo as a data: URL, so that a page with it makes no further request.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace intermission::catalog {

/// A page with a larger one would no longer come in one round trip.
inline constexpr std::size_t kMaxLogoBytes = 12 * 1024;

/// `bytes` are PNG, JPEG, WebP or SVG, told by their first bytes. Of an SVG only what draws is
/// kept: no script, no style sheet, no reference to anything outside. The error says what was
/// expected.
base::Result<std::string> logo_url(std::string_view bytes);

}  // namespace intermission::catalog
