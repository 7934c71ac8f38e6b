#include "openapi/api_promise.h"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <array>

#include "base/text.h"
#include "contract/field_words.h"
#include "http/media_type.h"
#include "openapi/own_fields.h"

namespace intermission::openapi {
namespace {

std::optional<Syntax> syntax_of(const http::MediaType& type) {
  if (type.is_json()) return Syntax::kJson;
  if (type.is_xml()) return Syntax::kXml;
  if (type.is("text/plain")) return Syntax::kText;
  return {};
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
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  schema.value->Accept(writer);
  std::string signature(buffer.GetString(), buffer.GetSize());
  // The same reference leads elsewhere from another file.
  if (signature.find("\"$ref\"") != std::string::npos) signature += schema.file->path;
  return signature;
}

std::string_view name_of(Origin origin) {
  switch (origin) {
    case Origin::k503:
      return "503";
    case Origin::k5xx:
      return "5XX";
    case Origin::kDefault:
      return "default";
    case Origin::kShared:
      return "shared";
    case Origin::kNothing:
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

Speaking speaking_response(const ApiPlace& responses) {
  constexpr std::array<std::pair<std::string_view, Origin>, 4> kKeys = {{
      {"503", Origin::k503},
      {"5XX", Origin::k5xx},
      {"5xx", Origin::k5xx},
      {"default", Origin::kDefault},
  }};
  for (const auto& [key, origin] : kKeys) {
    if (ApiPlace found = responses[key]; found.node.is_object()) return {origin, std::move(found)};
  }
  return {};
}

base::Result<PromisedResponse> ResponseReader::read(const ApiPlace& response, ApiNode produces) {
  auto place = files_.follow(response);
  if (!place) return place.error();
  PromisedResponse out;
  out.place = *place;
  // The component of openapi/gateway.yaml: the gateway's own answers are meant.
  if (place->node["x-maintenance"]["dialect"].text() == kOwnDialect) return out;
  const auto content = dialect_ == SchemaDialect::kSwagger2 ? read_swagger(*place, produces, out)
                                                            : read_content(*place, out);
  if (!content) return content.error();
  if (const auto headers = read_headers(*place, out); !headers) return headers.error();
  return out;
}

base::Result<bool> ResponseReader::add_form(std::string_view type, const ApiPlace& schema,
                                            PromisedForm form, PromisedResponse& out) {
  type = without_range(base::trim(type));
  const auto parsed = http::parse_media_type(type);
  const auto syntax = parsed ? syntax_of(*parsed) : std::nullopt;
  if (!syntax || type.find_first_of("\r\n") != std::string_view::npos) {
    out.foreign_types.emplace_back(type);
    return true;
  }
  form.media_type = base::to_lower(parsed->whole);
  form.content_type = type;
  form.syntax = *syntax;
  form.schema = schema.node;
  if (schema.node) {
    if (const auto followed = files_.follow_all(schema); !followed) return followed.error();
  }
  out.signature += form.media_type + '=' + signature_of(form.schema, files_) + ';';
  out.forms.push_back(std::move(form));
  return true;
}

base::Result<bool> ResponseReader::read_examples(const ApiPlace& media_type, PromisedForm& form) {
  form.example = media_type["example"].node;
  const ApiPlace examples = media_type["examples"];
  if (!examples.node.is_object()) return true;
  int best = form.example ? 1 : -100;
  for (const auto& member : examples.node.value->GetObject()) {
    const std::string_view name = text_of(member.name);
    const bool is_meant = base::iequals(name, "maintenance");
    const int fitness = is_meant ? 100 : contract::fitness_of_word(name);
    if (fitness <= best) continue;
    const auto example = files_.follow(examples[name]);
    if (!example) return example.error();
    if (const ApiNode value = example->node["value"]) {
      best = fitness;
      form.example = value;
      form.is_example_about_maintenance = is_meant;
    }
  }
  return true;
}

base::Result<bool> ResponseReader::read_content(const ApiPlace& response, PromisedResponse& out) {
  const ApiPlace content = response["content"];
  if (!content.node.is_object()) return true;
  for (const auto& member : content.node.value->GetObject()) {
    const ApiPlace media_type = content[text_of(member.name)];
    PromisedForm form;
    if (const auto read = read_examples(media_type, form); !read) return read.error();
    const auto added = add_form(text_of(member.name), media_type["schema"], form, out);
    if (!added) return added.error();
  }
  return true;
}

base::Result<bool> ResponseReader::read_swagger(const ApiPlace& response, ApiNode produces,
                                                PromisedResponse& out) {
  const ApiPlace schema = response["schema"];
  const ApiPlace examples = response["examples"];
  if (!schema.node && !examples.node.is_object()) return true;
  std::vector<std::string_view> types;
  if (produces && produces.value->IsArray()) {
    for (const auto& type : produces.value->GetArray()) types.push_back(text_of(type));
  }
  if (types.empty()) types.emplace_back("application/json");
  for (const std::string_view type : types) {
    PromisedForm form;
    form.example = examples.node[type];
    if (const auto added = add_form(type, schema, form, out); !added) return added.error();
  }
  return true;
}

base::Result<bool> ResponseReader::read_headers(const ApiPlace& response, PromisedResponse& out) {
  const ApiPlace headers = response["headers"];
  if (!headers.node.is_object()) return true;
  for (const auto& member : headers.node.value->GetObject()) {
    const std::string_view name = text_of(member.name);
    const auto header = files_.follow(headers[name]);
    if (!header) return header.error();
    // A gateway has no business to set cookies.
    if (!header->node["required"].is_true() || !http::is_token(name) || is_own_field(name) ||
        base::iequals(name, "Set-Cookie")) {
      continue;
    }
    const ApiPlace schema = (*header)["schema"];
    if (const auto followed = files_.follow_all(schema); !followed) return followed.error();
    out.headers.emplace_back(name, schema.node);
  }
  return true;
}

}  // namespace intermission::openapi
