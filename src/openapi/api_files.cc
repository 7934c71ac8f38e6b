#include "openapi/api_files.h"

#include <rapidjson/pointer.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "base/text.h"
#include "http/target.h"

namespace intermission::openapi {
namespace {

namespace fs = std::filesystem;

// Schemas in schemas; deeper ones are bounded by the document reader already, but references
// add to it.
constexpr int kMaxWalkDepth = 1000;

std::string canonical_path(const fs::path& path) {
  std::error_code failed;
  const fs::path found = fs::weakly_canonical(path, failed);
  return failed ? std::string() : found.string();
}

std::string with_end_slash(std::string folder) {
  if (!folder.ends_with('/')) folder += '/';
  return folder;
}

// The pointer of the first string that is longer than any description needs to be.
std::optional<std::string> find_long_text(const rapidjson::Value& value, std::string& pointer) {
  if (value.IsString() && value.GetStringLength() > kMaxApiText) return pointer;
  const std::size_t size = pointer.size();
  if (value.IsObject()) {
    for (const auto& member : value.GetObject()) {
      document::append_pointer(pointer, text_of(member.name));
      if (auto found = find_long_text(member.value, pointer)) return found;
      pointer.resize(size);
    }
  } else if (value.IsArray()) {
    for (rapidjson::SizeType i = 0; i < value.Size(); ++i) {
      document::append_pointer(pointer, std::size_t{i});
      if (auto found = find_long_text(value[i], pointer)) return found;
      pointer.resize(size);
    }
  }
  return {};
}

// Members of a schema that hold data, not schemas.
bool holds_data(std::string_view key) {
  return key == "example" || key == "examples" || key == "default" || key == "enum" ||
         key == "const" || key == "required" || key.starts_with("x-");
}

// Members of a schema that hold schemas by name.
bool holds_map(std::string_view key) {
  return key == "properties" || key == "patternProperties" || key == "dependentSchemas" ||
         key == "definitions" || key == "$defs";
}

}  // namespace

std::string_view text_of(const rapidjson::Value& value) {
  return value.IsString() ? std::string_view(value.GetString(), value.GetStringLength())
                          : std::string_view();
}

ApiNode ApiNode::operator[](std::string_view key) const {
  if (!is_object()) return {};
  const rapidjson::Value name(rapidjson::StringRef(key.data(), key.size()));
  const auto found = value->FindMember(name);
  if (found == value->MemberEnd()) return {};
  return {file, &found->value};
}

std::string_view ApiNode::text() const {
  return value == nullptr ? std::string_view() : text_of(*value);
}

ApiPlace ApiPlace::operator[](std::string_view key) const {
  ApiPlace inner{node[key], pointer};
  document::append_pointer(inner.pointer, key);
  return inner;
}

ApiPlace ApiPlace::of(const rapidjson::Value::Member& member) const {
  ApiPlace inner{{node.file, &member.value}, pointer};
  document::append_pointer(inner.pointer, text_of(member.name));
  return inner;
}

base::Error ApiPlace::error(std::string message) const {
  return {std::move(message), node.file->name, line()};
}

std::string_view reference_of(ApiNode node) {
  return node["$ref"].text();
}

base::Result<std::unique_ptr<ApiFiles>> ApiFiles::open(const std::string& path,
                                                       const std::string& root_folder) {
  std::unique_ptr<ApiFiles> files(new ApiFiles);
  const std::string whole = canonical_path(path);
  files->folder_ = with_end_slash(fs::path(whole).parent_path().string());
  files->root_folder_ = files->folder_;
  if (!root_folder.empty()) {
    const std::string around = with_end_slash(canonical_path(root_folder));
    if (files->folder_.starts_with(around)) files->root_folder_ = around;
  }
  const auto root = files->read(whole, path);
  if (!root) return root.error();
  files->root_ = *root;
  return files;
}

base::Result<const ApiFile*> ApiFiles::read(const std::string& path, const std::string& name) {
  auto& file = files_[path];
  if (file) return file.get();
  auto document = document::read_document(path, document::Strictness::kLenient);
  if (!document) {
    base::Error error = document.error();
    error.file = name;
    files_.erase(path);
    return error;
  }
  document->file = name;
  std::string pointer;
  if (const auto found = find_long_text(document->value, pointer)) {
    const int line = document->line_of(*found);
    files_.erase(path);
    return base::Error{
        "expected texts of at most " + std::to_string(kMaxApiText) + " bytes, got a longer one",
        name, line};
  }
  file = std::make_unique<ApiFile>(ApiFile{name, path, std::move(*document)});
  return file.get();
}

std::string ApiFiles::described_root() const {
  return root_folder_ == folder_ ? "the document's folder" : "the contract_root " + root_folder_;
}

// The file that the part of a reference before "#" names.
base::Result<const ApiFile*> ApiFiles::file_at(const ApiPlace& place, std::string_view where) {
  const auto wrong = [](const std::string& what) { return base::Error{what, "", 0}; };
  const ApiFile& from = *place.node.file;
  if (where.empty()) return &from;
  if (where.find("://") != std::string_view::npos || where.starts_with("//")) {
    return wrong("expected a place in this document or in a file beside it");
  }
  const std::string path =
      canonical_path(fs::path(from.path).parent_path() / http::decode_path(where));
  if (!path.starts_with(root_folder_)) return wrong("expected a file in " + described_root());
  if (files_.size() >= kMaxApiFiles) {
    return wrong("expected at most " + std::to_string(kMaxApiFiles) + " files");
  }
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored)) return wrong("expected an existing file");
  return read(path,
              fs::path(root_->name).parent_path() / fs::path(path).lexically_relative(folder_));
}

