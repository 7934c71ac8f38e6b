// Dialects whose clients are known by a field that no other client sends: a table says which
// representation each field speaks for.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "dialect/dialect.h"

namespace intermission::dialect {

struct KnownField {
  http::Field field;
  std::uint8_t form;     // a place in render()'s list
  std::string_view why;  // as Claim::why
};

/// A sure claim by the first of `known` that the request has; else no claim. A field counts with
/// any value. Consults the fields up to that one.
inline Claim by_field(RequestEvidence& evidence, std::span<const KnownField> known) {
  for (const KnownField& one : known) {
    if (!evidence.has(one.field)) continue;
    return {.strength = Claim::Strength::kSure, .favours = one.form, .why = one.why};
  }
  return {};
}

}  // namespace intermission::dialect
