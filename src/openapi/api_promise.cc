#include "openapi/api_promise.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "contract/error_words.h"
#include "contract/field_words.h"
#include "document/json_of.h"
#include "http/media_type.h"
#include "openapi/own_fields.h"
#include "openapi/schema_view.h"

namespace intermission::openapi {
namespace {

std::optional<Syntax> syntax_of(const http::MediaType& type) {
  if (type.is_json()) return Syntax::kJson;
  if (type.is("image/svg+xml")) return Syntax::kSvg;
  if (type.is_xml()) return Syntax::kXml;
  if (type.is("text/plain")) return Syntax::kText;
  return {};
}

constexpr int kFitOfMaintenance = 100;
constexpr int kFitOfTheOnly = 2;  // one whose name says as little, "other" or "error", is no better

// Whether a text in it is a reference that somebody meant to have resolved.
bool holds_reference(const rapidjson::Value& example) {
  if (example.IsArray()) {
    return std::any_of(example.Begin(), example.End(),
                       [](const auto& item) { return holds_reference(item); });
  }
  if (!example.IsObject()) return false;
  const auto members = example.GetObject();
  return std::any_of(members.begin(), members.end(), [](const auto& member) {
    return (text_of(member.name) == "$ref" && member.value.IsString()) ||
           holds_reference(member.value);
  });
}

// Whether a status or a code in it is a client's error: 400 to 499.
bool tells_client_error(const rapidjson::Value& example) {
  if (example.IsArray()) {
    return std::any_of(example.Begin(), example.End(),
                       [](const auto& item) { return tells_client_error(item); });
  }
  if (!example.IsObject()) return false;
  const auto members = example.GetObject();
  return std::any_of(members.begin(), members.end(), [](const auto& member) {
    const contract::FieldFact fact = contract::fact_of_field(text_of(member.name));
    if (fact != contract::FieldFact::kStatus && fact != contract::FieldFact::kCode) {
      return tells_client_error(member.value);
    }
    if (member.value.IsInt())
      return contract::fitness_of_number(member.value.GetInt()) == contract::kBlamesClient;
    return member.value.IsString() &&
           contract::fitness_of_word(text_of(member.value)) == contract::kBlamesClient;
  });
}

// A range promises anything, JSON among it.
std::string_view without_range(std::string_view type) {
  const auto parsed = http::parse_media_type(type);
  if (type == "*/*" || (parsed && parsed->is("application/*"))) return "application/json";
  return type;
}

}  // namespace

std::string signature_of(ApiNode schema, const ApiFiles& files) {
  const ApiNode target = files.target(schema);
  // A schema that has a name is known by its place; another by what it says.
  if (target != schema) {
    return std::to_string(reinterpret_cast<std::uintptr_t>(target.value));
  }
  if (!schema) return "any";
  std::string signature = document::json_of(*schema.value);
  // The same reference leads elsewhere from another file.
  if (signature.find("\"$ref\"") != std::string::npos) signature += schema.file->path;
  return signature;
}

std::string_view name_of(DeclaredBy origin) {
  switch (origin) {
    case DeclaredBy::k503:
      return "503";
    case DeclaredBy::k5xx:
      return "5XX";
    case DeclaredBy::kDefault:
      return "default";
    case DeclaredBy::kOwnFailure:
      return "own failure";
    case DeclaredBy::kShared:
      return "shared";
    case DeclaredBy::kNothing:
      break;
  }
  return "nothing";
}

std::string_view name_of(Finding::Level level) {
  switch (level) {
    case Finding::Level::kNote:
      return "note";
    case Finding::Level::kWarning:
      return "warning";
    case Finding::Level::kError:
      break;
  }
  return "error";
}

std::vector<Speaking> speaking_responses(const ApiPlace& responses) {
  constexpr std::array<std::pair<std::string_view, DeclaredBy>, 4> kKeys = {{
      {"503", DeclaredBy::k503},
      {"5XX", DeclaredBy::k5xx},
      {"5xx", DeclaredBy::k5xx},
      {"default", DeclaredBy::kDefault},
  }};
  std::vector<Speaking> speaking;
  for (const auto& [key, origin] : kKeys) {
    if (ApiPlace found = responses[key]; found.node.is_object()) {
      speaking.push_back({origin, std::move(found)});
    }
  }
  return speaking;
}

PromisedResponse ResponseReader::read(const ApiPlace& response, ApiNode produces) {
  PromisedResponse out;
  out.place = files_.resolved(response);
  const ApiPlace& place = out.place;
  // The component of openapi/gateway.yaml: the gateway's own answers are meant.
  if (place.node["x-maintenance"]["dialect"].text() == kOwnDialect) return out;
  if (dialect_ == SchemaDialect::kSwagger2) {
    read_swagger(place, produces, out);
  } else {
    read_content(place, out);
  }
  read_headers(place, out);
  return out;
}

void ResponseReader::add_form(std::string_view type, const ApiPlace& schema, PromisedForm form,
                              PromisedResponse& out) {
  type = without_range(base::trim(type));
  const auto parsed = http::parse_media_type(type);
  const auto syntax = parsed ? syntax_of(*parsed) : std::nullopt;
  if (!syntax || type.find_first_of("\r\n") != std::string_view::npos) {
    out.foreign_types.emplace_back(type);
    return;
  }
  form.media_type = base::to_lower(parsed->whole);
  form.content_type = type;
  form.syntax = *syntax;
  form.schema = schema.node;
  if (schema.node) files_.follow_all(schema);
  out.signature += form.media_type + '=' + signature_of(form.schema, files_) + ';';
  out.forms.push_back(std::move(form));
}

// One of maintenance is meant; one of another error serves for want of a better one.
// Where a response has only types that cannot be made here, what its schema says can be said in
// JSON.
void ResponseReader::add_nearest(const ApiPlace& schema, PromisedResponse& out) {
  if (!out.forms.empty() || out.foreign_types.empty()) return;
  SchemaView view(files_, dialect_);
  files_.follow_all(schema);
  view.add(schema.node);
  const bool is_object = (view.types() & kObjectType) != 0 && !view.properties().empty();
  if (!is_object) return;
  add_form("application/json", schema, {}, out);
  out.is_nearest = true;
}

void ResponseReader::read_examples(const ApiPlace& media_type, PromisedForm& form) {
  int best = -100;
  const auto take = [&](ApiNode example, int fitness) {
    if (!example || fitness <= best || holds_reference(*example.value)) return;
    best = fitness;
    form.example = example;
    form.is_example_about_maintenance = fitness == kFitOfMaintenance;
    form.is_example_of_client_error = fitness < 0 || tells_client_error(*example.value);
  };
  take(media_type["example"].node, kFitOfTheOnly);
  const ApiPlace examples = files_.resolved(media_type["examples"]);
  if (!examples.node.is_object()) return;
  for (const auto& member : examples.node.value->GetObject()) {
    const std::string_view name = text_of(member.name);
    const bool is_meant = base::iequals(name, "maintenance");
    const ApiPlace example = files_.resolved(examples.of(member));
    take(example.node["value"], is_meant ? kFitOfMaintenance : contract::fitness_of_word(name));
  }
}

void ResponseReader::read_content(const ApiPlace& response, PromisedResponse& out) {
  const ApiPlace content = files_.resolved(response["content"]);
  if (!content.node.is_object()) return;
  for (const auto& member : content.node.value->GetObject()) {
    const ApiPlace media_type = files_.resolved(content.of(member));
    if (!media_type.node) continue;
    PromisedForm form;
    read_examples(media_type, form);
    add_form(text_of(member.name), media_type["schema"], form, out);
  }
  for (const auto& member : content.node.value->GetObject()) {
    add_nearest(files_.resolved(content.of(member))["schema"], out);
  }
}

void ResponseReader::read_swagger(const ApiPlace& response, ApiNode produces,
                                  PromisedResponse& out) {
  const ApiPlace schema = response["schema"];
  const ApiPlace examples = files_.resolved(response["examples"]);
  if (!schema.node && !examples.node.is_object()) return;
  std::vector<std::string_view> types;
  if (produces && produces.value->IsArray()) {
    for (const auto& type : produces.value->GetArray()) types.push_back(text_of(type));
  }
  if (types.empty()) types.emplace_back("application/json");
  for (const std::string_view type : types) {
    PromisedForm form;
    const ApiNode example = examples.node[type];
    if (example && !holds_reference(*example.value)) {
      form.example = example;
      form.is_example_of_client_error = tells_client_error(*example.value);
    }
    add_form(type, schema, form, out);
  }
  add_nearest(schema, out);
}

void ResponseReader::read_headers(const ApiPlace& response, PromisedResponse& out) {
  const ApiPlace headers = files_.resolved(response["headers"]);
  if (!headers.node.is_object()) return;
  for (const auto& member : headers.node.value->GetObject()) {
    const std::string_view name = text_of(member.name);
    const ApiPlace header = files_.resolved(headers.of(member));
    // A gateway has no business to set cookies.
    if (!header.node["required"].is_true() || !http::is_token(name) || is_own_field(name) ||
        base::iequals(name, "Set-Cookie")) {
      continue;
    }
    const ApiPlace schema = header["schema"];
    files_.follow_all(schema);
    out.headers.emplace_back(name, schema.node);
  }
}

}  // namespace intermission::openapi
