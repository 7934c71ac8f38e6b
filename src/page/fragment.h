// The notice as a piece of HTML, for scripts that put what they hear into a page.
#pragma once

#include <string>

#include "page/notice.h"

namespace intermission::page {

/// One element without style, which a screen reader reads out as soon as it appears.
std::string html_fragment(const Notice& notice);

}  // namespace intermission::page