// One step from a reference, which may be a fragment, a file, or both (RFC 3986 §4.1). What leads
// nowhere by its path may be the name that a schema has by `$id` and `$anchor`.
base::Result<ApiPlace> ApiFiles::follow_once(const ApiPlace& place, std::string_view reference) {
  const auto wrong = [&](const std::string& what) {
    return place["$ref"].error("$ref: " + what + ", got \"" + base::printable(reference) + "\"");
  };
  const auto hash = reference.find('#');
  const std::string fragment =
      hash == std::string_view::npos ? "" : http::decode_path(reference.substr(hash + 1));
  const auto file = file_at(place, reference.substr(0, hash));
  if (file && (fragment.empty() || fragment.front() == '/')) {
    const rapidjson::Pointer pointer(fragment);
    const rapidjson::Value* value =
        pointer.IsValid() ? pointer.Get((*file)->document.value) : nullptr;
    if (value != nullptr) return ApiPlace{{*file, value}, fragment};
  }
  if (ApiPlace named = find_by_name(place, reference); named.node) return named;
  if (!file) return file.error().file.empty() ? wrong(file.error().message) : file.error();
  return place["$ref"].error("$ref: \"" + base::printable(reference) + "\" does not exist");
}

ApiPlace ApiFiles::find_by_name(const ApiPlace& place, std::string_view reference) {
  const auto names_of = [&](const ApiFile& file) -> const SchemaNames& {
    const auto [known, is_new] = names_.try_emplace(&file);
    if (is_new) known->second = SchemaNames(file.document.value);
    return known->second;
  };
  const std::string base = names_of(*place.node.file).base_of(place.pointer);
  const auto found_in = [&](const ApiFile& file, const std::string& around) -> ApiPlace {
    const auto pointer = names_of(file).find(around, reference);
    if (!pointer) return {};
    return {{&file, rapidjson::Pointer(*pointer).Get(file.document.value)}, *pointer};
  };
  if (ApiPlace found = found_in(*place.node.file, base); found.node) return found;
  // An anchor in another file, or a schema that another file holds.
  const auto hash = reference.find('#');
  if (const auto file = file_at(place, reference.substr(0, hash)); file && hash != 0) {
    if (hash == std::string_view::npos) return {};
    const auto pointer = names_of(**file).find("", reference.substr(hash));
    if (!pointer) return {};
    return {{*file, rapidjson::Pointer(*pointer).Get((*file)->document.value)}, *pointer};
  }
  for (const ApiFile* file : files()) {
    if (ApiPlace found = found_in(*file, base); found.node) return found;
  }
  return {};
}

std::vector<const ApiFile*> ApiFiles::files() const {
  std::vector<const ApiFile*> files;
  for (const auto& [path, file] : files_) {
    if (file) files.push_back(file.get());
  }
  return files;
}

base::Result<ApiPlace> ApiFiles::follow(ApiPlace place) {
  const ApiPlace start = place;
  for (int i = 0; i < kMaxReferences; ++i) {
    const std::string_view reference = reference_of(place.node);
    if (reference.empty()) {
      if (i > 0) targets_[start.node.value] = place.node;
      return place;
    }
    auto next = follow_once(place, reference);
    if (!next) return next.error();
    place = std::move(*next);
  }
  return start["$ref"].error("$ref: \"" + base::printable(reference_of(start.node)) +
                             "\" leads back to itself");
}

void ApiFiles::note(base::Error problem) {
  const bool is_known = std::any_of(problems_.begin(), problems_.end(), [&](const auto& other) {
    return other.line == problem.line && other.file == problem.file &&
           other.message == problem.message;
  });
  if (!is_known) problems_.push_back(std::move(problem));
}

ApiPlace ApiFiles::resolved(const ApiPlace& place) {
  if (!place.node) return place;
  auto found = follow(place);
  if (found) return *found;
  note(found.error());
  return {};
}

void ApiFiles::follow_all(const ApiPlace& schema) {
  depth_ = 0;
  walk(schema, false);
}

void ApiFiles::walk(const ApiPlace& place, bool is_map) {
  if (!place.node || !(place.node.value->IsObject() || place.node.value->IsArray())) return;
  if (!walked_.emplace(place.node.value, true).second) return;
  if (depth_ >= kMaxWalkDepth) {
    note(place.error("expected at most " + std::to_string(kMaxWalkDepth) +
                     " schemas inside each other"));
    return;
  }
  ++depth_;
  // A map whose member "$ref" is a text is a reference itself: bundlers follow it.
  if (!reference_of(place.node).empty()) {
    if (const ApiPlace target = resolved(place); target.node) walk(target, is_map);
  }
  walk_members(place, is_map);
  --depth_;
}

void ApiFiles::walk_members(const ApiPlace& place, bool is_map) {
  const ApiFile* file = place.node.file;
  if (place.node.value->IsArray()) {
    std::size_t index = 0;
    for (const auto& item : place.node.value->GetArray()) {
      ApiPlace inner{{file, &item}, place.pointer};
      document::append_pointer(inner.pointer, index++);
      walk(inner, false);
    }
    return;
  }
  for (const auto& member : place.node.value->GetObject()) {
    const std::string_view key = text_of(member.name);
    if (!is_map && holds_data(key)) continue;
    ApiPlace inner{{file, &member.value}, place.pointer};
    document::append_pointer(inner.pointer, key);
    walk(inner, !is_map && holds_map(key));
  }
}

ApiNode ApiFiles::target(ApiNode node) const {
  const auto found = targets_.find(node.value);
  return found == targets_.end() ? node : found->second;
}

void ApiFiles::forget_lines() {
  for (auto& [path, file] : files_) {
    file->document.lines.clear();
  }
  walked_.clear();
  names_.clear();
}

}  // namespace intermission::openapi
