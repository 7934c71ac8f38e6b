#include "wsdl/xsd_sample.h"

#include <algorithm>
#include <string>

#include "base/text.h"
#include "contract/field_words.h"
#include "wsdl/xsd_simple.h"

namespace intermission::wsdl {
namespace {

using contract::FieldFact;
using Problem = std::optional<base::Error>;

constexpr int kMaxDepth = 40;
constexpr int kMaxNodes = 5000;  // made, dropped ones included
constexpr std::uint64_t kMaxRepeats = 64;
constexpr std::string_view kXml = "http://www.w3.org/XML/1998/namespace";
constexpr std::string_view kInstance = "http://www.w3.org/2001/XMLSchema-instance";

bool is_optional(const pugi::xml_node& particle) {
  return value_of(particle, "minOccurs") == "0";
}

bool is_true(std::string_view value) {
  return value == "true" || value == "1";
}

// An NCName (Namespaces in XML 1.0 §3), every character beyond ASCII allowed.
bool is_name(std::string_view text) {
  const auto letter = [](char c) { return base::is_alpha(c) || c == '_' || (c & 0x80) != 0; };
  return !text.empty() && letter(text[0]) && std::all_of(text.begin(), text.end(), [&](char c) {
    return letter(c) || base::is_digit(c) || c == '-' || c == '.';
  });
}

// A particle or an attribute that a reference stands for: what it is called, where it is declared.
struct Declared {
  XsdComponent at;
  bool qualified = false;
  std::string_view name() const { return value_of(at.node, "name"); }
  base::XmlName full() const {
    return {qualified ? std::string_view(at.schema->target) : std::string_view{}, name()};
  }
};

class Sampler {
 public:
  Sampler(const XsdSchemas& schemas, const contract::Facts& facts)
      : schemas_(schemas), facts_(facts) {}

  Problem element(const Declared& declared, pugi::xml_node parent, int depth) {
    if (depth > kMaxDepth || ++nodes_ > kMaxNodes) {
      return problem(declared.at, "asks for itself, or for more than can be made here");
    }
    if (!is_name(declared.name())) return problem(declared.at, "has a name that XML forbids");
    if (is_true(value_of(declared.at.node, "abstract"))) return substitute(declared, parent, depth);
    pugi::xml_node made = append(declared, parent);
    return content(declared, made, depth);
  }

 private:
  static Problem problem(const XsdComponent& at, const std::string& what) {
    return at.schema->file->error(at.node, what);
  }

  static void take_back(pugi::xml_node parent, const pugi::xml_node& last_to_keep) {
    while (parent.last_child() != last_to_keep) parent.remove_child(parent.last_child());
  }

  // Elements go without prefixes: a default namespace is declared wherever it changes.
  static pugi::xml_node append(const Declared& declared, pugi::xml_node parent) {
    const base::XmlName name = declared.full();
    pugi::xml_node made = parent.append_child(std::string(name.local).c_str());
    if (base::namespace_at(made, "") != name.space) {
      made.append_attribute("xmlns") = std::string(name.space).c_str();
    }
    return made;
  }

  // ---------------------------------------------------------------- what stands for an element

  Problem substitute(const Declared& head, pugi::xml_node parent, int depth) {
    const pugi::xml_node last = parent.last_child();
    for (const XsdComponent* other : schemas_.substitutes_for(head.full())) {
      if (!element({*other, true}, parent, depth + 1)) return {};
      take_back(parent, last);
    }
    return problem(head.at, "is abstract, and nothing that stands in for it can be made here");
  }

  Problem content(const Declared& declared, pugi::xml_node made, int depth) {
    const pugi::xml_node& node = declared.at.node;
    if (const auto fixed = node.attribute("fixed")) {
      made.text().set(fixed.value());
      return {};
    }
    const std::string_view type = value_of(node, "type");
    Problem wrong;
    if (!type.empty()) {
      wrong = named_type(declared.at, declared.at.schema->resolve(node, type), declared.name(),
                         made, depth);
    } else {
      wrong = inline_type(declared, made, depth);
    }
    if (!wrong || !is_true(value_of(node, "nillable"))) return wrong;
    take_back(made, {});
    set_instance_attribute(made, "xsi:nil", "true");
    return {};
  }

