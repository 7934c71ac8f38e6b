// The smallest page that still says everything: no script, no style, no picture.
#pragma once

#include <string>

#include "dialect/notice.h"

namespace intermission::dialect {

/// A whole document. `preview` adds what programs show that describe a page to others.
std::string minimal_page(const Notice& notice, bool preview);

/// The field lines that go with it.
std::string minimal_page_fields();

}  // namespace intermission::dialect
