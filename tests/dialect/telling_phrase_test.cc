#include "dialect/telling_phrase.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "http/date.h"

namespace intermission::dialect {
namespace {

std::string phrase(std::string_view message, std::string_view language = "en", int status = 503) {
  page::Notice notice;
  notice.message = message;
  notice.language = language;
  notice.seconds = 120;
  return telling_phrase(status, notice, 4320);
}

TEST(TellingPhrase, HoldsTheMessageAndTheWaitWhereThereIsRoom) {
  EXPECT_EQ(phrase("Back at 02:00"),
            "Service Unavailable: Back at 02:00. Please try again in 120 seconds.");
  EXPECT_EQ(phrase("Back at 02:00", "en", 500),
            "Internal Server Error: Back at 02:00. Please try again in 120 seconds.");
  EXPECT_EQ(phrase("We are moving to new machines"),
            "Service Unavailable: We are moving to new machines");
}

TEST(TellingPhrase, HasAnOrdinarySpaceForEveryOther) {
  for (const std::string space : {" ", "\t", "\u00A0", "\u2000", "\u200A", "\u2028", "\u2029",
                                  "\u202F", "\u205F", "\u3000"}) {
    EXPECT_EQ(phrase("Back" + space + "soon"), phrase("Back soon")) << space;
  }
  EXPECT_NE(phrase("Back\u3001soon"), phrase("Back soon"));
}

TEST(TellingPhrase, HoldsTheEndWhereThereIsRoomForThatToo) {
  page::Notice notice;
  notice.message = "Stock";
  notice.language = "ja";  // whose words have no letters of ASCII
  notice.until = http::parse_rfc3339("2026-12-02T02:00:00Z");
  notice.seconds = 120;
  EXPECT_EQ(telling_phrase(503, notice, 4320), "Service Unavailable: Stock");
  notice.language = "en";
  EXPECT_EQ(telling_phrase(503, notice, 4320),
            "Service Unavailable: Stock. Please try again in 120 seconds.");
}

TEST(TellingPhrase, IsCutAtAWord) {
  EXPECT_EQ(
      phrase("The orders of this week are being moved to another place, and no one knows when"),
      "Service Unavailable: The orders of this week are being moved to another...");
  EXPECT_EQ(phrase(std::string(100, 'x')), "Service Unavailable: " + std::string(56, 'x') + "...");
  EXPECT_EQ(phrase(std::string(59, 'x')), "Service Unavailable: " + std::string(59, 'x'));
}

TEST(TellingPhrase, NeverExceedsTheMostWhateverTheLengthOfTheMessage) {
  for (std::size_t words = 1; words < 60; ++words) {
    for (const std::string_view word : {"a", "down,", "maintenance"}) {
      std::string message;
      for (std::size_t i = 0; i < words; ++i) message.append(i == 0 ? "" : " ").append(word);
      for (const int status : {500, 503}) {
        const std::string said = phrase(message, "en", status);
        EXPECT_LE(said.size(), kMostInPhrase) << said;
        EXPECT_EQ(said.find("  "), std::string::npos) << said;
      }
    }
  }
}

TEST(TellingPhrase, LeavesRoomForTheLongestWait) {
  const std::string message(24, 'x');
  page::Notice notice;
  notice.message = message;
  notice.language = "en";
  const std::string said = telling_phrase(503, notice, 4320);
  const auto mark = said.find(page::kSecondsMark);
  ASSERT_NE(mark, std::string::npos) << said;
  EXPECT_EQ(said.size() - page::kSecondsMark.size() + 4, 80U);
  EXPECT_EQ(telling_phrase(503, notice, 432000).find(page::kSecondsMark), std::string::npos);
}

TEST(TellingPhrase, IsAscii) {
  EXPECT_EQ(phrase("Wir z\u00e4hlen f\u00fcr euch \u2013 \u201ebald\u201c \u2026", "de"),
            "Service Unavailable: Wir zaehlen fuer euch - \"bald\" ...");
  EXPECT_EQ(
      phrase("Nous d\u00e9m\u00e9nageons \u00e0 No\u00ebl, c\u0153ur l\u00e9ger\u00a0!", "fr"),
      "Service Unavailable: Nous demenageons a Noel, coeur leger !");
  EXPECT_EQ(phrase("B\u1ea3o tr\u00ec \u0111\u1ebfn 2 gi\u1edd", "vi").substr(0, 38),
            "Service Unavailable: Bao tri den 2 gio");
  EXPECT_EQ(phrase("\U0001F6A7 Works \u2192 soon \U0001F6A7"),
            "Service Unavailable: Works soon. Please try again in 120 seconds.");
  EXPECT_EQ(phrase("Back\r\nSet-Cookie: a=b\t\x01now"),
            "Service Unavailable: Back Set-Cookie: a=b now. Please try again in 120 seconds.");
}

TEST(TellingPhrase, IsTheRegisteredOneForAnotherScript) {
  EXPECT_EQ(
      phrase("\u041c\u044b \u043f\u0435\u0440\u0435\u0435\u0437\u0436\u0430\u0435\u043c", "ru"),
      "");
  EXPECT_EQ(phrase("\u30e1\u30f3\u30c6\u30ca\u30f3\u30b9\u4e2d", "ja"), "");
  EXPECT_EQ(phrase("Down \xff"), "");
  EXPECT_EQ(phrase("\U0001F6A7"), "");
}

}  // namespace
}  // namespace intermission::dialect
