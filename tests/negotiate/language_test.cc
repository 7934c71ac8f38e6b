#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "negotiate/negotiate.h"
#include "support/header_lines.h"

namespace intermission::negotiate {
namespace {

using testing::HeaderLines;

using Tags = std::vector<std::string_view>;

std::string_view language(const std::vector<std::string>& lines, const Tags& available,
                          std::size_t fallback = 0) {
  const HeaderLines header(lines);
  return available.at(choose_language(header.values(), Languages(available), fallback));
}

struct Case {
  const char* header;
  Tags available;  // the first is the default
  std::string_view expected;
};

void check(const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    EXPECT_EQ(language({c.header}, c.available), c.expected) << "Accept-Language: " << c.header;
  }
}

TEST(AcceptLanguage, BrowsersAndLibraries) {
  check({
      {"en-US,en;q=0.9", {"de", "en"}, "en"},
      {"de-DE,de;q=0.9,en-US;q=0.8,en;q=0.7", {"en", "de"}, "de"},
      {"de,en-US;q=0.7,en;q=0.3", {"en", "de"}, "de"},
      {"fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", {"de", "en"}, "en"},
      {"pt-BR,pt;q=0.9,en-US;q=0.8,en;q=0.7,es;q=0.6", {"en", "es", "pt"}, "pt"},
      {"zh-CN,zh;q=0.9", {"en", "zh-CN"}, "zh-CN"},
      {"zh-TW,zh;q=0.9,en;q=0.8", {"de", "en"}, "en"},
      {"zh-Hant-TW", {"en", "zh-Hant", "zh"}, "zh-Hant"},
      {"en-gb", {"de", "en-GB"}, "en-GB"},
      {"es-419,es;q=0.9", {"en", "es"}, "es"},
      {"nb-NO,nb;q=0.9,no-NO;q=0.8,no;q=0.6,nn-NO;q=0.5,nn;q=0.4", {"en", "nn"}, "nn"},
      {"ja", {"en", "de"}, "en"},
      {"en-US,*", {"de", "fr"}, "de"},
      {"en-US", {"de", "en"}, "en"},
      {"*", {"en", "de"}, "en"},
      {"da, en-gb;q=0.8, en;q=0.7", {"de", "en"}, "en"},
      {"de_DE", {"en", "de"}, "de"},
      {"en_GB,en;q=0.5", {"en", "en-GB"}, "en-GB"},
      {"i-klingon, de;q=0.1", {"en", "de"}, "de"},
      {"sr-Latn-RS,sr;q=0.5", {"en", "sr-Latn"}, "sr-Latn"},
  });
}

TEST(AcceptLanguage, Lookup) {
  check({
      {"", {"en", "de"}, "en"},
      {"de", {"en", "de"}, "de"},
      {"DE", {"en", "de"}, "de"},
      {"de", {"en", "DE"}, "DE"},
      // RFC 4647 §3.4: a range is shortened from its end, single letters with what they introduce
      {"zh-Hant-CN-x-private1-private2", {"en", "zh-Hant-CN-x-private1"}, "zh-Hant-CN-x-private1"},
      {"zh-Hant-CN-x-private1-private2", {"en", "zh-Hant-CN-x", "zh"}, "zh"},
      {"zh-Hant-CN-x-private1-private2", {"en", "zh", "zh-Hant-CN"}, "zh-Hant-CN"},
      {"zh-Hant-CN-x-private1-private2", {"en", "zh"}, "zh"},
      {"de-u-co-phonebk", {"en", "de"}, "de"},
      {"de-1-x-y-z", {"en", "de"}, "de"},
      {"de-DE-1996", {"en", "de-DE", "de"}, "de-DE"},
      // shortening goes before the next range
      {"de-AT, en", {"en", "de"}, "de"},
      {"fr-CA, de;q=0.9", {"en", "fr", "de"}, "fr"},
      // weight, then position; a tie in the list of tags is its order
      {"en;q=0.5, de;q=0.6", {"fr", "en", "de"}, "de"},
      {"en, de", {"fr", "de", "en"}, "en"},
      {"de;q=0.7, en;q=0.7", {"fr", "en", "de"}, "de"},
      {"en;q=0.001", {"de", "en"}, "en"},
      {"en;level=1;Q=0.1, de;q=0.2", {"fr", "en", "de"}, "de"},
      // a longer tag is found only where no range is found by lookup
      {"en", {"de", "en-GB"}, "en-GB"},
      {"en, de;q=0.1", {"fr", "en-GB", "de"}, "de"},
      {"en-AU", {"de", "en-GB", "en-US"}, "en-GB"},
      {"zh-Hant", {"en", "zh-Hans-CN", "zh-Hant-TW"}, "zh-Hant-TW"},
      {"e", {"de", "en"}, "de"},
      {"eng", {"de", "en"}, "de"},
      {"en", {"de", "eng"}, "de"},
      // * counts for nothing beside others, and means the default alone
      {"*, de;q=0.1", {"en", "de"}, "de"},
      {"fr, *", {"en", "de"}, "en"},
      {"*;q=0", {"en", "de"}, "en"},
      {"de, *;q=0", {"en", "de"}, "de"},
  });
}

TEST(AcceptLanguage, Refusals) {
  check({
      {"de;q=0", {"en", "de"}, "en"},
      {"en;q=0", {"en", "de"}, "en"},
      {"de-DE, de;q=0", {"en", "de"}, "en"},
      {"de-DE, de;q=0, fr;q=0.1", {"en", "de", "fr"}, "fr"},
      {"de;q=0, de-AT", {"en", "de-AT"}, "de-AT"},
      {"de, de-AT;q=0", {"en", "de-AT"}, "en"},
      {"de, de-AT;q=0", {"en", "de-AT", "de-CH"}, "de-CH"},
      {"de-AT;q=0, de", {"en", "de"}, "de"},
      {"de-AT;q=0, de-DE", {"en", "de"}, "de"},
      {"de-AT;q=0, de-DE", {"en", "de-AT"}, "en"},
      {"de;q=0, de-DE", {"en", "de-AT"}, "en"},
      {"de-CH-1996;q=0, de-DE", {"en", "de-CH"}, "en"},
      {"de;q=0, de", {"en", "de"}, "de"},
      {"*;q=0, de;q=0.000", {"en", "de"}, "en"},
  });
}

TEST(AcceptLanguage, Malformed) {
  for (const char* header :
       {",",           ";",      ";q=1",  "-",         "de-",         "-de",          "de--DE",
        "d3",          "3",      "419",   "de-DE-",    "deutschland", "de-abcdefghi", "de.DE",
        "de-DE.UTF-8", "de/DE",  "de DE", "d\xc3\xa4", "*-DE",        "de-*",         "**",
        "de=1",        "\"de\"", "de:1",  "de\x01",    "_",           "de_",          "de__AT",
        "q=0.5",       "(de)"}) {
    EXPECT_EQ(language({header}, {"en", "de"}), "en") << header;
    EXPECT_EQ(language({header}, {"en", header}), "en") << header;
    EXPECT_EQ(language({std::string(header) + ",fr;q=0.1"}, {"en", "de", "fr"}), "fr") << header;
  }
  EXPECT_EQ(language({"de;q=x, fr;q=0.002"}, {"en", "de", "fr"}), "fr");
  EXPECT_EQ(language({"de;q=x, fr;q=0"}, {"en", "de", "fr"}), "de");
}

TEST(AcceptLanguage, ASubtagHasAtMostEightCharacters) {
  check({{"abcdefgh", {"en", "abcdefgh"}, "abcdefgh"},
         {"abcdefghi", {"en", "abcdefghi"}, "en"},
         {"de-abcdefg8", {"en", "de-abcdefg8"}, "de-abcdefg8"},
         {"de-abcdefg89", {"en", "de-abcdefg89"}, "en"}});
}

TEST(Languages, FindEachOfManyByItsName) {
  std::vector<std::string> names;
  for (char a = 'a'; a <= 'z'; ++a) {
    for (char b = 'a'; b <= 'z'; ++b) {
      names.push_back({a, b});
      names.push_back({a, b, '-', b, a});
    }
  }
  const Languages languages(Tags(names.begin(), names.end()));
  for (std::size_t i = 0; i < names.size(); ++i) EXPECT_EQ(languages.find(names[i]), i) << names[i];
  EXPECT_FALSE(languages.find("aaa"));
  EXPECT_FALSE(languages.find(""));
}

TEST(Languages, OfTheSameNameTheFirstIsFound) {
  const Languages languages({"en", "EN", "pt_BR", "pt-br", "de"});
  EXPECT_EQ(languages.find("En"), 0U);
  EXPECT_EQ(languages.find("pt-BR"), 2U);
  EXPECT_EQ(languages.find("de"), 4U);
}

TEST(Languages, NoneAreFoundWhereThereAreNone) {
  for (const Languages& languages : {Languages(), Languages(Tags{})}) {
    EXPECT_EQ(languages.size(), 0U);
    EXPECT_FALSE(languages.find("en"));
    EXPECT_FALSE(languages.find(""));
  }
}

TEST(AcceptLanguage, TheDefaultMayBeAnyOfThem) {
  EXPECT_EQ(language({"ja"}, {"en", "de", "fr"}, 2), "fr");
  EXPECT_EQ(language({}, {"en", "de", "fr"}, 1), "de");
}

}  // namespace
}  // namespace intermission::negotiate
