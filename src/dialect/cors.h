// Which scripts of other origins may send a request, and read its answer (Fetch §3.2).
//
// Every origin may read an answer and its wait, for it holds nothing of a person. A grant to send
// more than a simple request is another thing: while traffic is shared with the real service, the
// request that follows may reach it. So a preflight is granted to pages of the site that was asked
// and to origins that the operator listed, and credentials to the listed ones alone.
#pragma once

#include <string_view>

#include "dialect/request_evidence.h"

namespace intermission::dialect {

/// Whether the operator listed that origin.
bool is_listed(const catalog::Cors& cors, std::string_view origin);

/// Whether scripts of that origin may send credentials, and read the answer all the same.
bool may_send_credentials(const catalog::Cors& cors, std::string_view origin);

/// Who is granted a preflight, for explain.
enum class Grant { kNone, kSameSite, kListed };

/// For a request with Origin. Consults what decides.
Grant grant_for(RequestEvidence& evidence);

}  // namespace intermission::dialect
