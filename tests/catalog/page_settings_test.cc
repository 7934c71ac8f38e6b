// `page:` of the configuration: what is read, what is inherited, and what is refused in which
// words.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalog/configuration.h"
#include "catalog/logo.h"
#include "support/temporary_folder.h"

namespace intermission::catalog {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string error_of(std::string_view text) {
  const auto configuration = load_text(text, "f", {});
  return configuration ? "none" : configuration.error().text();
}

TEST(PageSettings, AreInheritedKeyByKey) {
  const auto configuration = load_text(R"(
defaults:
  page: { theme: letter, name: Example, links: [{ url: "https://status.example.com/" }] }
services:
  - { name: a, hosts: [a.example], page: { theme: board, zone: Europe/Berlin } }
  - { name: b, hosts: [b.example], page: { links: [] } }
)",
                                       "f", {});
  ASSERT_TRUE(configuration) << configuration.error().text();
  const PageSettings& a = configuration->catalog.services()[0].page;
  EXPECT_EQ(a.theme, "board");
  EXPECT_EQ(a.name, "Example");
  EXPECT_EQ(a.zone, "Europe/Berlin");
  ASSERT_EQ(a.links.size(), 1U);
  EXPECT_EQ(a.links[0].label, "status.example.com");
  const PageSettings& b = configuration->catalog.services()[1].page;
  EXPECT_EQ(b.theme, "letter");
  EXPECT_TRUE(b.links.empty());
}

TEST(PageSettings, RefuseWhatNobodyCouldRead) {
  EXPECT_EQ(error_of("defaults: {page: {theme: neon}}"),
            "f:1: defaults.page.theme: expected one of horizon, letter, board and poster, got a "
            "string (\"neon\")");
  EXPECT_EQ(error_of("defaults: {page: {colors: {accent: red}}}"),
            "f:1: defaults.page.colors.accent: expected a colour such as \"#1f6feb\", got a string "
            "(\"red\")");
  EXPECT_EQ(error_of("defaults: {page: {colors: {text: '#777777', background: '#888888'}}}"),
            "f:1: defaults.page.colors.text: expected a colour that can be read on the background "
            "(a contrast of 4.5 or more), got a string (\"#777777\")");
  EXPECT_EQ(error_of("defaults: {page: {links: [{url: 'javascript:1'}]}}"),
            "f:1: defaults.page.links[0].url: expected a URL that starts with https:, http:, "
            "mailto: or tel:, got a string (\"javascript:1\")");
  EXPECT_EQ(error_of("defaults: {page: {logo: no-such-file.svg}}"),
            "f:1: defaults.page.logo: expected a file that can be read, got no-such-file.svg");
}

TEST(PageSettings, FilesAreSeenFromTheConfiguration) {
  const testing::TemporaryFolder folder;
  folder.write("logo.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
  folder.write("page.mustache", "<p>{{message}}</p>");
  const auto file =
      folder.write("c.yaml", "defaults: {page: {logo: logo.svg, template: page.mustache}}");
  const auto configuration = load_file(file.string(), {});
  ASSERT_TRUE(configuration) << configuration.error().text();
  const PageSettings& page = configuration->catalog.services().back().page;
  EXPECT_EQ(page.document, "<p>{{message}}</p>");
  EXPECT_THAT(page.logo, HasSubstr("data:image/svg+xml,"));

  folder.write("page.mustache", "<p>{{#message}}</p>");
  EXPECT_THAT(load_file(file.string(), {}).error().text(),
              HasSubstr("expected a Mustache template"));
}

TEST(Logo, KeepsOfAnSvgWhatDraws) {
  const auto url = logo_url(
      R"svg(<svg xmlns="http://www.w3.org/2000/svg" onload="x()"><script>x()</script><style>*{}</style>)svg"
      R"svg(<path d="M0 0" fill="url(https://x.example/)" onclick="x()"/><use href="https://x.example/"/>)svg"
      R"svg(<foreignObject><p/></foreignObject><circle r="2" fill="url(#a)"/></svg>)svg");
  ASSERT_TRUE(url);
  for (const char* gone : {"script", "style", "onload", "onclick", "x.example", "foreignObject"}) {
    EXPECT_THAT(*url, Not(HasSubstr(gone)));
  }
  EXPECT_THAT(*url, HasSubstr("path%20d="));
  EXPECT_THAT(*url, HasSubstr("fill=%22url(%23a)%22"));
}

TEST(Logo, IsAPictureOfModestSize) {
  EXPECT_EQ(*logo_url("\x89PNG\r\n"), "data:image/png;base64,iVBORw0K");
  EXPECT_EQ(logo_url("GIF89a").error().text(),
            "expected a logo in PNG, JPEG, WebP or SVG, got something else");
  EXPECT_EQ(logo_url(std::string(20'000, 'x')).error().text(),
            "expected a logo of at most 12288 bytes, got 20000");
}

}  // namespace
}  // namespace intermission::catalog