  Problem inline_type(const Declared& declared, pugi::xml_node made, int depth) {
    for (const pugi::xml_node& inner : declared.at.node.children()) {
      const std::string_view local = base::local_part(inner.name());
      const XsdComponent type{inner, declared.at.schema};
      if (local == "complexType") return complex(type, declared.name(), made, depth);
      if (local == "simpleType") return simple(simple_type_at(schemas_, type), declared, made);
    }
    // Without any type an element takes that of the head of its group, else everything.
    const std::string_view head = value_of(declared.at.node, "substitutionGroup");
    const XsdComponent* found =
        schemas_.find(XsdKind::kElement, declared.at.schema->resolve(declared.at.node, head));
    const std::string_view type = found == nullptr ? "" : value_of(found->node, "type");
    if (type.empty()) return {};
    return named_type(*found, found->schema->resolve(found->node, type), declared.name(), made,
                      depth);
  }

  // ---------------------------------------------------------------- types

  Problem named_type(const XsdComponent& at, const base::XmlName& name, std::string_view field,
                     pugi::xml_node made, int depth) {
    if (name == base::XmlName{kSchemaNamespace, "anyType"}) return {};
    const XsdComponent* type = schemas_.find(XsdKind::kType, name);
    if (type != nullptr && base::local_part(type->node.name()) == "complexType") {
      if (!is_true(value_of(type->node, "abstract"))) return complex(*type, field, made, depth + 1);
      return derived(at, name, field, made, depth + 1);
    }
    return simple(simple_type_named(schemas_, name), {at, true}, made);
  }

  // A type that is derived from an abstract one says its own name.
  Problem derived(const XsdComponent& at, const base::XmlName& name, std::string_view field,
                  pugi::xml_node made, int depth) {
    if (depth > kMaxDepth) return problem(at, "asks for an abstract type without end");
    for (const XsdComponent* heir : schemas_.derived_from(name)) {
      const base::XmlName heir_name{heir->schema->target, value_of(heir->node, "name")};
      if (is_true(value_of(heir->node, "abstract"))) {
        if (!derived(at, heir_name, field, made, depth + 1)) return {};
        continue;
      }
      if (!complex(*heir, field, made, depth)) {
        made.append_attribute("xmlns:t") = heir->schema->target.c_str();
        set_instance_attribute(made, "xsi:type", "t:" + std::string(heir_name.local));
        return {};
      }
      take_back(made, {});
    }
    return problem(at, "has an abstract type, and none that is derived from it can be made here");
  }

  Problem simple(base::Result<XsdSimple> type, const Declared& declared, pugi::xml_node made) {
    if (!type) {
      return type.error().line > 0 ? type.error() : *problem(declared.at, type.error().message);
    }
    return text(*type, declared, made);
  }

  Problem text(const XsdSimple& type, const Declared& declared, pugi::xml_node made) {
    // Content that a name says nothing about: what it stands in may (simpleContent, "value").
    auto wanted = contract::fact_of_element(declared.name());
    // A fault that is one text, whatever it is called.
    const bool is_whole = made.parent().type() == pugi::node_document;
    if (is_whole && wanted == FieldFact::kNone) wanted = FieldFact::kMessage;
    const auto found = sample(type, wanted, facts_);
    if (!found) return problem(declared.at, "has a type that no text was found for");
    made.text().set(found->text.c_str());
    tells_ = tells_ || found->is_true;
    return {};
  }

  Problem complex(const XsdComponent& type, std::string_view field, pugi::xml_node made,
                  int depth) {
    if (depth > kMaxDepth) return problem(type, "asks for itself without end");
    for (const pugi::xml_node& node : type.node.children()) {
      const std::string_view local = base::local_part(node.name());
      if (local == "simpleContent") return simple_content({node, type.schema}, field, made, depth);
      if (local == "complexContent")
        return complex_content({node, type.schema}, field, made, depth);
    }
    if (Problem wrong = particles(type, made, depth)) return wrong;
    return attributes(type, made, depth);
  }

  static pugi::xml_node derivation_in(const pugi::xml_node& content) {
    for (const pugi::xml_node& node : content.children()) {
      const std::string_view local = base::local_part(node.name());
      if (local == "extension" || local == "restriction") return node;
    }
    return {};
  }

