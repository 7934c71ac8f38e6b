// What is read of API documents: versions, paths, responses, media types, examples and headers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "openapi/api_in_memory.h"

namespace intermission::openapi {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing::TemporaryFolder;

/// A document whose GET / has that 503.
std::string with_503(const std::string& response) {
  return "openapi: 3.1.0\npaths: { /: { get: { responses: { '503': " + response + " } } } }\n";
}

std::vector<SaidForm> said_by(const std::string& document) {
  const TemporaryFolder folder;
  const auto contract = load(folder, document);
  return contract->say(*contract->find("GET", "/").promise, facts());
}

std::vector<std::string> types_of(const std::string& content) {
  std::vector<std::string> out;
  for (const auto& said : said_by(with_503("{ content: " + content + " }"))) {
    out.push_back(said.content_type);
  }
  return out;
}

const std::string kMessage = "{ schema: { properties: { message: { type: string } } } }";

TEST(ApiMediaTypes, ARangeIsJson) {
  using Types = std::vector<std::string>;
  EXPECT_EQ(types_of("{ '*/*': " + kMessage + " }"), Types{"application/json"});
  EXPECT_EQ(types_of("{ 'application/*': " + kMessage + " }"), Types{"application/json"});
  EXPECT_EQ(types_of("{ application/problem+json: " + kMessage + " }"),
            Types{"application/problem+json"});
}

TEST(ApiMediaTypes, WhatIsNeitherJsonNorXmlNorTextIsSaidToBeLeftOut) {
  for (const char* type : {"image/png", "multipart/mixed", "nonsense"}) {
    const TemporaryFolder folder;
    const auto contract =
        load(folder, with_503("{ content: { '" + std::string(type) + "': {} } }"));
    EXPECT_THAT(contract->say(*contract->find("GET", "/").promise, facts()), IsEmpty()) << type;
    ASSERT_THAT(contract->findings(), SizeIs(1)) << type;
    EXPECT_EQ(contract->findings()[0].rule, "no-known-media-type");
    EXPECT_THAT(contract->findings()[0].message, HasSubstr(type));
  }
  const TemporaryFolder folder;
  const auto both =
      load(folder, with_503("{ content: { image/png: {}, application/json: " + kMessage + " } }"));
  EXPECT_THAT(both->findings(), IsEmpty()) << "one form is enough";
}

TEST(ApiExamples, TheOneForMaintenanceIsTakenWhereverItStands) {
  const auto body = [](const std::string& examples) {
    return said_by(with_503("{ content: { application/json: { examples: " + examples + " } } }"))
        .front()
        .body;
  };
  const std::string other = "other: { value: { code: x } }";
  const std::string meant = "maintenance: { value: { code: closed } }";
  EXPECT_EQ(body("{ " + other + ", " + meant + " }"), R"({"code":"closed"})");
  EXPECT_EQ(body("{ " + meant + ", " + other + " }"), R"({"code":"closed"})");
  EXPECT_EQ(body("{ " + other + " }"),
            R"({"code":"service_unavailable","message":"Back at 02:00 UTC"})");
  EXPECT_EQ(body("{ " + other + ", second: { value: { code: Second } } }"),
            R"({"code":"service_unavailable","message":"Back at 02:00 UTC"})")
      << "the first of two";
}

TEST(ApiHeaders, AreOneLineEach) {
  const auto fields = [](const std::string& value) {
    return said_by(with_503("{ headers: { X-Reason: { required: true, schema: { const: " + value +
                            " } } }, content: { application/json: {} } }"))
        .front()
        .fields;
  };
  EXPECT_EQ(fields("plain text"), "X-Reason: plain text\r\n");
  EXPECT_EQ(fields(R"("a\r\nSet-Cookie: b")"), "X-Reason: a  Set-Cookie: b\r\n");
  EXPECT_EQ(fields(R"("a\x01\x7Fb")"), "X-Reason: a  b\r\n");
}

TEST(ApiHeaders, ANameThatIsNoneIsLeftOut) {
  EXPECT_EQ(said_by(with_503("{ headers: { 'X Reason': { required: true, schema: { const: a } } }, "
                             "content: { application/json: {} } }"))
                .front()
                .fields,
            "");
}

TEST(ApiVersions, ThoseThatAreNotKnownAreNamed) {
  EXPECT_THAT(error_of("swagger: '1.2'\npaths: {}\n"), HasSubstr("expected an API document"));
  EXPECT_THAT(error_of("swagger: '1.2'\npaths: {}\n"), HasSubstr("1.2"));
  EXPECT_THAT(error_of("openapi: '2.0'\npaths: {}\n"), HasSubstr("2.0"));
  EXPECT_THAT(error_of("openapi: 4.0.0\npaths: {}\n"), HasSubstr("4.0.0"));
  EXPECT_THAT(error_of("info: {}\n"), HasSubstr("neither"));
  for (const char* version : {"openapi: 3.0.3", "openapi: 3.1.1", "swagger: '2.0'"}) {
    EXPECT_EQ(error_of(std::string(version) + "\npaths: {}\n"), "no error") << version;
  }
}

TEST(ApiPaths, BeginWithASlash) {
  const TemporaryFolder folder;
  const auto contract = load(folder, R"(
openapi: 3.1.0
paths:
  x-note: { get: { responses: {} } }
  /a: { get: { responses: {} }, x-more: {}, parameters: [], post: { responses: {} } }
  b: { get: { responses: {} } }
  /c: { get: { responses: {} } }
)");
  EXPECT_THAT(contract->operations(), SizeIs(3));
  EXPECT_NE(contract->find("POST", "/a").operation, nullptr);
  EXPECT_NE(contract->find("GET", "/c").operation, nullptr);
  EXPECT_EQ(contract->find("GET", "/b").operation, nullptr);
}

TEST(ApiPaths, TwoThatCannotBeToldApartAreFound) {
  const TemporaryFolder folder;
  const auto contract = load(folder, R"(
openapi: 3.1.0
paths:
  /a/{x}: { get: { responses: {} } }
  /a/{y}: { get: { responses: {} }, put: { responses: {} } }
)");
  ASSERT_THAT(contract->findings(), SizeIs(1));
  EXPECT_EQ(contract->findings()[0].rule, "same-path-twice");
  EXPECT_THAT(contract->findings()[0].message, HasSubstr("GET /a/{y}"));
}

TEST(ApiResponses, AreHeldUnderTheirStatus) {
  EXPECT_THAT(error_of("openapi: 3.1.0\npaths: { /: { get: { responses: { '503': { $ref: "
                       "'#/nowhere' } } } } }\n"),
              HasSubstr("does not exist"));
  EXPECT_THAT(error_of("openapi: 3.1.0\npaths: { /: { $ref: '#/nowhere' } }\n"),
              HasSubstr("does not exist"));
  EXPECT_EQ(error_of("openapi: 3.1.0\npaths: { /: { get: { responses: 7 } } }\n"), "no error");
  EXPECT_EQ(error_of("openapi: 3.1.0\npaths: { /: { get: { responses: { '503': 7 } } } }\n"),
            "no error");
}

TEST(ApiSwagger, TheTypesAreThoseOfTheOperationThenOfTheDocument) {
  const auto types = [](const std::string& root, const std::string& operation,
                        const std::string& response) {
    std::vector<std::string> out;
    for (const auto& said : said_by("swagger: '2.0'\n" + root + "paths: { /: { get: { " +
                                    operation + "responses: { '503': " + response + " } } } }\n")) {
      out.push_back(said.content_type);
    }
    return out;
  };
  using Types = std::vector<std::string>;
  const std::string schema = "{ schema: { properties: { message: { type: string } } } }";
  EXPECT_EQ(types("", "", schema), Types{"application/json"});
  EXPECT_EQ(types("produces: [application/xml]\n", "", schema), Types{"application/xml"});
  EXPECT_EQ(types("produces: [application/xml]\n", "produces: [text/json], ", schema),
            types("", "produces: [text/json], ", schema));
  EXPECT_EQ(types("produces: 7\n", "", schema), Types{"application/json"});
  EXPECT_EQ(types("", "", "{ examples: { application/json: { message: m } } }"),
            Types{"application/json"});
  EXPECT_EQ(types("", "", "{ description: d }"), Types{});
}

TEST(ApiFolder, HoldsDocumentsOfThreeEndings) {
  for (const char* name : {"a.json", "a.yaml", "a.yml"}) {
    const TemporaryFolder folder;
    folder.write(name, R"({"openapi":"3.0.0","paths":{"/b":{"get":{"responses":{}}}}})");
    folder.write("notes.txt", "openapi: 3.1.0");
    const auto contract = ApiContract::load(folder.path().string());
    ASSERT_TRUE(contract) << contract.error().text();
    EXPECT_THAT((*contract)->operations(), SizeIs(1)) << name;
  }
  const TemporaryFolder empty;
  EXPECT_FALSE(ApiContract::load(empty.path().string()));
  EXPECT_FALSE(ApiContract::load((empty.path() / "missing").string()));
}

// ---------------------------------------------------------------- what is read of a response

/// The body by that media type of a 503.
std::string body_of(const std::string& media_type, const std::string& more = "") {
  const TemporaryFolder folder;
  return body_for(
      *load(folder, with_503("{ content: { application/json: " + media_type + " } }") + more),
      "GET", "/");
}

TEST(ApiMediaTypes, AreComparedInLowerCaseAndSentAsDeclared) {
  const auto said =
      said_by(with_503("{ content: { ' Application/JSON; charset=UTF-8 ': " + kMessage + " } }"))
          .front();
  EXPECT_EQ(said.media_type, "application/json");
  EXPECT_EQ(said.content_type, "Application/JSON; charset=UTF-8");
  const TemporaryFolder folder;
  const auto contract = load(
      folder,
      with_503("{ content: { \"application/json; a=\\\"b\\r\\nX: y\\\"\": " + kMessage + " } }"));
  const auto near = contract->say(*contract->find("GET", "/").promise, facts());
  ASSERT_THAT(near, SizeIs(1));
  EXPECT_EQ(near.front().content_type, "application/json") << "never what would break a field";
}

TEST(ApiMediaTypes, OneWithoutASchemaAllowsEverything) {
  EXPECT_EQ(body_of("{ example: { a: 1 } }"), R"({"a":1,"message":"Back at 02:00 UTC"})");
  EXPECT_THAT(body_of("{}"), HasSubstr(R"("message":"Back at 02:00 UTC")"));
  EXPECT_THAT(types_of("7"), IsEmpty());
}

TEST(ApiExamples, TheOneForMaintenanceThenTheOnlyThenTheOneThatFits) {
  const std::string other = "other: { value: { code: x } }";
  EXPECT_EQ(body_of("{ example: { code: only-one }, examples: { " + other + " } }"),
            R"({"code":"service-unavailable","message":"Back at 02:00 UTC"})");
  EXPECT_EQ(
      body_of("{ example: { code: Only }, examples: { unknown_error: { value: { code: a_b } } } }"),
      R"({"code":"service_unavailable","message":"Back at 02:00 UTC"})");
  EXPECT_EQ(body_of("{ example: { code: Only }, examples: { other: { value: { code: a_b } } } }"),
            R"({"code":"ServiceUnavailable","message":"Back at 02:00 UTC"})");
  EXPECT_EQ(
      body_of("{ example: { code: x }, examples: { Maintenance: { value: { code: closed } } } }"),
      R"({"code":"closed"})");
  EXPECT_EQ(
      body_of(
          "{ examples: { first: { value: { code: A-B } }, second: { value: { code: a_b } } } }"),
      R"({"code":"SERVICE-UNAVAILABLE","message":"Back at 02:00 UTC"})");
  EXPECT_EQ(
      body_of("{ examples: { not_found: { value: { code: A-B } }, unavailable: { value: { code: "
              "a_b } }, other: { value: { code: Z } } } }"),
      R"({"code":"service_unavailable","message":"Back at 02:00 UTC"})");
  EXPECT_EQ(
      body_of("{ examples: { unavailable: { summary: no value }, other: { value: { code: a-b } } "
              "} }"),
      R"({"code":"service-unavailable","message":"Back at 02:00 UTC"})");
  EXPECT_EQ(body_of("{ examples: { maintenance: { $ref: '#/components/examples/M' } } }",
                    "components: { examples: { M: { value: { code: closed } } } }\n"),
            R"({"code":"closed"})");
  EXPECT_EQ(body_of("{ examples: 7, example: { code: a-b } }"),
            R"({"code":"service-unavailable","message":"Back at 02:00 UTC"})");
  EXPECT_THAT(error_of(with_503("{ content: { application/json: { examples: { maintenance: { $ref: "
                                "'#/nowhere' } } } } }")),
              HasSubstr("does not exist"));
}

TEST(ApiHeaders, ThoseThatAreRequiredAreSentInTheirOrder) {
  const auto fields = [](const std::string& headers) {
    return said_by(with_503("{ headers: " + headers + ", content: { application/json: {} } }"))
        .front()
        .fields;
  };
  EXPECT_EQ(
      fields("{ X-A: { schema: { const: a } }, X-B: { required: true, schema: { const: b } }, "
             "Retry-After: { required: true, schema: { const: 5 } }, X-C: { required: true, "
             "schema: { const: c d } } }"),
      "X-B: b\r\nX-C: c d\r\n");
  EXPECT_EQ(fields("{ X-A: { required: true, schema: { type: object } }, X-B: { required: true, "
                   "schema: { const: b } } }"),
            "X-B: b\r\n")
      << "what cannot be made is left out";
  EXPECT_EQ(fields("7"), "");
  EXPECT_EQ(fields("{ X-Request-Id: { required: true, schema: { type: string } } }"),
            "X-Request-Id: <request>\r\n");
  for (const char* header :
       {"{ $ref: '#/nowhere' }", "{ required: true, schema: { $ref: '#/nowhere' } }"}) {
    EXPECT_THAT(error_of(with_503("{ headers: { X-A: " + std::string(header) + " } }")),
                HasSubstr("does not exist"))
        << header;
  }
}

TEST(ApiResponses, AnOwnAnswerOfTheGatewayIsNoPromise) {
  const TemporaryFolder folder;
  const auto contract = load(folder, with_503("{ x-maintenance: { dialect: own }, content: { "
                                              "application/json: " +
                                              kMessage + " } }"));
  EXPECT_THAT(contract->find("GET", "/").promise->forms, IsEmpty());
  EXPECT_THAT(contract->findings(), IsEmpty());
  EXPECT_EQ(contract->operations().front().declares, DeclaredBy::k503);
}

TEST(ApiSwagger, AnExampleIsOfItsType) {
  const auto said = said_by(
      "swagger: '2.0'\nproduces: [application/problem+json, application/json]\npaths: { /: { get: "
      "{ "
      "responses: { '503': { examples: { application/json: { a: 1 } } } } } } }\n");
  ASSERT_THAT(said, SizeIs(2));
  EXPECT_THAT(said[0].body, HasSubstr("Back at 02:00 UTC"));
  EXPECT_EQ(said[1].body, R"({"a":1,"message":"Back at 02:00 UTC"})");
  EXPECT_THAT(error_of("swagger: '2.0'\npaths: { /: { get: { responses: { '503': { schema: { $ref: "
                       "'#/nowhere' } } } } } }\n"),
              HasSubstr("does not exist"));
}

TEST(ApiMatch, SaysWhetherAPathIsKnown) {
  const TemporaryFolder folder;
  const auto contract =
      load(folder, with_503("{ content: { application/json: " + kMessage + " } }"));
  EXPECT_TRUE(contract->find("GET", "/").is_path_known);
  EXPECT_TRUE(contract->find("PUT", "/").is_path_known);
  EXPECT_EQ(contract->find("PUT", "/").operation, nullptr);
  EXPECT_FALSE(contract->find("GET", "/x").is_path_known);
}

TEST(ApiMatch, OneFormThatAFactMakesImpossibleLeavesTheOthers) {
  const TemporaryFolder folder;
  const auto contract =
      load(folder, with_503("{ content: { application/json: { schema: { required: [message], "
                            "properties: { message: { type: string, pattern: '^S' } } } }, "
                            "application/problem+json: " +
                            kMessage + " } }"));
  EXPECT_THAT(contract->say(*contract->find("GET", "/").promise, facts()), SizeIs(2));
  const auto plain =
      load(folder, with_503("{ content: { text/plain: { schema: { type: string, not: { "
                            "pattern: '^B' }, minLength: 3 } }, application/json: " +
                            kMessage + " } }"));
  const auto said = plain->say(*plain->find("GET", "/").promise, facts());
  ASSERT_THAT(said, SizeIs(2));
  EXPECT_EQ(said[0].body, "...");
}

// ---------------------------------------------------------------- files and references

/// A 503 whose schema is that, with more lines after it.
std::string read_with(const std::string& schema, const std::string& more = "") {
  return error_of(one_schema(schema) + more);
}

TEST(ApiFilesTest, FollowsSchemasByNameAndNoData) {
  const std::string wrong = "does not exist";
  for (const char* map :
       {"properties", "patternProperties", "dependentSchemas", "definitions", "$defs"}) {
    for (const char* name : {"example", "enum", "a"}) {
      EXPECT_THAT(
          read_with("{ " + std::string(map) + ": { " + name + ": { $ref: '#/nowhere' } } }"),
          HasSubstr(wrong))
          << map << " " << name;
    }
    EXPECT_EQ(read_with("{ " + std::string(map) + ": { $ref: { type: string } } }"), "no error")
        << "a schema called $ref";
  }
  for (const char* data :
       {"example", "examples", "default", "enum", "const", "required", "x-own"}) {
    EXPECT_EQ(read_with("{ " + std::string(data) + ": { $ref: '#/nowhere' } }"), "no error")
        << data;
    EXPECT_EQ(read_with("{ " + std::string(data) + ": [{ $ref: '#/nowhere' }] }"), "no error")
        << data;
  }
  for (const char* schema : {"items", "not", "if", "additionalProperties"}) {
    EXPECT_THAT(read_with("{ " + std::string(schema) + ": { $ref: '#/nowhere' } }"),
                HasSubstr(wrong))
        << schema;
  }
  EXPECT_THAT(read_with("{ properties: { properties: { const: { $ref: '#/nowhere' } } } }"),
              "no error")
      << "const of a schema that is called properties";
}

TEST(ApiFilesTest, NamesTheLineOfAReference) {
  const std::string list = R"(
                allOf:
                  - {}
                  - properties:
                      a: {}
                      b:
                        $ref: '#/nowhere'
)";
  EXPECT_THAT(read_with(list), HasSubstr("api.yaml:15: $ref: "));
  EXPECT_THAT(read_with("{ $ref: '#/components/schemas/A' }", R"(components:
  schemas:
    A:
      items:
        - {}
        - $ref: '#/nowhere'
)"),
              HasSubstr("api.yaml:15: $ref: "));
}

