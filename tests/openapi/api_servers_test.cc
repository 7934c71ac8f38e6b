// Below which paths an API is served, by what its document says of its servers.
#include "openapi/api_servers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "openapi/api_files.h"
#include "support/temporary_folder.h"

namespace intermission::openapi {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

/// Of a document with those lines, a path item /a and its GET.
std::vector<std::string> bases(const std::string& root, const std::string& path_item = "{}",
                               const std::string& operation = "{}") {
  const testing::TemporaryFolder folder;
  const auto file = folder.write(
      "api.yaml", root + "\npath_item: " + path_item + "\noperation: " + operation + "\n");
  const auto files = ApiFiles::open(file.string());
  EXPECT_TRUE(files) << files.error().text();
  const ApiNode node = (*files)->root_place().node;
  return base_paths(node, node["path_item"], node["operation"]);
}

std::vector<std::string> at(const std::string& url) {
  return bases("servers: [{ url: '" + url + "' }]");
}

TEST(ApiServers, OnlyThePathOfAUrlCounts) {
  EXPECT_THAT(at("https://api.example.com/v1"), ElementsAre("/v1"));
  EXPECT_THAT(at("https://api.example.com/v1/"), ElementsAre("/v1"));
  EXPECT_THAT(at("https://api.example.com"), ElementsAre("/"));
  EXPECT_THAT(at("https://api.example.com/"), ElementsAre("/"));
  EXPECT_THAT(at("//api.example.com/v1"), ElementsAre("/v1"));
  EXPECT_THAT(at("//api.example.com"), ElementsAre("/"));
  EXPECT_THAT(at("/v1"), ElementsAre("/v1"));
  EXPECT_THAT(at("v1"), ElementsAre("/v1"));
  EXPECT_THAT(at("/v1//"), ElementsAre("/v1"));
  EXPECT_THAT(at("/v1?a=/b#/c"), ElementsAre("/v1"));
  EXPECT_THAT(at("/a%20b"), ElementsAre("/a b"));
  EXPECT_THAT(at("{scheme}/v1"), ElementsAre("/v1"));
}

TEST(ApiServers, TheNearestListSpeaks) {
  const std::string root = "servers: [{ url: /root }]";
  EXPECT_THAT(bases(root), ElementsAre("/root"));
  EXPECT_THAT(bases(root, "{ servers: [{ url: /item }] }"), ElementsAre("/item"));
  EXPECT_THAT(bases(root, "{ servers: [{ url: /item }] }", "{ servers: [{ url: /op }] }"),
              ElementsAre("/op"));
  EXPECT_THAT(bases(root, "{ servers: [] }", "{ servers: 7 }"), ElementsAre("/root"));
  EXPECT_THAT(bases("servers: [{ url: /a }, { url: /b }, { url: /a/ }]"), ElementsAre("/a", "/b"));
}

TEST(ApiServers, SwaggerHasABasePath) {
  EXPECT_THAT(bases("basePath: /api/"), ElementsAre("/api"));
  EXPECT_THAT(bases("basePath: api"), ElementsAre("/api"));
  EXPECT_THAT(bases("info: {}"), ElementsAre("/"));
}

TEST(ApiServers, AVariableStandsForEachOfItsValues) {
  const auto with = [](const std::string& url, const std::string& variables) {
    return bases("servers: [{ url: '" + url + "', variables: " + variables + " }]");
  };
  EXPECT_THAT(with("https://x/{v}/api", "{ v: { default: v2 } }"), ElementsAre("/v2/api"));
  EXPECT_THAT(with("https://x/{v}/api", "{ v: { default: v2, enum: [v1, v2] } }"),
              ::testing::UnorderedElementsAre("/v1/api", "/v2/api"));
  EXPECT_THAT(with("/{a}-{b}", "{ a: { enum: [x, y] }, b: { default: z } }"),
              ::testing::UnorderedElementsAre("/x-z", "/y-z"));
  EXPECT_THAT(with("https://{host}/v1", "{ host: { default: x } }"), ElementsAre("/v1"));
  EXPECT_THAT(with("/v1{", "{}"), ElementsAre("/v1{")) << "not closed";
  EXPECT_THAT(with("/{a}", "{ a: { enum: ['{a}', b] } }"), ElementsAre("/b")) << "without end";
  EXPECT_THAT(with("/{a}", "{ a: { default: d, enum: 7 } }"), ElementsAre("/d"));
}

TEST(ApiServers, ThereAreAtMostSoMany) {
  std::string values;
  for (std::size_t i = 0; i < kMaxBasePaths; ++i) values += "v" + std::to_string(i) + ", ";
  const std::string exactly =
      "servers: [{ url: '/{v}', variables: { v: { enum: [" + values + "] } } }]";
  EXPECT_THAT(bases(exactly), SizeIs(kMaxBasePaths));
  const std::string twice =
      "servers: [{ url: '/{v}/{v}', variables: { v: { enum: [" + values + "more] } } }]";
  EXPECT_LE(bases(twice).size(), kMaxBasePaths);
  std::string servers = "servers: [";
  for (std::size_t i = 0; i <= kMaxBasePaths; ++i)
    servers += "{ url: /v" + std::to_string(i) + " }, ";
  EXPECT_THAT(bases(servers + "]"), SizeIs(kMaxBasePaths));
}

TEST(ApiServers, AVariableStandsForNoOtherVariable) {
  EXPECT_THAT(bases("servers: [{ url: '/{a}', variables: { a: { enum: ['{b}'] }, b: { default: x } "
                    "} }]"),
              ElementsAre("/"));
}

TEST(ApiServers, OfTooManyValuesTheFirstCount) {
  std::string values;
  for (std::size_t i = 0; i <= kMaxBasePaths; ++i) values += "v" + std::to_string(i) + ", ";
  const auto found =
      bases("servers: [{ url: '/{v}', variables: { v: { enum: [" + values + "] } } }]");
  EXPECT_THAT(found, SizeIs(kMaxBasePaths));
  EXPECT_THAT(found, ::testing::Contains("/v0"));
  EXPECT_THAT(found, ::testing::Not(::testing::Contains("/v" + std::to_string(kMaxBasePaths))));
}

// Forty variables of two values each are more paths than any machine can list.
TEST(ApiServers, ValuesAreNotMultipliedWithoutEnd) {
  std::string url, variables;
  for (int i = 0; i < 40; ++i) {
    const std::string name = "v" + std::to_string(i);
    url += "{" + name + "}";
    variables += name + ": { enum: [a, b] }, ";
  }
  EXPECT_THAT(bases("servers: [{ url: '/" + url + "', variables: {" + variables + "} }]"),
              SizeIs(kMaxBasePaths));
}

TEST(ApiServers, AUrlMayStartWithAVariable) {
  EXPECT_THAT(at("{host}"), ElementsAre("/"));
  EXPECT_THAT(at("x{y}/v1"), ElementsAre("/x/v1"));
  EXPECT_THAT(at("{scheme}://{host}/v1"), ElementsAre("/v1"));
}

}  // namespace
}  // namespace intermission::openapi
