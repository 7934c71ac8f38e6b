// What a page template of an operator's own comes to, found by rendering it before anybody else
// does.
#pragma once

#include <string>
#include <vector>

#include "catalog/service.h"

namespace intermission::report {

/// One sentence each: how large the page is, what it never says, which variables the template
/// asks for that there are not, with the line. Empty for a service that uses a theme.
std::vector<std::string> template_findings(const catalog::Service& service);

}  // namespace intermission::report
