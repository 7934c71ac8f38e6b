#include "snapshot/vary_lines.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace intermission::snapshot {
namespace {

using http::Field;
using http::FieldSet;

TEST(VaryLines, NameFieldsInAlphabeticalOrder) {
  const VaryLines lines;
  EXPECT_EQ(lines.of({}), "");
  EXPECT_EQ(lines.of({Field::kAccept}), "Vary: Accept\r\n");
  EXPECT_EQ(lines.of({Field::kUserAgent, Field::kAccept, Field::kSecChUa}),
            "Vary: Accept, Sec-CH-UA, User-Agent\r\n");
}

TEST(VaryLines, ArePutTogetherOnce) {
  const VaryLines lines;
  const std::string_view first = lines.of({Field::kAccept, Field::kTe});
  EXPECT_EQ(lines.of({Field::kTe, Field::kAccept}).data(), first.data());
}

std::string line_of(FieldSet fields) {
  std::string text;
  for (std::size_t i = 0; i < http::kKnownFields; ++i) {
    const auto field = static_cast<Field>(i);
    if (!fields.has(field)) continue;
    text += text.empty() ? "Vary: " : ", ";
    text += http::field_name(field);
  }
  return text + "\r\n";
}

// Far more sets than there are slots, asked for by several threads at once.
TEST(VaryLines, TellAllSetsApart) {
  std::vector<FieldSet> sets;
  for (std::size_t i = 0; i < http::kKnownFields; ++i) {
    for (std::size_t j = 0; j < http::kKnownFields; ++j) {
      sets.push_back({static_cast<Field>(i), static_cast<Field>(j)});
    }
  }
  const VaryLines lines;
  const auto ask_for_all = [&] {
    for (const FieldSet set : sets) EXPECT_EQ(lines.of(set), line_of(set));
  };
  std::thread other(ask_for_all);
  ask_for_all();
  other.join();
}

}  // namespace
}  // namespace intermission::snapshot
