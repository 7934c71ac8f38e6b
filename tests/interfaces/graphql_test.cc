#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

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
                          "unknown-type:2: the type Ghost is not defined",
                          "unknown-type:4: the type Lost is not defined",
                          "unknown-type:2: the type Missing is not defined",
                          "unknown-type:2: the type Nothing is not defined"));
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

/// What is found in a definition that stands alone in line 1.
std::vector<std::string> found_in(const std::string& definition) {
  auto found = findings_of(*schema(definition + "\ntype Query { q: Int }"));
  for (std::string& one : found) {
    if (one.starts_with("broken-statement:1: ")) one.erase(0, 20);
  }
  return found;
}

TEST(GraphqlSchema, EachMistakeSaysWhatWasExpected) {
  const std::vector<std::pair<std::string, std::string>> mistakes = {
      {"schema @ { query: Query }", "expected the name of a directive, got \"{\""},
      {"schema query", "expected {, got \"query\""},
      {"schema { querry: Query }", "expected query, mutation or subscription, got \":\""},
      {"schema { query Query }", "expected :, got \"Query\""},
      {"schema { query: }", "expected the name of a type, got \"}\""},
      {"type 7 { a: Int }", "expected the name of a type, got \"7\""},
      {"type A implements { a: Int }", "expected the name of a type, got \"{\""},
      {"type A @ { a: Int }", "expected the name of a directive, got \"{\""},
      {"type A { 7: Int }", "expected the name of a field, got \"7\""},
      {"type A { a(7: Int): Int }", "expected the name of an argument, got \"7\""},
      {"type A { a(b: Int = ): Int }", "expected a value, got \")\""},
      {"type A { a(b: Int @): Int }", "expected the name of a directive, got \")\""},
      {"type A { a: Int = }", "expected a value, got \"}\""},
      {"type A { a: Int @ }", "expected the name of a directive, got \"}\""},
      {"scalar A @ 7", "expected the name of a directive, got \"7\""},
      {"union A @ = B", "expected the name of a directive, got \"=\""},
      {"enum A @ { B }", "expected the name of a directive, got \"{\""},
      {"directive a on OBJECT", "expected @, got \"a\""},
      {"directive @(a: Int) on OBJECT", "expected the name of a directive, got \"(\""},
      {"directive @a(7: Int) on OBJECT", "expected the name of an argument, got \"7\""},
      {"directive @a OBJECT", "expected on, got \"OBJECT\""},
      {"directive @a on @", "expected a location of directives, got \"@\""},
  };
  for (const auto& [definition, said] : mistakes) {
    EXPECT_THAT(found_in(definition), ::testing::Contains(said)) << definition;
  }
  EXPECT_THAT(found_in("type A { a(b: Int = $c, d: Float = -1.5): Int }"), IsEmpty());
}

TEST(GraphqlSchema, ADocumentThatEndsInsideSaysSo) {
  const auto last = [](const std::string& text) { return findings_of(*schema(text)); };
  const std::string none = "no-operations:1: expected a type Query with a field, got none";
  EXPECT_THAT(last("type Query { a(b: Int = [1"),
              ElementsAre("broken-statement:1: expected ], got the end",
                          "broken-statement:1: expected }, got the end", none));
  EXPECT_THAT(last("enum A { B"), ElementsAre("broken-statement:1: expected }, got the end", none));
  EXPECT_THAT(last("type A @b(c: 1"),
              ElementsAre("broken-statement:1: expected ), got the end", none));
  for (const char* begun : {"extend", "\"told\" extend"}) {
    EXPECT_THAT(last(begun), ElementsAre("broken-statement:1: expected a definition of a type, a "
                                         "directive or the schema, got the end",
                                         none))
        << begun;
  }
  EXPECT_THAT(last("\"told\""), ElementsAre(none));
}

TEST(GraphqlSchema, ADefinitionBeginsALineAfterAMistake) {
  const auto read = schema("typ Wrong type Query { no: Int }\ntype Mutation { yes: Int }");
  EXPECT_THAT(calls_of(*read), ElementsAre("mutation yes (mutation):2"));
  EXPECT_EQ(findings_of(*read).size(), 1U);
}

TEST(GraphqlSchema, AFieldThatIsWrongEndsWithItsBrackets) {
  for (const std::string brackets : {"[]", "()", "{}"}) {
    const auto read = schema("type Query {\n  a b " + brackets.substr(0, 1) + "\n  no: Int\n  " +
                             brackets.substr(1) + "\n  yes: Int\n}");
    EXPECT_THAT(calls_of(*read), ElementsAre("query yes (query):5")) << brackets;
    EXPECT_THAT(findings_of(*read), ElementsAre("broken-statement:2: expected :, got \"b\""));
  }
}

TEST(GraphqlSchema, ATypeIsDefinedOnceHoweverOftenItIsExtended) {
  EXPECT_THAT(findings_of(*schema("extend type Query { a: Int }\ntype Query { b: Int }\nextend "
                                  "type Query { c: Int }")),
              IsEmpty());
  EXPECT_THAT(findings_of(*schema("type Query { a: Int }\nextend type Query { b: Int }\ntype "
                                  "Query { c: Int }")),
              ElementsAre("same-type-twice:3: the type Query is defined a second time"));
}

TEST(GraphqlSchema, EachRootMayBeTheOnlyOne) {
  for (const std::string kind : {"query", "mutation", "subscription"}) {
    std::string type = kind;
    type.front() = static_cast<char>(type.front() - ('a' - 'A'));
    const std::vector<std::string> expected = {kind + " a (" + kind + "):1"};
    EXPECT_EQ(calls_of(*schema("type " + type + " { a: Int }")), expected);
    EXPECT_EQ(calls_of(*schema("type Root { a: Int } schema { " + kind + ": Root }")), expected);
  }
}

TEST(GraphqlSchema, ABackslashInABlockEscapesItsQuotesAlone) {
  for (const char* block : {R"("""\"""""")", R"("""C:\x""")",
                            R"("""\""")"
                            R"( """)"}) {
    EXPECT_THAT(calls_of(*schema(std::string(block) + "type Query { a: Int }")),
                ElementsAre("query a (query):1"))
        << block;
  }
}

TEST(GraphqlSchema, AByteOrderMarkIsPassedOver) {
  EXPECT_THAT(calls_of(*schema("\xEF\xBB\xBFtype Query { a: Int }")),
              ElementsAre("query a (query):1"));
}

TEST(GraphqlSchema, CountsNoMoreOperationsThanItsLimit) {
  std::string text = "type Query {";
  for (std::size_t i = 0; i <= kMaxCalls; ++i) text += " a: Int";
  EXPECT_EQ(schema(text + " }")->calls.size(), kMaxCalls);
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
