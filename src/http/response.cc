#include "http/response.h"

namespace intermission::http {

void append_field(std::string& fields, std::string_view name, std::string_view value) {
  fields += name;
  fields += ": ";
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    fields += (byte < 0x20 && c != '\t') || byte == 0x7f ? ' ' : c;
  }
  fields += "\r\n";
}

}  // namespace intermission::http
