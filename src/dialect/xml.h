// Small helpers for writing XML with pugixml.
#pragma once

#include <pugixml.hpp>
#include <string>
#include <string_view>

namespace intermission::dialect {

/// The text with spaces for the characters that XML 1.0 §2.2 forbids: no message makes a document
/// that its reader must reject.
std::string fit_for_xml(std::string_view text);

/// Appends <name>text</name>, the text made fit.
pugi::xml_node append_text(pugi::xml_node parent, const char* name, std::string_view text);

/// The document with its declaration, in UTF-8, without indentation.
std::string to_string(const pugi::xml_document& document);

}  // namespace intermission::dialect
