// x-maintenance in an API document, and what is wrong with it.
#include "openapi/maintenance_override.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "openapi/api_files.h"
#include "support/temporary_folder.h"

namespace intermission::openapi {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

struct Read {
  MaintenanceOverride said;
  std::vector<Finding> findings;
};

Read read(const std::string& value) {
  const testing::TemporaryFolder folder;
  const auto files =
      ApiFiles::open(folder.write("a.yaml", "x-maintenance: " + value + "\n").string());
  EXPECT_TRUE(files) << files.error().text();
  Read out;
  out.said = read_override((*files)->root_place(), out.findings);
  out.said.example = {};  // it lies in the files
  return out;
}

std::string wrong_with(const std::string& value) {
  const Read out = read(value);
  return out.findings.size() == 1 ? out.findings[0].message
                                  : std::to_string(out.findings.size()) + " findings";
}

TEST(MaintenanceOverride, AStatusIsANumberFrom200To599) {
  for (const std::uint16_t status : std::initializer_list<std::uint16_t>{200, 418, 599}) {
    const Read out = read("{ status: " + std::to_string(status) + " }");
    EXPECT_EQ(out.said.status, status);
    EXPECT_THAT(out.findings, IsEmpty());
  }
  for (const char* status : {"199", "600", "'503'", "503.5", "[]", "66039"}) {
    const Read out = read("{ status: " + std::string(status) + " }");
    EXPECT_FALSE(out.said.status) << status;
    ASSERT_THAT(out.findings, SizeIs(1)) << status;
    EXPECT_EQ(out.findings[0].message, "x-maintenance: status: expected a number from 200 to 599");
    EXPECT_EQ(out.findings[0].line, 1);
  }
}

TEST(MaintenanceOverride, HeadersAreTextsAndNumbers) {
  const Read out = read("{ headers: { X-A: a, X-B: 7, X-C: '' } }");
  EXPECT_THAT(out.said.headers, ElementsAre(Pair("X-A", "a"), Pair("X-B", "7"), Pair("X-C", "")));
  EXPECT_THAT(out.findings, IsEmpty());
  for (const char* value : {"[a]", "{}", "true", "null", "1.5"}) {
    EXPECT_THAT(wrong_with("{ headers: { X-A: " + std::string(value) + " } }"),
                HasSubstr("headers: expected a text, in quotes if need be"))
        << value;
  }
  EXPECT_THAT(wrong_with("{ headers: 7 }"), HasSubstr("headers: expected a map"));
}

TEST(MaintenanceOverride, OtherMistakesAreNamed) {
  EXPECT_THAT(wrong_with("503"),
              HasSubstr("expected a map with the keys dialect, status, example"));
  EXPECT_THAT(wrong_with("{ dialect: 7 }"), HasSubstr("dialect: expected the name of a dialect"));
  EXPECT_THAT(wrong_with("{ colour: red }"), HasSubstr("got colour"));
  EXPECT_EQ(wrong_with("{ x-note: red, dialect: legacy }"), "0 findings");
}

TEST(MaintenanceOverride, TheNearerSaysItFirst) {
  const Read far = read("{ status: 500, dialect: legacy, headers: { X-A: far, X-B: far } }");
  const Read near = read("{ status: 200, headers: { x-a: near } }");
  const MaintenanceOverride both = far.said.under(near.said);
  EXPECT_EQ(both.status, 200);
  EXPECT_EQ(both.dialect, "legacy");
  EXPECT_THAT(both.headers, ElementsAre(Pair("x-a", "near"), Pair("X-B", "far")));
}

}  // namespace
}  // namespace intermission::openapi
