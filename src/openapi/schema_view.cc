#include "openapi/schema_view.h"

#include <algorithm>
#include <array>

namespace intermission::openapi {
namespace {

constexpr int kMaxViewDepth = 60;
constexpr std::size_t kMaxParts = 200;
constexpr std::size_t kMaxProperties = 1000;

std::uint8_t type_named(std::string_view name) {
  if (name == "null") return kNullType;
  if (name == "boolean") return kBooleanType;
  if (name == "integer") return kIntegerType;
  if (name == "number") return kNumberType | kIntegerType;
  if (name == "string" || name == "file") return kStringType;
  if (name == "array") return kArrayType;
  if (name == "object") return kObjectType;
  return kEveryType;
}

std::uint8_t types_said(ApiNode part) {
  const ApiNode type = part["type"];
  if (!type) return kEveryType;
  if (type.value->IsString()) return type_named(type.text());
  if (!type.value->IsArray()) return kEveryType;
  std::uint8_t types = kNoType;
  for (const auto& one : type.value->GetArray()) types |= type_named(text_of(one));
  return types;
}

// Keywords that speak of one type only.
std::uint8_t types_hinted(ApiNode part) {
  constexpr std::array<std::pair<std::string_view, std::uint8_t>, 12> kHints = {{
      {"properties", kObjectType},
      {"additionalProperties", kObjectType},
      {"required", kObjectType},
      {"items", kArrayType},
      {"minItems", kArrayType},
      {"minLength", kStringType},
      {"maxLength", kStringType},
      {"pattern", kStringType},
      {"minimum", kNumberType | kIntegerType},
      {"maximum", kNumberType | kIntegerType},
      {"multipleOf", kNumberType | kIntegerType},
      {"exclusiveMinimum", kNumberType | kIntegerType},
  }};
  for (const auto& [keyword, types] : kHints) {
    if (part[keyword]) return types;
  }
  return kEveryType;
}

}  // namespace

std::string_view name_in_reference(std::string_view reference) {
  const auto slash = reference.find_last_of("/#");
  std::string_view name = slash == std::string_view::npos ? reference : reference.substr(slash + 1);
  return name.substr(0, name.find(".yaml"));
}

void SchemaView::add(ApiNode schema) {
  add(schema, 0);
}

void SchemaView::add(ApiNode schema, int depth) {
  if (!schema || depth > kMaxViewDepth || parts_.size() >= kMaxParts) return;
  if (std::find(parts_.begin(), parts_.end(), schema) != parts_.end()) return;
  if (const auto reference = reference_of(schema); !reference.empty()) {
    if (reference_name_.empty()) reference_name_ = name_in_reference(reference);
    const ApiNode target = files_->target(schema);
    // It leads nowhere: kept, so that nothing is taken for valid by it.
    if (target == schema) return parts_.push_back(schema);
    add(target, depth + 1);
    if (dialect_ != SchemaDialect::kOpenApi31) return;
  }
  if (schema.is_object() || schema.value->IsFalse()) parts_.push_back(schema);
  const ApiNode all = schema["allOf"];
  if (!all || !all.value->IsArray()) return;
  for (const auto& part : all.value->GetArray()) add({schema.file, &part}, depth + 1);
}

std::uint8_t SchemaView::types() const {
  std::uint8_t said = kEveryType;
  std::uint8_t hinted = kEveryType;
  for (const ApiNode part : parts_) {
    said &= types_said(part);
    hinted &= types_hinted(part);
  }
  return (said & hinted) != kNoType ? said & hinted : said;
}

// Said, not only not forbidden: clients do not expect what is nowhere mentioned.
bool SchemaView::may_be_null() const {
  const auto is_nullable = [](ApiNode part) {
    return part["nullable"].is_true() || part["x-nullable"].is_true();
  };
  const auto allows = [&](ApiNode part) {
    return is_nullable(part) || (types_said(part) & kNullType) != 0;
  };
  const auto says = [&](ApiNode part) {
    return is_nullable(part) || (part["type"] && (types_said(part) & kNullType) != 0);
  };
  return std::ranges::all_of(parts_, allows) && std::ranges::any_of(parts_, says);
}

bool SchemaView::forbids_everything() const {
  return std::any_of(parts_.begin(), parts_.end(),
                     [](ApiNode part) { return part.value->IsFalse(); });
}

ApiNode SchemaView::first(std::string_view keyword) const {
  for (const ApiNode part : parts_) {
    if (const ApiNode found = part[keyword]) return found;
  }
  return {};
}

std::optional<double> SchemaView::greatest(std::string_view keyword) const {
  std::optional<double> found;
  for (const ApiNode part : parts_) {
    const ApiNode bound = part[keyword];
    if (!bound || !bound.value->IsNumber()) continue;
    found = std::max(found.value_or(bound.value->GetDouble()), bound.value->GetDouble());
  }
  return found;
}

std::optional<double> SchemaView::least(std::string_view keyword) const {
  std::optional<double> found;
  for (const ApiNode part : parts_) {
    const ApiNode bound = part[keyword];
    if (!bound || !bound.value->IsNumber()) continue;
    found = std::min(found.value_or(bound.value->GetDouble()), bound.value->GetDouble());
  }
  return found;
}

void SchemaView::add_properties(ApiNode part, std::vector<Property>& properties) const {
  const auto named = [&](std::string_view name) -> Property* {
    const auto found = std::find_if(properties.begin(), properties.end(),
                                    [&](const Property& one) { return one.name == name; });
    if (found != properties.end()) return &*found;
    if (properties.size() >= kMaxProperties) return nullptr;
    properties.push_back({name, {}, false});
    return &properties.back();
  };
  if (const ApiNode declared = files_->target(part["properties"]); declared.is_object()) {
    for (const auto& member : declared.value->GetObject()) {
      if (Property* property = named(text_of(member.name))) {
        property->schemas.push_back({part.file, &member.value});
      }
    }
  }
  if (const ApiNode required = part["required"]; required && required.value->IsArray()) {
    for (const auto& name : required.value->GetArray()) {
      if (!name.IsString()) continue;
      if (Property* property = named(text_of(name))) property->required = true;
    }
  }
}

std::vector<SchemaView::Property> SchemaView::properties() const {
  std::vector<Property> properties;
  for (const ApiNode part : parts_) add_properties(part, properties);
  for (const std::string_view name : extra_required_) {
    const auto found = std::find_if(properties.begin(), properties.end(),
                                    [&](const Property& one) { return one.name == name; });
    if (found == properties.end()) {
      properties.push_back({name, {}, true});
    } else {
      found->required = true;
    }
  }
  return properties;
}

bool SchemaView::is_conditional() const {
  constexpr std::array<std::string_view, 4> kKeywords = {"if", "dependentRequired",
                                                         "dependentSchemas", "dependencies"};
  return std::any_of(parts_.begin(), parts_.end(), [&](ApiNode part) {
    return std::any_of(kKeywords.begin(), kKeywords.end(),
                       [&](std::string_view keyword) { return static_cast<bool>(part[keyword]); });
  });
}

bool SchemaView::add_dependents(const rapidjson::Value& object) {
  const std::size_t before = parts_.size() + extra_required_.size();
  const std::vector<ApiNode> parts = parts_;
  for (const ApiNode part : parts) {
    for (const char* keyword : {"dependentRequired", "dependentSchemas", "dependencies"}) {
      const ApiNode rules = part[keyword];
      if (!rules.is_object()) continue;
      for (const auto& rule : rules.value->GetObject()) {
        if (!object.HasMember(rule.name)) continue;
        if (!rule.value.IsArray()) {
          add({rules.file, &rule.value});
          continue;
        }
        for (const auto& name : rule.value.GetArray()) {
          if (name.IsString() && !object.HasMember(name)) require(text_of(name));
        }
      }
    }
  }
  return parts_.size() + extra_required_.size() > before;
}

ApiNode SchemaView::open_condition() const {
  for (const ApiNode part : parts_) {
    const ApiNode condition = part["if"];
    if (condition && std::find(chosen_.begin(), chosen_.end(), condition.value) == chosen_.end()) {
      return part;
    }
  }
  return {};
}

void SchemaView::decide(ApiNode conditional, bool holds) {
  chosen_.push_back(conditional["if"].value);
  if (holds) add(conditional["if"]);
  add(conditional[holds ? "then" : "else"]);
}

bool SchemaView::forbids_others() const {
  return std::any_of(parts_.begin(), parts_.end(), [](ApiNode part) {
    const ApiNode additional = part["additionalProperties"];
    const ApiNode unevaluated = part["unevaluatedProperties"];
    return (additional && additional.value->IsFalse()) ||
           (unevaluated && unevaluated.value->IsFalse());
  });
}

std::vector<ApiNode> SchemaView::open_choices() const {
  std::vector<ApiNode> open;
  for (const ApiNode part : parts_) {
    for (const char* keyword : {"oneOf", "anyOf"}) {
      const ApiNode choice = part[keyword];
      if (!choice || !choice.value->IsArray()) continue;
      if (std::find(chosen_.begin(), chosen_.end(), choice.value) == chosen_.end()) {
        open.push_back(choice);
      }
    }
  }
  return open;
}

void SchemaView::choose(ApiNode choice, ApiNode alternative) {
  chosen_.push_back(choice.value);
  add(alternative);
}

}  // namespace intermission::openapi
