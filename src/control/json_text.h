// Writing JSON whose shape is given in code, and reading members that a schema or a check has
// made sure of.
//
//   JsonText json;
//   json.begin_object().member("name", "orders").member("version", std::uint64_t{7}).end_object();
//   json.text()     // {"name":"orders","version":7}
#pragma once

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "document/json_of.h"

namespace intermission::control {

class JsonText {
 public:
  JsonText() : writer_(buffer_) {}

  JsonText& begin_object();
  JsonText& end_object();
  JsonText& begin_array();
  JsonText& end_array();
  JsonText& key(std::string_view name);

  JsonText& value(std::string_view text);
  JsonText& value(const char* text) { return value(std::string_view(text)); }
  JsonText& value(std::uint64_t number);
  JsonText& value(std::int64_t number);
  JsonText& value(bool truth);
  /// RFC 3339.
  JsonText& value(base::TimePoint time);
  JsonText& null();
  /// JSON already.
  JsonText& raw(std::string_view json);

  template <typename T>
  JsonText& member(std::string_view name, const T& what) {
    return key(name).value(what);
  }
  /// Left out where there is none.
  template <typename T>
  JsonText& member(std::string_view name, const std::optional<T>& what) {
    return what ? key(name).value(*what) : *this;
  }

  std::string text() const { return {buffer_.GetString(), buffer_.GetSize()}; }

 private:
  rapidjson::StringBuffer buffer_;
  rapidjson::Writer<rapidjson::StringBuffer> writer_;
};

using document::json_of;
using document::view_of;

/// A member of an object, or null.
const rapidjson::Value* member_of(const rapidjson::Value& object, std::string_view name);

}  // namespace intermission::control
