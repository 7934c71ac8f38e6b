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

/// The answer to a request that no document describes.
std::string shared_in(const std::string& document) {
  const TemporaryFolder folder;
  return body_for(*load(folder, document), "GET", "/unknown");
}

// ---------------------------------------------------------------- operations

TEST(ContractReader, NamesAMemberThatHasNoRoomForTheMessage) {
  const TemporaryFolder folder;
  const auto contract =
      load(folder, api("/a: " + get("'503': " + json("{ schema: { required: [message], properties: "
                                                     "{ message: { type: string, maxLength: 20 } "
                                                     "} } }"))));
  std::vector<std::string> found;
  for (const auto& finding : contract->findings()) {
    if (finding.rule == "cut-message") found.push_back(finding.message);
  }
  EXPECT_THAT(found, ElementsAre(HasSubstr("application/json: the member ")));
}

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
  EXPECT_EQ(a.declares, DeclaredBy::k503);
  const Operation& b = contract->operations()[1];
  EXPECT_EQ(b.method, "PUT");
  EXPECT_EQ(b.path, "/v2/b") << "the servers of the path go before those of the document";
  EXPECT_EQ(b.line, 12);
  EXPECT_EQ(b.response_line, 14);
  EXPECT_EQ(b.declares, DeclaredBy::k5xx);
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
              HasSubstr("does not exist"));
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
  EXPECT_EQ(unknown.origin, DeclaredBy::kShared);
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

TEST(ContractReader, OperationsWithAnotherAnswerHaveTheirOwnPromise) {
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
      "GET /: no body of the type application/xml could be made (its names or texts do not fit "
      "the syntax); clients get the gateway's own answer");
  EXPECT_EQ(contract->findings()[0].line, 2);
}

TEST(ContractReader, SaysWhyAFormCannotBeMade) {
  const auto finding = [](const std::string& content) {
    const TemporaryFolder folder;
    const auto contract = load(folder, api("/: " + get("'503': { content: { " + content + " } }")));
    return contract->findings().size() == 1 ? contract->findings()[0].message : "no finding";
  };
  EXPECT_THAT(finding("application/json: { schema: { required: [a], properties: { a: false } } }"),
              HasSubstr("(nothing was found for its required member a)"));
  EXPECT_THAT(finding("application/json: { schema: { required: [a], properties: { a: { required: "
                      "[b], properties: { b: { oneOf: [false, false] } } } } } }"),
              HasSubstr("(nothing was found for its required member b)"))
      << "the innermost";
  EXPECT_THAT(finding("application/json: { schema: { oneOf: [false] } }"),
              HasSubstr("(the schema allows nothing that could be sent)"));
  EXPECT_THAT(finding("text/plain: { schema: { type: string, minLength: 2, maxLength: 1 } }"),
              HasSubstr("(its names or texts do not fit the syntax)"));
  EXPECT_THAT(finding("'image/p\u00E9g': {}"),
              HasSubstr("GET /: the response declares image/p\\x"));
}

