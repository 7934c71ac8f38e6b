#include "report/template_check.h"

#include <gmock/gmock.h>

namespace intermission::report {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;

std::vector<std::string> findings(std::string document) {
  catalog::Service service;
  service.page.document = std::move(document);
  return template_findings(service);
}

TEST(TemplateCheck, HasNothingToSayOfThemes) {
  EXPECT_THAT(findings(""), IsEmpty());
}

TEST(TemplateCheck, SaysHowLargeThePageIs) {
  EXPECT_THAT(findings("<p>{{message}}"),
              ElementsAre(MatchesRegex("the template makes 37 bytes, [0-9]+ in br")));
}

TEST(TemplateCheck, SaysWhatOneRoundTripDoesNotCarry) {
  std::string noise = "{{message}}";
  for (std::uint32_t i = 0, x = 1; i < 20000; ++i) {  // nothing makes noise smaller
    x = x * 1664525 + 1013904223;
    noise += static_cast<char>('!' + (x >> 24) % 90);
  }
  EXPECT_THAT(findings(noise).front(), HasSubstr(": more than fits into the first round trip"));
}

TEST(TemplateCheck, MissesTheMessage) {
  EXPECT_THAT(findings("<p>{{heading}}").back(), "the template never shows the message");
  EXPECT_THAT(findings("<p>{{#until}}{{message}}{{/until}}").back(), Not(HasSubstr("never")));
}

TEST(TemplateCheck, NamesTheLineOfAnUnknownVariable) {
  EXPECT_THAT(findings("<p>{{message}}\n<p>{{mesage}}").back(),
              "line 2 of the template names the unknown variable mesage");
}

}  // namespace
}  // namespace intermission::report
