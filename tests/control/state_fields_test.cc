#include "control/state_fields.h"

#include <gtest/gtest.h>
#include <rapidjson/document.h>
#include <rapidjson/pointer.h>

#include <functional>
#include <map>
#include <set>
#include <string>

#include "catalog/configuration.h"
#include "control/overlay.h"
#include "control/state_json.h"
#include "document/document.h"
#include "http/date.h"
#include "support/files.h"

namespace intermission::control {
namespace {

const base::TimePoint kStart = http::parse_rfc3339("2026-12-01T22:00:00Z").value();

// A service whose state differs from an untouched one in that field alone. A field that has none
// here fails the tests below.
const std::map<std::string_view, std::function<void(ServiceState&)>> kSamples = {
    {"version", [](ServiceState& service) { service.version = 7; }},
    {"switched",
     [](ServiceState& service) {
       service.switched = base::Switch{true, kStart, kStart + base::Seconds(60), true};
     }},
    {"message",
     [](ServiceState& service) {
       service.message = catalog::LocalizedText{{{"de", "Bald"}, {"en", "Soon"}}};
     }},
    {"windows",
     [](ServiceState& service) {
       service.windows = {
           {"w1", R"({"start":"2026-12-06T02:00:00Z","end":"2026-12-06T04:00:00Z"})"}};
     }},
    {"cancelled", [](ServiceState& service) { service.cancelled = {kStart}; }},
};

ServiceState sample(const StateField& field) {
  ServiceState service;
  const auto found = kSamples.find(field.name);
  EXPECT_NE(found, kSamples.end()) << field.name;
  if (found != kSamples.end()) found->second(service);
  return service;
}

rapidjson::Document schema() {
  rapidjson::Document schema;
  schema.Parse(testing::read_file(testing::source_path("schemas/state.schema.json")));
  EXPECT_FALSE(schema.HasParseError());
  return schema;
}

TEST(StateFields, AreTheMembersThatTheSchemaAllows) {
  const rapidjson::Document whole = schema();
  const rapidjson::Value& service = whole["definitions"]["service"];
  std::set<std::string> allowed;
  for (const auto& member : service["properties"].GetObject()) {
    allowed.insert(member.name.GetString());
  }
  std::set<std::string> required;
  for (const auto& name : service["required"].GetArray()) required.insert(name.GetString());
  std::set<std::string> known;
  std::set<std::string> always;
  for (const StateField& field : state_fields()) {
    EXPECT_TRUE(known.insert(std::string(field.name)).second) << field.name << " stands twice";
    if (field.is_set == nullptr) always.insert(std::string(field.name));
  }
  EXPECT_EQ(known, allowed);
  EXPECT_EQ(always, required);
}

TEST(StateFields, EachIsReadAsItWasWritten) {
  for (const StateField& field : state_fields()) {
    const ServiceState service = sample(field);
    EXPECT_NE(service, ServiceState()) << field.name;
    EXPECT_TRUE(field.is_set == nullptr || field.is_set(service)) << field.name;
    EXPECT_TRUE(field.is_set == nullptr || !field.is_set(ServiceState())) << field.name;
    const auto read = service_state_from_json(service_state_to_json(service), "f");
    ASSERT_TRUE(read) << field.name << ": " << read.error().text();
    EXPECT_EQ(*read, service) << field.name;
  }
}

// A field that is kept and changes no answer would be forgotten in overlay.cc.
TEST(StateFields, EachButTheVersionHasAnEffectOnTheService) {
  const auto configuration = catalog::load_text(
      "services: [ { name: orders, maintenance: scheduled, windows: [ { start: "
      "2026-12-01T22:00:00Z, end: 2026-12-02T02:00:00Z } ] } ]",
      "f", {});
  ASSERT_TRUE(configuration) << configuration.error().text();
  const catalog::Service& configured = configuration->catalog.service(0);
  ASSERT_EQ(service_in_effect(configured, ServiceState()), configured);
  for (const StateField& field : state_fields()) {
    const bool differs = !(service_in_effect(configured, sample(field)) == configured);
    EXPECT_EQ(differs, field.name != "version") << field.name;
  }
}

TEST(StateFields, EachIsShownByTheApi) {
  const auto api = document::read_document(testing::source_path("openapi/control.yaml").string());
  ASSERT_TRUE(api) << api.error().text();
  std::set<std::string_view> shown;
  for (const StateField& field : state_fields()) {
    const std::string place = "/components/schemas/" + std::string(field.shown_as);
    EXPECT_NE(rapidjson::Pointer(place).Get(api->value), nullptr) << field.name << ": " << place;
    EXPECT_TRUE(shown.insert(field.shown_as).second) << field.shown_as;
  }
}

}  // namespace
}  // namespace intermission::control
