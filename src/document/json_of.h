// A value of a document as compact JSON.
#pragma once

#include <rapidjson/document.h>

#include <string>
#include <string_view>

namespace intermission::document {

std::string json_of(const rapidjson::Value& value);

/// The characters of a value that is a string. A view.
inline std::string_view view_of(const rapidjson::Value& text) {
  return {text.GetString(), text.GetStringLength()};
}

}  // namespace intermission::document
