// The triggers of every row, inverted: from what a request shows to the rows to ask. Made once from
// the table; immutable, any thread.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "dialect/dialect.h"
#include "dialect/table.h"

namespace intermission::dialect {

static_assert(kMostDialects <= 64, "Rows holds 64 bits");

/// Words, in any case, and the rows that each triggers.
class WordIndex {
 public:
  WordIndex() : slots_(kSlots) {}
  void add(std::string_view word, std::size_t row, Methods methods);
  const RowsByMethod& find(std::string_view word) const;

 private:
  static constexpr std::size_t kSlots = 512;  // far more than there are words
  struct Slot {
    bool taken = false;
    std::string_view word;
    RowsByMethod rows{};
  };
  static std::size_t slot_of(std::string_view word);
  std::vector<Slot> slots_;
};

class TriggerIndex {
 public:
  explicit TriggerIndex(std::span<const Dialect* const> table);

  /// The one of dialect::table().
  static const TriggerIndex& of_table();

  RowsByMethod always{};
  std::array<RowsByMethod, http::kMostFields> by_field{};
  std::array<http::FieldSet, kMethodClasses> fields;  // those with rows in by_field
  RowsByMethod reads_content_type{};                  // rows with a trigger in its value
  RowsByMethod reads_accept{};
  RowsByMethod reads_product{};  // and in that of User-Agent
  RowsByMethod reads_path{};
  RowsByMethod reads_query{};
  WordIndex content_types;
  WordIndex accepts;
  WordIndex first_segments;
  WordIndex last_segments;
  WordIndex parameters;
  WordIndex products;
  /// The fields that trigger one row.
  std::array<std::array<http::FieldSet, kMostDialects>, kMethodClasses> read_for;
  /// What must be consulted to get as far as a row: the fields of all rows before it. The last
  /// entry stands for the end of the table.
  std::array<std::array<http::FieldSet, kMostDialects + 1>, kMethodClasses> consulted;

 private:
  void add(std::size_t row, const Trigger& cause);
};

/// Adds the rows for a media type, as Trigger::content_types spells them; "" for none.
void add_rows_for_type(const WordIndex& words, std::string_view media_type, RowsByMethod& rows);

}  // namespace intermission::dialect
