#include "control/json_text.h"

#include "http/date.h"

namespace intermission::control {
namespace {

rapidjson::SizeType size_of(std::string_view text) {
  return static_cast<rapidjson::SizeType>(text.size());
}

}  // namespace

JsonText& JsonText::begin_object() {
  writer_.StartObject();
  return *this;
}

JsonText& JsonText::end_object() {
  writer_.EndObject();
  return *this;
}

JsonText& JsonText::begin_array() {
  writer_.StartArray();
  return *this;
}

JsonText& JsonText::end_array() {
  writer_.EndArray();
  return *this;
}

JsonText& JsonText::key(std::string_view name) {
  writer_.Key(name.data(), size_of(name));
  return *this;
}

JsonText& JsonText::value(std::string_view text) {
  writer_.String(text.data(), size_of(text));
  return *this;
}

JsonText& JsonText::value(std::uint64_t number) {
  writer_.Uint64(number);
  return *this;
}

JsonText& JsonText::value(std::int64_t number) {
  writer_.Int64(number);
  return *this;
}

JsonText& JsonText::value(bool truth) {
  writer_.Bool(truth);
  return *this;
}

JsonText& JsonText::value(base::TimePoint time) {
  return value(std::string_view(http::rfc3339(time)));
}

JsonText& JsonText::null() {
  writer_.Null();
  return *this;
}

JsonText& JsonText::raw(std::string_view json) {
  writer_.RawValue(json.data(), json.size(), rapidjson::kObjectType);
  return *this;
}

const rapidjson::Value* member_of(const rapidjson::Value& object, std::string_view name) {
  if (!object.IsObject()) return nullptr;
  const auto found =
      object.FindMember(rapidjson::Value(rapidjson::StringRef(name.data(), size_of(name))));
  return found == object.MemberEnd() ? nullptr : &found->value;
}

}  // namespace intermission::control
