#include "contract/xsd_pattern.h"

#include <gtest/gtest.h>

#include <string>

#include "contract/character_sets.h"

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
      {"[+--]", {"+", ",", "-"}, {"*", "."}},
      {"x[\\t-\\rz]", {"x\t", "x\n", "x\r"}, {"x ", "xt", "xr"}},
      {"[\\d-z]", {"5", "-", "z"}, {"a", "y"}},
      {"[^\\n]", {"n", "\\"}, {"\n"}},
      {"\\S", {"a", "\xC3\xA4", "\v"}, {" ", "\t", "\n", "\r"}},
      {"\\\\\\.\\|", {"\\.|"}, {"\\a|"}},
      {"[\xC3\xA4-\xC3\xBC]", {"\xC3\xA4", "\xC3\xB6", "\xC3\xBC"}, {"\xC3\xA3", "\xC3\xBD", "a"}},
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

TEST(XsdPatternTest, APatternOfTooManyStatesIsNotRead) {
  for (const char* expression :
       {"a{0,900}", "a{1900}", "(a{0,20}){0,20}", "(a{900}|b{900})", "(a{900})*"}) {
    EXPECT_TRUE(XsdPattern::parse(expression)) << expression;
  }
  for (const char* expression :
       {"a{0,2000}", "a{2000}", "a{2001}", "a{0,2001}", "(a{0,50}){0,50}", "(a{50}){50}",
        "(a{1500}|b{1500})", "(a{2000})*", "((a{1000}){1000}){1000}", "((a{1000}){1000})*",
        "((a{1000}){1000}){0,1000}", "(){2000}{2000}"}) {
    EXPECT_FALSE(XsdPattern::parse(expression)) << expression;
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

// The first and the last of each length that UTF-8 has.
TEST(XsdPatternTest, ReadsAndWritesCharactersOfEveryLength) {
  for (const std::string c :
       {"!", "~", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xE2\x82\xAC", "\xEF\xBF\xBD",
        "\xF0\x90\x80\x80", "\xF0\x9F\x98\x80", "\xF4\x8F\xBF\xBD"}) {
    const auto pattern = XsdPattern::parse("[" + c + "]{2}");
    ASSERT_TRUE(pattern) << c;
    EXPECT_EQ(pattern->shortest(0, 10), c + c);
    EXPECT_TRUE(pattern->matches(c + c));
    EXPECT_FALSE(pattern->matches(c));
    EXPECT_FALSE(pattern->matches(c + "a"));
  }
}

TEST(XsdPatternTest, ReadsAHyphenInASet) {
  for (const CharacterSet& one : kHyphens) {
    const auto pattern = XsdPattern::parse(one.set);
    ASSERT_TRUE(pattern) << one.set;
    expect_characters(*pattern, one);
  }
}

TEST(XsdPatternTest, KnowsCategoriesByTheirAsciiPart) {
  for (const CharacterSet& one : {
           CharacterSet{"{L}", "AZaz", "@[`{0 "},
           CharacterSet{"{Lu}", "AZ", "@[az0"},
           CharacterSet{"{Ll}", "az", "`{AZ0"},
           CharacterSet{"{N}", "09", "/:a "},
           CharacterSet{"{Nd}", "09", "/:a "},
           CharacterSet{"{P}", "!\"#%&'()*,-./:;?@[\\]_{}", " $+09<=>AZ^`az|~"},
           CharacterSet{"{Po}", "!#%'*,./:;?@\\", " $()+-09<>AZ[]^`az{|}~"},
           CharacterSet{"{Z}", " ", "!a\t"},
           CharacterSet{"{Zs}", " ", "!a\t"},
           CharacterSet{"{S}", "$+<=>^`|~", "#%*,;?]_a{}"},
           CharacterSet{"{IsBasicLatin}", "a0 ~\x7F", ""},
       }) {
    const auto inside = XsdPattern::parse("\\p" + one.set);
    ASSERT_TRUE(inside) << one.set;
    expect_characters(*inside, one);
    const auto outside = XsdPattern::parse("\\P" + one.set);
    if (outside) expect_characters(*outside, {"not " + one.set, "", one.in});
  }
  EXPECT_FALSE(XsdPattern::parse("\\p{IsBasicLatin}")->matches("\xC3\xA4"));
  EXPECT_TRUE(XsdPattern::parse("\\P{Lu}")->matches("a"));
}

// NameStartChar and NameChar of XML (XML Schema part 2, appendix F), as far as ASCII goes.
TEST(XsdPatternTest, KnowsTheCharactersOfNames) {
  const std::string start = ":_AMZamz";
  const std::string later = "-.059";
  const std::string never = " !,/;<=>?@[]^`{|}~\t\n\r";
  for (const std::string name : {"\\i", "[\\i]", "[^\\I]"}) {
    const auto pattern = XsdPattern::parse(name);
    ASSERT_TRUE(pattern) << name;
    for (const char c : start) EXPECT_TRUE(pattern->matches({&c, 1})) << name << c;
    for (const char c : later + never) EXPECT_FALSE(pattern->matches({&c, 1})) << name << c;
  }
  for (const std::string name : {"\\c", "[\\c]", "[^\\C]"}) {
    const auto pattern = XsdPattern::parse(name);
    ASSERT_TRUE(pattern) << name;
    for (const char c : start + later) EXPECT_TRUE(pattern->matches({&c, 1})) << name << c;
    for (const char c : never) EXPECT_FALSE(pattern->matches({&c, 1})) << name << c;
  }
  for (const char c : later + never) EXPECT_TRUE(XsdPattern::parse("\\I")->matches({&c, 1})) << c;
  for (const char c : never) EXPECT_TRUE(XsdPattern::parse("\\C")->matches({&c, 1})) << c;
  for (const char c : start) EXPECT_FALSE(XsdPattern::parse("\\I")->matches({&c, 1})) << c;
  for (const char c : start + later) EXPECT_FALSE(XsdPattern::parse("\\C")->matches({&c, 1})) << c;
}

// Whether "\xC3\xA4" is a letter, an escape that is known by its ASCII part cannot tell: it is
// neither within its set nor outside of it.
TEST(XsdPatternTest, DoesNotGuessBeyondAscii) {
  for (const char* partial : {"\\w", "\\W", "\\i", "\\C", "\\p{L}", "\\P{L}", "\\d"}) {
    const std::string name = partial;
    EXPECT_FALSE(XsdPattern::parse(name)->matches("\xC3\xA4")) << name;
    EXPECT_FALSE(XsdPattern::parse("[" + name + "]")->matches("\xC3\xA4")) << name;
    EXPECT_FALSE(XsdPattern::parse("[^" + name + "]")->matches("\xC3\xA4")) << name;
    EXPECT_FALSE(XsdPattern::parse("[^\x7F" + name + "]")->matches("\xC2\x80")) << name;
  }
  for (const char* exact : {"[^a]", "[^\\n]", "[^\\s]", "[\\S]", "[^\\t\\r-]"}) {
    EXPECT_TRUE(XsdPattern::parse(exact)->matches("\xC3\xA4")) << exact;
  }
  EXPECT_TRUE(XsdPattern::parse("[^\\w]")->matches("-"));
  EXPECT_TRUE(XsdPattern::parse("[^\\w]")->matches("\x7F"));
}

TEST(XsdPatternTest, ALengthMayBeTheLeastAndTheMost) {
  EXPECT_EQ(XsdPattern::parse("a{3}")->shortest(3, 3), "aaa");
  EXPECT_EQ(XsdPattern::parse("a?b?")->shortest(2, 2), "ab");
  EXPECT_EQ(XsdPattern::parse("a|bcd")->shortest(2, 5), "bcd");
}

TEST(XsdPatternTest, RefusesWhatItDoesNotUnderstand) {
  for (const char* expression :
       {"(",     ")",         "a)",       "[a",        "[]",  "*",          "a**",
        "a{2",   "a{3,2}",    "a{x}",     "\\",        "\\q", "\\p{Greek}", "[b-a]",
        "\\p",   "a{9999}",   "\xFF",     "[a-\\d]",   "[a-", "a|*",        "\\p{L",
        "a{,2}", "a{1,9999}", "[a-z-[b]", "[a-z-[b]x]"}) {
    EXPECT_FALSE(XsdPattern::parse(expression)) << expression;
  }
}

TEST(XsdPatternTest, IsBounded) {
  EXPECT_FALSE(XsdPattern::parse(std::string(10'000, '(') + std::string(10'000, ')')));
  EXPECT_FALSE(XsdPattern::parse("((((a{100}){100}){100}){100})"));
  EXPECT_FALSE(XsdPattern::parse("((((){2000}){2000}){2000}){2000}"));
  const std::string four = "(){2000}(){2000}(){2000}(){2000}";
  EXPECT_TRUE(XsdPattern::parse(four + "(){1999}"));
  EXPECT_FALSE(XsdPattern::parse(four + "(){2000}")) << "time is bounded without states, too";
  const auto hard = XsdPattern::parse("(a|a)*(a|a)*(a|a)*b");
  ASSERT_TRUE(hard);
  EXPECT_FALSE(hard->matches(std::string(10'000, 'a')));
}

TEST(XsdPatternTest, RangesThatTouchAreOne) {
  const auto pattern = XsdPattern::parse("[a-cd-fb-g-[d]]");
  ASSERT_TRUE(pattern);
  for (const char* in : {"a", "b", "c", "e", "f", "g"}) EXPECT_TRUE(pattern->matches(in)) << in;
  for (const char* out : {"d", "h", "`"}) EXPECT_FALSE(pattern->matches(out)) << out;
  EXPECT_FALSE(XsdPattern::parse("[^ac]")->matches("a"));
  EXPECT_TRUE(XsdPattern::parse("[^ac]")->matches("b"));
  EXPECT_FALSE(XsdPattern::parse("[^\x01-\xF4\x8F\xBF\xBF]")->matches("a"));
  EXPECT_FALSE(XsdPattern::parse("[^\xF4\x8F\xBF\xBF]")->matches("\xF4\x8F\xBF\xBF"));
  EXPECT_TRUE(XsdPattern::parse("[^\xF4\x8F\xBF\xBF]")->matches("\xF4\x8F\xBF\xBE"));
}

TEST(XsdPatternTest, KnowsTheFirstAndTheLastOfASet) {
  const std::string nothing(1, '\0');
  EXPECT_TRUE(XsdPattern::parse("[^a]")->matches(nothing));
  EXPECT_TRUE(XsdPattern::parse("\\p{IsBasicLatin}")->matches(nothing));
  EXPECT_TRUE(XsdPattern::parse("\\p{IsBasicLatin}")->matches("\x7F"));
  EXPECT_FALSE(XsdPattern::parse("\\p{IsBasicLatin}")->matches("\xC2\x80"));
  for (const char* of : {"\\d", "\\w", "\\i", "\\c"}) {
    EXPECT_FALSE(XsdPattern::parse(of)->matches(nothing)) << of;
  }
  EXPECT_TRUE(XsdPattern::parse("\\w")->matches("a"));
  EXPECT_FALSE(XsdPattern::parse("\\W")->matches("a"));
  EXPECT_TRUE(XsdPattern::parse("\\D")->matches("a"));
}

TEST(XsdPatternTest, ARangeMayBeginAndEndAlike) {
  EXPECT_TRUE(XsdPattern::parse("[a-a]")->matches("a"));
  EXPECT_FALSE(XsdPattern::parse("[a-a]")->matches("-"));
  EXPECT_FALSE(XsdPattern::parse("[a-\\d]"));
  EXPECT_FALSE(XsdPattern::parse("[a-\\"));
  EXPECT_FALSE(XsdPattern::parse("[\\"));
  EXPECT_FALSE(XsdPattern::parse("[\\P{IsBasicLatin}]")) << "a set without a member";
  EXPECT_TRUE(XsdPattern::parse("[+-[b]]")->matches("+"));
  EXPECT_FALSE(XsdPattern::parse("[a-[a]"));
  EXPECT_FALSE(XsdPattern::parse("[a-["));
  EXPECT_FALSE(XsdPattern::parse("[a-[*"));
}

TEST(XsdPatternTest, GroupsStandInEachOtherToADepth) {
  const auto nested = [](std::size_t depth) {
    return XsdPattern::parse(std::string(depth, '(') + "a" + std::string(depth, ')')).has_value();
  };
  EXPECT_TRUE(nested(XsdPattern::kMaxDepth));
  EXPECT_FALSE(nested(XsdPattern::kMaxDepth + 1));
  const auto taken = [](std::size_t depth) {
    std::string text = "[a]";
    for (std::size_t i = 0; i < depth; ++i) text = "[b-" + text + "]";
    return XsdPattern::parse(text).has_value();
  };
  EXPECT_TRUE(taken(XsdPattern::kMaxDepth));
  EXPECT_FALSE(taken(XsdPattern::kMaxDepth + 1));
}

TEST(XsdPatternTest, RepeatsToABound) {
  EXPECT_EQ(XsdPattern::parse("a{0,1}b{2}")->shortest(3, 3), "abb");
  EXPECT_EQ(XsdPattern::parse("a{1,3}")->shortest(3, 9), "aaa");
  EXPECT_FALSE(XsdPattern::parse("a{1,3}")->matches("aaaa"));
  EXPECT_FALSE(XsdPattern::parse("a{2,3}")->matches("a"));
  EXPECT_TRUE(XsdPattern::parse("(){2000}"));
  EXPECT_TRUE(XsdPattern::parse("(){0,1999}"));
  EXPECT_FALSE(XsdPattern::parse("(){2001}"));
  EXPECT_FALSE(XsdPattern::parse("(){0,2001}"));
  EXPECT_TRUE(XsdPattern::parse("a{1999}")) << "and the state that accepts";
  EXPECT_FALSE(XsdPattern::parse("a{2000}"));
  EXPECT_TRUE(XsdPattern::parse("a{1999}")->matches(std::string(1999, 'a')));
  EXPECT_FALSE(XsdPattern::parse("a{1999}")->matches(std::string(1998, 'a')));
  EXPECT_EQ(XsdPattern::parse("a*")->shortest(256, 999), std::string(256, 'a'));
  EXPECT_EQ(XsdPattern::parse("a*")->shortest(257, 999), std::nullopt);
}

}  // namespace
}  // namespace intermission::contract
