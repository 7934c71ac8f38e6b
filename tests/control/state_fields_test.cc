#include "control/state_fields.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>
#include <rapidjson/pointer.h>

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <variant>

#include "catalog/configuration.h"
#include "control/change.h"
#include "control/dashboard.h"
#include "control/overlay.h"
#include "control/service_json.h"
#include "control/state_json.h"
#include "document/document.h"
#include "http/date.h"
#include "support/files.h"

namespace intermission::control {
namespace {

const base::TimePoint kStart = http::parse_rfc3339("2026-12-01T22:00:00Z").value();
const base::TimePoint kNow = kStart - base::Seconds(3600);
constexpr std::uint64_t kVersion = 7;

/// The one service of a configuration that cannot be wrong.
const catalog::Catalog& configured() {
  static const auto kConfiguration = catalog::load_text(
      "services: [ { name: orders, maintenance: scheduled, windows: [ { start: "
      "2026-12-01T22:00:00Z, end: 2026-12-02T02:00:00Z } ] } ]",
      "f", {});
  return kConfiguration->catalog;
}

// What an operator does to set that field. A field that has no change here fails the tests below.
const std::map<std::string_view, std::function<Changed(ServiceState&, const Subject&)>> kChanges = {
    {"version",
     [](ServiceState& service, const Subject& subject) {
       service.version = subject.version;
       return "every change does it";
     }},
    {"switched",
     [](ServiceState& service, const Subject& subject) {
       return switch_on(service, subject, {kStart, true, {}});
     }},
    {"message",
     [](ServiceState& service, const Subject& /*subject*/) {
       return set_message(service, {{{"de", "Bald"}, {"en", "Soon"}}});
     }},
    {"windows",
     [](ServiceState& service, const Subject& subject) {
       return plan_window(service, subject,
                          R"({"start":"2026-12-06T02:00:00Z","end":"2026-12-06T04:00:00Z"})");
     }},
    {"cancelled",
     [](ServiceState& service, const Subject& subject) {
       return remove_window(service, subject, http::rfc3339(kStart));
     }},
};

// The state after that change alone.
ServiceState sample(const StateField& field) {
  ServiceState service;
  const auto found = kChanges.find(field.name);
  EXPECT_NE(found, kChanges.end()) << field.name;
  if (found == kChanges.end()) return service;
  const Subject subject{configured().service(0), {}, kNow, kVersion};
  const Changed changed = found->second(service, subject);
  if (const auto* refusal = std::get_if<Refusal>(&changed)) {
    ADD_FAILURE() << field.name << ": " << refusal->detail;
  }
  return service;
}

// What the operators' API gives for the service, in the member that `schema` describes: a path
// below components/schemas of openapi/control.yaml.
std::string shown(const ServiceState& service, std::string_view schema) {
  auto state = std::make_shared<State>();
  state->services["orders"] = service;
  const Overlay::CatalogPtr unowned(Overlay::CatalogPtr(), &configured());
  const View view{std::make_shared<snapshot::Snapshot>(Overlay().apply(configured(), *state)),
                  unowned, state, kNow};
  JsonText json;
  json.begin_object().key("Service");
  write_service(view, 0, kNow, json);
  json.key("Windows");
  write_windows(view, 0, kNow, json);
  json.end_object();
  std::string place;
  std::istringstream parts{std::string(schema)};
  for (std::string part; std::getline(parts, part, '/');) {
    if (part != "properties") place.append("/").append(part == "items" ? "0" : part);
  }
  rapidjson::Document document;
  document.Parse(json.text());
  const rapidjson::Value* value = rapidjson::Pointer(place).Get(document);
  return value == nullptr ? "" : json_of(*value);
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

TEST(StateFields, AreThoseOfOneService) {
  const std::string one = service_state_to_json({});
  EXPECT_TRUE(service_state_from_json(one, "f"));
  EXPECT_FALSE(service_state_from_json(one + ",\"shop\":" + one, "f"));
}

// A field that is kept and changes no answer would be forgotten in overlay.cc.
TEST(StateFields, EachButTheVersionHasAnEffectOnTheService) {
  const catalog::Service& service = configured().service(0);
  ASSERT_EQ(service_in_effect(service, ServiceState()), service);
  for (const StateField& field : state_fields()) {
    const bool differs = !(service_in_effect(service, sample(field)) == service);
    EXPECT_EQ(differs, field.name != "version") << field.name;
  }
}

TEST(StateFields, EachIsDescribedByTheApi) {
  const auto api = document::read_document(testing::source_path("openapi/control.yaml").string());
  ASSERT_TRUE(api) << api.error().text();
  std::set<std::string_view> shown;
  for (const StateField& field : state_fields()) {
    const std::string place = "/components/schemas/" + std::string(field.shown_as);
    EXPECT_NE(rapidjson::Pointer(place).Get(api->value), nullptr) << field.name << ": " << place;
    EXPECT_TRUE(shown.insert(field.shown_as).second) << field.shown_as;
  }
}

TEST(StateFields, EachIsGivenByTheApi) {
  for (const StateField& field : state_fields()) {
    const std::string set = shown(sample(field), field.shown_as);
    EXPECT_NE(set, "") << field.name << ": " << field.shown_as;
    EXPECT_NE(set, shown(ServiceState(), field.shown_as)) << field.name;
  }
}

TEST(StateFields, EachIsReadByTheDashboard) {
  const std::string document = make_dashboard().document;
  for (const StateField& field : state_fields()) {
    const std::string_view member = field.shown_as.substr(field.shown_as.rfind('/') + 1);
    EXPECT_THAT(document, ::testing::ContainsRegex("\\b" + std::string(member) + "\\b"))
        << field.name;
  }
}

}  // namespace
}  // namespace intermission::control
