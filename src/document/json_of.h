// A value of a document as compact JSON.
#pragma once

#include <rapidjson/document.h>

#include <string>

namespace intermission::document {

std::string json_of(const rapidjson::Value& value);

}  // namespace intermission::document
