// What holds for every dialect, also for the one that is added next.
#include "dialect/table.h"

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <set>

#include "base/text.h"
#include "dialect/slotted.h"
#include "support/files.h"

namespace intermission::dialect {
namespace {

page::Notice notice() {
  page::Notice made;
  made.service = "orders";
  made.title = "Orders";
  made.message = "Back \"soon\" <&> \xE2\x80\x93 \xC3\xA4";
  made.language = "en";
  return made;
}

TEST(Table, NamesAreDistinctAndFound) {
  std::set<std::string_view> names;
  for (std::size_t row = 0; row < table().size(); ++row) {
    EXPECT_TRUE(names.insert(table()[row]->name).second) << table()[row]->name;
    EXPECT_EQ(find(table()[row]->name), row);
    EXPECT_FALSE(table()[row]->speaks_to.empty());
    EXPECT_FALSE(table()[row]->known_by.empty());
  }
  EXPECT_FALSE(find("nobody"));
}

// A dialect names the fields of its clients itself.
TEST(Table, ThereIsRoomForFurtherFields) {
  EXPECT_LE(http::known_fields() + 20, http::kMostFields);
}

TEST(Table, TheConfigurationMayChooseEachOfThem) {
  rapidjson::Document schema;
  schema.Parse(testing::read_file(testing::source_path("schemas/config.schema.json")));
  ASSERT_FALSE(schema.HasParseError());
  std::set<std::string_view> allowed;
  for (const auto& name : schema["definitions"]["answer"]["enum"].GetArray()) {
    allowed.insert(name.GetString());
  }
  std::set<std::string_view> spoken;
  for (const Dialect* dialect : table()) spoken.insert(dialect->name);
  EXPECT_EQ(allowed, spoken);
}

TEST(Table, EveryRepresentationIsFitToBeSent) {
  const catalog::Service service;
  for (const Dialect* dialect : table()) {
    SCOPED_TRACE(dialect->name);
    const auto said = dialect->render(notice(), service);
    ASSERT_FALSE(said.empty());
    for (const Representation& representation : said) {
      EXPECT_EQ(representation.media_type, base::to_lower(representation.media_type));
      // Problem details may be sent to clients that asked for another kind of JSON (RFC 9457 §3).
      const std::string& type = representation.content_type;
      EXPECT_TRUE(type.empty() || type.starts_with(representation.media_type) ||
                  type == "application/problem+json")
          << type;
      EXPECT_GE(representation.gate_status, 300) << "a 2xx would open the gate";
      const std::string& fields = representation.fields;
      EXPECT_TRUE(fields.empty() || fields.ends_with("\r\n")) << fields;
    }
  }
}

TEST(Table, RecognisersSurviveARequestWithoutAnything) {
  http::Request request;
  request.reset("", "", 10);
  for (const BodyState state : {BodyState::kUnread, BodyState::kFinal}) {
    const catalog::Service service;
    RequestEvidence evidence(request, state, service);
    for (const Dialect* dialect : table()) {
      EXPECT_NE(dialect->recognise(evidence).strength, Claim::Strength::kSure) << dialect->name;
    }
  }
}

}  // namespace
}  // namespace intermission::dialect
