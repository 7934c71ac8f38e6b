// The smallest page that still says everything: no style, no picture, and one line of script, which
// takes the page out of the caches of a service worker.
#pragma once

#include <string>
#include <string_view>

#include "page/notice.h"

namespace intermission::dialect {

/// A whole document. `preview` adds what programs show that describe a page to others, and leaves
/// the script out.
std::string minimal_page(const page::Notice& notice, bool preview);

/// The field lines that go with it, or with a part of one.
std::string minimal_page_fields(std::string_view html);

}  // namespace intermission::dialect
