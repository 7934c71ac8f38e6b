// A request as one text, in which any difference between two of them shows.
#pragma once

#include <string>

#include "http/request.h"

namespace intermission::testing {

inline std::string text_of(const http::Request& request) {
  std::string text = std::string(request.method()) + ' ' + std::string(request.target()) + ' ' +
                     std::to_string(request.version()) + '\n';
  for (const http::FieldLine& line : request.fields()) {
    text += std::string(line.name) + '=' + std::string(line.value) + '#' +
            std::to_string(static_cast<int>(line.field)) + '>' + std::to_string(line.next) + '\n';
  }
  return text;
}

}  // namespace intermission::testing