TEST(ApiFilesTest, DecodesReferences) {
  const TemporaryFolder folder;
  folder.write("a b.yaml", "A: { const: beside }\n");
  EXPECT_EQ(body_for(*load(folder, one_schema("{ $ref: 'a%20b.yaml#/A' }")), "GET", "/"),
            R"("beside")");
  EXPECT_EQ(body_for(*load(folder, one_schema("{ $ref: '#/components/a%20~1b' }") +
                                       "components: { a /b: { const: inside } }\n"),
                     "GET", "/"),
            R"("inside")");
}

TEST(ApiFilesTest, FollowsSoManyReferences) {
  const auto chain = [](int length) {
    std::string schemas =
        "components:\n  schemas:\n    S" + std::to_string(length) + ": { const: end }\n";
    for (int i = 1; i < length; ++i) {
      schemas += "    S" + std::to_string(i) + ": { $ref: '#/components/schemas/S" +
                 std::to_string(i + 1) + "' }\n";
    }
    const std::string text = one_schema("{ $ref: '#/components/schemas/S1' }") + schemas;
    if (const std::string error = error_of(text); error != "no error") return error;
    const TemporaryFolder folder;
    return body_for(*load(folder, text), "GET", "/");
  };
  EXPECT_EQ(chain(kMaxReferences - 1), R"("end")");
  EXPECT_THAT(chain(kMaxReferences), HasSubstr("leads back to itself"));
}

