// Lists of field names as a Vary field writes them, each put together once. Which sets of fields
// are consulted follows from the table of dialects and the rules: they are few, and come again and
// again.
//
//   names.of({Field::kAccept, Field::kUserAgent})   // "Accept, User-Agent"
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "base/lazy.h"
#include "http/field.h"

namespace intermission::gateway {

/// Any thread, without a lock. Nothing is forgotten.
class FieldNames {
 public:
  /// Their names in alphabetical order, with ", " between them; empty for none. Allocates where
  /// the set is new. Lives as long as this object.
  std::string_view of(http::FieldSet fields) const;

 private:
  struct List {
    List(http::FieldSet of, std::string names) : fields(of), text(std::move(names)) {}
    http::FieldSet fields;
    std::string text;
    base::Lazy<List> next;  // another set of the same slot
  };
  static constexpr std::size_t kSlots = 256;
  std::array<base::Lazy<List>, kSlots> slots_;
};

}  // namespace intermission::gateway
