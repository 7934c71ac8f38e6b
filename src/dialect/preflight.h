// CORS preflights. The rules of the configuration do not apply to them: a browser sends them by
// itself, before the client's own request.
#pragma once

#include "dialect/request_evidence.h"

namespace intermission::dialect {

/// Looks at fields only where the method is OPTIONS.
bool is_preflight(RequestEvidence& evidence);

}  // namespace intermission::dialect
