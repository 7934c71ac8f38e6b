// What a plain (unquoted) YAML scalar means by the core schema, YAML 1.2.2 §10.3.2:
//
//   null | Null | NULL | ~ | (nothing)                           null
//   true | True | TRUE | false | False | FALSE                   boolean
//   [-+]? [0-9]+                                                 integer
//   0o [0-7]+                                                    integer, octal
//   0x [0-9a-fA-F]+                                              integer, hexadecimal
//   [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?   float
//   [-+]? ( \.inf | \.Inf | \.INF ) | \.nan | \.NaN | \.NAN       float that JSON cannot hold
//
// Everything else is text: `on`, `no`, `1_000`, `12:30`, `2026-12-01`.
#pragma once

#include <rapidjson/document.h>

#include <cstdint>
#include <string_view>

namespace intermission::document {

enum class PlainKind : std::uint8_t {
  kText,
  kNull,
  kBoolean,
  kInteger,
  kFloat,
  kNotFinite,   // an infinity or not-a-number
  kOutOfRange,  // a number that no 64-bit integer and no double can hold
};

struct Plain {
  PlainKind kind = PlainKind::kText;
  rapidjson::Value value;  // null for kText, kNotFinite and kOutOfRange
};

/// Never fails and never allocates. An integer beyond 64 bits is kFloat, as JSON readers do.
Plain resolve_plain(std::string_view text);

}  // namespace intermission::document
