// The problem details of a notice (RFC 9457), for every dialect that says them in JSON.
#pragma once

#include <string>

#include "page/notice.h"

namespace intermission::dialect {

/// One line of JSON; retryAfter is kSecondsMark.
std::string problem_json(const page::Notice& notice);

}  // namespace intermission::dialect
