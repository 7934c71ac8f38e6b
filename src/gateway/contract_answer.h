// The contract's station: which operation of the service's API a request is for, and what was
// promised for it.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "gateway/context.h"
#include "openapi/id_limits.h"
#include "snapshot/rendered_notice.h"

namespace intermission::gateway {

struct ContractAnswer {
  /// The forms that were promised; null where the dialects answer.
  const std::vector<snapshot::PreparedResponse>* forms = nullptr;
  /// What those forms tell of the request's ids.
  openapi::RequestIds ids;
  /// The dialect that the document asks for by x-maintenance, as a row of the table.
  std::optional<std::size_t> dialect;
};

/// How outcome and explain call an answer in a promised form, as if it were a dialect.
inline constexpr std::string_view kContract = "contract";

/// `path` is decoded; the request's ids are read only if the answer has a place for them. Empty if
/// the service has no contract that can be read.
ContractAnswer find_contract_answer(const Context& context, std::string_view path,
                                    const snapshot::RenderedNotice& rendered);

/// For explain: which operation of the service's WSDL the request calls, where the dialect in that
/// row, which is sure of it, knows. Only with a trace.
void trace_called_operation(const Context& context, std::size_t row, const dialect::Claim& claim);

}  // namespace intermission::gateway