TEST(ApiFilesTest, TextsMayBeSoLong) {
  const auto with = [](std::size_t size) {
    return error_of("openapi: 3.1.0\ninfo:\n  tags:\n    - { a: b }\n    - [c, " +
                    std::string(size, 'x') + "]\npaths: {}\n");
  };
  EXPECT_EQ(with(kMaxApiText), "no error");
  EXPECT_THAT(with(kMaxApiText + 1),
              HasSubstr("api.yaml:5: expected texts of at most 1048576 bytes, got a longer one"));
}

TEST(ApiFilesTest, NamesFilesAsTheyWereNamed) {
  const TemporaryFolder folder;
  folder.write("broken.yaml", "A:\n  $ref: '#/nowhere'\n");
  std::filesystem::create_directory(folder.path() / "sub");
  folder.write("api.yaml", one_schema("{ $ref: 'broken.yaml#/A' }"));
  const std::string name = folder.path().string() + "/sub/../api.yaml";
  const auto broken = ApiContract::load(name);
  ASSERT_TRUE(broken);
  const Finding& finding = (*broken)->findings().front();
  EXPECT_EQ(finding.file, folder.path().string() + "/sub/../broken.yaml");
  EXPECT_EQ(finding.line, 2);
  EXPECT_THAT(finding.message, ::testing::StartsWith("$ref: \"#/nowhere\" does not exist"));
  folder.write("api.yaml", "openapi: 4\n");
  EXPECT_THAT(ApiContract::load(name).error().text(), ::testing::StartsWith(name + ":1: "));
  EXPECT_THAT(ApiContract::load((folder.path() / "missing.yaml").string()).error().text(),
              ::testing::Not(HasSubstr("a pipe")));
  EXPECT_THAT(
      error_of(one_schema("{ $ref: '../" + folder.path().filename().string() + "x/a.yaml' }")),
      HasSubstr("expected a file in the document's folder"));
}

