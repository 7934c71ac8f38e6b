// All that is demanded of one value: the schemas that it must satisfy at once, seen as one.
// References and allOf are resolved; of oneOf and anyOf one alternative is taken in when it has
// been chosen.
//
//   SchemaView view(files, SchemaDialect::kOpenApi30);
//   view.add(schema);
//   view.properties();      // of all of them, in order
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "openapi/api_files.h"
#include "openapi/schema_check.h"

namespace intermission::openapi {

/// Types of JSON, as bits.
enum JsonTypes : std::uint8_t {
  kNoType = 0,
  kNullType = 1,
  kBooleanType = 2,
  kNumberType = 4,
  kIntegerType = 8,
  kStringType = 16,
  kArrayType = 32,
  kObjectType = 64,
  kEveryType = 127,
};

class SchemaView {
 public:
  SchemaView(const ApiFiles& files, SchemaDialect dialect) : files_(&files), dialect_(dialect) {}

  /// Takes in a schema, what it refers to and what its allOf lists.
  void add(ApiNode schema);

  /// What a value of this may be. Where no `type` says so, other keywords tell; if none does,
  /// every type.
  std::uint8_t types() const;
  bool may_be_null() const;
  /// Whether `false` is among the schemas: no value is valid.
  bool forbids_everything() const;

  const std::vector<ApiNode>& parts() const { return parts_; }
  bool empty() const { return parts_.empty(); }

  /// The first of that keyword, in the order in which the schemas were added.
  ApiNode first(std::string_view keyword) const;
  /// The largest of a lower bound, the smallest of an upper one.
  std::optional<double> greatest(std::string_view keyword) const;
  std::optional<double> least(std::string_view keyword) const;

  struct Property {
    std::string_view name;
    std::vector<ApiNode> schemas;
    bool required = false;
  };
  /// Declared ones, and required ones that are not declared, which have no schemas.
  std::vector<Property> properties() const;
  bool forbids_others() const;

  /// The oneOf and anyOf lists from which no alternative has been taken in yet.
  std::vector<ApiNode> open_choices() const;
  /// Takes in an alternative of an open choice.
  void choose(ApiNode choice, ApiNode alternative);

  /// Demands a member of an object.
  void require(std::string_view name) { extra_required_.push_back(name); }
  /// Demands what `dependentRequired`, `dependentSchemas` and `dependencies` do beside the members
  /// that a value has. Whether that is anything new.
  bool add_dependents(const rapidjson::Value& object);

  /// The first schema with an `if` that has not been decided yet; absent if there is none.
  ApiNode open_condition() const;
  /// Decides it: what `then` or `else` says is demanded, and what `if` says where it holds.
  void decide(ApiNode conditional, bool holds);

  /// Whether what is demanded of an object may depend on its members.
  bool is_conditional() const;

  /// The last name in the references that led here; empty without any.
  std::string_view reference_name() const { return reference_name_; }

 private:
  void add(ApiNode schema, int depth);
  void add_properties(ApiNode part, std::vector<Property>& properties) const;

  const ApiFiles* files_;
  SchemaDialect dialect_;
  std::vector<ApiNode> parts_;
  std::vector<const rapidjson::Value*> chosen_;  // lists of alternatives, and decided conditions
  std::vector<std::string_view> extra_required_;
  std::string_view reference_name_;
};

/// The last segment of a reference: "#/components/schemas/Error" names "Error".
std::string_view name_in_reference(std::string_view reference);

}  // namespace intermission::openapi
