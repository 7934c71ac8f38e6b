// WSDL documents of a test, from a map instead of a folder.
#pragma once

#include <map>
#include <string>

#include "wsdl/wsdl.h"

namespace intermission::wsdl {

inline base::Result<WsdlFiles> files_in_memory(const std::map<std::string, std::string>& texts,
                                               const std::string& main = "main.wsdl") {
  return read_wsdl_files("", main, [&](const std::string& name) -> base::Result<std::string> {
    const auto found = texts.find(name);
    if (found == texts.end()) return base::Error{"cannot be read: No such file or directory"};
    return found->second;
  });
}

/// A document for document/literal operations. `schema` goes into an inline schema of
/// urn:example:orders, elements qualified; `faults` into the port type's operation GetOrder,
/// each of them `<message name>:<element>`.
inline std::string wsdl_with(const std::string& schema, const std::vector<std::string>& faults,
                             const std::string& types_extra = "") {
  std::string messages, declared, bound;
  for (const std::string& fault : faults) {
    messages += "<message name='" + fault + "Message'><part name='fault' element='tns:" + fault +
                "'/></message>";
    declared += "<fault name='" + fault + "' message='tns:" + fault + "Message'/>";
    bound += "<fault name='" + fault + "'><soap:fault name='" + fault + "' use='literal'/></fault>";
  }
  return R"(<?xml version="1.0"?>
<definitions name="Orders" targetNamespace="urn:example:orders" xmlns="http://schemas.xmlsoap.org/wsdl/"
  xmlns:tns="urn:example:orders" xmlns:xsd="http://www.w3.org/2001/XMLSchema"
  xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/">
<types>)" +
         types_extra +
         R"(<xsd:schema targetNamespace="urn:example:orders" elementFormDefault="qualified">
<xsd:element name="GetOrder" type="xsd:string"/><xsd:element name="DropOrder" type="xsd:string"/>)" +
         schema + R"(</xsd:schema></types>
<message name="Get"><part name="body" element="tns:GetOrder"/></message>
<message name="Drop"><part name="body" element="tns:DropOrder"/></message>)" +
         messages + R"(
<portType name="Orders">
<operation name="GetOrder"><input message="tns:Get"/>)" +
         declared + R"(</operation>
<operation name="DropOrder"><input message="tns:Drop"/></operation>
</portType>
<binding name="Orders11" type="tns:Orders">
<soap:binding transport="http://schemas.xmlsoap.org/soap/http" style="document"/>
<operation name="GetOrder"><soap:operation soapAction="urn:example:orders/GetOrder"/>
<input><soap:body use="literal"/></input>)" +
         bound + R"(</operation>
<operation name="DropOrder"><soap:operation soapAction=""/><input><soap:body use="literal"/></input></operation>
</binding>
<binding name="Orders12" type="tns:Orders">
<soap12:binding transport="http://schemas.xmlsoap.org/soap/http" style="document"/>
<operation name="GetOrder"><soap12:operation soapAction="urn:example:orders/GetOrder12"/>
<input><soap12:body use="literal"/></input></operation>
</binding>
<service name="OrderService">
<port name="Port11" binding="tns:Orders11"><soap:address location="http://old.example.com:81/soap?a=1&amp;b"/></port>
<port name="Port12" binding="tns:Orders12"><soap12:address location="REPLACE_WITH_ACTUAL_URL"/></port>
</service>
</definitions>)";
}

}  // namespace intermission::wsdl
