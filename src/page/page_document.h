// The page as one self-contained document: the notice, the words of the visitor's language, the
// style, and a script that brings people back when the service answers again.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalog/service.h"
#include "page/notice.h"

namespace intermission::page {

/// The operator's own template where there is one, else ours. Whatever the operator wrote is
/// escaped.
std::string page_document(const Notice& notice, const catalog::Service& service);

struct UnknownVariable {
  std::string name;
  std::size_t line;  // from 1, where it stands first

  bool operator==(const UnknownVariable&) const = default;
};

/// Names between {{ and }} in a template that page_document() has nothing for, partials ({{> x}})
/// among them, each once.
std::vector<UnknownVariable> unknown_variables(std::string_view text);

}  // namespace intermission::page
