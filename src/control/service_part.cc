#include "control/service_part.h"

#include <rapidjson/document.h>

#include "catalog/configuration.h"
#include "control/json_text.h"
#include "document/parse_json.h"

namespace intermission::control {
namespace {

// "services[0].windows[0].start: expected …" becomes {"start", "expected …"}.
PartProblem problem_in(const std::string& message, std::string_view part) {
  std::string_view rest = message;
  const std::string prefix = "services[0]." + std::string(part);
  if (!rest.starts_with(prefix)) return {{}, message};
  rest.remove_prefix(prefix.size());
  const std::size_t colon = rest.find(": ");
  if (colon == std::string_view::npos) return {{}, message};
  std::string_view field = rest.substr(0, colon);
  if (field.starts_with('.')) field.remove_prefix(1);
  return {std::string(field), std::string(rest.substr(colon + 2))};
}

PartResult<catalog::Service> read(const std::string& members, std::string_view part) {
  const auto configuration =
      catalog::load_text(R"({"services":[{"name":"x",)" + members + "}]}", "", {});
  if (!configuration) return {{}, problem_in(configuration.error().message, part), false};
  return {configuration->catalog.services()[0], {}, true};
}

bool has_language(std::string_view text, std::string_view language) {
  const rapidjson::Document document = document::parse_json(text);
  return !document.HasParseError() && member_of(document, language) != nullptr;
}

}  // namespace

PartResult<catalog::Service> read_window_part(std::string_view text) {
  return read(R"("maintenance":"scheduled","windows":[)" + std::string(text) + "]", "windows[0]");
}

PartResult<catalog::LocalizedText> read_message_part(std::string_view text,
                                                     std::string_view language) {
  std::string members = R"("message":)" + std::string(text);
  // Of a map it may only name a member; of one text it is the language.
  if (text.starts_with('"') || has_language(text, language)) {
    members += R"(,"language":)" + JsonText().value(language).text();
  }
  auto read_part = read(members, "message");
  return {std::move(read_part.value.message), std::move(read_part.problem), read_part.good};
}

}  // namespace intermission::control
