// schemas/config.schema.json against the program that it describes.
#include <gtest/gtest.h>
#include <rapidjson/document.h>
#include <rapidjson/pointer.h>

#include <set>
#include <string>

#include "catalog/configuration.h"
#include "http/limits.h"
#include "support/files.h"

namespace intermission::catalog {
namespace {

class ConfigSchema : public ::testing::Test {
 protected:
  ConfigSchema() {
    schema_.Parse(testing::read_file(testing::source_path("schemas/config.schema.json")));
  }

  const rapidjson::Value& at(const char* pointer) const {
    const rapidjson::Value* value = rapidjson::Pointer(pointer).Get(schema_);
    if (value == nullptr) throw std::runtime_error(pointer);
    return *value;
  }

  rapidjson::Document schema_;
};

void expect_descriptions(const rapidjson::Value& schema, const std::string& place,
                         const rapidjson::Document& root) {
  if (schema.HasMember("$ref")) {
    const std::string reference = schema["$ref"].GetString();
    EXPECT_NE(rapidjson::Pointer(reference).Get(root), nullptr) << place;
  } else {
    EXPECT_TRUE(schema.HasMember("type")) << place;
    EXPECT_TRUE(schema.HasMember("description")) << place;
  }
  if (schema.HasMember("description")) {
    const std::string text = schema["description"].GetString();
    EXPECT_TRUE(text.ends_with('.')) << place << ": " << text;
    EXPECT_NE(text.find(". "), 0U) << place;
  }
  if (schema.HasMember("type") && std::string_view("object") == [&] {
        return schema["type"].IsString() ? schema["type"].GetString() : "";
      }()) {
    EXPECT_TRUE(schema.HasMember("additionalProperties") || !schema.HasMember("properties"))
        << place;
  }
  for (const char* keyword : {"properties", "definitions"}) {
    if (!schema.HasMember(keyword)) continue;
    for (const auto& member : schema[keyword].GetObject()) {
      expect_descriptions(member.value, place + "/" + member.name.GetString(), root);
    }
  }
  for (const char* keyword : {"items", "additionalProperties"}) {
    if (schema.HasMember(keyword) && schema[keyword].IsObject()) {
      expect_descriptions(schema[keyword], place + "/" + keyword, root);
    }
  }
}

TEST_F(ConfigSchema, SaysWhatIsExpectedEverywhere) {
  ASSERT_FALSE(schema_.HasParseError());
  expect_descriptions(schema_, "", schema_);
}

// http::kLimitSettings is what the server keeps; the schema is what people may write.
TEST_F(ConfigSchema, LimitsAreThoseOfTheTable) {
  const rapidjson::Value& properties = at("/properties/limits/properties");
  // One is a list: the addresses for which one of the numbers does not hold.
  EXPECT_TRUE(properties.HasMember("exempt_addresses"));
  EXPECT_EQ(properties.MemberCount(), http::kLimitSettings.size() + 1);
  const http::Limits defaults;
  for (const http::LimitSetting& setting : http::kLimitSettings) {
    const std::string name(setting.name);
    ASSERT_TRUE(properties.HasMember(name)) << name;
    const rapidjson::Value& property = properties[name];
    EXPECT_STREQ(property["type"].GetString(), "integer") << name;
    EXPECT_EQ(property["minimum"].GetUint64(), setting.min) << name;
    EXPECT_EQ(property["maximum"].GetUint64(), setting.max) << name;
    const std::string description = property["description"].GetString();
    const std::string fallback = "Default: " + std::to_string(defaults.*setting.member) + ".";
    EXPECT_TRUE(description.ends_with(fallback)) << description;
    const std::string unit = setting.unit == "ms" ? "milliseconds" : std::string(setting.unit);
    EXPECT_TRUE(description.starts_with("A number of " + unit + ". ")) << description;
    EXPECT_NE(description.find(setting.meaning.substr(1)), std::string::npos) << description;
  }
}

TEST_F(ConfigSchema, EveryLimitIsRead) {
  for (const http::LimitSetting& setting : http::kLimitSettings) {
    for (const std::uint64_t value : {setting.min, setting.max}) {
      const std::string text =
          "limits: { " + std::string(setting.name) + ": " + std::to_string(value) + " }";
      const auto configuration = load_text(text, "f", {});
      ASSERT_TRUE(configuration) << configuration.error().text();
      EXPECT_EQ(configuration->limits.*setting.member, value) << setting.name;
    }
  }
}

TEST_F(ConfigSchema, ExemptAddressesAreRead) {
  const auto good = load_text("limits: { exempt_addresses: [127.0.0.1, 10.0.0.0/8] }", "f", {});
  ASSERT_TRUE(good) << good.error().text();
  ASSERT_EQ(good->exempt_addresses.size(), 2U);
  EXPECT_TRUE(good->exempt_addresses[1].contains(http::Address::from_ipv4({10, 1, 2, 3})));
  const auto wrong = load_text("limits: { exempt_addresses: [10.0.0.0/99] }", "f", {});
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().text(),
            "f:1: limits.exempt_addresses[0]: expected an address or a network such as "
            "10.0.0.0/8, got a string (\"10.0.0.0/99\")");
}

TEST_F(ConfigSchema, DescribesThePlaceholders) {
  const std::string description = at("/definitions/legacy/description").GetString();
  for (const std::string_view placeholder : kPlaceholders) {
    EXPECT_NE(description.find("{{" + std::string(placeholder) + "}}"), std::string::npos)
        << placeholder;
  }
}

}  // namespace
}  // namespace intermission::catalog
