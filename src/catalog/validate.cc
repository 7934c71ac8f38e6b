#include "catalog/validate.h"

#include <rapidjson/pointer.h>
#include <rapidjson/schema.h>
#include <rapidjson/stringbuffer.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/suggest.h"
#include "base/text.h"
#include "catalog/node.h"
#include "document/json_of.h"
#include "document/parse_json.h"

namespace intermission::embedded {
extern const std::string_view config_schema;
}

namespace intermission::catalog {
namespace {

using rapidjson::Value;

/// Keys that the design promises and a later version brings: who uses one has not mistyped it.
constexpr std::array<std::string_view, 1> kLaterKeys = {"until"};

std::string_view text_of(const Value& object, const char* key) {
  const auto found = object.FindMember(key);
  return found == object.MemberEnd() || !found->value.IsString() ? std::string_view{}
                                                                 : document::view_of(found->value);
}

/// The part of the schema for one place of the document.
struct Expectation {
  const Value* schema = nullptr;
  std::string_view description;  // the one next to a $ref beats the one that it leads to

  /// "a port number" of "A port number. 0 picks a free port."
  std::string phrase() const {
    std::string phrase(description.substr(0, description.find(". ")));
    if (phrase.ends_with('.')) phrase.pop_back();
    // "One of", "A list": a capital letter for editors, none in the middle of a line.
    if (!phrase.empty()) phrase[0] = base::ascii_lower(phrase[0]);
    return phrase;
  }
};

Expectation resolve(const Value& root, const Value& schema) {
  Expectation expectation{&schema, text_of(schema, "description")};
  for (std::string_view reference; !(reference = text_of(*expectation.schema, "$ref")).empty();) {
    const Value* target = rapidjson::Pointer(reference.data(), reference.size()).Get(root);
    if (target == nullptr) break;
    expectation.schema = target;
    if (expectation.description.empty()) expectation.description = text_of(*target, "description");
  }
  return expectation;
}

/// The schema of a member or an item, or null.
const Value* below(const Value& schema, const rapidjson::Pointer::Token& token) {
  const auto properties = schema.FindMember("properties");
  if (properties != schema.MemberEnd()) {
    const Value name(rapidjson::StringRef(token.name, token.length));
    const auto found = properties->value.FindMember(name);
    if (found != properties->value.MemberEnd()) return &found->value;
  }
  for (const char* keyword : {"additionalProperties", "items"}) {
    const auto found = schema.FindMember(keyword);
    if (found != schema.MemberEnd() && found->value.IsObject()) return &found->value;
  }
  return nullptr;
}

Expectation expectation_at(const Value& root, const rapidjson::Pointer& place) {
  Expectation expectation = resolve(root, root);
  for (std::size_t i = 0; i < place.GetTokenCount(); ++i) {
    const Value* next = below(*expectation.schema, place.GetTokens()[i]);
    if (next == nullptr) break;
    expectation = resolve(root, *next);
  }
  return expectation;
}

std::string list_of(const std::vector<std::string_view>& words) {
  std::string list;
  for (const std::string_view word : words) {
    if (!list.empty()) list += ", ";
    list += word;
  }
  return list;
}

// ---------------------------------------------------------------- one message for each keyword

std::string unknown_key(const Expectation& object, std::string_view key) {
  for (const std::string_view later : kLaterKeys) {
    if (key == later) return "this version does not know this key yet";
  }
  std::vector<std::string_view> known;
  const auto properties = object.schema->FindMember("properties");
  if (properties != object.schema->MemberEnd()) {
    for (const auto& property : properties->value.GetObject())
      known.push_back(document::view_of(property.name));
  }
  const std::string near = base::suggestion(key, known);
  return "unknown key" + (near.empty() ? "; expected one of " + list_of(known) : near);
}

std::string missing_key(const Value& root, const Expectation& object, const Value& value) {
  for (const Value& name : (*object.schema)["required"].GetArray()) {
    if (value.HasMember(name)) continue;
    const Expectation missing = resolve(
        root, *below(*object.schema,
                     {name.GetString(), name.GetStringLength(), rapidjson::kPointerInvalidIndex}));
    return "expected the key " + std::string(document::view_of(name)) + ", " + missing.phrase();
  }
  return "expected another key";
}

std::string wrong_choice(const Expectation& expectation, const Value& value) {
  std::vector<std::string_view> known;
  for (const Value& choice : (*expectation.schema)["enum"].GetArray()) {
    if (choice.IsString()) known.push_back(document::view_of(choice));
  }
  std::string message = "expected " + expectation.phrase() + ", got " + describe(value);
  if (!value.IsString()) return message;
  const std::string near = base::suggestion(document::view_of(value), known);
  if (!near.empty()) return message + near;
  // The phrase itself names them all where they are few; where they are very many, nobody reads
  // them.
  constexpr std::size_t kMostListed = 20;
  const bool names_all = expectation.phrase().find(" such as ") == std::string::npos;
  if (names_all || known.size() > kMostListed) return message;
  return message + "; expected one of " + list_of(known);
}

std::string wrong_value(const Expectation& expectation, const Value& value,
                        std::string_view keyword) {
  std::string message = "expected " + expectation.phrase();
  const Value& schema = *expectation.schema;
  if (value.IsNumber() && schema.HasMember("minimum") && schema.HasMember("maximum")) {
    message += " from " + std::to_string(schema["minimum"].GetInt64()) + " to " +
               std::to_string(schema["maximum"].GetInt64());
  }
  if (keyword == "maxLength") {
    message += " (at most " + std::to_string(schema["maxLength"].GetUint()) + " characters)";
  }
  if (keyword == "maxItems") {
    message += " (at most " + std::to_string(schema["maxItems"].GetUint()) + " of them)";
  }
  return message + ", got " + describe(value);
}

std::string pointer_text(const rapidjson::Pointer& pointer) {
  rapidjson::StringBuffer buffer;
  pointer.Stringify(buffer);
  return {buffer.GetString(), buffer.GetSize()};
}

base::Error explain(const document::Document& document, const Value& root,
                    const rapidjson::Pointer& place, std::string_view keyword) {
  const std::string pointer = pointer_text(place);
  const auto error = [&](const std::string& message) {
    return base::Error{place_of(document.value, pointer) + ": " + message, document.file,
                       document.line_of(pointer)};
  };
  if (keyword == "additionalProperties" && place.GetTokenCount() > 0) {
    const auto& key = place.GetTokens()[place.GetTokenCount() - 1];
    const rapidjson::Pointer parent(place.GetTokens(), place.GetTokenCount() - 1);
    return error(unknown_key(expectation_at(root, parent), {key.name, key.length}));
  }
  const Expectation expectation = expectation_at(root, place);
  const Value* value = place.Get(document.value);
  if (value == nullptr) return error("expected " + expectation.phrase());
  if (keyword == "required") return error(missing_key(root, expectation, *value));
  if (keyword == "enum") return error(wrong_choice(expectation, *value));
  return error(wrong_value(expectation, *value, keyword));
}

}  // namespace

std::optional<base::Error> validate(const document::Document& document) {
  static const rapidjson::Document schema = document::parse_json(embedded::config_schema);
  static const rapidjson::SchemaDocument compiled(schema);
  rapidjson::SchemaValidator validator(compiled);
  if (document.value.Accept(validator)) return {};
  const char* keyword = validator.GetInvalidSchemaKeyword();
  return explain(document, schema, validator.GetInvalidDocumentPointer(),
                 keyword == nullptr ? "" : keyword);
}

}  // namespace intermission::catalog
