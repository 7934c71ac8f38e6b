#include "interfaces/interface.h"
#include "report/contract_formats.h"
#include "report/contract_told.h"

namespace intermission::report {
namespace {

using openapi::Finding;
using openapi::Operation;

void write_operations(ReportWriter& writer, const snapshot::Service& service, base::TimePoint now) {
  writer.Key("operations");
  writer.StartArray();
  for (const Operation& operation : service.configured->contract->operations()) {
    const OperationAnswer told = answer_to(service, operation, now);
    writer.StartObject();
    member(writer, "method", operation.method);
    member(writer, "path", operation.path);
    member(writer, "file", operation.file);
    member(writer, "line", operation.line);
    member(writer, "declares", name_of(operation.declares));
    member(writer, "status", told.status);
    member(writer, "answer", told.kind);
    if (!told.body.empty()) member(writer, "body", told.body);
    writer.EndObject();
  }
  writer.EndArray();
}

void write_soap_operations(ReportWriter& writer, const snapshot::Service& service,
                           base::TimePoint now) {
  const wsdl::Wsdl& wsdl = *service.configured->wsdl;
  writer.Key("soapOperations");
  writer.StartArray();
  for (const wsdl::WsdlOperation& operation : wsdl.operations()) {
    writer.StartObject();
    member(writer, "portType", operation.port_type);
    member(writer, "name", operation.name);
    member(writer, "declaredFaults", static_cast<int>(operation.declared_faults));
    member(writer, "status", service.configured->soap.status);
    if (const std::string detail = told_detail(service, operation, now); !detail.empty()) {
      member(writer, "fault", wsdl.faults()[*operation.fault].name);
      member(writer, "detail", detail);
    }
    writer.EndObject();
  }
  writer.EndArray();
}

void write_finding(ReportWriter& writer, const Finding& finding) {
  writer.StartObject();
  member(writer, "level", name_of(finding.level));
  member(writer, "rule", finding.rule);
  member(writer, "message", finding.message);
  member(writer, "file", finding.file);
  member(writer, "line", finding.line);
  writer.EndObject();
}

void write_interface(ReportWriter& writer, std::string_view key,
                     const interfaces::Interface& interface) {
  writer.Key(key.data(), static_cast<rapidjson::SizeType>(key.size()));
  writer.StartObject();
  member(writer, "file", interface.path);
  writer.Key("operations");
  writer.StartArray();
  for (const interfaces::Call& call : interface.calls) {
    writer.StartObject();
    member(writer, "group", call.group);
    member(writer, "name", call.name);
    member(writer, "kind", call.kind);
    member(writer, "file", call.file);
    if (call.line > 0) member(writer, "line", call.line);
    writer.EndObject();
  }
  writer.EndArray();
  writer.EndObject();
}

void write_service(ReportWriter& writer, const snapshot::Service& service, base::TimePoint now) {
  writer.StartObject();
  member(writer, "service", service.configured->name);
  if (service.configured->contract != nullptr) {
    member(writer, "contract", service.configured->contract_file.path);
    write_operations(writer, service, now);
  }
  if (service.configured->wsdl != nullptr) {
    member(writer, "wsdl", service.configured->wsdl_file.path);
    write_soap_operations(writer, service, now);
  }
  for (const auto& [key, kept] : catalog::kInterfaces) {
    const catalog::InterfaceDocument& document = *service.configured.*kept;
    if (document.read != nullptr) write_interface(writer, key, *document.read);
  }
  writer.Key("findings");
  writer.StartArray();
  for (const auto& [key, finding] : contract_findings(service)) write_finding(writer, finding);
  writer.EndArray();
  writer.EndObject();
}

}  // namespace

std::string json_report(const snapshot::Snapshot& snapshot, std::span<const base::Error> problems,
                        base::TimePoint now) {
  rapidjson::StringBuffer buffer;
  ReportWriter writer(buffer);
  writer.StartObject();
  writer.Key("services");
  writer.StartArray();
  for (const snapshot::Service* service : services_with_contracts(snapshot)) {
    write_service(writer, *service, now);
  }
  writer.EndArray();
  writer.Key("problems");
  writer.StartArray();
  for (const base::Error& problem : problems) write_finding(writer, finding_of(problem));
  writer.EndArray();
  writer.EndObject();
  return std::string(buffer.GetString(), buffer.GetSize()) + '\n';
}

}  // namespace intermission::report
