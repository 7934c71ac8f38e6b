// Text for the value of a header field.
#pragma once

#include <string>

namespace intermission::http {

/// A value ends where its line does: control characters become spaces (RFC 9110 §5.5).
inline std::string one_line(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return text;
}

}  // namespace intermission::http
