#include "report/contract_told.h"

#include <fmt/format.h>

#include <algorithm>

#include "dialect/contract_facts.h"
#include "dialect/table.h"
#include "interfaces/interface.h"

namespace intermission::report {
namespace {

using openapi::Finding;
using openapi::Operation;
using openapi::Promise;

// A path such as a request for it has.
std::string path_of(const Operation& operation) {
  std::string path = operation.path;
  std::erase_if(path, [](char c) { return c == '{' || c == '}'; });
  return path;
}

bool has_document(const catalog::Service& service) {
  return service.contract != nullptr || service.wsdl != nullptr ||
         std::any_of(catalog::kInterfaces.begin(), catalog::kInterfaces.end(),
                     [&](const auto& one) { return (service.*one.second).read != nullptr; });
}

std::vector<Finding> unknown_dialects(const openapi::ApiContract& contract) {
  std::vector<Finding> findings;
  for (const Operation& operation : contract.operations()) {
    const auto& wanted = contract.promises()[operation.promise].dialect;
    if (!wanted || dialect::find(*wanted)) continue;
    findings.push_back({Finding::Level::kError, "unknown-dialect",
                        fmt::format("{} {}: x-maintenance names the unknown dialect {}",
                                    operation.method, operation.path, *wanted),
                        operation.file, operation.line});
  }
  return findings;
}

}  // namespace

OperationAnswer answer_to(const snapshot::Service& service, const Operation& operation,
                          base::TimePoint now) {
  const Promise& promise = service.configured->contract->promises()[operation.promise];
  const gate::Verdict verdict = gate::decide(service.plan, now);
  const snapshot::RenderedNotice& rendered = service.notice_for(verdict, 0);
  if (const auto row = promise.dialect ? dialect::find(*promise.dialect) : std::nullopt) {
    return {rendered.said(*row).front().said.status, "the dialect " + *promise.dialect, ""};
  }
  const std::size_t index = service.configured->contract->index_of(promise);
  const auto& forms = rendered.promised(index, snapshot::RenderedNotice::Naming::kNameless).forms;
  if (forms.empty()) return {503, "the gateway's own answer", ""};
  const std::string path = path_of(operation);
  OperationAnswer told{forms.front().said.status, forms.front().said.content_type, ""};
  const std::uint32_t seconds = gate::seconds_to_wait(verdict, service.wait, now, 0);
  forms.front().body->text().append_to(told.body, {.seconds = seconds, .now = now, .path = path});
  return told;
}

std::string origin_in_words(const Operation& operation, const Promise& promise) {
  if (promise.is_overridden) return "x-maintenance";
  if (operation.declares != openapi::DeclaredBy::kNothing) {
    return std::string(name_of(operation.declares));
  }
  if (!operation.own_status.empty()) return "its own response " + operation.own_status;
  return promise.origin == openapi::DeclaredBy::kShared ? "the form of most error responses"
                                                        : "nothing";
}

std::string told_detail(const snapshot::Service& service, const wsdl::WsdlOperation& operation,
                        base::TimePoint now) {
  if (!operation.fault) return "";
  const gate::Verdict verdict = gate::decide(service.plan, now);
  const std::string seconds = std::to_string(gate::seconds_to_wait(verdict, service.wait, now, 0));
  const page::Notice& notice = service.notice_for(verdict, 0).notice();
  return service.configured->wsdl
      ->detail(*operation.fault, dialect::facts_of(notice, *service.configured, seconds))
      .value_or("");
}

std::vector<const snapshot::Service*> services_with_contracts(const snapshot::Snapshot& snapshot) {
  std::vector<const snapshot::Service*> services;
  for (std::size_t i = 0; i < snapshot.catalog().services().size(); ++i) {
    const snapshot::Service& service = snapshot.service(i);
    if (has_document(*service.configured)) services.push_back(&service);
  }
  return services;
}

std::vector<KeyedFinding> contract_findings(const snapshot::Service& service) {
  std::vector<KeyedFinding> findings;
  if (const auto& wsdl = service.configured->wsdl) {
    for (const auto& [rule, problem] : wsdl->findings()) {
      findings.push_back({"wsdl",
                          {Finding::Level::kWarning, std::string(rule), problem.message,
                           problem.file, problem.line}});
    }
  }
  if (const auto& contract = service.configured->contract) {
    for (const Finding& finding : contract->findings()) findings.push_back({"contract", finding});
    for (Finding& finding : unknown_dialects(*contract)) {
      findings.push_back({"contract", std::move(finding)});
    }
  }
  for (const auto& [key, member] : catalog::kInterfaces) {
    const auto& document = (*service.configured.*member).read;
    if (document == nullptr) continue;
    for (const Finding& finding : document->findings) findings.push_back({key, finding});
  }
  return findings;
}

Finding finding_of(const base::Error& problem) {
  return {Finding::Level::kError, "broken-contract", problem.message, problem.file, problem.line};
}

}  // namespace intermission::report
