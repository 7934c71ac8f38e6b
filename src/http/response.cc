#include "http/response.h"

#include "base/text.h"

namespace intermission::http {

void append_field(std::string& fields, std::string_view name, std::string_view value) {
  fields += name;
  fields += ": ";
  for (const char c : value) fields += base::is_control(c) ? ' ' : c;
  fields += "\r\n";
}

}  // namespace intermission::http
