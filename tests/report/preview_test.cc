#include "report/preview.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "catalog/configuration.h"
#include "page/words.h"

namespace intermission::report {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr base::TimePoint kNow{base::Seconds(1796176980)};

std::vector<PreviewFile> previewed() {
  const auto configuration = catalog::load_text(R"(
services:
  - name: orders
    hosts: [orders.example.com]
    title: Orders & more
    message: { en: Back at two, de: Um zwei zurück }
    page: { theme: letter }
)",
                                                "test.yaml", {});
  return preview(configuration->catalog, kNow);
}

std::string text_of(const std::vector<PreviewFile>& files, std::string_view name) {
  for (const PreviewFile& file : files) {
    if (file.name == name) return file.text;
  }
  return {};
}

http::Response asked(http::Handler& handler, std::string_view target) {
  http::Request request;
  request.reset("GET", target, 11);
  http::Response response;
  handler.answer(request, response);
  return response;
}

TEST(Preview, ShowsEachLanguageTheMessageThatItsVisitorsRead) {
  const auto files = previewed();
  EXPECT_THAT(text_of(files, "board-de.html"),
              AllOf(HasSubstr("Um zwei zurück"), HasSubstr("<html lang=\"de\"")));
  EXPECT_THAT(text_of(files, "board-fr.html"),
              AllOf(HasSubstr("Back at two"), HasSubstr("<html lang=\"fr\""),
                    HasSubstr("class=\"message\" lang=\"en\" dir=\"ltr\"")));
  EXPECT_THAT(text_of(files, "board-de.html"), Not(HasSubstr("class=\"message\" lang=")));
}

TEST(Preview, NamesEachLanguageInItself) {
  const std::string index = text_of(previewed(), "index.html");
  for (const page::Words& words : page::all_words()) {
    EXPECT_THAT(index, HasSubstr(words.name)) << words.language;
  }
}

TEST(Preview, IsHalfAnHourIntoTwoHours) {
  EXPECT_THAT(text_of(previewed(), "horizon-en.html"),
              AllOf(HasSubstr("datetime=\"2026-12-02T01:33:00Z\""),
                    HasSubstr("datetime=\"2026-12-02T03:33:00Z\"")));
}

TEST(Preview, BeginsWithTheThemeOfTheService) {
  EXPECT_THAT(text_of(previewed(), "index.html"),
              AllOf(HasSubstr("src=\"letter-en.html\""), HasSubstr("Orders &amp; more"),
                    Not(HasSubstr("{{"))));
}

TEST(Preview, NamesOnlyPagesThatExist) {
  const auto files = previewed();
  const std::string index = text_of(files, "index.html");
  std::size_t links = 0;
  for (auto at = index.find("<a href=\""); at != std::string::npos;
       at = index.find("<a href=\"", at)) {
    at += 9;
    EXPECT_NE(text_of(files, index.substr(at, index.find('"', at) - at)), "");
    ++links;
  }
  EXPECT_EQ(links, files.size() - 1);
}

TEST(Preview, ServesPagesAsTheGatewaySendsThem) {
  const auto handler =
      preview_handler(std::make_shared<const std::vector<PreviewFile>>(previewed()));
  const http::Response index = asked(*handler, "/");
  EXPECT_EQ(index.status, 200);
  EXPECT_THAT(std::string(index.body.view()), HasSubstr("<iframe"));
  const http::Response page = asked(*handler, "/poster-ar-form.html");
  EXPECT_EQ(page.status, 503);
  EXPECT_THAT(page.fields.text(), AllOf(HasSubstr("Retry-After: "), HasSubstr("X-Maintenance: "),
                                        HasSubstr("Content-Security-Policy: default-src 'none'")));
  EXPECT_THAT(std::string(page.body.view()), HasSubstr("dir=\"rtl\""));
  EXPECT_EQ(asked(*handler, "/../etc/passwd").status, 404);
  EXPECT_EQ(asked(*handler, "*").status, 404);
  for (const char* target : {"/", "/poster-ar-form.html", "/nothing"}) {
    EXPECT_THAT(
        asked(*handler, target).fields.text(),
        AllOf(HasSubstr("Cache-Control: no-store\r\n"),
              HasSubstr("X-Content-Type-Options: nosniff\r\n"), HasSubstr("Content-Type: ")))
        << target;
  }
}

}  // namespace
}  // namespace intermission::report
