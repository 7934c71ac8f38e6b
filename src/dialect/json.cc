#include "dialect/json.h"

#include "dialect/notice.h"
#include "http/date.h"

namespace intermission::dialect {

JsonObject& JsonObject::text(const char* name, std::string_view value) {
  writer_.Key(name);
  writer_.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
  return *this;
}

JsonObject& JsonObject::number(const char* name, std::uint32_t value) {
  writer_.Key(name);
  writer_.Uint(value);
  return *this;
}

JsonObject& JsonObject::time(const char* name, const std::optional<base::TimePoint>& value) {
  return value ? text(name, http::rfc3339(*value)) : *this;
}

JsonObject& JsonObject::seconds(const char* name) {
  writer_.Key(name);
  writer_.RawValue(kSecondsMark.data(), kSecondsMark.size(), rapidjson::kNumberType);
  return *this;
}

std::string JsonObject::finish() {
  writer_.EndObject();
  return {buffer_.GetString(), buffer_.GetSize()};
}

}  // namespace intermission::dialect
