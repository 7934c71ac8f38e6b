// Which rows of the table are asked about a request, in order of precedence.
//
//   RollCall rows(clues);
//   while (const auto row = rows.next()) {
//     const Claim claim = table()[*row]->recognise(clues);
//     if (claim.strength == Claim::Strength::kSure) break;
//   }
//
// For Vary it is as if every row before the one that ends the call had been asked: a row that
// was passed over would have been asked, had a field been present that is not. So the fields that
// give cause to ask them are consulted, and those of the rows behind are not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "dialect/clues.h"

namespace intermission::dialect {

class RowIndex;

/// For one request, on the stack; allocates nothing. `clues` must outlive it.
class RollCall {
 public:
  /// Rows in `disabled` are as if they were not in the table.
  explicit RollCall(Clues& clues, Rows disabled = 0);

  /// The next row to ask; nothing at the end of the table. Records in the clues what it took to
  /// get there.
  std::optional<std::size_t> next();

 private:
  bool has_cause(std::size_t row);
  void consult_before(std::size_t row);
  Rows by_content_type();
  Rows by_product();

  const RowIndex& index_;
  Clues& clues_;
  std::size_t method_;  // position of its bit in Methods
  Rows disabled_;
  Rows sure_;                            // cause was found without reading a field's value
  Rows left_;                            // still to be decided on, sure or not
  std::optional<Rows> by_content_type_;  // read when a row first depends on it
  std::optional<Rows> by_product_;       // likewise
};

}  // namespace intermission::dialect
