#include "openapi/api_contract.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "openapi/api_in_memory.h"
#include "support/temporary_folder.h"

namespace intermission::openapi {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing::TemporaryFolder;

// ---------------------------------------------------------------- which response speaks

constexpr const char* kPrecedence = R"(
openapi: 3.0.3
servers: [{ url: 'https://api.example.com/v1' }]
paths:
  /a:
    get:
      responses:
        default: { content: { application/json: { schema: { const: default } } } }
        5XX: { content: { application/json: { schema: { const: 5xx } } } }
        '503': { content: { application/json: { schema: { const: '503' } } } }
    post:
      responses:
        default: { content: { application/json: { schema: { const: default } } } }
        5XX: { content: { application/json: { schema: { const: 5xx } } } }
    put:
      responses:
        default: { content: { application/json: { schema: { const: default } } } }
        '404': { content: { application/json: { schema: { const: '404' } } } }
    delete:
      responses:
        '404': { $ref: '#/components/responses/Error' }
        '409': { $ref: '#/components/responses/Error' }
        '410': { content: { application/json: { schema: { properties: { msg: {} } } } } }
components:
  responses:
    Error:
      content:
        application/json:
          schema: { type: object, properties: { message: { type: string } } }
)";

// To open a pipe waits for somebody to write to it: for ever, at a reload too.
TEST(ApiContract, APipeIsNoDocument) {
  const TemporaryFolder folder;
  const std::string pipe = (folder.path() / "pipe").string();
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  const auto contract = ApiContract::load(pipe);
  ASSERT_FALSE(contract);
  EXPECT_THAT(contract.error().text(),
              HasSubstr("expected a regular file, got a pipe or a device"));
}

