#include "catalog/configuration.h"

#include <gtest/gtest.h>

namespace intermission::catalog {
namespace {

TEST(BuiltIn, OneServiceForEveryRequest) {
  const Configuration configuration = built_in({});
  ASSERT_EQ(configuration.catalog.services().size(), 1U);
  const Service& service = configuration.catalog.services()[0];
  EXPECT_EQ(service.name, "default");
  EXPECT_EQ(service.title, "");
  ASSERT_EQ(service.message.entries.size(), 1U);
  EXPECT_EQ(service.message.entries[0].language, "en");
  EXPECT_EQ(service.message.entries[0].text, "System currently down for maintenance");
  EXPECT_EQ(service.maintenance, base::Maintenance::kOn);
  EXPECT_EQ(service.answer, "problem");
  EXPECT_EQ(service.paths, std::vector<std::string>{"/"});
  EXPECT_EQ(configuration.catalog.find("any.example", "/x"), 0U);
  EXPECT_EQ(configuration.catalog.find("", "*"), 0U);
  EXPECT_EQ(configuration.listen.port, 8080);
}

TEST(BuiltIn, SeedPathsAreRules) {
  const Configuration configuration = built_in({});
  const std::vector<Rule>& rules = configuration.catalog.services()[0].rules;
  ASSERT_EQ(rules.size(), 2U);
  EXPECT_EQ(rules[0].path, "/503");
  EXPECT_EQ(rules[0].answer, "page");
  EXPECT_EQ(rules[1].path, "/json");
  EXPECT_EQ(rules[1].answer, "legacy");
}

TEST(BuiltIn, TheEnvironmentsMessage) {
  const auto message = [](std::string text) {
    return built_in({std::move(text)}).catalog.services()[0].message.entries.at(0).text;
  };
  EXPECT_EQ(message("Back soon"), "Back soon");
  EXPECT_EQ(message(""), "System currently down for maintenance");
  EXPECT_EQ(message(" \n"), "System currently down for maintenance");
  EXPECT_EQ(message("a\x01"
                    "b\nc"),
            "a b\nc");
  EXPECT_EQ(message("\xff\xc3\xa9\xc3"), "\xef\xbf\xbd\xc3\xa9\xef\xbf\xbd");
}

}  // namespace
}  // namespace intermission::catalog
