// A body in XML, by the `xml` hints of its schema (OpenAPI 3.1 §4.8.26): names, namespaces and
// prefixes, attributes, wrapped lists.
#pragma once

#include <optional>
#include <string>

#include "contract/facts.h"
#include "openapi/api_files.h"
#include "openapi/schema_check.h"

namespace intermission::openapi {

/// `body` is what BodyMaker made for the schema. Nothing where a member has a name that no element
/// can have.
std::optional<std::string> write_xml(const ApiFiles& files, SchemaDialect dialect, ApiNode schema,
                                     const rapidjson::Value& body, const contract::Facts& facts);

}  // namespace intermission::openapi
