// Whether a text is a GraphQL document with something to execute (GraphQL, October 2021, §2.2), and
// not the query of another API that has braces too: PromQL, LogQL, SPARQL, objects in JSON.
//
//   is_graphql_document("query{orders{id}}", Spelling::kJson)       // true
//   is_graphql_document("%7Borders%7Bid%7D%7D", Spelling::kUrl)     // true
//   is_graphql_document("{job=\"api\"}", Spelling::kJson)           // false
//
// Looks at the beginning, and for the brace that every operation has. Allocates nothing.
#pragma once

#include <cstdint>
#include <string_view>

namespace intermission::dialect {

/// How the text is written where it stands.
enum class Spelling : std::uint8_t {
  kJson,  // between the quotes of a text in JSON, with its escapes (RFC 8259 §7)
  kUrl,   // the value of a parameter, as forms encode it (URL Standard §5)
};

bool is_graphql_document(std::string_view text, Spelling spelling);

}  // namespace intermission::dialect
