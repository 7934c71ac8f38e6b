#include "gateway/agreed.h"

#include <fmt/format.h>

#include "base/text.h"
#include "dialect/table.h"
#include "http/request_id.h"

namespace intermission::gateway {
namespace {

using openapi::ApiContract;
using openapi::Origin;

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
  // Operations that are told the same share a promise, and each has a place of its own.
  const auto* const operation = match.operation;
  return operation == nullptr ? place(match.promise->file, match.promise->line)
                              : place(operation->response_file, operation->response_line);
}

std::string describe_source(const ApiContract::Match& match) {
  const openapi::Promise& promise = *match.promise;
  const std::string types = base::printable(promise.forms.front().content_type) +
                            (promise.forms.size() > 1 ? " and others" : "");
  const Origin declared = match.operation == nullptr ? Origin::kNothing : match.operation->declares;
  if (declared != Origin::kNothing) {
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

std::string describe_promise(const ApiContract::Match& match, const Agreed& agreed) {
  if (agreed.dialect) {
    return fmt::format("x-maintenance chooses the dialect {}",
                       dialect::table()[*agreed.dialect]->name);
  }
  const std::string said = match.promise->is_overridden ? "x-maintenance overrides it; " : "";
  if (agreed.forms != nullptr) return said + describe_source(match);
  const std::string place = place_of(match);
  if (place.empty()) return said + "no response for maintenance is declared; the dialects answer";
  return fmt::format("{}{} declares no body; the dialects answer", said, place);
}

// The ids of a request, of those that may be told as they are.
openapi::RequestIds ids_of(dialect::Clues& clues) {
  const auto id_in = [&](http::Field field) {
    const std::string_view id = clues.has(field) ? http::request_id(clues.request(), field) : "";
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
void agree_on_forms(dialect::Clues& clues, const snapshot::Edition& edition, std::size_t promise,
                    Agreed& agreed) {
  std::optional<openapi::RequestIds> known;  // looked at only where a form tells one
  for (const snapshot::Edition::Naming naming : snapshot::Edition::kNamings) {
    const snapshot::Promised& promised = edition.promised(promise, naming);
    if (!promised.ids.empty() && !known) known = ids_of(clues);
    const auto ids =
        promised.ids.empty() ? std::optional(openapi::RequestIds{}) : promised.ids.fit(*known);
    if (!ids) continue;
    agreed.ids = *ids;
    if (!promised.forms.empty()) agreed.forms = &promised.forms;
    return;
  }
}

}  // namespace

Agreed find_agreed(const Context& context, std::string_view path,
                   const snapshot::Edition& edition) {
  const auto& contract = context.service.configured->contract;
  if (contract == nullptr) return {};
  const std::string_view method = context.clues.method();
  const http::Request& request = context.clues.request();
  // "/projects/group%2Fapp" has two segments.
  std::string kept;
  if (openapi::has_encoded_slash(request.path()))
    path = kept = openapi::keep_slashes(request.path());
  const ApiContract::Match match = contract->find(method, path, request.query());
  Agreed agreed;
  if (match.promise->dialect) agreed.dialect = dialect::find(*match.promise->dialect);
  if (!agreed.dialect) {
    agree_on_forms(context.clues, edition, contract->index_of(*match.promise), agreed);
  }
  if (context.trace != nullptr) {
    context.trace->add("contract", describe(match, method, request.path()));
    context.trace->add("contract", describe_promise(match, agreed));
  }
  return agreed;
}

}  // namespace intermission::gateway
