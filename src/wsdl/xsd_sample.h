// An element that is valid by its schema and says what is true of the maintenance: required
// parts always, optional ones where they are known names and there is a truth to tell.
//
//   pugi::xml_document detail;
//   if (auto problem = append_sample(schemas, fault, facts, detail)) ...why there is none...
#pragma once

#include <optional>
#include <pugixml.hpp>

#include "base/result.h"
#include "contract/facts.h"
#include "wsdl/xsd_schemas.h"

namespace intermission::wsdl {

/// Appends the globally declared `element` to `parent`, with a default namespace of its own.
/// Where the schema asks for what is not understood here (or for itself without end), an Error
/// that names its document and line comes back, and `parent` holds something unfinished.
std::optional<base::Error> append_sample(const XsdSchemas& schemas, const XsdComponent& element,
                                         const contract::Facts& facts, pugi::xml_node parent);

}  // namespace intermission::wsdl
