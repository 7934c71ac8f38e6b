// Sets of characters in patterns, and the characters of ASCII that each of them contains. The
// patterns of XML Schema (XsdPattern) and of JSON Schema (SchemaPattern) are tested with them.
#pragma once

#include <gtest/gtest.h>

#include <string>

namespace intermission::contract {

struct CharacterSet {
  std::string set;
  std::string in;
  std::string out;
};

/// "-" is a range between two characters; everywhere else in a set it is itself. So it is in
/// ECMA-262 §22.2.1, and in XML Schema part 2, appendix F.
inline const CharacterSet kHyphens[] = {
    {"[-a]", "-a", "b,."},
    {"[^-a]", "b,.", "-a"},
    {"[a-]", "a-", "b"},
    {"[^a-]", "b", "a-"},
    {"[-]", "-", "a"},
    {R"([a\-c])", "a-c", "b\\"},
    {R"([\-a])", "-a", "\\b"},
    {R"([\--/])", "-./", ",0"},
    {R"([+-\-])", "+,-", "*."},
    {"[a-c-]", "abc-", "d"},
    {"[a-c-e]", "abc-e", "df"},
    {"[a-c-e-g]", "abc-efg", "dh"},
    {"[--/]", "-./", ",0"},
    {"[!--]", "!+,-", ". "},
    {R"([\d-\s])", "0 -\t", "a."},
    {R"([\t-\r])", "\t\n\v\f\r", " trn-"},
};

/// Whether `pattern`, which matches one character of the set, does so for those in it alone.
template <typename Pattern>
void expect_characters(const Pattern& pattern, const CharacterSet& expected) {
  for (const char c : expected.in) EXPECT_TRUE(pattern.matches({&c, 1})) << expected.set << c;
  for (const char c : expected.out) EXPECT_FALSE(pattern.matches({&c, 1})) << expected.set << c;
}

}  // namespace intermission::contract
