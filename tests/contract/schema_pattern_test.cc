#include "contract/schema_pattern.h"

#include <gtest/gtest.h>

#include <string>

namespace intermission::contract {
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

TEST(SchemaPattern, SaysWhatItDoesNotUnderstand) {
  for (const char* expression : {"^(?=a)", "(a)\\1", "a^b", "\\bword", "(", "[a", "\\u0041", "a$b",
                                 "[\\W]", "\\x41", "\\Ba", "\\k<a>", "a\\", "^[a$", "(?<a>b)"}) {
    EXPECT_FALSE(SchemaPattern::parse(expression)) << expression;
  }
}

TEST(SchemaPattern, MakesAShortTextThatMatches) {
  EXPECT_EQ(SchemaPattern::parse("^ERR-[0-9]{3}$")->shortest(0, 100), "ERR-000");
  EXPECT_FALSE(SchemaPattern::parse("^[0-9]{30}$")->shortest(0, 10));
}

}  // namespace
}  // namespace intermission::contract
