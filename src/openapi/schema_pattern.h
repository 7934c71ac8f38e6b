// Regular expressions of JSON Schema (ECMA-262, of which it recommends a small part) as a bounded
// automaton: does a text hold a match, and which short text would.
//
//   const auto pattern = SchemaPattern::parse("^ERR-\\d{3}$");
//   pattern->matches("ERR-503");     // true
//   pattern->shortest(0, 100);       // "ERR-000"
//
// They are translated into those of XML Schema, which match whole texts. Look-ahead at the
// beginning, as in "^(?=.*\\d)(?!0).{8,}$", is looked at apart. What else has no place there
// (look-around elsewhere, back references, \b, an anchor in the middle) is not understood.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "contract/xsd_pattern.h"

namespace intermission::openapi {

class SchemaPattern {
 public:
  /// Nothing where the expression is not understood.
  static std::optional<SchemaPattern> parse(std::string_view expression);

  /// `text` is UTF-8.
  bool matches(std::string_view text) const;

  /// A matching text with as few characters as can be, but at least `least`; nothing if there is
  /// none of at most `most`. With look-ahead it may be a little longer, or not be found.
  std::optional<std::string> shortest(std::size_t least, std::size_t most) const;

 private:
  explicit SchemaPattern(contract::XsdPattern whole) : whole_(std::move(whole)) {}

  contract::XsdPattern whole_;
  std::vector<contract::XsdPattern> ahead_;      // each must match
  std::vector<contract::XsdPattern> not_ahead_;  // none may
  std::vector<std::string> samples_;             // of what is looked for ahead, the shortest
};

}  // namespace intermission::openapi
