#include "report/contract_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "interfaces/interface.h"
#include "report/contract_formats.h"
#include "report/contract_told.h"

namespace intermission::report {
namespace {

using openapi::ApiContract;
using openapi::DeclaredBy;
using openapi::Finding;
using openapi::Operation;

constexpr std::array kDeclaredBy = {DeclaredBy::k503, DeclaredBy::k5xx, DeclaredBy::kDefault,
                                    DeclaredBy::kNothing};

std::string count(std::size_t number, std::string_view what) {
  return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

std::string declare(std::size_t number) {
  return fmt::format("{} {}", number, number == 1 ? "declares" : "declare");
}

template <typename Items, typename Is>
std::size_t count_of(const Items& items, Is is) {
  return static_cast<std::size_t>(std::count_if(items.begin(), items.end(), is));
}

std::string summary(const ApiContract& contract) {
  const auto& operations = contract.operations();
  std::string line =
      base::printable(contract.path()) + ": " + count(operations.size(), "operation");
  for (const DeclaredBy origin : kDeclaredBy) {
    const std::size_t declaring = count_of(
        operations, [&](const Operation& operation) { return operation.declares == origin; });
    line += fmt::format(", {} {}", declare(declaring), openapi::name_of(origin));
  }
  return line;
}

bool declares_nothing(const Operation& operation) {
  return operation.declares == DeclaredBy::kNothing && operation.own_status.empty();
}

// What those hear that declare nothing for now.
std::string fallback_of(const ApiContract& contract) {
  const openapi::Promise& shared = contract.promises().front();
  if (shared.forms.empty()) {
    return "operations that declare nothing get the gateway's own answer: the API has no common "
           "form of error in which that can be said";
  }
  return fmt::format(
      "operations that declare nothing get the form of most error responses: {} ({}:{})",
      base::printable(shared.forms.front().content_type), base::printable(shared.file),
      shared.line);
}

// What is promised in total, then what could not be kept.
std::string summary(const wsdl::Wsdl& wsdl, const std::string& file) {
  const auto& operations = wsdl.operations();
  const auto with_detail =
      count_of(operations, [](const auto& operation) { return operation.fault.has_value(); });
  const auto declaring =
      count_of(operations, [](const auto& operation) { return operation.declared_faults > 0; });
  return fmt::format("{}: {}, {}; {} faults, {} of them one that fits and is used",
                     base::printable(file), count(operations.size(), "operation"),
                     count(wsdl.ports().size(), "SOAP port"), declare(declaring), with_detail);
}

// "Get, Watch (server streaming)": what is special is named.
std::string call_in_words(const interfaces::Call& call) {
  const std::string name = base::printable(call.name, 80);
  const bool is_plain = call.kind == "unary" || call.kind == call.group;
  return is_plain ? name : fmt::format("{} ({})", name, base::printable(call.kind, 80));
}

std::string summary(const interfaces::Interface& interface) {
  std::string line = fmt::format("{}: {}", base::printable(interface.path),
                                 count(interface.calls.size(), "operation"));
  const auto& elsewhere = interface.elsewhere;
  for (auto at = elsewhere.begin(); at != elsewhere.end();) {
    const auto end = std::upper_bound(at, elsewhere.end(), *at);
    line += fmt::format(", {} over {} that no gateway of HTTP is asked for", end - at,
                        base::printable(*at, 40));
    at = end;
  }
  return line;
}

// One line a service, a kind of operation or a channel; --format markdown has all of them.
void append_lines(std::string_view key, const interfaces::Interface& interface,
                  std::vector<ContractLine>& lines) {
  constexpr std::size_t kMostNames = 20;
  constexpr std::size_t kMostGroups = 50;
  lines.push_back({key, summary(interface)});
  const auto& calls = interface.calls;
  std::size_t groups = 0;
  for (auto at = calls.begin(); at != calls.end();) {
    const auto end =
        std::find_if(at, calls.end(), [&](const auto& call) { return call.group != at->group; });
    if (++groups > kMostGroups) {
      lines.push_back(
          {key, fmt::format("and {} more",
                            count(static_cast<std::size_t>(calls.end() - at), "operation"))});
      return;
    }
    std::string line = base::printable(at->group) + ": ";
    std::size_t names = 0;
    for (auto call = at; call != end && names < kMostNames; ++call) {
      line += (names++ == 0 ? "" : ", ") + call_in_words(*call);
    }
    const auto size = static_cast<std::size_t>(end - at);
    if (size > kMostNames) line += fmt::format(" and {} more", size - kMostNames);
    lines.push_back({key, std::move(line)});
    at = end;
  }
}

}  // namespace

std::optional<ReportFormat> report_format(std::string_view name) {
  if (name == "text") return ReportFormat::kText;
  if (name == "markdown") return ReportFormat::kMarkdown;
  if (name == "json") return ReportFormat::kJson;
  if (name == "sarif") return ReportFormat::kSarif;
  return {};
}

std::vector<ContractLine> contract_lines(const snapshot::Service& service) {
  std::vector<ContractLine> lines;
  if (const auto& wsdl = service.configured->wsdl) {
    lines.push_back({"wsdl", summary(*wsdl, service.configured->wsdl_file.path)});
  }
  if (const auto& contract = service.configured->contract) {
    lines.push_back({"contract", summary(*contract)});
    const auto& operations = contract->operations();
    const std::size_t own = count_of(
        operations, [](const Operation& operation) { return !operation.own_status.empty(); });
    if (own > 0) {
      lines.push_back(
          {"contract", count(own, "operation") + (own == 1 ? " gets" : " get") +
                           " the form of another failure that it declares, such as 500"});
    }
    if (std::any_of(operations.begin(), operations.end(), declares_nothing)) {
      lines.push_back({"contract", fallback_of(*contract)});
    }
  }
  for (const auto& [key, member] : catalog::kInterfaces) {
    const catalog::InterfaceDocument& document = *service.configured.*member;
    if (document.read != nullptr) append_lines(key, *document.read, lines);
  }
  for (const auto& [key, finding] : contract_findings(service)) {
    lines.push_back(
        {key, fmt::format("{}: {}:{}: {}", name_of(finding.level), base::printable(finding.file),
                          finding.line, finding.message)});
  }
  return lines;
}

std::string contract_report(const snapshot::Snapshot& snapshot,
                            std::span<const base::Error> problems, base::TimePoint now,
                            ReportFormat format) {
  if (format == ReportFormat::kJson) return json_report(snapshot, problems, now);
  if (format == ReportFormat::kSarif) return sarif_report(snapshot, problems);
  return markdown_report(snapshot, problems, now);
}

bool has_contract_findings(const snapshot::Snapshot& snapshot) {
  const auto services = services_with_contracts(snapshot);
  return std::any_of(services.begin(), services.end(), [](const snapshot::Service* service) {
    return !contract_findings(*service).empty();
  });
}

}  // namespace intermission::report
