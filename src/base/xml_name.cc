#include "base/xml_name.h"

namespace intermission::base {
namespace {

constexpr std::string_view kXml = "http://www.w3.org/XML/1998/namespace";

bool declares(std::string_view attribute, std::string_view prefix) {
  if (!attribute.starts_with("xmlns")) return false;
  attribute.remove_prefix(5);
  if (prefix.empty()) return attribute.empty();
  return attribute.starts_with(':') && attribute.substr(1) == prefix;
}

}  // namespace

std::string_view local_part(std::string_view qualified) {
  const auto colon = qualified.find(':');
  return colon == std::string_view::npos ? qualified : qualified.substr(colon + 1);
}

std::string_view prefix_part(std::string_view qualified) {
  const auto colon = qualified.find(':');
  return colon == std::string_view::npos ? std::string_view{} : qualified.substr(0, colon);
}

std::string_view namespace_at(const pugi::xml_node& element, std::string_view prefix) {
  if (prefix == "xml") return kXml;
  for (pugi::xml_node node = element; node; node = node.parent()) {
    for (const pugi::xml_attribute& attribute : node.attributes()) {
      if (declares(attribute.name(), prefix)) return attribute.value();
    }
  }
  return {};
}

XmlName resolve(const pugi::xml_node& element, std::string_view qualified) {
  return {namespace_at(element, prefix_part(qualified)), local_part(qualified)};
}

pugi::xml_node child_named(const pugi::xml_node& parent, const XmlName& name) {
  for (const pugi::xml_node& node : parent.children()) {
    if (local_part(node.name()) == name.local && element_name(node) == name) return node;
  }
  return {};
}

}  // namespace intermission::base
