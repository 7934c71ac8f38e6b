#include "control/service_part.h"

#include <gtest/gtest.h>

#include <string>

namespace intermission::control {
namespace {

std::string problem_of_window(const char* text) {
  const auto part = read_window_part(text);
  return part ? "none" : part.problem.field + "|" + part.problem.detail;
}

std::string message(const char* text, const char* language = "en") {
  const auto part = read_message_part(text, language);
  if (!part) return part.problem.field + "|" + part.problem.detail;
  std::string out;
  for (const auto& [name, words] : part.value.entries) out += name + "=" + words + " ";
  return out;
}

TEST(ServicePart, AWindowIsReadAsTheConfigurationReadsIt) {
  const auto part =
      read_window_part(R"({"start":"2026-12-01T00:00:00Z","end":"2026-12-01T01:00:00Z"})");
  ASSERT_TRUE(part);
  EXPECT_EQ(part.value.windows.size(), 1U);
  EXPECT_TRUE(part.value.recurrences.empty());
  const auto weekly =
      read_window_part(R"({"start":"2026-12-01T00:00:00Z","for":"1h","rrule":"FREQ=WEEKLY"})");
  ASSERT_TRUE(weekly);
  EXPECT_EQ(weekly.value.recurrences.size(), 1U);
}

TEST(ServicePart, AMistakeInAWindowNamesItsField) {
  EXPECT_EQ(problem_of_window(R"({"start":"soon","end":"2026-12-01T01:00:00Z"})").substr(0, 15),
            "start|expected ");
  EXPECT_EQ(
      problem_of_window(R"({"start":"2026-12-01T00:00:00Z","for":"1h","rrule":"x"})").substr(0, 15),
      "rrule|expected ");
  EXPECT_EQ(problem_of_window("7").substr(0, 1), "|") << "it is the window itself";
  EXPECT_NE(problem_of_window("}"), "none");
}

TEST(ServicePart, OneTextIsInTheLanguageOfTheService) {
  EXPECT_EQ(message(R"("Wartung")", "de"), "de=Wartung ");
  EXPECT_EQ(message(R"("Maintenance")"), "en=Maintenance ");
}

TEST(ServicePart, OfManyTextsTheServicesLanguageIsTheFirst) {
  EXPECT_EQ(message(R"({"en":"a","de":"b"})", "de"), "de=b en=a ");
  EXPECT_EQ(message(R"({"fr":"a","de":"b"})", "en"), "fr=a de=b ") << "where it is not among them";
}

TEST(ServicePart, AMistakeInAMessageNamesItsPlace) {
  EXPECT_NE(message(R"("")").find("expected"), std::string::npos);
  EXPECT_EQ(message(R"({"de":7})").substr(0, 3), "de|");
  EXPECT_NE(message("[").find("|"), std::string::npos);
}

}  // namespace
}  // namespace intermission::control
