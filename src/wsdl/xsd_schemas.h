// The components of all schemas that a WSDL document brings along, found by name (XML Schema
// 1.0 part 1, §2.2 and §4.2).
//
//   const XsdSchemas schemas(files);
//   const XsdComponent* fault = schemas.find(XsdKind::kElement, {"urn:orders", "ServiceFault"});
//   schemas.find(XsdKind::kType, schema_of(fault).resolve(fault->node, "tns:FaultType"));
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "wsdl/wsdl_files.h"

namespace intermission::wsdl {

/// What the declarations of one schema document share.
struct XsdSchema {
  const WsdlFile* file = nullptr;
  pugi::xml_node root;
  std::string target;  // its target namespace, or that of who includes it
  bool takes_target_of_includer = false;
  bool elements_qualified = false;
  bool attributes_qualified = false;

  /// A name in a value, such as type="tns:Order".
  base::XmlName resolve(const pugi::xml_node& at, std::string_view qualified) const;
};

enum class XsdKind : std::uint8_t { kElement, kType, kGroup, kAttribute, kAttributeGroup };

struct XsdComponent {
  pugi::xml_node node;
  const XsdSchema* schema = nullptr;
};

/// Immutable; any thread. `files` outlives it.
class XsdSchemas {
 public:
  explicit XsdSchemas(const WsdlFiles& files);
  XsdSchemas(const XsdSchemas&) = delete;
  XsdSchemas& operator=(const XsdSchemas&) = delete;

  /// A global declaration; null where there is none. The first of several counts.
  const XsdComponent* find(XsdKind kind, const base::XmlName& name) const;

  /// Global types that say they extend or restrict that one, in the order of the documents.
  const std::vector<const XsdComponent*>& derived_from(const base::XmlName& type) const;
  /// Global elements that may stand in for that one.
  const std::vector<const XsdComponent*>& substitutes_for(const base::XmlName& element) const;

  /// Every schema document, inline ones included; one that several include stands here once for
  /// each target namespace that it takes on.
  const std::deque<XsdSchema>& all() const { return schemas_; }

  /// xs:redefine stands somewhere: what a name means may be something else then.
  const XsdSchema* redefining() const { return redefining_; }

 private:
  using Key = std::pair<std::string, std::string>;  // namespace, local name
  struct ByKind {
    std::map<Key, XsdComponent> of[5];
  };

  void add(const WsdlFiles& files, const WsdlFile& file, const pugi::xml_node& root,
           const std::string& includer_target);
  void index(const XsdSchema& schema);
  void index_heirs();

  std::deque<XsdSchema> schemas_;
  ByKind components_;
  std::map<Key, std::vector<const XsdComponent*>> derived_;
  std::map<Key, std::vector<const XsdComponent*>> substitutes_;
  const XsdSchema* redefining_ = nullptr;
};

}  // namespace intermission::wsdl
