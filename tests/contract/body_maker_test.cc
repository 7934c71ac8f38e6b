// What a body says by its schema and its example, one rule at a time. The bodies of whole
// documents are in api_contract_test.cc.
#include "contract/body_maker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "contract/api_in_memory.h"

namespace intermission::contract {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
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

// ---------------------------------------------------------------- what is true

/// The findings about what a member would have to say, by their messages.
std::vector<std::string> untrue_in(const std::string& schema) {
  const TemporaryFolder folder;
  std::vector<std::string> out;
  const auto contract = load(folder, one_schema(schema));
  for (const Finding& finding : contract->findings()) {
    if (finding.rule == "untrue-member") out.push_back(finding.message);
  }
  return out;
}

const std::string kMember = "message: { type: string }";
const std::string kOnlyMessage = R"({"message":"Back at 02:00 UTC"})";

// A client that is told to wait no time at all comes back at once.
TEST(BodyTruth, AnOptionalMemberThatMayNotSayWhatIsTrueIsLeftOut) {
  for (const char* member : {"retryAfter: { type: integer, maximum: 60 }",
                             "retryAfter: { maximum: 60 }",
                             "retryAfter: { type: integer, maximum: 4319 }",
                             "retryAfterMs: { type: integer, maximum: 9 }",
                             "retryAfter: { type: integer, const: 60 }",
                             "retryAfter: { type: integer, enum: [30, 60] }",
                             "retryAfter: { type: integer, default: 5, maximum: 60 }",
                             "retryAfter: { type: string, maxLength: 2 }",
                             "success: { type: boolean, const: true }",
                             "ok: { type: boolean, enum: [true] }",
                             "retryable: { type: boolean, enum: [false] }",
                             "status: { type: integer, const: 404 }",
                             "status: { type: integer, maximum: 499 }",
                             "status: { type: integer, enum: [400, 499] }",
                             "code: { type: string, enum: [NOT_FOUND] }",
                             "service: { type: string, maxLength: 5 }",
                             "timestamp: { type: string, pattern: '^[0-9]{4}$' }",
                             "title: { type: integer }",
                             "since: { type: string, example: '2020-01-01T00:00:00Z' }",
                             "until: { type: [string, 'null'], example: '2020-01-01T00:00:00Z' }",
                             "requestId: { type: integer }",
                             "error: { type: integer }"}) {
    EXPECT_EQ(body_by("{ properties: { " + kMember + ", " + member + " } }"), kOnlyMessage)
        << member;
    EXPECT_THAT(untrue_in("{ properties: { " + kMember + ", " + member + " } }"), IsEmpty())
        << member;
  }
}

TEST(BodyTruth, AMemberThatMaySayItSaysIt) {
  EXPECT_EQ(body_by("{ properties: { retryAfter: { type: integer, maximum: 4320 } } }"),
            R"({"retryAfter":137})");
  EXPECT_EQ(body_by("{ properties: { ok: { enum: [true, false] } }, required: [ok] }"),
            R"({"ok":false})");
  EXPECT_EQ(body_by("{ properties: { retryable: { type: boolean, enum: [false, true] } } }"),
            R"({"retryable":true})");
  EXPECT_EQ(body_by("{ properties: { status: { type: integer, const: 500 } } }"),
            R"({"status":500})");
  EXPECT_EQ(body_by("{ properties: { status: { type: integer, enum: [499, 500] } } }"),
            R"({"status":500})");
  EXPECT_EQ(body_by("{ properties: { code: { type: string, enum: [ERR_7] } } }"),
            R"({"code":"ERR_7"})");
  EXPECT_EQ(body_by("{ properties: { error: { type: boolean, const: true } } }"),
            R"({"error":true})");
}

// "error": false beside a message would be a success.
TEST(BodyTruth, AFlagCalledErrorIsTrueAndOneCalledStatusFalse) {
  EXPECT_EQ(body_by("{ properties: { error: { type: boolean }, status: { type: boolean }, "
                    "message: {} }, required: [error, status] }"),
            R"({"error":true,"status":false,"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(body_by("{ properties: { error: { type: [boolean, string] } } }"),
            R"({"error":"Back at 02:00 UTC"})");
  // It is no message: a list of them is still looked for.
  EXPECT_EQ(body_by("{ properties: { error: { type: boolean }, inner: { type: object, properties: "
                    "{ message: { type: string } } } } }"),
            R"({"error":true,"inner":{"message":"Back at 02:00 UTC"}})");
}

TEST(BodyTruth, ARequiredMemberSaysTheNearestAndIsAFinding) {
  const auto required = [](const std::string& name, const std::string& schema) {
    return "{ required: [" + name + "], properties: { " + name + ": " + schema + " } }";
  };
  const std::string wait = required("retryAfter", "{ type: integer, maximum: 60, example: 5 }");
  EXPECT_EQ(body_by(wait), R"({"retryAfter":60})");
  EXPECT_THAT(untrue_in(wait), ElementsAre("GET /: application/json must have a member retryAfter, "
                                           "but its schema does not allow what it would have to "
                                           "say during maintenance"));
  const std::string millis = required("retryAfterMs", "{ type: number, maximum: 60.5 }");
  EXPECT_EQ(body_by(millis), R"({"retryAfterMs":60.5})");
  EXPECT_EQ(body_by(required("retryAfter", "{ type: integer, maximum: 60, multipleOf: 7 }")),
            R"({"retryAfter":0})");
  EXPECT_EQ(body_by(required("status", "{ type: integer, maximum: 60 }")), R"({"status":0})");
  EXPECT_THAT(untrue_in(millis), SizeIs(1));
  EXPECT_THAT(untrue_in(required("ok", "{ const: true }")), SizeIs(1));
  EXPECT_THAT(untrue_in(required("retryAfter", "{ type: integer }")), IsEmpty());
  EXPECT_THAT(untrue_in(required("since", "{ type: string }")), IsEmpty()) << "it may be known";
  EXPECT_THAT(untrue_in("{ oneOf: [" + wait + "] }"), SizeIs(1));
  EXPECT_THAT(untrue_in("{ type: array, minItems: 2, items: " + wait + " }"), SizeIs(2));
}

TEST(BodyTruth, NullIsBetterThanWhatIsNotTrue) {
  const std::string wait =
      "{ required: [retryAfter], properties: { retryAfter: { type: [integer, 'null'], maximum: 60, "
      "example: 5 } } }";
  EXPECT_EQ(body_by(wait), R"({"retryAfter":null})");
  EXPECT_THAT(untrue_in(wait), IsEmpty());
  EXPECT_EQ(body_by("{ required: [retryAfter], properties: { retryAfter: { type: [integer, "
                    "'null'], maximum: 60, not: { type: 'null' } } } }"),
            R"({"retryAfter":60})");
}

// What the example says for maintenance is its author's word.
TEST(BodyTruth, AnExampleForMaintenanceIsTrusted) {
  EXPECT_EQ(body_meant("{ properties: { retryAfter: { type: integer, maximum: 60 } } }",
                       "{ retryAfter: 30 }"),
            R"({"retryAfter":30})");
  Facts nameless = facts();
  nameless.request_id = {};
  const TemporaryFolder folder;
  const auto contract = load(folder, one_schema("{}") +
                                         "              examples: { maintenance: { value: { "
                                         "requestId: none } } }\n");
  EXPECT_EQ(contract->say(*contract->find("GET", "/").promise, nameless).front().body,
            R"({"requestId":"none"})");
}

TEST(BodyTruth, AnIdOfTheExampleIsToldToNobodyElseWhateverItsType) {
  for (const char* id : {"4711", "r-1", "true", "4.5"}) {
    EXPECT_EQ(body_shown("{ properties: { requestId: { type: [integer, number, boolean] } } }",
                         "{ a: 1, requestId: " + std::string(id) + " }"),
              R"({"a":1})")
        << id;
  }
  EXPECT_EQ(body_shown("{}", "{ a: 1, requestId: 4711, traceId: 5, path: 6 }"), R"({"a":1})");
  EXPECT_EQ(body_shown("{ required: [requestId], properties: { requestId: { type: integer } } }",
                       "{ requestId: 4711 }"),
            R"({"requestId":0})");
  EXPECT_EQ(member_by("{ type: integer, example: 4711 }"), R"({"x":4711})");
  Facts nameless = facts();
  nameless.request_id = nameless.trace_id = nameless.path = {};
  EXPECT_EQ(body_told("{ required: [requestId, traceId, path], properties: { requestId: { type: "
                      "string, example: r-1 }, traceId: { type: string, example: t-1 }, path: { "
                      "type: string, example: /p } } }",
                      nameless),
            R"({"requestId":"","traceId":"","path":""})");
}

TEST(BodyTruth, AnItemThatNobodyDemandsIsLeftOutToo) {
  EXPECT_EQ(body_shown("{ properties: { status: { type: integer }, errors: { type: array, items: { "
                       "type: string, pattern: '^E' } } } }",
                       "{ errors: [E-1] }"),
            R"({"status":503,"errors":[]})");
  EXPECT_EQ(body_by("{ type: object, additionalProperties: { type: integer } }"),
            R"({"status":503,"retryAfter":137})");
}

// It is the API's own word, and no place for a fact.
TEST(BodyTruth, ATextIsAsItIsWrittenWhateverItStartsWith) {
  for (const std::string start : {"\\x01", "\\xFF"}) {
    for (const std::string letter : {"s", "S", "m", "n", "u", "U", "p", "i", "t"}) {
      const std::string text = "\"" + start + letter + "9\"";
      const std::string told =
          (start == "\\x01" ? "{\"x\":\"\\u0001" : "{\"x\":\"\u00FF") + letter + "9\"}";
      EXPECT_EQ(member_by("{ type: string, default: " + text + " }"), told);
      EXPECT_EQ(member_by("{ type: string, example: " + text + " }"), told);
      EXPECT_EQ(member_by("{ const: " + text + " }"), told);
      EXPECT_EQ(member_by("{ enum: [" + text + "] }"), told);
    }
  }
}

// ---------------------------------------------------------------- what is given up

TEST(BodyChoice, IsNotNullBecauseItMayBe) {
  const std::string message = "{ required: [message], properties: { message: { type: string } } }";
  const std::string a = "{ required: [a], properties: { a: { type: integer } } }";
  for (const char* keyword : {"oneOf", "anyOf"}) {
    for (const std::string& one : {message, a}) {
      const std::string told = one == a ? R"({"a":0})" : kOnlyMessage;
      EXPECT_EQ(body_by("{ nullable: true, " + std::string(keyword) + ": [" + one + "] }", "3.0.0"),
                told);
      EXPECT_EQ(body_by("{ type: [object, 'null'], " + std::string(keyword) + ": [" + one + "] }"),
                told);
      EXPECT_EQ(body_by("{ " + std::string(keyword) + ": [{ type: 'null' }, " + one + "] }"), told);
      EXPECT_EQ(body_by("{ " + std::string(keyword) + ": [" + one + ", { type: 'null' }] }"), told);
      EXPECT_EQ(
          member_by("{ nullable: true, " + std::string(keyword) + ": [" + one + "] }", "3.0.0"),
          "{\"x\":" + told + "}");
    }
  }
  EXPECT_EQ(
      body_by("{ nullable: true, oneOf: [{ type: string, minLength: 2, maxLength: 1 }] }", "3.0.0"),
      "null");
  EXPECT_EQ(body_by("{ oneOf: [{ type: string, minLength: 2, maxLength: 1 }] }"), "nothing");
}

TEST(BodyChoice, ThereMayBeManyAtOnePlace) {
  EXPECT_EQ(body_by("{ allOf: [{ oneOf: [{ required: [a], properties: { a: { const: 1 } } }] }, "
                    "{ oneOf: [{ required: [b], properties: { b: { const: 2 } } }] }, "
                    "{ anyOf: [{ required: [c], properties: { c: { const: 3 } } }] }, "
                    "{ anyOf: [{ required: [d], properties: { d: { const: 4 } } }] }] }"),
            R"({"a":1,"b":2,"c":3,"d":4})");
  std::string deep = "{ required: [a], properties: { a: { const: 1 } } }";
  for (int i = 0; i < 10; ++i)
    deep = "{ oneOf: [{ type: string, maxLength: 1, minLength: 2 }, " + deep + "] }";
  EXPECT_EQ(body_by(deep), R"({"a":1})");
  EXPECT_EQ(member_by(deep), R"({"x":{"a":1}})");
}

// A choice is no level of its own: at the root anything may be said in an object.
TEST(BodyChoice, IsAtTheLevelOfWhatIsChosen) {
  EXPECT_EQ(body_by("{ oneOf: [{ type: object }] }"),
            R"({"status":503,"title":"Service Unavailable","message":"Back at 02:00 UTC",)"
            R"("retryAfter":137})");
}

TEST(BodyChoice, ASchemaInsideItselfEndsInTheNullThatItOffers) {
  const TemporaryFolder folder;
  const auto contract = load(folder, one_schema("{ $ref: '#/components/schemas/E' }") + R"(
components:
  schemas:
    E:
      type: object
      required: [message, cause]
      properties:
        message: { type: string }
        cause: { oneOf: [{ $ref: '#/components/schemas/E' }, { type: 'null' }] }
)");
  EXPECT_EQ(
      body_for(*contract, "GET", "/"),
      R"({"message":"Back at 02:00 UTC","cause":{"message":"Back at 02:00 UTC","cause":null}})");
}

TEST(BodyChoice, AnAlternativeThatTellsWhatIsNotTrueIsTheLast) {
  const std::string done =
      "{ required: [success, message], properties: { success: { const: true }, message: {} } }";
  const std::string failed =
      "{ required: [success, message], properties: { success: { const: false }, message: {} } }";
  for (const std::string& list : {done + ", " + failed, failed + ", " + done}) {
    EXPECT_EQ(body_by("{ oneOf: [" + list + "] }"),
              R"({"success":false,"message":"Back at 02:00 UTC"})");
  }
  const std::string silent = "{ required: [a], properties: { a: { const: 1 } } }";
  EXPECT_EQ(body_by("{ oneOf: [" + silent + ", " + done + "] }"),
            R"({"success":true,"message":"Back at 02:00 UTC"})");
}

/// What GET /unknown is told where GET / has that 404: something only if that says something.
std::string shared_by(const std::string& schema) {
  const TemporaryFolder folder;
  std::string text = one_schema(schema);
  text.replace(text.find("'503'"), 5, "'404'");
  return body_for(*load(folder, text), "GET", "/unknown");
}

TEST(BodyAttempt, TakesBackWhatItSaidWhereItIsGivenUp) {
  EXPECT_EQ(shared_by("{ properties: { status: { type: integer } } }"), R"({"status":503})");
  const std::string mute =
      "properties: { inner: { type: object, properties: { status: { type: "
      "integer } } } }";
  EXPECT_EQ(shared_by("{ " + mute + " }"), "nothing") << "an object that is not kept";
  EXPECT_EQ(shared_by("{ " + mute + ", additionalProperties: false, maxProperties: 1 }"),
            "nothing");
  EXPECT_EQ(shared_by("{ properties: { list: { type: array, items: { properties: { status: { type: "
                      "integer } } } } } }"),
            "nothing")
      << "an item that is not kept";
  EXPECT_EQ(shared_by("{ required: [list], properties: { list: { type: array, maxItems: 0, "
                      "items: { properties: { message: {} } } } } }"),
            "nothing");
  EXPECT_EQ(shared_by("{ required: [a], properties: { a: { type: [object, string], required: "
                      "[status, b], properties: { status: { type: integer }, b: false } } } }"),
            "nothing")
      << "an object that cannot be made, and a text in its place";
  EXPECT_EQ(shared_by("{ required: [a], properties: { a: { oneOf: [{ required: [status, b], "
                      "properties: { status: { type: integer }, b: false } }, { const: 7 }] } } }"),
            "nothing")
      << "an alternative that cannot be made";
  EXPECT_EQ(shared_by("{ required: [a], properties: { a: { type: object, maxProperties: 0 } } }"),
            "nothing")
      << "a free object that is too large";
}

// An id that is not told binds no request.
TEST(BodyAttempt, TakesBackTheLimitsOfIdsToo) {
  const TemporaryFolder folder;
  const auto contract = load(
      folder,
      one_schema("{ oneOf: [{ required: [requestId, b], properties: { requestId: { type: string, "
                 "format: uuid }, b: false } }, { required: [traceId], properties: { traceId: { "
                 "type: string }, requestId: false } }, { required: [requestId, message], "
                 "properties: { requestId: { type: string, maxLength: 40 }, message: {} } }] }"));
  const auto said = contract->say(*contract->find("GET", "/").promise, facts()).front();
  EXPECT_EQ(said.body, R"({"requestId":"<request>","message":"Back at 02:00 UTC"})");
  EXPECT_TRUE(said.ids.fit({"r-1", ""})) << "neither a UUID nor a trace is asked for";
  EXPECT_FALSE(said.ids.fit({std::string(41, 'a'), std::string(41, 'a')}));
}

// ---------------------------------------------------------------- what is forbidden

TEST(BodyForbidden, AMemberThatMayNotBeIsLeftOut) {
  EXPECT_EQ(body_by("{ properties: { " + kMember +
                    ", retryAfter: false, status: { allOf: [false] "
                    "}, code: { $ref: '#/paths/~1/get/responses/503/content/application~1json/"
                    "schema/properties/retryAfter' } } }"),
            kOnlyMessage);
  EXPECT_EQ(body_shown("{ properties: { a: false, b: true } }", "{ a: 1, b: 2 }"), R"({"b":2})");
  EXPECT_EQ(body_by("false"), "nothing");
  EXPECT_EQ(body_shown("false", "{ a: 1 }"), "nothing");
}

/// What is said as text/plain by that schema.
std::string text_by(const std::string& schema) {
  const TemporaryFolder folder;
  std::string text = one_schema(schema);
  text.replace(text.find("application/json"), 16, "text/plain");
  return body_for(*load(folder, text), "GET", "/");
}

TEST(BodyText, IsAScalarThatIsValid) {
  EXPECT_EQ(text_by("{ type: string }"), "Back at 02:00 UTC");
  EXPECT_EQ(text_by("{ type: string, maxLength: 4 }"), "Back");
  EXPECT_EQ(text_by("{ const: closed }"), "closed");
  EXPECT_EQ(text_by("{ type: integer, minimum: 7 }"), "7");
  EXPECT_EQ(text_by("{ type: boolean }"), "false");
  EXPECT_EQ(text_by("true"), "Back at 02:00 UTC");
  EXPECT_EQ(text_by("{ type: [object, array, 'null', string] }"), "Back at 02:00 UTC");
  EXPECT_EQ(text_by("{ oneOf: [{ type: object }, { type: 'null' }, { type: string }] }"),
            "Back at 02:00 UTC");
  EXPECT_EQ(text_by("{ nullable: true, type: string, maxLength: 4 }"), "Back");
  EXPECT_EQ(text_by("{ $ref: '#/components/x' }\ncomponents: { x: { type: string } }"),
            "Back at 02:00 UTC");
  for (const char* schema :
       {"false", "{ not: {} }", "{ type: object }", "{ type: array }", "{ type: 'null' }",
        "{ type: [object, 'null'] }", "{ const: { a: 1 } }", "{ const: [] }", "{ const: null }",
        "{ enum: [{}] }", "{ allOf: [false] }", "{ anyOf: [false] }", "{ type: string, enum: [] }",
        "{ type: string, minLength: 2, maxLength: 1 }", "{ oneOf: [true, true] }",
        "{ $ref: '#/components/x' }\ncomponents: { x: false }"}) {
    EXPECT_EQ(text_by(schema), "nothing") << schema;
  }
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
