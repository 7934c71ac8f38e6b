#include "gateway/field_names.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace intermission::gateway {
namespace {

using http::Field;
using http::FieldSet;

TEST(FieldNames, ListsNamesInAlphabeticalOrder) {
  const FieldNames names;
  EXPECT_EQ(names.of({}), "");
  EXPECT_EQ(names.of({Field::kAccept}), "Accept");
  EXPECT_EQ(names.of({Field::kUserAgent, Field::kAccept, Field::kSecChUa}),
            "Accept, Sec-CH-UA, User-Agent");
}

TEST(FieldNames, PutsEachListTogetherOnce) {
  const FieldNames names;
  const std::string_view first = names.of({Field::kAccept, Field::kTe});
  EXPECT_EQ(names.of({Field::kTe, Field::kAccept}).data(), first.data());
}

std::string joined(FieldSet fields) {
  std::string text;
  for (std::size_t i = 0; i < http::kKnownFields; ++i) {
    const auto field = static_cast<Field>(i);
    if (!fields.has(field)) continue;
    if (!text.empty()) text += ", ";
    text += http::field_name(field);
  }
  return text;
}

// Far more sets than there are slots, asked for by several threads at once.
TEST(FieldNames, TellsAllSetsApart) {
  std::vector<FieldSet> sets;
  for (std::size_t i = 0; i < http::kKnownFields; ++i) {
    for (std::size_t j = 0; j < http::kKnownFields; ++j) {
      sets.push_back({static_cast<Field>(i), static_cast<Field>(j)});
    }
  }
  const FieldNames names;
  const auto ask_for_all = [&] {
    for (const FieldSet set : sets) EXPECT_EQ(names.of(set), joined(set));
  };
  std::thread other(ask_for_all);
  ask_for_all();
  other.join();
}

}  // namespace
}  // namespace intermission::gateway
