#include "contract/xsd_pattern.h"

#include <gtest/gtest.h>

#include <string>

namespace intermission::contract {
namespace {

struct Example {
  std::string expression;
  std::vector<std::string> match;
  std::vector<std::string> differ;
};

TEST(XsdPatternTest, MatchesWholeTexts) {
  const Example examples[] = {
      {"abc", {"abc"}, {"", "ab", "abcd", "xabc"}},
      {"", {""}, {"a"}},
      {"a|bc|", {"a", "bc", ""}, {"b", "abc"}},
      {"(ab)*", {"", "ab", "abab"}, {"a", "aba"}},
      {"a+b?", {"a", "aab"}, {"b", "abb"}},
      {"[A-Z]{3}-\\d{2,4}", {"ABC-12", "ABC-1234"}, {"AB-12", "ABC-1", "ABC-12345", "abc-12"}},
      {"a{2}", {"aa"}, {"a", "aaa"}},
      {"a{2,}", {"aa", "aaaaa"}, {"a"}},
      {"a{0}b", {"b"}, {"ab"}},
      {"[^a-c]", {"d", "-", "\xC3\xA4"}, {"a", "b", "c", ""}},
      {"[a-z-[aeiou]]+", {"xyz"}, {"a", "xay"}},
      {"[\\-\\.\\d]+", {"1-2.3"}, {"a"}},
      {"\\i\\c*", {"a", "_x-1.2:y"}, {"1a", "-"}},
      {"\\w\\s\\S", {"a b", "a\tb"}, {"ab", "a  "}},
      {"\\p{Lu}\\p{Nd}", {"A1"}, {"a1", "AA"}},
      {".", {"a", "\xE2\x82\xAC"}, {"", "\n", "ab"}},
      {"(a|b)+c{1,2}", {"abac", "bcc"}, {"c", "abccc"}},
      {"((a*)*)*b", {"b", "aaab"}, {"a"}},
  };
  for (const Example& example : examples) {
    SCOPED_TRACE(example.expression);
    const auto pattern = XsdPattern::parse(example.expression);
    ASSERT_TRUE(pattern);
    for (const auto& text : example.match) EXPECT_TRUE(pattern->matches(text)) << text;
    for (const auto& text : example.differ) EXPECT_FALSE(pattern->matches(text)) << text;
    const auto sample = pattern->shortest(0, 100);
    ASSERT_TRUE(sample);
    EXPECT_TRUE(pattern->matches(*sample)) << *sample;
  }
}

TEST(XsdPatternTest, MakesTheShortestTextOfALength) {
  EXPECT_EQ(XsdPattern::parse("[A-Z]{3}-\\d+")->shortest(0, 100), "AAA-0");
  EXPECT_EQ(XsdPattern::parse("x*")->shortest(0, 100), "");
  EXPECT_EQ(XsdPattern::parse("x*")->shortest(3, 100), "xxx");
  EXPECT_EQ(XsdPattern::parse("(ab)*")->shortest(3, 100), "abab");
  EXPECT_EQ(XsdPattern::parse("a{5}")->shortest(0, 4), std::nullopt);
  EXPECT_EQ(XsdPattern::parse("a{5}")->shortest(6, 100), std::nullopt);
}

TEST(XsdPatternTest, RefusesWhatItDoesNotUnderstand) {
  for (const char* expression : {"(", ")", "a)", "[a", "[]", "*", "a**", "a{2", "a{3,2}", "a{x}",
                                 "\\", "\\q", "\\p{Greek}", "[b-a]", "\\p", "a{9999}", "\xFF"}) {
    EXPECT_FALSE(XsdPattern::parse(expression)) << expression;
  }
}

TEST(XsdPatternTest, IsBounded) {
  EXPECT_FALSE(XsdPattern::parse(std::string(10'000, '(') + std::string(10'000, ')')));
  EXPECT_FALSE(XsdPattern::parse("((((a{100}){100}){100}){100})"));
  EXPECT_FALSE(XsdPattern::parse("((((){2000}){2000}){2000}){2000}"));
  const auto hard = XsdPattern::parse("(a|a)*(a|a)*(a|a)*b");
  ASSERT_TRUE(hard);
  EXPECT_FALSE(hard->matches(std::string(10'000, 'a')));
}

}  // namespace
}  // namespace intermission::contract
