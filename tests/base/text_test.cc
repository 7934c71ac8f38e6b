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

}  // namespace
}  // namespace intermission::base
