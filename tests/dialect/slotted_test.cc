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
