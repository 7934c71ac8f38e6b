// Whether a JSON value is valid by a schema of an API document: JSON Schema 2020-12 as OpenAPI 3.1
// uses it, and the older dialects of OpenAPI 3.0 and Swagger 2.0 (`nullable`, `exclusiveMinimum:
// true`, nothing beside `$ref`). RapidJSON's validator knows draft 4 alone, and neither references
// between files nor `nullable`, `const` or lists of types.
//
//   SchemaCheck check(files, SchemaDialect::kOpenApi31);
//   check.problem(schema, body);     // "/error/code: expected a string of at least 3 characters"
//
// Not understood, and so of no effect: $dynamicRef, unevaluatedProperties, unevaluatedItems,
// content keywords, and formats but the common ones.
#pragma once

#include <rapidjson/document.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "openapi/api_files.h"

namespace intermission::openapi {

enum class SchemaDialect : std::uint8_t { kSwagger2, kOpenApi30, kOpenApi31 };

/// Characters, as JSON Schema counts the length of a string.
std::size_t count_characters(std::string_view text);

/// Whether a text is of a format; true for formats that this program does not know.
bool has_format(std::string_view text, std::string_view format);

/// Used by one thread. The files' references must have been followed.
class SchemaCheck {
 public:
  SchemaCheck(const ApiFiles& files, SchemaDialect dialect) : files_(files), dialect_(dialect) {}

  /// What is wrong with the value, with its place; nothing if it is valid.
  std::optional<std::string> problem(ApiNode schema, const rapidjson::Value& value);

  /// The patterns that SchemaPattern did not understand, of all that has been checked: no text is
  /// valid by them.
  const std::set<std::string>& unknown_patterns() const { return unknown_patterns_; }

  /// Values held against schemas for one answer; more would be a bomb.
  static constexpr std::size_t kMostSteps = 200'000;
  static constexpr int kMaxDepth = 200;  // of schemas in schemas

 private:
  using Problem = std::optional<std::string>;

  Problem check(ApiNode schema, const rapidjson::Value& value);
  Problem check_schema(ApiNode schema, const rapidjson::Value& value);
  Problem check_keywords(ApiNode schema, const rapidjson::Value& value);
  Problem check_type(ApiNode schema, const rapidjson::Value& value) const;
  Problem check_choices(ApiNode schema, const rapidjson::Value& value);
  Problem check_condition(ApiNode schema, const rapidjson::Value& value);
  Problem check_number(ApiNode schema, const rapidjson::Value& value) const;
  Problem check_text(ApiNode schema, std::string_view text);
  Problem check_list(ApiNode schema, const rapidjson::Value& value);
  Problem check_items(ApiNode schema, const rapidjson::Value& value);
  Problem check_object(ApiNode schema, const rapidjson::Value& value);
  Problem check_members(ApiNode schema, const rapidjson::Value& value);
  Problem check_dependents(ApiNode schema, const rapidjson::Value& value);
  Problem at_place(const std::string& what) const;

  const ApiFiles& files_;
  SchemaDialect dialect_;
  std::string place_;  // in the value, a JSON Pointer
  std::set<std::string> unknown_patterns_;
  std::size_t steps_ = 0;
  int depth_ = 0;
};

}  // namespace intermission::openapi
