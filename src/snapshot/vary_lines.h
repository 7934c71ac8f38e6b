// Vary lines, each put together once. Which sets of fields are consulted follows from the table of
// dialects and the rules: they are few, and come again and again.
//
//   lines.of({Field::kAccept, Field::kUserAgent})   // "Vary: Accept, User-Agent\r\n"
#pragma once

#include <array>
#include <cstddef>
#include <utility>

#include "base/lazy.h"
#include "http/field.h"
#include "http/field_lines.h"

namespace intermission::snapshot {

/// Any thread, without a lock. Nothing is forgotten.
class VaryLines {
 public:
  /// The line that names them in alphabetical order; none for none. Allocates
  /// where the set is new. Lives as long as this object.
  const http::FieldLines& of(http::FieldSet fields) const;

 private:
  struct Line {
    Line(http::FieldSet of, http::FieldLines made) : fields(of), line(std::move(made)) {}
    http::FieldSet fields;
    http::FieldLines line;
    base::Lazy<Line> next;  // another set of the same slot
  };
  static constexpr std::size_t kSlots = 256;  // as many as the top eight bits of a hash tell apart
  std::array<base::Lazy<Line>, kSlots> slots_;
};

}  // namespace intermission::snapshot
