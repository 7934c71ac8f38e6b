// CORS preflights, which no rule of the configuration is about: they ask for a browser, and only
// the request behind them is the client's own.
#pragma once

#include "dialect/request_evidence.h"

namespace intermission::dialect {

/// Looks at fields only where the method is OPTIONS.
bool is_preflight(RequestEvidence& evidence);

}  // namespace intermission::dialect
