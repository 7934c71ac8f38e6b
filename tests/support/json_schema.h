// Holding JSON against the schemas of schemas/.
#pragma once

#include <rapidjson/document.h>

#include <string>

namespace intermission::testing {

/// What is wrong with `json` by that schema, in words; empty where it is valid.
std::string invalid_by(const std::string& schema_file, const rapidjson::Value& json);

/// Parses first; text that is not JSON is invalid.
std::string invalid_by(const std::string& schema_file, const std::string& json);

}  // namespace intermission::testing
