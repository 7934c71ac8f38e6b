#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "interfaces/interface_in_files.h"

namespace intermission::interfaces {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::TemporaryFolder;

std::shared_ptr<const Interface> schema(const std::string& text) {
  return read_as("schema.graphql", text, read_graphql);
}

TEST(GraphqlSchema, ListsTheFieldsOfTheRootTypes) {
  const auto read = schema(R"(
"What may be read"
type Query { order(id: ID!, "of what kind" kind: Kind = OPEN): Order, orders(first: Int = -1): [Order!]! }
type Mutation { cancel(input: Cancel = { id: "}" , tags: [1, 2] }): Order @auth(role: "}") }
type Subscription { changed: Order }
interface Node { id: ID! }
type Order implements & Node & Timed @key(fields: "id") { id: ID! parts: [[Part]!]! }
interface Timed implements Node { id: ID! at: Time }
union Part = | Order | Other
type Other
enum Kind { "open" OPEN CLOSED @deprecated(reason: "query") }
input Cancel { id: ID! tags: [Int!] }
scalar Time @specifiedBy(url: "https://example.com")
directive @auth(role: String = "none") repeatable on | OBJECT | FIELD_DEFINITION
directive @key(fields: String!) on OBJECT
# type Query { no: Int }
)");
  EXPECT_THAT(calls_of(*read),
              ElementsAre("query order (query):3", "query orders (query):3",
                          "mutation cancel (mutation):4", "subscription changed (subscription):5"));
  EXPECT_THAT(findings_of(*read), IsEmpty());
}

TEST(GraphqlSchema, TheSchemaNamesItsRoots) {
  const auto read = schema(R"(schema @link(url: "x") { "read" query: Root mutation: Change }
extend schema @more
type Query { no: Int }
type Root { yes: Int }
extend type Root { more: Int }
extend type Change { put: Int })");
  EXPECT_THAT(calls_of(*read), ElementsAre("query yes (query):4", "query more (query):5",
                                           "mutation put (mutation):6"));
  EXPECT_THAT(findings_of(*read), IsEmpty());
}

TEST(GraphqlSchema, TextsMayHoldAnything) {
  const auto read = schema(R"--("""
type Query { no: Int } \""" still
"""
type Query {
  """ one """ a: Int
  "\" two" b: Int
  "" c(x: String = """y)""" ): Int
})--");
  EXPECT_THAT(calls_of(*read),
              ElementsAre("query a (query):5", "query b (query):6", "query c (query):7"));
  EXPECT_THAT(findings_of(*read), IsEmpty());
}

TEST(GraphqlSchema, WhatIsDefinedNowhereIsAFinding) {
  const auto read = schema(R"(schema { query: Query, mutation: Gone, subscription: Kind }
type Query implements Ghost { a(x: Nothing): Missing }
enum Kind { A }
union Any = Query | Lost
type Query { b: Int })");
  EXPECT_THAT(calls_of(*read), ElementsAre("query a (query):2", "query b (query):5"));
  EXPECT_THAT(findings_of(*read),
              ElementsAre("same-type-twice:5: the type Query is defined a second time",
                          "unknown-type:1: expected a type of objects for mutation, got Gone",
                          "unknown-type:1: expected a type of objects for subscription, got Kind",
                          "unknown-type:2: the type Ghost is defined nowhere",
                          "unknown-type:4: the type Lost is defined nowhere",
                          "unknown-type:2: the type Missing is defined nowhere",
                          "unknown-type:2: the type Nothing is defined nowhere"));
}

TEST(GraphqlSchema, AMistakeCostsItsFieldOrItsDefinition) {
  const auto read = schema(R"(type Query {
  a: Int
  b Int
  c(x Int): Int
  d: [Int
  e: Int
}
typ Wrong { f: Int }
query Q { a }
union = A
type Mutation { g: Int }
input I { x: }
enum = A
scalar Time
)");
  EXPECT_THAT(calls_of(*read),
              ElementsAre("query a (query):2", "query e (query):6", "mutation g (mutation):11"));
  EXPECT_THAT(findings_of(*read),
              ElementsAre("broken-statement:3: expected :, got \"Int\"",
                          "broken-statement:4: expected :, got \"Int\"",
                          "broken-statement:6: expected ], got \"e\"",
                          "broken-statement:8: expected a definition of a type, a directive or the "
                          "schema, got \"typ\"",
                          "broken-statement:10: expected the name of a type, got \"=\"",
                          "broken-statement:12: expected the name of a type, got \"}\"",
                          "broken-statement:13: expected the name of a type, got \"=\""));
}

TEST(GraphqlSchema, WhatIsNoSchemaIsAnError) {
  EXPECT_EQ(error_as("a.graphql", "\n{ \"data\": {} }", read_graphql),
            ":2: expected a schema in the type system definition language, got {");
  EXPECT_EQ(error_as("a.graphql", "type A { \"x }", read_graphql),
            ":1: expected a definition, got a text that is never closed");
  EXPECT_EQ(error_as("a.graphql", "\"\"\" x \"\"", read_graphql),
            ":1: expected a definition, got a text that is never closed");
  EXPECT_EQ(error_as("a.graphql", "type A %", read_graphql),
            ":1: expected a definition, got the character %");
  for (const char* text : {"", "type A { x: Int }", "type Query", "type Query { }", "# none"}) {
    EXPECT_THAT(findings_of(*schema(text)),
                ElementsAre("no-operations:1: expected a type Query with a field, got none"))
        << text;
  }
}

TEST(GraphqlSchema, AFolderMakesUpOneSchema) {
  const TemporaryFolder folder;
  folder.write("a.graphqls", "type Query { order: Order }");
  std::filesystem::create_directory(folder.path() / "sub");
  folder.write("sub/b.gql", "type Order { id: ID }\nextend type Query { other: Int }");
  folder.write("c.graphql", "type \"");
  folder.write("d.txt", "type Mutation { no: Int }");
  const auto read = read_graphql(folder.path().string());
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_THAT(calls_of(**read), ElementsAre("query order (query):1", "query other (query):2"));
  EXPECT_THAT(
      findings_of(**read),
      ElementsAre("broken-document:1: expected a definition, got a text that is never closed"));
}

}  // namespace
}  // namespace intermission::interfaces
