#include "catalog/operator_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <utility>

#include "support/temporary_folder.h"

namespace intermission::catalog {
namespace {

OperatorSettings settings_of(const std::string& text) {
  const testing::TemporaryFolder folder;
  auto settings = operator_settings(folder.write("intermission.yaml", text).string());
  if (!settings) throw std::runtime_error(settings.error().text());
  return std::move(*settings);
}

const std::string kSections =
    "control: { address: 127.0.0.2, port: 9200 }\n"
    "state:\n"
    "  file: /var/lib/kept.json\n"
    "listen:\n"
    "  port: 8123\n"
    "  proxy_protocol: [127.0.0.0/8]\n";

void expect_found(const OperatorSettings& settings) {
  EXPECT_EQ(settings.control.address, "127.0.0.2");
  EXPECT_EQ(settings.control.port, 9200);
  EXPECT_EQ(settings.state.file, "/var/lib/kept.json");
  EXPECT_EQ(settings.listen.port, 8123);
  EXPECT_EQ(settings.listen.proxy_protocol.size(), 1U);
}

TEST(OperatorSettings, AreThoseOfTheFile) {
  expect_found(settings_of(kSections));
  expect_found(settings_of(R"({"control": {"address": "127.0.0.2", "port": 9200},
                              "state": {"file": "/var/lib/kept.json"},
                              "listen": {"port": 8123, "proxy_protocol": ["127.0.0.0/8"]}})"));
}

TEST(OperatorSettings, AreFoundInAConfigurationThatIsBrokenElsewhere) {
  for (const char* broken :
       {"services: [{ name: a, hosts: [\"no host\"] }]\n", "servces: []\n",
        "services: [{ name: a, contract: there-is-none.yaml }]\n",
        "defaults: { maintenance: maybe }\n", "services:\n  - name: a\n   hosts: [a.example]\n",
        "services: [ {\n", "defaults:\n\tlanguage: en\n"}) {
    SCOPED_TRACE(broken);
    expect_found(settings_of(kSections + broken));
    expect_found(settings_of(broken + kSections));
  }
}

TEST(OperatorSettings, AMemberThatIsWrongHasItsDefault) {
  const auto settings = settings_of(
      "control: { address: 127.0.0.2, port: 9200, hosts: [\"no host\"], unknown: 1 }\n"
      "state: { file: 7 }\n");
  EXPECT_EQ(settings.control.address, "127.0.0.2");
  EXPECT_EQ(settings.control.port, 9200);
  EXPECT_TRUE(settings.control.hosts.empty());
  EXPECT_EQ(settings.state.name, StateSettings().name);
  EXPECT_EQ(settings.state.file, settings.state.folder + StateSettings().name);
  EXPECT_EQ(settings_of("control: { port: 70000 }\n").control.port, Control().port);
}

TEST(OperatorSettings, AreDefaultsWhereThereAreNone) {
  const auto without_file = operator_settings("");
  ASSERT_TRUE(without_file);
  EXPECT_EQ(without_file->control.port, Control().port);
  EXPECT_EQ(settings_of("").control.port, Control().port);
  EXPECT_EQ(settings_of("control: 9\n").control.port, Control().port);
  const auto none = settings_of("services: []\n");
  EXPECT_FALSE(none.state.folder.empty()) << "beside the configuration file";
  EXPECT_EQ(none.state.file, none.state.folder + StateSettings().name);
}

// The defaults would be those of another gateway.
TEST(OperatorSettings, AreNotGuessedWhereTheFileCannotBeRead) {
  const auto missing = operator_settings("/there/is/none.yaml");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().text(),
            "/there/is/none.yaml: cannot be read: No such file or directory");
  const testing::TemporaryFolder folder;
  const auto directory = operator_settings(folder.path().string());
  ASSERT_FALSE(directory);
  EXPECT_THAT(directory.error().text(), ::testing::EndsWith("expected a file, got a directory"));
}

}  // namespace
}  // namespace intermission::catalog
