// Holding JSON against schemas: those of schemas/, and a test's own.
#pragma once

#include <rapidjson/document.h>
#include <rapidjson/schema.h>

#include <string>

namespace intermission::testing {

/// A schema that is compiled once and asked often.
class JsonSchema {
 public:
  /// Throws std::runtime_error where the text is not JSON.
  explicit JsonSchema(const std::string& text);
  explicit JsonSchema(const rapidjson::Value& schema);

  /// What is wrong with `json`, in words; empty where it is valid.
  std::string problem_of(const rapidjson::Value& json) const;

 private:
  rapidjson::SchemaDocument schema_;
};

/// What is wrong with `json` by that schema, in words; empty where it is valid.
std::string invalid_by(const std::string& schema_file, const rapidjson::Value& json);

/// Parses first; text that is not JSON is invalid.
std::string invalid_by(const std::string& schema_file, const std::string& json);

}  // namespace intermission::testing
