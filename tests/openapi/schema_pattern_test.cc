#include "openapi/schema_pattern.h"

#include <gtest/gtest.h>

#include <string>

#include "contract/character_sets.h"

namespace intermission::openapi {
namespace {

bool matches(std::string_view expression, std::string_view text) {
  const auto pattern = SchemaPattern::parse(expression);
  return pattern && pattern->matches(text);
}

TEST(SchemaPattern, MatchesAnywhereUnlessAnchored) {
  EXPECT_TRUE(matches("b", "abc"));
  EXPECT_FALSE(matches("^b", "abc"));
  EXPECT_TRUE(matches("c$", "abc"));
  EXPECT_FALSE(matches("^abc$", "abcd"));
  EXPECT_TRUE(matches("^a|c$", "xc"));
  EXPECT_TRUE(matches("", "anything"));
}

// Outside of groups and sets "|" divides the whole expression, anchors included.
TEST(SchemaPattern, ABarInAGroupDividesTheGroupAlone) {
  EXPECT_TRUE(matches("^(a|b)c$", "bc"));
  EXPECT_TRUE(matches("^(a|b)c$", "ac"));
  EXPECT_FALSE(matches("^(a|b)c$", "a"));
  EXPECT_FALSE(matches("^(a|b)c$", "bcd"));
  EXPECT_TRUE(matches("^((a|b)|c)d$|^e$", "cd"));
  EXPECT_TRUE(matches("^((a|b)|c)d$|^e$", "e"));
  EXPECT_FALSE(matches("^((a|b)|c)d$|^e$", "c"));
  EXPECT_TRUE(matches("^(?:open|closed)$", "closed"));
  EXPECT_FALSE(matches("^(?:open|closed)$", "opened"));
  EXPECT_EQ(SchemaPattern::parse("^(ab|c)d$")->shortest(0, 9), "cd");
}

TEST(SchemaPattern, ABarInASetOrBehindABackslashIsACharacter) {
  EXPECT_TRUE(matches("^[a|b]$", "|"));
  EXPECT_FALSE(matches("^[a|b]$", "a|b"));
  EXPECT_TRUE(matches(R"(^a\|b$)", "a|b"));
  EXPECT_FALSE(matches(R"(^a\|b$)", "a"));
  EXPECT_TRUE(matches(R"(^\(a|b\)$)", "(a"));
  EXPECT_TRUE(matches(R"(^[(]a|b$)", "xb"));
  EXPECT_TRUE(matches(R"(^[\]|]$)", "|"));
}

TEST(SchemaPattern, ReadsWhatSchemasAreWrittenWith) {
  EXPECT_TRUE(matches(R"(^\w+@[\w.-]+$)", "some_one@example.com"));
  EXPECT_FALSE(matches(R"(^\w+$)", "a-b"));
  EXPECT_TRUE(matches(R"(^(?:[A-Z]{2,3}-)?\d+$)", "AB-7"));
  EXPECT_TRUE(matches(R"(^[^\s]*?$)", "ab"));
  EXPECT_TRUE(matches(R"(^[-a]+$)", "-a-"));
  EXPECT_TRUE(matches(R"(^\/v\d\.\d$)", "/v1.2"));
  EXPECT_FALSE(matches(R"(^\D+$)", "a1"));
}

TEST(SchemaPattern, ReadsSetsAsEcmaScriptDoes) {
  EXPECT_TRUE(matches(R"(^[[]$)", "["));
  EXPECT_TRUE(matches(R"(^[a[b]+$)", "[ab"));
  EXPECT_TRUE(matches(R"(^[a-]+$)", "a-"));
  EXPECT_FALSE(matches(R"(^[a-]+$)", "b"));
  EXPECT_TRUE(matches(R"(^[^-a]$)", "b"));
  EXPECT_FALSE(matches(R"(^[^-a]$)", "-"));
  EXPECT_TRUE(matches(R"(^[$^]+$)", "^$"));
  EXPECT_TRUE(matches(R"(^[\s\d]+$)", " 1"));
  EXPECT_TRUE(matches(R"(^\S\W$)", "a-"));
  EXPECT_FALSE(matches(R"(^\W$)", "_"));
}

TEST(SchemaPattern, ReadsAHyphenInASet) {
  const auto check = [](const contract::CharacterSet& one) {
    const auto pattern = SchemaPattern::parse("^" + one.set + "$");
    ASSERT_TRUE(pattern) << one.set;
    contract::expect_characters(*pattern, one);
    const auto text = pattern->shortest(0, 9);
    EXPECT_TRUE(!text || pattern->matches(*text)) << *text;
  };
  for (const contract::CharacterSet& one : contract::kHyphens) check(one);
  // In XML Schema "\w" is another set, "^" and "[" have to be escaped in some of these places, and
  // an escape for many cannot end a range (ECMA-262 annex B.1.2 lets it).
  check({R"([\w-])", "a9_-", ".+"});
  check({R"([\w-.])", "a9_-.", "+/,"});
  check({"[^^-`]", "]a", "^_`"});
  check({"[a^-`]", "a^_`", "b-]"});
  check({R"([[-\]])", "[\\]", "Z^-"});
  check({R"([\[-a])", "[\\]^_`a", "Zb-"});
  check({R"([.-\d])", ".-09", "/,a"});
  EXPECT_TRUE(matches("^[\xC3\xA4-\xC3\xBC-]+$", "\xC3\xB6-"));
  EXPECT_FALSE(matches("^[\xC3\xA4-\xC3\xBC-]+$", "\xC3\xBD"));
  for (const char* reversed : {"[c-a]", "[a--]", R"([z-\n])"}) {
    EXPECT_FALSE(SchemaPattern::parse(reversed)) << reversed;
  }
}

// White space is more than ASCII's.
TEST(SchemaPattern, KnowsAllWhiteSpace) {
  for (const std::string space :
       {" ", "\t", "\n", "\v", "\f", "\r", "\u00A0", "\u1680", "\u2000", "\u200A", "\u2028",
        "\u2029", "\u202F", "\u205F", "\u3000", "\uFEFF"}) {
    EXPECT_TRUE(matches(R"(^\s$)", space)) << space;
    EXPECT_FALSE(matches(R"(^\S$)", space)) << space;
    EXPECT_FALSE(matches(R"(^[^\s]$)", space)) << space;
  }
  for (const std::string other : {"a", "\x08", "\x0E", "\u00A1", "\u1FFF", "\u200B", "\u2030"}) {
    EXPECT_FALSE(matches(R"(^\s$)", other)) << other;
    EXPECT_TRUE(matches(R"(^\S$)", other)) << other;
  }
}

// They would mean the characters of names in XML Schema.
TEST(SchemaPattern, TakesNoLetterForAnEscapeOfXmlSchema) {
  for (const char* expression :
       {R"(\i)", R"(\c)", R"(\I)", R"(\C)", R"([\i])", R"([\c])", R"(\cA)", R"(\0)", R"(\z)"}) {
    EXPECT_FALSE(SchemaPattern::parse(expression)) << expression;
  }
  EXPECT_TRUE(matches(R"(^\p{Lu}[\p{Ll}-]$)", "A-"));
  EXPECT_TRUE(matches(R"(^\P{Lu}$)", "a"));
}

TEST(SchemaPattern, KeepsAQuantifierThatIsLazy) {
  EXPECT_TRUE(matches("^a??b$", "b"));
  EXPECT_TRUE(matches("^a*?b+?c{2}?$", "abcc"));
  EXPECT_FALSE(matches("^a+?$", ""));
  EXPECT_TRUE(matches(R"(^\??$)", ""));
  EXPECT_TRUE(matches("^[?]?$", "?"));
}

TEST(SchemaPattern, SaysWhatItDoesNotUnderstand) {
  for (const char* expression :
       {"a)|(b",  "[]",     "[^]",    "[]a]", "a)",      "[a-", "[a\\", "\\p{L",
        "[\\p{L", "[\xFF]", "(a)\\1", "a^b",  "\\bword", "(",   "[a",   "\\u0041",
        "a$b",    "[\\W]",  "\\x41",  "\\Ba", "\\k<a>",  "a\\", "^[a$", "(?<a>b)"}) {
    EXPECT_FALSE(SchemaPattern::parse(expression)) << expression;
  }
}

TEST(SchemaPattern, MakesAShortTextThatMatches) {
  EXPECT_EQ(SchemaPattern::parse("^ERR-[0-9]{3}$")->shortest(0, 100), "ERR-000");
  EXPECT_FALSE(SchemaPattern::parse("^[0-9]{30}$")->shortest(0, 10));
}

TEST(SchemaPattern, ReadsCharactersThatMeanNothing) {
  EXPECT_TRUE(matches("^[ \x7F]+$", " \x7F"));
  EXPECT_FALSE(matches("^[ -~]+$", "\x7F"));
  EXPECT_FALSE(SchemaPattern::parse("\\\x7F"));
  EXPECT_FALSE(SchemaPattern::parse("\\ "));
  EXPECT_TRUE(matches(R"(^\~\!$)", "~!"));
  EXPECT_TRUE(matches(R"(^[\d]$)", "7"));
  EXPECT_TRUE(matches(R"(^\d$)", "7"));
  EXPECT_TRUE(matches(R"(\.)", "a.b"));
  EXPECT_FALSE(SchemaPattern::parse("[a-"));
  EXPECT_FALSE(SchemaPattern::parse("[a-\\W]"));
  EXPECT_FALSE(SchemaPattern::parse("(?"));
  EXPECT_FALSE(SchemaPattern::parse("a(?!b)"));
  EXPECT_FALSE(SchemaPattern::parse("ab?c??d???"));
  EXPECT_FALSE(matches("^ab?$", "a?"));
  EXPECT_TRUE(matches("^(a|b)|c$", "bx"));
  EXPECT_TRUE(matches("x|^ab|c$", "abz"));
  EXPECT_FALSE(matches("x$|^ab$|c$", "abz"));
}

TEST(SchemaPattern, LooksAheadAtTheBeginning) {
  const auto password = SchemaPattern::parse("^(?=.*[a-z])(?=.*[A-Z])(?=.*\\d)[a-zA-Z\\d]{8,}$");
  ASSERT_TRUE(password);
  EXPECT_TRUE(password->matches("Abcdefg1"));
  EXPECT_FALSE(password->matches("abcdefg1"));
  EXPECT_FALSE(password->matches("Abcdefgh"));
  EXPECT_FALSE(password->matches("Abc1"));
  const auto text = password->shortest(0, 100);
  ASSERT_TRUE(text);
  EXPECT_TRUE(password->matches(*text)) << *text;
  EXPECT_EQ(SchemaPattern::parse("^(?=.*[A-Z])(?=.*\\d).+$")->shortest(5, 5), "A0aaa");
  const auto none = SchemaPattern::parse("^(?!0)\\d{3}$");
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->matches("100"));
  EXPECT_FALSE(none->matches("010"));
  EXPECT_FALSE(SchemaPattern::parse("a(?=b)"));
  EXPECT_FALSE(SchemaPattern::parse("(?=b)b"));
  EXPECT_FALSE(SchemaPattern::parse("^(?=b"));
  EXPECT_FALSE(SchemaPattern::parse("^(?=b)b|c"));
  EXPECT_FALSE(SchemaPattern::parse("^(?=\\b)b"));
}

}  // namespace
}  // namespace intermission::openapi