  Problem complex_content(const XsdComponent& content, std::string_view field, pugi::xml_node made,
                          int depth) {
    const XsdComponent derivation{derivation_in(content.node), content.schema};
    const base::XmlName base =
        content.schema->resolve(derivation.node, value_of(derivation.node, "base"));
    const XsdComponent* type = schemas_.find(XsdKind::kType, base);
    const bool extends = base::local_part(derivation.node.name()) == "extension";
    if (type != nullptr && depth < kMaxDepth) {
      Problem wrong = extends ? complex(*type, field, made, depth + 1)
                              : inherited_attributes(*type, made, depth + 1);
      if (wrong) return wrong;
    } else if (base != base::XmlName{kSchemaNamespace, "anyType"}) {
      return problem(content, "extends a type that is not declared");
    }
    if (Problem wrong = particles(derivation, made, depth)) return wrong;
    return attributes(derivation, made, depth);
  }

  // A restriction repeats the content of its base, but not its attributes.
  Problem inherited_attributes(const XsdComponent& type, pugi::xml_node made, int depth) {
    if (depth > kMaxDepth) return problem(type, "restricts itself");
    for (const pugi::xml_node& node : type.node.children()) {
      if (base::local_part(node.name()) != "complexContent") continue;
      const XsdComponent derivation{derivation_in(node), type.schema};
      const XsdComponent* base = schemas_.find(
          XsdKind::kType, type.schema->resolve(derivation.node, value_of(derivation.node, "base")));
      if (base != nullptr) {
        if (Problem wrong = inherited_attributes(*base, made, depth + 1)) return wrong;
      }
      return attributes(derivation, made, depth);
    }
    return attributes(type, made, depth);
  }

  Problem simple_content(const XsdComponent& content, std::string_view field, pugi::xml_node made,
                         int depth) {
    const XsdComponent derivation{derivation_in(content.node), content.schema};
    const auto type = simple_base(derivation, depth);
    if (!type)
      return type.error().line > 0 ? type.error() : *problem(content, type.error().message);
    const auto found = sample(*type, contract::fact_of_element(field), facts_);
    if (!found) return problem(content, "has a type that no text was found for");
    made.text().set(found->text.c_str());
    return content_attributes(derivation, made, depth);
  }

  // The text of simpleContent, through every complex type that it is derived from.
  base::Result<XsdSimple> simple_base(const XsdComponent& derivation, int depth) {
    if (depth > kMaxDepth) return base::Error{"extends itself"};
    const base::XmlName name =
        derivation.schema->resolve(derivation.node, value_of(derivation.node, "base"));
    const XsdComponent* type = schemas_.find(XsdKind::kType, name);
    base::Result<XsdSimple> found = base::Error{"extends a type without text"};
    if (type == nullptr || base::local_part(type->node.name()) == "simpleType") {
      found = simple_type_named(schemas_, name);
    } else {
      for (const pugi::xml_node& node : type->node.children()) {
        if (base::local_part(node.name()) == "simpleContent") {
          found = simple_base({derivation_in(node), type->schema}, depth + 1);
        }
      }
    }
    if (!found || base::local_part(derivation.node.name()) != "restriction") return found;
    return restrict_simple(std::move(*found), derivation);
  }

  Problem content_attributes(const XsdComponent& derivation, pugi::xml_node made, int depth) {
    const XsdComponent* type = schemas_.find(
        XsdKind::kType,
        derivation.schema->resolve(derivation.node, value_of(derivation.node, "base")));
    if (type != nullptr) {
      for (const pugi::xml_node& node : type->node.children()) {
        if (base::local_part(node.name()) != "simpleContent") continue;
        const XsdComponent inner{derivation_in(node), type->schema};
        if (Problem wrong = content_attributes(inner, made, depth + 1)) return wrong;
      }
    }
    return attributes(derivation, made, depth);
  }

  // ---------------------------------------------------------------- particles

  Problem particles(const XsdComponent& parent, pugi::xml_node made, int depth) {
    for (const pugi::xml_node& node : parent.node.children()) {
      if (Problem wrong = particle({node, parent.schema}, made, depth)) return wrong;
    }
    return {};
  }

  Problem particle(const XsdComponent& at, pugi::xml_node made, int depth) {
    const std::string_view local = base::local_part(at.node.name());
    if (local == "element") return element_particle(at, made, depth);
    const bool is_group =
        local == "sequence" || local == "all" || local == "choice" || local == "group";
    if (!is_group && local != "any") return {};
    if (is_optional(at.node)) return local == "any" ? Problem{} : optional_group(at, made, depth);
    return repeated(at, [&] { return group(at, local, made, depth + 1); });
  }

