// The station that negotiates: the language and the representation of an answer.
#pragma once

#include <cstddef>
#include <string_view>

#include "dialect/table.h"
#include "gateway/client.h"
#include "gateway/context.h"
#include "gateway/contract_answer.h"
#include "snapshot/rendered_notice.h"

namespace intermission::gateway {

/// In place of a row of the table: a form that the contract promises.
inline constexpr std::size_t kByContract = dialect::kMostDialects;

/// What was chosen. Views into the Snapshot.
struct Choice {
  std::size_t dialect = 0;  // a row of the table, or kByContract
  const snapshot::PreparedResponse* prepared = nullptr;
  const snapshot::RenderedNotice* rendered = nullptr;  // that `prepared` is from
  std::string_view why;
  openapi::RequestIds ids = {};  // for a form of the contract
};

/// The notice of this period in the client's language. Where too many stale ones have gathered,
/// the publisher of Snapshots is asked for a fresh Snapshot.
const snapshot::RenderedNotice& choose_notice(const Context& context);

/// For explain: which language that is, of how many.
void trace_language(const Context& context, const snapshot::RenderedNotice& rendered);

/// What is sent of `rendered`, or of its variant for the visitor.
Choice choose(const Context& context, const Client& client,
              const snapshot::RenderedNotice& rendered, const ContractAnswer& contract_answer);

}  // namespace intermission::gateway
