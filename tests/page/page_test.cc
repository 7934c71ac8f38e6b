#include <gmock/gmock.h>

#include <algorithm>

#include "page/content_policy.h"
#include "page/page_document.h"
#include "page/page_style.h"
#include "page/words.h"
#include "snapshot/coding.h"

namespace intermission::page {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

Notice notice() {
  Notice notice;
  notice.service = "orders";
  notice.title = "Orders";
  notice.message = "We are counting stock";
  notice.language = "en";
  notice.since = base::TimePoint{base::Seconds(1796176980)};
  notice.until = base::TimePoint{base::Seconds(1796184180)};
  return notice;
}

// One round trip of a new connection: ten segments (RFC 6928), and the head needs room too.
TEST(Page, FitsIntoOneRoundTripInEveryThemeAndLanguage) {
  catalog::Service service;
  service.page.links = {{"https://status.example.com", "Status page"}, {"tel:+49", "Call us"}};
  for (const std::string_view theme : theme_names()) {
    service.page.theme = theme;
    for (const Words& words : all_words()) {
      Notice said = notice();
      said.words_language = words.language;
      said.fit.posted = true;
      const std::string page = page_document(said, service);
      EXPECT_LT(snapshot::encode(negotiate::Coding::kBrotli, page).size(), 14 * 1024U - 1500);
      EXPECT_THAT(page, Not(HasSubstr("{{"))) << theme << ' ' << words.language;
      EXPECT_THAT(page,
                  HasSubstr("<html lang=\"" + words.language + "\" dir=\"" + words.direction));
      EXPECT_THAT(page, HasSubstr(words.down_for_maintenance));
    }
  }
}

// Each in the visitor's language, whatever language the message is in.
TEST(Page, SaysEveryWordOfOursInTheVisitorsLanguage) {
  catalog::Service service;
  service.page.document =
      "{{{heading}}}|{{{since_label}}}|{{{until_label}}}|{{{time_passed}}}|{{{end_unknown}}}|"
      "{{{taking_longer}}}|{{{try_again}}}|{{{watching}}}|{{{offline}}}|{{{service_back}}}|"
      "{{{not_processed}}}|{{{back_to_form}}}|{{{open_page}}}|{{{meanwhile}}}|{{{reference}}}|"
      "{{{since}}}|{{{until}}}|{{{language}}}|{{{direction}}}";
  for (const Words& words : all_words()) {
    std::string expected;
    for (const auto word :
         {&Words::down_for_maintenance, &Words::since, &Words::back_at, &Words::time_passed,
          &Words::end_unknown, &Words::taking_longer, &Words::try_again, &Words::watching,
          &Words::offline, &Words::service_back, &Words::not_processed, &Words::back_to_form,
          &Words::open_page, &Words::meanwhile, &Words::reference}) {
      expected += words.*word + '|';
    }
    Notice said = notice();
    expected += spelled_time(*said.since, words) + '|' + spelled_time(*said.until, words) + '|' +
                words.language + '|' + words.direction;
    said.words_language = words.language;
    EXPECT_EQ(page_document(said, service), expected);
  }
}

TEST(Page, AsksForNothingElsewhere) {
  catalog::Service service;
  service.page.logo = "data:image/png;base64,AA==";
  const std::string page = page_document(notice(), service);
  int urls = 0;
  for (const std::string attribute : {"src=\"", "href=\"", "action=\""}) {
    for (auto at = page.find(attribute); at != std::string::npos; at = page.find(attribute, at)) {
      at += attribute.size();
      const std::string url = page.substr(at, page.find('"', at) - at);
      EXPECT_TRUE(url.empty() || url.starts_with("data:")) << url;
      ++urls;
    }
  }
  EXPECT_GE(urls, 2) << "the logo, and the link that tries again";
}

TEST(Page, MarksWhatIsInAnotherLanguage) {
  Notice said = notice();
  said.words_language = "ar";
  EXPECT_THAT(page_document(said, {}), HasSubstr("class=\"message\" lang=\"en\" dir=\"ltr\""));
  said = notice();
  said.language = "cy";  // no words of ours
  EXPECT_THAT(page_document(said, {}), HasSubstr("<h1 lang=\"en\" dir=\"ltr\">"));
  EXPECT_THAT(page_document(said, {}), HasSubstr("<html lang=\"cy\""));
}

TEST(Page, EscapesWhatOperatorsWrite) {
  catalog::Service service;
  service.page.name = "<A & B>";
  service.page.links = {{"https://x.example/?a=\"b", "<i>"}};
  Notice said = notice();
  said.message = "<script>alert(1)</script>";
  const std::string page = page_document(said, service);
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(1)"));
  EXPECT_THAT(page, HasSubstr("&lt;A &amp; B&gt;"));
  EXPECT_THAT(page, HasSubstr("&lt;i&gt;"));
  EXPECT_THAT(page, Not(HasSubstr("a=\"b")));
}

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) {
    ++found;
  }
  return found;
}

