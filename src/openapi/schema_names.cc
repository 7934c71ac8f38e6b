#include "openapi/schema_names.h"

#include <rapidjson/pointer.h>

#include "document/document.h"
#include "http/target.h"

namespace intermission::openapi {
namespace {

std::string_view text_at(const rapidjson::Value& object, const char* key) {
  const auto found = object.FindMember(key);
  if (found == object.MemberEnd() || !found->value.IsString()) return {};
  return {found->value.GetString(), found->value.GetStringLength()};
}

std::string_view without_fragment(std::string_view uri) {
  return uri.substr(0, uri.find('#'));
}

bool is_absolute(std::string_view uri) {
  const auto colon = uri.find(':');
  return colon != std::string_view::npos && colon < uri.find('/') && colon < uri.find('#');
}

// Where the path of a URI begins: behind "scheme://authority".
std::size_t start_of_path(std::string_view uri) {
  const auto scheme = uri.find("://");
  if (scheme == std::string_view::npos) {
    return is_absolute(uri) ? uri.find(':') + 1 : 0;
  }
  return std::min(uri.find('/', scheme + 3), uri.size());
}

}  // namespace

std::string resolve_uri(std::string_view base, std::string_view reference) {
  base = without_fragment(base);
  reference = without_fragment(reference);
  if (reference.empty()) return std::string(base);
  if (is_absolute(reference)) return std::string(reference);
  const std::size_t path = start_of_path(base);
  if (reference.starts_with("//")) {
    return std::string(base.substr(0, base.find(':') + 1)) + std::string(reference);
  }
  if (reference.starts_with('/')) {
    return std::string(base.substr(0, path)) + http::remove_dot_segments(reference);
  }
  const auto slash = base.rfind('/');
  const std::string_view folder = slash == std::string_view::npos || slash < path
                                      ? std::string_view("")
                                      : base.substr(path, slash + 1 - path);
  const std::string whole = std::string(folder) + std::string(reference);
  return std::string(base.substr(0, path)) +
         (whole.starts_with('/') ? http::remove_dot_segments(whole) : whole);
}

SchemaNames::SchemaNames(const rapidjson::Value& document) : document_(&document) {
  std::string pointer;
  std::string base;
  if (document.IsObject()) {
    if (const auto self = text_at(document, "$self"); !self.empty()) base = without_fragment(self);
  }
  walk(document, pointer, base);
}

void SchemaNames::name(const rapidjson::Value& schema, const std::string& pointer,
                       std::string& base) {
  for (const char* key : {"$id", "id"}) {
    const std::string_view id = text_at(schema, key);
    if (id.empty()) continue;
    // `id` is a member of many things that are no schema.
    const bool is_old = key[0] != '$';
    if (id.starts_with('#')) {
      pointers_.try_emplace(base + std::string(id), pointer);
    } else if (!is_old || is_absolute(id)) {
      base = resolve_uri(base, id);
      bases_[pointer] = base;
      pointers_.try_emplace(base, pointer);
    }
  }
  for (const char* key : {"$anchor", "$dynamicAnchor"}) {
    const std::string_view anchor = text_at(schema, key);
    if (!anchor.empty()) pointers_.try_emplace(base + "#" + std::string(anchor), pointer);
  }
}

void SchemaNames::walk(const rapidjson::Value& value, std::string& pointer,
                       const std::string& around) {
  const std::size_t size = pointer.size();
  if (value.IsArray()) {
    for (rapidjson::SizeType i = 0; i < value.Size(); ++i) {
      document::append_pointer(pointer, std::size_t{i});
      walk(value[i], pointer, around);
      pointer.resize(size);
    }
    return;
  }
  if (!value.IsObject()) return;
  std::string base = around;
  name(value, pointer, base);
  for (const auto& member : value.GetObject()) {
    document::append_pointer(pointer, {member.name.GetString(), member.name.GetStringLength()});
    walk(member.value, pointer, base);
    pointer.resize(size);
  }
}

std::string SchemaNames::base_of(std::string_view pointer) const {
  while (true) {
    const auto found = bases_.find(std::string(pointer));
    if (found != bases_.end()) return found->second;
    if (pointer.empty()) return "";
    pointer = pointer.substr(0, pointer.rfind('/'));
  }
}

std::optional<std::string> SchemaNames::find(const std::string& base,
                                             std::string_view reference) const {
  const auto hash = reference.find('#');
  const std::string uri = resolve_uri(base, reference);
  const std::string fragment =
      hash == std::string_view::npos ? "" : http::decode_path(reference.substr(hash + 1));
  if (fragment.empty() || fragment.front() != '/') {
    const auto found = pointers_.find(fragment.empty() ? uri : uri + "#" + fragment);
    if (found == pointers_.end()) return {};
    return found->second;
  }
  // A pointer that starts at the schema of that name.
  const auto found = pointers_.find(uri);
  if (found == pointers_.end() || document_ == nullptr) return {};
  const std::string whole = found->second + fragment;
  const rapidjson::Pointer pointer(whole);
  if (!pointer.IsValid() || pointer.Get(*document_) == nullptr) return {};
  return whole;
}

}  // namespace intermission::openapi