// Of no use for a text are both: patterns that are wrong, and those that use what is not supported.
TEST(ContractReader, ReportsPatternsThatAreNotUnderstood) {
  const auto findings = [](const std::string& schema) {
    const TemporaryFolder folder;
    const auto contract = load(folder, api("/: " + get("'503': { content: { application/json: { "
                                                       "schema: " +
                                                       schema + " } } }")));
    std::vector<std::string> out;
    for (const Finding& finding : contract->findings()) {
      out.push_back(finding.rule + " " + std::to_string(finding.line) + " " + finding.message);
    }
    return out;
  };
  const auto about = [](const std::string& pattern) {
    return "unknown-pattern 2 GET /: the pattern \"" + pattern +
           "\" is not a valid regular expression, or uses something that is not supported "
           "(look-behind, back references, \\b); no text is sent where it applies";
  };
  EXPECT_THAT(findings("{ properties: { message: { type: string, pattern: '([a-z' } } }"),
              ElementsAre(about("([a-z")));
  EXPECT_THAT(findings("{ properties: { message: { type: string, pattern: '(?<=a)b' } } }"),
              ElementsAre(about("(?<=a)b")));
  EXPECT_THAT(
      findings("{ required: [code], properties: { code: { type: string, pattern: '((' } } }"),
      ElementsAre(about("(("), ::testing::HasSubstr("required member code")));
  EXPECT_THAT(findings("{ properties: { message: { type: string, pattern: '[a-z ]+' } } }"),
              IsEmpty());
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

// ---------------------------------------------------------------- answers are true

std::string closed(const std::string& member, const std::string& values) {
  return json("{ schema: { required: [" + member + ", message], properties: { " + member +
              ": { enum: [" + values + "] }, message: { type: string } } } }");
}

TEST(TrueForm, AnErrorOfTheClientIsNoSharedForm) {
  const std::string token = json(
      "{ schema: { required: [error], properties: { error: { enum: [Token expired, Token "
      "missing] } } } }");
  EXPECT_EQ(shared_in(api("/a: " + get("'401': " + token) + ", /b: " + get("'401': " + token))),
            "nothing");
  EXPECT_EQ(
      shared_in(api("/a: " + get("'401': " + token) + ", /b: " + get("'404': " + json(kMessage)))),
      R"({"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(shared_in(api("/a: " + get("'404': " + closed("code", "NOT_FOUND")))), "nothing");
}

TEST(TrueForm, AFailureOfTheServiceGoesBeforeOthers) {
  const std::string paths =
      "/a: " + get("'400': " + closed("status", "400") + ", '401': " + closed("status", "401") +
                   ", '500': " + closed("status", "500"));
  EXPECT_EQ(shared_in(api(paths)), R"({"status":500,"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(shared_in(api(paths + ", /b: " + get("'502': " + closed("status", "502, 503")))),
            R"({"status":503,"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(shared_in(api(paths + ", /b: " + get("'501': " + closed("status", "501, 505")))),
            R"({"status":500,"message":"Back at 02:00 UTC"})")
      << "501 is a four like 500, and comes later";
}

TEST(TrueForm, AnOperationsOwnFailureGoesBeforeTheSharedForm) {
  const TemporaryFolder folder;
  const auto contract =
      load(folder, api("/a: " + get("'404': " + json(kDetail) + ", '409': " + json(kDetail)) +
                       ", /b: " + get("'404': " + json(kDetail) + ", '500': " + json(kMessage)) +
                       ", /c: " + get("'500': { description: d }") +
                       ", /d: " + get("default: " + json(kDetail) + ", '500': " + json(kMessage))));
  EXPECT_EQ(body_for(*contract, "GET", "/a"), R"({"detail":"Back at 02:00 UTC"})");
  EXPECT_EQ(body_for(*contract, "GET", "/b"), R"({"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(contract->find("GET", "/b").operation->own_status, "500");
  EXPECT_EQ(contract->find("GET", "/b").operation->declares, DeclaredBy::kNothing);
  EXPECT_EQ(contract->find("GET", "/b").promise->origin, DeclaredBy::kOwnFailure);
  EXPECT_EQ(body_for(*contract, "GET", "/c"), R"({"detail":"Back at 02:00 UTC"})")
      << "a response without a body gives no form";
  EXPECT_EQ(body_for(*contract, "GET", "/d"), R"({"detail":"Back at 02:00 UTC"})")
      << "a default is declared for 503 as well";
}

TEST(TrueForm, OfItsFailuresTheOneThatSaysMostOfUs) {
  const TemporaryFolder folder;
  const auto contract =
      load(folder, api("/a: " + get("'500': " + closed("code", "INTERNAL_ERROR") +
                                    ", '504': " + closed("code", "SERVICE_UNAVAILABLE"))));
  EXPECT_EQ(body_for(*contract, "GET", "/a"),
            R"({"code":"SERVICE_UNAVAILABLE","message":"Back at 02:00 UTC"})");
  EXPECT_EQ(contract->find("GET", "/a").operation->own_status, "504");
}

TEST(TrueForm, ABranchOfAFailureGoesBeforeBranchesOfOtherErrors) {
  const auto branch = [](const std::string& status) {
    return "{ required: [status, message], properties: { status: { const: " + status +
           " }, message: { type: string } } }";
  };
  const auto body = [&](const std::string& branches) {
    const TemporaryFolder folder;
    return body_for(
        *load(folder,
              api("/a: " + get("default: " + json("{ schema: { anyOf: [" + branches + "] } }")))),
        "GET", "/a");
  };
  EXPECT_EQ(body(branch("404") + ", " + branch("500") + ", " + branch("429")),
            R"({"status":500,"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(body(branch("500") + ", " + branch("503")),
            R"({"status":503,"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(body(branch("404") + ", { properties: { message: { type: string } } }"),
            R"({"message":"Back at 02:00 UTC"})");
}

TEST(TrueForm, AnElementIsNotNamedAfterAnotherError) {
  const std::string xml = "{ content: { text/xml: { schema: { $ref: '#/components/schemas/";
  const std::string schemas =
      "components: { schemas: { DBClusterNotFoundFault: {}, ServiceFault: {} } }\n";
  EXPECT_EQ(
      shared_in(api("/a: " + get("'480': " + xml + "DBClusterNotFoundFault' } } } }"), schemas)),
      "nothing");
  EXPECT_THAT(shared_in(api("/a: " + get("'480': " + xml + "ServiceFault' } } } }"), schemas)),
              HasSubstr("<ServiceFault>"));
}

TEST(TrueForm, ADefaultOfSuccessPromisesNoError) {
  const auto only = [](const std::string& description) {
    return api("/a: " + get("default: { description: '" + description + "'" +
                            ", content: { application/json: " + kDetail + " } }"));
  };
  EXPECT_EQ(shared_in(only("successful operation")), "nothing");
  EXPECT_THAT(findings_of(only("successful operation")), ElementsAre("default-of-success:2"));
  EXPECT_EQ(shared_in(only("an error, unsuccessful")), R"({"detail":"Back at 02:00 UTC"})");
  EXPECT_EQ(shared_in(only("Details")), R"({"detail":"Back at 02:00 UTC"})");
  const std::string beside = "{ description: ok, content: { application/json: " + kDetail + " } }";
  EXPECT_EQ(shared_in(api("/a: " + get("'200': {}, default: " + beside))),
            R"({"detail":"Back at 02:00 UTC"})")
      << "success is declared apart";
  EXPECT_EQ(shared_in(api("/a: " + get("'400': { description: d }, default: " + beside))),
            "nothing");
}

TEST(TrueForm, AnExampleOfAClientsErrorLendsNoWords) {
  const std::string form = "{ schema: { properties: { message: { type: string } } }, example: { ";
  EXPECT_EQ(
      shared_in(api("/a: " + get("'404': " + json(form + "message: m, hint: Look it up } }")))),
      R"({"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(
      shared_in(api("/a: " + get("'500': " + json(form + "message: m, hint: Look it up } }")))),
      R"({"message":"Back at 02:00 UTC","hint":"Look it up"})");
  EXPECT_EQ(
      shared_in(api("/a: " + get("default: " + json(form + "status: 404, hint: Look it up } }")))),
      R"({"message":"Back at 02:00 UTC","status":503})");
  EXPECT_EQ(
      shared_in(api("/a: " + get("default: " + json(form + "category: VALIDATION_ERROR } }")))),
      R"({"message":"Back at 02:00 UTC"})");
}

// ---------------------------------------------------------------- one bad line

TEST(OneBadLine, CostsTheResponseThatNeedsIt) {
  const std::string bad = "{ $ref: 'https://example.com/errors.yaml#/A' }";
  const TemporaryFolder folder;
  const auto contract =
      load(folder, api("/a: " + get("'503': " + bad + ", default: " + json(kDetail)) +
                       ", /b: " + get("'503': " + json(kMessage))));
  EXPECT_EQ(body_for(*contract, "GET", "/a"), R"({"detail":"Back at 02:00 UTC"})");
  EXPECT_EQ(body_for(*contract, "GET", "/b"), R"({"message":"Back at 02:00 UTC"})");
  ASSERT_THAT(contract->findings(), SizeIs(1)) << "once, though it is looked at twice";
  EXPECT_EQ(contract->findings()[0].rule, "unresolved-reference");
  EXPECT_EQ(contract->findings()[0].line, 2);
  EXPECT_THAT(contract->findings()[0].message, HasSubstr("https://example.com/errors.yaml#/A"));
}

TEST(OneBadLine, CostsAMemberThatMayBeLeftOut) {
  EXPECT_EQ(body_by("{ properties: { message: {}, more: { $ref: 'https://example.com/a' } } }"),
            R"({"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(body_by("{ required: [more], properties: { more: { $ref: '#/nowhere' } } }"),
            "nothing");
  EXPECT_EQ(body_by("{ anyOf: [{ $ref: '#/nowhere' }, { properties: { message: {} } }] }"),
            R"({"message":"Back at 02:00 UTC"})");
}

TEST(OneBadLine, AReferenceIsFollowedWhereverBundlersFollowIt) {
  const TemporaryFolder folder;
  folder.write("parts.yaml",
               "paths: { /a: { get: { $ref: '#/operation' } } }\n"
               "operation: { responses: { $ref: '#/responses' } }\n"
               "responses: { '503': { content: { $ref: '#/content' } } }\n"
               "content: { application/json: { $ref: '#/type' } }\n"
               "type: { schema: { properties: { $ref: '#/members' } } }\n"
               "members: { message: { type: string } }\n");
  const auto contract = load(folder, "openapi: 3.1.0\npaths: { $ref: 'parts.yaml#/paths' }\n");
  EXPECT_EQ(body_for(*contract, "GET", "/a"), R"({"message":"Back at 02:00 UTC"})");
  EXPECT_THAT(contract->findings(), IsEmpty());
}

TEST(OneBadLine, WhatStandsBesideAReferenceOfAPathCounts) {
  const TemporaryFolder folder;
  const auto contract = load(
      folder, api("/a: { $ref: '#/shared', put: { responses: { '503': " + json(kDetail) + " } } }",
                  "shared: " + get("'503': " + json(kMessage)) + "\n"));
  EXPECT_EQ(body_for(*contract, "GET", "/a"), R"({"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(body_for(*contract, "PUT", "/a"), R"({"detail":"Back at 02:00 UTC"})");
}

TEST(OneBadLine, ADocumentWithoutOperationsIsAFinding) {
  EXPECT_THAT(findings_of("openapi: 3.1.0\ninfo: {}\n"), ElementsAre("no-operations:1"));
  EXPECT_THAT(findings_of("openapi: 3.1.0\npaths:\n  x-a: {}\n"), ElementsAre("no-operations:2"));
  EXPECT_THAT(findings_of("openapi: 3.1.0\npaths:\n  a: " + get("") + "\n"),
              ElementsAre("no-path:3", "no-operations:2"));
  EXPECT_THAT(findings_of("openapi: 3.1.0\npaths:\n  /a:\n    GET: { responses: {} }\n"),
              ElementsAre("no-method:4", "no-operations:2"));
  EXPECT_THAT(findings_of(api("/a: " + get(""))), IsEmpty());
}

TEST(OneBadLine, AVersionMayBeANumber) {
  EXPECT_THAT(findings_of("openapi: 3.0\npaths: { /a: " + get("") + " }\n"), IsEmpty());
  EXPECT_THAT(findings_of("openapi: 3.1\npaths: { /a: " + get("") + " }\n"), IsEmpty());
}

TEST(OneBadLine, AValueThatNoTypeHoldsIsText) {
  const std::string operations = "paths: { /a: " + get("'503': " + json(kMessage)) + " }\n";
  for (const std::string value :
       {"0x1234567890123456789012345678901234567890", "1e999", ".inf", "-.INF", ".nan"}) {
    const std::string text = "openapi: 3.1.0\nx-a:\n  " + value + "\n" + operations;
    EXPECT_THAT(findings_of(text), ElementsAre("unusual-value:3")) << value;
    const TemporaryFolder folder;
    EXPECT_EQ(body_for(*load(folder, text), "GET", "/a"), R"({"message":"Back at 02:00 UTC"})");
  }
  EXPECT_THAT(findings_of("openapi: 3.1.0\nx-a: 0x1234567890123456789012345678901234567890zz\n" +
                          operations),
              IsEmpty())
      << "text that only begins so";
}

TEST(OneBadLine, AKeyThatIsThereTwiceCountsOnce) {
  const std::string text =
      api("/a: " + get("'503': " + json(kMessage) + ", '503': " + json(kDetail)));
  const TemporaryFolder folder;
  EXPECT_EQ(body_for(*load(folder, text), "GET", "/a"), R"({"detail":"Back at 02:00 UTC"})");
  EXPECT_THAT(findings_of(text), ElementsAre("unusual-value:2"));
}

TEST(OneBadLine, MergeKeysAreMerged) {
  const TemporaryFolder folder;
  const auto contract = load(folder, R"(openapi: 3.1.0
x-errors: &errors
  '503': { content: { application/json: { schema: { properties: { message: {} } } } } }
  '500': { description: d }
x-more: &more { '503': {}, '502': { description: more } }
paths:
  /a: { get: { responses: { <<: *errors, '200': { description: ok } } } }
  /b: { get: { responses: { <<: [*errors, *more] } } }
  /c: { get: { responses: { <<: *errors, '503': { description: own } } } }
)");
  EXPECT_EQ(body_for(*contract, "GET", "/a"), R"({"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(body_for(*contract, "GET", "/b"), R"({"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(body_for(*contract, "GET", "/c"), "nothing") << "its own goes first";
  EXPECT_THAT(contract->findings(), IsEmpty());
}

TEST(OneBadLine, ASchemaIsFoundByItsName) {
  const auto body = [](const std::string& reference) {
    const TemporaryFolder folder;
    folder.write("other.yaml", "A: { $anchor: far, properties: { message: {} } }\n");
    return body_for(*load(folder, one_schema("{ $ref: '" + reference + "' }") +
                                      R"(components:
  schemas:
    A: { $anchor: near, properties: { message: {} } }
    B:
      $id: https://example.com/schemas/b.json
      properties: { detail: {} }
      $defs: { C: { $anchor: inner, properties: { text: {} } } }
      allOf: [{}, { $anchor: second, properties: { error: {} } }, { $anchor: third }]
    D: { $id: https://example.com/schemas/d.json, $ref: b.json }
)"),
                    "GET", "/");
  };
  EXPECT_EQ(body("#near"), R"({"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(body("other.yaml#far"), R"({"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(body("https://example.com/schemas/b.json"), R"({"detail":"Back at 02:00 UTC"})");
  EXPECT_EQ(body("https://example.com/schemas/b.json#inner"), R"({"text":"Back at 02:00 UTC"})");
  EXPECT_EQ(body("https://example.com/schemas/b.json#/$defs/C"), R"({"text":"Back at 02:00 UTC"})");
  EXPECT_EQ(body("https://example.com/schemas/b.json#second"), R"({"error":"Back at 02:00 UTC"})");
  EXPECT_NE(body("https://example.com/schemas/b.json#third"), "nothing");
  EXPECT_EQ(body("#/components/schemas/D"), R"({"detail":"Back at 02:00 UTC"})")
      << "a reference beside an $id is resolved against it";
  EXPECT_EQ(body("https://example.com/schemas/x.json"), "nothing");
}

TEST(OneBadLine, TheRootBoundsWhatIsReferredTo) {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder.path() / "apis" / "orders");
  std::filesystem::create_directories(folder.path() / "common");
  folder.write("common/errors.yaml", "A: { properties: { message: {} } }\n");
  const auto file =
      folder.write("apis/orders/api.yaml", one_schema("{ $ref: '../../common/errors.yaml#/A' }"))
          .string();
  const auto body_below = [&](const std::string& root) {
    const auto contract = ApiContract::load(file, root);
    return contract ? body_for(**contract, "GET", "/") : contract.error().text();
  };
  EXPECT_EQ(body_below(folder.path().string()), R"({"message":"Back at 02:00 UTC"})");
  EXPECT_EQ(body_below((folder.path() / "apis").string()), "nothing");
  EXPECT_EQ(body_below(""), "nothing") << "else the folder of the document";
  EXPECT_EQ(body_below((folder.path() / "common").string()), "nothing")
      << "a root that is not around the document";
  const auto outside = ApiContract::load(file, (folder.path() / "apis").string());
  EXPECT_THAT((*outside)->findings().front().message,
              HasSubstr("$ref: expected a file in the contract_root "));
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
  const auto broken = folder.write("broken.yaml", "openapi: [\n");
  const auto both = ApiContract::load(folder.path().string());
  ASSERT_TRUE(both) << "one document takes no other away";
  EXPECT_EQ((*both)->findings().front().rule, "broken-document");
  EXPECT_EQ((*both)->findings().front().file, broken.string());
  std::filesystem::remove(folder.path() / "good.yaml");
  const auto alone = ApiContract::load(folder.path().string());
  ASSERT_FALSE(alone);
  EXPECT_THAT(alone.error().text(), HasSubstr("broken.yaml:"));
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
