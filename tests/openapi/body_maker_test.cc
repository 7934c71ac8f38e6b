// What a body says by its schema and its example, one rule at a time. The bodies of whole
// documents are in api_contract_test.cc.
#include "openapi/body_maker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "contract/error_words.h"
#include "openapi/api_in_memory.h"

namespace intermission::openapi {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing::TemporaryFolder;

/// The body of {"x": …} whose member x, a required one, has that schema. The message stands beside
/// it, and left out here.
std::string member_by(const std::string& schema, const std::string& version = "3.1.0") {
  const std::string message = R"(,"message":"Back at 02:00 UTC")";
  std::string body = body_by(
      "{ required: [x], properties: { x: " + schema + ", message: { type: string } } }", version);
  if (const auto at = body.rfind(message); at != std::string::npos) body.erase(at, message.size());
  return body;
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

std::string body_told(const std::string& schema, const contract::Facts& facts) {
  const TemporaryFolder folder;
  const auto contract = load(folder, one_schema(schema));
  const auto said = contract->say(*contract->find("GET", "/").promise, facts);
  return said.empty() ? "nothing" : said.front().body;
}

/// Of a schema whose required member `cause` is the same again, or what fits `end`.
std::string body_inside_itself(const std::string& end) {
  return body_by(R"({ $ref: '#/components/schemas/E' }
components:
  schemas:
    E:
      type: object
      required: [message, cause]
      properties:
        message: { type: string }
        cause: { oneOf: [{ $ref: '#/components/schemas/E' }, )" +
                 end + "] }\n");
}

// ---------------------------------------------------------------- a message that nothing asks for

TEST(BodyMaker, AMemberThatIsThereIsNotToldTwice) {
  const std::string schema =
      "{ required: [error], properties: { error: { type: boolean } },"
      " additionalProperties: { type: object } }";
  EXPECT_EQ(body_by(schema), R"({"error":true})");
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

TEST(BodyEnum, AnOutageIsNoMaintenance) {
  contract::Facts outage = facts();
  outage.is_outage = true;
  const auto told = [&](const std::string& values) {
    return body_told("{ required: [code], properties: { code: { enum: [" + values +
                         "] }, message: { type: string } } }",
                     outage);
  };
  EXPECT_THAT(told("MAINTENANCE, INTERNAL_ERROR"), HasSubstr(R"("code":"INTERNAL_ERROR")"));
  EXPECT_THAT(told("NOT_FOUND, MAINTENANCE"), HasSubstr(R"("code":"MAINTENANCE")"))
      << "the API has no other word";
}

TEST(BodyModel, AnExampleForMaintenanceIsNotMeantForAnOutage) {
  contract::Facts outage = facts();
  outage.is_outage = true;
  const TemporaryFolder folder;
  const auto contract = load(folder, one_schema("{ required: [state], properties: { "
                                                "state: { type: string }, "
                                                "hint: { type: string }, "
                                                "region: { type: string } } }") +
                                         "              examples: { maintenance: { value: { "
                                         "state: PLANNED_MAINTENANCE, "
                                         "hint: Maintenance takes an hour, region: eu } } }\n");
  const auto& promise = *contract->find("GET", "/").promise;
  EXPECT_THAT(contract->say(promise, facts()).front().body, HasSubstr("PLANNED_MAINTENANCE"));
  const std::string body = contract->say(promise, outage).front().body;
  EXPECT_FALSE(contract::speaks_of_maintenance(body)) << body;
  EXPECT_THAT(body, HasSubstr(R"("region":"eu")"));
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
  contract::Facts timeless = facts();
  timeless.now = timeless.now_seconds = {};
  const std::string schema =
      "{ required: [x], properties: { x: { type: string, format: date-time } } }";
  EXPECT_EQ(body_told(schema, timeless),
            R"({"x":"1970-01-01T00:00:00Z","message":"Back at 02:00 UTC"})");
  timeless.since = base::TimePoint{base::Seconds{1796176980}};
  EXPECT_EQ(body_told(schema, timeless),
            R"({"x":"2026-12-02T02:03:00Z","message":"Back at 02:00 UTC"})");
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
            R"({"ok":false,"retryable":true,"message":"Back at 02:00 UTC"})");
}

TEST(BodyFact, TheWindowIsFilledInWhereItIsKnown) {
  const std::string schema =
      "{ properties: { message: {}, since: { type: string }, until: { type: string } } }";
  EXPECT_EQ(body_by(schema), R"({"message":"Back at 02:00 UTC"})");
  contract::Facts known = facts();
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
  EXPECT_EQ(status_by("{ type: string }"), R"({"status":"503","message":"Back at 02:00 UTC"})");
  EXPECT_EQ(status_by("{ type: string, example: '404' }"),
            R"({"status":"503","message":"Back at 02:00 UTC"})");
  EXPECT_EQ(status_by("{ type: string, example: NOT_FOUND }"),
            R"({"status":"SERVICE_UNAVAILABLE","message":"Back at 02:00 UTC"})");
  EXPECT_EQ(status_by("{ type: [integer, string], example: closed }"),
            R"({"status":"service_unavailable","message":"Back at 02:00 UTC"})");
  EXPECT_EQ(status_by("{ type: [integer, string], example: 404 }"),
            R"({"status":503,"message":"Back at 02:00 UTC"})");
}

TEST(BodyFact, ATypeIsAUriUnlessTheExampleIsNone) {
  const auto type_by = [](const std::string& schema) {
    return body_by("{ required: [type], properties: { type: " + schema + " } }");
  };
  EXPECT_EQ(type_by("{ type: string }"),
            R"({"type":"service_unavailable","message":"Back at 02:00 UTC"})");
  EXPECT_EQ(type_by("{ type: string, format: uri-reference }"),
            R"({"type":"about:blank","message":"Back at 02:00 UTC"})");
  EXPECT_EQ(
      body_by("{ required: [type], properties: { type: {}, title: { type: string }, detail: {} } "
              "}"),
      R"({"type":"about:blank","title":"Service Unavailable","detail":"Back at 02:00 UTC"})");
  EXPECT_EQ(
      body_by("{ properties: { error: { required: [type], properties: { type: { type: string }"
              ", code: { type: string }, message: { type: string } } } } }"),
      R"({"error":{"type":"service_unavailable","code":"SERVICE_UNAVAILABLE",)"
      R"("message":"Back at 02:00 UTC"}})")
      << "no problem detail";
  EXPECT_EQ(type_by("{ type: string, example: 'https://example.com/not-found' }"),
            R"({"type":"about:blank","message":"Back at 02:00 UTC"})");
  EXPECT_EQ(type_by("{ type: string, example: NotFound }"),
            R"({"type":"ServiceUnavailable","message":"Back at 02:00 UTC"})");
}

TEST(BodyFact, TheOperatorsTypeOfProblemsIsUsedWhereTheSchemaIsFree) {
  contract::Facts known = facts();
  known.problem_type = "https://example.com/problems/maintenance";
  const auto type_by = [&](const std::string& type) {
    return body_told("{ properties: { type: " + type + ", detail: { type: string } } }", known);
  };
  const std::string own =
      R"({"type":"https://example.com/problems/maintenance","detail":"Back at 02:00 UTC"})";
  EXPECT_EQ(type_by("{ type: string }"), own);
  EXPECT_EQ(type_by("{ type: string, format: uri, default: 'about:blank' }"), own);
  EXPECT_EQ(type_by("{ type: string, example: 'https://example.com/not-found' }"), own);
  EXPECT_EQ(type_by("{ type: string, example: NotFound }"),
            R"({"type":"ServiceUnavailable","detail":"Back at 02:00 UTC"})");
  EXPECT_EQ(type_by("{ const: 'urn:maintenance' }"), R"({"detail":"Back at 02:00 UTC"})");
  EXPECT_EQ(type_by("{ type: string, maxLength: 11 }"),
            R"({"type":"about:blank","detail":"Back at 02:00 UTC"})");
}

TEST(BodyFact, TheServiceAndTheLanguageAreNamed) {
  EXPECT_EQ(body_by("{ required: [lang], properties: { service: { type: string }, lang: { type: "
                    "string }, title: { type: string } } }"),
            R"({"service":"orders","lang":"en","title":"Back at 02:00 UTC"})");
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
  contract::Facts nameless = facts();
  nameless.request_id = nameless.path = {};
  const TemporaryFolder folder;
  const auto contract = load(
      folder, one_schema("{}") + "              example: { a: 1, requestId: r-1, path: /p }\n");
  EXPECT_EQ(contract->say(*contract->find("GET", "/").promise, nameless).front().body,
            R"({"a":1,"message":"Back at 02:00 UTC"})");
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
  EXPECT_EQ(one_of(dumb + ", " + status), R"({"a":0,"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(one_of(dumb + ", " + status + ", " + message), R"({"msg":"Back at 02:00 UTC"})");
  EXPECT_EQ(one_of(dumb + ", { required: [b], properties: { b: { type: integer } } }"),
            R"({"a":0,"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(one_of("false, " + dumb), R"({"a":0,"message":"Back at 02:00 UTC"})");
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

// A client with a wait of zero comes back at once.
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
            R"({"retryAfter":137,"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(body_by("{ properties: { ok: { enum: [true, false] } }, required: [ok] }"),
            R"({"ok":false,"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(body_by("{ properties: { retryable: { type: boolean, enum: [false, true] } } }"),
            R"({"retryable":true,"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(body_by("{ properties: { status: { type: integer, const: 500 } } }"),
            R"({"status":500,"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(body_by("{ properties: { status: { type: integer, enum: [499, 500] } } }"),
            R"({"status":500,"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(body_by("{ properties: { code: { type: string, enum: [ERR_7] } } }"),
            R"({"code":"ERR_7","message":"Back at 02:00 UTC"})");
  EXPECT_EQ(body_by("{ properties: { error: { type: boolean, const: true } } }"),
            R"({"error":true,"message":"Back at 02:00 UTC"})");
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

TEST(BodyTruth, AFlagMayBeWrittenAsAText) {
  for (const char* words : {"'true', 'false'", "'false', 'true'"}) {
    const std::string either = ": { enum: [" + std::string(words) + "] }";
    EXPECT_EQ(body_by("{ required: [success, error], properties: { success" + either + ", error" +
                      either + ", message: {} } }"),
              R"({"success":"false","error":"true","message":"Back at 02:00 UTC"})");
  }
}

TEST(BodyTruth, ARequiredMemberSaysTheNearestAndIsAFinding) {
  const auto required = [](const std::string& name, const std::string& schema) {
    return "{ required: [" + name + "], properties: { " + name + ": " + schema + " } }";
  };
  const std::string wait = required("retryAfter", "{ type: integer, maximum: 60, example: 5 }");
  EXPECT_EQ(body_by(wait), R"({"retryAfter":60,"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(body_by(required("retryAfter", "{ maximum: 60 }")),
            R"({"retryAfter":60,"message":"Back at 02:00 UTC"})");
  for (const char* member :
       {"requestId: { type: integer }", "traceId: { type: integer }",
        "path: { type: string, maxLength: 5 }", "timestamp: { type: string, maxLength: 5 }",
        "time: { type: integer, maximum: 5 }", "service: { type: integer }"}) {
    const std::string name = std::string(member).substr(0, std::string_view(member).find(':'));
    EXPECT_THAT(untrue_in("{ required: [" + name + "], properties: { " + member + " } }"),
                SizeIs(1))
        << member;
  }
  EXPECT_THAT(untrue_in(wait), ElementsAre("GET /: application/json: the schema of the required "
                                           "member retryAfter allows no value that is true during "
                                           "maintenance; clients get another one"));
  const std::string millis = required("retryAfterMs", "{ type: number, maximum: 60.5 }");
  EXPECT_EQ(body_by(millis), R"({"retryAfterMs":60.5,"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(body_by(required("retryAfter", "{ type: integer, maximum: 60, multipleOf: 7 }")),
            R"({"retryAfter":0,"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(body_by(required("status", "{ type: integer, maximum: 60 }")),
            R"({"status":0,"message":"Back at 02:00 UTC"})");
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
  EXPECT_EQ(body_by(wait), R"({"retryAfter":null,"message":"Back at 02:00 UTC"})");
  EXPECT_THAT(untrue_in(wait), IsEmpty());
  EXPECT_EQ(body_by("{ required: [retryAfter], properties: { retryAfter: { type: [integer, "
                    "'null'], maximum: 60, not: { type: 'null' } } } }"),
            R"({"retryAfter":60,"message":"Back at 02:00 UTC"})");
}

// What the example says for maintenance is its author's word.
TEST(BodyTruth, AnExampleForMaintenanceIsTrusted) {
  EXPECT_EQ(body_meant("{ properties: { retryAfter: { type: integer, maximum: 60 } } }",
                       "{ retryAfter: 30 }"),
            R"({"retryAfter":30})");
  contract::Facts nameless = facts();
  nameless.request_id = {};
  const TemporaryFolder folder;
  const auto contract = load(folder, one_schema("{}") +
                                         "              examples: { maintenance: { value: { "
                                         "requestId: none } } }\n");
  EXPECT_EQ(contract->say(*contract->find("GET", "/").promise, nameless).front().body,
            R"({"requestId":"none"})");
}

TEST(BodyTruth, AnIdOfTheExampleIsNeverRepeatedWhateverItsType) {
  for (const char* id : {"4711", "r-1", "true", "4.5"}) {
    EXPECT_EQ(body_shown("{ properties: { requestId: { type: [integer, number, boolean] } } }",
                         "{ a: 1, requestId: " + std::string(id) + " }"),
              R"({"a":1,"message":"Back at 02:00 UTC"})")
        << id;
  }
  EXPECT_EQ(body_shown("{}", "{ a: 1, requestId: 4711, traceId: 5, path: 6 }"),
            R"({"a":1,"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(body_shown("{ required: [requestId], properties: { requestId: { type: integer } } }",
                       "{ requestId: 4711 }"),
            R"({"requestId":0,"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(member_by("{ type: integer, example: 4711 }"), R"({"x":4711})");
  contract::Facts nameless = facts();
  nameless.request_id = nameless.trace_id = nameless.path = {};
  EXPECT_EQ(body_told("{ required: [requestId, traceId, path], properties: { requestId: { type: "
                      "string, example: r-1 }, traceId: { type: string, example: t-1 }, path: { "
                      "type: string, example: /p } } }",
                      nameless),
            R"({"requestId":"","traceId":"","path":"","message":"Back at 02:00 UTC"})");
}

TEST(BodyTruth, AnOptionalItemIsLeftOutToo) {
  EXPECT_EQ(body_shown("{ properties: { status: { type: integer }, errors: { type: array, items: { "
                       "type: string, pattern: '^E' } } } }",
                       "{ errors: [E-1] }"),
            R"({"status":503,"errors":[],"message":"Back at 02:00 UTC"})");
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
      const std::string inside = one == a ? R"({"a":0})" : kOnlyMessage;
      const std::string told = one == a ? R"({"a":0,"message":"Back at 02:00 UTC"})" : kOnlyMessage;
      EXPECT_EQ(body_by("{ nullable: true, " + std::string(keyword) + ": [" + one + "] }", "3.0.0"),
                told);
      EXPECT_EQ(body_by("{ type: [object, 'null'], " + std::string(keyword) + ": [" + one + "] }"),
                told);
      EXPECT_EQ(body_by("{ " + std::string(keyword) + ": [{ type: 'null' }, " + one + "] }"), told);
      EXPECT_EQ(body_by("{ " + std::string(keyword) + ": [" + one + ", { type: 'null' }] }"), told);
      EXPECT_EQ(
          member_by("{ nullable: true, " + std::string(keyword) + ": [" + one + "] }", "3.0.0"),
          "{\"x\":" + inside + "}");
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
            R"({"a":1,"b":2,"c":3,"d":4,"message":"Back at 02:00 UTC"})");
  std::string deep = "{ required: [a], properties: { a: { const: 1 } } }";
  for (int i = 0; i < 10; ++i)
    deep = "{ oneOf: [{ type: string, maxLength: 1, minLength: 2 }, " + deep + "] }";
  EXPECT_EQ(body_by(deep), R"({"a":1,"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(member_by(deep), R"({"x":{"a":1}})");
}

// A choice is no level of its own: at the root anything may be said in an object.
TEST(BodyChoice, IsAtTheLevelOfWhatIsChosen) {
  EXPECT_EQ(body_by("{ oneOf: [{ type: object }] }"),
            R"({"status":503,"title":"Service Unavailable","message":"Back at 02:00 UTC",)"
            R"("retryAfter":137})");
}

TEST(BodyChoice, ASchemaInsideItselfEndsInTheNullThatItOffers) {
  EXPECT_EQ(
      body_inside_itself("{ type: 'null' }"),
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
            R"({"a":1,"message":"Back at 02:00 UTC"})")
      << "what is silent is better than what is not true";
}

/// The answer to GET /unknown if GET / has that 404; empty if the 404 has no place for a message.
std::string shared_by(const std::string& schema) {
  const TemporaryFolder folder;
  std::string text = one_schema(schema);
  text.replace(text.find("'503'"), 5, "'404'");
  return body_for(*load(folder, text), "GET", "/unknown");
}

TEST(BodyAttempt, TakesBackWhatItSaidWhereItIsGivenUp) {
  EXPECT_EQ(shared_by("{ properties: { status: { type: integer } } }"),
            R"({"status":503,"message":"Back at 02:00 UTC"})");
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
  EXPECT_EQ(body_shown("{ properties: { a: false, b: true } }", "{ a: 1, b: 2 }"),
            R"({"b":2,"message":"Back at 02:00 UTC"})");
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
  EXPECT_EQ(text_by("{ type: string, maxLength: 4 }"), "Down");
  EXPECT_EQ(text_by("{ const: closed }"), "closed");
  EXPECT_EQ(text_by("{ type: integer, minimum: 7 }"), "7");
  EXPECT_EQ(text_by("{ type: boolean }"), "false");
  EXPECT_EQ(text_by("true"), "Back at 02:00 UTC");
  EXPECT_EQ(text_by("{ type: [object, array, 'null', string] }"), "Back at 02:00 UTC");
  EXPECT_EQ(text_by("{ oneOf: [{ type: object }, { type: 'null' }, { type: string }] }"),
            "Back at 02:00 UTC");
  EXPECT_EQ(text_by("{ nullable: true, type: string, maxLength: 4 }"), "Down");
  EXPECT_EQ(text_by("{ $ref: '#/components/x' }\ncomponents: { x: { type: string } }"),
            "Back at 02:00 UTC");
  for (const char* schema :
       {"{ type: object }", "{ type: array }", "{ type: 'null' }", "{ type: [object, 'null'] }"}) {
    EXPECT_EQ(text_by(schema), "Back at 02:00 UTC") << "what a text cannot be by its schema";
  }
  for (const char* schema :
       {"false", "{ not: {} }", "{ const: { a: 1 } }", "{ const: [] }", "{ const: null }",
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

// ---------------------------------------------------------------- bounds, and order

/// That schema as a member "a" of a member "a" …, so many of them.
std::string nested(int times, std::string schema, const std::string& attributes) {
  for (int i = 0; i < times; ++i) {
    schema = "{ type: object, " + attributes + "properties: { a: " + schema + " } }";
  }
  return schema;
}

TEST(BodyBounds, ObjectsInObjectsAreMadeToADepth) {
  const std::string deepest = body_by(nested(40, "{ const: 7 }", "required: [a], "));
  EXPECT_THAT(deepest, HasSubstr(R"({"a":{"a":{"a":7}}})"));
  EXPECT_EQ(body_by(nested(41, "{ const: 7 }", "required: [a], ")), "nothing");
}

TEST(BodyBounds, OptionalMembersAreSearchedToADepth) {
  const std::string message = "{ type: object, properties: { message: { type: string } } }";
  EXPECT_EQ(body_by(nested(4, message, "")),
            R"({"a":{"a":{"a":{"a":{"message":"Back at 02:00 UTC"}}}}})");
  EXPECT_EQ(body_by(nested(5, message, "")), R"({"message":"Back at 02:00 UTC"})");
}

TEST(BodyBounds, SoManyPropertiesAreLookedAt) {
  const auto with = [](int others) {
    std::string properties;
    for (int i = 0; i < others; ++i) properties += "p" + std::to_string(i) + ": { const: 7 }, ";
    return body_by("{ properties: { " + properties + kMember + " } }");
  };
  EXPECT_EQ(with(999), kOnlyMessage);
  EXPECT_EQ(with(1000), R"({"message":"Back at 02:00 UTC"})");
}

TEST(BodyBounds, SoManySchemasHoldForOneValue) {
  const auto with = [](int others) {
    std::string parts;
    for (int i = 0; i < others; ++i) parts += "{}, ";
    return body_by("{ allOf: [" + parts + "{ required: [a], properties: { a: { const: 7 } } }] }");
  };
  EXPECT_EQ(with(198), R"({"a":7,"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(with(199), "nothing");
  std::string twice;
  for (int i = 0; i < 250; ++i) twice += "{ $ref: '#/components/schemas/A' }, ";
  EXPECT_EQ(body_by("{ allOf: [" + twice + "{ required: [b], properties: { b: { const: 7 } } }] }" +
                        "\ncomponents: { schemas: { A: { required: [a], properties: { a: { enum: "
                        "[1] } } } } }",
                    "3.0.0"),
            R"({"a":1,"b":7,"message":"Back at 02:00 UTC"})")
      << "a schema that holds twice is one";
}

TEST(BodyBounds, TextsOfAnyLengthButTheLongest) {
  EXPECT_EQ(member_by("{ type: string, minLength: 10000 }").size(), 10'000 + 8U);
  EXPECT_EQ(member_by("{ type: string, minLength: 10001 }"), "nothing");
  EXPECT_EQ(member_by("{ type: string, pattern: '^[a-z]+$', minLength: -1, maxLength: 3 }"),
            R"({"x":"a"})");
  contract::Facts wordy = facts();
  const std::string words(10'001, 'w');
  wordy.message = words;
  EXPECT_EQ(body_told("{ properties: { message: { type: string } } }", wordy).size(), 10'000 + 14U);
  EXPECT_EQ(
      body_told("{ properties: { message: { type: string, maxLength: 99999 } } }", wordy).size(),
      10'000 + 14U);
}

TEST(BodyBounds, NumbersOfAnySize) {
  EXPECT_EQ(member_by("{ type: number, minimum: 1.0e+300 }"), R"({"x":1e300})");
  EXPECT_EQ(member_by("{ type: number, minimum: 9.0e+15 }"), R"({"x":9000000000000000.0})");
  EXPECT_EQ(member_by("{ type: number, minimum: 8.9e+15 }"), R"({"x":8900000000000000})");
  EXPECT_EQ(member_by("{ type: number, exclusiveMinimum: 0, multipleOf: 0.5 }"), R"({"x":0.5})");
  EXPECT_EQ(member_by("{ type: number, minimum: 0.5, multipleOf: 0.5 }"), R"({"x":0.5})");
  EXPECT_EQ(member_by("{ type: number, minimum: 5, multipleOf: 0 }"), R"({"x":5})");
  EXPECT_EQ(member_by("{ minimum: 3, maximum: 2 }"), "nothing") << "a flag is no number";
}

// The latest moment that an answer contains, in the year 2100, must be allowed.
TEST(BodyBounds, MomentsHaveRoomUntilTheirLast) {
  const auto time_by = [](const std::string& name, const std::string& most) {
    return body_by("{ properties: { " + kMember + ", " + name +
                   ": { type: integer, maximum: " + most + " } } }");
  };
  const std::string start = R"({"message":"Back at 02:00 UTC",)";
  EXPECT_EQ(time_by("timestamp", "4102444800"), start + R"("timestamp":1796164200})");
  EXPECT_EQ(time_by("timestamp", "4102444799"), kOnlyMessage);
  EXPECT_EQ(time_by("timestampMs", "4102444800000"), start + R"("timestampMs":1796164200000})");
  EXPECT_EQ(time_by("timestampMs", "4102444799999"), kOnlyMessage);
  EXPECT_EQ(time_by("retryAfterMs", "4320000"), start + R"("retryAfterMs":137000})");
  EXPECT_EQ(time_by("retryAfterMs", "4319999"), kOnlyMessage);
  EXPECT_EQ(body_by("{ properties: { timestamp: { type: integer, minimum: 100000000000 } } }"),
            R"({"timestamp":1796164200000,"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(body_by("{ properties: { timestamp: { type: integer, example: true } } }"),
            R"({"timestamp":1796164200,"message":"Back at 02:00 UTC"})");
}

TEST(BodyBounds, APathHasRoomOrIsNotTold) {
  EXPECT_EQ(body_by("{ properties: { path: { type: string, maxLength: 16 } } }"),
            R"({"path":"<path>16<path>","message":"Back at 02:00 UTC"})");
  EXPECT_EQ(body_by("{ properties: { path: { type: string, maxLength: 5000 } } }"),
            R"({"path":"<path>1024<path>","message":"Back at 02:00 UTC"})");
  EXPECT_EQ(
      body_by("{ properties: { " + kMember +
              ", path: { type: string, if: { minLength: 5 }, then: { maxLength: 5000 } } } }"),
      kOnlyMessage);
}

TEST(BodyBounds, AnIdOfAFormOfItsOwnIsFilledIn) {
  EXPECT_EQ(body_by("{ properties: { requestId: { type: string, pattern: '^r-[0-9]+$' } } }"),
            R"({"requestId":"<request>","message":"Back at 02:00 UTC"})");
  EXPECT_EQ(body_by("{ properties: { " + kMember +
                    ", requestId: { type: string, const: r-1 }, traceId: { type: string, enum: "
                    "[t-1] } } }"),
            kOnlyMessage);
}

TEST(BodyObject, LooksPastWhatItDoesNotNeed) {
  EXPECT_EQ(body_by("{ properties: { count: { type: integer }, list: { type: array }, inner: { "
                    "type: object, properties: { " +
                    kMember + " } } } }"),
            R"({"inner":{"message":"Back at 02:00 UTC"}})");
  EXPECT_EQ(body_by("{ properties: { count: { type: integer }, inner: { type: object }, list: { "
                    "type: array, items: { properties: { " +
                    kMember + " } } } } }"),
            R"({"list":[{"message":"Back at 02:00 UTC"}]})");
  EXPECT_EQ(
      body_by("{ properties: { detail: { type: string, writeOnly: true }, " + kMember + " } }"),
      kOnlyMessage);
}

TEST(BodyObject, OneMessageInsideIsEnough) {
  const std::string object = "{ type: object, properties: { " + kMember + " } }";
  EXPECT_EQ(body_by("{ properties: { a: " + object + ", b: " + object + " } }"),
            R"({"a":{"message":"Back at 02:00 UTC"}})");
  EXPECT_EQ(body_by("{ properties: { " + kMember + ", details: " + object + " } }"), kOnlyMessage);
  EXPECT_EQ(body_by("{ properties: { error: { type: string }, a: " + object + " } }"),
            R"({"error":"Back at 02:00 UTC"})");
}

TEST(BodyObject, AnErrorIsThePhraseBesideAMessageOnly) {
  EXPECT_EQ(body_by("{ properties: { error: { type: string }, code: { type: integer } } }"),
            R"({"error":"Back at 02:00 UTC","code":503})");
}

TEST(BodyObject, OnlyTheBodyItselfIsFilledFreely) {
  EXPECT_EQ(member_by("{ type: object }"), R"({"x":{}})");
  EXPECT_EQ(shared_by("{ type: object }"),
            R"({"status":503,"title":"Service Unavailable","message":"Back at 02:00 UTC",)"
            R"("retryAfter":137})");
  EXPECT_EQ(shared_by("{ type: object, maxProperties: 1 }"), "nothing");
}

TEST(BodyObject, TakesTheTypesOfTheExample) {
  EXPECT_EQ(body_shown("{}", "{ a: 1, ok: fine }"), R"({"a":1,"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(body_shown("{}", "{ error: false, message: m }"),
            R"({"error":true,"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(body_shown("{}", "{ message: null, a: 1 }"),
            R"({"message":"Back at 02:00 UTC","a":1})");
  EXPECT_EQ(body_shown("{}", "{ b: { b: { b: { b: { b: 1 } } } } }"),
            R"({"b":{"b":{"b":{"b":{"b":1}}}},"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(body_by("{ properties: { " + kMember + ", code: { type: boolean } } }"), kOnlyMessage);
}

TEST(BodyObject, ATextIsNoModel) {
  EXPECT_THAT(body_shown("{}", "some text"), HasSubstr(R"({"status":503,"title":)"));
  EXPECT_EQ(body_shown("{ properties: { " + kMember + " } }", "some text"), kOnlyMessage);
}

TEST(BodyObject, AMemberThatIsNotValidIsSaidToBe) {
  const TemporaryFolder folder;
  const auto contract =
      load(folder, one_schema("{ patternProperties: { '^a': { type: string, maxLength: 3 } } }") +
                       "              example: { ab: 1 }\n");
  ASSERT_THAT(contract->findings(), SizeIs(1));
  EXPECT_THAT(contract->findings().front().message,
              HasSubstr("(the body that was made is not valid: /ab: expected type string)"));
}

TEST(BodyList, IsNoDefaultAndNoPrefixThatIsNone) {
  EXPECT_EQ(member_by("{ type: array, default: [7] }"), R"({"x":[]})");
  EXPECT_EQ(member_by("{ type: array, minItems: 1, prefixItems: 7, items: { const: c } }"),
            R"({"x":["c"]})");
}

TEST(BodyEnum, OfEqualsTheFirst) {
  EXPECT_EQ(member_by("{ enum: [ALPHA, true] }"), R"({"x":"ALPHA"})");
  EXPECT_EQ(member_by("{ enum: [true, ALPHA] }"), R"({"x":true})");
  EXPECT_EQ(body_by("{ required: [status], properties: { status: { enum: [NOT_FOUND, 400] } } }"),
            R"({"status":"NOT_FOUND","message":"Back at 02:00 UTC"})");
  EXPECT_EQ(body_by("{ required: [status], properties: { status: { enum: [400, 99] } } }"),
            R"({"status":99,"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(body_by("{ required: [status], properties: { status: { enum: [99, 100] } } }"),
            R"({"status":99,"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(member_by("{ type: string, enum: 7 }"), R"({"x":""})");
}

TEST(BodyTypes, AreThoseThatAreSaidElseThoseThatTheKeywordsMean) {
  EXPECT_EQ(member_by("{ type: 7 }"), R"({"x":""})");
  EXPECT_EQ(member_by("{ type: of-our-own }"), R"({"x":""})");
  EXPECT_EQ(member_by("{ minLength: 1, minimum: 2 }"), R"({"x":"."})") << "either may be";
  EXPECT_EQ(member_by("{ minLength: 1 }"), R"({"x":"."})");
  EXPECT_EQ(member_by("{ maxLength: 0 }"), R"({"x":""})");
  EXPECT_EQ(member_by("{ maximum: 3 }"), R"({"x":0})");
  EXPECT_EQ(member_by("{ multipleOf: 3 }"), R"({"x":0})");
  EXPECT_EQ(member_by("{ exclusiveMinimum: 3 }"), R"({"x":4})");
  EXPECT_EQ(member_by("{ items: {} }"), R"({"x":[]})");
  EXPECT_EQ(member_by("{ minItems: 0 }"), R"({"x":[]})");
  EXPECT_EQ(member_by("{ additionalProperties: {} }"), R"({"x":{}})");
  EXPECT_EQ(member_by("{ properties: {} }"), R"({"x":{}})");
  EXPECT_EQ(member_by("{ type: [integer, string], minLength: 2 }"), R"({"x":".."})");
  EXPECT_EQ(member_by("{ type: integer, minLength: 2 }"), R"({"x":0})");
  EXPECT_EQ(member_by("{ type: [boolean] }"), R"({"x":false})");
}

TEST(BodyTypes, WhatStandsBesideAReferenceCountsSinceOpenApi31) {
  const std::string schema =
      "{ $ref: '#/components/schemas/A', required: [z] }\ncomponents: { schemas: { A: { required: "
      "[a], properties: { a: { enum: [1] } } } } }";
  EXPECT_EQ(body_by(schema, "3.0.0"), R"({"a":1,"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(body_by(schema, "3.1.0"), R"({"a":1,"z":"","message":"Back at 02:00 UTC"})");
}

TEST(BodyChoice, TheFirstMessageIsEnough) {
  EXPECT_EQ(body_by("{ oneOf: [{ required: [msg], properties: { msg: {} } }, { required: [text, "
                    "detail], properties: { text: {}, detail: {} } }] }"),
            R"({"msg":"Back at 02:00 UTC"})");
}

TEST(BodyChoice, ADiscriminatorTellsTheAlternative) {
  const auto kind_by = [](const std::string& mapping, const std::string& alternative) {
    return body_by(
        "{ oneOf: [{ $ref: '#/components/schemas/Failure' }], discriminator: { "
        "propertyName: kind" +
        mapping + " } }\ncomponents: { schemas: { Failure: " + alternative + " } }");
  };
  const std::string plain = "{ required: [kind], properties: { kind: { type: string } } }";
  EXPECT_EQ(kind_by("", plain), R"({"kind":"Failure","message":"Back at 02:00 UTC"})");
  EXPECT_EQ(kind_by(", mapping: { other: Other, broken: Failure }", plain),
            R"({"kind":"broken","message":"Back at 02:00 UTC"})");
  EXPECT_EQ(kind_by(", mapping: { other: '#/components/schemas/Other' }", plain),
            R"({"kind":"Failure","message":"Back at 02:00 UTC"})");
  EXPECT_EQ(kind_by(", mapping: 7", plain), R"({"kind":"Failure","message":"Back at 02:00 UTC"})");
  EXPECT_EQ(kind_by("", "{ required: [kind], properties: { kind: { type: integer } } }"),
            R"({"kind":0,"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(kind_by("", "{ oneOf: [" + plain + "] }"),
            R"({"kind":"Failure","message":"Back at 02:00 UTC"})");
  EXPECT_EQ(body_by("{ $ref: '#/components/schemas/E' }\ncomponents: { schemas: { E: { required: "
                    "[''], properties: { '': { type: string } } } } }"),
            R"({"":"Back at 02:00 UTC"})")
      << "a member without a name is no discriminator";
}

TEST(BodyChoice, ASchemaInsideItselfIsNotNullWhereNullIsNotOffered) {
  const std::string body = body_inside_itself("{ const: none }");
  EXPECT_THAT(body, HasSubstr(R"("cause":{"message":"Back at 02:00 UTC","cause":{)"));
  EXPECT_THAT(body, HasSubstr(R"("cause":"none"})"));
}

// One maker for one body after the other.
TEST(BodyMakerTest, ForgetsTheBodyBefore) {
  const TemporaryFolder folder;
  const auto contract = load(folder, R"(
openapi: 3.1.0
paths: {}
components:
  schemas:
    Told: { required: [message, ok], properties: { message: { type: string }, ok: { const: true } } }
    Mute: { required: [a], properties: { a: { type: integer } } }
    Code: { required: [code], properties: { code: { type: string } } }
    Never: { type: string, minLength: 2, maxLength: 1 }
    Id: { required: [requestId], properties: { requestId: { type: string, maxLength: 9 } } }
)");
  const ApiDocument& document = *contract->documents().front();
  const ApiNode schemas = document.files->root_place().node["components"]["schemas"];
  const contract::Facts known = facts();
  BodyMaker maker(*document.files, document.dialect, known);
  ASSERT_TRUE(maker.make(schemas["Told"], {}));
  EXPECT_TRUE(maker.says_something());
  EXPECT_THAT(maker.untrue(), ElementsAre("ok"));
  ASSERT_TRUE(maker.make(schemas["Mute"], {}));
  EXPECT_FALSE(maker.says_something());
  EXPECT_THAT(maker.untrue(), IsEmpty());
  rapidjson::Document example;
  example.Parse(R"({"code":"closed"})");
  ASSERT_TRUE(maker.make(schemas["Code"], {{nullptr, &example}, true}));
  EXPECT_EQ(maker.json(), R"({"code":"closed"})");
  ASSERT_TRUE(maker.make(schemas["Code"], {{nullptr, &example}, false}));
  EXPECT_EQ(maker.json(), R"({"code":"service_unavailable"})");
  EXPECT_EQ(maker.text(schemas["Told"], ""), std::nullopt);
  ASSERT_TRUE(maker.make(schemas["Mute"], {}));
  EXPECT_EQ(maker.json(), R"({"a":0})");
  EXPECT_TRUE(maker.problem().empty());
  EXPECT_FALSE(maker.make(schemas["Never"], {}));
  EXPECT_EQ(maker.problem(), "the schema allows nothing that could be sent");
  ASSERT_TRUE(maker.make(schemas["Id"], {}));
  ASSERT_TRUE(maker.make(schemas["Mute"], {}));
  EXPECT_FALSE(maker.ids().fit({"0123456789", "0123456789"})) << "headers and body are one answer";
}

// ---------------------------------------------------------------- XML, again

/// What is said as application/xml by that schema.
std::string xml_by(const std::string& schema) {
  const TemporaryFolder folder;
  std::string text = one_schema(schema);
  text.replace(text.find("application/json"), 16, "application/xml");
  const std::string body = body_for(*load(folder, text), "GET", "/");
  const auto end = body.find("?>\n");
  return end == std::string::npos ? body : body.substr(end + 3);
}

TEST(BodyXml, ListsHaveARootAndElseNoElementOfTheirOwn) {
  EXPECT_EQ(xml_by("{ type: array, minItems: 1, xml: { name: list, namespace: 'urn:l' }, items: { "
                   "type: string, xml: { name: item } } }"),
            "<list xmlns=\"urn:l\"><item>Back at 02:00 UTC</item></list>");
  EXPECT_EQ(xml_by("{ type: object, properties: { messages: { type: array, minItems: 2, items: { "
                   "type: string } } }, required: [messages] }"),
            "<error><messages>Back at 02:00 UTC</messages><messages>Back at 02:00 "
            "UTC</messages></error>");
}

TEST(BodyXml, TheMessageMayStandUnderAnyName) {
  EXPECT_EQ(xml_by("{ type: object, required: [bluff], properties: { bluff: { type: string } } }"),
            "<error><bluff>Back at 02:00 UTC</bluff></error>");
}

TEST(BodyXml, HoldsNoCharacterThatXmlForbids) {
  EXPECT_EQ(xml_by(R"({ required: [a], properties: { a: { const: "a\tb\nc\x01d\x1Fe f" } } })"),
            "<error><a>a\tb\nc d e f</a></error>");
  EXPECT_EQ(xml_by(R"({ xml: { namespace: "urn:\x01f" }, required: [a], properties: { a: { const: )"
                   R"("\r", xml: { attribute: true } } } })"),
            "<error xmlns=\"urn: f\" a=\"&#13;\"/>");
}

TEST(BodyXml, TellsThePathInItsOwnSyntax) {
  EXPECT_EQ(xml_by("{ properties: { path: { type: string } } }"),
            "<error><path>[path]1024[path]</path></error>");
}

TEST(BodyXml, AnExampleThatIsMarkupIsSentAsItIs) {
  const TemporaryFolder folder;
  const auto sent = [&](const std::string& media_type) {
    return body_for(*load(folder,
                          "openapi: 3.1.0\npaths: { /: { get: { responses: { '503': { content: { "
                          "application/xml: " +
                              media_type + " } } } } } }\n"),
                    "GET", "/");
  };
  EXPECT_EQ(sent("{ example: '<e>closed</e>' }"), "<e>closed</e>");
  EXPECT_EQ(sent("{ example: closed }"), "nothing");
  EXPECT_THAT(sent("{ example: '<e>closed</e>', schema: { properties: { message: {} } } }"),
              HasSubstr("<error><message>Back at 02:00 UTC</message></error>"));
}

// ---------------------------------------------------------------- schemas that hold at once

TEST(BodyBounds, TheNarrowestOfSeveralBoundsHolds) {
  EXPECT_EQ(
      member_by(
          "{ type: integer, minimum: 3, allOf: [{ title: t }, { minimum: 7 }, { minimum: x }, "
          "{ minimum: 5 }] }"),
      R"({"x":7})");
  EXPECT_EQ(
      member_by("{ type: string, minLength: 5, allOf: [{}, { maxLength: 9 }, { maxLength: 6 }, { "
                "maxLength: 8 }, { minLength: 6 }] }"),
      R"({"x":"......"})");
  EXPECT_EQ(
      member_by("{ type: integer, maximum: -2, allOf: [{}, { maximum: x }, { maximum: -9 }] }"),
      R"({"x":-9})")
      << "what is no number is no bound";
}

TEST(BodyTypes, NullMustBeAllowedByAll) {
  const std::string impossible = "minLength: 2, maxLength: 1";
  EXPECT_EQ(member_by("{ x-nullable: true, type: string, " + impossible + " }", "3.0.0"),
            R"({"x":null})");
  EXPECT_EQ(
      member_by("{ allOf: [{ type: [string, 'null'] }, { type: string }], " + impossible + " }"),
      "nothing");
  EXPECT_EQ(member_by("{ allOf: 7, oneOf: 7, anyOf: [], required: 7, title: t }"), "nothing");
  EXPECT_EQ(member_by("{ allOf: 7, oneOf: 7, required: 7, type: string }"), R"({"x":""})");
  EXPECT_EQ(body_by("{ required: [7, a], properties: { a: { enum: [1] } } }"),
            R"({"a":1,"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(
      body_by("{ properties: { " + kMember + " }, unevaluatedProperties: true, required: [a] }"),
      R"({"message":"Back at 02:00 UTC","a":""})");
  EXPECT_EQ(body_by("{ type: object, unevaluatedProperties: false }"), "{}");
  EXPECT_EQ(
      body_shown("{ properties: { " + kMember + " }, unevaluatedProperties: true }", "{ a: 1 }"),
      R"({"message":"Back at 02:00 UTC","a":1})");
}

TEST(BodyChoice, NamesItselfByTheReferenceThatLedThere) {
  const auto kind = [](const std::string& schema, const std::string& more) {
    return body_by(schema + "\ncomponents: { schemas: { " + more + " } }", "3.0.0");
  };
  const std::string base =
      "Base: { required: [kind], properties: { kind: { type: string } }, "
      "discriminator: { propertyName: kind } }";
  EXPECT_EQ(kind("{ $ref: '#/components/schemas/E' }",
                 base + ", E: { allOf: [{ $ref: '#/components/schemas/Base' }] }"),
            R"({"kind":"E","message":"Back at 02:00 UTC"})");
  EXPECT_EQ(kind("{ $ref: '#/components/schemas/F' }",
                 base + ", F: { $ref: '#/components/schemas/E' }, E: { allOf: [{ $ref: "
                        "'#/components/schemas/Base' }] }"),
            R"({"kind":"F","message":"Back at 02:00 UTC"})");
}

TEST(BodyChoice, AsManyAlternativesAreTried) {
  const auto with = [](int others) {
    std::string list;
    for (int i = 0; i < others; ++i) list += "{ type: string, minLength: 2, maxLength: 1 }, ";
    return body_by("{ anyOf: [" + list + "{ required: [a], properties: { a: { const: 7 } } }] }");
  };
  EXPECT_EQ(with(23), R"({"a":7,"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(with(24), "nothing");
}

TEST(BodyChoice, WhatSaysMoreIsBetterWhereNothingIsSaidToPeople) {
  const std::string one = "{ required: [status], properties: { status: { type: integer } } }";
  const std::string two =
      "{ required: [code, ok], properties: { code: { type: integer }, ok: { type: boolean } } }";
  EXPECT_EQ(body_by("{ anyOf: [" + one + ", " + two + "] }"),
            R"({"status":503,"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(body_by("{ anyOf: [" + two + ", " + one + "] }"),
            R"({"code":503,"ok":false,"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(body_by("{ anyOf: [{ required: [a], properties: { a: { const: 1 } } }, " + one + ", " +
                    two + "] }"),
            R"({"a":1,"message":"Back at 02:00 UTC"})");
}

TEST(BodyChoice, WhatSaysMoreToPeopleIsBetterWhereSomethingIsNotTrue) {
  const auto of = [](const std::string& names, const std::string& members) {
    return "{ required: [retryAfter, message, " + names +
           "], properties: { retryAfter: { type: integer, maximum: 60 }, message: { type: string "
           "}, " +
           members + " } }";
  };
  const std::string people = of("detail", "detail: { type: string }");
  const std::string programs =
      of("timestamp, service", "timestamp: { type: string }, service: { type: string }");
  for (const std::string& list : {people + ", " + programs, programs + ", " + people}) {
    EXPECT_THAT(body_by("{ anyOf: [" + list + "] }"), HasSubstr(R"("detail":"Back at)")) << list;
  }
}

TEST(BodyChoice, ANameThatMeansNothingBlamesNobody) {
  const auto untrue_as = [](const std::string& name) {
    return untrue_in("{ oneOf: [{ $ref: '#/components/schemas/" + name +
                     "' }], discriminator: { propertyName: kind } }\ncomponents: { schemas: { " +
                     name + ": { required: [kind], properties: { kind: { type: string } } } } }");
  };
  EXPECT_THAT(untrue_as("Parcel"), IsEmpty());
  EXPECT_THAT(untrue_as("NotFound"), SizeIs(1));
}

TEST(BodyXml, FollowsTheAlternativeThatWasMade) {
  EXPECT_EQ(
      xml_by(
          "{ type: object, oneOf: [{ required: [a], properties: { a: { type: string, minLength: 2, "
          "maxLength: 1 } } }, { required: [message], properties: { message: { type: string, xml: "
          "{ "
          "name: text } } } }] }"),
      "<error><text>Back at 02:00 UTC</text></error>");
  EXPECT_EQ(
      xml_by("{ required: [a, b], properties: { a: { type: 'null' }, b: { type: object, xml: { "
             "attribute: true } } } }"),
      "<error><a></a><b/></error>");
  EXPECT_EQ(xml_by("{ type: object, additionalProperties: { type: string } }"),
            "<error><status>503</status><title>Service Unavailable</title><message>Back at 02:00 "
            "UTC</message><retryAfter>137</retryAfter></error>");
}

TEST(BodyScalar, ATextOfOneByteIsItself) {
  EXPECT_EQ(member_by("{ const: s }"), R"({"x":"s"})");
  EXPECT_EQ(member_by("{ const: [a, [b]] }"), R"({"x":["a",["b"]]})");
  EXPECT_EQ(
      body_by(
          "{ required: [list], properties: { list: { type: array, minItems: 1, items: { required: "
          "[retryAfter], properties: { retryAfter: { type: integer } } } } } }"),
      R"({"list":[{"retryAfter":137}],"message":"Back at 02:00 UTC"})");
}

// ---------------------------------------------------------------- places for the message

TEST(BodyPlace, IsFoundUnderManyNames) {
  const std::string message = "Back at 02:00 UTC";
  for (const char* members : {
           "errorMessages: { type: array, items: { type: string } }",
           "error_messages: { type: array, items: { type: string } }",
           "message: { type: object, properties: { lang: { type: string }, value: { type: string } "
           "} }",
           "errors: { type: array, items: { type: object, properties: { title: { type: string } } "
           "} }",
           "title: { type: string }",
           "error-code-label: { type: string }",
           "errors: { type: object, additionalProperties: { type: string } }",
           "errors: { type: object, additionalProperties: { type: array, items: { type: string } } "
           "}",
           "errors: { patternProperties: { '^e_[0-9]$': { type: string } } }",
           "error: { type: object, properties: { code: { type: integer }, label: { type: string } "
           "} }",
       }) {
    EXPECT_THAT(body_by("{ type: object, properties: { status: { type: integer }, " +
                        std::string(members) + " } }"),
                HasSubstr(message))
        << members;
  }
  EXPECT_EQ(body_by("{ required: [bluff], properties: { bluff: { type: string } } }"),
            R"({"bluff":"Back at 02:00 UTC"})")
      << "one required free text of any name";
  EXPECT_EQ(
      body_by("{ required: [a, b], properties: { a: { type: string, format: uuid }, b: { type: "
              "string } } }"),
      R"({"a":"00000000-0000-0000-0000-000000000000","b":"Back at 02:00 UTC"})");
}

TEST(BodyPlace, TheNearestByNameIsTaken) {
  EXPECT_EQ(body_by("{ properties: { title: { type: string }, detail: { type: string } } }"),
            R"({"title":"Service Unavailable","detail":"Back at 02:00 UTC"})");
  EXPECT_EQ(
      body_by("{ required: [x], properties: { x: { type: string }, label: { type: string } } }"),
      R"({"x":"","label":"Back at 02:00 UTC"})");
  EXPECT_EQ(
      body_by("{ required: [x, y], properties: { x: { type: string }, y: { type: string } } }"),
      R"({"x":"Back at 02:00 UTC","y":""})");
}

TEST(BodyPlace, WhatIsNoTextForPeopleIsNone) {
  for (const char* name : {"userId", "self_link", "createdAt", "currency", "file_name"}) {
    EXPECT_EQ(body_by("{ required: [" + std::string(name) + "], properties: { " + name +
                      ": { type: string } } }"),
              "{\"" + std::string(name) + "\":\"\",\"message\":\"Back at 02:00 UTC\"}");
  }
  EXPECT_EQ(body_by("{ required: [x], properties: { x: { type: string, maxLength: 10 } } }"),
            R"({"x":"","message":"Back at 02:00 UTC"})");
  EXPECT_EQ(
      body_by("{ properties: { message: { type: string, maxLength: 10 }, label: { type: string "
              "} } }"),
      R"({"message":"Down","label":"Back at 02:00 UTC"})")
      << "no room for a sentence";
}

TEST(BodyPlace, APlainTextIsTheMessageWhateverItsSchemaSays) {
  const TemporaryFolder folder;
  const auto contract = load(folder, R"(openapi: 3.0.0
paths:
  /:
    get:
      responses:
        '503':
          content:
            text/plain: { schema: { type: object, properties: { message: { type: string } } } }
)");
  EXPECT_EQ(body_for(*contract, "GET", "/"), "Back at 02:00 UTC");
}

TEST(BodyPlace, TheNearestTypeStandsInForOneThatCannotBeMade) {
  const auto said = [](const std::string& content) {
    const TemporaryFolder folder;
    const auto contract = load(folder,
                               "openapi: 3.0.0\npaths: { /: { get: { responses: { '503': { "
                               "content: { " +
                                   content + " } } } } } }\n");
    const auto forms = contract->say(*contract->find("GET", "/").promise, facts());
    EXPECT_THAT(contract->findings(),
                SizeIs(forms.size() == 1 && forms[0].media_type == "image/svg+xml" ? 0 : 1));
    return forms.empty() ? "nothing" : forms[0].media_type + " " + forms[0].body;
  };
  EXPECT_EQ(said("application/msgpack: { schema: { properties: { message: { type: string } } } }"),
            R"(application/json {"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(said("image/png: { schema: { type: string, format: binary } }"), "nothing");
  EXPECT_THAT(said("image/svg+xml: { schema: { type: string } }"),
              ::testing::AllOf(HasSubstr("image/svg+xml <svg "), HasSubstr(">Back at 02:00 UTC<")));
}

// ---------------------------------------------------------------- what is searched for

TEST(BodySearch, IfThenElse) {
  EXPECT_EQ(
      body_by("{ required: [kind], properties: { kind: { const: e } }, if: { properties: { "
              "kind: { const: e } } }, then: { required: [note], properties: { note: { const: n "
              "} } } }"),
      R"({"kind":"e","note":"n","message":"Back at 02:00 UTC"})");
  EXPECT_EQ(
      body_by("{ properties: { message: { type: string } }, if: { required: [code] }, else: { "
              "required: [state], properties: { state: { const: s } } } }"),
      R"({"message":"Back at 02:00 UTC","code":503})");
  EXPECT_EQ(
      body_by("{ properties: { error: { required: [a], properties: { a: { const: 1 } }, if: { "
              "required: [a] }, then: { required: [message], properties: { message: { type: "
              "string } } } } } }"),
      R"({"error":{"a":1,"message":"Back at 02:00 UTC"}})");
  EXPECT_EQ(body_by("{ required: [a], properties: { a: { const: 1 } }, if: true, then: false }"),
            "nothing");
}

TEST(BodySearch, AnElseHoldsWhereTheIfDoesNot) {
  EXPECT_EQ(
      body_by(
          "{ required: [kind], properties: { kind: { const: e } }, if: { properties: { kind: { "
          "const: other } } }, else: { required: [note], properties: { note: { const: n } } } }"),
      R"({"kind":"e","note":"n","message":"Back at 02:00 UTC"})");
}

TEST(BodySearch, SoManyConditionsAreDecided) {
  const auto last_of = [](int conditions) {
    std::string all;
    for (int i = 1; i <= conditions; ++i) {
      const std::string name = "n" + std::to_string(i);
      all += (i > 1 ? ", " : "") + ("{ if: { properties: { kind: { const: e } } }, then: { "
                                    "required: [" +
                                    name + "], properties: { " + name + ": { const: 1 } } } }");
    }
    return body_by("{ required: [kind], properties: { kind: { const: e } }, allOf: [" + all +
                   "] }");
  };
  EXPECT_THAT(last_of(6), HasSubstr(R"("n6":1)"));
  EXPECT_EQ(last_of(7), "nothing");
}

TEST(BodySearch, SoManyMembersBringAlongAnother) {
  const auto last_of = [](int members) {
    std::string all, rules = "n0: [n1]";
    for (int i = 0; i <= members; ++i) all += ", n" + std::to_string(i) + ": { const: 1 }";
    for (int i = 1; i < members; ++i) {
      rules += ", n" + std::to_string(i) + ": [n" + std::to_string(i + 1) + "]";
    }
    return body_by("{ required: [n0], properties: { message: { type: string }" + all +
                   " }, dependentRequired: { " + rules + " } }");
  };
  EXPECT_THAT(last_of(6), HasSubstr(R"("n6":1)"));
  EXPECT_EQ(last_of(7), "nothing");
}

TEST(BodySearch, WhatDependsOnAMember) {
  const std::string member =
      "properties: { message: { type: string }, b: { const: 1 }, c: { const: 2 "
      "} }";
  EXPECT_EQ(body_by("{ " + member + ", dependentRequired: { message: [b], b: [c] } }"),
            R"({"message":"Back at 02:00 UTC","b":1,"c":2})");
  EXPECT_EQ(body_by("{ " + member + ", dependencies: { message: [c] } }"),
            R"({"message":"Back at 02:00 UTC","c":2})");
  EXPECT_EQ(body_by("{ " + member + ", dependentSchemas: { message: { required: [b] } } }"),
            R"({"message":"Back at 02:00 UTC","b":1})");
}

TEST(BodySearch, ListsHoldWhatTheyMustContain) {
  EXPECT_EQ(member_by("{ type: array, contains: { const: c } }"), R"({"x":["c"]})");
  EXPECT_EQ(member_by("{ type: array, contains: { const: c }, minContains: 2 }"),
            R"({"x":["c","c"]})");
}

TEST(BodySearch, NamesOfMembersAreAllowedOnes) {
  EXPECT_EQ(
      body_by("{ properties: { errors: { type: object, propertyNames: { pattern: '^E[0-9]+$' }, "
              "additionalProperties: { type: string } } } }"),
      R"({"errors":{"E0":"Back at 02:00 UTC"}})");
  EXPECT_EQ(body_by("{ properties: { errors: { type: object, propertyNames: { enum: [base] }, "
                    "additionalProperties: { type: string } } } }"),
            R"({"errors":{"base":"Back at 02:00 UTC"}})");
  for (const char* names : {"{ enum: base }", "{}"}) {
    EXPECT_EQ(body_by("{ properties: { errors: { type: object, propertyNames: " +
                      std::string(names) + ", additionalProperties: { type: string } } } }"),
              R"({"errors":{"message":"Back at 02:00 UTC"}})")
        << names;
  }
}

TEST(BodySearch, OptionalMembersShowWhichAlternativeIsMeant) {
  EXPECT_EQ(
      body_by("{ oneOf: [{ properties: { message: { type: string }, kind: { const: a } } }, { "
              "properties: { message: { type: string }, kind: { const: b } } }] }"),
      R"({"message":"Back at 02:00 UTC","kind":"a"})");
}

TEST(BodySearch, IntegersBeyondDoublesStayExact) {
  EXPECT_EQ(member_by("{ type: integer, minimum: 9007199254740993 }"), R"({"x":9007199254740993})");
  EXPECT_EQ(member_by("{ type: integer, exclusiveMinimum: 9007199254740993 }"),
            R"({"x":9007199254740994})");
  EXPECT_EQ(member_by("{ type: integer, maximum: -9007199254740993 }"),
            R"({"x":-9007199254740993})");
  EXPECT_EQ(member_by("{ type: integer, example: 9007199254740993 }"), R"({"x":9007199254740993})");
  EXPECT_EQ(member_by("{ enum: [9007199254740993] }"), R"({"x":9007199254740993})");
  EXPECT_EQ(member_by("{ type: integer, minimum: 9007199254740993, maximum: 9007199254740992 }"),
            "nothing");
}

// ---------------------------------------------------------------- a member beside the declared

TEST(BodyBeside, WhereNothingDeclaredHasRoomAMemberIsAdded) {
  EXPECT_EQ(body_by("{ type: object, required: [error], properties: { error: { enum: "
                    "[service_unavailable] }, text: { type: integer } } }"),
            R"({"error":"service_unavailable","message":"Back at 02:00 UTC"})");
  EXPECT_EQ(body_by("{ type: object, properties: { id: { type: integer } } }", "3.0.3"),
            R"({"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(body_by("{ oneOf: [{ type: object, required: [code], properties: { code: { const: "
                    "maintenance } } }, { type: object, required: [id], properties: { id: { type: "
                    "integer } } }] }"),
            R"({"code":"maintenance","message":"Back at 02:00 UTC"})");
}

TEST(BodyBeside, NothingIsAddedToAnObjectThatForbidsIt) {
  const std::string closed =
      "{ type: object, required: [error], properties: { error: { enum: "
      "[service_unavailable] } }, ";
  const std::string alone = R"({"error":"service_unavailable"})";
  for (const char* rule : {"additionalProperties: false", "unevaluatedProperties: false",
                           "additionalProperties: { type: integer }", "maxProperties: 1",
                           "propertyNames: { enum: [error] }",
                           "additionalProperties: { type: string, maxLength: 5 }"}) {
    EXPECT_EQ(body_by(closed + rule + " }"), alone) << rule;
  }
}

TEST(BodyBeside, TheNameIsOneThatTheSchemaHasLeftFree) {
  EXPECT_EQ(body_by("{ type: object, required: [message], properties: { message: { type: integer "
                    "} } }"),
            R"({"message":0,"detail":"Back at 02:00 UTC"})");
  EXPECT_EQ(body_by("{ type: object, properties: { message: { type: integer } } }"),
            R"({"detail":"Back at 02:00 UTC"})");
  EXPECT_EQ(body_by("{ type: object, properties: { id: {} }, propertyNames: { pattern: '^d' } }"),
            R"({"detail":"Back at 02:00 UTC"})");
}

TEST(BodyBeside, WhereEveryMemberIsAnObjectItIsTheErrors) {
  EXPECT_EQ(body_by("{ type: object, properties: { errorType: { type: string } }, "
                    "additionalProperties: { type: object } }"),
            R"({"error":{"message":"Back at 02:00 UTC"}})");
  EXPECT_EQ(body_by("{ type: object, required: [error], properties: { error: { enum: [503] } }, "
                    "additionalProperties: { type: object } }"),
            R"({"error":503})")
      << "its name is taken";
}

TEST(BodyBeside, AnExampleForMaintenanceSaysAllThatIsToBeSaid) {
  EXPECT_EQ(body_meant("{ type: object, properties: { x: { type: string } } }", "{ x: down }"),
            R"({"x":"down"})");
}

TEST(BodyBeside, NoElementIsAddedToXml) {
  EXPECT_EQ(xml_by("{ type: object, required: [code], properties: { code: { enum: [503] } } }"),
            "<error><code>503</code></error>");
}

// What can be added to anything is in none of an API's forms.
TEST(BodyBeside, ItMakesNoSharedForm) {
  const TemporaryFolder folder;
  const auto contract = load(folder, R"(openapi: 3.1.0
paths:
  /a:
    get:
      responses:
        '404': { content: { application/json: { schema: { type: object, properties: { id: { type:
          integer } } } } } }
  /b: { get: {} }
)");
  EXPECT_EQ(body_for(*contract, "GET", "/b"), "nothing");
}

TEST(BodyPlace, IsFoundInAListWhoseItemsSeveralSchemasDescribe) {
  EXPECT_EQ(body_by("{ allOf: [{ type: object, properties: { errors: { type: array, items: { type: "
                    "object } } } }, { properties: { errors: { type: array, items: { type: object, "
                    "required: [text], properties: { text: { type: string } } } } } }] }"),
            R"({"errors":[{"text":"Back at 02:00 UTC"}]})");
}

// ---------------------------------------------------------------- messages that a pattern
// restricts

TEST(BodyPattern, TheMessageIsSaidInTheCharactersThatAreAllowed) {
  const auto told = [](const std::string& pattern) {
    return body_by(
        "{ required: [message], additionalProperties: false, properties: { message: { "
        "type: string, pattern: '" +
        pattern + "' } } }");
  };
  EXPECT_EQ(told("^[A-Za-z0-9 :]+$"), R"({"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(told("^[A-Za-z0-9 ]+$"), R"({"message":"Back at 02 00 UTC"})");
  EXPECT_EQ(told("^[A-Za-z ]+$"), R"({"message":"Service Unavailable"})");
  EXPECT_EQ(told("^[A-Za-z]+$"), R"({"message":"Unavailable"})");
  EXPECT_EQ(told("^[a-z]+$"), R"({"message":"unavailable"})");
  EXPECT_EQ(told("^[A-Z]{2}$"), R"({"message":"AA"})");
}

TEST(BodyPattern, APhraseLeavesTheMessageToAnotherMember) {
  EXPECT_EQ(body_by("{ required: [message, title], properties: { message: { type: string, pattern: "
                    "'^[a-z]+$' }, title: { type: string } } }"),
            R"({"message":"unavailable","title":"Back at 02:00 UTC"})");
}

}  // namespace
}  // namespace intermission::openapi
