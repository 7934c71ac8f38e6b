// Who is asking: rules first, then the dialects in the order of their table.
#pragma once

#include <boost/container/static_vector.hpp>
#include <cstdint>
#include <optional>
#include <string_view>

#include "dialect/dialect.h"
#include "dialect/request_evidence.h"
#include "dialect/table.h"
#include "snapshot/snapshot.h"

namespace intermission::gateway {

struct Client {
  /// The dialect that speaks alone, by a rule or by protocol evidence; nothing where several
  /// negotiate.
  std::optional<std::size_t> sure;
  /// What they claim who speak for the client: `sure` alone, or all who negotiate, in the order of
  /// the table; the service's default comes last where nothing speaks for it.
  struct Claimed {
    Claimed(std::size_t of_row, dialect::RequestEvidence& evidence)
        : row(of_row), claim(dialect::table()[of_row]->recognise(evidence)) {}
    explicit Claimed(std::size_t of_row) : row(of_row) {}

    std::size_t row;
    dialect::Claim claim;
  };
  boost::container::static_vector<Claimed, dialect::kMostDialects> claimed;
  std::optional<std::size_t> rule;  // the rule that decided, if one did
  bool needs_body = false;
  /// Consulted fields that only rules know, as bits over Service::rule_fields.
  std::uint64_t rule_fields = 0;
};

/// `path` is decoded. What was looked at is recorded in `evidence` and in the result.
Client who_asks(dialect::RequestEvidence& evidence, std::string_view path,
                const snapshot::Service& service);

}  // namespace intermission::gateway
