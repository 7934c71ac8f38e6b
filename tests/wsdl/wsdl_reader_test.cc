// What is read of a WSDL document: operations, how they are known, ports, and the fault of each.
#include "wsdl/wsdl_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "wsdl/wsdl_in_memory.h"

namespace intermission::wsdl {
namespace {

using ::testing::HasSubstr;

std::shared_ptr<const Wsdl> read(const std::string& inside,
                                 std::map<std::string, std::string> others = {}) {
  others["main.wsdl"] =
      "<definitions xmlns='http://schemas.xmlsoap.org/wsdl/' xmlns:t='urn:t' "
      "targetNamespace='urn:t' "
      "xmlns:s='http://www.w3.org/2001/XMLSchema' xmlns:x='urn:x' "
      "xmlns:soap='http://schemas.xmlsoap.org/wsdl/soap/' "
      "xmlns:soap12='http://schemas.xmlsoap.org/wsdl/soap12/'>" +
      inside + "</definitions>";
  auto files = files_in_memory(others);
  EXPECT_TRUE(files) << files.error().text();
  auto wsdl = Wsdl::from(std::move(*files));
  EXPECT_TRUE(wsdl) << wsdl.error().text();
  return wsdl ? *wsdl : nullptr;
}

std::string found(const Wsdl& wsdl, std::string_view action, std::string_view element = {},
                  std::string_view space = "urn:t") {
  const auto by = wsdl.find(action, {space, element});
  return by.operation == nullptr ? "" : by.operation->name;
}

std::string operation(const std::string& name, const std::string& action,
                      const std::string& input = "", const std::string& style = "") {
  return "<operation name='" + name + "'><soap:operation soapAction='" + action + "'" + style +
         "/><input" + (input.empty() ? "" : " name='" + input + "'") +
         "><soap:body use='literal'/></input></operation>";
}

std::string binding(const std::string& operations, const std::string& name = "B",
                    const std::string& attributes = "") {
  return "<binding name='" + name + "' type='t:P'><soap:binding " + attributes + "/>" + operations +
         "</binding>";
}

// ---------------------------------------------------------------- operations

TEST(WsdlReader, NamesOfEachKindAreTheirOwn) {
  const auto wsdl = read(
      "<service name='P'><port name='p' binding='t:P'><soap:address location='l'/></port></service>"
      "<portType name='P'><operation name='O'><input message='t:P'/></operation></portType>"
      "<binding name='P' type='t:P'><soap:binding/>" +
      operation("O", "a") + "</binding><message name='P'><part name='b' element='t:E'/></message>");
  EXPECT_EQ(found(*wsdl, "a"), "O");
  EXPECT_EQ(found(*wsdl, "", "E"), "O");
  EXPECT_EQ(wsdl->ports().size(), 1U);
}

TEST(WsdlReader, WhatIsOfAnotherNamespaceIsNoneOfThem) {
  const auto wsdl = read(
      "<x:message name='M'><part name='b' element='t:Wrong'/></x:message>"
      "<x:portType name='P'><operation name='O'/></x:portType>"
      "<message name='M'><x:part name='b' element='t:Wrong'/><part name='b' "
      "element='t:E'/></message>"
      "<portType name='P'><x:operation name='O'><input message='t:Wrong'/></x:operation>"
      "<operation name='O'><input message='t:M'/></operation></portType>"
      "<x:binding name='B' type='t:P'><soap:binding/></x:binding>" +
      binding("<x:operation name='O'><soap:operation soapAction='foreign'/></x:operation>" +
              operation("O", "a") + operation("Unknown", "u")) +
      "<binding name='Http' type='t:P'>" + operation("O", "http") + "</binding>" +
      "<binding name='Lost' type='t:Nowhere'><soap:binding/>" + operation("O", "lost") +
      "</binding>" +
      "<x:service><port><soap:address location='l'/></port></x:service>"
      "<service name='S'><x:port name='x'><soap:address location='l'/></x:port><port name='none'/>"
      "<port name='p'><soap:address location='l'/></port></service>");
  ASSERT_EQ(wsdl->operations().size(), 2U);
  EXPECT_EQ(wsdl->operations()[0].port_type, "P");
  EXPECT_EQ(wsdl->operations()[1].port_type, "Nowhere") << "of a binding whose portType is missing";
  EXPECT_EQ(found(*wsdl, "lost"), "O");
  EXPECT_EQ(found(*wsdl, "a"), "O");
  EXPECT_EQ(found(*wsdl, "", "E"), "O");
  for (const char* action : {"foreign", "u", "http", "", "zzz", "A"}) {
    EXPECT_EQ(found(*wsdl, action), "") << action;
  }
  ASSERT_EQ(wsdl->ports().size(), 1U);
  EXPECT_EQ(wsdl->ports()[0].name, "p");
}

TEST(WsdlReader, PortsSayOfWhichVersionTheyAre) {
  const auto wsdl =
      read("<portType name='P'><operation name='O'/></portType>" + binding(operation("O", "a")) +
           "<service name='S'><port name='p'><soap12:address location='l12'/></port><port name='q'>"
           "<soap:address location='l11'/></port></service>");
  ASSERT_EQ(wsdl->ports().size(), 2U);
  EXPECT_EQ(wsdl->ports()[0].version, "1.2");
  EXPECT_EQ(wsdl->ports()[0].location, "l12");
  EXPECT_EQ(wsdl->ports()[0].service, "S");
  EXPECT_EQ(wsdl->ports()[1].version, "1.1");
}

TEST(WsdlReader, OverloadedOperationsAreKnownByTheirInputs) {
  const auto wsdl = read(
      "<message name='M1'><part name='b' element='t:E1'/></message>"
      "<message name='M2'><part name='b' element='t:E2'/></message>"
      "<message name='M3'><part name='b' element='t:E3'/></message>"
      "<portType name='P'><operation name='O'><input name='one' message='t:M1'/></operation>"
      "<operation name='O'><input name='two' message='t:M2'/></operation>"
      "<operation name='Q'><input message='t:M3'/></operation></portType>" +
      binding(operation("O", "a2", "two") + operation("O", "a1", "one") + operation("Q", "q") +
              operation("O", "first") + operation("O", "other", "none")));
  ASSERT_EQ(wsdl->operations().size(), 3U);
  const auto index = [&](std::string_view action, std::string_view element) {
    return wsdl->find(action, {"urn:t", element}).operation - wsdl->operations().data();
  };
  EXPECT_EQ(index("a2", ""), index("", "E2"));
  EXPECT_EQ(index("a1", ""), index("", "E1"));
  EXPECT_NE(index("a1", ""), index("a2", ""));
  EXPECT_EQ(index("first", ""), index("a1", "")) << "without a name of its input the first";
  EXPECT_EQ(index("other", ""), index("a1", ""));
}

TEST(WsdlReader, WhatSeveralShareTellsNothing) {
  const auto wsdl = read(
      "<message name='M'><part name='b' element='t:E'/></message>"
      "<message name='N'><part name='b' element='t:F'/></message>"
      "<portType name='P'><operation name='O'><input message='t:M'/></operation>"
      "<operation name='Q'><input message='t:M'/></operation>"
      "<operation name='R'><input message='t:N'/></operation></portType>" +
      binding(operation("O", "a") + operation("Q", "b") + operation("R", "")) +
      binding(operation("O", "a"), "Again"));
  EXPECT_EQ(found(*wsdl, "a"), "O") << "twice the same operation";
  EXPECT_EQ(found(*wsdl, "", "E"), "");
  EXPECT_EQ(found(*wsdl, "b", "E"), "Q");
  EXPECT_EQ(found(*wsdl, "", "F"), "R");
  EXPECT_EQ(found(*wsdl, "", "F", "urn:s"), "");
  EXPECT_EQ(found(*wsdl, "", "F", "urn:u"), "");
  EXPECT_EQ(found(*wsdl, "", "G"), "");
  EXPECT_EQ(found(*wsdl, "", "A"), "");
  EXPECT_EQ(found(*wsdl, "", "", ""), "");
}

TEST(WsdlReader, TheElementIsThatOfThePartInTheBody) {
  const auto element = [](const std::string& parts, const std::string& message,
                          const std::string& style = "") {
    const auto wsdl =
        read("<message name='M'>" + message +
             "</message><portType name='P'><operation name='O'><input "
             "message='t:M'/></operation></portType><binding name='B' type='t:P'><soap:binding "
             "style='rpc'/><operation name='O'><soap:operation soapAction='a' " +
             style + "/><input><soap:body " + parts +
             " namespace='urn:rpc'/></input></operation></binding>");
    for (const char* name : {"E1", "E2", "O"}) {
      for (const char* space : {"urn:t", "urn:rpc"}) {
        if (!found(*wsdl, "", name, space).empty()) return std::string(space) + " " + name;
      }
    }
    return std::string("none");
  };
  const std::string document = "style='document'";
  const std::string two = "<part name='h' element='t:E1'/><part name='b' element='t:E2'/>";
  EXPECT_EQ(element("", two, document), "urn:t E1");
  EXPECT_EQ(element("parts='b'", two, document), "urn:t E2");
  EXPECT_EQ(element("parts='b h'", two, document), "urn:t E2");
  EXPECT_EQ(element("parts='x'", two, document), "none");
  EXPECT_EQ(element("", "<part name='b' type='s:string'/>" + two, document), "none");
  EXPECT_EQ(element("", "", document), "none");
  EXPECT_EQ(element("", two), "urn:rpc O") << "as the binding says";
}

TEST(WsdlReader, AnInputWithoutAMessageHasNoElement) {
  const auto wsdl = read(
      "<portType name='P'><operation name='O'><input message='t:Nowhere'/>"
      "</operation></portType>" +
      binding(operation("O", "a")));
  EXPECT_EQ(found(*wsdl, "a"), "O");
  EXPECT_EQ(found(*wsdl, "", "Nowhere"), "");
}

// ---------------------------------------------------------------- faults

struct Fault {
  std::string name;
  std::string element;  // the message's part; empty: a part without an element
};

/// A service Shop with one operation that declares these faults; elements are of type string.
std::shared_ptr<const Wsdl> with_faults(const std::vector<Fault>& faults, const std::string& schema,
                                        const std::string& twice = "") {
  std::string messages, declared;
  for (const Fault& fault : faults) {
    messages += "<message name='" + fault.name + "'><part name='f' " +
                (fault.element.empty() ? "type='s:string'" : "element='t:" + fault.element + "'") +
                "/></message>";
    declared += "<fault name='" + fault.name + "' message='t:" + fault.name + "'/>";
  }
  return read(
      "<types><s:schema targetNamespace='urn:t'>" + schema + "</s:schema></types>" + messages +
      "<portType name='P'><operation name='O'><x:fault/>" + declared + "</operation>" +
      (twice.empty() ? "" : "<operation name='" + twice + "'>" + declared + "</operation>") +
      "</portType>" + binding(operation("O", "a") + operation(twice, "b")) +
      "<service name='ShopKeeper'/>");
}

std::string element(const std::string& name, const std::string& type = "s:string") {
  return "<s:element name='" + name + "' type='" + type + "'/>";
}

std::string chosen(const Wsdl& wsdl, std::size_t operation = 0) {
  const auto fault = wsdl.operations()[operation].fault;
  return fault ? wsdl.faults()[*fault].name : "none";
}

TEST(WsdlReader, TheFaultThatFitsBestIsChosenInAnyOrder) {
  const auto best_first = with_faults({{"Unavailable", "Unavailable"}, {"Fault", "Plain"}},
                                      element("Unavailable") + element("Fault") + element("Plain"));
  EXPECT_EQ(chosen(*best_first), "Unavailable");
  EXPECT_EQ(best_first->operations()[0].declared_faults, 2U);
  const auto first_of_two =
      with_faults({{"SystemFault", "SystemError"}, {"ServerFault", "ServerError"}},
                  element("SystemError") + element("ServerError"));
  EXPECT_EQ(chosen(*first_of_two), "SystemFault");
}

TEST(WsdlReader, NamesOfTheServiceSayNothing) {
  EXPECT_EQ(chosen(*with_faults({{"ShopFault", "KeeperError"}}, element("KeeperError"))),
            "ShopFault");
  EXPECT_EQ(chosen(*with_faults({{"BakeryFault", "BakeryError"}}, element("BakeryError"))), "none");
}

TEST(WsdlReader, AFaultWithoutAnElementIsPassedOver) {
  const auto wsdl =
      with_faults({{"NoElement", ""}, {"Lost", "Nowhere"}, {"Fault", "Error"}}, element("Error"));
  EXPECT_EQ(chosen(*wsdl), "Fault");
  EXPECT_EQ(wsdl->operations()[0].declared_faults, 3U);
  EXPECT_TRUE(wsdl->findings().empty());
}

TEST(WsdlReader, AFaultThatCannotBeMadeMakesRoomForAnother) {
  const auto wsdl = with_faults({{"UnavailableFault", "Unavailable"}, {"Fault", "Error"}},
                                element("Unavailable", "t:Nowhere") + element("Error"), "Q");
  EXPECT_EQ(chosen(*wsdl), "Fault");
  EXPECT_EQ(chosen(*wsdl, 1), "Fault");
  EXPECT_EQ(wsdl->findings().size(), 1U) << "it is tried once";
  EXPECT_EQ(wsdl->faults().size(), 1U) << "and is there once";
}

TEST(WsdlReader, ARedefinedSchemaIsNotUnderstood) {
  const auto wsdl = read(
      "<types><s:schema targetNamespace='urn:t'><s:redefine "
      "schemaLocation='r.xsd'/></s:schema></types>"
      "<message name='F'><part name='f' element='t:Error'/></message>"
      "<portType name='P'><operation name='O'><fault name='F' "
      "message='t:F'/></operation></portType>" +
          binding(operation("O", "a")),
      {{"r.xsd",
        "<s:schema xmlns:s='http://www.w3.org/2001/XMLSchema' targetNamespace='urn:t'>"
        "<s:element name='Error' type='s:string'/></s:schema>"}});
  ASSERT_EQ(wsdl->findings().size(), 0U) << "the fault F may say anything";
  const auto plain = read(
      "<types><s:schema targetNamespace='urn:t'><s:redefine "
      "schemaLocation='r.xsd'/></s:schema></types>"
      "<message name='F'><part name='f' element='t:Error'/></message>"
      "<portType name='P'><operation name='O'><fault name='Fault' message='t:F'/></operation>"
      "</portType>" +
          binding(operation("O", "a")),
      {{"r.xsd",
        "<s:schema xmlns:s='http://www.w3.org/2001/XMLSchema' targetNamespace='urn:t'>"
        "<s:element name='Error' type='s:string'/></s:schema>"}});
  ASSERT_EQ(plain->findings().size(), 1U);
  EXPECT_THAT(plain->findings()[0].text(),
              HasSubstr("fault Fault is left out: xs:redefine is not understood"));
}

TEST(WsdlReader, AFaultThatAFactMakesImpossibleIsNotSaid) {
  const auto wsdl = with_faults({{"Fault", "Error"}},
                                "<s:element name='Error'><s:simpleType><s:restriction "
                                "base='s:language'><s:maxLength value='2'/>"
                                "</s:restriction></s:simpleType></s:element>");
  contract::Facts facts{.service = "shop",
                        .title = "Shop",
                        .message = "m",
                        .language = "en",
                        .seconds = "5",
                        .since = {},
                        .until = {}};
  EXPECT_THAT(wsdl->detail(0, facts).value_or("none"), HasSubstr(">en</"));
  facts.language = "de-AT";
  EXPECT_EQ(wsdl->detail(0, facts), std::nullopt);
}

TEST(WsdlReader, AFileThatIsNotThereIsAnError) {
  const auto wsdl = Wsdl::read("/nowhere/main.wsdl");
  ASSERT_FALSE(wsdl);
  EXPECT_THAT(wsdl.error().text(), HasSubstr("cannot be read"));
}

TEST(WsdlReader, AnOperationWithoutAnElementIsNotFoundByNone) {
  const auto wsdl = read(
      "<portType name='P'><operation name='O'><input message='t:M'/>"
      "</operation></portType><message name='M'/>" +
      binding(operation("O", "")));
  EXPECT_EQ(found(*wsdl, "", "", ""), "");
  EXPECT_EQ(found(*wsdl, ""), "");
}

TEST(WsdlReader, AFaultWithoutAMessageIsPassedOver) {
  const auto wsdl = read(
      "<types><s:schema targetNamespace='urn:t'><s:element name='E' type='s:string'/></s:schema>"
      "</types><portType name='P'><operation name='O'><fault name='F' message='t:Nowhere'/>"
      "</operation></portType>" +
      binding(operation("O", "a")));
  EXPECT_EQ(wsdl->operations()[0].declared_faults, 1U);
  EXPECT_FALSE(wsdl->operations()[0].fault);
}

}  // namespace
}  // namespace intermission::wsdl
