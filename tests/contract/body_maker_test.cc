// What a body says by its schema and its example, one rule at a time. The bodies of whole
// documents are in api_contract_test.cc.
#include "contract/body_maker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "contract/api_in_memory.h"

namespace intermission::contract {
namespace {

using ::testing::HasSubstr;
using testing::TemporaryFolder;

/// The body of {"x": …} whose only member, a required one, has that schema.
std::string member_by(const std::string& schema, const std::string& version = "3.1.0") {
  return body_by("{ required: [x], properties: { x: " + schema + " } }", version);
}

/// Of a schema, and an example of the whole body.
std::string body_shown(const std::string& schema, const std::string& example) {
  const TemporaryFolder folder;
  const std::string text = one_schema(schema) + "              example: " + example + "\n";
  return body_for(*load(folder, text), "GET", "/");
}

/// Of a schema, and an example that was written for maintenance.
std::string body_meant(const std::string& schema, const std::string& example) {
  const TemporaryFolder folder;
  const std::string text =
      one_schema(schema) + "              examples: { maintenance: { value: " + example + " } }\n";
  return body_for(*load(folder, text), "GET", "/");
}

std::string body_told(const std::string& schema, const Facts& facts) {
  const TemporaryFolder folder;
  const auto contract = load(folder, one_schema(schema));
  const auto said = contract->say(*contract->find("GET", "/").promise, facts);
  return said.empty() ? "nothing" : said.front().body;
}

// ---------------------------------------------------------------- lists of allowed values

TEST(BodyEnum, NullAndWhatTheSchemaRulesOutArePassedOver) {
  EXPECT_EQ(member_by("{ enum: [null, MAINTENANCE] }"), R"({"x":"MAINTENANCE"})");
  EXPECT_EQ(member_by("{ type: integer, enum: [MAINTENANCE, 500] }"), R"({"x":500})");
  EXPECT_EQ(member_by("{ type: string, enum: [1, 2] }"), "nothing");
}

TEST(BodyEnum, AnExampleDecidesBetweenWordsThatSayNothing) {
  EXPECT_EQ(member_by("{ enum: [ALPHA, BETA, GAMMA] }"), R"({"x":"ALPHA"})");
  EXPECT_EQ(member_by("{ enum: [ALPHA, BETA, GAMMA], example: BETA }"), R"({"x":"BETA"})");
  EXPECT_EQ(member_by("{ enum: [ALPHA, MAINTENANCE], example: ALPHA }"), R"({"x":"MAINTENANCE"})");
}

TEST(BodyEnum, AnExampleThatBlamesTheClientIsNotTaken) {
  EXPECT_EQ(member_by("{ enum: [NOT_FOUND, BETA], example: NOT_FOUND }"), R"({"x":"BETA"})");
  EXPECT_EQ(member_by("{ enum: [NOT_FOUND, FORBIDDEN], example: FORBIDDEN }"),
            R"({"x":"NOT_FOUND"})");
}

TEST(BodyEnum, AnExampleForMaintenanceIsMeant) {
  EXPECT_EQ(
      body_meant("{ properties: { x: { enum: [MAINTENANCE, NOT_FOUND] } } }", "{ x: NOT_FOUND }"),
      R"({"x":"NOT_FOUND"})");
}

// ---------------------------------------------------------------- single values

TEST(BodyScalar, AnExampleThenADefaultThenTheLeast) {
  EXPECT_EQ(member_by("{ type: string, default: soft, example: hard }"), R"({"x":"hard"})");
  EXPECT_EQ(member_by("{ type: string, default: soft }"), R"({"x":"soft"})");
  EXPECT_EQ(member_by("{ type: string }"), R"({"x":""})");
  EXPECT_EQ(member_by("{ type: boolean }"), R"({"x":false})");
  EXPECT_EQ(member_by("{ type: 'null' }"), R"({"x":null})");
}

TEST(BodyScalar, WhatTheSchemaDoesNotAllowIsNotSaid) {
  EXPECT_EQ(member_by("{ type: integer, minimum: 5, example: 3, default: 4 }"), R"({"x":5})");
  EXPECT_EQ(member_by("{ type: string, maxLength: 2, default: soft }"), R"({"x":""})");
  EXPECT_EQ(member_by("{ type: boolean, not: { const: false } }"), R"({"x":true})");
  EXPECT_EQ(member_by("{ type: integer, example: { a: 1 } }"), R"({"x":0})");
  EXPECT_EQ(member_by("{ type: integer, example: [1] }"), R"({"x":0})");
}

TEST(BodyScalar, ATextOfAFormatSaysAsLittleAsCanBe) {
  const std::pair<const char*, const char*> kFormats[] = {
      {"date", "1970-01-01"},
      {"time", "00:00:00Z"},
      {"duration", "PT0S"},
      {"uuid", "00000000-0000-0000-0000-000000000000"},
      {"uri", "about:blank"},
      {"email", "nobody@example.com"},
      {"hostname", "example.com"},
      {"ipv4", "0.0.0.0"},
      {"ipv6", "::"},
      {"regex", ".*"},
      {"date-time", "2026-12-01T22:30:00Z"}};
  for (const auto& [format, text] : kFormats) {
    EXPECT_EQ(member_by("{ type: string, format: " + std::string(format) + " }"),
              "{\"x\":\"" + std::string(text) + "\"}");
  }
}

TEST(BodyScalar, AMomentIsTheBeginOfTheMaintenanceWhereTheTimeIsNotTold) {
  Facts timeless = facts();
  timeless.now = timeless.now_seconds = {};
  const std::string schema =
      "{ required: [x], properties: { x: { type: string, format: date-time } } }";
  EXPECT_EQ(body_told(schema, timeless), R"({"x":"1970-01-01T00:00:00Z"})");
  timeless.since = base::TimePoint{base::Seconds{1796176980}};
  EXPECT_EQ(body_told(schema, timeless), R"({"x":"2026-12-02T02:03:00Z"})");
  EXPECT_EQ(body_told("{ properties: { message: {}, time: { type: integer } } }", timeless),
            R"({"message":"Back at 02:00 UTC"})");
}

TEST(BodyScalar, NumbersKeepEveryBound) {
  EXPECT_EQ(member_by("{ type: integer, maximum: -3 }"), R"({"x":-3})");
  EXPECT_EQ(member_by("{ type: number, minimum: 0.2, maximum: 0.8, multipleOf: 0.5 }"),
            R"({"x":0.5})");
  EXPECT_EQ(member_by("{ type: number, exclusiveMinimum: 2, exclusiveMaximum: 3 }"),
            R"({"x":2.5})");
  EXPECT_EQ(member_by("{ type: integer, minimum: 7, maximum: 7 }"), R"({"x":7})");
  EXPECT_EQ(member_by("{ type: integer, minimum: 10, maximum: 20, multipleOf: 7 }"), R"({"x":14})");
  EXPECT_EQ(member_by("{ type: integer, minimum: 3, maximum: 2 }"), "nothing");
}

TEST(BodyScalar, ATextKeepsLengthAndPattern) {
  EXPECT_EQ(member_by("{ type: string, minLength: 3 }"), R"({"x":"..."})");
  EXPECT_EQ(member_by("{ type: string, minLength: 3, maxLength: 3, pattern: '^a+$' }"),
            R"({"x":"aaa"})");
  EXPECT_EQ(member_by("{ type: string, minLength: 4, maxLength: 3, pattern: '^a+$' }"), "nothing");
}

// ---------------------------------------------------------------- facts

TEST(BodyFact, FlagsSayThatItFailedForNow) {
  EXPECT_EQ(body_by("{ properties: { ok: { type: boolean }, retryable: { type: boolean } } }"),
            R"({"ok":false,"retryable":true})");
}

TEST(BodyFact, TheWindowIsToldWhereItIsKnown) {
  const std::string schema =
      "{ properties: { message: {}, since: { type: string }, until: { type: string } } }";
  EXPECT_EQ(body_by(schema), R"({"message":"Back at 02:00 UTC"})");
  Facts known = facts();
  known.since = base::TimePoint{base::Seconds{1796176980}};
  known.until = base::TimePoint{base::Seconds{1796184180}};
  EXPECT_EQ(body_told(schema, known),
            R"({"message":"Back at 02:00 UTC","since":"2026-12-02T02:03:00Z",)"
            R"("until":"2026-12-02T04:03:00Z"})");
}

TEST(BodyFact, AnErrorIsAPhraseBesideAMessageAndElseTheMessage) {
  EXPECT_EQ(body_by("{ properties: { error: { type: string } } }"),
            R"({"error":"Back at 02:00 UTC"})");
  EXPECT_EQ(body_by("{ properties: { error: { type: string }, message: { type: string } } }"),
            R"({"error":"Service Unavailable","message":"Back at 02:00 UTC"})");
  EXPECT_EQ(body_by("{ properties: { error: { type: string, example: not_found }, message: { type: "
                    "string } } }"),
            R"({"error":"service_unavailable","message":"Back at 02:00 UTC"})");
}

TEST(BodyFact, AStatusIsANumberInDigitsUnlessTheExampleSpeaksInWords) {
  EXPECT_EQ(member_by("{}"), R"({"x":""})");
  const auto status_by = [](const std::string& schema) {
    return body_by("{ properties: { status: " + schema + " } }");
  };
  EXPECT_EQ(status_by("{ type: string }"), R"({"status":"503"})");
  EXPECT_EQ(status_by("{ type: string, example: '404' }"), R"({"status":"503"})");
  EXPECT_EQ(status_by("{ type: string, example: NOT_FOUND }"),
            R"({"status":"SERVICE_UNAVAILABLE"})");
  EXPECT_EQ(status_by("{ type: [integer, string], example: closed }"),
            R"({"status":"service_unavailable"})");
  EXPECT_EQ(status_by("{ type: [integer, string], example: 404 }"), R"({"status":503})");
}

TEST(BodyFact, ATypeIsAUriUnlessTheExampleIsNone) {
  const auto type_by = [](const std::string& schema) {
    return body_by("{ required: [type], properties: { type: " + schema + " } }");
  };
  EXPECT_EQ(type_by("{ type: string }"), R"({"type":"about:blank"})");
  EXPECT_EQ(type_by("{ type: string, example: 'https://example.com/not-found' }"),
            R"({"type":"about:blank"})");
  EXPECT_EQ(type_by("{ type: string, example: NotFound }"), R"({"type":"ServiceUnavailable"})");
}

TEST(BodyFact, TheServiceAndTheLanguageAreNamed) {
  EXPECT_EQ(body_by("{ required: [lang], properties: { service: { type: string }, lang: { type: "
                    "string }, title: { type: string } } }"),
            R"({"service":"orders","lang":"en","title":"Service Unavailable"})");
}

// Its codes and titles are what the operator wants to say; the message is the operator's as well.
TEST(BodyFact, AnExampleForMaintenanceKeepsItsWords) {
  EXPECT_EQ(
      body_meant(
          "{}",
          "{ code: C, title: T, type: 'urn:x', error: E, status: 423, message: M, path: /p }"),
      R"({"code":"C","title":"T","type":"urn:x","error":"E","status":423,)"
      R"("message":"Back at 02:00 UTC","path":"<path>1024<path>"})");
}

// ---------------------------------------------------------------- lists

TEST(BodyList, HasAsManyItemsAsAreDemanded) {
  EXPECT_EQ(member_by("{ type: array, items: { const: c } }"), R"({"x":[]})");
  EXPECT_EQ(member_by("{ type: array, minItems: 3, items: { const: c } }"),
            R"({"x":["c","c","c"]})");
  EXPECT_EQ(
      member_by("{ type: array, minItems: 3, prefixItems: [{ const: a }, { const: b }], items: "
                "{ const: c } }"),
      R"({"x":["a","b","c"]})");
  EXPECT_EQ(member_by("{ type: array, minItems: 2, maxItems: 1 }"), "nothing");
  EXPECT_EQ(member_by("{ type: array, minItems: 101, items: { const: c } }"), "nothing");
  EXPECT_THAT(member_by("{ type: array, minItems: 100, items: { const: c } }"),
              HasSubstr(R"(["c","c","c",)"));
  EXPECT_EQ(member_by("{ type: array, minItems: 1, items: false }"), "nothing");
}

TEST(BodyList, TakesItsItemsFromTheExample) {
  const std::string list = "{ type: array, items: { type: string }, example: [p, q]";
  EXPECT_EQ(member_by(list + " }"), R"({"x":["p"]})");
  EXPECT_EQ(member_by(list + ", minItems: 3 }"), R"({"x":["p","q","q"]})");
  EXPECT_EQ(member_by("{ type: array, minItems: 1, items: { type: string }, example: [] }"),
            R"({"x":[""]})");
  EXPECT_EQ(member_by("{ type: array, minItems: 1, items: { type: string }, example: p }"),
            R"({"x":[""]})");
}

// ---------------------------------------------------------------- objects and choices

TEST(BodyObject, KeepsWhatOnlyTheExampleHasUnlessOthersAreForbidden) {
  const std::string properties = "properties: { message: { type: string } }";
  const std::string example = "{ note: n, message: m, count: 7, requestId: r-1 }";
  EXPECT_EQ(body_shown("{ " + properties + " }", example),
            R"({"message":"Back at 02:00 UTC","note":"n","count":7,"requestId":"<request>"})");
  EXPECT_EQ(body_shown("{ " + properties + ", additionalProperties: { type: string } }", example),
            R"({"message":"Back at 02:00 UTC","note":"n","count":"","requestId":"<request>"})");
  for (const char* closed : {"additionalProperties: false", "unevaluatedProperties: false"}) {
    EXPECT_EQ(body_shown("{ " + properties + ", " + closed + " }", example),
              R"({"message":"Back at 02:00 UTC"})")
        << closed;
  }
}

TEST(BodyObject, AnIdOfAnotherRequestIsNoPartOfTheExample) {
  Facts nameless = facts();
  nameless.request_id = nameless.path = {};
  const TemporaryFolder folder;
  const auto contract = load(
      folder, one_schema("{}") + "              example: { a: 1, requestId: r-1, path: /p }\n");
  EXPECT_EQ(contract->say(*contract->find("GET", "/").promise, nameless).front().body,
            R"({"a":1})");
}

TEST(BodyObject, AnOptionalMemberThatTheExampleLeavesEmptyIsLeftOut) {
  EXPECT_EQ(
      body_shown("{ properties: { message: {}, note: { type: string }, hint: { type: string } } }",
                 "{ note: null, hint: h }"),
      R"({"message":"Back at 02:00 UTC","hint":"h"})");
}

TEST(BodyObject, WithoutPropertiesItTellsWhatMatters) {
  EXPECT_EQ(body_by("{ type: object, additionalProperties: { type: string } }"),
            R"({"status":"503","title":"Service Unavailable","message":"Back at 02:00 UTC",)"
            R"("retryAfter":"137"})");
  EXPECT_EQ(body_by("{ type: object }"),
            R"({"status":503,"title":"Service Unavailable","message":"Back at 02:00 UTC",)"
            R"("retryAfter":137})");
  EXPECT_EQ(body_by("{ type: object, additionalProperties: false }"), "{}");
  EXPECT_EQ(member_by("{ type: object, minProperties: 1, additionalProperties: { type: string } }"),
            R"({"x":{"status":"503","title":"Service Unavailable","message":"Back at 02:00 UTC",)"
            R"("retryAfter":"137"}})");
}

TEST(BodyChoice, IsTheAlternativeThatTellsMost) {
  const std::string dumb = "{ type: object, required: [a], properties: { a: { type: integer } } }";
  const std::string status = "{ required: [status], properties: { status: { type: integer } } }";
  const std::string message = "{ required: [msg], properties: { msg: { type: string } } }";
  const auto one_of = [](const std::string& list) { return body_by("{ oneOf: [" + list + "] }"); };
  EXPECT_EQ(one_of(dumb + ", " + status), R"({"status":503})");
  EXPECT_EQ(one_of(dumb + ", " + status + ", " + message), R"({"msg":"Back at 02:00 UTC"})");
  EXPECT_EQ(one_of(dumb + ", { required: [b], properties: { b: { type: integer } } }"),
            R"({"a":0})");
  EXPECT_EQ(one_of("false, " + dumb), R"({"a":0})");
}

TEST(BodyChoice, ASchemaInsideItselfEndsInNullWhereItMay) {
  const TemporaryFolder folder;
  const auto contract = load(folder, one_schema("{ $ref: '#/components/schemas/E' }", "3.0.0") + R"(
components:
  schemas:
    E:
      required: [message, cause]
      properties:
        message: { type: string }
        cause: { nullable: true, allOf: [{ $ref: '#/components/schemas/E' }] }
)");
  EXPECT_EQ(
      body_for(*contract, "GET", "/"),
      R"({"message":"Back at 02:00 UTC","cause":{"message":"Back at 02:00 UTC","cause":null}})");
}

TEST(BodyNull, IsWhatMayBeNullAndCanBeNothingElse) {
  const std::string impossible = "minLength: 2, maxLength: 1";
  EXPECT_EQ(member_by("{ type: string, nullable: true, " + impossible + " }", "3.0.0"),
            R"({"x":null})");
  EXPECT_EQ(member_by("{ type: [string, 'null'], " + impossible + " }"), R"({"x":null})");
  EXPECT_EQ(member_by("{ type: string, " + impossible + " }"), "nothing");
}

// ---------------------------------------------------------------- XML

TEST(BodyXml, NamesThatXmlDoesNotHaveCannotBeSaid) {
  const auto xml_by = [](const std::string& name) {
    const TemporaryFolder folder;
    const auto contract =
        load(folder,
             "openapi: 3.1.0\npaths:\n  /:\n    get:\n      responses:\n        '503':\n"
             "          content:\n            application/xml:\n              schema: { type: "
             "object, xml: { name: e }, properties: { message: { type: string }, '" +
                 name + "': { const: 1 } }, required: ['" + name + "'] }\n");
    const auto said = contract->say(*contract->find("GET", "/").promise, facts());
    return said.empty() ? std::string("nothing") : said.front().body;
  };
  for (const std::string name : {"a", "Z", "_a", "a-b", "a.b", "a_b", "a9"}) {
    EXPECT_THAT(xml_by(name), HasSubstr("<" + name + ">1</" + name + ">"));
  }
  for (const std::string name : {"9a", "-a", ".a", "a b", "a:b", "<", "a/"}) {
    EXPECT_EQ(xml_by(name), "nothing") << name;
  }
}

}  // namespace
}  // namespace intermission::contract
