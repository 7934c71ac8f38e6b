// Details made from schemas, each held against its schema by xmllint.
#include "contract/xsd_sample.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "contract/wsdl.h"
#include "contract/wsdl_in_memory.h"
#include "support/files.h"
#include "support/temporary_folder.h"

namespace intermission::contract {
namespace {

const Facts kFacts{.service = "orders",
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

// What nobody demands is left out where it cannot be made.
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

}  // namespace
}  // namespace intermission::contract