TEST(Page, IsNeverPutIntoAnotherDocumentByTurbo) {
  constexpr std::string_view kControl = "<meta name=\"turbo-visit-control\" content=\"reload\">";
  catalog::Service service;
  EXPECT_EQ(count(page_document(notice(), service), kControl), 1U);
  service.page.document = "<!doctype html><html><head><title>{{heading}}</title></head></html>";
  EXPECT_THAT(page_document(notice(), service),
              HasSubstr("<head>" + std::string(kControl) + "<title>"));
  service.page.document = "<head>" + std::string(kControl) + "</head>";
  EXPECT_EQ(count(page_document(notice(), service), kControl), 1U);
  service.page.document = "<p>{{heading}}</p>";
  EXPECT_EQ(count(page_document(notice(), service), kControl), 0U);
}

TEST(Page, TakesTheOperatorsColours) {
  catalog::PageSettings settings;
  settings.light.accent = "#123456";
  settings.dark.background = "#000000";
  const std::string style = page_style(settings, {});
  EXPECT_THAT(style, HasSubstr("--accent:#123456;--on:#fff"));
  EXPECT_THAT(style, HasSubstr("--paper:#000000"));
}

TEST(Page, FitsTheSchemeThatItsVisitorPrefers) {
  catalog::PageSettings settings;
  settings.light.accent = "#111111";
  settings.dark.accent = "#222222";
  const auto style = [&](Fit::Scheme scheme) {
    Fit fit;
    fit.scheme = scheme;
    return page_style(settings, fit);
  };
  EXPECT_THAT(style(Fit::Scheme::kLight), HasSubstr("#111111"));
  EXPECT_THAT(style(Fit::Scheme::kLight), Not(HasSubstr("#222222")));
  EXPECT_THAT(style(Fit::Scheme::kDark), HasSubstr("#222222"));
  EXPECT_THAT(style(Fit::Scheme::kDark), Not(HasSubstr("#111111")));
  EXPECT_THAT(page_style(settings, {}), HasSubstr("#111111"));
  EXPECT_THAT(page_style(settings, {}), HasSubstr("#222222"));
}

TEST(Page, EachThemeHasAStyleOfItsOwn) {
  std::vector<std::string> styles;
  for (const std::string_view theme : theme_names()) {
    catalog::PageSettings settings;
    settings.theme = theme;
    styles.push_back(page_style(settings, {}));
    EXPECT_EQ(std::count(styles.begin(), styles.end(), styles.back()), 1) << theme;
  }
}

TEST(Page, CanBeATemplateOfTheOperators) {
  catalog::Service service;
  service.page.document = "<p>{{heading}}: {{message}}, {{nonsense}}</p>";
  EXPECT_EQ(page_document(notice(), service),
            "<p>Down for maintenance: We are counting stock, </p>");
  service.page.zone = "Europe/Berlin";
  service.page.document = "{{zone}} {{wait}}";
  EXPECT_EQ(page_document(notice(), service),
            "Europe/Berlin " + std::to_string(service.retry_after.fallback.count()));
}

TEST(Page, KnowsWhichVariablesThereAreNotAndWhere) {
  EXPECT_THAT(unknown_variables("<p>{{heading}}\n{{nonsense}}\n{{{nonsense}}}"),
              ElementsAre(UnknownVariable{"nonsense", 2}));
  EXPECT_THAT(unknown_variables("{{!\n\n}}{{# menu }}\n{{/menu}}{{> footer}}"),
              ElementsAre(UnknownVariable{"menu", 3}, UnknownVariable{"footer", 4}));
  EXPECT_THAT(unknown_variables("{{#links}}{{url}}{{/links}}{{{script}}}{{! note }}{{& style }}"),
              IsEmpty());
  EXPECT_THAT(unknown_variables("a } b {{"), IsEmpty());
}

// echo -n 'a{}' | openssl dgst -sha256 -binary | base64
TEST(ContentPolicy, NamesWhatIsInTheDocumentByHash) {
  EXPECT_EQ(content_policy("<p>"),
            "default-src 'none'; style-src 'none'; img-src data:; base-uri 'none'; form-action "
            "'none'");
  EXPECT_EQ(content_policy("<style>a{}</style><script>1</script>"),
            "default-src 'none'; style-src 'sha256-X1RutGBrXCt9KkSaXMK7tHftWiRscFHOhxsS8tv8hBk='; "
            "script-src "
            "'sha256-a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s='; connect-src 'self'; img-src "
            "data:; base-uri 'none'; form-action "
            "'none'");
}

}  // namespace
}  // namespace intermission::page
