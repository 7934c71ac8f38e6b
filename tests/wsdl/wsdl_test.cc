#include "wsdl/wsdl.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wsdl/wsdl_in_memory.h"

namespace intermission::wsdl {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kOrders = "urn:example:orders";

std::shared_ptr<const Wsdl> wsdl_from(const std::map<std::string, std::string>& texts) {
  auto files = files_in_memory(texts);
  EXPECT_TRUE(files) << files.error().text();
  auto wsdl = Wsdl::from(std::move(*files));
  EXPECT_TRUE(wsdl) << wsdl.error().text();
  return *wsdl;
}

std::string name_of(const Wsdl::Found& found) {
  return found.operation == nullptr ? "" : found.operation->name;
}

TEST(WsdlTest, FindsOperationsByActionAndByElement) {
  const auto wsdl = wsdl_from({{"main.wsdl", wsdl_with("", {})}});
  EXPECT_EQ(name_of(wsdl->find("urn:example:orders/GetOrder", {})), "GetOrder");
  EXPECT_EQ(name_of(wsdl->find("urn:example:orders/GetOrder12", {})), "GetOrder");
  EXPECT_EQ(name_of(wsdl->find("", {kOrders, "DropOrder"})), "DropOrder");
  EXPECT_EQ(name_of(wsdl->find("urn:unknown", {kOrders, "DropOrder"})), "DropOrder");
  EXPECT_EQ(name_of(wsdl->find("", {"urn:other", "DropOrder"})), "");
  EXPECT_EQ(name_of(wsdl->find("urn:example:orders/GetOrder", {kOrders, "DropOrder"})), "GetOrder");
  EXPECT_EQ(wsdl->operations().size(), 2U);
  EXPECT_EQ(wsdl->ports().size(), 2U);
}

TEST(WsdlTest, AnActionThatSeveralShareTellsNothing) {
  std::string text = wsdl_with("", {});
  const std::string empty = "soapAction=\"\"";
  text.replace(text.find(empty), empty.size(), "soapAction='urn:example:orders/GetOrder'");
  const auto wsdl = wsdl_from({{"main.wsdl", text}});
  EXPECT_EQ(name_of(wsdl->find("urn:example:orders/GetOrder", {})), "");
  EXPECT_EQ(name_of(wsdl->find("urn:example:orders/GetOrder", {kOrders, "DropOrder"})),
            "DropOrder");
}

TEST(WsdlTest, ChoosesTheFaultThatFits) {
  const std::string schema =
      "<xsd:element name='OrderNotFound' type='xsd:string'/>"
      "<xsd:element name='OrdersFault' type='xsd:string'/>"
      "<xsd:element name='ServiceUnavailable' type='xsd:string'/>";
  const auto fault = [&](const std::vector<std::string>& declared) -> std::string {
    const auto wsdl = wsdl_from({{"main.wsdl", wsdl_with(schema, declared)}});
    const auto chosen = wsdl->operations()[0].fault;
    return chosen ? wsdl->faults()[*chosen].name : "none";
  };
  EXPECT_EQ(fault({"OrderNotFound", "OrdersFault", "ServiceUnavailable"}), "ServiceUnavailable");
  EXPECT_EQ(fault({"OrderNotFound", "OrdersFault"}), "OrdersFault");
  EXPECT_EQ(fault({"OrderNotFound"}), "none");
  EXPECT_EQ(fault({}), "none");
}

TEST(WsdlTest, AFaultThatCannotBeMadeIsAFinding) {
  const auto wsdl =
      wsdl_from({{"main.wsdl", wsdl_with("<xsd:element name='ServiceFault' type='tns:Missing'/>",
                                         {"ServiceFault"})}});
  EXPECT_FALSE(wsdl->operations()[0].fault);
  ASSERT_EQ(wsdl->findings().size(), 1U);
  EXPECT_EQ(wsdl->findings()[0].text(),
            "main.wsdl:6: fault ServiceFault is left out: no simple type Missing of "
            "urn:example:orders is declared");
}

TEST(WsdlTest, WantsABindingForSoap) {
  auto files =
      files_in_memory({{"main.wsdl", "<definitions xmlns='http://schemas.xmlsoap.org/wsdl/'/>"}});
  const auto wsdl = Wsdl::from(std::move(*files));
  ASSERT_TRUE(wsdl);
  ASSERT_EQ((*wsdl)->findings().size(), 1U);
  EXPECT_EQ((*wsdl)->findings()[0].rule, kNoSoapBinding);
  EXPECT_EQ((*wsdl)->findings()[0].text(),
            "main.wsdl:1: expected a binding for SOAP with an operation, got none; the document is "
            "served, and no operation is known");
  EXPECT_NE((*wsdl)->published().find("wsdl"), nullptr);
}

// Served again it is well-formed.
TEST(WsdlTest, ADeclarationInAWrongPlaceIsLeftOut) {
  const auto wsdl = wsdl_from({{"main.wsdl", "<!-- ours -->\n" + wsdl_with("", {})}});
  ASSERT_EQ(wsdl->findings().size(), 1U);
  EXPECT_EQ(wsdl->findings()[0].rule, kUnusualValue);
  const std::string& served = wsdl->published().main().marked;
  EXPECT_TRUE(served.starts_with("<?xml")) << served;
  EXPECT_EQ(served.find("<?xml", 1), std::string::npos) << served;
  EXPECT_FALSE(wsdl->operations().empty());
}

// By the letter a name without a prefix is one of WSDL's own namespace.
TEST(WsdlTest, NamesWithoutTheirPrefixAreThoseOfTheDocument) {
  std::string text = wsdl_with("", {"ServiceFault"});
  for (const std::string_view reference : {"type=\"tns:Orders\"", "message=\"tns:Get\""}) {
    for (auto at = text.find(reference); at != std::string::npos; at = text.find(reference, at)) {
      text.erase(at + reference.find("tns:"), 4);
    }
  }
  const auto wsdl = wsdl_from({{"main.wsdl", text}});
  EXPECT_EQ(wsdl->operations().size(), 2U);
  EXPECT_NE(wsdl->find("", {"urn:example:orders", "GetOrder"}).operation, nullptr);
  ASSERT_FALSE(wsdl->findings().empty());
  EXPECT_EQ(wsdl->findings()[0].rule, kUnresolvedName);
  EXPECT_THAT(wsdl->findings()[0].text(),
              ::testing::HasSubstr("is for Orders, which is no portType of the documents; the only "
                                   "one that is called so is taken"));
}

TEST(WsdlTest, OperationsOfAPortTypeThatIsNotThereAreKnownByTheirBinding) {
  std::string text = wsdl_with("", {});
  const auto begin = text.find("<portType");
  text.erase(begin, text.find("</portType>") + 11 - begin);
  const auto action = text.find("<soap:operation");
  ASSERT_NE(action, std::string::npos);
  const auto wsdl = wsdl_from({{"main.wsdl", text}});
  ASSERT_EQ(wsdl->operations().size(), 2U);
  EXPECT_EQ(wsdl->operations()[0].port_type, "Orders");
  EXPECT_FALSE(wsdl->operations()[0].fault);
  ASSERT_FALSE(wsdl->findings().empty());
  EXPECT_EQ(wsdl->findings()[0].rule, kUnresolvedName);
  EXPECT_THAT(wsdl->findings()[0].text(), ::testing::HasSubstr("known by their names alone"));
}

TEST(WsdlTest, WithoutTheirPortTypeTheyAreFoundByActionAndByTheirNameInRpc) {
  std::string text = wsdl_with("", {});
  const auto begin = text.find("<portType");
  text.erase(begin, text.find("</portType>") + 11 - begin);
  text.replace(text.find("style=\"document\""), 16, "style=\"rpc\"");
  const std::string body = "<soap:body use=\"literal\"/>";
  text.replace(text.find(body), body.size(), "<soap:body use='literal' namespace='urn:rpc'/>");
  const auto wsdl = wsdl_from({{"main.wsdl", text}});
  EXPECT_EQ(name_of(wsdl->find("urn:example:orders/GetOrder", {})), "GetOrder");
  EXPECT_EQ(name_of(wsdl->find("", {"urn:rpc", "GetOrder"})), "GetOrder");
  EXPECT_EQ(name_of(wsdl->find("", {"urn:other", "GetOrder"})), "");
  EXPECT_EQ(name_of(wsdl->find("", {})), "") << "an empty action names none";
}

TEST(WsdlTest, WhatIsMissingCostsOnlyTheDetailsThatNeedIt) {
  const std::string schema =
      "<xsd:import namespace='urn:far' schemaLocation='http://example.com/far.xsd'/>"
      "<xsd:element name='ServiceFault' type='far:Fault' xmlns:far='urn:far'/>"
      "<xsd:element name='OrdersFault' type='xsd:string'/>";
  const auto wsdl = wsdl_from({{"main.wsdl", wsdl_with(schema, {"ServiceFault", "OrdersFault"})}});
  ASSERT_EQ(wsdl->findings().size(), 2U);
  EXPECT_EQ(wsdl->findings()[0].rule, kMissingDocument);
  EXPECT_THAT(wsdl->findings()[0].text(), ::testing::HasSubstr("http://example.com/far.xsd"));
  EXPECT_EQ(wsdl->findings()[1].rule, kNoValidDetail);
  ASSERT_TRUE(wsdl->operations()[0].fault);
  EXPECT_EQ(wsdl->faults()[*wsdl->operations()[0].fault].name, "OrdersFault");
  EXPECT_THAT(wsdl->published().main().marked,
              ::testing::HasSubstr("schemaLocation=\"http://example.com/far.xsd\""))
      << "it stays as it was written";
}

TEST(WsdlTest, AFaultThatIsOneTextIsTheMessage) {
  const auto wsdl =
      wsdl_from({{"main.wsdl", wsdl_with("<xsd:element name='OrdersFault' type='xsd:string'/>",
                                         {"OrdersFault"})}});
  contract::Facts facts;
  facts.message = "Back <soon>";
  EXPECT_EQ(wsdl->detail(*wsdl->operations()[0].fault, facts),
            "<OrdersFault xmlns=\"urn:example:orders\">Back &lt;soon&gt;</OrdersFault>");
}

TEST(WsdlTest, APortForJmsIsNoneOfHttp) {
  std::string text = wsdl_with("", {});
  text.replace(text.find("REPLACE_WITH_ACTUAL_URL"), 23, "jms:jndi:orders");
  const auto wsdl = wsdl_from({{"main.wsdl", text}});
  ASSERT_EQ(wsdl->ports().size(), 1U);
  EXPECT_EQ(wsdl->ports()[0].name, "Port11");
  EXPECT_THAT(wsdl->published().main().marked,
              ::testing::HasSubstr("location=\"jms:jndi:orders\""));
}

TEST(WsdlTest, RpcIsFoundByTheNameOfTheOperation) {
  std::string text = wsdl_with("", {});
  text.replace(text.find("style=\"document\""), 16, "style=\"rpc\"");
  const std::string body = "<soap:body use=\"literal\"/>";
  text.replace(text.find(body), body.size(), "<soap:body use='literal' namespace='urn:rpc'/>");
  const auto wsdl = wsdl_from({{"main.wsdl", text}});
  EXPECT_EQ(name_of(wsdl->find("", {"urn:rpc", "GetOrder"})), "GetOrder");
}

// ------------------------------------------------------------------ the documents, served

const WsdlPlace kPlace{"https", "orders.example.com:8443", "/a'b/soap"};

std::string served(const Wsdl& wsdl, std::string_view query) {
  const auto* document = wsdl.published().find(query);
  return document == nullptr ? "none" : WsdlPublished::text_for(*document, kPlace);
}

TEST(WsdlTest, AddressesLeadToTheHostAsked) {
  const auto wsdl = wsdl_from({{"main.wsdl", wsdl_with("", {})}});
  for (const char* query : {"wsdl", "WSDL", "wsdl=", "x=1&Wsdl", "singleWsdl", "singlewsdl"}) {
    const std::string text = served(*wsdl, query);
    EXPECT_THAT(text, HasSubstr("location=\"https://orders.example.com:8443/soap?a=1&amp;b\""));
    EXPECT_THAT(text, HasSubstr("https://orders.example.com:8443/a&apos;b/soap\""));
    EXPECT_THAT(text, Not(HasSubstr("old.example.com")));
  }
  for (const char* query : {"", "wsdl=other", "xsd=main.wsdl", "xsd", "x=wsdl", "wsdlx"}) {
    EXPECT_EQ(served(*wsdl, query), "none") << query;
  }
}

std::map<std::string, std::string> several() {
  return {
      {"main.wsdl", wsdl_with("", {},
                              "<xsd:schema targetNamespace='urn:t'><xsd:import namespace='urn:a' "
                              "schemaLocation='types/a b.xsd'/></xsd:schema>")},
      {"types/a b.xsd",
       "<s:schema xmlns:s='http://www.w3.org/2001/XMLSchema' targetNamespace='urn:a'>"
       "<s:include schemaLocation='common.xsd'/><s:element name='A' type='s:string'/></s:schema>"},
      {"types/common.xsd",
       "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:element name='C' type='CT'/>"
       "<xs:simpleType name='CT'><xs:restriction base='xs:string'/></xs:simpleType></xs:schema>"},
  };
}

TEST(WsdlTest, ImportsLeadToTheHostAsked) {
  const auto wsdl = wsdl_from(several());
  EXPECT_THAT(
      served(*wsdl, "wsdl"),
      HasSubstr(
          "schemaLocation=\"https://orders.example.com:8443/a&apos;b/soap?xsd=types/a%20b.xsd\""));
  EXPECT_THAT(served(*wsdl, "xsd=types/a%20b.xsd"), HasSubstr("?xsd=types/common.xsd\""));
  EXPECT_THAT(served(*wsdl, "xsd=types/common.xsd"), HasSubstr("name=\"CT\""));
}

TEST(WsdlTest, SingleHoldsEverything) {
  const auto wsdl = wsdl_from(several());
  const std::string text = served(*wsdl, "singleWsdl");
  EXPECT_THAT(text, Not(HasSubstr("schemaLocation")));
  EXPECT_THAT(text, HasSubstr("xmlns=\"urn:a\" targetNamespace=\"urn:a\"><xs:element name=\"C\""));
  // Read again it is the same contract.
  const auto again = wsdl_from({{"main.wsdl", text}});
  EXPECT_EQ(again->operations().size(), wsdl->operations().size());
  EXPECT_EQ(name_of(again->find("", {kOrders, "DropOrder"})), "DropOrder");
}

// A name without a prefix is in no namespace there, and must not come into that of the definitions.
TEST(WsdlTest, SingleKeepsNamesOutOfTheDefaultNamespace) {
  std::map<std::string, std::string> texts = several();
  texts["types/a b.xsd"] =
      "<s:schema xmlns:s='http://www.w3.org/2001/XMLSchema' targetNamespace='urn:a'>"
      "<s:import schemaLocation='bare.xsd'/><s:element name='A' type='Bare'/></s:schema>";
  texts["types/bare.xsd"] =
      "<x:schema xmlns:x='http://www.w3.org/2001/XMLSchema'><x:simpleType name='Bare'>"
      "<x:restriction base='x:string'/></x:simpleType></x:schema>";
  const auto wsdl = wsdl_from(texts);
  const std::string text = served(*wsdl, "singleWsdl");
  EXPECT_THAT(text, HasSubstr("targetNamespace=\"urn:a\" xmlns=\"\">"));
  EXPECT_THAT(text,
              HasSubstr("<x:schema xmlns:x=\"http://www.w3.org/2001/XMLSchema\" xmlns=\"\">"));
  const auto again = files_in_memory({{"main.wsdl", text}});
  ASSERT_TRUE(again) << again.error().text();
  const XsdSchemas schemas(*again);
  const XsdComponent* a = schemas.find(XsdKind::kElement, {"urn:a", "A"});
  ASSERT_NE(a, nullptr);
  const auto type = a->schema->resolve(a->node, a->node.attribute("type").value());
  EXPECT_EQ(type.space, "");
  EXPECT_NE(schemas.find(XsdKind::kType, type), nullptr);
}

// Where the definitions have no default namespace, nothing has to be taken back.
TEST(WsdlTest, SingleSaysNothingOfADefaultNamespaceThatIsNotThere) {
  const auto wsdl =
      wsdl_from({{"main.wsdl",
                  "<w:definitions xmlns:w='http://schemas.xmlsoap.org/wsdl/'"
                  " xmlns:soap='http://schemas.xmlsoap.org/wsdl/soap/'><w:types>"
                  "<s:schema xmlns:s='http://www.w3.org/2001/XMLSchema'/></w:types>"
                  "<w:portType name='P'><w:operation name='O'/></w:portType>"
                  "<w:binding name='B' type='P'><soap:binding/><w:operation name='O'>"
                  "<soap:operation soapAction='a'/></w:operation></w:binding></w:definitions>"}});
  const std::string text = served(*wsdl, "singleWsdl");
  EXPECT_THAT(text, HasSubstr("<w:types><s:schema "));
  EXPECT_THAT(text, Not(HasSubstr("xmlns=")));
}

}  // namespace
}  // namespace intermission::wsdl
