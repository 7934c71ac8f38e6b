// Who wants a page that people read, and how much of one: evidence shared by the page and the
// minimal page.
#pragma once

#include "dialect/dialect.h"
#include "dialect/request_evidence.h"

namespace intermission::dialect {

/// Offers form 0, a page, or stays out.
Claim claim_html(RequestEvidence& evidence);

/// Whether the page is to be as small as can be: who saves data, and frames, which show it in a
/// corner of somebody else's page. Asked only where claim_html() claims.
bool wants_little(RequestEvidence& evidence);

}  // namespace intermission::dialect
