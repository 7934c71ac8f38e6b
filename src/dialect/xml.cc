#include "dialect/xml.h"

#include <sstream>

namespace intermission::dialect {

std::string fit_for_xml(std::string_view text) {
  std::string clean(text);
  for (char& c : clean) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') c = ' ';
  }
  return clean;
}

pugi::xml_node append_text(pugi::xml_node parent, const char* name, std::string_view text) {
  pugi::xml_node node = parent.append_child(name);
  node.text().set(fit_for_xml(text).c_str());
  return node;
}

std::string to_string(const pugi::xml_document& document) {
  std::ostringstream out;
  out << R"(<?xml version="1.0" encoding="utf-8"?>)" << '\n';
  document.save(out, "", pugi::format_raw | pugi::format_no_declaration, pugi::encoding_utf8);
  return out.str();
}

}  // namespace intermission::dialect
