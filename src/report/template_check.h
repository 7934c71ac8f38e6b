// Findings about a page template of an operator's own. They are made by rendering it before any
// visitor does.
#pragma once

#include <string>
#include <vector>

#include "catalog/service.h"

namespace intermission::report {

/// One sentence each: how large the page is, which facts it never shows, and which unknown
/// variables the template uses, with the line. Empty for a service that uses a theme.
std::vector<std::string> template_findings(const catalog::Service& service);

}  // namespace intermission::report
