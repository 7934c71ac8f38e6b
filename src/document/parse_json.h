// JSON that others sent (RFC 8259), however deeply it is nested. What is not UTF-8 is an error.
//
// One function, since RapidJSON compiles its parser anew wherever Document::Parse() is called.
#pragma once

#include <rapidjson/document.h>

#include <string_view>

namespace intermission::document {

/// HasParseError() of the result says whether `text` is JSON.
rapidjson::Document parse_json(std::string_view text);

}  // namespace intermission::document
