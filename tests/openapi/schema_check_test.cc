#include "openapi/schema_check.h"

#include <gtest/gtest.h>

#include <string>

#include "support/temporary_folder.h"

namespace intermission::openapi {
namespace {

constexpr SchemaDialect k2 = SchemaDialect::kSwagger2;
constexpr SchemaDialect k30 = SchemaDialect::kOpenApi30;
constexpr SchemaDialect k31 = SchemaDialect::kOpenApi31;

std::string problem_of(const std::string& schema, const std::string& value,
                       SchemaDialect dialect = k31) {
  const testing::TemporaryFolder folder;
  const auto file = folder.write("a.yaml", "schema: " + schema + "\nvalue: " + value + "\n");
  auto files = ApiFiles::open(file.string());
  if (!files) return files.error().text();
  const ApiPlace root = (*files)->root_place();
  (*files)->follow_all(root["schema"]);
  if (!(*files)->problems().empty()) return (*files)->problems().front().text();
  return SchemaCheck(**files, dialect)
      .problem(root["schema"].node, *root["value"].node.value)
      .value_or("valid");
}

struct Keyword {
  std::string schema;
  std::string valid;
  std::string invalid;
  SchemaDialect dialect = k31;
};

TEST(SchemaCheck, KnowsEveryKeyword) {
  const Keyword keywords[] = {
      {"{ type: object }", "{}", "[]"},
      {"{ type: integer }", "1.0", "1.5"},
      {"{ type: number }", "1", "x"},
      {"{ type: [string, 'null'] }", "null", "1"},
      {"{ type: string, nullable: true }", "null", "1", k30},
      {"{ type: string, x-nullable: true }", "null", "1", k2},
      {"{ type: boolean }", "true", "'true'"},
      {"{ const: { a: 1 } }", "{ a: 1 }", "{ a: 2 }"},
      {"{ enum: [1, a, null] }", "null", "b"},
      {"{ minimum: 2 }", "2", "1.9"},
      {"{ minimum: 2, exclusiveMinimum: true }", "2.1", "2", k30},
      {"{ exclusiveMinimum: 2 }", "3", "2"},
      {"{ maximum: 2 }", "2", "3"},
      {"{ maximum: 2, exclusiveMaximum: true }", "1", "2", k30},
      {"{ exclusiveMaximum: 2 }", "1", "2"},
      {"{ multipleOf: 0.01 }", "0.07", "0.075"},
      {"{ minLength: 2 }", "äö", "ä"},
      {"{ maxLength: 2 }", "äö", "abc"},
      {"{ pattern: '^a+$' }", "aa", "ab"},
      {"{ pattern: 'b' }", "abc", "ac"},
      {"{ format: date-time }", "'2026-12-01T22:30:00Z'", "'2026-12-01'"},
      {"{ format: uuid }", "00000000-0000-0000-0000-000000000000", "x"},
      {"{ format: uri }", "'about:blank'", "'/relative'"},
      {"{ format: of-our-own }", "anything", "1", k31},
      {"{ items: { type: string } }", "[a]", "[1]"},
      {"{ prefixItems: [{ const: 1 }], items: { const: 2 } }", "[1, 2]", "[1, 1]"},
      {"{ items: [{ const: 1 }], additionalItems: false }", "[1]", "[1, 1]", k30},
      {"{ minItems: 1 }", "[1]", "[]"},
      {"{ maxItems: 1 }", "[1]", "[1, 2]"},
      {"{ uniqueItems: true }", "[1, 2]", "[1, 1.0]"},
      {"{ contains: { const: 1 } }", "[2, 1]", "[2]"},
      {"{ contains: { const: 1 }, maxContains: 1 }", "[1]", "[1, 1]"},
      {"{ properties: { a: { const: 1 } } }", "{ b: 2 }", "{ a: 2 }"},
      {"{ patternProperties: { '^a': { const: 1 } } }", "{ ab: 1 }", "{ ab: 2 }"},
      {"{ properties: { a: {} }, additionalProperties: false }", "{ a: 1 }", "{ b: 1 }"},
      {"{ additionalProperties: { type: string } }", "{ a: b }", "{ a: 1 }"},
      {"{ required: [a] }", "{ a: null }", "{}"},
      {"{ minProperties: 1 }", "{ a: 1 }", "{}"},
      {"{ maxProperties: 1 }", "{ a: 1 }", "{ a: 1, b: 1 }"},
      {"{ propertyNames: { maxLength: 1 } }", "{ a: 1 }", "{ ab: 1 }"},
      {"{ dependentRequired: { a: [b] } }", "{ a: 1, b: 1 }", "{ a: 1 }"},
      {"{ dependentSchemas: { a: { required: [b] } } }", "{ b: 1 }", "{ a: 1 }"},
      {"{ allOf: [{ minimum: 1 }, { maximum: 2 }] }", "2", "3"},
      {"{ anyOf: [{ const: 1 }, { const: 2 }] }", "2", "3"},
      {"{ oneOf: [{ minimum: 1 }, { minimum: 2 }] }", "1", "2"},
      {"{ not: { const: 1 } }", "2", "1"},
      {"{ if: { const: 1 }, then: false, else: { const: 2 } }", "2", "1"},
      {"true", "[1]", "", k31},
      {"{ type: file }", "x", "", k2},
      {"{ type: integer }", "9223372036854775808", "1e-1"},
      {"{ type: integer }", "-7", "x"},
      {"{ type: 'null' }", "null", "0"},
      {"{ multipleOf: 0 }", "0.3", ""},
      {"{ minLength: 0, maxLength: 0 }", "''", "a"},
      {"{ minItems: 0, maxItems: 0 }", "[]", "[1]"},
      {"{ contains: { const: 1 }, minContains: 0 }", "[2]", ""},
      {"{ patternProperties: { '^b': {}, '^a': { const: 1 }, '(?=x)': false } }", "{ ab: 1, b: 2 }",
       "{ b: 1, ab: 2 }"},
      {"{ dependentRequired: { c: [d], a: [b] } }", "{ b: 1 }", "{ a: 1 }"},
      {"{ required: [b, a] }", "{ a: 1, b: 1 }", "{ b: 1 }"},
      {"{ prefixItems: [{ const: 1 }, { const: 2 }] }", "[1, 2, 3]", "[1, 3]"},
      {"{ $defs: { a: { const: 1 } }, $ref: '#/schema/$defs/a' }", "1", "2"},
  };
  for (const Keyword& keyword : keywords) {
    EXPECT_EQ(problem_of(keyword.schema, keyword.valid, keyword.dialect), "valid")
        << keyword.schema;
    if (keyword.schema.find("of-our-own") != std::string::npos || keyword.invalid.empty()) continue;
    EXPECT_NE(problem_of(keyword.schema, keyword.invalid, keyword.dialect), "valid")
        << keyword.schema;
  }
}

TEST(SchemaCheck, CountsBesideAReferenceOnlySinceOpenApi31) {
  const std::string schema = "{ $defs: { a: {} }, $ref: '#/schema/$defs/a', const: 1 }";
  EXPECT_EQ(problem_of(schema, "2", k30), "valid");
  EXPECT_NE(problem_of(schema, "2", k31), "valid");
}

TEST(SchemaCheck, EndsWhereASchemaDemandsItself) {
  EXPECT_NE(problem_of("{ allOf: [{ $ref: '#/schema' }] }", "1"), "valid");
}

TEST(SchemaCheck, NamesThePlace) {
  EXPECT_EQ(problem_of("{ properties: { a: { items: { type: string } } } }", "{ a: [b, 1] }"),
            "/a/1: expected type string");
  EXPECT_EQ(problem_of("{ required: [code] }", "{}"), "the body: expected a member code");
}

TEST(SchemaCheck, PassesOverKeywordsOfAnotherType) {
  EXPECT_EQ(problem_of("{ required: 7, properties: 7, enum: 7, type: 7, allOf: 7, prefixItems: 7 }",
                       "{ a: 1 }"),
            "valid");
  EXPECT_EQ(problem_of("{ prefixItems: 7, items: { const: 1 } }", "[1]"), "valid");
  EXPECT_EQ(problem_of("{ multipleOf: -2 }", "3"), "valid") << "it must be more than 0";
  EXPECT_EQ(problem_of("{ minLength: -1, maxLength: -1, minItems: x, pattern: 7 }", "abc"),
            "valid");
  EXPECT_EQ(problem_of("{ minimum: x, maximum: [], exclusiveMinimum: false, multipleOf: x }", "7"),
            "valid");
  EXPECT_EQ(problem_of("{ dependentRequired: { a: [7] }, dependentSchemas: 7 }", "{ a: 1 }"),
            "valid");
}

TEST(SchemaCheck, WhatAPatternNamesIsNoAdditionalMember) {
  const std::string closed = "{ patternProperties: { '^a': {} }, additionalProperties: false }";
  EXPECT_EQ(problem_of(closed, "{ ab: 1 }"), "valid");
  EXPECT_EQ(problem_of(closed, "{ ab: 1, b: 1 }"), "/b: expected nothing here");
}

TEST(SchemaCheck, NamesThePlaceOfEachMemberAndItem) {
  EXPECT_EQ(problem_of("{ properties: { a: {}, b: { const: 1 } } }", "{ a: 1, b: 2 }"),
            "/b: expected the value that const says");
  EXPECT_EQ(problem_of("{ items: { items: { const: 1 } } }", "[[1, 1], [1, 2]]"),
            "/1/1: expected the value that const says");
  EXPECT_EQ(problem_of("{ propertyNames: { maxLength: 1 } }", "{ a: 1, bc: 2 }"),
            "/bc: expected a string of at most 1 characters");
}

/// One check after the other, of a value that is made here.
class SchemaCheckOf : public ::testing::Test {
 protected:
  explicit SchemaCheckOf()
      : files_(*ApiFiles::open(
            folder_
                .write("a.yaml",
                       "any: { items: {} }\nnested: { items: { $ref: '#/nested' } }\nmember: { "
                       "properties: { a: { const: 1 } } }\n")
                .string())) {
    files_->follow_all(files_->root_place());
    EXPECT_TRUE(files_->problems().empty());
  }

