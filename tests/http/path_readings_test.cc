#include "http/path_readings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "base/text.h"
#include "support/upstream_models.h"

namespace intermission::http {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

std::vector<std::string> readings_of(std::string_view path) {
  const PathReadings readings(path);
  EXPECT_EQ(readings.doubt(), "") << path;
  std::vector<std::string> out;
  for (std::size_t i = 0; i < readings.size(); ++i) out.emplace_back(readings[i]);
  return out;
}

TEST(PathReadings, AUsualPathHasOne) {
  for (const char* path : {"/", "/api", "/api/", "/a.b/c..d/e-f_g", "/a,b=c&d@e!$'()*", "/~who/x",
                           "/.well-known", "/v1/items:batch"}) {
    EXPECT_THAT(readings_of(path), ElementsAre(path));
  }
}

TEST(PathReadings, AnEscapeHasTwo) {
  EXPECT_THAT(readings_of("/a%20b"), ElementsAre("/a%20b", "/a b"));
  EXPECT_THAT(readings_of("/caf%c3%a9"), ElementsAre("/caf%c3%a9", "/caf\xc3\xa9"));
  EXPECT_THAT(readings_of("/caf%e9"), ElementsAre("/caf%e9", "/caf\xe9", "/caf\xc3\xa9"));
  EXPECT_THAT(readings_of("/a%zz%2"), ElementsAre("/a%zz%2"));
  EXPECT_THAT(readings_of("/a%2Fb"), ElementsAre("/a%2Fb", "/a/b"));
  EXPECT_THAT(readings_of("/x;v=1"), ElementsAre("/x;v=1", "/x"));
  EXPECT_THAT(readings_of("/a/../b"), ElementsAre("/a/../b", "/b"));
  EXPECT_THAT(readings_of("//x/api"), UnorderedElementsAre("//x/api", "/x/api", "/api"));
}

TEST(PathReadings, FindTheApiInEverySpelling) {
  for (const char* path : {"//api",
                           "/%2fapi",
                           "/x/..//api",
                           "/api;x",
                           "/x/..;/api",
                           "/\\api",
                           "/%5capi",
                           "/api%20",
                           "/api.",
                           "/api%2e",
                           "/%61pi",
                           "/%2561pi",
                           "/%252561pi",
                           "/./api",
                           "/.%2fapi",
                           "/;/api",
                           "/x/..%2fapi",
                           "/x%2f..%2fapi",
                           "/x%252f..%252fapi",
                           "/x/.%2e/api",
                           "/x\\..\\api",
                           "/x/..%5capi",
                           "/api::$DATA",
                           "/api:$i30:$INDEX_ALLOCATION",
                           "/api%3f",
                           "/api%23x",
                           "/api%3bx",
                           "//evil.example/api",
                           "/\\evil.example/api",
                           "///x/api",
                           "/x/.. /api",
                           "/x/..%20/api",
                           "/x/...;/..;/api",
                           "/%20api",
                           "/api...",
                           "/api. .",
                           "/x/%2e%2e;/api",
                           "/../api",
                           "/%2e%2e/api",
                           "/x/..;a=b/api;c=d",
                           "/api;/../x",
                           "/%2f%2fapi",
                           "/api%253bx"}) {
    EXPECT_THAT(readings_of(path), Contains("/api")) << path;
  }
}

TEST(PathReadings, DoNotMakeOneSegmentAnother) {
  for (const char* path :
       {"/apix", "/api-docs", "/xapi", "/x/api", "/a/pi", "/ap%69x", "/api%2dx", "/api,x",
        "/api.js", "/_api", "/api:batch", "/api-docs.json", "/apis.php/x"}) {
    EXPECT_THAT(readings_of(path), ::testing::Not(Contains("/api"))) << path;
  }
}

TEST(PathReadings, WhatNoStepMakesCertainIsInDoubt) {
  for (const std::string path : {"",
                                 "api",
                                 "*",
                                 "/api%00",
                                 "/%00",
                                 "/a%0d%0ab",
                                 "/a%09",
                                 "/a%7f",
                                 "/a%c0%afapi",
                                 "/%c0%2e",
                                 "/%c1%9c",
                                 "/%e0%80%af",
                                 "/%f0%80%80%af",
                                 "/%fc%80%80%80%80%af",
                                 "/a%u002fapi",
                                 "/%U0061pi",
                                 "/%25u0061pi",
                                 "/%e2%88%95api",
                                 "/x#/../api",
                                 "/api#",
                                 "/%2500",
                                 "/a\x01",
                                 "/a\tb"}) {
    EXPECT_NE(PathReadings(path).doubt(), "") << path;
  }
}

// What servers that know Unicode take for ASCII letters, dots and slashes, or drop.
TEST(PathReadings, FoldLettersBeyondAscii) {
  for (const char* path :
       {"/%ef%bc%8fapi", "/%ef%bd%81pi", "/%ef%bc%a1PI", "/%f0%9d%90%9api", "/x/%e2%80%a5/api",
        "/api%c2%a0", "/%e3%80%80api", "/api\xef\xbc\x8e", "/a%c2%adpi", "/a%e2%80%8bpi",
        "/api%ef%bb%bf", "/ap%c4%b1", "/ap%c4%b0", "/x/.%e2%80%8b./api"}) {
    const auto readings = readings_of(path);
    const bool has_api = std::any_of(readings.begin(), readings.end(), [](const auto& reading) {
      return base::iequals(reading, "/api");
    });
    EXPECT_TRUE(has_api) << path;
  }
  EXPECT_THAT(readings_of("/CAF%C3%89"), Contains("/caf\xc3\xa9"));
  EXPECT_THAT(readings_of("/o%ef%ac%83ce"), Contains("/office"));
}

// Ordinary words of other languages are in no doubt.
TEST(PathReadings, LettersAreInNoDoubt) {
  for (const char* path :
       {"/zh/%E4%BD%A0%E5%A5%BD%EF%BC%81", "/tr/%C4%B1stanbul", "/tr/%C4%B0stanbul",
        "/brand%E2%84%A2", "/m%C2%B2", "/title/wait%E2%80%A6what", "/latin1/%FCber",
        "/%C0%20la%20carte", "/%C1guila", "/fa/%D9%85%DB%8C%E2%80%8C%D8%AE%D9%88"}) {
    EXPECT_EQ(PathReadings(path).doubt(), "") << path;
  }
}

TEST(PathReadings, KnowScriptsFormatsAndSessions) {
  for (const char* path :
       {"/index.php/api", "/index.php%2fapi", "/app.PHP/api", "/api.json", "/API.xml", "/api.do",
        "/(S(abc))/api", "/a(S(x)F(y))pi", "/static/../api", "/static../../api", "/api.json/",
        "/api.php5", "/index.php5/api", "/index.phtml/api", "/app.RB/api", "/x.dll/api",
        "/home.do/api"}) {
    const auto readings = readings_of(path);
    EXPECT_TRUE(std::any_of(readings.begin(), readings.end(), [](const auto& reading) {
      return base::iequals(reading, "/api") || base::iequals(reading, "/api/");
    })) << path;
  }
  EXPECT_THAT(readings_of("/static../api"), Contains("/api"));
  EXPECT_THAT(readings_of("/v1.php/private"), Contains("/v1/private"));
  EXPECT_THAT(readings_of("/v1.0/private"), ElementsAre("/v1.0/private"));
}

// What languages trim: white space of Unicode, and its bytes in Latin-1.
TEST(PathReadings, EveryBlankIsASpace) {
  for (const char* blank :
       {"%20", "%a0", "\xa0", "%85", "\x85", "%c2%a0", "%C2%85", "%e1%9a%80", "%e2%80%80",
        "%e2%80%a8", "%e2%80%a9", "%e2%80%af", "%e2%81%9f", "%e3%80%80", "+"}) {
    for (const std::string& path : {std::string("/api") + blank, "/" + std::string(blank) + "api",
                                    std::string("/x/..") + blank + "/api"}) {
      EXPECT_THAT(readings_of(path), Contains("/api")) << path;
    }
  }
  EXPECT_THAT(readings_of("/\xc3\xa0"), Contains("/\xc3\xa0"));
  EXPECT_THAT(readings_of("/caf\xc3\xa9"), ElementsAre("/caf\xc3\xa9"));
}

TEST(PathReadings, AByteThatIsNoUtf8HidesNoOther) {
  for (const char* path : {"/%ef%bd%81pi/%ff", "/api%c2%a0/%ff", "/x/%ef%bc%8e%ef%bc%8e/api/%ff",
                           "/x/..%ef%bc%8fapi/%ff", "/%ef%bc%bcapi/%FF"}) {
    EXPECT_THAT(readings_of(path), Contains("/api/\xc3\xbf")) << path;
  }
  EXPECT_THAT(readings_of("/caf%e9"), Contains("/caf\xc3\xa9"));
  EXPECT_THAT(readings_of("/CAF%C9"), Contains("/caf\xc3\xa9"));
}

TEST(PathReadings, AFractionHoldsNoSlash) {
  for (const char* path : {"/recipes/1%C2%BD-cups", "/%C2%BC", "/x/%E2%85%93", "/%E2%85%9F2"}) {
    EXPECT_EQ(PathReadings(path).doubt(), "") << path;
  }
  EXPECT_NE(PathReadings("/x/1%E2%81%842").doubt(), "");
}

// The first byte that a second may be, and the one before it.
TEST(PathReadings, OverlongUtf8IsInDoubtAndOtherBytesAreLetters) {
  for (const char* path : {"/\xc0\x80", "/\xc0\xbf", "/\xc1\x80", "/\xe0\x80\x80", "/\xe0\x9f\xbf",
                           "/\xf0\x80\x80\x80", "/\xf0\x8f\xbf\xbf", "/\xf8\x80", "/\xfc\xbf",
                           "/a%c0/b", "/a%c1%5cb", "/%c0%2fapi"}) {
    EXPECT_EQ(PathReadings(path).doubt(), "it holds overlong UTF-8") << path;
  }
  for (const char* path : {"/\xc0", "/\xc0\xc0", "/\xc1zz", "/\xe0\xa0\x80", "/\xe0\xc0", "/\xe0z",
                           "/\xf0\x90\x80\x80", "/\xf7\x80", "/\xf8z", "/\xf8\xc0", "/\xe0\xa0z",
                           "/\xf0\x90z", "/\xe1\x80"}) {
    EXPECT_EQ(PathReadings(path).doubt(), "") << path;
  }
}

TEST(PathReadings, AWideEscapeHasFourDigits) {
  for (const char* path : {"/a%u002", "/a%u", "/a%u002g", "/a%ug02f", "/au002fx%20", "/%25u00"}) {
    EXPECT_EQ(PathReadings(path).doubt(), "") << path;
  }
  for (const char* path : {"/%u002f", "/a%U0061", "/%uABCDx"}) {
    EXPECT_EQ(PathReadings(path).doubt(), "it holds an escape of the form %uXXXX") << path;
  }
}

// A server that normalises a URL decodes these alone (RFC 3986 §6.2.2.2).
TEST(PathReadings, UnreservedCharactersAreDecodedAloneToo) {
  for (const auto& [escape, character] : std::vector<std::pair<std::string, std::string>>{
           {"%41", "A"}, {"%7a", "z"}, {"%30", "0"}, {"%2d", "-"}, {"%2e", "."}, {"%5f", "_"}}) {
    EXPECT_THAT(readings_of("/a" + escape + "b%20c"), Contains("/a" + character + "b%20c"));
  }
}

TEST(PathReadings, WhatOnlyLooksLikeAScriptOrASessionStays) {
  for (const char* path : {"/php/api%20", "/.php/api%20", "/phpx/api%20", "/x.phpx/api%20",
                           "/(1(abc))/api%20", "/(S/(abc))/api%20", "/(S(abc)/api%20"}) {
    EXPECT_THAT(readings_of(path), ::testing::Not(Contains("/api"))) << path;
  }
}

// One thing that a server may read in another way suffices, wherever it stands.
TEST(PathReadings, OneOddCharacterSuffices) {
  for (const char* path :
       {"/x/api ", "/x/api\\", "/x/api;", "/x/api?", "/x/api::", "/x/api+", "/x//api", "/x/./api",
        "/x/api./", "/x/api.", "/x/api.json", "/x/(S(a))/api", "/x/api%20", "/x/api\xc2\xa0"}) {
    EXPECT_THAT(readings_of(path), ::testing::AnyOf(Contains("/x/api"), Contains("/x/api/")))
        << path;
  }
  for (const char* path : {"/x/api\x7f", "/x/api\x1f", "/x/api#", "/x/api~1"}) {
    EXPECT_NE(PathReadings(path).doubt(), "") << path;
  }
}

TEST(PathReadings, AShortNameOfWindowsIsInDoubt) {
  for (const char* path : {"/CHECKO~1", "/x/a~2/y", "/PROGRA~1.HTM", "/%43HECKO~1", "/a~1.b/c"}) {
    EXPECT_NE(PathReadings(path).doubt(), "") << path;
  }
  for (const char* path : {"/~1", "/users~1id", "/longname~1", "/a~b", "/a~0", "/x/~who/1"}) {
    EXPECT_EQ(PathReadings(path).doubt(), "") << path;
  }
}

TEST(PathReadings, APrefixMayBeFollowedByAnEnding) {
  for (const char* rest :
       {".json", ".foo/x", ".html.en", ".X", ".php/", ".mp4", ".abcdefghij", ".abcdefghij/x"}) {
    EXPECT_TRUE(begins_with_ending(rest)) << rest;
  }
  for (const char* rest : {"", ".", "/x.json", ".1", ".1beta", ".a-b", "./x", ".averylongending",
                           ".abcdefghijk", ".a_", ".a~/x", "x.json", "..json"}) {
    EXPECT_FALSE(begins_with_ending(rest)) << rest;
  }
}

TEST(PathReadings, CostIsBounded) {
  std::string deep = "/api";
  for (int i = 0; i < 1000; ++i) deep.insert(2, "25");
  deep.replace(1, 1, "%25");
  std::string odd;
  for (int i = 0; i < 5000; ++i) odd += "/a;b%2f..\\%5c//.%20";
  deep.resize(2000);
  odd.resize(PathReadings::kLongest);
  for (const std::string& path : {deep, odd}) {
    EXPECT_EQ(PathReadings(path).doubt(), "it can be read in too many ways");
  }
  const std::string wide = "/" + std::string(PathReadings::kLongest, 'a') + "%20";
  EXPECT_EQ(PathReadings(wide).doubt(), "it is too long to be read in every way");
  EXPECT_EQ(PathReadings(wide.substr(4)).doubt(), "it does not start with a slash");
  EXPECT_EQ(PathReadings("/" + wide.substr(5)).doubt(), "");
  EXPECT_EQ(PathReadings("/" + std::string(60000, 'a')).doubt(), "");
}

// ---------------------------------------------------------------- against models of servers

// Whether the path was compared: a path in doubt never passes.
bool expect_all_models(const std::string& path) {
  const PathReadings readings(path);
  if (!readings.doubt().empty()) return false;
  for (const auto& [server, served] : testing::upstream::all_of(path)) {
    if (!served) continue;
    bool known = false;
    // Prefixes are of whole segments: a slash at the end makes no difference.
    const auto trimmed = [](std::string_view text) {
      return text.size() > 1 && text.ends_with('/') ? text.substr(0, text.size() - 1) : text;
    };
    for (std::size_t i = 0; i < readings.size() && !known; ++i) {
      known = trimmed(readings[i]) == trimmed(*served);
    }
    EXPECT_TRUE(known) << server << " serves " << *served << " for " << path;
  }
  return true;
}

constexpr const char* kPieces[] = {"/",   ".",       "..",    ";",   "\\", "%2f", "%2e",
                                   "%5c", "%3b",     "%252f", "%25", "a",  "api", "%20",
                                   "%3f", "::$DATA", "%252e", "%61", "2f", "%"};

TEST(PathReadings, HoldWhatEveryServerServesForAllShortPaths) {
  int compared = 0;
  for (const char* a : kPieces) {
    for (const char* b : kPieces) {
      for (const char* c : kPieces) {
        compared += expect_all_models(std::string("/") + a + b + c) ? 1 : 0;
        if (::testing::Test::HasFailure()) return;
      }
    }
  }
  EXPECT_GT(compared, 1000);
}

TEST(PathReadings, HoldWhatEveryServerServesForLongerPaths) {
  std::mt19937 random(20261201);
  std::uniform_int_distribution<std::size_t> piece(0, std::size(kPieces) - 1);
  std::uniform_int_distribution<int> length(4, 9);
  int compared = 0;
  for (int i = 0; i < 8000; ++i) {
    std::string path = "/";
    for (int n = length(random); n > 0; --n) path += kPieces[piece(random)];
    compared += expect_all_models(path) ? 1 : 0;
    if (::testing::Test::HasFailure()) return;
  }
  EXPECT_GT(compared, 500);
}

}  // namespace
}  // namespace intermission::http
