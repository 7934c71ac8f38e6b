// Writing one flat JSON object, member by member, in the order in which people read it.
//
//   JsonObject object;
//   object.text("service", notice.service).number("status", 503).seconds("retryAfter");
//   object.finish()      // {"service":"orders","status":503,"retryAfter":<kSecondsMark>}
#pragma once

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace intermission::dialect {

class JsonObject {
 public:
  JsonObject() : writer_(buffer_) { writer_.StartObject(); }

  JsonObject& text(const char* name, std::string_view value);
  JsonObject& number(const char* name, std::uint32_t value);
  /// RFC 3339; left out where there is no time.
  JsonObject& time(const char* name, const std::optional<base::TimePoint>& value);
  /// A number that is filled in at the last moment.
  JsonObject& seconds(const char* name);

  /// The whole object. Nothing may be added after it.
  std::string finish();

 private:
  rapidjson::StringBuffer buffer_;
  rapidjson::Writer<rapidjson::StringBuffer> writer_;
};

}  // namespace intermission::dialect