  std::string problem(const char* schema, const rapidjson::Value& value) {
    return check_.problem(files_->root_place().node[schema], value).value_or("valid");
  }

  testing::TemporaryFolder folder_;
  std::unique_ptr<ApiFiles> files_;
  SchemaCheck check_{*files_, k31};
  rapidjson::Document pool_;
};

TEST_F(SchemaCheckOf, BeginsAnewEachTime) {
  rapidjson::Document value;
  value.Parse(R"({"a":2})");
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(problem("member", value), "/a: expected the value that const says");
  }
}

TEST_F(SchemaCheckOf, TakesSoManySteps) {
  rapidjson::Value list(rapidjson::kArrayType);
  for (std::size_t i = 1; i < SchemaCheck::kMostSteps; ++i) {
    list.PushBack(rapidjson::Value(), pool_.GetAllocator());
  }
  EXPECT_EQ(problem("any", list), "valid");
  EXPECT_EQ(problem("any", list), "valid");
  list.PushBack(rapidjson::Value(), pool_.GetAllocator());
  EXPECT_EQ(problem("any", list), "/199999: expected a schema that can be checked in bounded time");
}

TEST_F(SchemaCheckOf, GoesToADepth) {
  const auto nested = [&](int times) {
    rapidjson::Value list(rapidjson::kArrayType);
    for (int i = 0; i < times; ++i) {
      rapidjson::Value outer(rapidjson::kArrayType);
      outer.PushBack(list, pool_.GetAllocator());
      list = outer;
    }
    return list;
  };
  // Each list is one schema, and the reference to it another.
  const auto deepest = nested(SchemaCheck::kMaxDepth / 2 - 1);
  EXPECT_EQ(problem("nested", deepest), "valid");
  EXPECT_NE(problem("nested", nested(SchemaCheck::kMaxDepth / 2)), "valid");
  EXPECT_EQ(problem("nested", deepest), "valid") << "what was left is no depth";
}

TEST(SchemaCheck, SaysWhatIsWrong) {
  EXPECT_EQ(problem_of("{ oneOf: [{ const: 1 }, { const: 2 }] }", "3"),
            "the body: expected what one alternative of oneOf says");
  EXPECT_EQ(problem_of("{ oneOf: [{}, {}] }", "3"),
            "the body: expected what only one alternative of oneOf allows");
  EXPECT_EQ(problem_of("{ anyOf: [{ const: 1 }] }", "3"),
            "the body: expected what any alternative of anyOf says");
  EXPECT_EQ(problem_of("{ type: array }", "{}"), "the body: expected type array");
  EXPECT_EQ(problem_of("{ type: array }", "[]"), "valid");
  EXPECT_EQ(problem_of("{ type: integer }", "1.5"), "the body: expected type integer");
  EXPECT_EQ(problem_of("{ type: integer }", "18446744073709551615"), "valid");
  EXPECT_EQ(problem_of("{ type: [integer, 7] }", "x"), "valid") << "7 names no type that is known";
  EXPECT_EQ(problem_of("{ format: 7, pattern: [] }", "x"), "valid");
  EXPECT_EQ(problem_of("{ minItems: x, maxItems: [] }", "[1]"), "valid");
}

TEST(SchemaCheck, AConditionChoosesBetweenTwoSchemas) {
  const std::string schema = "{ if: { const: 1 }, then: { const: 2 }, else: { const: 3 } }";
  EXPECT_EQ(problem_of(schema, "3"), "valid");
  EXPECT_EQ(problem_of(schema, "2"), "the body: expected the value that const says");
  EXPECT_EQ(problem_of("{ if: { minimum: 5 }, then: { maximum: 7 }, else: false }", "6"), "valid");
  EXPECT_EQ(problem_of("{ if: { minimum: 5 }, then: { maximum: 7 }, else: false }", "8"),
            "the body: expected a smaller number");
  EXPECT_EQ(problem_of("{ then: false, else: false }", "6"), "valid") << "there is no condition";
}

TEST(SchemaCheck, EveryRuleOfDependentsIsRead) {
  EXPECT_EQ(
      problem_of("{ dependencies: { a: { required: [b] }, c: [d] } }", "{ a: 1, b: 1, c: 1 }"),
      "the body: expected a member d next to c");
  EXPECT_EQ(problem_of("{ dependencies: { a: { required: [b] }, c: [d] } }", "{ c: 1, d: 1 }"),
            "valid");
  EXPECT_EQ(problem_of("{ required: [7, a] }", "{}"), "the body: expected a member a");
}

}  // namespace
}  // namespace intermission::openapi
