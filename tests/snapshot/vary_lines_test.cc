#include "snapshot/vary_lines.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/text.h"

namespace intermission::snapshot {
namespace {

using http::Field;
using http::FieldSet;

TEST(VaryLines, NameFieldsInAlphabeticalOrder) {
  const VaryLines lines;
  EXPECT_TRUE(lines.of({}).empty());
  EXPECT_EQ(lines.of({Field::kAccept}).text(), "Vary: Accept\r\n");
  EXPECT_EQ(lines.of({Field::kUserAgent, Field::kAccept, http::field_from("Sec-CH-UA")}).text(),
            "Vary: Accept, Sec-CH-UA, User-Agent\r\n");
}

// Fields that only one kind of client sends have numbers behind all others.
TEST(VaryLines, PutFieldsThatADialectNamesInTheirPlace) {
  const Field anthropic = http::field_from("Anthropic-Version");
  ASSERT_NE(anthropic, Field::kOther);
  EXPECT_EQ(VaryLines().of({anthropic, Field::kAuthorization, Field::kAccept}).text(),
            "Vary: Accept, anthropic-version, Authorization\r\n");
}

TEST(VaryLines, ArePutTogetherOnce) {
  const VaryLines lines;
  const http::FieldLines& first = lines.of({Field::kAccept, Field::kTe});
  EXPECT_EQ(&lines.of({Field::kTe, Field::kAccept}), &first);
}

std::string line_of(FieldSet fields) {
  std::map<std::string, std::string_view> names;  // by their small letters
  fields.for_each([&](Field field) {
    names.emplace(base::to_lower(http::field_name(field)), http::field_name(field));
  });
  std::string text;
  for (const auto& [lower, name] : names) {
    text += text.empty() ? "Vary: " : ", ";
    text += name;
  }
  return text + "\r\n";
}

// Far more sets than there are slots, asked for by several threads at once.
TEST(VaryLines, TellAllSetsApart) {
  std::vector<FieldSet> sets;
  for (std::size_t i = 0; i < http::known_fields(); ++i) {
    for (std::size_t j = 0; j < http::known_fields(); ++j) {
      sets.push_back({static_cast<Field>(i), static_cast<Field>(j)});
    }
  }
  const VaryLines lines;
  const auto ask_for_all = [&] {
    for (const FieldSet set : sets) EXPECT_EQ(lines.of(set).text(), line_of(set));
  };
  std::thread other(ask_for_all);
  ask_for_all();
  other.join();
}

}  // namespace
}  // namespace intermission::snapshot
