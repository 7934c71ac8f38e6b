// Names with namespaces (Namespaces in XML 1.0, §3 to §6), which pugixml leaves as text.
//
//   <a:Body xmlns:a="urn:x" kind="a:small"/>
//   element_name(body)                  {"urn:x", "Body"}
//   resolve(body, "a:small")            {"urn:x", "small"}
//
// All views point into the document. Nothing allocates.
#pragma once

#include <compare>
#include <pugixml.hpp>
#include <string_view>

namespace intermission::base {

struct XmlName {
  std::string_view space;  // the namespace's name; empty for none
  std::string_view local;

  friend auto operator<=>(const XmlName&, const XmlName&) = default;
};

/// What follows the colon of "prefix:local"; the whole where there is none.
std::string_view local_part(std::string_view qualified);
/// What stands before the colon; empty where there is none.
std::string_view prefix_part(std::string_view qualified);

/// The namespace that a prefix stands for at an element; the default one for an empty prefix.
/// Empty where nothing declares it.
std::string_view namespace_at(const pugi::xml_node& element, std::string_view prefix);

/// A name that stands in a value at an element, as `type="tns:Order"` does.
XmlName resolve(const pugi::xml_node& element, std::string_view qualified);

/// The element's own name.
inline XmlName element_name(const pugi::xml_node& element) {
  return resolve(element, element.name());
}

/// The first child of that name; an empty node where there is none.
pugi::xml_node child_named(const pugi::xml_node& parent, const XmlName& name);

}  // namespace intermission::base
