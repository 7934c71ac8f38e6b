// Declarations of schemas, by what they are called and by what they are derived from.
#include "wsdl/xsd_schemas.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "wsdl/wsdl_in_memory.h"

namespace intermission::wsdl {
namespace {

std::string schema(const std::string& attributes, const std::string& inside) {
  return "<s:schema xmlns:s='http://www.w3.org/2001/XMLSchema' " + attributes + ">" + inside +
         "</s:schema>";
}

class Schemas {
 public:
  explicit Schemas(const std::string& types, std::map<std::string, std::string> others = {})
      : files_(read(types, std::move(others))), schemas_(files_) {}

  std::string find(XsdKind kind, std::string_view space, std::string_view name) const {
    const XsdComponent* found = schemas_.find(kind, {space, name});
    return found == nullptr ? "none" : found->node.attribute("id").value();
  }

  static std::vector<std::string> names(const std::vector<const XsdComponent*>& components) {
    std::vector<std::string> out;
    for (const XsdComponent* one : components)
      out.emplace_back(one->node.attribute("name").value());
    return out;
  }

  const XsdSchemas& operator*() const { return schemas_; }
  const XsdSchemas* operator->() const { return &schemas_; }

 private:
  static WsdlFiles read(const std::string& types, std::map<std::string, std::string> others) {
    others["main.wsdl"] =
        "<definitions xmlns='http://schemas.xmlsoap.org/wsdl/'>" + types + "</definitions>";
    auto files = files_in_memory(others);
    EXPECT_TRUE(files) << files.error().text();
    return std::move(*files);
  }

