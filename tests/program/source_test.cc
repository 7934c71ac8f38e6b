#include "program/source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "gate/bypass.h"
#include "support/temporary_folder.h"
#include "support/variable.h"

namespace intermission::program {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::Variable;

TEST(ChosenPort, IsWhatIsGivenElseWhatIsConfigured) {
  EXPECT_EQ(*chosen_port("PORT", "", 8080), 8080);
  EXPECT_EQ(*chosen_port("PORT", "0", 8080), 0);
  EXPECT_EQ(*chosen_port("PORT", "65535", 8080), 65535);
  for (const char* wrong : {"65536", "-1", "x", "80x", " 80", "99999999999999999999"}) {
    const auto port = chosen_port("PORT", wrong, 8080);
    ASSERT_FALSE(port) << wrong;
    EXPECT_EQ(port.error().text(),
              "PORT: expected a port number from 0 to 65535, got \"" + std::string(wrong) + "\"");
  }
  const auto port = chosen_port("--port", std::string(41, '\n'), 8080);
  ASSERT_FALSE(port);
  EXPECT_THAT(port.error().text(), HasSubstr("\\x0a...\"")) << "cut, and printable";
}

TEST(BypassKey, IsNoneOrLongEnough) {
  EXPECT_EQ(*bypass_key(), std::nullopt);
  {
    const Variable variable(kBypassKey, std::string(gate::kShortestKey, 'k'));
    EXPECT_EQ(*bypass_key(), std::string(gate::kShortestKey, 'k'));
  }
  const Variable variable(kBypassKey, std::string(gate::kShortestKey - 1, 'k'));
  const auto key = bypass_key();
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().text(),
            "INTERMISSION_BYPASS_KEY: expected a secret of at least 32 characters");
  EXPECT_FALSE(Source().load()) << "and nothing is served with it";
}

TEST(BypassKey, BothFormsAtOnceAreAnError) {
  const testing::TemporaryFolder folder;
  const Variable variable(kBypassKey, std::string(gate::kShortestKey, 'k'));
  const Variable twin("INTERMISSION_BYPASS_KEY_FILE", folder.write("key", "k").string());
  const auto key = bypass_key();
  ASSERT_FALSE(key);
  EXPECT_THAT(key.error().text(), HasSubstr("are both set"));
}

class SourceTest : public ::testing::Test {
 protected:
  static std::string first_service(const Source& source) {
    const auto configuration = source.load();
    if (!configuration) return configuration.error().text();
    return configuration->catalog.service(0).name;
  }
  std::string file(const std::string& name) const {
    return folder_.write(name + ".yaml", "services: [ { name: " + name + " } ]").string();
  }
  testing::TemporaryFolder folder_;
};

TEST_F(SourceTest, AFlagBeatsTheEnvironmentAndBothBeatNothing) {
  EXPECT_EQ(first_service({}), "default") << "the built-in configuration";
  const Variable variable("INTERMISSION_CONFIG", file("environment"));
  EXPECT_EQ(first_service({}), "environment");
  Source source;
  source.file = file("flag");
  EXPECT_EQ(first_service(source), "flag");
}

TEST_F(SourceTest, AFileThatIsNotThereIsAnError) {
  Source source;
  source.file = (folder_.path() / "none.yaml").string();
  EXPECT_THAT(first_service(source), HasSubstr(source.file));
}

TEST_F(SourceTest, TheMessageOfTheEnvironmentBeatsTheFile) {
  const Variable variable("MAINTENANCE_MESSAGE", "Gleich wieder da");
  const auto built_in = Source().load();
  ASSERT_TRUE(built_in) << built_in.error().text();
  EXPECT_EQ(built_in->catalog.service(0).message.entries.at(0).text, "Gleich wieder da");
  Source source;
  source.file = file("orders");
  EXPECT_EQ(source.load()->catalog.service(0).message.entries.at(0).text, "Gleich wieder da");
}

TEST_F(SourceTest, TheKeyOfPassesReachesEveryService) {
  const std::string key(gate::kShortestKey, 'k');
  const Variable variable(kBypassKey, key);
  Source source;
  source.file = file("orders");
  EXPECT_EQ(source.load()->catalog.service(0).bypass.key, key);
}

TEST_F(SourceTest, AContractThatCannotBeUsedIsAWarning) {
  Source source;
  source.file =
      folder_.write("a.yaml", "services: [ { name: orders, contract: none.yaml } ]").string();
  std::vector<std::string> warned;
  source.warn = [&](const std::string& line) { warned.push_back(line); };
  std::vector<base::Error> problems;
  const auto configuration = source.load(&problems);
  ASSERT_TRUE(configuration) << configuration.error().text();
  ASSERT_EQ(warned.size(), 1U);
  EXPECT_THAT(warned[0], HasSubstr("none.yaml"));
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].text(), warned[0]);
  EXPECT_TRUE(source.load()) << "the list of problems is optional";
  EXPECT_EQ(configuration->catalog.service(0).contract_errors.size(), 1U);
}

}  // namespace
}  // namespace intermission::program
