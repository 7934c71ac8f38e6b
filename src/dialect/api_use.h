// Signs that a request is a program's call of an API, whatever its User-Agent says.
#pragma once

#include <string_view>

#include "dialect/request_evidence.h"

namespace intermission::dialect {

/// "json" or "xml", where the client asks for one of them in the target: with a parameter
/// (format=xml, _format=json) or by the end of the path (/orders/7.json). Views into the request.
std::string_view syntax_in_target(const http::Request& request);

/// A script in a page asks for data: its wildcard never means the page that people are shown.
bool is_script(RequestEvidence& evidence);

/// By the target, by credentials, by content in JSON or XML, by what is accepted, or by a script.
bool shows_api_use(RequestEvidence& evidence);

}  // namespace intermission::dialect
