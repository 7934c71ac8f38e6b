#include "openapi/schema_check.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "openapi/schema_pattern.h"

namespace intermission::openapi {
namespace {

bool is_integer(const rapidjson::Value& number) {
  return !number.IsDouble() || std::floor(number.GetDouble()) == number.GetDouble();
}

// Integers beyond 2^53 are compared exactly, which doubles cannot do.
int compare(const rapidjson::Value& a, const rapidjson::Value& b) {
  const auto order = [](auto x, auto y) { return x < y ? -1 : x > y ? 1 : 0; };
  if (a.IsInt64() && b.IsInt64()) return order(a.GetInt64(), b.GetInt64());
  if (a.IsUint64() && b.IsUint64()) return order(a.GetUint64(), b.GetUint64());
  // A double of that size is an integer.
  constexpr double kExact = 9007199254740992;
  const auto as_integer = [](const rapidjson::Value& number) -> std::optional<std::int64_t> {
    if (number.IsInt64()) return number.GetInt64();
    const double value = number.GetDouble();
    const bool is_held = std::abs(value) >= kExact && std::abs(value) < 9.2e18;
    return is_held ? std::optional(static_cast<std::int64_t>(value)) : std::nullopt;
  };
  const auto x = as_integer(a);
  const auto y = as_integer(b);
  if (x && y) return order(*x, *y);
  return order(a.GetDouble(), b.GetDouble());
}

bool is_multiple(const rapidjson::Value& value, const rapidjson::Value& step) {
  constexpr double kNearly = 1e-9;
  if (step.GetDouble() <= 0) return true;
  if (value.IsInt64() && step.IsInt64()) return value.GetInt64() % step.GetInt64() == 0;
  const double steps = value.GetDouble() / step.GetDouble();
  return std::abs(steps - std::round(steps)) <= kNearly;
}

bool is_of_type(const rapidjson::Value& value, std::string_view type) {
  if (type == "object") return value.IsObject();
  if (type == "array") return value.IsArray();
  if (type == "string") return value.IsString();
  if (type == "boolean") return value.IsBool();
  if (type == "null") return value.IsNull();
  if (type == "number") return value.IsNumber();
  if (type == "integer") return value.IsNumber() && is_integer(value);
  return true;
}

std::optional<std::size_t> count_at(ApiNode schema, std::string_view key) {
  const ApiNode limit = schema[key];
  if (!limit || !limit.value->IsNumber() || limit.value->GetDouble() < 0) return {};
  return static_cast<std::size_t>(limit.value->GetDouble());
}

bool contains(const rapidjson::Value& list, const rapidjson::Value& value) {
  return std::any_of(list.Begin(), list.End(), [&](const auto& item) { return item == value; });
}

bool has_duplicates(const rapidjson::Value& list) {
  for (auto i = list.Begin(); i != list.End(); ++i) {
    for (auto j = list.Begin(); j != i; ++j) {
      if (*i == *j) return true;
    }
  }
  return false;
}

}  // namespace

std::optional<std::string> SchemaCheck::problem(ApiNode schema, const rapidjson::Value& value) {
  place_.clear();
  steps_ = 0;
  return check(schema, value);
}

SchemaCheck::Problem SchemaCheck::at_place(const std::string& what) const {
  return (place_.empty() ? "the body" : base::printable(place_)) + ": expected " + what;
}

// A schema may lead back to itself for one and the same value (allOf), which nothing satisfies.
SchemaCheck::Problem SchemaCheck::check(ApiNode schema, const rapidjson::Value& value) {
  if (++steps_ > kMostSteps || depth_ >= kMaxDepth) {
    return at_place("a schema that can be checked in bounded time");
  }
  ++depth_;
  Problem wrong = check_schema(schema, value);
  --depth_;
  return wrong;
}

SchemaCheck::Problem SchemaCheck::check_schema(ApiNode schema, const rapidjson::Value& value) {
  if (!schema) return {};
  if (schema.value->IsFalse()) return at_place("nothing here");
  if (!reference_of(schema).empty()) {
    const ApiNode target = files_.target(schema);
    if (target == schema) return at_place("a schema whose reference leads somewhere");
    if (auto wrong = check(target, value)) return wrong;
    // Before 3.1 nothing beside a reference counts.
    if (dialect_ != SchemaDialect::kOpenApi31) return {};
  }
  return check_keywords(schema, value);
}

SchemaCheck::Problem SchemaCheck::check_keywords(ApiNode schema, const rapidjson::Value& value) {
  if (value.IsNull() && (schema["nullable"].is_true() || schema["x-nullable"].is_true())) return {};
  if (auto wrong = check_type(schema, value)) return wrong;
  if (auto wrong = check_choices(schema, value)) return wrong;
  if (auto wrong = check_condition(schema, value)) return wrong;
  if (value.IsNumber()) return check_number(schema, value);
  if (value.IsString()) return check_text(schema, text_of(value));
  if (value.IsArray()) return check_list(schema, value);
  if (value.IsObject()) return check_object(schema, value);
  return {};
}

SchemaCheck::Problem SchemaCheck::check_type(ApiNode schema, const rapidjson::Value& value) const {
  if (const ApiNode type = schema["type"]) {
    if (type.value->IsString() && !is_of_type(value, type.text())) {
      return at_place("type " + base::printable(type.text()));
    }
    if (type.value->IsArray() &&
        std::none_of(type.value->Begin(), type.value->End(),
                     [&](const auto& one) { return is_of_type(value, text_of(one)); })) {
      return at_place("one of the types");
    }
  }
  if (const ApiNode one = schema["const"]; one && *one.value != value) {
    return at_place("the value that const says");
  }
  const ApiNode several = schema["enum"];
  if (several && several.value->IsArray() && !contains(*several.value, value)) {
    return at_place("one of the values that enum lists");
  }
  return {};
}

SchemaCheck::Problem SchemaCheck::check_choices(ApiNode schema, const rapidjson::Value& value) {
  const auto alternatives = [&](std::string_view key) {
    const ApiNode list = schema[key];
    return list && list.value->IsArray() ? list : ApiNode{};
  };
  if (const ApiNode all = alternatives("allOf")) {
    for (const auto& part : all.value->GetArray()) {
      if (auto wrong = check({schema.file, &part}, value)) return wrong;
    }
  }
  const auto fitting = [&](ApiNode list) {
    std::size_t count = 0;
    for (const auto& part : list.value->GetArray()) {
      if (!check({schema.file, &part}, value)) ++count;
    }
    return count;
  };
  if (const ApiNode any = alternatives("anyOf"); any && fitting(any) == 0) {
    return at_place("what any alternative of anyOf says");
  }
  if (const ApiNode one = alternatives("oneOf")) {
    const std::size_t count = fitting(one);
    if (count == 0) return at_place("what one alternative of oneOf says");
    if (count > 1) return at_place("what only one alternative of oneOf allows");
  }
  if (const ApiNode no = schema["not"]; no && !check(no, value)) {
    return at_place("what the schema under not does not allow");
  }
  return {};
}

SchemaCheck::Problem SchemaCheck::check_condition(ApiNode schema, const rapidjson::Value& value) {
  const ApiNode condition = schema["if"];
  if (!condition) return {};
  return check(schema[check(condition, value) ? "else" : "then"], value);
}

SchemaCheck::Problem SchemaCheck::check_number(ApiNode schema,
                                               const rapidjson::Value& value) const {
  // Less than 0 where the value is below the limit; nothing where there is no limit.
  const auto against = [&](std::string_view key) -> std::optional<int> {
    const ApiNode found = schema[key];
    if (!found || !found.value->IsNumber()) return {};
    return compare(value, *found.value);
  };
  const auto least = against("minimum");
  const auto most = against("maximum");
  if (least && (*least < 0 || (schema["exclusiveMinimum"].is_true() && *least == 0))) {
    return at_place("a larger number");
  }
  if (most && (*most > 0 || (schema["exclusiveMaximum"].is_true() && *most == 0))) {
    return at_place("a smaller number");
  }
  if (const auto above = against("exclusiveMinimum"); above && *above <= 0) {
    return at_place("a larger number");
  }
  if (const auto below = against("exclusiveMaximum"); below && *below >= 0) {
    return at_place("a smaller number");
  }
  const ApiNode step = schema["multipleOf"];
  if (step && step.value->IsNumber() && !is_multiple(value, *step.value)) {
    return at_place("a multiple of multipleOf");
  }
  return {};
}

SchemaCheck::Problem SchemaCheck::check_text(ApiNode schema, std::string_view text) {
  const std::size_t size = count_characters(text);
  if (const auto least = count_at(schema, "minLength"); least && size < *least) {
    return at_place("a string of at least " + std::to_string(*least) + " characters");
  }
  if (const auto most = count_at(schema, "maxLength"); most && size > *most) {
    return at_place("a string of at most " + std::to_string(*most) + " characters");
  }
  if (const ApiNode pattern = schema["pattern"]; pattern && pattern.value->IsString()) {
    const auto compiled = SchemaPattern::parse(pattern.text());
    if (!compiled) {
      unknown_patterns_.emplace(pattern.text());
      return at_place("a pattern that is understood here");
    }
    if (!compiled->matches(text)) return at_place("a string that matches the pattern");
  }
  const std::string_view format = schema["format"].text();
  if (!has_format(text, format)) {
    return at_place("a string of the format " + base::printable(format));
  }
  return {};
}

SchemaCheck::Problem SchemaCheck::check_list(ApiNode schema, const rapidjson::Value& value) {
  if (const auto least = count_at(schema, "minItems"); least && value.Size() < *least) {
    return at_place("at least " + std::to_string(*least) + " items");
  }
  if (const auto most = count_at(schema, "maxItems"); most && value.Size() > *most) {
    return at_place("at most " + std::to_string(*most) + " items");
  }
  if (schema["uniqueItems"].is_true() && has_duplicates(value)) return at_place("no item twice");
  if (const ApiNode wanted = schema["contains"]) {
    const auto count = static_cast<std::size_t>(std::count_if(
        value.Begin(), value.End(), [&](const auto& item) { return !check(wanted, item); }));
    if (count < count_at(schema, "minContains").value_or(1)) {
      return at_place("an item such as contains says");
    }
    if (const auto most = count_at(schema, "maxContains"); most && count > *most) {
      return at_place("fewer items such as contains says");
    }
  }
  return check_items(schema, value);
}

SchemaCheck::Problem SchemaCheck::check_items(ApiNode schema, const rapidjson::Value& value) {
  const ApiNode items = schema["items"];
  ApiNode prefix = schema["prefixItems"];
  ApiNode rest = items;
  if (items && items.value->IsArray()) {  // before 2020-12
    prefix = items;
    rest = schema["additionalItems"];
  }
  const std::size_t listed = prefix && prefix.value->IsArray() ? prefix.value->Size() : 0;
  const std::size_t size = place_.size();
  for (rapidjson::SizeType i = 0; i < value.Size(); ++i) {
    document::append_pointer(place_, std::size_t{i});
    const ApiNode item = i < listed ? ApiNode{schema.file, &(*prefix.value)[i]} : rest;
    if (auto wrong = check(item, value[i])) return wrong;
    place_.resize(size);
  }
  return {};
}

SchemaCheck::Problem SchemaCheck::check_object(ApiNode schema, const rapidjson::Value& value) {
  if (const auto least = count_at(schema, "minProperties"); least && value.MemberCount() < *least) {
    return at_place("at least " + std::to_string(*least) + " members");
  }
  if (const auto most = count_at(schema, "maxProperties"); most && value.MemberCount() > *most) {
    return at_place("at most " + std::to_string(*most) + " members");
  }
  if (const ApiNode required = schema["required"]; required && required.value->IsArray()) {
    for (const auto& name : required.value->GetArray()) {
      if (name.IsString() && !value.HasMember(name)) {
        return at_place("a member " + base::printable(text_of(name)));
      }
    }
  }
  if (auto wrong = check_dependents(schema, value)) return wrong;
  return check_members(schema, value);
}

SchemaCheck::Problem SchemaCheck::check_dependents(ApiNode schema, const rapidjson::Value& value) {
  for (const char* keyword : {"dependentRequired", "dependentSchemas", "dependencies"}) {
    const ApiNode rules = schema[keyword];
    if (!rules.is_object()) continue;
    for (const auto& rule : rules.value->GetObject()) {
      if (!value.HasMember(rule.name)) continue;
      if (!rule.value.IsArray()) {
        if (auto wrong = check({schema.file, &rule.value}, value)) return wrong;
        continue;
      }
      for (const auto& name : rule.value.GetArray()) {
        if (name.IsString() && !value.HasMember(name)) {
          return at_place("a member " + base::printable(text_of(name)) + " next to " +
                          base::printable(text_of(rule.name)));
        }
      }
    }
  }
  return {};
}

SchemaCheck::Problem SchemaCheck::check_members(ApiNode schema, const rapidjson::Value& value) {
  const ApiNode properties = files_.target(schema["properties"]);
  const ApiNode patterns = schema["patternProperties"];
  const ApiNode names = schema["propertyNames"];
  const ApiNode additional = schema["additionalProperties"];
  const std::size_t size = place_.size();
  for (const auto& member : value.GetObject()) {
    document::append_pointer(place_, text_of(member.name));
    if (auto wrong = check(names, member.name)) return wrong;
    const ApiNode property = properties[text_of(member.name)];
    bool known = static_cast<bool>(property);
    if (auto wrong = check(property, member.value)) return wrong;
    if (patterns.is_object()) {
      for (const auto& pattern : patterns.value->GetObject()) {
        const auto compiled = SchemaPattern::parse(text_of(pattern.name));
        if (!compiled || !compiled->matches(text_of(member.name))) continue;
        known = true;
        if (auto wrong = check({schema.file, &pattern.value}, member.value)) return wrong;
      }
    }
    if (!known) {
      if (auto wrong = check(additional, member.value)) return wrong;
    }
    place_.resize(size);
  }
  return {};
}

}  // namespace intermission::openapi
