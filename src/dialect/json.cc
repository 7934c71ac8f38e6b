#include "dialect/json.h"

#include "http/date.h"
#include "page/words.h"

namespace intermission::dialect {

JsonObject& JsonObject::text(const char* name, std::string_view value) {
  writer_.Key(name);
  writer_.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
  return *this;
}

JsonObject& JsonObject::number(const char* name, std::int64_t value) {
  writer_.Key(name);
  writer_.Int64(value);
  return *this;
}

JsonObject& JsonObject::truth(const char* name, bool value) {
  writer_.Key(name);
  writer_.Bool(value);
  return *this;
}

JsonObject& JsonObject::null(const char* name) {
  writer_.Key(name);
  writer_.Null();
  return *this;
}

JsonObject& JsonObject::time(const char* name, const std::optional<base::TimePoint>& value) {
  return value ? text(name, http::rfc3339(*value)) : *this;
}

JsonObject& JsonObject::seconds(const char* name, const page::Notice& notice) {
  const std::string wait = page::wait_text(notice);
  writer_.Key(name);
  writer_.RawValue(wait.data(), wait.size(), rapidjson::kNumberType);
  return *this;
}

JsonObject& JsonObject::about(const page::Notice& notice) {
  return text("service", notice.service)
      .seconds("retryAfter", notice)
      .time("startsAt", notice.since)
      .time("endsAt", notice.until);
}

JsonObject& JsonObject::open(const char* name) {
  writer_.Key(name);
  writer_.StartObject();
  return *this;
}

JsonObject& JsonObject::close() {
  writer_.EndObject();
  return *this;
}

JsonObject& JsonObject::open_list(const char* name) {
  writer_.Key(name);
  writer_.StartArray();
  return *this;
}

JsonObject& JsonObject::open_item() {
  writer_.StartObject();
  return *this;
}

JsonObject& JsonObject::item(std::string_view value) {
  writer_.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
  return *this;
}

JsonObject& JsonObject::close_list() {
  writer_.EndArray();
  return *this;
}

std::string JsonObject::finish() {
  writer_.EndObject();
  return {buffer_.GetString(), buffer_.GetSize()};
}

std::string json_string(std::string_view text) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
  return {buffer.GetString(), buffer.GetSize()};
}

std::string merge_objects(std::string first, std::string_view second) {
  first.back() = ',';
  return first.append(second.substr(1));
}

}  // namespace intermission::dialect
