#include "catalog/node.h"

#include <filesystem>

#include <algorithm>

#include "base/text.h"
#include "document/json_of.h"

namespace intermission::catalog {
namespace {

constexpr std::size_t kShown = 80;  // bytes of a wrong value; more hides the message

const rapidjson::Value* member(const rapidjson::Value& object, std::string_view key) {
  const rapidjson::Value name(
      rapidjson::StringRef(key.data(), static_cast<rapidjson::SizeType>(key.size())));
  const auto found = object.FindMember(name);
  return found == object.MemberEnd() ? nullptr : &found->value;
}

bool is_plain_key(std::string_view key) {
  return !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return base::is_alpha(c) || base::is_digit(c) || c == '_' || c == '-';
  });
}

std::string unescape(std::string_view token) {
  std::string key;
  for (std::size_t i = 0; i < token.size(); ++i) {
    if (token[i] == '~' && i + 1 < token.size()) {
      key += token[++i] == '1' ? '/' : '~';
    } else {
      key += token[i];
    }
  }
  return key;
}

// One step from `value` down, written the way people write it. `value` may be null, where the
// pointer names what is not there.
const rapidjson::Value* step(const rapidjson::Value* value, std::string_view token,
                             std::string& place) {
  if (value != nullptr && value->IsArray()) {
    const auto index = base::parse_number(token);
    place += '[' + base::printable(token) + ']';
    return index && *index < value->Size() ? &(*value)[static_cast<rapidjson::SizeType>(*index)]
                                           : nullptr;
  }
  const std::string key = unescape(token);
  if (is_plain_key(key)) {
    place += (place.empty() ? "" : ".") + key;
  } else {
    place += (place.empty() ? "\"" : ".\"") + base::printable(key) + '"';
  }
  return value != nullptr && value->IsObject() ? member(*value, key) : nullptr;
}

std::string number_text(const rapidjson::Value& number) {
  return document::json_of(number);
}

}  // namespace

Node Node::operator[](std::string_view key) const {
  std::string pointer = pointer_;
  document::append_pointer(pointer, key);
  const bool is_object = value_ != nullptr && value_->IsObject();
  return {document_, is_object ? member(*value_, key) : nullptr, std::move(pointer)};
}

std::vector<Node> Node::items() const {
  std::vector<Node> nodes;
  if (value_ == nullptr || !value_->IsArray()) return nodes;
  nodes.reserve(value_->Size());
  for (const rapidjson::Value& item : value_->GetArray()) {
    std::string pointer = pointer_;
    document::append_pointer(pointer, nodes.size());
    nodes.push_back({document_, &item, std::move(pointer)});
  }
  return nodes;
}

std::vector<std::pair<std::string_view, Node>> Node::members() const {
  std::vector<std::pair<std::string_view, Node>> nodes;
  if (value_ == nullptr || !value_->IsObject()) return nodes;
  nodes.reserve(value_->MemberCount());
  for (const auto& [name, value] : value_->GetObject()) {
    std::string pointer = pointer_;
    document::append_pointer(pointer, document::view_of(name));
    nodes.emplace_back(document::view_of(name), Node{document_, &value, std::move(pointer)});
  }
  return nodes;
}

std::string_view Node::text() const {
  return value_ != nullptr && value_->IsString() ? document::view_of(*value_) : std::string_view{};
}

std::string Node::path() const {
  return (std::filesystem::path(document_->file).parent_path() / text()).string();
}

NamedFile Node::named_file() const {
  if (text().empty()) return {};
  return {path(), {place(), document_->file, line()}};
}

std::string Node::place() const {
  return place_of(document_->value, pointer_);
}

base::Error Node::error(const std::string& message) const {
  return {place() + ": " + message, document_->file, line()};
}

base::Error Node::expected(std::string_view what) const {
  return error("expected " + std::string(what) + ", got " +
               (value_ == nullptr ? "nothing" : describe(*value_)));
}

std::string place_of(const rapidjson::Value& root, std::string_view pointer) {
  std::string place;
  const rapidjson::Value* value = &root;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const auto slash = pointer.find('/');
    value = step(value, pointer.substr(0, slash), place);
    pointer.remove_prefix(slash == std::string_view::npos ? pointer.size() : slash);
  }
  return place.empty() ? "the document" : place;
}

std::string describe(const rapidjson::Value& value) {
  switch (value.GetType()) {
    case rapidjson::kNullType:
      return "nothing";
    case rapidjson::kFalseType:
      return "false";
    case rapidjson::kTrueType:
      return "true";
    case rapidjson::kObjectType:
      return value.ObjectEmpty() ? "an empty map" : "a map";
    case rapidjson::kArrayType:
      return value.Empty() ? "an empty list" : "a list";
    case rapidjson::kStringType:
      return "a string (\"" + base::printable(document::view_of(value), kShown) + "\")";
    case rapidjson::kNumberType:
      break;
  }
  return "a number (" + number_text(value) + ")";
}

}  // namespace intermission::catalog
