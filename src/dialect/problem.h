// The problem details of a notice (RFC 9457), for every dialect that says them in JSON.
#pragma once

#include <string>

#include "dialect/dialect.h"
#include "dialect/json.h"
#include "page/notice.h"

namespace intermission::dialect {

/// One line of JSON; retryAfter is kSecondsMark.
std::string problem_json(const page::Notice& notice);

/// The same with extension members (RFC 9457 §3.2) behind it, under application/json: for clients
/// that read a member of their own. Finishes `members`, which must not have names of a problem.
Representation extended_problem(const page::Notice& notice, JsonObject& members);
/// The same with the message as a text in `error`.
Representation problem_with_error(const page::Notice& notice);

}  // namespace intermission::dialect
