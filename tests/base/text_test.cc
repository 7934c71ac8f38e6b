#include "base/text.h"

#include <gtest/gtest.h>

namespace intermission::base {
namespace {

TEST(Glob, StarIsAnyRun) {
  EXPECT_TRUE(matches_glob("/v1/*", "/v1/"));
  EXPECT_TRUE(matches_glob("/v1/*", "/v1/a/b"));
  EXPECT_FALSE(matches_glob("/v1/*", "/v1"));
  EXPECT_TRUE(matches_glob("*a*b*", "xxaxxbxx"));
  EXPECT_FALSE(matches_glob("*a*b", "xxbxxa"));
  EXPECT_TRUE(matches_glob("", ""));
  EXPECT_TRUE(matches_glob("**", ""));
  EXPECT_FALSE(matches_glob("a", "A"));
  EXPECT_TRUE(imatches_glob("legacy-*", "LEGACY-7"));
}

TEST(Glob, HostilePatternsEndQuickly) {
  EXPECT_FALSE(matches_glob(std::string(60, '*') + "a*a*a*a*a*a*a*b", std::string(5000, 'a')));
}

// Against the definition: every byte against every byte, at the start, at the end and inside of
// texts of every length around the steps in which they are compared.
TEST(Text, EqualButForCase) {
  for (std::size_t size = 1; size <= 18; ++size) {
    for (const std::size_t at : {std::size_t{0}, size / 2, size - 1}) {
      std::string a(size, 'Q');
      std::string b(size, 'q');
      for (int i = 0; i < 256 * 256; ++i) {
        a[at] = static_cast<char>(i / 256);
        b[at] = static_cast<char>(i % 256);
        ASSERT_EQ(iequals(a, b), ascii_lower(a[at]) == ascii_lower(b[at]))
            << size << ' ' << at << ' ' << i;
      }
    }
  }
  EXPECT_TRUE(iequals("", ""));
  EXPECT_FALSE(iequals("a", ""));
  EXPECT_TRUE(istarts_with("Application/JSON", "application/"));
  EXPECT_FALSE(istarts_with("app", "application/"));
}

TEST(Text, Trim) {
  EXPECT_EQ(trim(" \ta b\t "), "a b");
  EXPECT_EQ(trim(" \t"), "");
}

TEST(Text, Numbers) {
  EXPECT_EQ(parse_number("18446744073709551615"), 18446744073709551615ULL);
  for (const char* text : {"", "-1", "+1", "1 ", "18446744073709551616", "0x1"}) {
    EXPECT_FALSE(parse_number(text)) << text;
  }
}

TEST(Text, PrintableNeverShowsControls) {
  EXPECT_EQ(printable("a\r\n\x1b[31m\xc3"), "a\\x0d\\x0a\\x1b[31m\\xc3");
  EXPECT_EQ(printable("abcdef", 3), "abc...");
}

TEST(Text, CaseInsensitiveSearch) {
  EXPECT_TRUE(icontains("text/HTML;q=1", "text/html"));
  EXPECT_TRUE(icontains("x", ""));
  EXPECT_FALSE(icontains("htm", "html"));
}

TEST(Text, Boundaries) {
  EXPECT_EQ(printable("abc", 3), "abc") << "of which nothing is cut";
  EXPECT_EQ(printable(" ~"), " ~");
  EXPECT_EQ(printable("\x1f\x7f"), "\\x1f\\x7f");
  EXPECT_EQ(printable(std::string(200, 'x')), std::string(200, 'x'));
  EXPECT_EQ(printable(std::string(201, 'x')), std::string(200, 'x') + "...");
  EXPECT_TRUE(icontains("", ""));
  EXPECT_FALSE(icontains("", "x"));
  EXPECT_TRUE(icontains("x", "X"));
}

TEST(Text, Kinds) {
  for (int i = 0; i < 256; ++i) {
    const char c = static_cast<char>(i);
    EXPECT_EQ(is_digit(c), i >= 48 && i <= 57) << i;
    EXPECT_EQ(is_alpha(c), (i >= 65 && i <= 90) || (i >= 97 && i <= 122)) << i;
    EXPECT_EQ(is_control(c), (i < 32 && i != 9) || i == 127) << i;
    EXPECT_EQ(hex_value(c) >= 0, is_digit(c) || (i >= 65 && i <= 70) || (i >= 97 && i <= 102)) << i;
  }
  EXPECT_EQ(hex_value('0'), 0);
  EXPECT_EQ(hex_value('9'), 9);
  EXPECT_EQ(hex_value('a'), 10);
  EXPECT_EQ(hex_value('F'), 15);
}

}  // namespace
}  // namespace intermission::base
