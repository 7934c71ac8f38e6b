#include "gateway/contract_answer.h"

#include <fmt/format.h>

#include "base/text.h"
#include "dialect/table.h"
#include "http/request_id.h"

namespace intermission::gateway {
namespace {

using openapi::ApiContract;
using openapi::DeclaredBy;

std::string describe(const ApiContract::Match& match, std::string_view method,
                     std::string_view path) {
  if (match.operation == nullptr) {
    return fmt::format("{} {} is {} of the contract; it is answered like an undeclared operation",
                       base::printable(method), base::printable(path),
                       match.is_path_known ? "a path without that method" : "no operation");
  }
  const openapi::Operation& operation = *match.operation;
  return fmt::format("{} {} ({}:{})", operation.method, base::printable(operation.path),
                     base::printable(operation.file), operation.line);
}

// Where the response is declared that speaks for now; empty where there is none.
std::string place_of(const ApiContract::Match& match) {
  const auto place = [](const std::string& file, int line) {
    return file.empty() ? "" : fmt::format("{}:{}", base::printable(file), line);
  };
  // Operations with the same answer share a promise, and each has a place of its own.
  const auto* const operation = match.operation;
  return operation == nullptr ? place(match.promise->file, match.promise->line)
                              : place(operation->response_file, operation->response_line);
}

std::string describe_source(const ApiContract::Match& match) {
  const openapi::Promise& promise = *match.promise;
  const std::string types = base::printable(promise.forms.front().content_type) +
                            (promise.forms.size() > 1 ? " and others" : "");
  const DeclaredBy declared =
      match.operation == nullptr ? DeclaredBy::kNothing : match.operation->declares;
  if (declared != DeclaredBy::kNothing) {
    return fmt::format("the body follows the response {} at {}, as {}", openapi::name_of(declared),
                       place_of(match), types);
  }
  if (promise.is_overridden && promise.forms.front().is_example_about_maintenance) {
    return fmt::format("the body is its example, as {}", types);
  }
  const bool is_own = match.operation != nullptr && !match.operation->own_status.empty();
  return fmt::format("no response for maintenance is declared; the body follows {}, {}, as {}",
                     place_of(match),
                     is_own ? "its own response " + match.operation->own_status
                            : "the form of most error responses",
                     types);
}

std::string describe_promise(const ApiContract::Match& match,
                             const ContractAnswer& contract_answer) {
  if (contract_answer.dialect) {
    return fmt::format("x-maintenance chooses the dialect {}",
                       dialect::table()[*contract_answer.dialect]->name);
  }
  const std::string said = match.promise->is_overridden ? "x-maintenance overrides it; " : "";
  if (contract_answer.forms != nullptr) return said + describe_source(match);
  const std::string place = place_of(match);
  if (place.empty()) return said + "no response for maintenance is declared; the dialects answer";
  return fmt::format("{}{} declares no body; the dialects answer", said, place);
}

// The ids of a request, of those that may be told as they are.
openapi::RequestIds ids_of(dialect::RequestEvidence& evidence) {
  const auto id_in = [&](http::Field field) {
    const std::string_view id =
        evidence.has(field) ? http::request_id(evidence.request(), field) : "";
    return http::is_plain_id(id) ? id : std::string_view{};
  };
  openapi::RequestIds ids;
  for (const http::Field field : {http::Field::kXRequestId, http::Field::kXVcapRequestId}) {
    if (ids.request.empty()) ids.request = id_in(field);
  }
  ids.trace = http::trace_id_in(id_in(http::Field::kTraceparent));
  return ids;
}

// The forms that tell as many of the request's ids as fit.
void agree_on_forms(dialect::RequestEvidence& evidence, const snapshot::RenderedNotice& rendered,
                    std::size_t promise, ContractAnswer& contract_answer) {
  std::optional<openapi::RequestIds> known;  // looked at only where a form tells one
  for (const snapshot::RenderedNotice::Naming naming : snapshot::RenderedNotice::kNamings) {
    const snapshot::Promised& promised = rendered.promised(promise, naming);
    if (!promised.ids.empty() && !known) known = ids_of(evidence);
    const auto ids =
        promised.ids.empty() ? std::optional(openapi::RequestIds{}) : promised.ids.fit(*known);
    if (!ids) continue;
    contract_answer.ids = *ids;
    if (!promised.forms.empty()) contract_answer.forms = &promised.forms;
    return;
  }
}

}  // namespace

ContractAnswer find_contract_answer(const Context& context, std::string_view path,
                                    const snapshot::RenderedNotice& rendered) {
  const auto& contract = context.service.configured->contract;
  if (contract == nullptr) return {};
  const std::string_view method = context.evidence.method();
  const http::Request& request = context.evidence.request();
  // "/projects/group%2Fapp" has two segments.
  std::string kept;
  if (openapi::has_encoded_slash(request.path()))
    path = kept = openapi::keep_slashes(request.path());
  const ApiContract::Match match = contract->find(method, path, request.query());
  ContractAnswer contract_answer;
  if (match.promise->dialect) contract_answer.dialect = dialect::find(*match.promise->dialect);
  if (!contract_answer.dialect) {
    agree_on_forms(context.evidence, rendered, contract->index_of(*match.promise), contract_answer);
  }
  if (context.trace != nullptr) {
    context.trace->add("contract", describe(match, method, request.path()));
    context.trace->add("contract", describe_promise(match, contract_answer));
  }
  return contract_answer;
}

void trace_called_operation(const Context& context, std::size_t row, const dialect::Claim& claim) {
  const auto called = dialect::table()[row]->called;
  const auto operation = called == nullptr ? std::nullopt : called(context.evidence, claim);
  if (!operation) return;
  context.trace->add(
      "contract",
      fmt::format("operation {} of {}, by {}; {}", base::printable(operation->name),
                  context.service.configured->wsdl_file.path, operation->by,
                  operation->fault.empty()
                      ? "no declared fault fits, so the detail is empty"
                      : "its fault " + base::printable(operation->fault) + " is the detail"));
}

}  // namespace intermission::gateway
