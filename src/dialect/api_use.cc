#include "dialect/api_use.h"

#include "base/text.h"
#include "http/target.h"

namespace intermission::dialect {
namespace {

using http::Field;

const Field kXApiKey = http::named_field("X-API-Key");
const Field kXRequestedWith = http::named_field("X-Requested-With");

bool has_key_in_query(const http::Request& request) {
  for (const std::string_view name : {"access_token", "api_key", "apikey"}) {
    if (http::query_value(request.query(), name)) return true;
  }
  return false;
}

bool names_data(const std::optional<http::MediaType>& type) {
  return type && (type->is_json() || (type->is_xml() && !type->is("application/xhtml+xml")));
}

bool accepts_data_by_name(RequestEvidence& evidence) {
  bool found = false;
  evidence.accept().each_named(
      [&](std::string_view range) { found = found || names_data(http::parse_media_type(range)); });
  return found;
}

}  // namespace

std::string_view syntax_in_target(const http::Request& request) {
  for (const std::string_view name : {"format", "_format"}) {
    const std::string_view value = http::query_value(request.query(), name).value_or("");
    if (base::iequals(value, "json") || base::iequals(value, "xml")) return value;
  }
  for (const std::string_view ending : {".json", ".xml"}) {
    if (request.path().ends_with(ending)) return ending.substr(1);
  }
  return {};
}

bool is_script(RequestEvidence& evidence) {
  const std::string_view mode = evidence.value(Field::kSecFetchMode);
  if (!mode.empty()) return mode != "navigate";
  return evidence.has(kXRequestedWith);
}

bool shows_api_use(RequestEvidence& evidence) {
  return !syntax_in_target(evidence.request()).empty() || has_key_in_query(evidence.request()) ||
         evidence.has(Field::kAuthorization) || evidence.has(kXApiKey) || is_script(evidence) ||
         names_data(evidence.content_type()) || accepts_data_by_name(evidence);
}

}  // namespace intermission::dialect
