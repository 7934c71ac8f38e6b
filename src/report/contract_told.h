// What the contracts of a service, its API documents and its WSDL, come to: what the clients of
// each operation will be told, and what is not as it should be. The reports of check are made of
// it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "openapi/api_contract.h"
#include "snapshot/snapshot.h"
#include "wsdl/wsdl.h"

namespace intermission::report {

/// The answer to one operation of an API at a moment, in the first of its forms.
struct OperationAnswer {
  int status = 503;
  std::string kind;  // a content type, or whose answer it is
  std::string body;  // empty where a dialect answers
};
OperationAnswer answer_to(const snapshot::Service& service, const openapi::Operation& operation,
                          base::TimePoint now);

/// Where that was found, in a few words: "503", "x-maintenance", "its own response 500", "the form
/// of most error responses".
std::string origin_in_words(const openapi::Operation& operation, const openapi::Promise& promise);

/// The entry in the detail of the fault that answers an operation of the WSDL; empty if there is
/// none.
std::string told_detail(const snapshot::Service& service, const wsdl::WsdlOperation& operation,
                        base::TimePoint now);

/// Services with a document of any kind that could be read, in the file's order.
std::vector<const snapshot::Service*> services_with_contracts(const snapshot::Snapshot& snapshot);

struct KeyedFinding {
  std::string_view key;  // in the configuration: "wsdl", "contract", "protobuf"
  openapi::Finding finding;
};
/// All findings about a service's documents: their own, and one for each operation of an API that
/// asks for an unknown dialect.
std::vector<KeyedFinding> contract_findings(const snapshot::Service& service);

/// Of a document that could not be read.
openapi::Finding finding_of(const base::Error& problem);

}  // namespace intermission::report
