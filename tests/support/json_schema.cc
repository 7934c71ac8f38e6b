#include "support/json_schema.h"

#include <rapidjson/error/en.h>
#include <rapidjson/schema.h>
#include <rapidjson/stringbuffer.h>

#include <stdexcept>

#include "support/files.h"

namespace intermission::testing {
namespace {

std::string text_of(const rapidjson::Pointer& pointer) {
  rapidjson::StringBuffer buffer;
  pointer.StringifyUriFragment(buffer);
  return buffer.GetString();
}

}  // namespace

std::string invalid_by(const std::string& schema_file, const rapidjson::Value& json) {
  rapidjson::Document parsed;
  parsed.Parse(read_file(source_path("schemas/" + schema_file)));
  if (parsed.HasParseError()) throw std::runtime_error(schema_file + " is not JSON");
  const rapidjson::SchemaDocument schema(parsed);
  rapidjson::SchemaValidator validator(schema);
  if (json.Accept(validator)) return "";
  return text_of(validator.GetInvalidDocumentPointer()) + " breaks \"" +
         validator.GetInvalidSchemaKeyword() + "\" of " +
         text_of(validator.GetInvalidSchemaPointer());
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
