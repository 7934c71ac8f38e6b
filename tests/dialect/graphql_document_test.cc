#include "dialect/graphql_document.h"

#include <gtest/gtest.h>

#include <string_view>

namespace intermission::dialect {
namespace {

bool in_json(std::string_view text) {
  return is_graphql_document(text, Spelling::kJson);
}

bool in_url(std::string_view text) {
  return is_graphql_document(text, Spelling::kUrl);
}

TEST(GraphqlDocument, BeginsWithASelectionSet) {
  for (const std::string_view text : {"{orders{id}}",
                                      "{ orders }",
                                      "{a b}",
                                      "{ a, b }",
                                      "{ orders(first: 3) { id } }",
                                      "{ mine: orders { id } }",
                                      "{ orders @include(if: true) }",
                                      "{ ...Parts }",
                                      "{ ... on Order { a } }",
                                      "{\\n  a\\n}",
                                      "{\\ta }",
                                      "{ _a }",
                                      "{\\ra}",
                                      "{ a ...P }",
                                      "{a1}",
                                      "{ item7: a }",
                                      "{\\r\\n  a\\r\\n}",
                                      "#\\\"\\n{a}",
                                      ",, { a }",
                                      "\xEF\xBB\xBF{ a }"}) {
    EXPECT_TRUE(in_json(text)) << text;
  }
}

TEST(GraphqlDocument, BeginsWithAKeyword) {
  for (const std::string_view text :
       {"query{a}", "query Orders { a }", "query($id: ID!) { a }", "mutation M { a }",
        "subscription { a }", "fragment P on Order { a }", "query @live { a }",
        "# by hand\\nquery { a }", "#\\n# twice\\n{ a }",
        "\\\"\\\"\\\"What it does\\\"\\\"\\\" query { a }"}) {
    EXPECT_TRUE(in_json(text)) << text;
  }
}

TEST(GraphqlDocument, IsEncodedInAUrl) {
  for (const std::string_view text :
       {"%7Borders%7Bid%7D%7D", "%7b+orders+%7d", "{orders}", "query%20A%20%7Ba%7D",
        "query+A+%7Ba%7D", "%23%20by%20hand%0Aquery%7Ba%7D", "%EF%BB%BF%7Ba%7D", "{%70}", "{%71}",
        "query%7B"}) {
    EXPECT_TRUE(in_url(text)) << text;
  }
}

TEST(GraphqlDocument, QueriesOfOtherApisAreNone) {
  for (const std::string_view text : {"{job=\\\"api\\\"}",
                                      "{app=~\\\"a.*\\\"} |= \\\"error\\\"",
                                      "up{job=\\\"api\\\"}",
                                      "sum(rate(a{b=\\\"c\\\"}[5m]))",
                                      "SELECT ?s WHERE { ?s ?p ?o }",
                                      "PREFIX a: <b> SELECT * { ?s a:c ?o }",
                                      "{\\\"match_all\\\": {}}",
                                      "{ \\\"a\\\": 1 }",
                                      "{$match: {a: 1}}",
                                      "{}",
                                      "{ }",
                                      "{",
                                      "{a",
                                      "{ a",
                                      "",
                                      " ",
                                      "orders",
                                      "queryable { a }",
                                      "query",
                                      "query plans of PostgreSQL",
                                      "type A { b: C }",
                                      "subscriptions {a}",
                                      "MATCH (n {name: 1}) RETURN n",
                                      "{ ..a }",
                                      "# { a }",
                                      "\\\"\\\"\\\" query { a }",
                                      "{1}",
                                      "{a;b}",
                                      "query7 {a}",
                                      "\\",
                                      "{a\\",
                                      "#",
                                      "#{a}",
                                      "..."}) {
    EXPECT_FALSE(in_json(text)) << text;
  }
  for (const std::string_view text :
       {"%7Bjob%3D%22api%22%7D", "%7Bjob%3D~%22a%22%7D", "SELECT+%3Fs+WHERE+%7B+%3Fs+%3Fp+%3Fo+%7D",
        "%7B%22status%22%3A%22open%22%7D", "%7", "%", "%zz%7Ba%7D", "%7Ba", "{%7", "{a%",
        "price+%3E+3"}) {
    EXPECT_FALSE(in_url(text)) << text;
  }
}

}  // namespace
}  // namespace intermission::dialect
