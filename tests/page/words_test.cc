#include "page/words.h"

#include <gmock/gmock.h>
#include <rapidjson/document.h>

#include <filesystem>
#include <set>

#include "support/files.h"

namespace intermission::page {
namespace {

using ::testing::IsEmpty;

std::filesystem::path folder() {
  return testing::source_path("src/page/words");
}

rapidjson::Document read(const std::filesystem::path& file) {
  const std::string text = testing::read_file(file);
  rapidjson::Document document;
  document.Parse(text.c_str());
  EXPECT_FALSE(document.HasParseError()) << file;
  return document;
}

// The parts of a text that are filled in, in any order.
std::set<std::string> placeholders(const std::string& text) {
  std::set<std::string> found;
  for (auto at = text.find('{'); at != std::string::npos; at = text.find('{', at + 1)) {
    found.insert(text.substr(at, text.find('}', at) + 1 - at));
  }
  return found;
}

// English has them all: each other language has the same, none empty, none more.
TEST(Words, NoLanguageLacksAKey) {
  const rapidjson::Document english = read(folder() / "en.json");
  std::size_t files = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder())) {
    ++files;
    const rapidjson::Document words = read(file.path());
    std::string wrong;
    for (const auto& [key, value] : english.GetObject()) {
      const auto found = words.FindMember(key);
      if (found == words.MemberEnd() || found->value.GetType() != value.GetType() ||
          (value.IsString() && found->value.GetStringLength() == 0)) {
        wrong += std::string(" ") + key.GetString();
      } else if (value.IsString() &&
                 placeholders(value.GetString()) != placeholders(found->value.GetString())) {
        wrong += std::string(" placeholders of ") + key.GetString();
      }
    }
    for (const auto& [key, value] : words.GetObject()) {
      if (!english.HasMember(key) && key != "also") wrong += std::string(" +") + key.GetString();
    }
    EXPECT_THAT(wrong, IsEmpty()) << file.path();
    EXPECT_EQ(words["language"].GetString(), file.path().stem().string());
    EXPECT_EQ(words["months"].Size(), 12U) << file.path();
  }
  EXPECT_EQ(files, all_words().size());
  EXPECT_GE(files, 30U);
}

TEST(Words, EachTagLeadsToOneLanguage) {
  std::set<std::string> tags;
  for (const Words& words : all_words()) {
    EXPECT_TRUE(tags.insert(words.language).second) << words.language;
    for (const std::string& tag : words.also) EXPECT_TRUE(tags.insert(tag).second) << tag;
  }
}

TEST(Words, AreFoundByLookup) {
  EXPECT_EQ(words_for("de-AT").language, "de");
  EXPECT_EQ(words_for("PT-br").language, "pt-BR");
  EXPECT_EQ(words_for("pt-AO").language, "pt");
  EXPECT_EQ(words_for("no").language, "nb");
  EXPECT_EQ(words_for("zh-TW").language, "zh-Hant");
  EXPECT_EQ(words_for("zh-CN").language, "zh");
  EXPECT_EQ(words_for("cy").language, "en");
}

TEST(Words, RightToLeftLanguagesSaySo) {
  for (const Words& words : all_words()) {
    const std::string& tag = words.language;
    const bool rtl = tag == "ar" || tag == "he" || tag == "fa" || tag == "ur";
    EXPECT_EQ(words.direction, rtl ? "rtl" : "ltr") << tag;
  }
}

TEST(Words, DatesAreWrittenAsTheLanguageDoes) {
  const base::TimePoint time{base::Seconds(1796176980)};  // 2026-12-02T02:03:00Z
  EXPECT_EQ(spelled_time(time, words_for("en")), "2 December 2026 at 02:03 UTC");
  EXPECT_EQ(spelled_time(time, words_for("de")), "2. Dezember 2026 um 02:03 UTC");
  EXPECT_EQ(spelled_time(time, words_for("pl")), "2 grudnia 2026, godz. 02:03 UTC");
  EXPECT_EQ(spelled_time(time, words_for("ja")), "2026年12月2日 02:03 UTC");
  EXPECT_EQ(spelled_time(time, words_for("hu")), "2026. december 2. 02:03 UTC");
}

TEST(Words, EachMonthHasANameInEachLanguage) {
  for (const Words& words : all_words()) {
    const std::set<std::string> names(words.months.begin(), words.months.end());
    EXPECT_EQ(names.size(), 12U) << words.language;
    EXPECT_FALSE(names.contains("")) << words.language;
  }
}

TEST(Words, SpokenSentencesTellTheEndAndTheWait) {
  Notice notice;
  notice.message = "Nous changeons de serveurs";
  notice.language = "fr";
  notice.until = base::TimePoint{base::Seconds(1796176980)};
  EXPECT_EQ(spoken_text(notice),
            "Nous changeons de serveurs. Retour prévu : 2026-12-02 02:03 UTC. Veuillez réessayer "
            "dans " +
                std::string(kSecondsMark) + " s.");
}

}  // namespace
}  // namespace intermission::page
