// The station that negotiates: in which language, and as what, a client is told.
#pragma once

#include <cstddef>
#include <string_view>

#include "dialect/table.h"
#include "gateway/agreed.h"
#include "gateway/client.h"
#include "gateway/context.h"
#include "snapshot/edition.h"

namespace intermission::gateway {

/// In place of a row of the table: a form that the contract promises.
inline constexpr std::size_t kByContract = dialect::kMostDialects;

/// What was chosen. Views into the Snapshot.
struct Choice {
  std::size_t dialect = 0;  // a row of the table, or kByContract
  const snapshot::Prepared* prepared = nullptr;
  const snapshot::Edition* edition = nullptr;  // that `prepared` is from
  std::string_view why;
  openapi::RequestIds ids = {};  // that a form of the contract tells
};

/// The edition that speaks the client's language on this occasion. Where too many stale ones
/// have gathered, the publisher of Snapshots is asked for a fresh one.
const snapshot::Edition& choose_edition(const Context& context);

/// What of `edition`, or of one that is fitted to the visitor, is sent.
Choice choose(const Context& context, const Client& client, const snapshot::Edition& edition,
              const Agreed& agreed);

}  // namespace intermission::gateway
