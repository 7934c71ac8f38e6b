// deploy/intermission.example.yaml is what people start from: it loads, it shows every key of
// the schema, and what it calls a default is one.
#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <set>

#include "catalog/configuration.h"
#include "document/document.h"
#include "support/files.h"

namespace intermission::catalog {
namespace {

const std::string kExample = testing::source_path("deploy/intermission.example.yaml");

void collect_properties(const rapidjson::Value& schema, std::set<std::string>& names) {
  if (!schema.IsObject()) return;
  for (const auto& [name, value] : schema.GetObject()) {
    if (std::string(name.GetString()) == "properties") {
      for (const auto& property : value.GetObject()) names.insert(property.name.GetString());
    }
    if (value.IsObject()) collect_properties(value, names);
  }
}

void collect_keys(const rapidjson::Value& value, std::set<std::string>& names) {
  if (value.IsArray()) {
    for (const rapidjson::Value& item : value.GetArray()) collect_keys(item, names);
  } else if (value.IsObject()) {
    for (const auto& member : value.GetObject()) {
      names.insert(member.name.GetString());
      collect_keys(member.value, names);
    }
  }
}

TEST(Example, Loads) {
  const auto configuration = load_file(kExample, {});
  ASSERT_TRUE(configuration) << configuration.error().text();
  EXPECT_EQ(configuration->catalog.services().size(), 5U);
}

TEST(Example, ShowsEveryKey) {
  rapidjson::Document schema;
  schema.Parse(testing::read_file(testing::source_path("schemas/config.schema.json")));
  std::set<std::string> known;
  collect_properties(schema, known);
  const auto example = document::read_document(kExample);
  ASSERT_TRUE(example) << example.error().text();
  std::set<std::string> shown;
  collect_keys(example->value, shown);
  // Certificates stand in comments: there are no private keys beside the example.
  const std::string text = testing::read_file(kExample);
  for (const std::string& name : known) {
    EXPECT_TRUE(shown.contains(name) || text.find(name + ": ") != std::string::npos) << name;
  }
}

TEST(Example, ItsDefaultsAreTheDefaults) {
  const auto configuration = load_file(kExample, {});
  ASSERT_TRUE(configuration);
  const Configuration plain = built_in({});
  EXPECT_EQ(configuration->listen.address, plain.listen.address);
  EXPECT_EQ(configuration->listen.port, plain.listen.port);
  EXPECT_EQ(configuration->listen.workers, plain.listen.workers);
  EXPECT_EQ(configuration->listen.http2, plain.listen.http2);
  EXPECT_EQ(configuration->listen.proxy_protocol, plain.listen.proxy_protocol);
  EXPECT_EQ(configuration->control.address, plain.control.address);
  EXPECT_EQ(configuration->control.port, plain.control.port);
  EXPECT_EQ(configuration->state.name, plain.state.name);
  for (const http::LimitSetting& setting : http::kLimitSettings) {
    EXPECT_EQ(configuration->limits.*setting.member, plain.limits.*setting.member) << setting.name;
  }
  const Service& shown = configuration->catalog.services().back();
  const Service& fallback = plain.catalog.services().back();
  EXPECT_EQ(shown.name, fallback.name);
  EXPECT_EQ(shown.message.entries[0].text, fallback.message.entries[0].text);
  EXPECT_EQ(shown.message.entries[0].language, fallback.message.entries[0].language);
  EXPECT_EQ(shown.retry_after.fallback, fallback.retry_after.fallback);
  EXPECT_EQ(shown.retry_after.min, fallback.retry_after.min);
  EXPECT_EQ(shown.retry_after.max, fallback.retry_after.max);
  EXPECT_EQ(shown.retry_after.jitter_percent, fallback.retry_after.jitter_percent);
  EXPECT_EQ(shown.maintenance, fallback.maintenance);
  EXPECT_TRUE(shown.outage_message.entries.empty());
  EXPECT_EQ(shown.answer, fallback.answer);
  EXPECT_EQ(shown.soap.status, fallback.soap.status);
  EXPECT_EQ(shown.websocket.close, fallback.websocket.close);
  EXPECT_EQ(shown.probe.status, fallback.probe.status);
  EXPECT_EQ(shown.robots, fallback.robots);
  EXPECT_EQ(shown.json_rpc.status, fallback.json_rpc.status);
  EXPECT_EQ(shown.grpc.health, fallback.grpc.health);
  EXPECT_EQ(shown.oauth.status, fallback.oauth.status);
  EXPECT_EQ(shown.problem.type, fallback.problem.type);
  EXPECT_EQ(shown.reason_phrase, fallback.reason_phrase);
  EXPECT_EQ(shown.legacy.status, fallback.legacy.status);
  EXPECT_EQ(shown.legacy.header_name, fallback.legacy.header_name);
  EXPECT_EQ(shown.legacy.header_value, fallback.legacy.header_value);
  EXPECT_EQ(shown.legacy.body, fallback.legacy.body);
  ASSERT_EQ(shown.rules.size(), fallback.rules.size());
  for (std::size_t i = 0; i < shown.rules.size(); ++i) {
    EXPECT_EQ(shown.rules[i].path, fallback.rules[i].path);
    EXPECT_EQ(shown.rules[i].answer, fallback.rules[i].answer);
  }
}

}  // namespace
}  // namespace intermission::catalog
