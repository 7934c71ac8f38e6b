#include "wsdl/xsd_schemas.h"

#include <algorithm>
#include <optional>

namespace intermission::wsdl {
namespace {

std::optional<XsdKind> kind_of(std::string_view local) {
  if (local == "element") return XsdKind::kElement;
  if (local == "complexType" || local == "simpleType") return XsdKind::kType;
  if (local == "group") return XsdKind::kGroup;
  if (local == "attribute") return XsdKind::kAttribute;
  if (local == "attributeGroup") return XsdKind::kAttributeGroup;
  return {};
}

bool is_schema_element(const pugi::xml_node& node, std::string_view local) {
  return base::local_part(node.name()) == local &&
         base::element_name(node).space == kSchemaNamespace;
}

// The base of a global type: of simpleType/restriction, or below simpleContent, complexContent.
pugi::xml_node derivation_of(const pugi::xml_node& type) {
  for (const pugi::xml_node& node : type.children()) {
    const std::string_view local = base::local_part(node.name());
    if (local == "restriction" || local == "extension") return node;
    if (local == "simpleContent" || local == "complexContent") return derivation_of(node);
  }
  return {};
}

}  // namespace

base::XmlName XsdSchema::resolve(const pugi::xml_node& at, std::string_view qualified) const {
  base::XmlName name = base::resolve(at, qualified);
  if (name.space.empty() && takes_target_of_includer) name.space = target;
  return name;
}

XsdSchemas::XsdSchemas(const WsdlFiles& files) {
  for (const auto& file : files.files) {
    const pugi::xml_node root = file->document.document_element();
    if (file->is_schema) {
      // One without a target namespace may be meant for those who include it, and comes with them.
      add(files, *file, root, {});
      continue;
    }
    for (const pugi::xml_node& types : root.children()) {
      if (base::element_name(types) != base::XmlName{kWsdlNamespace, "types"}) continue;
      for (const pugi::xml_node& schema : types.children()) {
        if (is_schema_element(schema, "schema")) add(files, *file, schema, {});
      }
    }
  }
  for (const XsdSchema& schema : schemas_) index(schema);
  index_heirs();
}

void XsdSchemas::add(const WsdlFiles& files, const WsdlFile& file, const pugi::xml_node& root,
                     const std::string& includer_target) {
  std::vector<XsdSchema> waiting;
  const auto schema_from = [](const WsdlFile& from, const pugi::xml_node& node,
                              const std::string& target) {
    XsdSchema schema;
    schema.file = &from;
    schema.root = node;
    schema.target = node.attribute("targetNamespace").value();
    schema.takes_target_of_includer = schema.target.empty() && !target.empty();
    if (schema.takes_target_of_includer) schema.target = target;
    schema.elements_qualified =
        std::string_view(node.attribute("elementFormDefault").value()) == "qualified";
    schema.attributes_qualified =
        std::string_view(node.attribute("attributeFormDefault").value()) == "qualified";
    return schema;
  };
  waiting.push_back(schema_from(file, root, includer_target));
  while (!waiting.empty()) {
    XsdSchema schema = std::move(waiting.back());
    waiting.pop_back();
    const bool known = std::any_of(schemas_.begin(), schemas_.end(), [&](const XsdSchema& other) {
      return other.root == schema.root && other.target == schema.target;
    });
    if (known) continue;
    const XsdSchema& added = schemas_.emplace_back(std::move(schema));
    for (const pugi::xml_node& node : added.root.children()) {
      const bool redefines = is_schema_element(node, "redefine");
      if (!redefines && !is_schema_element(node, "include")) continue;
      if (redefines) redefining_ = &added;
      const WsdlFile* included = files.find(*added.file, node.attribute("schemaLocation").value());
      if (included == nullptr || !included->is_schema) continue;
      waiting.push_back(
          schema_from(*included, included->document.document_element(), added.target));
    }
  }
}

void XsdSchemas::index(const XsdSchema& schema) {
  for (const pugi::xml_node& node : schema.root.children()) {
    const auto kind = kind_of(base::local_part(node.name()));
    if (!kind || base::element_name(node).space != kSchemaNamespace) continue;
    const std::string_view name = node.attribute("name").value();
    if (name.empty()) continue;
    components_.of[static_cast<std::size_t>(*kind)].try_emplace(
        Key{schema.target, std::string(name)}, XsdComponent{node, &schema});
  }
}

void XsdSchemas::index_heirs() {
  const auto key = [](const base::XmlName& name) {
    return Key{std::string(name.space), std::string(name.local)};
  };
  for (const auto& [name, type] : components_.of[static_cast<std::size_t>(XsdKind::kType)]) {
    const pugi::xml_node derivation = derivation_of(type.node);
    const std::string_view base = derivation.attribute("base").value();
    if (!base.empty()) derived_[key(type.schema->resolve(derivation, base))].push_back(&type);
  }
  for (const auto& [name, element] : components_.of[static_cast<std::size_t>(XsdKind::kElement)]) {
    const std::string_view head = element.node.attribute("substitutionGroup").value();
    if (!head.empty()) {
      substitutes_[key(element.schema->resolve(element.node, head))].push_back(&element);
    }
  }
}

const XsdComponent* XsdSchemas::find(XsdKind kind, const base::XmlName& name) const {
  const auto& all = components_.of[static_cast<std::size_t>(kind)];
  const auto found = all.find(Key{std::string(name.space), std::string(name.local)});
  return found == all.end() ? nullptr : &found->second;
}

const std::vector<const XsdComponent*>& XsdSchemas::derived_from(const base::XmlName& type) const {
  static const std::vector<const XsdComponent*> none;
  const auto found = derived_.find(Key{std::string(type.space), std::string(type.local)});
  return found == derived_.end() ? none : found->second;
}

const std::vector<const XsdComponent*>& XsdSchemas::substitutes_for(
    const base::XmlName& element) const {
  static const std::vector<const XsdComponent*> none;
  const auto found = substitutes_.find(Key{std::string(element.space), std::string(element.local)});
  return found == substitutes_.end() ? none : found->second;
}

}  // namespace intermission::wsdl
