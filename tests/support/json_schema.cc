#include "support/json_schema.h"

#include <rapidjson/error/en.h>
#include <rapidjson/stringbuffer.h>

#include <map>
#include <stdexcept>

#include "support/files.h"

namespace intermission::testing {
namespace {

std::string text_of(const rapidjson::Pointer& pointer) {
  rapidjson::StringBuffer buffer;
  pointer.StringifyUriFragment(buffer);
  return buffer.GetString();
}

rapidjson::Document parse(const std::string& schema) {
  rapidjson::Document parsed;
  parsed.Parse(schema);
  if (parsed.HasParseError()) throw std::runtime_error("a schema is not JSON");
  return parsed;
}

}  // namespace

JsonSchema::JsonSchema(const std::string& text) : JsonSchema(parse(text)) {}

JsonSchema::JsonSchema(const rapidjson::Value& schema) : schema_(schema) {}

std::string JsonSchema::problem_of(const rapidjson::Value& json) const {
  rapidjson::SchemaValidator validator(schema_);
  if (json.Accept(validator)) return "";
  return text_of(validator.GetInvalidDocumentPointer()) + " breaks \"" +
         validator.GetInvalidSchemaKeyword() + "\" of " +
         text_of(validator.GetInvalidSchemaPointer());
}

std::string invalid_by(const std::string& schema_file, const rapidjson::Value& json) {
  static std::map<std::string, JsonSchema> schemas;
  const auto schema =
      schemas.try_emplace(schema_file, read_file(source_path("schemas/" + schema_file))).first;
  return schema->second.problem_of(json);
}

std::string invalid_by(const std::string& schema_file, const std::string& json) {
  rapidjson::Document parsed;
  parsed.Parse(json);
  if (parsed.HasParseError()) {
    return std::string("not JSON: ") + rapidjson::GetParseError_En(parsed.GetParseError());
  }
  return invalid_by(schema_file, parsed);
}

}  // namespace intermission::testing