// A file that is referred to twice is read once, and one that was broken can be read again.
TEST(ApiFilesTest, ReadsAFileOnce) {
  const TemporaryFolder folder;
  folder.write("parts.yaml", "A: { const: a }\nB: { const: b }\n");
  const auto contract =
      load(folder,
           one_schema("{ required: [a, b], properties: { a: { $ref: 'parts.yaml#/A' }, b: { $ref: "
                      "'parts.yaml#/B' } } }"));
  EXPECT_EQ(body_for(*contract, "GET", "/"), R"({"a":"a","b":"b","message":"Back at 02:00 UTC"})");
}

TEST(ApiExamples, AllAreLookedAtAndMaintenanceGoesFirst) {
  EXPECT_EQ(body_of("{ examples: { unavailable: { value: { code: x } }, maintenance: { value: { "
                    "code: closed } } } }"),
            R"({"code":"closed"})");
  EXPECT_EQ(body_of("{ example: { code: Only }, examples: { other: { value: { code: x } }, "
                    "unavailable: { value: { code: a_b } } } }"),
            R"({"code":"service_unavailable","message":"Back at 02:00 UTC"})");
  EXPECT_EQ(body_of("{ examples: { not_found: { value: { code: A-B } }, forbidden: { value: { "
                    "code: x } }, other: { value: { code: a_b } } } }"),
            R"({"code":"service_unavailable","message":"Back at 02:00 UTC"})");
}