  Problem group(const XsdComponent& at, std::string_view local, pugi::xml_node made, int depth) {
    if (depth > kMaxDepth || ++nodes_ > kMaxNodes)
      return problem(at, "asks for itself without end");
    if (local == "any") return any(at, made);
    if (local == "choice") return choice(at, made, depth);
    if (local != "group") return particles(at, made, depth);
    const XsdComponent* found =
        schemas_.find(XsdKind::kGroup, at.schema->resolve(at.node, value_of(at.node, "ref")));
    if (found == nullptr) return problem(at, "refers to a group that is not declared");
    return particles(*found, made, depth);
  }

  template <typename Make>
  static Problem repeated(const XsdComponent& at, Make make) {
    const std::string_view least = value_of(at.node, "minOccurs");
    const auto times = least.empty() ? std::optional<std::uint64_t>(1) : base::parse_number(least);
    if (!times || *times > kMaxRepeats) return problem(at, "is wanted too often");
    for (std::uint64_t i = 0; i < *times; ++i) {
      if (Problem wrong = make()) return wrong;
    }
    return {};
  }

  // Tries to make something; takes it back where that fails, or where it tells no truth.
  template <typename Make>
  bool keep_if_true(pugi::xml_node made, Make make) {
    const pugi::xml_node last = made.last_child();
    const bool told = std::exchange(tells_, false);
    const bool good = !make() && tells_;
    tells_ = told || good;
    if (good) return true;
    take_back(made, last);
    return false;
  }

  // A sequence of optional texts may stand in a group that is optional as a whole.
  Problem optional_group(const XsdComponent& at, pugi::xml_node made, int depth) {
    keep_if_true(made,
                 [&] { return group(at, base::local_part(at.node.name()), made, depth + 1); });
    return {};
  }

  std::optional<Declared> declaration(const XsdComponent& at, XsdKind kind,
                                      bool qualified_by_default) {
    const std::string_view ref = value_of(at.node, "ref");
    if (ref.empty()) {
      const std::string_view form = value_of(at.node, "form");
      return Declared{at, form.empty() ? qualified_by_default : form == "qualified"};
    }
    const XsdComponent* found = schemas_.find(kind, at.schema->resolve(at.node, ref));
    if (found == nullptr) return {};
    return Declared{*found, true};
  }

  Problem element_particle(const XsdComponent& at, pugi::xml_node made, int depth) {
    const auto declared = declaration(at, XsdKind::kElement, at.schema->elements_qualified);
    if (!declared)
      return is_optional(at.node) ? Problem{}
                                  : problem(at, "refers to an element that is not declared");
    if (is_optional(at.node)) {
      if (contract::fact_of_element(declared->name()) != FieldFact::kNone) {
        keep_if_true(made, [&] { return element(*declared, made, depth + 1); });
      }
      return {};
    }
    return repeated(at, [&] { return element(*declared, made, depth + 1); });
  }

  // The first part that tells a truth, else the first that can be made. A choice without parts is
  // satisfied by nothing (XML Schema part 1, §3.8.4).
  Problem choice(const XsdComponent& at, pugi::xml_node made, int depth) {
    for (const pugi::xml_node& node : at.node.children()) {
      const XsdComponent part{node, at.schema};
      if (keep_if_true(made, [&] { return particle(part, made, depth); })) return {};
    }
    for (const pugi::xml_node& node : at.node.children()) {
      if (node.type() != pugi::node_element || base::local_part(node.name()) == "annotation")
        continue;
      const pugi::xml_node last = made.last_child();
      if (!particle({node, at.schema}, made, depth)) return {};
      take_back(made, last);
    }
    return problem(at, "offers a choice of which nothing can be made here");
  }

  // Where any element may stand, the notice of RFC 9457 does; where it must be one that the
  // schemas declare, nothing of ours can.
  Problem any(const XsdComponent& at, pugi::xml_node made) {
    const std::string_view process = value_of(at.node, "processContents");
    const std::string_view allowed = value_of(at.node, "namespace");
    const bool anywhere = allowed.empty() || allowed == "##any" || allowed == "##other";
    if (!anywhere || (process != "lax" && process != "skip")) {
      return problem(at, "asks for an element that nothing here declares");
    }
    pugi::xml_node notice = made.append_child("problem");
    notice.append_attribute("xmlns") = "urn:ietf:rfc:7807";
    notice.append_child("detail").text().set(std::string(facts_.message).c_str());
    return {};
  }

