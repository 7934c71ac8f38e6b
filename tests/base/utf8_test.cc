#include "base/utf8.h"

#include <gtest/gtest.h>

#include <iterator>
#include <string>
#include <string_view>

namespace intermission::base {
namespace {

TEST(Utf8, CountsTheBytesOfTheFirstCharacter) {
  EXPECT_EQ(utf8_size("a"), 1U);
  EXPECT_EQ(utf8_size("ab"), 1U);
  EXPECT_EQ(utf8_size("\xC3\xBCz"), 2U);
  EXPECT_EQ(utf8_size("\xE2\x82\xAC\xC3"), 3U);
  EXPECT_EQ(utf8_size("\xF0\x9F\x98\x80z"), 4U);
  EXPECT_EQ(utf8_size(std::string_view("\0", 1)), 1U);
  EXPECT_EQ(utf8_size("\xF4\x8F\xBF\xBF"), 4U) << "U+10FFFF";
  EXPECT_EQ(utf8_size("\xEF\xBF\xBF"), 3U) << "U+FFFF";
}

// RFC 3629 §3 and §10: overlong forms, surrogates and what is beyond U+10FFFF hide characters.
TEST(Utf8, WhatIsNoCharacterHasNone) {
  EXPECT_EQ(utf8_size(""), 0U);
  for (const std::string_view wrong : {"\x80",
                                       "\xBF",
                                       "\xC3",
                                       "\xC3z",
                                       "\xE2\x82",
                                       "\xE2\x82z",
                                       "\xF0\x9F\x98",
                                       "\xC0\x80",
                                       "\xC1\xBF",
                                       "\xE0\x80\x80",
                                       "\xE0\x9F\xBF",
                                       "\xF0\x80\x80\x80",
                                       "\xF0\x8F\xBF\xBF",
                                       "\xED\xA0\x80",
                                       "\xED\xBF\xBF",
                                       "\xF4\x90\x80\x80",
                                       "\xF5\x80\x80\x80",
                                       "\xF8\x88\x80\x80\x80",
                                       "\xFE",
                                       "\xFF"}) {
    EXPECT_EQ(utf8_size(wrong), 0U) << ::testing::PrintToString(wrong);
  }
}

// The bytes behind the view are not its own.
TEST(Utf8, NothingIsReadBehindTheEnd) {
  const std::string_view euro = "\xE2\x82\xAC";
  EXPECT_EQ(utf8_size(euro.substr(0, 2)), 0U);
  EXPECT_EQ(utf8_size(euro.substr(0, 1)), 0U);
}

TEST(Utf8, FitsWholeCharacters) {
  const std::string_view text = "a\xC3\xBC\xE2\x82\xAC\xF0\x9F\x98\x80";
  const std::size_t fitting_sizes[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10};
  for (std::size_t most = 0; most < std::size(fitting_sizes); ++most) {
    EXPECT_EQ(fitting(text, most), text.substr(0, fitting_sizes[most])) << most;
  }
  EXPECT_EQ(fitting("\xFF\x80z", 2), "\xFF\x80") << "bytes that are no characters";
  EXPECT_EQ(fitting("", 5), "");
}

TEST(Utf8, FindsNoncharactersForInternalUse) {
  EXPECT_EQ(find_internal("\xEF\xB7\x90"), 0U);
  EXPECT_EQ(find_internal("ab\xEF\xB7\xAF"), 2U);
  EXPECT_EQ(find_internal("\xEF\xB7\x8F\xEF\xB7\x90"), 3U);
  for (const char* other : {"", "a", "\xEF\xB7", "\xEF\xB7\x8F", "\xEF\xB7\xB0", "\xEF\xB8\x90"}) {
    EXPECT_EQ(find_internal(other), std::string_view::npos) << other;
  }
}

}  // namespace
}  // namespace intermission::base
