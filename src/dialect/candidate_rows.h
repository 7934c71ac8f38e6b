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
  bool is_triggered(std::size_t row);
  void consult_before(std::size_t row);
  Rows by_content_type();
  Rows by_product();

  const TriggerIndex& index_;
  RequestEvidence& evidence_;
  std::size_t method_;  // position of its bit in Methods
  Rows disabled_;
  Rows sure_;                            // triggered without reading a field's value
  Rows left_;                            // still to be decided on, sure or not
  std::optional<Rows> by_content_type_;  // read when a row first depends on it
  std::optional<Rows> by_product_;       // likewise
};

}  // namespace intermission::dialect
