#include <fmt/format.h>
#include <rapidjson/document.h>

#include <map>
#include <vector>

#include "base/text.h"
#include "document/parse_json.h"
#include "interfaces/interface.h"
#include "report/contract_formats.h"
#include "report/contract_report.h"
#include "report/contract_told.h"

namespace intermission::report {
namespace {

using openapi::Operation;
using openapi::Promise;

// A text that Markdown takes as it is.
std::string plain(std::string_view text) {
  std::string out;
  for (const char c : base::printable(text, 300)) {
    if (std::string_view("|<`\\*_[").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string count(std::size_t number) {
  return fmt::format("{} operation{}", number, number == 1 ? "" : "s");
}

// JSON as people read it; anything else as it is.
std::string readable(const std::string& body, std::string& language) {
  const rapidjson::Document json = document::parse_json(body);
  if (json.HasParseError()) {
    language = body.starts_with('<') ? "xml" : "text";
    return body;
  }
  language = "json";
  rapidjson::StringBuffer buffer;
  ReportWriter writer(buffer);
  writer.SetIndent(' ', 2);
  json.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

// A fence that is longer than any in the text.
std::string block_of(const std::string& body) {
  std::string fence = "```";
  while (body.find(fence) != std::string::npos) fence += '`';
  std::string language;
  const std::string text = readable(body, language);
  return fmt::format("{}{}\n{}\n{}\n\n", fence, language, text, fence);
}

// Operations with the same answer for the same reason.
struct Audience {
  std::string why;
  std::vector<const Operation*> operations;
};

std::vector<Audience> audiences_of(const openapi::ApiContract& contract) {
  std::vector<Audience> audiences;
  std::map<std::pair<std::size_t, std::string>, std::size_t> known;
  for (const Operation& operation : contract.operations()) {
    std::string why = origin_in_words(operation, contract.promises()[operation.promise]);
    const auto [at, is_new] = known.emplace(std::pair(operation.promise, why), audiences.size());
    if (is_new) audiences.push_back({std::move(why), {}});
    audiences[at->second].operations.push_back(&operation);
  }
  return audiences;
}

std::string other_types(const Promise& promise) {
  std::string out;
  for (std::size_t i = 1; i < promise.forms.size(); ++i) {
    out += (i == 1 ? "; also as " : ", ") + plain(promise.forms[i].content_type);
  }
  return out;
}

std::string markdown_of(const Audience& audience, const snapshot::Service& service,
                        base::TimePoint now) {
  const Operation& first = *audience.operations.front();
  const OperationAnswer told = answer_to(service, first, now);
  const Promise& promise = service.configured->contract->promises()[first.promise];
  std::string out = fmt::format("### {} {}: {}, by {}\n\n", told.status, plain(told.kind),
                                count(audience.operations.size()), plain(audience.why));
  if (!told.body.empty()) out += block_of(told.body);
  if (promise.line > 0 && !promise.is_overridden) {
    out += fmt::format("As {}:{} says{}.\n\n", plain(promise.file), promise.line,
                       other_types(promise));
  }
  out += fmt::format("<details><summary>{}</summary>\n\n", count(audience.operations.size()));
  for (const Operation* operation : audience.operations) {
    out += fmt::format("- {} {} ({}:{})\n", operation->method, plain(operation->path),
                       plain(operation->file), operation->line);
  }
  return out + "\n</details>\n\n";
}

std::string markdown_of_wsdl(const snapshot::Service& service, base::TimePoint now) {
  std::string out = fmt::format(
      "### {} fault of SOAP 1.1 or 1.2, as the request: {}\n\n"
      "| operation | faults declared | detail that consumers will receive |\n| --- | --- | --- |\n",
      service.configured->soap.status, count(service.configured->wsdl->operations().size()));
  for (const wsdl::WsdlOperation& operation : service.configured->wsdl->operations()) {
    const std::string detail = told_detail(service, operation, now);
    out +=
        fmt::format("| {} of {} | {} | {} |\n", plain(operation.name), plain(operation.port_type),
                    operation.declared_faults, detail.empty() ? "none" : plain(detail));
  }
  return out + '\n';
}

std::string markdown_of(std::string_view key, const interfaces::Interface& interface) {
  std::string out =
      fmt::format("### {}: {}\n\n| of | operation | kind | where |\n| --- | --- | --- | --- |\n",
                  plain(key), count(interface.calls.size()));
  for (const interfaces::Call& call : interface.calls) {
    out += fmt::format("| {} | {} | {} | {}{} |\n", plain(call.group), plain(call.name),
                       plain(call.kind), plain(call.file),
                       call.line > 0 ? fmt::format(":{}", call.line) : "");
  }
  return out + '\n';
}

std::string markdown_of(const snapshot::Service& service, base::TimePoint now) {
  std::string out = fmt::format("## {}\n\n", plain(service.configured->name));
  for (const ContractLine& line : contract_lines(service)) out += "- " + plain(line.text) + '\n';
  out += '\n';
  if (service.configured->contract != nullptr) {
    for (const Audience& audience : audiences_of(*service.configured->contract)) {
      out += markdown_of(audience, service, now);
    }
  }
  if (service.configured->wsdl != nullptr) out += markdown_of_wsdl(service, now);
  for (const auto& [key, member] : catalog::kInterfaces) {
    const catalog::InterfaceDocument& document = *service.configured.*member;
    if (document.read != nullptr) out += markdown_of(key, *document.read);
  }
  return out;
}

}  // namespace

std::string markdown_report(const snapshot::Snapshot& snapshot,
                            std::span<const base::Error> problems, base::TimePoint now) {
  std::string out = "# What your clients will receive during maintenance\n\n";
  for (const base::Error& problem : problems) out += "- error: " + plain(problem.text()) + '\n';
  if (!problems.empty()) out += '\n';
  for (const snapshot::Service* service : services_with_contracts(snapshot)) {
    out += markdown_of(*service, now);
  }
  return out;
}

}  // namespace intermission::report
