// Text inside an element of HTML or XML.
#pragma once

#include <string>
#include <string_view>

namespace intermission::base {

/// With what would begin a tag or a reference escaped. Not for attributes: quotation marks stay.
inline std::string text_in_markup(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace intermission::base
