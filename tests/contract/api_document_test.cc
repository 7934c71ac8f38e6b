// What is read of API documents: versions, paths, responses, media types, examples and headers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "contract/api_in_memory.h"

namespace intermission::contract {
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
  EXPECT_EQ(body("{ " + other + " }"), R"({"code":"service_unavailable"})");
  EXPECT_EQ(body("{ " + other + ", second: { value: { code: Second } } }"),
            R"({"code":"service_unavailable"})")
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
              HasSubstr("expected a place that there is"));
  EXPECT_THAT(error_of("openapi: 3.1.0\npaths: { /: { $ref: '#/nowhere' } }\n"),
              HasSubstr("expected a place that there is"));
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

}  // namespace
}  // namespace intermission::contract
