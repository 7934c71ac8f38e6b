#include "catalog/inheritable.h"

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "support/files.h"

namespace intermission::catalog {
namespace {

std::set<std::string> names_in(const rapidjson::Value& object) {
  std::set<std::string> names;
  for (const auto& member : object.GetObject()) names.insert(member.name.GetString());
  return names;
}

// A key of both that is neither in the table nor named here would be read from one of them only.
TEST(Inheritable, AreTheKeysThatTheSchemaAllowsInDefaultsAndInServices) {
  rapidjson::Document schema;
  schema.Parse(testing::read_file(testing::source_path("schemas/config.schema.json")));
  ASSERT_FALSE(schema.HasParseError());
  const auto defaults = names_in(schema["properties"]["defaults"]["properties"]);
  const auto service = names_in(schema["definitions"]["service"]["properties"]);
  std::set<std::string> both;
  std::set_intersection(defaults.begin(), defaults.end(), service.begin(), service.end(),
                        std::inserter(both, both.end()));

  std::set<std::string> read = {"title",    "message",     "outage_message",
                                "language", "maintenance", "rules"};
  for (const InheritableKey& key : inheritable_keys()) {
    EXPECT_TRUE(read.insert(std::string(key.name)).second) << key.name << " stands twice";
  }
  EXPECT_EQ(read, both);
}

// Each reads its own key and leaves what other keys have filled.
TEST(Inheritable, WhatIsAbsentIsInherited) {
  Service inherited;
  inherited.answer = "text";
  inherited.retry_after.max = base::Seconds(7200);
  inherited.soap.status = 503;
  inherited.json_rpc.status = 200;
  inherited.grpc.health = false;
  inherited.oauth.status = 400;
  inherited.probe.status = 503;
  inherited.websocket.close = 1012;
  inherited.problem.type = "https://example.com/down";
  inherited.reason_phrase = false;
  inherited.legacy.status = 503;
  inherited.robots = "User-agent: *";
  inherited.page.theme = "letter";
  inherited.disabled_kinds = {"soap"};
  inherited.cors.credentials = true;
  const auto document = document::parse_document("{}", "f");
  Problems problems;
  Service service;
  read_inheritable(Node(*document), inherited, service, problems);
  EXPECT_EQ(service, inherited);
  EXPECT_FALSE(problems.first());
}

}  // namespace
}  // namespace intermission::catalog