TEST(ApiContract, LooksFor503Then5xxThenDefaultThenWhatIsShared) {
  const TemporaryFolder folder;
  const auto contract = load(folder, kPrecedence);
  EXPECT_EQ(body_for(*contract, "GET", "/v1/a"), R"("503")");
  EXPECT_EQ(body_for(*contract, "POST", "/v1/a"), R"("5xx")");
  EXPECT_EQ(body_for(*contract, "PUT", "/v1/a"), R"("default")");
  EXPECT_EQ(body_for(*contract, "DELETE", "/v1/a"), R"({"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(contract->find("DELETE", "/v1/a").promise->origin, DeclaredBy::kShared);
}

TEST(ApiContract, AnswersWhatItDoesNotKnowInTheSharedShape) {
  const TemporaryFolder folder;
  const auto contract = load(folder, kPrecedence);
  EXPECT_EQ(body_for(*contract, "GET", "/v1/unknown"), R"({"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(body_for(*contract, "PATCH", "/v1/a"), R"({"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(contract->find("GET", "/a").operation, nullptr);
  EXPECT_FALSE(contract->find("GET", "/a").is_path_known);
  EXPECT_TRUE(contract->find("PATCH", "/v1/a").is_path_known);
}

TEST(ApiContract, AnswersHeadAsGet) {
  const TemporaryFolder folder;
  const auto contract = load(folder, kPrecedence);
  EXPECT_EQ(body_for(*contract, "HEAD", "/v1/a"), R"("503")");
}

TEST(ApiContract, SaysNothingWhereNothingIsDeclared) {
  const TemporaryFolder folder;
  const auto contract = load(folder, "openapi: 3.1.0\npaths: { /a: { get: { responses: {} } } }\n");
  EXPECT_EQ(body_for(*contract, "GET", "/a"), "nothing");
  EXPECT_EQ(contract->operations().front().declares, DeclaredBy::kNothing);
}

TEST(ApiContract, ReadsSwagger2WithBasePathAndProduces) {
  const TemporaryFolder folder;
  const auto contract = load(folder, R"(
swagger: "2.0"
basePath: /api
produces: [application/json, application/xml]
paths:
  /pets/{id}:
    get:
      responses:
        default: { schema: { $ref: '#/definitions/Error' } }
definitions:
  Error:
    type: object
    required: [code]
    properties: { code: { type: integer, format: int32 }, message: { type: string } }
)");
  const auto said = contract->say(*contract->find("GET", "/api/pets/7").promise, facts());
  ASSERT_THAT(said, SizeIs(2));
  EXPECT_EQ(said[0].body, R"({"code":503,"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(said[1].content_type, "application/xml");
  EXPECT_THAT(said[1].body,
              HasSubstr("<Error><code>503</code><message>Back at 02:00 UTC</message></Error>"));
}

TEST(ApiContract, ReadsAFolderOfDocumentsAndPassesOverOthers) {
  const TemporaryFolder folder;
  folder.write("a.yaml", "openapi: 3.1.0\npaths: { /a: { get: { responses: {} } } }\n");
  folder.write("b.json", R"({"openapi":"3.0.0","paths":{"/b":{"get":{"responses":{}}}}})");
  folder.write("parts.yaml", "Error: { type: object }\n");
  const auto contract = ApiContract::load(folder.path().string());
  ASSERT_TRUE(contract) << contract.error().text();
  EXPECT_THAT((*contract)->operations(), SizeIs(2));
  EXPECT_NE((*contract)->find("GET", "/b").operation, nullptr);
}

TEST(ApiContract, SendsRequiredHeadersAndLeavesOwnOnesAlone) {
  const TemporaryFolder folder;
  const auto contract = load(folder, R"(
openapi: 3.0.0
paths:
  /:
    get:
      responses:
        '503':
          headers:
            X-Reason: { required: true, schema: { type: string, enum: [normal, maintenance] } }
            X-Optional: { schema: { type: string } }
            Set-Cookie: { required: true, schema: { type: string } }
          content: { application/json: {} }
)");
  const auto said = contract->say(*contract->find("GET", "/").promise, facts());
  EXPECT_EQ(said.front().fields, "X-Reason: maintenance\r\n");
}

// ---------------------------------------------------------------- bodies

TEST(ApiBody, FillsKnownMembersInAnyCaseStyle) {
  EXPECT_EQ(
      body_by("{ properties: { Status-Code: { type: integer }, error_message: {type: string}, "
              "RETRY_AFTER: { type: number }, retryAfterMs: { type: integer } } }"),
      R"({"Status-Code":503,"error_message":"Back at 02:00 UTC","RETRY_AFTER":137,)"
      R"("retryAfterMs":137000})");
}

// A writeOnly member (JSON Schema Validation §9.4) is in an answer only if it is required.
TEST(ApiBody, LeavesOutWhatIsWriteOnly) {
  EXPECT_EQ(body_by("{ properties: { message: { type: string }, detail: { type: string, writeOnly: "
                    "true, example: d }, status: { type: integer, writeOnly: false } } }"),
            R"({"message":"Back at 02:00 UTC","status":503})");
  EXPECT_EQ(body_by("{ required: [detail], properties: { detail: { type: string, writeOnly: true },"
                    " inner: { properties: { message: { type: string, writeOnly: true } } } } }"),
            R"({"detail":"Back at 02:00 UTC"})");
}

TEST(ApiBody, TellsTimePathAndIdOfTheRequest) {
  EXPECT_EQ(body_by("{ properties: { timestamp: { type: string, format: date-time }, "
                    "time: { type: integer }, path: { type: string }, "
                    "requestId: { type: string } } }"),
            R"({"timestamp":"2026-12-01T22:30:00Z","time":1796164200,)"
            R"("path":"<path>1024<path>","requestId":"<request>","message":"Back at 02:00 UTC"})");
  EXPECT_EQ(body_by("{ properties: { trace_id: { type: string }, instance: { type: string, "
                    "format: uri-reference }, x-correlation-id: { type: string } } }"),
            R"({"trace_id":"<trace>","instance":"<path>1024<path>",)"
            R"("x-correlation-id":"<request>","message":"Back at 02:00 UTC"})");
}

// A client that reads seconds as milliseconds shows its user January 1970.
TEST(ApiBody, TellsTheTimeInTheUnitOfTheApi) {
  const auto time_by = [](const std::string& name, const std::string& schema) {
    return body_by("{ properties: { " + name + ": { type: integer, " + schema + " } } }");
  };
  EXPECT_EQ(time_by("timestamp", "example: 1700000000000"),
            R"({"timestamp":1796164200000,"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(time_by("timestamp", "example: 1700000000"),
            R"({"timestamp":1796164200,"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(time_by("timestamp", "minimum: 1000000000000"),
            R"({"timestamp":1796164200000,"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(time_by("timestamp", "maximum: 4294967295"),
            R"({"timestamp":1796164200,"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(time_by("timestampMs", "format: int64"),
            R"({"timestampMs":1796164200000,"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(time_by("time_millis", "example: 1700000000"),
            R"({"time_millis":1796164200,"message":"Back at 02:00 UTC"})");
}

TEST(ApiBody, CutsThePathToWhatTheSchemaAllows) {
  EXPECT_EQ(body_by("{ properties: { path: { type: string, maxLength: 80 } } }"),
            R"({"path":"<path>80<path>","message":"Back at 02:00 UTC"})");
  for (const char* limit : {"maxLength: 15", "minLength: 2", "format: uri", "pattern: ^/orders",
                            "pattern: ^/", "not: { const: / }"}) {
    EXPECT_EQ(body_by("{ properties: { message: {}, path: { type: string, " + std::string(limit) +
                      " } } }"),
              R"({"message":"Back at 02:00 UTC"})")
        << limit;
  }
}

TEST(ApiBody, NamesNoOtherRequest) {
  const std::string schema =
      "{ REQUIRED properties: { message: {}, path: { type: string, pattern: ^/o }, requestId: { "
      "type: string, pattern: '^r-[0-9](?=x)?' }, traceId: { type: string, minLength: 9, not: {} } "
      "}, "
      "example: { path: /other, requestId: r-1, traceId: '123456789' } }";
  const auto with = [&](const std::string& required) {
    std::string text = schema;
    return text.replace(text.find("REQUIRED"), 8, required);
  };
  EXPECT_EQ(body_by(with("")), R"({"message":"Back at 02:00 UTC"})");
}

TEST(ApiBody, TellsIdsOnlyToRequestsThatHaveSuch) {
  const TemporaryFolder folder;
  const auto contract =
      load(folder,
           one_schema("{ required: [requestId], properties: { requestId: { type: string, format: "
                      "uuid }, traceId: { type: string, pattern: '^[0-9a-f]{32}$' } } }"));
  const Promise& promise = *contract->find("GET", "/").promise;
  const auto named = contract->say(promise, facts()).front();
  EXPECT_EQ(named.body,
            R"({"requestId":"<request>","traceId":"<trace>","message":"Back at 02:00 UTC"})");
  const std::string_view uuid = "4bf92f35-77b3-4da6-a3ce-929d0e0e4736";
  EXPECT_TRUE(named.ids.fit({uuid, "4bf92f3577b34da6a3ce929d0e0e4736"}));
  EXPECT_FALSE(named.ids.fit({uuid, uuid}));
  EXPECT_FALSE(named.ids.fit({"r-1", "4bf92f3577b34da6a3ce929d0e0e4736"}));
  contract::Facts nameless = facts();
  nameless.request_id = nameless.trace_id = {};
  const auto other = contract->say(promise, nameless).front();
  EXPECT_EQ(
      other.body,
      R"({"requestId":"00000000-0000-0000-0000-000000000000","message":"Back at 02:00 UTC"})");
  EXPECT_TRUE(other.ids.empty());
}

TEST(ApiBody, PicksTheWordThatSaysItBest) {
  EXPECT_EQ(body_by("{ required: [code], properties: { code: { enum: [NOT_FOUND, OK, "
                    "SERVICE_UNAVAILABLE, INTERNAL] } } }"),
            R"({"code":"SERVICE_UNAVAILABLE","message":"Back at 02:00 UTC"})");
  EXPECT_EQ(body_by("{ required: [code], properties: { code: { enum: [404, 500, 418] } } }"),
            R"({"code":500,"message":"Back at 02:00 UTC"})");
}

TEST(ApiBody, SpeaksThroughWhatIsNested) {
  EXPECT_EQ(body_by("{ properties: { error: { type: object, properties: { message: { type: string "
                    "} } }, meta: { type: object, properties: { page: { type: integer } } } } }"),
            R"({"error":{"message":"Back at 02:00 UTC"}})");
  EXPECT_EQ(body_by("{ properties: { errors: { type: array, items: { type: object, properties: { "
                    "detail: { type: string } } } } } }"),
            R"({"errors":[{"detail":"Back at 02:00 UTC"}]})");
}

TEST(ApiBody, KeepsLimits) {
  EXPECT_EQ(body_by("{ properties: { message: { type: string, maxLength: 4 } } }"),
            R"({"message":"Down","detail":"Back at 02:00 UTC"})");
  EXPECT_EQ(body_by("{ required: [n], properties: { n: { type: integer, exclusiveMinimum: 5, "
                    "multipleOf: 4 } } }"),
            R"({"n":8,"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(body_by("{ required: [n], properties: { n: { type: integer, minimum: 5, "
                    "exclusiveMinimum: true } } }",
                    "3.0.0"),
            R"({"n":6,"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(body_by(R"({ required: [id], properties: { id: { pattern: '^ERR-\d{3}$' } } })"),
            R"({"id":"ERR-000","message":"Back at 02:00 UTC"})");
}

TEST(ApiBody, ResolvesAllOfOneOfAndDiscriminators) {
  const TemporaryFolder folder;
  const auto contract = load(folder, one_schema("{ $ref: '#/components/schemas/Any' }") + R"(
components:
  schemas:
    Any:
      oneOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Failure' }]
      discriminator: { propertyName: kind, mapping: { broken: '#/components/schemas/Failure' } }
    Base: { type: object, required: [kind], properties: { kind: { type: string } } }
    Cat:
      allOf: [{ $ref: '#/components/schemas/Base' }, { required: [lives], properties: { lives: { type: integer } } }]
    Failure:
      allOf: [{ $ref: '#/components/schemas/Base' }, { required: [message], properties: { message: { type: string } } }]
)");
  EXPECT_EQ(body_for(*contract, "GET", "/"), R"({"kind":"broken","message":"Back at 02:00 UTC"})");
}

TEST(ApiBody, EndsSchemasThatHoldThemselves) {
  const TemporaryFolder folder;
  const auto contract = load(folder, one_schema("{ $ref: '#/components/schemas/E' }") + R"(
components:
  schemas:
    E:
      required: [message, causes]
      properties:
        message: { type: string }
        inner: { $ref: '#/components/schemas/E' }
        causes: { type: array, items: { $ref: '#/components/schemas/E' } }
)");
  EXPECT_THAT(body_for(*contract, "GET", "/"), HasSubstr(R"({"message":"Back at 02:00 UTC")"));
  EXPECT_THAT(contract->findings(), IsEmpty());
}

TEST(ApiBody, NamesWhatCannotBeMadeAndLeavesItToTheDialects) {
  const TemporaryFolder folder;
  const auto contract =
      load(folder, one_schema("{ type: object, required: [a], properties: { a: false } }"));
  EXPECT_EQ(body_for(*contract, "GET", "/"), "nothing");
  ASSERT_THAT(contract->findings(), SizeIs(1));
  const Finding& finding = contract->findings().front();
  EXPECT_EQ(finding.rule, "no-valid-body");
  EXPECT_THAT(finding.message, HasSubstr("GET /"));
  EXPECT_EQ(finding.line, 6);
}

TEST(ApiBody, TakesAnExampleAsAModelAndTellsTheTruthInIt) {
  const TemporaryFolder folder;
  const auto contract = load(folder, R"(
openapi: 3.0.0
paths:
  /:
    get:
      responses:
        '503':
          content:
            application/json:
              example: { code: not_found, message: There is no such order, status: 404, docs: /help }
  /meant:
    get:
      responses:
        '503':
          content:
            application/json:
              examples:
                other: { value: { code: x, message: y } }
                maintenance: { value: { code: closed, message: y } }
)");
  EXPECT_EQ(body_for(*contract, "GET", "/"),
            R"({"code":"service_unavailable","message":"Back at 02:00 UTC","status":503})")
      << "help with another error is no help";
  EXPECT_EQ(body_for(*contract, "GET", "/meant"),
            R"({"code":"closed","message":"Back at 02:00 UTC"})");
}

TEST(ApiBody, WritesXmlByItsHints) {
  const TemporaryFolder folder;
  const auto contract = load(folder, R"(
openapi: 3.0.0
paths:
  /:
    get:
      responses:
        '503':
          content:
            application/xml:
              schema:
                type: object
                xml: { name: fault, prefix: f, namespace: 'urn:f' }
                properties:
                  code: { type: string, xml: { attribute: true } }
                  errors:
                    type: array
                    xml: { wrapped: true }
                    items: { type: string, xml: { name: error } }
)");
  EXPECT_THAT(body_for(*contract, "GET", "/"),
              HasSubstr(R"(<f:fault xmlns:f="urn:f" code="SERVICE_UNAVAILABLE"><errors>)"
                        R"(<error>Back at 02:00 UTC</error></errors></f:fault>)"));
}

// ---------------------------------------------------------------- what is kept

// Whatever the number of operations, an answer that they share is kept once: by a reference, or
// spelled out the same.
TEST(ApiContract, OperationsWithTheSameAnswerShareAPromise) {
  const TemporaryFolder folder;
  std::string text = "openapi: 3.1.0\npaths:\n";
  for (int i = 0; i < 50; ++i) {
    const std::string path = "  /a" + std::to_string(i);
    text += path +
            ":\n    get: { responses: { default: { $ref: '#/components/responses/E' } } }\n" +
            "    put:\n      responses:\n        '503':\n          content:\n" +
            "            application/json: { schema: { type: object, required: [ok], " +
            "properties: { ok: { type: boolean } } } }\n";
  }
  text +=
      "  /other:\n    get:\n      responses:\n        '503':\n          content:\n"
      "            text/plain: { schema: { type: string } }\n"
      "components:\n  responses:\n    E:\n      content:\n"
      "        application/json: { schema: { type: object, properties: { code: { const: 7 } } } "
      "}\n";
  const auto contract = load(folder, text);
  ASSERT_THAT(contract->operations(), SizeIs(101));
  const auto promise = [&](const char* method, const char* path) {
    return contract->find(method, path).promise;
  };
  EXPECT_EQ(promise("GET", "/a0"), promise("GET", "/a49"));
  EXPECT_EQ(promise("PUT", "/a0"), promise("PUT", "/a49"));
  EXPECT_NE(promise("GET", "/a0"), promise("PUT", "/a0"));
  EXPECT_NE(promise("GET", "/other"), promise("PUT", "/a0"));
  // The answer to undeclared paths is one of them.
  EXPECT_EQ(contract->promises().size(), 3U);
}

// Whether x-maintenance has its say decides where an answer is said to come from.
TEST(ApiContract, OperationsOfWhichOneIsOverriddenShareNoPromise) {
  const TemporaryFolder folder;
  const std::string responses =
      "responses: { '503': { content: { application/json: { schema: { type: object } } } } }";
  const auto contract =
      load(folder, "openapi: 3.1.0\npaths:\n  /:\n    get: { " + responses +
                       " }\n    put: { x-maintenance: { status: 503 }, " + responses + " }\n");
  const Promise* plain = contract->find("GET", "/").promise;
  const Promise* overridden = contract->find("PUT", "/").promise;
  EXPECT_NE(plain, overridden);
  EXPECT_FALSE(plain->is_overridden);
  EXPECT_TRUE(overridden->is_overridden);
}

// The same text is another schema where its reference leads elsewhere.
TEST(ApiContract, OperationsOfOtherFilesShareNoPromiseByItsText) {
  const TemporaryFolder folder;
  const auto document = [&](const std::string& name, const std::string& constant) {
    folder.write(name + ".yaml",
                 "openapi: 3.1.0\npaths:\n  /" + name +
                     ":\n    get: { responses: { '503': { content: { application/json: { schema: { "
                     "required: [a], properties: { a: { $ref: '#/components/schemas/A' } } } } } } "
                     "} }\n    put: { responses: { '503': { content: { application/json: { schema: "
                     "{ const: 7 } } } } } }\ncomponents: { schemas: { A: { const: " +
                     constant + " } } }\n");
  };
  document("one", "1");
  document("two", "2");
  const auto contract = ApiContract::load(folder.path().string());
  ASSERT_TRUE(contract) << contract.error().text();
  EXPECT_EQ(body_for(**contract, "GET", "/one"), R"({"a":1,"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(body_for(**contract, "GET", "/two"), R"({"a":2,"message":"Back at 02:00 UTC"})");
  EXPECT_EQ((*contract)->find("PUT", "/one").promise, (*contract)->find("PUT", "/two").promise);
}

// ---------------------------------------------------------------- x-maintenance

TEST(ApiContractOverride, GoesBeforeWhatIsDeclaredTheNearestFirst) {
  const TemporaryFolder folder;
  const auto contract = load(folder, R"(
openapi: 3.0.0
x-maintenance: { status: 500, headers: { X-From: root } }
paths:
  /a:
    x-maintenance: { status: 200 }
    get:
      x-maintenance: { example: { state: closed, message: x } }
      responses: {}
    put:
      x-maintenance: { dialect: legacy, color: red }
      responses: {}
)");
  const Promise& get = *contract->find("GET", "/a").promise;
  EXPECT_EQ(get.status, 200);
  const auto said = contract->say(get, facts());
  ASSERT_THAT(said, SizeIs(1));
  EXPECT_EQ(said[0].body, R"({"state":"closed","message":"Back at 02:00 UTC"})");
  EXPECT_EQ(said[0].fields, "X-From: root\r\n");
  EXPECT_EQ(contract->find("PUT", "/a").promise->dialect, "legacy");
  ASSERT_THAT(contract->findings(), SizeIs(1));
  EXPECT_EQ(contract->findings()[0].line, 11);
}

TEST(ApiContractOverride, SetsNoFieldThatEveryAnswerCarries) {
  const TemporaryFolder folder;
  for (const std::string field : {"content-language", "Access-Control-Allow-Origin",
                                  "X-Vcap-Request-Id", "Retry-After", "not a token"}) {
    const auto contract = load(
        folder, "openapi: 3.0.0\nx-maintenance: { headers: { '" + field + "': x } }\npaths: {}\n");
    ASSERT_THAT(contract->findings(), SizeIs(2)) << field << ", and no operations";
    EXPECT_THAT(contract->findings()[0].message,
                HasSubstr("expected a field that may be set here"));
  }
}

// ---------------------------------------------------------------- what cannot be read

TEST(ApiContractErrors, NameDocumentAndLine) {
  EXPECT_THAT(error_of("a: 1\n"), HasSubstr("api.yaml:1: expected an API document"));
  EXPECT_THAT(error_of("openapi: 4.0.0\n"), HasSubstr("api.yaml:1: expected an API document"));
  EXPECT_THAT(error_of("openapi: 3.1.0\npaths: [\n"), HasSubstr("api.yaml:"));
  EXPECT_THAT(error_of("openapi: 3.1.0\npaths: []\n"), HasSubstr("api.yaml:2: paths: expected"));
  EXPECT_THAT(error_of("openapi: 3.1.0\ninfo: { title: " + std::string(2'000'000, 'x') + " }\n"),
              HasSubstr("api.yaml:2: expected texts of at most"));
}

TEST(ApiContractErrors, RefusesReferencesThatLeadElsewhere) {
  EXPECT_THAT(error_of(one_schema("{ $ref: '../other.yaml#/A' }")),
              HasSubstr("api.yaml:9: $ref: expected a file in the document's folder"));
  EXPECT_THAT(error_of(one_schema("{ $ref: '/etc/passwd' }")),
              HasSubstr("$ref: expected a file in the document's folder"));
  EXPECT_THAT(error_of(one_schema("{ $ref: 'https://example.com/a.yaml' }")),
              HasSubstr("api.yaml:9: $ref: expected a place in this document or in a file beside"));
  EXPECT_THAT(error_of(one_schema("{ $ref: '#/nowhere' }")),
              HasSubstr("api.yaml:9: $ref: \"#/nowhere\" does not exist"));
  EXPECT_THAT(error_of(one_schema("{ $ref: '#/paths/~1/get/responses/503/content/"
                                  "application~1json/schema' }")),
              HasSubstr("/schema\" leads back to itself"));
}

TEST(ApiContractErrors, NamesWhatIsWrongWithAReference) {
  EXPECT_THAT(error_of(one_schema("{ $ref: '//example.com/a.yaml' }")),
              HasSubstr("expected a place in this document or in a file beside"));
  EXPECT_THAT(error_of(one_schema("{ $ref: '#nowhere' }")),
              HasSubstr("\"#nowhere\" does not exist"));
  EXPECT_THAT(error_of(one_schema("{ $ref: '#/~2' }")), HasSubstr("does not exist"));
  EXPECT_THAT(error_of(one_schema("{ $ref: 'missing.yaml' }")),
              HasSubstr("expected an existing file"));
  const TemporaryFolder folder;
  folder.write("broken.yaml", "a: [\n");
  std::filesystem::create_directory(folder.path() / "folder");
  const auto error_in_folder = [&](const std::string& schema) {
    const auto contract = load(folder, one_schema(schema));
    const Finding& finding = contract->findings().front();
    return base::Error{finding.message, finding.file, finding.line}.text();
  };
  EXPECT_THAT(error_in_folder("{ $ref: folder }"), HasSubstr("expected an existing file"));
  EXPECT_THAT(error_in_folder("{ $ref: 'broken.yaml#/A' }"), HasSubstr("broken.yaml:"));
  EXPECT_THAT(error_in_folder("{ properties: { a: { items: { $ref: 'broken.yaml#/A' } } } }"),
              HasSubstr("broken.yaml:"));
  EXPECT_THAT(error_in_folder("{ allOf: [{}, { $ref: 'broken.yaml#/A' }] }"),
              HasSubstr("broken.yaml:"));
}

// Examples and defaults hold data: a member $ref in them refers to nothing.
TEST(ApiContractErrors, FollowsNoReferenceInData) {
  for (const char* key : {"example", "default"}) {
    EXPECT_EQ(error_of(one_schema("{ properties: { a: { " + std::string(key) +
                                  ": { $ref: '#/nowhere' } } } }")),
              "no error")
        << key;
  }
  EXPECT_EQ(error_of(one_schema("{ examples: [{ $ref: '#/nowhere' }] }")), "no error");
  EXPECT_EQ(error_of(one_schema("{ x-note: { $ref: '#/nowhere' } }")), "no error");
  EXPECT_THAT(error_of(one_schema("{ properties: { example: { $ref: '#/nowhere' } } }")),
              HasSubstr("does not exist"))
      << "a property of that name is a schema";
}

TEST(ApiContractErrors, BoundsHowManyFilesAreRead) {
  const TemporaryFolder folder;
  std::string schemas;
  for (std::size_t i = 1; i <= kMaxApiFiles; ++i) {
    const std::string name = "f" + std::to_string(i) + ".json";
    folder.write(name, "{}");
    schemas += "{ $ref: " + name + " }, ";
    if (i + 1 != kMaxApiFiles) continue;
    const auto most = folder.write("api.yaml", one_schema("{ allOf: [" + schemas + "] }"));
    EXPECT_THAT((*ApiContract::load(most.string()))->findings(), IsEmpty());
  }
  const auto more = folder.write("api.yaml", one_schema("{ allOf: [" + schemas + "] }"));
  const auto contract = ApiContract::load(more.string());
  ASSERT_TRUE(contract);
  EXPECT_THAT((*contract)->findings().front().message, HasSubstr("expected at most 1000 files"));
}

TEST(ApiContractErrors, FollowsNoSymbolicLinkOutOfTheFolder) {
  const TemporaryFolder outside;
  outside.write("secret.yaml", "A: { const: secret }\n");
  const TemporaryFolder folder;
  std::filesystem::create_symlink(outside.path() / "secret.yaml", folder.path() / "link.yaml");
  const auto file = folder.write("api.yaml", one_schema("{ $ref: 'link.yaml#/A' }"));
  const auto contract = ApiContract::load(file.string());
  ASSERT_TRUE(contract);
  EXPECT_THAT((*contract)->findings().front().message,
              HasSubstr("expected a file in the document's folder"));
  EXPECT_EQ(body_for(**contract, "GET", "/"), "nothing");
}

TEST(ApiContractErrors, FollowsReferencesToFilesBeside) {
  const TemporaryFolder folder;
  folder.write("parts.yaml", "A: { $ref: '#/B' }\nB: { const: beside }\n");
  const auto contract = load(folder, one_schema("{ $ref: 'parts.yaml#/A' }"));
  EXPECT_EQ(body_for(*contract, "GET", "/"), R"("beside")");
}

TEST(ApiContractErrors, BoundsSchemasThatBranchWithoutEnd) {
  std::string schemas = "\ncomponents:\n  schemas:\n    S30: { type: string }\n";
  for (int i = 0; i < 30; ++i) {
    const std::string next = "{ $ref: '#/components/schemas/S" + std::to_string(i + 1) + "' }";
    schemas += "    S" + std::to_string(i) + ": { required: [a, b], properties: { a: " + next +
               ", b: " + next + " } }\n";
  }
  const TemporaryFolder folder;
  const auto contract = load(folder, one_schema("{ $ref: '#/components/schemas/S0' }") + schemas);
  EXPECT_EQ(body_for(*contract, "GET", "/"), "nothing");
  EXPECT_THAT(contract->findings().front().message, HasSubstr("(the schema is too complex)"));
}

}  // namespace
}  // namespace intermission::openapi
