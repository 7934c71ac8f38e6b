// Details made from schemas, each held against its schema by xmllint.
#include "wsdl/xsd_sample.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "support/files.h"
#include "support/temporary_folder.h"
#include "wsdl/wsdl.h"
#include "wsdl/wsdl_in_memory.h"

namespace intermission::wsdl {
namespace {

const contract::Facts kFacts{.service = "orders",
                             .title = "Orders",
                             .message = "Back at 02:00 <UTC> & \xE2\x82\xAC",
                             .language = "en",
                             .seconds = "\xEF\xB7\x90",
                             .most_seconds = 4320,
                             .since = base::TimePoint(base::Seconds(1796162400)),
                             .until = base::TimePoint(base::Seconds(1796176800))};

struct Example {
  const char* shows;
  const char* schema;    // of urn:example:orders, prefix tns; declares the element "Fault"
  const char* expected;  // within <Fault xmlns="urn:example:orders">…</Fault>; null: only valid
};

const Example kExamples[] = {
    {"known names hear the truth",
     "<xsd:element name='Fault'><xsd:complexType><xsd:sequence>"
     "<xsd:element name='code' type='xsd:string'/><xsd:element name='message' type='xsd:string'/>"
     "<xsd:element name='statusCode' type='xsd:int'/><xsd:element name='retryAfterSeconds' "
     "type='xsd:int'/>"
     "<xsd:element name='until' type='xsd:dateTime'/><xsd:element name='since' type='xsd:date'/>"
     "<xsd:element name='retryable' type='xsd:boolean'/>"
     "</xsd:sequence></xsd:complexType></xsd:element>",
     "<code>ServiceUnavailable</code><message>Back at 02:00 &lt;UTC&gt; &amp; "
     "\xE2\x82\xAC</message>"
     "<statusCode>503</statusCode><retryAfterSeconds>\xEF\xB7\x90</retryAfterSeconds>"
     "<until>2026-12-02T02:00:00Z</until><since>2026-12-01</since><retryable>true</retryable>"},
    {"optional parts are said where they tell a truth",
     "<xsd:element name='Fault'><xsd:complexType><xsd:sequence>"
     "<xsd:element name='orderId' type='xsd:int' minOccurs='0'/>"
     "<xsd:element name='message' type='xsd:string' minOccurs='0'/>"
     "</xsd:sequence><xsd:attribute name='code'/><xsd:attribute "
     "name='ref'/></xsd:complexType></xsd:element>",
     nullptr},
    {"unknown names hear the least",
     "<xsd:element name='Fault'><xsd:complexType><xsd:sequence>"
     "<xsd:element name='a' type='xsd:string'/><xsd:element name='b' type='xsd:int'/>"
     "<xsd:element name='c' type='xsd:boolean'/><xsd:element name='d' type='xsd:positiveInteger'/>"
     "<xsd:element name='e' type='xsd:anyURI'/><xsd:element name='f' type='xsd:base64Binary'/>"
     "<xsd:element name='g' type='xsd:language'/><xsd:element name='h' type='xsd:duration'/>"
     "<xsd:element name='i' type='xsd:gYearMonth'/><xsd:element name='j' type='xsd:gMonthDay'/>"
     "<xsd:element name='k' type='xsd:gDay'/><xsd:element name='l' type='xsd:gMonth'/>"
     "<xsd:element name='m' type='xsd:time'/><xsd:element name='n' type='xsd:QName'/>"
     "<xsd:element name='o' type='xsd:anyType'/><xsd:element name='p' type='xsd:negativeInteger'/>"
     "<xsd:element name='q' type='xsd:unsignedByte'/><xsd:element name='r' type='xsd:gYear'/>"
     "</xsd:sequence></xsd:complexType></xsd:element>",
     nullptr},
    {"facets narrow",
     "<xsd:simpleType name='Short'><xsd:restriction base='xsd:string'><xsd:maxLength value='4'/>"
     "</xsd:restriction></xsd:simpleType>"
     "<xsd:simpleType name='Code'><xsd:restriction base='xsd:string'><xsd:pattern "
     "value='E[0-9]{3}'/>"
     "</xsd:restriction></xsd:simpleType>"
     "<xsd:simpleType name='Long'><xsd:restriction base='xsd:string'><xsd:minLength value='3'/>"
     "</xsd:restriction></xsd:simpleType>"
     "<xsd:simpleType name='Few'><xsd:restriction base='xsd:int'><xsd:minExclusive value='6'/>"
     "<xsd:maxInclusive value='10'/></xsd:restriction></xsd:simpleType>"
     "<xsd:element name='Fault'><xsd:complexType><xsd:sequence>"
     "<xsd:element name='message' type='tns:Short'/><xsd:element name='code' type='tns:Code'/>"
     "<xsd:element name='x' type='tns:Long'/><xsd:element name='retryAfter' type='tns:Few'/>"
     "</xsd:sequence></xsd:complexType></xsd:element>",
     "<message>Back</message><code>E000</code><x>-..</x><retryAfter>7</retryAfter>"},
    {"of an enumeration the value that fits",
     "<xsd:simpleType name='Kind'><xsd:restriction base='xsd:string'><xsd:enumeration "
     "value='NOT_FOUND'/>"
     "<xsd:enumeration value='SYSTEM_ERROR'/><xsd:enumeration value='SERVICE_UNAVAILABLE'/>"
     "</xsd:restriction></xsd:simpleType>"
     "<xsd:element name='Fault'><xsd:complexType><xsd:sequence><xsd:element name='kind' "
     "type='tns:Kind'/>"
     "</xsd:sequence></xsd:complexType></xsd:element>",
     "<kind>SERVICE_UNAVAILABLE</kind>"},
    {"lists and unions",
     "<xsd:simpleType name='Numbers'><xsd:restriction><xsd:simpleType><xsd:list "
     "itemType='xsd:int'/>"
     "</xsd:simpleType><xsd:minLength value='2'/></xsd:restriction></xsd:simpleType>"
     "<xsd:simpleType name='Either'><xsd:union memberTypes='xsd:int xsd:boolean'><xsd:simpleType>"
     "<xsd:restriction base='xsd:string'/></xsd:simpleType></xsd:union></xsd:simpleType>"
     "<xsd:element name='Fault'><xsd:complexType><xsd:sequence><xsd:element name='n' "
     "type='tns:Numbers'/>"
     "<xsd:element name='message' "
     "type='tns:Either'/></xsd:sequence></xsd:complexType></xsd:element>",
     nullptr},
    {"a choice takes the part that tells a truth",
     "<xsd:element name='Fault'><xsd:complexType><xsd:choice><xsd:element name='a' type='xsd:int'/>"
     "<xsd:element name='message' type='xsd:string'/></xsd:choice></xsd:complexType></xsd:element>",
     "<message>Back at 02:00 &lt;UTC&gt; &amp; \xE2\x82\xAC</message>"},
    {"groups, all, repetition and attribute groups",
     "<xsd:group name='G'><xsd:sequence><xsd:element name='n' type='xsd:int' minOccurs='3' "
     "maxOccurs='9'/>"
     "</xsd:sequence></xsd:group><xsd:attributeGroup name='A'><xsd:attribute name='id' "
     "type='xsd:ID' "
     "use='required'/><xsd:attribute ref='tns:level' use='required'/></xsd:attributeGroup>"
     "<xsd:attribute name='level' type='xsd:int'/>"
     "<xsd:element name='Fault'><xsd:complexType><xsd:sequence><xsd:group "
     "ref='tns:G'/><xsd:element "
     "name='x'><xsd:complexType><xsd:all><xsd:element name='y' type='xsd:int'/><xsd:element "
     "name='z' "
     "type='xsd:int' minOccurs='0'/></xsd:all></xsd:complexType></xsd:element></xsd:sequence>"
     "<xsd:attributeGroup ref='tns:A'/></xsd:complexType></xsd:element>",
     nullptr},
    {"extensions and restrictions",
     "<xsd:complexType name='Base'><xsd:sequence><xsd:element name='message' type='xsd:string'/>"
     "</xsd:sequence><xsd:attribute name='v' type='xsd:int' use='required'/></xsd:complexType>"
     "<xsd:complexType name='More'><xsd:complexContent><xsd:extension "
     "base='tns:Base'><xsd:sequence>"
     "<xsd:element name='extra' "
     "type='xsd:int'/></xsd:sequence></xsd:extension></xsd:complexContent>"
     "</xsd:complexType><xsd:complexType name='Less'><xsd:complexContent><xsd:restriction "
     "base='tns:More'>"
     "<xsd:sequence><xsd:element name='message' type='xsd:string'/><xsd:element name='extra' "
     "type='xsd:int' "
     "fixed='7'/></xsd:sequence></xsd:restriction></xsd:complexContent></xsd:complexType>"
     "<xsd:element name='Fault' type='tns:Less'/>",
     nullptr},
    {"text with attributes",
     "<xsd:complexType name='Text'><xsd:simpleContent><xsd:extension "
     "base='xsd:string'><xsd:attribute "
     "name='code' type='xsd:int' "
     "use='required'/></xsd:extension></xsd:simpleContent></xsd:complexType>"
     "<xsd:element name='Fault'><xsd:complexType><xsd:sequence><xsd:element name='message' "
     "type='tns:Text'/>"
     "</xsd:sequence></xsd:complexType></xsd:element>",
     "<message code=\"503\">Back at 02:00 &lt;UTC&gt; &amp; \xE2\x82\xAC</message>"},
    {"abstract types and heads of groups are stood in for",
     "<xsd:complexType name='Base' abstract='true'/><xsd:complexType "
     "name='Real'><xsd:complexContent>"
     "<xsd:extension base='tns:Base'><xsd:sequence><xsd:element name='message' type='xsd:string'/>"
     "</xsd:sequence></xsd:extension></xsd:complexContent></xsd:complexType>"
     "<xsd:element name='Head' type='xsd:string' abstract='true'/><xsd:element name='Member' "
     "substitutionGroup='tns:Head'/><xsd:element "
     "name='Fault'><xsd:complexType><xsd:sequence><xsd:element "
     "name='cause' type='tns:Base'/><xsd:element "
     "ref='tns:Head'/></xsd:sequence></xsd:complexType></xsd:element>",
     nullptr},
    {"what has no end is nil where it may be",
     "<xsd:complexType name='Node'><xsd:sequence><xsd:element name='next' type='tns:Node' "
     "nillable='true'/>"
     "</xsd:sequence></xsd:complexType><xsd:element name='Fault' type='tns:Node'/>",
     nullptr},
    {"any element",
     "<xsd:element name='Fault'><xsd:complexType><xsd:sequence><xsd:any processContents='lax'/>"
     "</xsd:sequence></xsd:complexType></xsd:element>",
     nullptr},
    {"unqualified elements",
     "<xsd:element name='Fault'><xsd:complexType><xsd:sequence><xsd:element name='message' "
     "type='xsd:string' form='unqualified'/><xsd:element name='code' "
     "type='xsd:string'/></xsd:sequence>"
     "</xsd:complexType></xsd:element>",
     "<message xmlns=\"\">Back at 02:00 &lt;UTC&gt; &amp; \xE2\x82\xAC</message>"
     "<code>ServiceUnavailable</code>"},
    {"a choice without a truth takes the first part that can be made",
     "<xsd:complexType name='N'><xsd:sequence><xsd:element name='n' "
     "type='tns:N'/></xsd:sequence></xsd:complexType><xsd:element "
     "name='Fault'><xsd:complexType><xsd:choice><xsd:annotation/><xsd:sequence><xsd:element "
     "name='a' type='xsd:int'/><xsd:element name='b' type='tns:N'/></xsd:sequence><xsd:element "
     "name='c' type='xsd:int'/></xsd:choice></xsd:complexType></xsd:element>",
     "<c>0</c>"},
    {"an optional group is made where it tells a truth",
     "<xsd:element name='Fault'><xsd:complexType><xsd:sequence><xsd:sequence "
     "minOccurs='0'><xsd:element name='a' type='xsd:int'/></xsd:sequence><xsd:sequence "
     "minOccurs='0'><xsd:element name='b' type='xsd:int'/><xsd:element name='message' "
     "type='xsd:string'/></xsd:sequence><xsd:any minOccurs='0' "
     "processContents='lax'/></xsd:sequence></xsd:complexType></xsd:element>",
     "<b>0</b><message>Back at 02:00 &lt;UTC&gt; &amp; \xE2\x82\xAC</message>"},
    {"attributes are said where they must be or tell a truth",
     "<xsd:element name='Fault'><xsd:complexType><xsd:attribute name='a' "
     "type='xsd:int'/><xsd:attribute name='code' type='xsd:string' "
     "use='prohibited'/><xsd:attribute name='severity' "
     "use='optional'><xsd:annotation/><xsd:simpleType><xsd:restriction "
     "base='xsd:string'><xsd:enumeration value='warn'/><xsd:enumeration "
     "value='Error'/></xsd:restriction></xsd:simpleType></xsd:attribute><xsd:attribute name='v' "
     "type='xsd:int' fixed='7' use='required'/></xsd:complexType></xsd:element>",
     nullptr},
    {"abstract types are stood in for over several steps",
     "<xsd:complexType name='Base' abstract='true'/><xsd:complexType name='Middle' "
     "abstract='true'><xsd:complexContent><xsd:extension "
     "base='tns:Base'/></xsd:complexContent></xsd:complexType><xsd:complexType "
     "name='Real'><xsd:complexContent><xsd:extension base='tns:Middle'><xsd:sequence><xsd:element "
     "name='message' "
     "type='xsd:string'/></xsd:sequence></xsd:extension></xsd:complexContent></"
     "xsd:complexType><xsd:element name='Fault'><xsd:complexType><xsd:sequence><xsd:element "
     "name='cause' type='tns:Base'/></xsd:sequence></xsd:complexType></xsd:element>",
     nullptr},
    {"text of text with attributes",
     "<xsd:complexType name='Text'><xsd:simpleContent><xsd:extension "
     "base='xsd:string'><xsd:attribute name='code' type='xsd:int' "
     "use='required'/></xsd:extension></xsd:simpleContent></xsd:complexType><xsd:complexType "
     "name='More'><xsd:simpleContent><xsd:extension base='tns:Text'><xsd:attribute name='n' "
     "type='xsd:int' "
     "use='required'/></xsd:extension></xsd:simpleContent></xsd:complexType><xsd:complexType "
     "name='Short'><xsd:annotation/><xsd:simpleContent><xsd:restriction "
     "base='tns:Text'><xsd:maxLength "
     "value='4'/></xsd:restriction></xsd:simpleContent></xsd:complexType><xsd:element "
     "name='Fault'><xsd:complexType><xsd:sequence><xsd:element name='message' "
     "type='tns:More'/><xsd:element name='reason' "
     "type='tns:Short'/></xsd:sequence></xsd:complexType></xsd:element>",
     nullptr},
    {"digits",
     "<xsd:simpleType name='D'><xsd:restriction base='xsd:decimal'><xsd:totalDigits value='3'/>"
     "<xsd:fractionDigits value='1'/><xsd:minInclusive "
     "value='0.5'/></xsd:restriction></xsd:simpleType>"
     "<xsd:element name='Fault' type='tns:D'/>",
     "1"},
};

std::string without_slots(std::string text, const std::string& seconds) {
  for (auto at = text.find(kFacts.seconds); at != std::string::npos;
       at = text.find(kFacts.seconds)) {
    text.replace(at, kFacts.seconds.size(), seconds);
  }
  return text;
}

std::string invalid_by(const std::string& schema, const std::string& document) {
  const testing::TemporaryFolder folder;
  const auto xsd = folder.write("schema.xsd", schema);
  const auto xml = folder.write("document.xml", document);
  const auto log = folder.path() / "log";
  const std::string command = "xmllint --noout --nonet --schema " + xsd.string() + " " +
                              xml.string() + " 2> " + log.string();
  return std::system(command.c_str()) == 0 ? "" : testing::read_file(log);
}

TEST(XsdSampleTest, EveryDetailIsValid) {
  for (const Example& example : kExamples) {
    SCOPED_TRACE(example.shows);
    auto files = files_in_memory({{"main.wsdl", wsdl_with(example.schema, {"Fault"})}});
    ASSERT_TRUE(files) << files.error().text();
    const auto wsdl = Wsdl::from(std::move(*files));
    ASSERT_TRUE(wsdl) << wsdl.error().text();
    for (const auto& finding : (*wsdl)->findings()) ADD_FAILURE() << finding.text();
    ASSERT_EQ((*wsdl)->faults().size(), 1U);
    const auto detail = (*wsdl)->detail(0, kFacts);
    ASSERT_TRUE(detail);
    const std::string schema =
        "<xsd:schema xmlns:xsd='http://www.w3.org/2001/XMLSchema' xmlns:tns='urn:example:orders' "
        "targetNamespace='urn:example:orders' elementFormDefault='qualified'>" +
        std::string(example.schema) + "</xsd:schema>";
    for (const char* seconds : {"5", "4320"}) {
      EXPECT_EQ(invalid_by(schema, without_slots(*detail, seconds)), "") << *detail;
    }
    if (example.expected != nullptr) {
      EXPECT_EQ(*detail, "<Fault xmlns=\"urn:example:orders\">" + std::string(example.expected) +
                             "</Fault>");
    }
  }
}

// An optional element is left out if it cannot be made.
TEST(XsdSampleTest, WhatIsOptionalAndCannotBeMadeIsLeftOut) {
  for (const char* part :
       {"<xsd:sequence><xsd:element ref='tns:Nowhere' minOccurs='0'/></xsd:sequence>",
        "<xsd:attribute ref='tns:nowhere'/>", "<xsd:attribute name='code' type='tns:Nowhere'/>",
        "<xsd:sequence minOccurs='0'><xsd:group ref='tns:Nowhere'/></xsd:sequence>"}) {
    auto files = files_in_memory(
        {{"main.wsdl", wsdl_with("<xsd:element name='Fault'><xsd:complexType>" + std::string(part) +
                                     "</xsd:complexType></xsd:element>",
                                 {"Fault"})}});
    const auto wsdl = Wsdl::from(std::move(*files));
    ASSERT_TRUE(wsdl);
    EXPECT_TRUE((*wsdl)->findings().empty()) << part;
    EXPECT_EQ((*wsdl)->detail(0, kFacts), "<Fault xmlns=\"urn:example:orders\"/>") << part;
  }
}

TEST(XsdSampleTest, WhatCannotBeMadeIsSaid) {
  const std::pair<const char*, const char*> examples[] = {
      {"<xsd:complexType name='N'><xsd:sequence><xsd:element name='n' type='tns:N'/></xsd:sequence>"
       "</xsd:complexType><xsd:element name='Fault' type='tns:N'/>",
       "asks for itself"},
      {"<xsd:element name='Fault'><xsd:complexType><xsd:attribute name='(d' type='xsd:int' "
       "use='required'/></xsd:complexType></xsd:element>",
       "has a name that XML forbids"},
      {"<xsd:element name='Fault'><xsd:simpleType><xsd:restriction base='xsd:string'><xsd:pattern "
       "value='(?=x)'/></xsd:restriction></xsd:simpleType></xsd:element>",
       "its pattern is not understood"},
      {"<xsd:element name='Fault'><xsd:simpleType><xsd:restriction base='xsd:string'><xsd:pattern "
       "value='a{5}'/><xsd:maxLength value='2'/></xsd:restriction></xsd:simpleType></xsd:element>",
       "has a type that no text was found for"},
      {"<xsd:element name='Fault'><xsd:complexType><xsd:sequence><xsd:any/></xsd:sequence>"
       "</xsd:complexType></xsd:element>",
       "asks for an element that nothing here declares"},
      {"<xsd:simpleType name='S'><xsd:restriction base='tns:S'/></xsd:simpleType><xsd:element "
       "name='Fault' type='tns:S'/>",
       "derived from itself"},
      {"<xsd:element name='Fault'><xsd:complexType><xsd:sequence><xsd:element name='n' "
       "type='xsd:int' "
       "minOccurs='1000000'/></xsd:sequence></xsd:complexType></xsd:element>",
       "is wanted too often"},
      {"<xsd:element name='Fault'><xsd:complexType><xsd:group "
       "ref='tns:Nowhere'/></xsd:complexType></xsd:element>",
       "refers to a group that is not declared"},
      {"<xsd:element name='Fault'><xsd:complexType><xsd:sequence><xsd:element "
       "ref='tns:Nowhere'/></xsd:sequence></xsd:complexType></xsd:element>",
       "refers to an element that is not declared"},
      {"<xsd:element name='Fault'><xsd:complexType><xsd:attributeGroup "
       "ref='tns:Nowhere'/></xsd:complexType></xsd:element>",
       "refers to attributes that are not declared"},
      {"<xsd:element name='Fault'><xsd:complexType><xsd:attribute ref='tns:nowhere' "
       "use='required'/></xsd:complexType></xsd:element>",
       "refers to an attribute that is not declared"},
      {"<xsd:element name='Fault'><xsd:complexType><xsd:attribute name='a' "
       "use='required'><xsd:simpleType><xsd:restriction base='xsd:string'><xsd:pattern "
       "value='a{5}'/><xsd:maxLength "
       "value='2'/></xsd:restriction></xsd:simpleType></xsd:attribute></xsd:complexType></"
       "xsd:element>",
       "has a type that no text was found for"},
      {"<xsd:element name='Fault'><xsd:complexType><xsd:attribute name='a' type='tns:Nowhere' "
       "use='required'/></xsd:complexType></xsd:element>",
       "no simple type Nowhere"},
      {"<xsd:element name='Fault'><xsd:complexType><xsd:sequence><xsd:any processContents='lax' "
       "namespace='##targetNamespace'/></xsd:sequence></xsd:complexType></xsd:element>",
       "asks for an element that nothing here declares"},
      {"<xsd:element name='Fault'><xsd:complexType><xsd:sequence><xsd:element name='n' "
       "type='xsd:int' minOccurs='x'/></xsd:sequence></xsd:complexType></xsd:element>",
       "is wanted too often"},
      {"<xsd:element name='Fault'><xsd:complexType><xsd:complexContent><xsd:extension "
       "base='tns:Nowhere'/></xsd:complexContent></xsd:complexType></xsd:element>",
       "extends a type that is not declared"},
      {"<xsd:element name='Fault'><xsd:complexType><xsd:choice><xsd:group "
       "ref='tns:Nowhere'/></xsd:choice></xsd:complexType></xsd:element>",
       "offers a choice of which nothing can be made here"},
      {"<xsd:element name='Fault'><xsd:complexType><xsd:choice><xsd:annotation/></xsd:choice>"
       "</xsd:complexType></xsd:element>",
       "offers a choice of which nothing can be made here"},
      {"<xsd:complexType name='Base' abstract='true'/><xsd:element name='Fault' type='tns:Base'/>",
       "none that is derived from it can be made here"},
      {"<xsd:element name='Fault' type='xsd:string' abstract='true'/>",
       "is abstract, and nothing that stands in for it"},
  };
  for (const auto& [schema, expected] : examples) {
    auto files = files_in_memory({{"main.wsdl", wsdl_with(schema, {"Fault"})}});
    const auto wsdl = Wsdl::from(std::move(*files));
    ASSERT_TRUE(wsdl);
    ASSERT_EQ((*wsdl)->findings().size(), 1U) << schema;
    EXPECT_THAT((*wsdl)->findings()[0].text(), ::testing::HasSubstr(expected));
    EXPECT_THAT((*wsdl)->findings()[0].text(),
                ::testing::StartsWith("main.wsdl:6: fault Fault is left out: "));
  }
}

// ---------------------------------------------------------------- one rule at a time

/// What the element Fault holds, or why there is none.
std::string told(const std::string& schema) {
  auto files = files_in_memory({{"main.wsdl", wsdl_with(schema, {"Fault"})}});
  EXPECT_TRUE(files) << files.error().text();
  const auto wsdl = Wsdl::from(std::move(*files));
  EXPECT_TRUE(wsdl) << wsdl.error().text();
  for (const auto& finding : (*wsdl)->findings()) return finding.text();
  std::string detail = (*wsdl)->detail(0, kFacts).value_or("none");
  const std::string start = "<Fault xmlns=\"urn:example:orders\"";
  if (!detail.starts_with(start)) return detail;
  detail = detail.substr(start.size());
  const auto end = detail.rfind("</Fault>");
  return detail.starts_with('>') ? detail.substr(1, end - 1) : detail.substr(0, end);
}

std::string fault(const std::string& inside) {
  return "<xsd:element name='Fault'><xsd:complexType>" + inside +
         "</xsd:complexType></xsd:element>";
}

std::string sequence(const std::string& inside, const std::string& attributes = "") {
  return "<xsd:sequence " + attributes + ">" + inside + "</xsd:sequence>";
}

std::string element(const std::string& name, const std::string& type = "xsd:int",
                    const std::string& attributes = "") {
  return "<xsd:element name='" + name + "' type='" + type + "' " + attributes + "/>";
}

const std::string kMessage = "<message>Back at 02:00 &lt;UTC&gt; &amp; \xE2\x82\xAC</message>";

TEST(XsdSampleTest, NamesAreThoseOfXml) {
  for (const std::string name : {"_a", "\xC3\xA4", "a9", "a-b.c", "Z"}) {
    EXPECT_EQ(told(fault(sequence(element(name)))), "<" + name + ">0</" + name + ">");
  }
  for (const std::string name : {"", "9a", "-a", "a b", "a:b", "a/", "!"}) {
    EXPECT_THAT(told(fault(sequence(element(name)))),
                ::testing::HasSubstr("has a name that XML forbids"))
        << name;
  }
}

TEST(XsdSampleTest, ElementsHoldWhatIsFixed) {
  EXPECT_EQ(told(fault(sequence(element("a", "xsd:int", "fixed='7'") +
                                element("message", "xsd:string", "fixed='m'")))),
            "<a>7</a><message>m</message>");
}

TEST(XsdSampleTest, NilIsWhatCannotBeMadeAndElseNothingIs) {
  const std::string lost = "<xsd:complexType name='L'>" +
                           sequence(element("a") + element("b", "tns:Lost")) + "</xsd:complexType>";
  const std::string nil =
      "<n xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"/>";
  EXPECT_EQ(told(lost + fault(sequence(element("n", "tns:L", "nillable='true'")))), nil);
  EXPECT_EQ(told(lost + fault(sequence(element("n", "tns:L", "nillable='1'")))), nil);
  EXPECT_EQ(told(fault(sequence(element("n", "xsd:int", "nillable='true'")))), "<n>0</n>");
  EXPECT_THAT(told(lost + fault(sequence(element("n", "tns:L", "nillable='false'")))),
              ::testing::HasSubstr("no simple type Lost"));
}

TEST(XsdSampleTest, AnElementWithoutATypeHasThatOfItsHead) {
  const auto member = [](const std::string& heads, const std::string& group) {
    return told(heads + "<xsd:element name='M'" + group + "/>" +
                fault(sequence("<xsd:element ref='tns:M'/>")));
  };
  const std::string of_head = " substitutionGroup='tns:H'";
  EXPECT_EQ(member("<xsd:element name='H' type='xsd:int'/>", of_head), "<M>0</M>");
  EXPECT_EQ(member("<xsd:element name='H'><xsd:complexType/></xsd:element>", of_head), "<M/>");
  EXPECT_EQ(member("", of_head), "<M/>") << "there is no such head";
  EXPECT_EQ(member("", ""), "<M/>");
}

TEST(XsdSampleTest, WhatFailsLeavesNothingBehind) {
  const std::string head = "<xsd:element name='H' abstract='1'/>";
  const std::string bad = "<xsd:element name='A' substitutionGroup='tns:H'><xsd:complexType>" +
                          sequence(element("a") + element("b", "tns:Lost")) +
                          "</xsd:complexType></xsd:element>";
  const std::string good = "<xsd:element name='B' type='xsd:int' substitutionGroup='tns:H'/>";
  EXPECT_EQ(told(head + bad + good + fault(sequence(element("x") + "<xsd:element ref='tns:H'/>"))),
            "<x>0</x><B>0</B>");
  const auto heir = [](const std::string& name, const std::string& inside,
                       const std::string& more = "") {
    return "<xsd:complexType name='" + name + "' " + more +
           "><xsd:complexContent><xsd:extension base='tns:Base'>" + sequence(inside) +
           "</xsd:extension></xsd:complexContent></xsd:complexType>";
  };
  EXPECT_EQ(
      told("<xsd:complexType name='Base' abstract='true'/>" +
           heir("A", element("a"), "abstract='true'") +
           heir("B", element("b") + element("c", "tns:Lost")) + heir("C", element("d")) +
           heir("D", element("e")) + fault(sequence(element("x", "tns:Base")))),
      "<x xmlns:t=\"urn:example:orders\" "
      "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"t:C\"><d>0</d></x>");
  EXPECT_EQ(told(fault("<xsd:choice>" + sequence(element("a") + element("b", "tns:Lost")) +
                       sequence(element("c")) + element("d") + "</xsd:choice>")),
            "<c>0</c>");
}

TEST(XsdSampleTest, AnOptionalGroupTellsWhateverComesAfterTheTruth) {
  const std::string group =
      sequence(element("message", "xsd:string") + element("b"), "minOccurs='0'");
  EXPECT_EQ(told(fault(sequence(group))), kMessage + "<b>0</b>");
  EXPECT_EQ(told(fault(sequence(sequence(
                group + sequence(element("c"), "minOccurs='0'") + element("d"), "minOccurs='0'")))),
            kMessage + "<b>0</b><d>0</d>");
  EXPECT_EQ(told(fault(sequence(sequence(element("c") + sequence(element("d"), "minOccurs='0'"),
                                         "minOccurs='0'")))),
            "/>")
      << "nothing in it is true";
  EXPECT_EQ(told(fault(sequence(element("message", "xsd:string") +
                                sequence(element("c"), "minOccurs='0'")))),
            kMessage);
  EXPECT_EQ(told(fault(sequence("<xsd:choice minOccurs='0'>" + element("a") +
                                element("message", "xsd:string") + "</xsd:choice>"))),
            kMessage);
  EXPECT_EQ(
      told(fault("<xsd:all minOccurs='0'>" + element("message", "xsd:string") + "</xsd:all>")),
      kMessage);
  EXPECT_EQ(told("<xsd:group name='G'>" + sequence(element("message", "xsd:string")) +
                 "</xsd:group>" + fault(sequence("<xsd:group ref='tns:G' minOccurs='0'/>"))),
            kMessage);
}

TEST(XsdSampleTest, AnOptionalElementTellsATruthOrIsLeftOut) {
  EXPECT_EQ(told(fault(sequence(element("orderId", "xsd:string", "minOccurs='0'") +
                                element("message", "xsd:string", "minOccurs='0'") +
                                element("status", "xsd:string", "minOccurs='0'") +
                                element("message", "xsd:int", "minOccurs='0'")))),
            kMessage + "<status>503</status>");
  EXPECT_EQ(told(fault(sequence("<xsd:element name='details' minOccurs='0'><xsd:complexType>" +
                                sequence(element("message", "xsd:string")) +
                                "</xsd:complexType></xsd:element><xsd:element name='other' "
                                "minOccurs='0'><xsd:complexType>" +
                                sequence(element("message", "xsd:string")) +
                                "</xsd:complexType></xsd:element>"))),
            "<details>" + kMessage + "</details>");
  EXPECT_EQ(told(fault(sequence("<xsd:element name='details' minOccurs='0'><xsd:complexType>"
                                "<xsd:attribute name='code' use='required'/></xsd:complexType>"
                                "</xsd:element>"))),
            "<details code=\"ServiceUnavailable\"/>");
  EXPECT_EQ(
      told(fault(sequence("<xsd:element name='details' minOccurs='0'><xsd:complexType>"
                          "<xsd:attribute name='code'/><xsd:attribute name='a' type='xsd:int' "
                          "use='required'/></xsd:complexType></xsd:element>"))),
      "<details code=\"ServiceUnavailable\" a=\"0\"/>");
  EXPECT_EQ(told(fault(sequence("<xsd:element name='details' minOccurs='0'><xsd:complexType>"
                                "<xsd:attribute name='a' type='xsd:int' use='required'/>"
                                "</xsd:complexType></xsd:element>"))),
            "/>");
}

TEST(XsdSampleTest, RepeatsAsOftenAsItMust) {
  EXPECT_EQ(told(fault(sequence(element("a", "xsd:int", "minOccurs='3'")))),
            "<a>0</a><a>0</a><a>0</a>");
  EXPECT_EQ(told(fault(sequence(element("a"), "minOccurs='2'"))), "<a>0</a><a>0</a>");
  std::string most;
  for (int i = 0; i < 64; ++i) most += "<a>0</a>";
  EXPECT_EQ(told(fault(sequence(element("a", "xsd:int", "minOccurs='64'")))), most);
  EXPECT_THAT(told(fault(sequence(element("a", "xsd:int", "minOccurs='65'")))),
              ::testing::HasSubstr("is wanted too often"));
}

TEST(XsdSampleTest, MakesSoManyElements) {
  const auto many = [](int last) {
    return told(
        fault(sequence(sequence(element("a", "xsd:int", "minOccurs='62'"), "minOccurs='64'") +
                       sequence(element("b", "xsd:int", "minOccurs='60'"), "minOccurs='15'") +
                       element("c", "xsd:int", "minOccurs='" + std::to_string(last) + "'"))));
  };
  // One for the element itself, each sequence, and each element in them.
  EXPECT_THAT(many(51), ::testing::HasSubstr("<c>0</c>"));
  EXPECT_THAT(many(52), ::testing::HasSubstr("asks for itself, or for more than can be made here"));
}

TEST(XsdSampleTest, AnythingIsTheNoticeWhereAnythingMayBe) {
  const auto any = [](const std::string& attributes) {
    return told(fault(sequence("<xsd:any " + attributes + "/>")));
  };
  const std::string notice =
      "<problem xmlns=\"urn:ietf:rfc:7807\"><detail>Back at 02:00 &lt;UTC&gt; "
      "&amp; \xE2\x82\xAC</detail></problem>";
  for (const char* space : {"", "namespace='##any'", "namespace='##other'"}) {
    for (const char* process : {"processContents='lax'", "processContents='skip'"}) {
      EXPECT_EQ(any(std::string(space) + " " + process), notice);
    }
  }
  EXPECT_THAT(any("processContents='strict'"), ::testing::HasSubstr("that nothing here declares"));
  EXPECT_THAT(any("processContents='lax' namespace='##local'"),
              ::testing::HasSubstr("that nothing here declares"));
  EXPECT_EQ(any("minOccurs='0' processContents='lax'"), "/>");
}

TEST(XsdSampleTest, AttributesAreSaidAsTheyAreDeclared) {
  const auto with = [](const std::string& attributes, const std::string& globals = "") {
    return told(globals + fault(attributes));
  };
  EXPECT_EQ(with("<xsd:attribute name='a' type='xsd:int' use='required'/><xsd:attribute name='b' "
                 "type='xsd:int'/><xsd:attribute name='code' type='xsd:int'/><xsd:attribute "
                 "name='message' type='xsd:int'/><xsd:attribute name='status' use='prohibited'/>"),
            " a=\"0\" code=\"503\"/>");
  EXPECT_EQ(with("<xsd:attribute name='a' fixed='7' use='required'/><xsd:attribute name='code' "
                 "fixed='closed'/>"),
            " a=\"7\"/>");
  EXPECT_EQ(with("<xsd:attribute ref='tns:g' use='required'/>",
                 "<xsd:attribute name='g' type='xsd:int' fixed='7'/>"),
            " xmlns:a1=\"urn:example:orders\" a1:g=\"7\"/>");
  EXPECT_EQ(with("<xsd:attribute name='g' form='qualified' type='xsd:int' use='required'/>"),
            " xmlns:a1=\"urn:example:orders\" a1:g=\"0\"/>");
  EXPECT_EQ(with("<xsd:attribute name='s' use='required'><xsd:annotation/><xsd:simpleType>"
                 "<xsd:restriction base='xsd:int'/></xsd:simpleType></xsd:attribute>"),
            " s=\"0\"/>");
  EXPECT_EQ(with("<xsd:attribute name='s' use='required'/>"), " s=\"\"/>");
  const std::string base =
      "<xsd:complexType name='B'><xsd:attribute name='a' type='xsd:int' "
      "use='required'/></xsd:complexType>";
  EXPECT_EQ(
      told(base + fault("<xsd:complexContent><xsd:restriction base='tns:B'><xsd:attribute name='a' "
                        "type='xsd:int' fixed='7' use='required'/></xsd:restriction>"
                        "</xsd:complexContent>")),
      " a=\"7\"/>")
      << "said once";
}

TEST(XsdSampleTest, ContentIsThatOfTheBaseAndMore) {
  const std::string base =
      "<xsd:complexType name='B'>" + sequence(element("b")) +
      "<xsd:attribute name='x' type='xsd:int' use='required'/></xsd:complexType>";
  const auto content = [&](const std::string& how, const std::string& of = "tns:B") {
    return told(base + fault("<xsd:annotation/><xsd:complexContent><xsd:annotation/><xsd:" + how +
                             " base='" + of + "'>" + sequence(element("c")) +
                             "<xsd:attribute name='y' type='xsd:int' use='required'/></xsd:" + how +
                             "></xsd:complexContent>"));
  };
  EXPECT_EQ(content("extension"), " x=\"0\" y=\"0\"><b>0</b><c>0</c>");
  EXPECT_EQ(content("restriction"), " x=\"0\" y=\"0\"><c>0</c>");
  EXPECT_EQ(content("restriction", "xsd:anyType"), " y=\"0\"><c>0</c>");
  EXPECT_THAT(content("extension", "tns:Lost"),
              ::testing::HasSubstr("extends a type that is not declared"));
  const std::string lost = "<xsd:complexType name='L'>" + sequence(element("b", "tns:Lost")) +
                           "<xsd:attribute ref='tns:lost' use='required'/></xsd:complexType>";
  EXPECT_THAT(
      told(lost + fault("<xsd:complexContent><xsd:extension base='tns:L'/></xsd:complexContent>")),
      ::testing::HasSubstr("no simple type Lost"));
  EXPECT_THAT(
      told(lost +
           fault("<xsd:complexContent><xsd:restriction base='tns:L'/></xsd:complexContent>")),
      ::testing::HasSubstr("an attribute that is not declared"));
  EXPECT_THAT(
      told(fault("<xsd:complexContent><xsd:restriction base='xsd:anyType'>" +
                 sequence(element("b", "tns:Lost")) + "</xsd:restriction></xsd:complexContent>")),
      ::testing::HasSubstr("no simple type Lost"));
}

TEST(XsdSampleTest, TextWithAttributesIsThatOfItsBase) {
  const std::string text =
      "<xsd:complexType name='T'><xsd:annotation/><xsd:simpleContent><xsd:extension "
      "base='xsd:string'><xsd:attribute name='a' type='xsd:int' use='required'/>"
      "</xsd:extension></xsd:simpleContent></xsd:complexType>";
  const auto of = [&](const std::string& how, const std::string& facets = "",
                      const std::string& base = "tns:T") {
    return told(
        text + "<xsd:complexType name='F'><xsd:simpleContent><xsd:" + how + " base='" + base +
        "'>" + facets + "<xsd:attribute name='b' type='xsd:int' use='required'/></xsd:" + how +
        "></xsd:simpleContent></xsd:complexType>" + fault(sequence(element("message", "tns:F"))));
  };
  EXPECT_EQ(of("extension"),
            "<message a=\"0\" b=\"0\">Back at 02:00 &lt;UTC&gt; &amp; \xE2\x82\xAC</message>");
  EXPECT_EQ(of("restriction", "<xsd:maxLength value='4'/>"),
            "<message a=\"0\" b=\"0\">Back</message>");
  EXPECT_EQ(of("extension", "", "xsd:int"), "<message b=\"0\">0</message>");
  EXPECT_THAT(of("extension", "", "tns:Lost"), ::testing::HasSubstr("no simple type Lost"));
  EXPECT_THAT(
      of("restriction", "\n\n<xsd:maxLength value='x'/>"),
      ::testing::HasSubstr("main.wsdl:8: fault Fault is left out: a simple type: a length"));
  EXPECT_THAT(of("restriction", "<xsd:pattern value='a{5}'/><xsd:maxLength value='2'/>"),
              ::testing::HasSubstr("has a type that no text was found for"));
  EXPECT_THAT(told("<xsd:complexType name='C'/>" +
                   fault("<xsd:simpleContent><xsd:extension base='tns:C'/></xsd:simpleContent>")),
              ::testing::HasSubstr("extends a type without text"));
  EXPECT_EQ(told("<xsd:simpleType name='S'><xsd:restriction base='xsd:int'/></xsd:simpleType>" +
                 fault("<xsd:simpleContent><xsd:extension base='tns:S'/></xsd:simpleContent>")),
            "0");
}

TEST(XsdSampleTest, SaysOnWhichLineAFacetStands) {
  EXPECT_THAT(
      told(fault(sequence("<xsd:element name='a'><xsd:simpleType>\n\n<xsd:restriction "
                          "base='xsd:int'>\n<xsd:maxLength value='x'/></xsd:restriction>"
                          "</xsd:simpleType></xsd:element>"))),
      ::testing::StartsWith("main.wsdl:9: fault Fault is left out: a simple type: a length"));
}

// ---------------------------------------------------------------- depths

std::string nested(int times, const std::string& leaf) {
  std::string inside = leaf;
  for (int i = 0; i < times; ++i) {
    inside = sequence("<xsd:element name='a'><xsd:complexType>" + inside +
                      "</xsd:complexType></xsd:element>");
  }
  return inside;
}

TEST(XsdSampleDepth, ElementsStandInEachOther) {
  const std::string empty = "<xsd:complexType name='E'/>";
  EXPECT_THAT(told(fault(nested(20, ""))), ::testing::HasSubstr("<a><a/></a>"));
  EXPECT_THAT(told(fault(nested(21, ""))), ::testing::HasSubstr("asks for itself without end"));
  EXPECT_THAT(told(fault(sequence(nested(19, "")))), ::testing::HasSubstr("<a><a/></a>"));
  EXPECT_THAT(told(fault(sequence(nested(20, "")))),
              ::testing::HasSubstr("asks for itself, or for more"));
  EXPECT_THAT(told(empty + fault(sequence(nested(18, sequence(element("b", "tns:E")))))),
              ::testing::HasSubstr("<b/>"));
  EXPECT_THAT(told(empty + fault(nested(19, sequence(element("b", "tns:E"))))),
              ::testing::HasSubstr("asks for itself without end"));
}

TEST(XsdSampleDepth, OptionalPartsStandInEachOther) {
  const auto optional = [](int times) {
    std::string inside = sequence(element("message", "xsd:string"));
    for (int i = 0; i < times; ++i) inside = sequence(inside, "minOccurs='0'");
    return told(fault(inside));
  };
  EXPECT_EQ(optional(38), kMessage);
  EXPECT_EQ(optional(39), "/>");
  const auto elements = [](int times) {
    std::string inside = sequence(element("message", "xsd:string"));
    for (int i = 0; i < times; ++i) {
      inside = sequence("<xsd:element name='details' minOccurs='0'><xsd:complexType>" + inside +
                        "</xsd:complexType></xsd:element>");
    }
    return told(fault(inside));
  };
  EXPECT_THAT(elements(19), ::testing::HasSubstr(kMessage));
  EXPECT_EQ(elements(20), "/>");
}

TEST(XsdSampleDepth, TypesAreNamedByEachOther) {
  const auto chain = [](int times, const std::string& last) {
    std::string types =
        "<xsd:complexType name='T" + std::to_string(times) + "'>" + last + "</xsd:complexType>";
    for (int i = 0; i < times; ++i) {
      types += "<xsd:complexType name='T" + std::to_string(i) + "'>" +
               sequence(element("a", "tns:T" + std::to_string(i + 1))) + "</xsd:complexType>";
    }
    return told(types + element("Fault", "tns:T0"));
  };
  EXPECT_THAT(chain(13, ""), ::testing::HasSubstr("<a/>"));
  EXPECT_THAT(chain(13, sequence("")), ::testing::HasSubstr("asks for itself without end"));
}

/// Types D0, D1, … of which each is derived from the next.
std::string derivations(int times, const std::string& content, const std::string& how,
                        const std::string& last) {
  std::string types = last;
  for (int i = 0; i < times; ++i) {
    types += "<xsd:complexType name='D" + std::to_string(i) + "'><xsd:" + content + "><xsd:" + how +
             " base='tns:D" + std::to_string(i + 1) + "'/></xsd:" + content + "></xsd:complexType>";
  }
  return types + element("Fault", "tns:D0");
}

TEST(XsdSampleDepth, TypesAreDerivedFromEachOther) {
  const auto last = [](int times) {
    return "<xsd:complexType name='D" + std::to_string(times) +
           "'><xsd:attribute name='z' type='xsd:int' use='required'/></xsd:complexType>";
  };
  const auto text = [](int times) {
    return "<xsd:complexType name='D" + std::to_string(times) +
           "'><xsd:simpleContent><xsd:extension base='xsd:int'><xsd:attribute name='z' "
           "type='xsd:int' "
           "use='required'/></xsd:extension></xsd:simpleContent></xsd:complexType>";
  };
  EXPECT_EQ(told(derivations(39, "complexContent", "extension", last(39))), " z=\"0\"/>");
  EXPECT_THAT(told(derivations(40, "complexContent", "extension", last(40))),
              ::testing::HasSubstr("extends a type that is not declared"));
  EXPECT_EQ(told(derivations(39, "complexContent", "restriction", last(39))), " z=\"0\"/>");
  EXPECT_THAT(told(derivations(40, "complexContent", "restriction", last(40))),
              ::testing::HasSubstr("restricts itself"));
  EXPECT_EQ(told(derivations(39, "simpleContent", "extension", text(39))), " z=\"0\">0");
  EXPECT_THAT(told(derivations(40, "simpleContent", "extension", text(40))),
              ::testing::HasSubstr("extends itself"));
}

TEST(XsdSampleDepth, GroupsOfAttributesStandInEachOther) {
  const auto groups = [](int times) {
    std::string all =
        "<xsd:attributeGroup name='G" + std::to_string(times) +
        "'><xsd:attribute name='z' type='xsd:int' use='required'/></xsd:attributeGroup>";
    for (int i = 0; i < times; ++i) {
      all += "<xsd:attributeGroup name='G" + std::to_string(i) +
             "'><xsd:attributeGroup ref='tns:G" + std::to_string(i + 1) +
             "'/></xsd:attributeGroup>";
    }
    return told(all + fault("<xsd:attributeGroup ref='tns:G0'/>"));
  };
  EXPECT_EQ(groups(39), " z=\"0\"/>");
  EXPECT_THAT(groups(40), ::testing::HasSubstr("asks for itself without end"));
}

TEST(XsdSampleDepth, AbstractOnesAreStoodInForByEachOther) {
  const auto heads = [](int times) {
    std::string all = element("H" + std::to_string(times), "xsd:int",
                              "substitutionGroup='tns:H" + std::to_string(times - 1) + "'");
    for (int i = 0; i < times; ++i) {
      all += "<xsd:element name='H" + std::to_string(i) + "' abstract='true'" +
             (i == 0 ? "" : " substitutionGroup='tns:H" + std::to_string(i - 1) + "'") + "/>";
    }
    return told(all + fault(sequence("<xsd:element ref='tns:H0'/>")));
  };
  EXPECT_EQ(heads(38), "<H38>0</H38>");
  EXPECT_THAT(heads(39), ::testing::HasSubstr("nothing that stands in for it can be made here"));
  const auto types = [](int times) {
    std::string all = "<xsd:complexType name='A0' abstract='true'/>";
    for (int i = 1; i <= times; ++i) {
      all += "<xsd:complexType name='A" + std::to_string(i) + "'" +
             (i < times ? " abstract='true'" : "") +
             "><xsd:complexContent><xsd:extension base='tns:A" + std::to_string(i - 1) +
             "'/></xsd:complexContent></xsd:complexType>";
    }
    return told(all + element("Fault", "tns:A0"));
  };
  EXPECT_THAT(types(20), ::testing::HasSubstr("xsi:type=\"t:A20\""));
  EXPECT_THAT(types(21), ::testing::HasSubstr("none that is derived from it can be made here"));
}

}  // namespace
}  // namespace intermission::wsdl
