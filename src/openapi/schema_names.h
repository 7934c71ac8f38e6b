// The names that schemas of one file have beside their places: `$id`, `$anchor` and
// `$dynamicAnchor` of JSON Schema 2020-12 (§8.2), `id` and `#name` of draft 4 to 7, `$self` of
// OpenAPI 3.2.
//
//   const SchemaNames names(document);
//   names.find("", "#error");                              // the pointer of { $anchor: error }
//   names.find(names.base_of("/components/schemas/A"), "b.json")   // of { $id: ".../b.json" }
#pragma once

#include <rapidjson/document.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace intermission::openapi {

/// Immutable once made; any thread.
class SchemaNames {
 public:
  SchemaNames() = default;
  explicit SchemaNames(const rapidjson::Value& document);

  /// The URI against which references at a place are resolved: the `$id` around it, or nothing.
  std::string base_of(std::string_view pointer) const;

  /// The JSON Pointer of what a reference names, seen from a schema whose URI is `base`; nothing if
  /// no schema has that name.
  std::optional<std::string> find(const std::string& base, std::string_view reference) const;

 private:
  void walk(const rapidjson::Value& value, std::string& pointer, const std::string& base);
  void name(const rapidjson::Value& schema, const std::string& pointer, std::string& base);

  std::map<std::string, std::string> bases_;     // pointer → URI without fragment
  std::map<std::string, std::string> pointers_;  // URI, with an anchor or without → pointer
  const rapidjson::Value* document_ = nullptr;
};

/// A reference against a base URI (RFC 3986 §5.2), the fragment apart.
std::string resolve_uri(std::string_view base, std::string_view reference);

}  // namespace intermission::openapi
