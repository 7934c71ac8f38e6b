// The page as one self-contained document: the notice, the words of the visitor's language, the
// style, and a script that brings people back when the service answers again.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalog/configuration.h"
#include "dialect/notice.h"

namespace intermission::dialect {

/// The operator's own template where there is one, else ours. Whatever the operator wrote is
/// escaped.
std::string page_document(const Notice& notice, const catalog::Service& service);

/// Names between {{ and }} in a template that page_document() has nothing for, each once.
std::vector<std::string> unknown_variables(std::string_view text);

}  // namespace intermission::dialect