TEST(ApiFilesTest, ATextOfAListMayBeTooLong) {
  EXPECT_THAT(error_of("openapi: 3.1.0\ninfo:\n  tags:\n    - " +
                       std::string(kMaxApiText + 1, 'x') + "\npaths: {}\n"),
              HasSubstr("api.yaml:4: expected texts of at most"));
}

TEST(ApiFilesTest, SchemasStandInEachOtherToADepth) {
  const auto chain = [](int times) {
    std::string schemas = "components:\n  schemas:\n    S" + std::to_string(times) + ": {}\n";
    for (int i = 0; i < times; ++i) {
      schemas += "    S" + std::to_string(i) + ": { items: { $ref: '#/components/schemas/S" +
                 std::to_string(i + 1) + "' } }\n";
    }
    return read_with("{ $ref: '#/components/schemas/S0' }", schemas);
  };
  EXPECT_EQ(chain(480), "no error");
  EXPECT_THAT(chain(520), HasSubstr("expected at most 1000 schemas inside each other"));
}

TEST(ApiFilesTest, APropertyMayBeCalledLikeAReference) {
  EXPECT_THAT(read_with("{ properties: { $ref: '#/nowhere' } }"), HasSubstr("does not exist"))
      << "bundlers follow it";
}

TEST(ApiFilesTest, NamesABrokenDocumentAsItWasNamed) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.path() / "sub");
  folder.write("api.yaml", "openapi: [\n");
  const std::string name = folder.path().string() + "/sub/../api.yaml";
  EXPECT_THAT(ApiContract::load(name).error().text(), ::testing::StartsWith(name + ":"));
  EXPECT_THAT(ApiFiles::open(folder.path().string()).error().text(),
              ::testing::Not(HasSubstr("a pipe")));
}

}  // namespace
}  // namespace intermission::openapi
