// Writing JSON, member by member, in the order in which people read it.
//
//   JsonObject object;
//   object.text("service", notice.service).number("status", 503).seconds("retryAfter", notice);
//   object.open("data").about(notice).close();
//   object.finish()
//       // {"service":"orders","status":503,"retryAfter":<kSecondsMark>,"data":{…}}
#pragma once

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "page/notice.h"

namespace intermission::dialect {

class JsonObject {
 public:
  JsonObject() : writer_(buffer_) { writer_.StartObject(); }

  JsonObject& text(const char* name, std::string_view value);
  JsonObject& number(const char* name, std::int64_t value);
  JsonObject& truth(const char* name, bool value);
  JsonObject& null(const char* name);
  /// RFC 3339; left out where there is no time.
  JsonObject& time(const char* name, const std::optional<base::TimePoint>& value);
  /// The wait, as a number; its mark while it is not drawn.
  JsonObject& seconds(const char* name, const page::Notice& notice);
  /// What a program may want to know: service, retryAfter, startsAt, endsAt.
  JsonObject& about(const page::Notice& notice);

  /// What follows belongs to an object of that name, until close().
  JsonObject& open(const char* name);
  JsonObject& close();
  /// A list of that name, until close_list(); open_item() starts an object in it, item() adds a
  /// text.
  JsonObject& open_list(const char* name);
  JsonObject& open_item();
  JsonObject& item(std::string_view value);
  JsonObject& close_list();

  /// The whole object. Nothing may be added after it.
  std::string finish();

 private:
  rapidjson::StringBuffer buffer_;
  rapidjson::Writer<rapidjson::StringBuffer> writer_;
};

/// The text as a string of JSON, with its quotes.
std::string json_string(std::string_view text);

/// One object with the members of both, those of `first` in front. No name may be in both.
std::string merge_objects(std::string first, std::string_view second);

}  // namespace intermission::dialect
