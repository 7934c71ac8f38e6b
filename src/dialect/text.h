// The notice as a few lines of plain text.
#pragma once

#include "dialect/dialect.h"

namespace intermission::dialect {

/// text/plain in UTF-8, with 503.
Representation plain_text(const page::Notice& notice);

}  // namespace intermission::dialect
