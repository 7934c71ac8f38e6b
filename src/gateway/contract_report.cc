#include "gateway/contract_report.h"

#include <fmt/format.h>
#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "dialect/table.h"

namespace intermission::gateway {
namespace {

using contract::ApiContract;
using contract::Finding;
using contract::Operation;
using contract::Origin;
using contract::Promise;
using Writer = rapidjson::PrettyWriter<rapidjson::StringBuffer>;

constexpr std::array kOrigins = {Origin::k503, Origin::k5xx, Origin::kDefault, Origin::kNothing};

std::size_t count_of(const ApiContract& contract, Origin origin) {
  const auto& operations = contract.operations();
  return static_cast<std::size_t>(
      std::count_if(operations.begin(), operations.end(),
                    [&](const Operation& operation) { return operation.declares == origin; }));
}

// Services with a contract, in the file's order.
std::vector<const Service*> services_with_contract(const Snapshot& snapshot) {
  std::vector<const Service*> services;
  for (std::size_t i = 0; i < snapshot.catalog().services().size(); ++i) {
    const Service& service = snapshot.service(i);
    if (service.configured->contract != nullptr) services.push_back(&service);
  }
  return services;
}

Finding finding_of(const base::Error& problem) {
  return {Finding::Level::kError, "broken-contract", problem.message, problem.file, problem.line};
}

/// What is said by one promise at a moment.
struct Told {
  int status = 503;
  std::string kind;  // a content type, or whose answer it is
  std::string body;  // empty where a dialect answers
};

// A path such as a request for it has.
std::string path_of(const Operation& operation) {
  std::string path = operation.path;
  std::erase_if(path, [](char c) { return c == '{' || c == '}'; });
  return path;
}

Told told_by(const Service& service, const Operation& operation, base::TimePoint now) {
  const Promise& promise = service.configured->contract->promises()[operation.promise];
  const gate::Verdict verdict = gate::decide(service.plan, now);
  const Edition& edition = service.edition(verdict, 0);
  if (const auto row = promise.dialect ? dialect::find(*promise.dialect) : std::nullopt) {
    return {edition.said(*row).front().said.status, "the dialect " + *promise.dialect, ""};
  }
  const std::size_t index = service.configured->contract->index_of(promise);
  const auto& forms = edition.promised(index, Edition::Naming::kNameless).forms;
  if (forms.empty()) return {503, "the gateway's own answer", ""};
  const std::string path = path_of(operation);
  Told told{forms.front().said.status, forms.front().said.content_type, ""};
  const std::uint32_t seconds = gate::seconds_to_wait(verdict, service.wait, now, 0);
  forms.front().body->text().append_to(told.body, {seconds, now, path});
  return told;
}

std::string origin_in_words(const Operation& operation, const Promise& promise) {
  if (promise.is_overridden) return "x-maintenance";
  if (operation.declares != Origin::kNothing) return std::string(name_of(operation.declares));
  return promise.origin == Origin::kShared ? "what its error responses share" : "nothing";
}

// ---------------------------------------------------------------- Markdown

// A text in a cell of a table.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : base::printable(text, 300)) {
    if (c == '|' || c == '<' || c == '`' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string markdown_of(const Service& service, base::TimePoint now) {
  std::string out = fmt::format("## {}\n\n", service.configured->name);
  for (const std::string& line : contract_lines(service)) out += "- " + line + '\n';
  out += "\n| operation | by | your clients will be told |\n| --- | --- | --- |\n";
  for (const Operation& operation : service.configured->contract->operations()) {
    const Promise& promise = service.configured->contract->promises()[operation.promise];
    const Told told = told_by(service, operation, now);
    out += fmt::format("| {} {} | {} | {} {} {} |\n", operation.method, cell(operation.path),
                       origin_in_words(operation, promise), told.status, cell(told.kind),
                       cell(told.body));
  }
  return out + '\n';
}

std::string markdown_report(const Snapshot& snapshot, std::span<const base::Error> problems,
                            base::TimePoint now) {
  std::string out = "# What your clients will be told during maintenance\n\n";
  for (const base::Error& problem : problems) out += "- error: " + problem.text() + '\n';
  if (!problems.empty()) out += '\n';
  for (const Service* service : services_with_contract(snapshot)) out += markdown_of(*service, now);
  return out;
}

// ---------------------------------------------------------------- JSON

void member(Writer& writer, const char* name, std::string_view text) {
  writer.Key(name);
  writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

void member(Writer& writer, const char* name, int number) {
  writer.Key(name);
  writer.Int(number);
}

void write_operations(Writer& writer, const Service& service, base::TimePoint now) {
  writer.Key("operations");
  writer.StartArray();
  for (const Operation& operation : service.configured->contract->operations()) {
    const Told told = told_by(service, operation, now);
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

void write_finding(Writer& writer, const Finding& finding) {
  writer.StartObject();
  member(writer, "level", name_of(finding.level));
  member(writer, "rule", finding.rule);
  member(writer, "message", finding.message);
  member(writer, "file", finding.file);
  member(writer, "line", finding.line);
  writer.EndObject();
}

std::string json_report(const Snapshot& snapshot, std::span<const base::Error> problems,
                        base::TimePoint now) {
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  writer.StartObject();
  writer.Key("services");
  writer.StartArray();
  for (const Service* service : services_with_contract(snapshot)) {
    writer.StartObject();
    member(writer, "service", service->configured->name);
    member(writer, "contract", service->configured->contract_file);
    write_operations(writer, *service, now);
    writer.Key("findings");
    writer.StartArray();
    for (const Finding& finding : contract_findings(*service)) write_finding(writer, finding);
    writer.EndArray();
    writer.EndObject();
  }
  writer.EndArray();
  writer.Key("problems");
  writer.StartArray();
  for (const base::Error& problem : problems) write_finding(writer, finding_of(problem));
  writer.EndArray();
  writer.EndObject();
  return std::string(buffer.GetString(), buffer.GetSize()) + '\n';
}

// ---------------------------------------------------------------- SARIF

void write_result(Writer& writer, const Finding& finding) {
  writer.StartObject();
  member(writer, "ruleId", finding.rule);
  member(writer, "level", name_of(finding.level));
  writer.Key("message");
  writer.StartObject();
  member(writer, "text", finding.message);
  writer.EndObject();
  writer.Key("locations");
  writer.StartArray();
  writer.StartObject();
  writer.Key("physicalLocation");
  writer.StartObject();
  writer.Key("artifactLocation");
  writer.StartObject();
  member(writer, "uri", finding.file);
  writer.EndObject();
  writer.Key("region");
  writer.StartObject();
  member(writer, "startLine", std::max(finding.line, 1));
  writer.EndObject();
  writer.EndObject();
  writer.EndObject();
  writer.EndArray();
  writer.EndObject();
}

void write_tool(Writer& writer) {
  writer.Key("tool");
  writer.StartObject();
  writer.Key("driver");
  writer.StartObject();
  member(writer, "name", "intermission");
  member(writer, "version", INTERMISSION_VERSION);
  writer.EndObject();
  writer.EndObject();
}

std::string sarif_report(const Snapshot& snapshot, std::span<const base::Error> problems) {
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  writer.StartObject();
  member(writer, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
  member(writer, "version", "2.1.0");
  writer.Key("runs");
  writer.StartArray();
  writer.StartObject();
  write_tool(writer);
  writer.Key("results");
  writer.StartArray();
  for (const base::Error& problem : problems) write_result(writer, finding_of(problem));
  for (const Service* service : services_with_contract(snapshot)) {
    for (const Finding& finding : contract_findings(*service)) write_result(writer, finding);
  }
  writer.EndArray();
  writer.EndObject();
  writer.EndArray();
  writer.EndObject();
  return std::string(buffer.GetString(), buffer.GetSize()) + '\n';
}

}  // namespace

std::optional<ReportFormat> report_format(std::string_view name) {
  if (name == "text") return ReportFormat::kText;
  if (name == "markdown") return ReportFormat::kMarkdown;
  if (name == "json") return ReportFormat::kJson;
  if (name == "sarif") return ReportFormat::kSarif;
  return {};
}

std::vector<Finding> contract_findings(const Service& service) {
  std::vector<Finding> findings;
  if (service.configured->contract == nullptr) return findings;
  findings.insert(findings.end(), service.configured->contract->findings().begin(),
                  service.configured->contract->findings().end());
  for (const Operation& operation : service.configured->contract->operations()) {
    const auto& wanted = service.configured->contract->promises()[operation.promise].dialect;
    if (!wanted || dialect::find(*wanted)) continue;
    findings.push_back(
        {Finding::Level::kError, "unknown-dialect",
         fmt::format("{} {}: x-maintenance asks for the dialect {}, which there is not",
                     operation.method, operation.path, *wanted),
         operation.file, operation.line});
  }
  return findings;
}

std::vector<std::string> contract_lines(const Service& service) {
  std::vector<std::string> lines;
  if (service.configured->contract != nullptr) {
    const ApiContract& contract = *service.configured->contract;
    std::string line = fmt::format("{}: {} operations", base::printable(contract.path()),
                                   contract.operations().size());
    for (const Origin origin : kOrigins) {
      line +=
          fmt::format(", {} {} {}", count_of(contract, origin),
                      count_of(contract, origin) == 1 ? "declares" : "declare", name_of(origin));
    }
    lines.push_back(std::move(line));
  }
  for (const Finding& finding : contract_findings(service)) {
    lines.push_back(fmt::format("{}: {}:{}: {}", name_of(finding.level),
                                base::printable(finding.file), finding.line, finding.message));
  }
  return lines;
}

std::string contract_report(const Snapshot& snapshot, std::span<const base::Error> problems,
                            base::TimePoint now, ReportFormat format) {
  if (format == ReportFormat::kJson) return json_report(snapshot, problems, now);
  if (format == ReportFormat::kSarif) return sarif_report(snapshot, problems);
  return markdown_report(snapshot, problems, now);
}

bool has_contract_findings(const Snapshot& snapshot) {
  const auto services = services_with_contract(snapshot);
  return std::any_of(services.begin(), services.end(),
                     [](const Service* service) { return !contract_findings(*service).empty(); });
}

}  // namespace intermission::gateway
