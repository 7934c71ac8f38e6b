// Which rows of the table are asked about a request, in order of precedence.
//
//   CandidateRows rows(evidence);
//   while (const auto row = rows.next()) {
//     const Claim claim = table()[*row]->recognise(evidence);
//     if (claim.strength == Claim::Strength::kSure) break;
//   }
//
// For Vary it is as if every row before the one that ends the call had been asked: a row that
// was passed over would have been asked, had a field been present that is not. So the fields that
// trigger them are consulted, and those of the rows behind are not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "dialect/request_evidence.h"

namespace intermission::dialect {

class TriggerIndex;

/// For one request, on the stack; allocates nothing. `evidence` must outlive it.
class CandidateRows {
 public:
  /// Rows in `disabled` are as if they were not in the table.
  explicit CandidateRows(RequestEvidence& evidence, Rows disabled = 0);

  /// The next row to ask; nothing at the end of the table. Records in the evidence what it took to
  /// get there.
  std::optional<std::size_t> next();

 private:
  Rows by_content_type();
  Rows by_product();
  bool reads_what_matters_before(Rows first);
  void consult_before(std::size_t row);

  const TriggerIndex& index_;
  RequestEvidence& evidence_;
  std::size_t method_;  // position of its bit in Methods
  Rows disabled_;
  Rows left_;       // not passed yet
  Rows triggered_;  // by what was read so far
  // Rows that depend on a field whose value was not read yet, for it belongs to Vary once it is.
  Rows content_type_unread_;
  Rows accept_unread_;
  Rows product_unread_;
};

}  // namespace intermission::dialect
