#include <gmock/gmock.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "page/content_policy.h"
#include "page/page_document.h"
#include "page/page_style.h"
#include "page/words.h"
#include "snapshot/coding.h"
#include "support/files.h"

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
  for (const char* known : {"de", "de-AT", "pt-BR", "pt-BR-x-a", "no", "nn", "iw", "zh-TW"}) {
    said.language = known;
    EXPECT_THAT(page_document(said, {}), HasSubstr("<h1>")) << known;
  }
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

/// What stands in a style sheet of ours under that mark.
std::string section_of(const std::string& sheet, const std::string& name) {
  const std::string mark = "/* @" + name + " */\n";
  const auto start = name.empty() ? 0 : sheet.find(mark);
  if (start == std::string::npos) return "";
  const auto begin = start + (name.empty() ? 0 : mark.size());
  return sheet.substr(begin, sheet.find("/* @", begin) - begin);
}

TEST(Page, AStyleIsMadeOfItsSections) {
  const std::string shared = testing::read_file(testing::source_path("src/page/page.css"));
  for (const std::string_view name : theme_names()) {
    const std::string theme =
        testing::read_file(testing::source_path("src/page/themes/" + std::string(name) + ".css"));
    const auto both = [&](const std::string& section) {
      return section_of(shared, section) + section_of(theme, section);
    };
    const auto root = [&](const std::string& scheme) {
      const std::string lines = section_of(theme, scheme);
      return ":root{" + lines.substr(0, lines.find('\n')) + "}";
    };
    catalog::PageSettings settings;
    settings.theme = name;
    Fit least;
    least.scheme = Fit::Scheme::kDark;
    least.narrow = least.still = least.chromium = true;
    EXPECT_EQ(page_style(settings, least), root("dark") + "\n" + both("")) << name;
    const std::string schemes =
        root("light") + "\n@media (prefers-color-scheme:dark){" + root("dark") + "}\n";
    EXPECT_EQ(page_style(settings, {}),
              schemes + both("") + both("wide") + both("motion") + both("others"))
        << name;
    Fit narrow;
    narrow.narrow = true;
    EXPECT_EQ(page_style(settings, narrow), schemes + both("") + both("motion") + both("others"));
    Fit still;
    still.still = true;
    EXPECT_EQ(page_style(settings, still), schemes + both("") + both("wide") + both("others"));
    Fit chromium;
    chromium.chromium = true;
    EXPECT_EQ(page_style(settings, chromium), schemes + both("") + both("wide") + both("motion"));
  }
}

TEST(Page, OneThemeHasAPicture) {
  catalog::Service service;
  service.page.document = "{{{picture}}}";
  for (const std::string_view name : theme_names()) {
    service.page.theme = name;
    EXPECT_EQ(theme_picture(name).starts_with("<"), name == "horizon") << name;
    EXPECT_EQ(theme_picture(name).empty(), name != "horizon") << name;
    EXPECT_EQ(page_document(notice(), service), theme_picture(name)) << name;
  }
}

TEST(Page, TellsATemplateWhatThereIs) {
  catalog::Service service;
  const auto page = [&](const std::string& text, const Notice& said = notice()) {
    service.page.document = text;
    return page_document(said, service);
  };
  const std::string brand = "{{#has_brand}}brand {{name}} {{{logo}}}{{/has_brand}}";
  const std::string links =
      "{{#has_links}}links:{{#links}} {{label}}={{{url}}}{{/links}}{{/has_links}}";
  EXPECT_EQ(page(brand + links), "");
  service.page.name = "Shop";
  EXPECT_EQ(page(brand), "brand Shop ");
  service.page.logo = "data:x";
  EXPECT_EQ(page(brand), "brand Shop data:x");
  service.page.name.clear();
  EXPECT_EQ(page(brand), "brand  data:x");
  service.page.links = {{"https://a.example", "A"}, {"tel:+49", "B"}};
  EXPECT_EQ(page(links), "links: A=https://a.example B=tel:+49");
  EXPECT_EQ(page("{{service}} {{title}} {{since_iso}} {{until_iso}}"),
            "orders Orders 2026-12-02T02:03:00Z 2026-12-02T04:03:00Z");
  Notice said = notice();
  const auto scheme = [&](Fit::Scheme one) {
    said.fit.scheme = one;
    return page("{{color_scheme}}", said);
  };
  EXPECT_EQ(scheme(Fit::Scheme::kAny), "light dark");
  EXPECT_EQ(scheme(Fit::Scheme::kLight), "light");
  EXPECT_EQ(scheme(Fit::Scheme::kDark), "dark");
  EXPECT_EQ(page("{{#posted}}sent{{/posted}}", said), "");
  said.fit.posted = true;
  EXPECT_EQ(page("{{#posted}}sent{{/posted}}", said), "sent");
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
  EXPECT_THAT(unknown_variables("{{nonsense}}"), ElementsAre(UnknownVariable{"nonsense", 1}));
  EXPECT_THAT(unknown_variables("{{=<% %>=}}{{ }}{{}}"), IsEmpty());
  EXPECT_THAT(
      unknown_variables("}}\n{{a}}\n{{\nb\n}}{{c}}"),
      ElementsAre(UnknownVariable{"a", 2}, UnknownVariable{"b", 3}, UnknownVariable{"c", 5}));
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
