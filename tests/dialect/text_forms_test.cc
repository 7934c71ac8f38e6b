// Foreign bytes in the texts that dialects write: XML, header lines, comments, grpc-message.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "catalog/service.h"
#include "dialect/grpc_status.h"
#include "dialect/slotted.h"
#include "dialect/table.h"
#include "dialect/xml.h"
#include "page/content_policy.h"
#include "page/words.h"

namespace intermission::dialect {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

page::Notice notice(std::string_view message) {
  page::Notice notice;
  notice.service = "orders";
  notice.title = "Orders";
  notice.message = message;
  notice.language = "en";
  notice.seconds = 120;
  return notice;
}

Representation said_by(const char* dialect, const page::Notice& notice,
                       const catalog::Service& service = {}) {
  return table()[*find(dialect)]->render(notice, service).front();
}

TEST(XmlText, HasNoControlCharactersButBlanks) {
  EXPECT_EQ(fit_for_xml("a\tb\nc\rd"), "a\tb\nc\rd");
  EXPECT_EQ(fit_for_xml(std::string("\x01\x08\x0b\x0c\x0e\x1f", 6)), "      ");
  EXPECT_EQ(fit_for_xml(std::string("\0", 1)), " ");
  EXPECT_EQ(fit_for_xml("\x20\x7f\xC3\xA4<&"), "\x20\x7f\xC3\xA4<&");
}

TEST(LegacyHeader, IsOneLineWhateverTheMessageHolds) {
  catalog::Service service;
  service.legacy.status = 200;
  service.legacy.header_name = "X-Status";
  service.legacy.header_value = "{{message}} until [{{endsAt}}] since [{{startsAt}}]";
  service.legacy.body = "{}";
  EXPECT_EQ(said_by("legacy", notice("a\r\nSet-Cookie: b\x7f\x01 \xC3\xA4!"), service).fields,
            "X-Status: a  Set-Cookie: b   \xC3\xA4! until [] since []\r\n");
  page::Notice known = notice("a b");
  known.since = base::TimePoint{base::Seconds{1796176980}};
  EXPECT_EQ(said_by("legacy", known, service).fields,
            "X-Status: a b until [] since [2026-12-02T02:03:00Z]\r\n");
}

TEST(ScrapeComment, IsOneLineWhateverTheMessageHolds) {
  EXPECT_EQ(said_by("scrape", notice("a\nb\rc")).body, "# a b c\n");
}

std::string grpc_message(const std::string& message) {
  const std::string lines = grpc_status_lines(notice(message));
  const std::string start = "grpc-status: 14\r\ngrpc-message: ";
  EXPECT_TRUE(lines.starts_with(start));
  EXPECT_TRUE(lines.ends_with("\r\n"));
  return lines.substr(start.size(), lines.find('\r', start.size()) - start.size());
}

TEST(GrpcMessage, EncodesWhatIsNotPrintable) {
  EXPECT_THAT(grpc_message("a~ !\x7f%\n"), HasSubstr("a~ !%7F%25%0A"));
}

TEST(GrpcMessage, IsCutBetweenCharacters) {
  const std::string start(600, 'x');
  EXPECT_THAT(grpc_message(start), Not(HasSubstr("%E2%80%A6")));
  for (std::size_t more = 0; more < 4; ++more) {
    std::string text = start + std::string(more, 'x');
    const std::size_t before = text.size();
    for (int i = 0; i < 500; ++i) text += "\xF0\x9F\x98\x80";
    const std::string message = grpc_message(text);
    const auto cut = message.find("%E2%80%A6");
    ASSERT_NE(cut, std::string::npos);
    EXPECT_GT(cut, before);
    EXPECT_EQ((cut - before) % std::string_view("%F0%9F%98%80").size(), 0U) << message;
  }
  EXPECT_TRUE(grpc_message(std::string(2000, '\x80')).starts_with("%E2%80%A6"))
      << "no whole character";
}

// nginx reads a head of 4 KiB, so the lines are 3000 bytes at most.
TEST(GrpcMessage, IsCutNoMoreThanNeeded) {
  for (std::size_t size = 1200; size < 1240; ++size) {
    const std::string text(size, 'x');
    page::Notice long_notice = notice(text);
    long_notice.seconds.reset();
    std::string said;
    Slotted(grpc_status_lines(long_notice)).append_to(said, {.seconds = 4294967295});
    EXPECT_THAT(said, HasSubstr("x%E2%80%A6"));
    EXPECT_LE(said.size(), 3000U) << size;
    EXPECT_GT(said.size(), 3000U - 4) << size;
  }
}

TEST(GrpcMessage, IsAnEllipsisWhereNothingElseFits) {
  const std::string name(3000, 's');
  page::Notice named = notice("Back soon");
  named.service = name;
  EXPECT_THAT(grpc_status_lines(named), HasSubstr("\r\ngrpc-message: %E2%80%A6 Please"));
}

TEST(ContentPolicyText, HashesWholeElementsOnly) {
  const std::string none =
      "default-src 'none'; style-src 'none'; img-src data:; base-uri 'none'; form-action 'none'";
  for (const char* html :
       {"<style", "<style>a{}", "</style><style>", "<style</style>x>", "<script>1"}) {
    EXPECT_EQ(page::content_policy(html), none) << html;
  }
  EXPECT_THAT(page::content_policy("<style></style>"), HasSubstr("style-src 'sha256-"));
}

// Some of our texts are in a language whose files say who else reads it.
TEST(PageLanguage, OfLanguagesWithoutWordsTheDirectionIsKnown) {
  for (const char* language : {"ps", "yi", "dv-MV", "ckb"}) {
    page::Notice said = notice("x");
    said.language = language;
    EXPECT_THAT(said_by("page", said).body, HasSubstr("\" dir=\"rtl\"")) << language;
  }
  page::Notice said = notice("x");
  said.language = "cy";
  EXPECT_THAT(said_by("page", said).body, HasSubstr("<html lang=\"cy\" dir=\"ltr\""));
}

TEST(PageSettings, ALogoAloneIsABrand) {
  catalog::Service service;
  EXPECT_THAT(said_by("page", notice("x"), service).body, Not(HasSubstr("class=\"brand\"")));
  service.page.logo = "data:image/png;base64,AA==";
  EXPECT_THAT(said_by("page", notice("x"), service).body, HasSubstr("class=\"brand\""));
}

TEST(PageSettings, TheColourOfTextIsTheOperators) {
  catalog::Service service;
  service.page.light.text = "#123456";
  EXPECT_THAT(said_by("page", notice("x"), service).body, HasSubstr(";--ink:#123456;"));
}

}  // namespace
}  // namespace intermission::dialect
