// The two syntaxes of a document, each read by its own library. parse_document() chooses.
#pragma once

#include <string_view>

#include "document/document.h"

namespace intermission::document {

/// Fills a fresh `out` from strict JSON, by RapidJSON. False if the text is not JSON; `out` is
/// of no use then. Throws DocumentProblem for JSON that no Document may be.
bool build_from_json(std::string_view text, Document& out, Strictness strictness);

/// Fills a fresh `out` from YAML, by yaml-cpp. Throws DocumentProblem, and what the library
/// throws that is no YAML::Exception.
void build_from_yaml(std::string_view text, Document& out, Strictness strictness);

/// The number of lines, an empty one at the end not counted; at least 1.
int last_line(std::string_view text);

}  // namespace intermission::document
