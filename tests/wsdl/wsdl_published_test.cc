// Documents of a WSDL contract as they are served, one by one and all in one.
#include "wsdl/wsdl_published.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "wsdl/wsdl_in_memory.h"

namespace intermission::wsdl {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

const WsdlPlace kPlace{"https", "host:8443", "/soap"};

using Texts = std::map<std::string, std::string>;

class Published {
 public:
  explicit Published(const Texts& texts)
      : files_(read(texts)), schemas_(files_), published_(files_, schemas_) {}

  std::string at(std::string_view query, const WsdlPlace& place = kPlace) const {
    const auto* document = published_.find(query);
    return document == nullptr ? "none" : WsdlPublished::text_for(*document, place);
  }
  std::string single() const { return at("singleWsdl"); }

 private:
  static WsdlFiles read(const Texts& texts) {
    auto files = files_in_memory(texts);
    EXPECT_TRUE(files) << files.error().text();
    return files ? std::move(*files) : WsdlFiles{};
  }

  WsdlFiles files_;
  XsdSchemas schemas_;
  WsdlPublished published_;
};

int count(const std::string& text, const std::string& part) {
  int found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

/// Definitions of a target namespace, all of WSDL with the prefix w.
std::string definitions(const std::string& inside, const std::string& target = "urn:t",
                        const std::string& more = "") {
  return "<w:definitions xmlns:w='http://schemas.xmlsoap.org/wsdl/' "
         "xmlns:s='http://www.w3.org/2001/"
         "XMLSchema' targetNamespace='" +
         target + "' " + more + ">" + inside + "</w:definitions>";
}

std::string schema(const std::string& attributes, const std::string& inside = "") {
  return "<s:schema xmlns:s='http://www.w3.org/2001/XMLSchema' " + attributes + ">" + inside +
         "</s:schema>";
}

// ---------------------------------------------------------------- one by one

TEST(WsdlPublished, AddressesOfThisHostLeadToTheOneAsked) {
  const auto told = [](const std::string& location) {
    const std::string text =
        Published(
            Texts{{"main.wsdl",
                   definitions("<w:service><w:port><x:note/><x:other location='http://old/o'/>"
                               "<x:address location='" +
                               location + "'/></w:port></w:service>")}})
            .at("wsdl");
    EXPECT_THAT(text, HasSubstr("<x:other location=\"http://old/o\""));
    const auto begin = text.find("<x:address location=\"") + 21;
    return text.substr(begin, text.find('"', begin) - begin);
  };
  EXPECT_EQ(told("http://old.example.com/a/b?c"), "https://host:8443/a/b?c");
  EXPECT_EQ(told("HTTPS://old.example.com:1/a"), "https://host:8443/a");
  EXPECT_EQ(told("http://old.example.com"), "https://host:8443");
  EXPECT_EQ(told("/a"), "https://host:8443/a");
  EXPECT_EQ(told("mailto:a@old.example.com"), "mailto:a@old.example.com");
  EXPECT_EQ(told("REPLACE"), "https://host:8443/soap");
  EXPECT_EQ(told(""), "https://host:8443/soap");
}

TEST(WsdlPublished, OnlyAddressesOfServicesAreRewritten) {
  const std::string address = "<x:port><x:address location='http://old/a'/></x:port>";
  const std::string text =
      Published(
          Texts{{"main.wsdl", definitions("<x:service xmlns:x='urn:x'>" + address +
                                          "</x:service><w:binding>" + address +
                                          "</w:binding><w:service><w:port><x:address/></w:port>"
                                          "</w:service>")}})
          .at("wsdl");
  EXPECT_EQ(count(text, "location=\"http://old/a\""), 2);
  EXPECT_THAT(text, HasSubstr("<x:address/>"));
}

TEST(WsdlPublished, TheMainDocumentHasOneAddress) {
  const Published wsdl(
      {{"main.wsdl", definitions("<w:import namespace='urn:b' location='b.wsdl'/>")},
       {"b.wsdl", definitions("<w:import namespace='urn:t' location='main.wsdl'/>", "urn:b")}});
  EXPECT_THAT(wsdl.at("wsdl=b.wsdl"), HasSubstr("location=\"https://host:8443/soap?wsdl\""));
  EXPECT_THAT(wsdl.at("wsdl"), HasSubstr("location=\"https://host:8443/soap?wsdl=b.wsdl\""));
}

TEST(WsdlPublished, WhatIsNotHereStaysAsItWasWritten) {
  const Published wsdl(
      {{"main.wsdl",
        definitions("<w:import namespace='urn:b' location='gone.wsdl'/><w:types>" +
                    schema("",
                           "<s:import namespace='urn:c' schemaLocation='http://x.test/c.xsd'/>"
                           "<s:include schemaLocation='gone.xsd'/>"
                           "<s:redefine schemaLocation='gone.xsd'/>") +
                    "</w:types>")}});
  for (const char* query : {"wsdl", "singleWsdl"}) {
    const std::string text = wsdl.at(query);
    EXPECT_THAT(text, HasSubstr("location=\"gone.wsdl\"")) << query;
    EXPECT_THAT(text, HasSubstr("schemaLocation=\"http://x.test/c.xsd\"")) << query;
    EXPECT_THAT(text, HasSubstr("include schemaLocation=\"gone.xsd\"")) << query;
    EXPECT_THAT(text, HasSubstr("redefine schemaLocation=\"gone.xsd\"")) << query;
  }
}

TEST(WsdlPublished, EveryDocumentHasOneDeclaration) {
  const Published wsdl(
      {{"main.wsdl", "<?xml version='1.0' encoding='ISO-8859-1'?>" + definitions("")}});
  for (const char* query : {"wsdl", "singleWsdl"}) {
    EXPECT_THAT(wsdl.at(query), StartsWith("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<w:def"));
    EXPECT_EQ(count(wsdl.at(query), "<?xml"), 1);
  }
}

TEST(WsdlPublished, ImportsAreAskedForByTheirNames) {
  const std::string name = "d9/a1-b_c.~%\xC3\xA4.wsdl";
  const std::string encoded = "d9/a1-b_c.~%25%C3%A4.wsdl";
  const Published wsdl(
      {{"main.wsdl", definitions("<w:import location='" + name + "'/><w:import/>")},
       {name, definitions("", "urn:other")}});
  EXPECT_THAT(
      wsdl.at("wsdl"),
      HasSubstr("<w:import location=\"https://host:8443/soap?wsdl=" + encoded + "\"/><w:import/>"));
  EXPECT_THAT(wsdl.at("wsdl=" + encoded), HasSubstr("urn:other"));
  EXPECT_THAT(wsdl.at("wsdl=" + name), HasSubstr("urn:other"));
  EXPECT_EQ(wsdl.at("xsd=" + encoded), "none");
  EXPECT_EQ(wsdl.at("wsdl=d9"), "none");
}

TEST(WsdlPublished, WhatIsLikeAMarkStays) {
  const Published wsdl(
      Texts{{"main.wsdl", definitions("<w:documentation>\xEF\xB7\x80</w:documentation>"
                                      "<w:service><w:port><x:address location='x'/>"
                                      "</w:port></w:service>")}});
  const std::string text = wsdl.at("wsdl", {"a&b", "<c>", "/\"d'"});
  EXPECT_THAT(text, HasSubstr("<w:documentation>\xEF\xB7\x80</w:documentation>"));
  EXPECT_THAT(text, HasSubstr("location=\"a&amp;b://&lt;c&gt;/&quot;d&apos;\""));
}

// ---------------------------------------------------------------- all in one

TEST(WsdlSingle, HoldsDefinitionsOfTheSameNamespace) {
  const Published wsdl(Texts{
      {"main.wsdl",
       definitions("<w:documentation>main</w:documentation><w:types/><w:import location='b.wsdl'/>"
                   "<w:import location='c.wsdl'/><w:import/>"
                   "<w:message name='M'/><w:service name='S'/>")},
      {"b.wsdl",
       definitions("<w:documentation>other</w:documentation><w:import location='main.wsdl'/>"
                   "<w:message name='N'><w:part element='b:E'/></w:message><w:portType name='P'/>"
                   "<w:binding name='B'/>",
                   "urn:t", "name='Imported' xmlns:b='urn:b'")},
      {"c.wsdl", definitions("<w:message name='Foreign'/>", "urn:c")},
  });
  const std::string text = wsdl.single();
  EXPECT_THAT(text, HasSubstr("<w:documentation"));
  EXPECT_EQ(count(text, ">main</w:documentation>"), 1);
  EXPECT_THAT(text, Not(HasSubstr("other")));
  EXPECT_EQ(count(text, "<w:message name=\"M\""), 1);
  EXPECT_EQ(count(text, "<w:message name=\"N\""), 1);
  EXPECT_EQ(count(text, "<w:portType name=\"P\""), 1);
  EXPECT_EQ(count(text, "<w:binding name=\"B\""), 1);
  EXPECT_EQ(count(text, "<w:service name=\"S\""), 1);
  EXPECT_THAT(text, HasSubstr("xmlns:b=\"urn:b\"")) << "what its values need goes along";
  EXPECT_THAT(text, Not(HasSubstr("Imported"))) << "and nothing else";
  EXPECT_EQ(count(text, "targetNamespace="), 1);
  EXPECT_THAT(text, Not(HasSubstr("Foreign")));
  EXPECT_EQ(count(text, "<w:import location=\"https://host:8443/soap?wsdl=c.wsdl\""), 1);
  EXPECT_EQ(count(text, "<w:import"), 1);
  EXPECT_THAT(text, Not(HasSubstr("types"))) << "there is no schema";
}

TEST(WsdlSingle, TakesPoliciesAlongOnce) {
  const std::string text =
      Published(Texts{{"main.wsdl",
                       "<definitions xmlns='http://schemas.xmlsoap.org/wsdl/' "
                       "xmlns:p='urn:p' targetNamespace='urn:t'>\n text <!-- c -->"
                       "<message name='M'/><p:Policy/><x:message xmlns:x='urn:x'/>"
                       "<service name='S'/></definitions>"}})
          .single();
  EXPECT_EQ(count(text, "<p:Policy"), 1);
  EXPECT_EQ(count(text, "<x:message"), 1);
  EXPECT_EQ(count(text, "<message"), 1);
  EXPECT_THAT(text, Not(HasSubstr(" text ")));
  EXPECT_THAT(text, Not(HasSubstr("<!--")));
  EXPECT_THAT(text, Not(HasSubstr("xmlns=\"\"")));
}

TEST(WsdlSingle, HoldsSchemasInPlaceOfTheirReferences) {
  const Published wsdl(Texts{
      {"main.wsdl",
       definitions("<w:types><s:schema xmlns:t='urn:inner' targetNamespace='urn:t'>"
                   "<s:import namespace='urn:a' schemaLocation='a.xsd'/>"
                   "<s:include schemaLocation='i.xsd'/><s:redefine schemaLocation='r.xsd'/>"
                   "<s:import namespace='urn:n'/></s:schema></w:types>"
                   "<w:import location='c.wsdl'/><w:import location='a.xsd'/>",
                   "urn:t", "xmlns:t='urn:outer'")},
      {"a.xsd", schema("targetNamespace='urn:a'", "<s:element name='A'/>")},
      {"i.xsd", schema("xmlns='urn:own'", "<s:element name='I'/>")},
      {"r.xsd", schema("targetNamespace='urn:t'", "<s:element name='R'/>")},
      {"c.wsdl",
       definitions(
           "<w:types>" + schema("targetNamespace='urn:c'", "<s:element name='C'/>") + "</w:types>",
           "urn:c")},
  });
  const std::string text = wsdl.single();
  EXPECT_THAT(text, HasSubstr("<w:types><s:schema xmlns:t=\"urn:inner\""));
  EXPECT_EQ(count(text, "xmlns:t="), 3) << "of the root, and of each schema once:\n" << text;
  EXPECT_THAT(text, HasSubstr("<s:import namespace=\"urn:a\"/>"));
  EXPECT_THAT(text, HasSubstr("<s:import namespace=\"urn:n\"/>"));
  EXPECT_THAT(text, Not(HasSubstr("<s:include")));
  EXPECT_THAT(text, HasSubstr("<s:redefine schemaLocation=\"https://host:8443/soap?xsd=r.xsd\"/>"));
  EXPECT_EQ(count(text, "name=\"A\""), 1);
  EXPECT_EQ(count(text, "name=\"I\""), 1) << "once, with the namespace that it takes on";
  EXPECT_THAT(text, HasSubstr("xmlns=\"urn:own\" targetNamespace=\"urn:t\""));
  EXPECT_THAT(text, Not(HasSubstr("name=\"C\""))) << "its definitions stand elsewhere";
}

TEST(WsdlSingle, ASchemaWithoutAnIncludeHasNoNamespace) {
  const std::string text =
      Published(
          {{"main.wsdl", definitions("<w:types>" + schema("", "<s:element name='B'/>") +
                                     schema("targetNamespace='urn:a'", "<s:element name='A'/>") +
                                     "</w:types>")}})
          .single();
  EXPECT_THAT(text, HasSubstr("<s:element name=\"B\"/>"));
  EXPECT_THAT(text, HasSubstr("<s:element name=\"A\"/>"));
  EXPECT_EQ(count(text, "targetNamespace="), 2);
}

TEST(WsdlSingle, ReadsPastWhatItLeavesOut) {
  const Published wsdl(Texts{
      {"main.wsdl", definitions("<w:import location='a.xsd'/><w:documentation/><w:import "
                                "location='b.wsdl'/><w:types><s:schema><s:import namespace='urn:x' "
                                "schemaLocation='a.xsd'/></s:schema></w:types>")},
      {"a.xsd", schema("", "<s:include schemaLocation='c.xsd'/>")},
      {"b.wsdl", definitions("<w:message name='M'/>")},
      {"c.xsd", schema("", "<s:element name='C'/>")},
  });
  const std::string text = wsdl.single();
  EXPECT_EQ(count(text, "<w:message name=\"M\""), 1);
  EXPECT_EQ(count(text, "<s:element name=\"C\"/>"), 1);
  EXPECT_THAT(text, Not(HasSubstr("schemaLocation")));
}

TEST(WsdlSingle, SchemasStandInTypesOfTheNamespaceOfTheDefinitions) {
  const std::string text =
      Published(
          Texts{{"main.wsdl", "<definitions xmlns='http://schemas.xmlsoap.org/wsdl/'><types>" +
                                  schema("targetNamespace='urn:t'") + "</types></definitions>"}})
          .single();
  EXPECT_THAT(text, HasSubstr("<types><s:schema"));
}

}  // namespace
}  // namespace intermission::wsdl
