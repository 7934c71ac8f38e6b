// A WSDL document and everything it imports, read from the folder it stands in, or from below a
// root folder around that one.
//
//   auto files = read_wsdl_files("contracts/orders.wsdl");
//   files->files.front()->document       // orders.wsdl itself; the others follow it
//
// wsdl:import, xs:import, xs:include and xs:redefine are followed, each document once, however
// they refer to each other. Nothing outside the root is read, symbolic links included, and nothing
// over the network: such a location, and one of a document that cannot be used, is a problem that
// names document and line, and stays as it was written.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/xml_name.h"

namespace intermission::wsdl {

inline constexpr std::string_view kWsdlNamespace = "http://schemas.xmlsoap.org/wsdl/";
inline constexpr std::string_view kSchemaNamespace = "http://www.w3.org/2001/XMLSchema";

inline constexpr std::size_t kMaxWsdlFiles = 500;
inline constexpr std::size_t kMaxWsdlBytes = 64 * 1024 * 1024;  // of all files together
inline constexpr std::size_t kMaxWsdlDepth = 100;               // of elements in elements

inline bool is_wsdl(const pugi::xml_node& node, std::string_view local) {
  return base::local_part(node.name()) == local && base::element_name(node).space == kWsdlNamespace;
}

/// Empty where the attribute is missing. A view.
inline std::string_view value_of(const pugi::xml_node& node, const char* attribute) {
  return node.attribute(attribute).value();
}

inline bool is_schema_root(const pugi::xml_node& root) {
  return base::element_name(root) == base::XmlName{kSchemaNamespace, "schema"};
}

/// One document. Its nodes live as long as it does.
struct WsdlFile {
  // From the folder, with "/": "orders.wsdl", "types/common.xsd", "../common.xsd".
  std::string name;
  std::string path;  // as messages name it
  std::string text;  // as read
  pugi::xml_document document;
  bool is_schema = false;  // its root is xs:schema, not wsdl:definitions

  int line_of(const pugi::xml_node& node) const;
  base::Error error(const pugi::xml_node& node, std::string message) const;
};

struct WsdlFiles {
  std::vector<std::unique_ptr<WsdlFile>> files;  // the main one first
  std::vector<base::Error> problems;             // references that lead to none of them
  std::vector<base::Error> oddities;             // what was taken otherwise than it is written
  std::string folder;                            // canonical; what names are relative to

  /// The file that `location`, a relative reference in `from`, leads to; null if there is none.
  const WsdlFile* find(const WsdlFile& from, std::string_view location) const;
  const WsdlFile* named(std::string_view name) const;
};

/// What a reference to another document is, by the element that makes it.
struct WsdlReference {
  pugi::xml_node node;
  pugi::xml_attribute location;  // wsdl:import/@location or xs:*/@schemaLocation
};

/// Every reference that a document with that root makes, in its order; those without a location
/// are left out.
std::vector<WsdlReference> references_of(const pugi::xml_node& root);

/// Gives the text of a file below the folder, or why it cannot be read.
using ReadWsdlFile = std::function<base::Result<std::string>(const std::string& name)>;

/// An Error where the main document cannot be used. A `root` that is not around its folder does not
/// count.
base::Result<WsdlFiles> read_wsdl_files(const std::string& path, const std::string& root = "");
/// The same from anywhere. `folder` is what messages put before the names.
base::Result<WsdlFiles> read_wsdl_files(const std::string& folder, const std::string& name,
                                        const ReadWsdlFile& read);

}  // namespace intermission::wsdl
