#include <algorithm>
#include <array>

#include "base/version.h"
#include "dialect/path_text.h"
#include "report/contract_formats.h"
#include "report/contract_told.h"

namespace intermission::report {
namespace {

using openapi::Finding;

struct Rule {
  std::string_view id;
  std::string_view means;
};
constexpr std::array kRules = {
    Rule{"broken-document", "One of several documents cannot be read; the others are used."},
    Rule{"broken-statement", "A statement cannot be read; it is passed over."},
    Rule{"broken-contract", "The document cannot be read; answers are made without it."},
    Rule{"cut-message", "A member has no room for a message of ordinary length."},
    Rule{"default-of-success", "A default describes success, and no error."},
    Rule{wsdl::kMissingDocument, "A document that is referred to cannot be used."},
    Rule{"no-known-media-type", "The response declares no supported media type."},
    Rule{"no-method", "A method is not written in lower case; it is ignored."},
    Rule{"no-operations", "The document has no operations."},
    Rule{"no-path", "A path does not start with a slash; it is ignored."},
    Rule{wsdl::kNoSoapBinding, "The WSDL has no operation that is bound to SOAP."},
    Rule{"no-valid-body", "No body was found that is valid by the schema of the response."},
    Rule{wsdl::kNoValidDetail, "Nothing valid can be made for a declared fault; it is left out."},
    Rule{"same-service-twice", "A service of Protocol Buffers is defined twice."},
    Rule{"same-type-twice", "A type of GraphQL is defined twice."},
    Rule{"same-path-twice", "Two operations have paths that cannot be told apart."},
    Rule{"too-many-operations", "The document has more operations than are read."},
    Rule{"unknown-dialect", "x-maintenance names an unknown dialect."},
    Rule{"unknown-pattern", "A pattern is not a regular expression that is supported."},
    Rule{"unknown-server", "A channel names a server that is not declared."},
    Rule{"unknown-type", "A schema refers to a type that it does not define."},
    Rule{wsdl::kUnresolvedName, "The WSDL uses a name that it does not declare."},
    Rule{"unresolved-reference", "A $ref leads nowhere; what refers to it is left out."},
    Rule{"untrue-member", "A required member does not allow what is true during maintenance."},
    Rule{"unusual-value", "A value was taken otherwise than it is written."},
    Rule{"x-maintenance", "x-maintenance does not follow its schema."},
};

void write_text(ReportWriter& writer, const char* name, std::string_view text) {
  writer.Key(name);
  writer.StartObject();
  member(writer, "text", text);
  writer.EndObject();
}

// A valid URI reference (SARIF 2.1.0 §3.4.3).
std::string uri_of(std::string_view file) {
  std::string uri = file.starts_with('/') ? "file://" : "";
  dialect::append_path(uri, file, std::string::npos, dialect::PathSyntax::kPlain);
  return uri;
}

void write_result(ReportWriter& writer, const Finding& finding) {
  writer.StartObject();
  member(writer, "ruleId", finding.rule);
  member(writer, "level", name_of(finding.level));
  write_text(writer, "message", finding.message);
  writer.Key("locations");
  writer.StartArray();
  writer.StartObject();
  writer.Key("physicalLocation");
  writer.StartObject();
  writer.Key("artifactLocation");
  writer.StartObject();
  member(writer, "uri", uri_of(finding.file));
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

void write_tool(ReportWriter& writer) {
  writer.Key("tool");
  writer.StartObject();
  writer.Key("driver");
  writer.StartObject();
  member(writer, "name", "intermission");
  member(writer, "version", base::kVersion);
  writer.Key("rules");
  writer.StartArray();
  for (const Rule& rule : kRules) {
    writer.StartObject();
    member(writer, "id", rule.id);
    write_text(writer, "shortDescription", rule.means);
    writer.EndObject();
  }
  writer.EndArray();
  writer.EndObject();
  writer.EndObject();
}

}  // namespace

std::string sarif_report(const snapshot::Snapshot& snapshot,
                         std::span<const base::Error> problems) {
  rapidjson::StringBuffer buffer;
  ReportWriter writer(buffer);
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
  for (const snapshot::Service* service : services_with_contracts(snapshot)) {
    for (const auto& [key, finding] : contract_findings(*service)) write_result(writer, finding);
  }
  writer.EndArray();
  writer.EndObject();
  writer.EndArray();
  writer.EndObject();
  return std::string(buffer.GetString(), buffer.GetSize()) + '\n';
}

}  // namespace intermission::report