  WsdlFiles files_;
  XsdSchemas schemas_;
};

using Names = std::vector<std::string>;

TEST(XsdSchemas, FindsEachKindByItsName) {
  const Schemas schemas(
      "<types><x:schema xmlns:x='urn:x'><x:element name='N' id='foreign'/></x:schema>" +
      schema(
          "targetNamespace='urn:t'",
          "<x:element xmlns:x='urn:x' name='N' id='foreign'/><s:annotation name='N' id='note'/>"
          "<s:element id='nameless'/>"
          "<s:element name='N' id='e'/><s:complexType name='N' id='c'/><s:group name='N' id='g'/>"
          "<s:attribute name='N' id='a'/><s:attributeGroup name='N' id='ag'/>"
          "<s:simpleType name='S' id='s'/><s:element name='N' id='again'/>") +
      "</types><other>" + schema("targetNamespace='urn:t'", "<s:element name='O' id='o'/>") +
      "</other>");
  EXPECT_EQ(schemas.find(XsdKind::kElement, "urn:t", "N"), "e") << "the first";
  EXPECT_EQ(schemas.find(XsdKind::kType, "urn:t", "N"), "c");
  EXPECT_EQ(schemas.find(XsdKind::kGroup, "urn:t", "N"), "g");
  EXPECT_EQ(schemas.find(XsdKind::kAttribute, "urn:t", "N"), "a");
  EXPECT_EQ(schemas.find(XsdKind::kAttributeGroup, "urn:t", "N"), "ag");
  EXPECT_EQ(schemas.find(XsdKind::kType, "urn:t", "S"), "s");
  EXPECT_EQ(schemas.find(XsdKind::kElement, "", "N"), "none");
  EXPECT_EQ(schemas.find(XsdKind::kElement, "urn:t", ""), "none");
  EXPECT_EQ(schemas.find(XsdKind::kElement, "urn:t", "O"), "none") << "outside of types";
  EXPECT_EQ(schemas->all().size(), 1U);
}

TEST(XsdSchemas, KnowsFormsByDefault) {
  const Schemas schemas("<types>" +
                        schema("targetNamespace='urn:a' elementFormDefault='qualified'", "") +
                        schema("targetNamespace='urn:b' attributeFormDefault='qualified'", "") +
                        schema("targetNamespace='urn:c' elementFormDefault='unqualified' "
                               "attributeFormDefault='unqualified'",
                               "") +
                        "</types>");
  ASSERT_EQ(schemas->all().size(), 3U);
  EXPECT_TRUE(schemas->all()[0].elements_qualified);
  EXPECT_FALSE(schemas->all()[0].attributes_qualified);
  EXPECT_FALSE(schemas->all()[1].elements_qualified);
  EXPECT_TRUE(schemas->all()[1].attributes_qualified);
  EXPECT_FALSE(schemas->all()[2].elements_qualified);
  EXPECT_FALSE(schemas->all()[2].attributes_qualified);
}

TEST(XsdSchemas, KnowsWhatIsDerivedAndWhatStandsIn) {
  const Schemas schemas(
      "<types>" +
      schema(
          "targetNamespace='urn:t' xmlns:t='urn:t'",
          "<s:complexType name='Base'/>"
          "<s:complexType name='A'><s:complexContent><s:extension base='t:Base'/>"
          "</s:complexContent></s:complexType>"
          "<s:complexType name='B'><s:annotation/><s:complexContent><s:restriction base='t:Base'/>"
          "</s:complexContent></s:complexType>"
          "<s:simpleType name='C'><s:restriction base='s:string'/></s:simpleType>"
          "<s:complexType name='D'><s:simpleContent><s:extension base='t:C'/></s:simpleContent>"
          "</s:complexType><s:simpleType name='E'><s:restriction/></s:simpleType>"
          "<s:element name='Head'/><s:element name='M' substitutionGroup='t:Head'/>"
          "<s:element name='N' substitutionGroup='t:Head'/><s:element name='O'/>") +
      "</types>");
  EXPECT_EQ(Schemas::names(schemas->derived_from({"urn:t", "Base"})), (Names{"A", "B"}));
  EXPECT_EQ(Schemas::names(schemas->derived_from({"urn:t", "C"})), Names{"D"});
  EXPECT_EQ(Schemas::names(schemas->derived_from({kSchemaNamespace, "string"})), Names{"C"});
  EXPECT_EQ(Schemas::names(schemas->derived_from({"urn:t", "A"})), Names{});
  EXPECT_EQ(Schemas::names(schemas->derived_from({"", ""})), Names{});
  EXPECT_EQ(Schemas::names(schemas->substitutes_for({"urn:t", "Head"})), (Names{"M", "N"}));
  EXPECT_EQ(Schemas::names(schemas->substitutes_for({"", ""})), Names{});
}

// XML Schema part 1, §4.2.1: a schema without a target namespace takes on that of who includes it.
TEST(XsdSchemas, AnIncludedSchemaTakesOnANamespace) {
  const Schemas schemas(
      "<types>" +
          schema("targetNamespace='urn:a'",
                 "<s:element name='X'/><s:include schemaLocation='c.xsd'/><s:include/>") +
          schema("targetNamespace='urn:b'",
                 "<s:include schemaLocation='c.xsd'/>"
                 "<s:include schemaLocation='c.xsd'/>"
                 "<s:include schemaLocation='own.xsd'/>"
                 "<s:include schemaLocation='not.wsdl'/>"
                 "<s:import schemaLocation='i.xsd'/>") +
          "</types>",
      {{"c.xsd",
        schema("", "<s:include schemaLocation='d.xsd'/><s:element name='C' id='c' type='CT'/>")},
       {"d.xsd", schema("", "<s:include schemaLocation='c.xsd'/><s:element name='D' id='d'/>")},
       {"i.xsd", schema("", "<s:element name='I' id='i'/>")},
       {"own.xsd", schema("targetNamespace='urn:b'", "<s:element name='W' id='w'/>")},
       {"not.wsdl", "<definitions xmlns='http://schemas.xmlsoap.org/wsdl/'/>"}});
  for (const char* space : {"urn:a", "urn:b"}) {
    EXPECT_EQ(schemas.find(XsdKind::kElement, space, "C"), "c") << space;
    EXPECT_EQ(schemas.find(XsdKind::kElement, space, "D"), "d") << space;
    const XsdComponent* c = schemas->find(XsdKind::kElement, {space, "C"});
    ASSERT_NE(c, nullptr);
    EXPECT_TRUE(c->schema->takes_target_of_includer);
    EXPECT_EQ(c->schema->resolve(c->node, "CT"), (base::XmlName{space, "CT"}));
    EXPECT_EQ(c->schema->resolve(c->node, "s:int"), (base::XmlName{kSchemaNamespace, "int"}));
  }
  EXPECT_EQ(schemas.find(XsdKind::kElement, "", "I"), "i");
  EXPECT_EQ(schemas.find(XsdKind::kElement, "urn:b", "I"), "none") << "imported, not included";
  const XsdComponent* own = schemas->find(XsdKind::kElement, {"urn:b", "W"});
  ASSERT_NE(own, nullptr);
  EXPECT_FALSE(own->schema->takes_target_of_includer);
  const XsdComponent* x = schemas->find(XsdKind::kElement, {"urn:a", "X"});
  ASSERT_NE(x, nullptr);
  EXPECT_EQ(x->schema->resolve(x->node, "CT"), (base::XmlName{kWsdlNamespace, "CT"}));
  EXPECT_EQ(schemas->redefining(), nullptr);
  std::map<std::string, int> times;
  for (const XsdSchema& one : schemas->all()) ++times[one.file->name + " " + one.target];
  for (const auto& [one, count] : times) EXPECT_EQ(count, 1) << one;
}

TEST(XsdSchemas, ARedefinedSchemaIsIncludedToo) {
  const Schemas schemas(
      "<types>" + schema("targetNamespace='urn:a'", "<s:redefine schemaLocation='c.xsd'/>") +
          "</types>",
      {{"c.xsd", schema("", "<s:element name='C' id='c'/>")}});
  EXPECT_EQ(schemas.find(XsdKind::kElement, "urn:a", "C"), "c");
  ASSERT_NE(schemas->redefining(), nullptr);
  EXPECT_EQ(schemas->redefining()->target, "urn:a");
}

}  // namespace
}  // namespace intermission::wsdl
