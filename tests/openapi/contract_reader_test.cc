// What is kept of API documents when they are loaded: operations, promises and findings.
#include "openapi/contract_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "openapi/api_in_memory.h"

namespace intermission::openapi {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;
using testing::TemporaryFolder;

const std::string kMessage = "{ schema: { properties: { message: { type: string } } } }";
const std::string kDetail = "{ schema: { properties: { detail: { type: string } } } }";

std::string json(const std::string& media_type) {
  return "{ content: { application/json: " + media_type + " } }";
}

/// A document with these paths, in flow style.
std::string api(const std::string& paths, const std::string& more = "") {
  return "openapi: 3.1.0\npaths: { " + paths + " }\n" + more;
}

std::string get(const std::string& responses) {
  return "{ get: { responses: { " + responses + " } } }";
}

/// What a request for what no document knows is told.
std::string shared_in(const std::string& document) {
  const TemporaryFolder folder;
  return body_for(*load(folder, document), "GET", "/unknown");
}

// ---------------------------------------------------------------- operations

TEST(ContractReader, SaysWhereEverythingStands) {
  const TemporaryFolder folder;
  const auto contract = load(folder, R"(openapi: 3.0.3
servers: [{ url: /v1 }]
paths:
  /a:
    get:
      responses:
        '503':
          content:
            application/json: { schema: { properties: { message: {} } } }
  /b:
    servers: [{ url: /v2 }]
    put:
      responses:
        5XX:
          content:
            application/json: { schema: { properties: { detail: {} } } }
)");
  const std::string file = (folder.path() / "api.yaml").string();
  EXPECT_EQ(contract->path(), file);
  ASSERT_THAT(contract->operations(), SizeIs(2));
  const Operation& a = contract->operations()[0];
  EXPECT_EQ(a.method, "GET");
  EXPECT_EQ(a.path, "/v1/a");
  EXPECT_EQ(a.file, file);
  EXPECT_EQ(a.line, 5);
  EXPECT_EQ(a.response_file, file);
  EXPECT_EQ(a.response_line, 7);
  EXPECT_EQ(a.declares, Origin::k503);
  const Operation& b = contract->operations()[1];
  EXPECT_EQ(b.method, "PUT");
  EXPECT_EQ(b.path, "/v2/b") << "the servers of the path go before those of the document";
  EXPECT_EQ(b.line, 12);
  EXPECT_EQ(b.response_line, 14);
  EXPECT_EQ(b.declares, Origin::k5xx);
  const Promise& promise = *contract->find("PUT", "/v2/b").promise;
  EXPECT_EQ(promise.file, file);
  EXPECT_EQ(promise.line, 14);
  EXPECT_EQ(promise.status, 503);
  EXPECT_EQ(promise.dialect, std::nullopt);
  EXPECT_FALSE(promise.is_overridden);
  EXPECT_EQ(contract->index_of(promise), b.promise);
  ASSERT_THAT(contract->documents(), SizeIs(1));
  EXPECT_EQ(contract->documents()[0]->version, "3.0.3");
}

TEST(ContractReader, KnowsTheDialectByTheVersion) {
  const auto dialect = [](const std::string& version) {
    const TemporaryFolder folder;
    return load(folder, version + "\npaths: {}\n")->documents()[0]->dialect;
  };
  EXPECT_EQ(dialect("openapi: 3.0.0"), SchemaDialect::kOpenApi30);
  EXPECT_EQ(dialect("openapi: 3.1.0"), SchemaDialect::kOpenApi31);
  EXPECT_EQ(dialect("openapi: 3.2.0"), SchemaDialect::kOpenApi31);
  EXPECT_EQ(dialect("swagger: '2.0'"), SchemaDialect::kSwagger2);
  EXPECT_EQ(dialect("swagger: 2.0"), SchemaDialect::kSwagger2);
  EXPECT_EQ(error_of("openapi: 3.1.0\ninfo: {}\n"), "no error") << "paths may be missing";
  EXPECT_THAT(error_of("info: {}\nswagger: 3.1.0\n"), HasSubstr("api.yaml:2: expected an API"));
  EXPECT_THAT(error_of("info: {}\n\nopenapi: 2.0.0\n"), HasSubstr("api.yaml:3: expected an API"));
  EXPECT_THAT(error_of("openapi: 3.1.0\npaths: []\n"),
              HasSubstr("api.yaml:2: paths: expected a map"));
}

TEST(ContractReader, EveryServerHasTheOperation) {
  const TemporaryFolder folder;
  const auto contract =
      load(folder, api("/a: " + get("'503': " + json(kMessage)) +
                           ", '/{x}': { get: { servers: [{ url: /v1 }, { url: /v3 "
                           "}], responses: {} } }",
                       "servers: [{ url: /v1 }, { url: /v2 }]\n"));
  for (const char* path : {"/v1/a", "/v2/a", "/v3/x"}) {
    EXPECT_NE(contract->find("GET", path).operation, nullptr) << path;
  }
  EXPECT_EQ(contract->find("GET", "/a").operation, nullptr);
}

// ---------------------------------------------------------------- what is shared

TEST(ContractReader, WhatIsSharedIsOfErrorsAlone) {
  EXPECT_EQ(shared_in(api("/a: " + get("'200': " + json(kMessage) + ", '404': " + json(kDetail)) +
                          ", /b: " + get("'200': " + json(kMessage)))),
            R"({"detail":"Back at 02:00 UTC"})");
  EXPECT_EQ(
      shared_in(api("/a: " + get("'404': 7, '409': { description: d }, '410': " + json(kDetail)))),
      R"({"detail":"Back at 02:00 UTC"})");
  EXPECT_EQ(shared_in(api("/a: " + get("default: " + json(kMessage)))),
            R"({"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(shared_in(api("/a: " + get("'302': " + json(kMessage)))), "nothing");
  EXPECT_THAT(error_of(api("/a: " + get("'404': { $ref: '#/nowhere' }"))),
              HasSubstr("expected a place that there is"));
}

TEST(ContractReader, WhatIsSharedIsTheMostFrequentThatTellsSomething) {
  const std::string both = "/a: " + get("'404': " + json(kDetail)) +
                           ", /b: " + get("'404': " + json(kMessage)) +
                           ", /c: " + get("'409': " + json(kMessage));
  EXPECT_EQ(shared_in(api(both)), R"({"message":"Back at 02:00 UTC"})");
  // Of two that are as frequent, always the same.
  EXPECT_EQ(shared_in(api("/a: " + get("'404': " + json(kMessage) + ", '409': " + json(kDetail)))),
            R"({"detail":"Back at 02:00 UTC"})");
  const std::string twice_dumb = "/x: " + get("'404': X") + ", /y: " + get("'404': X");
  for (const std::string& dumb :
       {json("{ schema: { required: [a], properties: { a: { type: integer } } } }"),
        json("{ schema: { properties: { message: {} }, patternProperties: { '^a': { type: string } "
             "} "
             "}, example: { ab: 1 } }"),
        std::string(
            "{ content: { text/plain: { schema: { type: object, properties: { message: {} } "
            "} } } }"),
        std::string("{ content: { image/png: {} } }")}) {
    std::string paths = twice_dumb;
    for (auto at = paths.find('X'); at != std::string::npos; at = paths.find('X')) {
      paths.replace(at, 1, dumb);
    }
    EXPECT_EQ(shared_in(api(paths + ", /z: " + get("'404': " + json(kDetail)))),
              R"({"detail":"Back at 02:00 UTC"})")
        << dumb;
  }
  EXPECT_EQ(shared_in(api("/a: " + get("'404': { content: { text/plain: {} } }"))),
            "Back at 02:00 UTC");
}

TEST(ContractReader, WhatIsSharedStandsWhereItStandsFirst) {
  const TemporaryFolder folder;
  const auto contract = load(folder,
                             "openapi: 3.1.0\npaths:\n  /a:\n    get:\n      responses:\n        "
                             "'404': " +
                                 json(kMessage) + "\n        '409': " + json(kMessage) + "\n");
  const Promise& unknown = contract->promises().front();
  EXPECT_EQ(unknown.origin, Origin::kShared);
  EXPECT_EQ(unknown.line, 6);
  EXPECT_EQ(contract->find("GET", "/unknown").promise, &unknown);
}

// Swagger 2.0 says at the operation of which types a response is.
TEST(ContractReader, AResponseOfSwaggerIsReadForEachOperation) {
  const TemporaryFolder folder;
  const auto contract = load(folder, R"(
swagger: '2.0'
paths:
  /a: { get: { produces: [application/json], responses: { '503': { $ref: '#/responses/E' } } } }
  /b: { get: { produces: [text/plain], responses: { '503': { $ref: '#/responses/E' } } } }
responses: { E: { schema: { type: string } } }
)");
  EXPECT_EQ(contract->find("GET", "/a").promise->forms.front().media_type, "application/json");
  EXPECT_EQ(contract->find("GET", "/b").promise->forms.front().media_type, "text/plain");
}

// ---------------------------------------------------------------- x-maintenance

/// The promise of GET / whose 503, if any, and x-maintenance are these.
std::string said_with(const std::string& response, const std::string& override,
                      const std::string& more = "") {
  const TemporaryFolder folder;
  const std::string responses = response.empty() ? "" : "'503': " + response;
  const auto contract = load(folder, api("/: { get: { x-maintenance: " + override +
                                         ", responses: { " + responses + " } } }" + more));
  const Promise& promise = *contract->find("GET", "/").promise;
  EXPECT_TRUE(promise.is_overridden) << override;
  std::string out = std::to_string(promise.status) + " " + promise.dialect.value_or("-");
  for (const SaidForm& said : contract->say(promise, facts())) {
    out += " | " + said.content_type + " " + said.fields + said.body;
  }
  return out;
}

TEST(ContractReader, WhatIsOverriddenIsSaidInstead) {
  const std::string told = R"({"message":"Back at 02:00 UTC"})";
  EXPECT_EQ(said_with(json(kMessage), "{ status: 500 }"), "500 - | application/json " + told);
  EXPECT_EQ(said_with(json(kMessage), "{ dialect: legacy }"),
            "503 legacy | application/json " + told);
  EXPECT_EQ(said_with(json(kMessage), "{ dialect: own, status: 500 }"), "500 -");
  EXPECT_EQ(said_with(json(kMessage), "{ headers: { X-A: \"a\\tb\", X-B: c } }"),
            "503 - | application/json X-A: a b\r\nX-B: c\r\n" + told);
  EXPECT_EQ(said_with(json(kMessage), "{ example: { message: m, code: closed } }"),
            R"(503 - | application/json {"message":"Back at 02:00 UTC","code":"closed"})");
  EXPECT_EQ(said_with("", "{ example: { code: closed } }"),
            R"(503 - | application/json {"code":"closed"})");
  const std::string xml = "{ content: { application/xml: " + kMessage + " } }";
  EXPECT_THAT(said_with(xml, "{ example: { message: m } }"),
              StartsWith("503 - | application/xml "));
  EXPECT_EQ(said_with("", "{ example: { code: closed } }", ", /b: " + get("'404': " + xml)),
            R"(503 - | application/json {"code":"closed"})")
      << "what others declare does not bind";
}

TEST(ContractReader, AnOverriddenHeaderIsSentOnce) {
  EXPECT_EQ(said_with("{ headers: { X-A: { required: true, schema: { const: declared } }, X-B: { "
                      "required: true, schema: { const: b } } }, content: { application/json: " +
                          kMessage + " } }",
                      "{ headers: { x-a: mine } }"),
            "503 - | application/json x-a: mine\r\nX-B: b\r\n{\"message\":\"Back at 02:00 UTC\"}");
}

// ---------------------------------------------------------------- what is one promise

TEST(ContractReader, OperationsThatAreToldAnythingElseHaveTheirOwnPromise) {
  const auto are_one = [](const std::string& one, const std::string& other) {
    const TemporaryFolder folder;
    const auto contract =
        load(folder, api("/a: { get: { " + one + " } }, /b: { get: { " + other + " } }"));
    return contract->find("GET", "/a").promise == contract->find("GET", "/b").promise;
  };
  const auto of = [](const std::string& response) {
    return "responses: { '503': " + response + " }";
  };
  const auto header = [&](const std::string& name, const std::string& value) {
    return of("{ headers: { " + name + ": { required: true, schema: { const: " + value +
              " } } }, content: { application/json: " + kMessage + " } }");
  };
  const auto overridden = [&](const std::string& override) {
    return "x-maintenance: " + override + ", " + of(json(kMessage));
  };
  const std::string plain = of(json(kMessage));
  EXPECT_TRUE(are_one(plain, plain));
  EXPECT_TRUE(are_one(header("X-A", "a"), header("X-A", "a")));
  EXPECT_FALSE(are_one(plain, of(json(kDetail))));
  EXPECT_FALSE(are_one(plain, of("{ content: { application/problem+json: " + kMessage + " } }")));
  EXPECT_FALSE(are_one(of(json("{ example: { a: 1 } }")), of(json("{ example: { a: 2 } }"))));
  EXPECT_FALSE(are_one(of(json("{ examples: { other: { value: { code: x } } } }")),
                       of(json("{ examples: { maintenance: { value: { code: x } } } }"))));
  EXPECT_FALSE(are_one(header("X-A", "a"), header("X-B", "a")));
  EXPECT_FALSE(are_one(header("X-A", "a"), header("X-A", "b")));
  EXPECT_FALSE(are_one(overridden("{ status: 500 }"), overridden("{ status: 501 }")));
  EXPECT_FALSE(are_one(overridden("{ dialect: legacy }"), overridden("{ dialect: json }")));
  EXPECT_FALSE(
      are_one(overridden("{ headers: { X-A: a } }"), overridden("{ headers: { X-B: a } }")));
  EXPECT_FALSE(
      are_one(overridden("{ headers: { X-A: a } }"), overridden("{ headers: { X-A: b } }")));
}

// ---------------------------------------------------------------- findings

TEST(ContractReader, AFormThatCannotBeMadeIsLeftOutOfThePromise) {
  const TemporaryFolder folder;
  const auto contract =
      load(folder, api("/: " + get("'503': { content: { application/json: " + kMessage +
                                   ", application/xml: { schema: { properties: { "
                                   "'a b': { const: 1 } }, required: ['a b'] } } } "
                                   "}")));
  const Promise& promise = *contract->find("GET", "/").promise;
  ASSERT_THAT(promise.forms, SizeIs(1));
  EXPECT_EQ(promise.forms[0].media_type, "application/json");
  ASSERT_THAT(contract->findings(), SizeIs(1));
  EXPECT_EQ(contract->findings()[0].level, Finding::Level::kError);
  EXPECT_EQ(
      contract->findings()[0].message,
      "GET /: no application/xml can be made that this response allows (its names or texts do "
      "not fit the syntax); the gateway's own answer stands in");
  EXPECT_EQ(contract->findings()[0].line, 2);
}

TEST(ContractReader, SaysWhyAFormCannotBeMade) {
  const auto finding = [](const std::string& content) {
    const TemporaryFolder folder;
    const auto contract = load(folder, api("/: " + get("'503': { content: { " + content + " } }")));
    return contract->findings().size() == 1 ? contract->findings()[0].message : "no finding";
  };
  EXPECT_THAT(finding("application/json: { schema: { required: [a], properties: { a: false } } }"),
              HasSubstr("(no body was found that the schema allows)"));
  EXPECT_THAT(finding("text/plain: { schema: { required: [a], type: object, properties: { a: false "
                      "} } }"),
              HasSubstr("(its names or texts do not fit the syntax)"));
  EXPECT_THAT(finding("'image/p\u00E9g': {}"),
              HasSubstr("GET /: the response declares image/p\\x"));
}

TEST(ContractReader, WhatIsSharedIsMadeOnceToo) {
  const TemporaryFolder folder;
  const auto contract = load(
      folder, api("/: " + get("'404': { content: { application/xml: { schema: { properties: { "
                              "message: {}, 'a b': { const: 1 } }, required: ['a b'] } } } }")));
  ASSERT_THAT(contract->findings(), SizeIs(1));
  EXPECT_THAT(contract->findings()[0].message, StartsWith("what the API does not declare: no "));
  EXPECT_THAT(contract->promises().front().forms, IsEmpty());
}

// ---------------------------------------------------------------- folders

TEST(ContractReader, AFolderHoldsDocumentsThatCanBeRead) {
  const TemporaryFolder folder;
  folder.write("parts.yaml", "Error: { type: object }\n");
  const auto none = ApiContract::load(folder.path().string());
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().text(), HasSubstr("expected a folder with API documents in it"));
  folder.write("good.yaml", api(""));
  EXPECT_TRUE(ApiContract::load(folder.path().string()));
  folder.write("broken.yaml", "openapi: [\n");
  const auto broken = ApiContract::load(folder.path().string());
  ASSERT_FALSE(broken);
  EXPECT_THAT(broken.error().text(), HasSubstr("broken.yaml:"));
}

TEST(ContractReader, ASchemaIsTheSameUnderEachOfItsNames) {
  const TemporaryFolder folder;
  const auto contract = load(
      folder,
      api("/a: " + get("'503': " + json("{ schema: { $ref: '#/components/schemas/A' } }")) +
              ", /b: " + get("'503': " + json("{ schema: { $ref: '#/components/schemas/B' } }")),
          "components: { schemas: { A: { $ref: '#/components/schemas/B' }, B: { "
          "properties: { message: { type: string } } } } }\n"));
  EXPECT_EQ(contract->find("GET", "/a").promise, contract->find("GET", "/b").promise);
  EXPECT_EQ(body_for(*contract, "GET", "/a"), R"({"message":"Back at 02:00 UTC"})");
}

}  // namespace
}  // namespace intermission::openapi
