// A representation as application/json, the only type that most clients of one API read.
#pragma once

#include <string>
#include <utility>

#include "dialect/dialect.h"

namespace intermission::dialect {

inline Representation in_json(std::string body) {
  Representation said;
  said.media_type = said.content_type = "application/json";
  said.body = std::move(body);
  return said;
}

}  // namespace intermission::dialect
