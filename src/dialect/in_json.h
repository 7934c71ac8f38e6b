// A representation as application/json, the only type that most clients of one API read; and one
// without Retry-After, for which some of them fail.
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

inline Representation without_wait(Representation said) {
  said.omit_retry_after = true;
  return said;
}

}  // namespace intermission::dialect
