// Regular expressions of JSON Schema (ECMA-262, of which it recommends a small part) as a bounded
// automaton: does a text hold a match, and which short text would.
//
//   const auto pattern = SchemaPattern::parse("^ERR-\\d{3}$");
//   pattern->matches("ERR-503");     // true
//   pattern->shortest(0, 100);       // "ERR-000"
//
// They are translated into those of XML Schema, which match whole texts. What has no place there
// (look-around, back references, \b, an anchor in the middle) is not understood.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "contract/xsd_pattern.h"

namespace intermission::openapi {

class SchemaPattern {
 public:
  /// Nothing where the expression is not understood.
  static std::optional<SchemaPattern> parse(std::string_view expression);

  /// `text` is UTF-8.
  bool matches(std::string_view text) const { return whole_.matches(text); }

  /// A matching text with as few characters as can be, but at least `least`; nothing if there is
  /// none of at most `most`.
  std::optional<std::string> shortest(std::size_t least, std::size_t most) const {
    return whole_.shortest(least, most);
  }

 private:
  explicit SchemaPattern(contract::XsdPattern whole) : whole_(std::move(whole)) {}

  contract::XsdPattern whole_;
};

}  // namespace intermission::openapi