  // ---------------------------------------------------------------- attributes

  Problem attributes(const XsdComponent& parent, pugi::xml_node made, int depth) {
    for (const pugi::xml_node& node : parent.node.children()) {
      const std::string_view local = base::local_part(node.name());
      const XsdComponent at{node, parent.schema};
      Problem wrong;
      if (local == "attribute") wrong = attribute(at, made);
      if (local == "attributeGroup") wrong = attribute_group(at, made, depth + 1);
      if (wrong) return wrong;
    }
    return {};
  }

  Problem attribute_group(const XsdComponent& at, pugi::xml_node made, int depth) {
    if (depth > kMaxDepth) return problem(at, "asks for itself without end");
    const XsdComponent* found = schemas_.find(
        XsdKind::kAttributeGroup, at.schema->resolve(at.node, value_of(at.node, "ref")));
    if (found == nullptr) return problem(at, "refers to attributes that are not declared");
    return attributes(*found, made, depth);
  }

  Problem attribute(const XsdComponent& at, pugi::xml_node made) {
    const std::string_view use = value_of(at.node, "use");
    const bool required = use == "required";
    const auto declared = declaration(at, XsdKind::kAttribute, at.schema->attributes_qualified);
    if (!declared)
      return required ? problem(at, "refers to an attribute that is not declared") : Problem{};
    if (!is_name(declared->name())) return problem(at, "has a name that XML forbids");
    const auto wanted = contract::fact_of_element(declared->name());
    if (use == "prohibited" || (!required && wanted == FieldFact::kNone)) return {};
    const auto value = attribute_value(at, *declared, wanted);
    if (!value) return required ? value.error() : Problem{};
    if (!required && !value->is_true) return {};
    set_attribute(made, declared->full(), value->text);
    tells_ = tells_ || value->is_true;
    return {};
  }

  base::Result<XsdSample> attribute_value(const XsdComponent& at, const Declared& declared,
                                          FieldFact wanted) {
    for (const pugi::xml_node& node : {at.node, declared.at.node}) {
      if (const auto fixed = node.attribute("fixed")) return XsdSample{fixed.value(), false};
    }
    const std::string_view name = value_of(declared.at.node, "type");
    base::Result<XsdSimple> type = XsdSimple{};
    if (!name.empty()) {
      type = simple_type_named(schemas_, declared.at.schema->resolve(declared.at.node, name));
    }
    for (const pugi::xml_node& node : declared.at.node.children()) {
      if (base::local_part(node.name()) == "simpleType") {
        type = simple_type_at(schemas_, {node, declared.at.schema});
      }
    }
    if (!type) return *problem(declared.at, type.error().message);
    auto found = sample(*type, wanted, facts_);
    if (!found) return *problem(declared.at, "has a type that no text was found for");
    return std::move(*found);
  }

  static void set_attribute(pugi::xml_node made, const base::XmlName& name,
                            const std::string& value) {
    std::string qualified(name.local);
    if (name.space == kXml) {
      qualified = "xml:" + qualified;
    } else if (!name.space.empty()) {
      const std::string prefix =
          "a" + std::to_string(std::distance(made.attributes_begin(), made.attributes_end()));
      made.append_attribute(("xmlns:" + prefix).c_str()) = std::string(name.space).c_str();
      qualified = prefix + ":" + qualified;
    }
    made.remove_attribute(qualified.c_str());
    made.append_attribute(qualified.c_str()) = value.c_str();
  }

  static void set_instance_attribute(pugi::xml_node made, const char* name,
                                     const std::string& value) {
    made.append_attribute("xmlns:xsi") = std::string(kInstance).c_str();
    made.append_attribute(name) = value.c_str();
  }

  const XsdSchemas& schemas_;
  const contract::Facts& facts_;
  int nodes_ = 0;
  bool tells_ = false;  // whether something true was said since it was last asked
};

}  // namespace

std::optional<base::Error> append_sample(const XsdSchemas& schemas, const XsdComponent& element,
                                         const contract::Facts& facts, pugi::xml_node parent) {
  return Sampler(schemas, facts).element({element, true}, parent, 0);
}

}  // namespace intermission::wsdl
