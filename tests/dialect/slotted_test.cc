#include "dialect/slotted.h"

#include <gtest/gtest.h>

#include "http/date.h"
#include "page/notice.h"
#include "page/words.h"

namespace intermission::dialect {
namespace {

std::string fill(const std::string& marked, std::uint32_t seconds) {
  std::string out;
  Slotted(marked).append_to(
      out, {.seconds = seconds, .now = base::TimePoint(base::Seconds(1'796'164'200))});
  return out;
}

const std::string kMark(page::kSecondsMark);

TEST(Slotted, FillsEverySlot) {
  EXPECT_EQ(fill("", 1), "");
  EXPECT_EQ(fill("plain", 1), "plain");
  EXPECT_EQ(fill(kMark, 4294967295), "4294967295");
  EXPECT_EQ(fill("a" + kMark + "b" + kMark + kMark, 120), "a120b120120");
  EXPECT_TRUE(Slotted(kMark).has_slots());
  EXPECT_FALSE(Slotted("plain").has_slots());
}

TEST(Slotted, TellsTheMoment) {
  EXPECT_EQ(fill(std::string(page::kNowMark) + " " + std::string(page::kNowSecondsMark), 1),
            "2026-12-01T22:30:00Z 1796164200");
}

TEST(Slotted, TellsWhatTheRequestIsKnownBy) {
  const std::string path(page::kPathMark);
  const std::string xml(page::kPathInXmlMark);
  const Slotted text("a " + path + "5" + path + " b " + xml + "20" + xml + " " +
                     std::string(page::kRequestIdMark) + " " + std::string(page::kTraceIdMark));
  std::string out;
  text.append_to(out, {.path = "/b&c/defg", .request_id = "r", .trace_id = "t"});
  EXPECT_EQ(out, "a /b&c/ b /b&amp;c/defg r t");
}

TEST(Slotted, PassesOverAPathWithoutABound) {
  const std::string path(page::kPathMark);
  const std::string xml(page::kPathInXmlMark);
  std::string out;
  Slotted("a" + path + "b" + path + "5" + xml).append_to(out, {.path = "/x"});
  EXPECT_EQ(out, "ab5");
}

// ------------------------------------------------------------------ sections

std::string filled(std::string_view marked, std::uint32_t seconds) {
  std::string out = "before ";
  Slotted(marked).append_to(out, {.seconds = seconds});
  return out.substr(7);
}

TEST(Section, IsFinishedAtOnceWithoutSlots) {
  EXPECT_EQ(section(Section::kVarintLength, "abc"),
            "\x03"
            "abc");
  EXPECT_EQ(section(Section::kFrameLength, "abc"), std::string("\0\0\0\x03"
                                                               "abc",
                                                               7));
  EXPECT_EQ(section(Section::kDerLength, ""), std::string(1, '\0'));
  EXPECT_EQ(section(Section::kDerLength, std::string(127, 'a')), "\x7F" + std::string(127, 'a'));
  EXPECT_EQ(section(Section::kDerLength, std::string(128, 'a')),
            "\x81\x80" + std::string(128, 'a'));
  EXPECT_EQ(section(Section::kDerLength, std::string(256, 'a')),
            std::string("\x82\x01\x00", 3) + std::string(256, 'a'));
  EXPECT_EQ(section(Section::kDerLength, std::string(0x12345, 'a')),
            "\x83\x01\x23\x45" + std::string(0x12345, 'a'));
  EXPECT_EQ(section(Section::kBase64, "abcd"), "YWJjZA==");
  EXPECT_EQ(section(Section::kBase64Unpadded, "abcd"), "YWJjZA");
  EXPECT_EQ(section(Section::kBase64, ""), "");
  EXPECT_EQ(section(Section::kVarintLength, std::string(300, 'a')),
            "\xAC\x02" + std::string(300, 'a'));
}

TEST(Section, IsFramedOnceItsSlotsAreFilled) {
  const std::string length = section(Section::kVarintLength, "a" + kMark);
  EXPECT_EQ(filled(length + "b", 5),
            "\x02"
            "a5b");
  EXPECT_EQ(filled(length + "b", 4294967295),
            "\x0B"
            "a4294967295b");
  EXPECT_EQ(filled("x" + section(Section::kFrameLength, kMark), 120), std::string("x\0\0\0\x03"
                                                                                  "120",
                                                                                  8));
  EXPECT_EQ(filled("x" + section(Section::kDerLength, std::string(125, 'a') + kMark), 12),
            "x\x7F" + std::string(125, 'a') + "12");
  EXPECT_EQ(filled("x" + section(Section::kDerLength, std::string(125, 'a') + kMark), 120),
            "x\x81\x80" + std::string(125, 'a') + "120");
  EXPECT_EQ(filled("x" + section(Section::kBase64, "wait " + kMark) + "y", 137), "xd2FpdCAxMzc=y");
  EXPECT_EQ(filled(section(Section::kBase64Unpadded, "wait " + kMark), 137), "d2FpdCAxMzc");
}

TEST(Section, StandsInASection) {
  std::string nested = kMark;
  std::string expected = "7";
  for (std::size_t depth = 0; depth < kMostSections; ++depth) {
    nested = section(Section::kVarintLength, nested);
    expected = section(Section::kVarintLength, expected);
  }
  EXPECT_EQ(filled(nested, 7), expected);
  const std::string twice =
      section(Section::kBase64, nested + "-" + section(Section::kFrameLength, kMark));
  EXPECT_NE(filled(twice, 7), "") << "one too many is passed over";
}

TEST(Section, HoldsTheWaitAsAVarint) {
  page::Notice notice;
  const std::string marked = section(Section::kVarintLength, wait_varint(notice));
  EXPECT_EQ(filled(marked, 5), "\x01\x05");
  EXPECT_EQ(filled(marked, 300), "\x02\xAC\x02");
  notice.seconds = 300;
  EXPECT_EQ(section(Section::kVarintLength, wait_varint(notice)), "\x02\xAC\x02");
}

// No text of others holds marks; whatever stands there, nothing is read that is not there.
TEST(Section, NeedsNoPartner) {
  const std::string begun = section(Section::kVarintLength, kMark).substr(0, kMark.size());
  const std::string ended = section(Section::kVarintLength, kMark).substr(2 * kMark.size());
  EXPECT_EQ(filled(begun + "a", 1),
            "\x01"
            "a");
  EXPECT_EQ(filled(ended + "a" + ended, 1), "a");
  std::string many;
  for (int i = 0; i < 20; ++i) many += begun;
  EXPECT_EQ(filled(many + "a", 1).size(), 1 + kMostSections);
  for (int i = 0; i < 30; ++i) many += ended;
  EXPECT_EQ(filled(many + "a", 1).size(), 1 + kMostSections);
}

TEST(Words, FollowTheLanguage) {
  EXPECT_EQ(page::words_for("de-AT").language, "de");
  EXPECT_EQ(page::words_for("DE").language, "de");
  EXPECT_EQ(page::words_for("xx").language, "en");
}

TEST(Words, ASpokenTextIsWholeSentences) {
  page::Notice notice;
  notice.language = "en";
  notice.message = "Back soon";
  EXPECT_EQ(page::spoken_text(notice), "Back soon. Please try again in " + kMark + " seconds.");
  notice.message = "Back soon!";
  notice.until = http::parse_rfc3339("2026-12-02T02:00:00Z");
  EXPECT_EQ(page::spoken_text(notice),
            "Back soon! Expected back at 2026-12-02 02:00 UTC. Please try again in " + kMark +
                " seconds.");
}

}  // namespace
}  // namespace intermission::dialect
