// `page:` of the configuration: what is read, what is inherited, and what is refused in which
// words.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

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

TEST(PageSettings, RejectUnreadableColours) {
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
            "f:1: defaults.page.logo: no-such-file.svg: cannot be read: No such file or directory");
}

// To open a pipe waits for somebody to write to it: for ever, at a reload too.
TEST(PageSettings, APipeIsNoFile) {
  const testing::TemporaryFolder folder;
  ASSERT_EQ(mkfifo((folder.path() / "pipe").c_str(), 0600), 0);
  for (const char* key : {"logo", "template"}) {
    const auto configuration = load_file(
        folder.write("c.yaml", std::string("defaults: {page: {") + key + ": pipe}}").string(), {});
    ASSERT_FALSE(configuration);
    EXPECT_THAT(configuration.error().text(), HasSubstr("expected a regular file, got a pipe"));
  }
}

// The parser's work grows with the square of the depth.
TEST(PageSettings, SectionsOfATemplateAreNestedOnlySoDeep) {
  const testing::TemporaryFolder folder;
  const auto error = [&](std::size_t depth, std::string_view open, std::string_view close,
                         const std::string& before) {
    std::string text = before;
    for (std::size_t i = 0; i < depth; ++i) text += open;
    text += 'x';
    for (std::size_t i = 0; i < depth; ++i) text += close;
    folder.write("t.mustache", text);
    const auto configuration =
        load_file(folder.write("c.yaml", "defaults: {page: {template: t.mustache}}").string(), {});
    return configuration ? "none" : configuration.error().message;
  };
  EXPECT_EQ(error(50, "{{#links}}", "{{/links}}", ""), "none");
  const std::string wanted =
      "defaults.page.template: expected a template whose sections are nested at most 50 deep";
  EXPECT_EQ(error(51, "{{#links}}", "{{/links}}", ""), wanted);
  EXPECT_EQ(error(10'000, "{{^ links }}", "{{/ links }}", ""), wanted);
  EXPECT_EQ(error(51, "<%#links%>", "<%/links%>", "{{=<% %>=}}"), wanted);
  std::string row;
  for (int i = 0; i < 200; ++i) row += "{{#links}}x{{/links}}";
  EXPECT_EQ(error(1, "", "", row), "none") << "one after the other";
}

TEST(PageSettings, ATemplateIsOf256KiBAtMost) {
  const testing::TemporaryFolder folder;
  const auto file = folder.write("c.yaml", "defaults: {page: {template: t.mustache}}").string();
  folder.write("t.mustache", std::string(256 * 1024, 'x'));
  EXPECT_TRUE(load_file(file, {}));
  folder.write("t.mustache", std::string(256 * 1024 + 1, 'x'));
  EXPECT_FALSE(load_file(file, {}));
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

std::string with_attribute(const std::string& attribute) {
  const auto url = logo_url("<svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"M0 0\" " +
                            attribute + "/></svg>");
  return url ? *url : url.error().text();
}

TEST(Logo, LoadsNothingHoweverItIsSpelled) {
  for (const char* attribute : {R"svg(fill="url(#a) url(https://x.example/)")svg",
                                R"svg(fill="URL(https://x.example/)")svg",
                                R"svg(fill="url(#a), Url( 'https://x.example/' )")svg",
                                R"svg(fill="url('https://x.example/#a')")svg",
                                R"svg(fill="u\72l(https://x.example/)")svg",
                                R"svg(fill="\75 rl(https://x.example/)")svg",
                                R"svg(fill="url(&quot;//x.example/&quot;)")svg",
                                R"svg(fill="url( https://x.example/)")svg",
                                R"svg(fill="url (https://x.example/)")svg",
                                R"svg(mask="image-set('https://x.example/' 1x)")svg",
                                R"svg(fill="src('https://x.example/')")svg",
                                R"svg(mask="-webkit-image-set(url(https://x.example/) 1x)")svg",
                                R"svg(mask="cross-fade(url(#a), url(https://x.example/))")svg",
                                R"svg(fill="url(https://x.example/")svg",
                                R"svg(stroke="url(/**/https://x.example/)")svg",
                                R"svg(href="&#9;https://x.example/")svg",
                                R"svg(href="#a https://x.example/")svg",
                                R"svg(font-family="x; @import 'https://x.example/'")svg",
                                R"svg(xmlns="https://x.example/")svg",
                                R"svg(style="fill:url(https://x.example/)")svg"}) {
    const std::string url = with_attribute(attribute);
    EXPECT_THAT(url, Not(HasSubstr("x.example"))) << attribute;
    EXPECT_THAT(url, HasSubstr("path%20d=")) << attribute;
  }
}

TEST(Logo, KeepsWhatStaysInside) {
  for (const char* attribute :
       {R"svg(fill="url(#a)")svg", R"svg(fill="URL( '#a.b-1' ) #fff")svg",
        R"svg(fill="rgb(1, 2, 3)")svg", R"svg(fill="hsla(1, 2%, 3%, .5)")svg",
        R"svg(transform="rotate (45) translate(1,2)scale(2)")svg", R"svg(href="#a")svg",
        R"svg(aria-label="Example (url(x))")svg", R"svg(clip-path="circle(50%)")svg",
        R"svg(transform="skewX(1) matrix(1 0 0 1 0 0)")svg"}) {
    const std::string name = std::string(attribute).substr(0, std::string(attribute).find('='));
    EXPECT_THAT(with_attribute(attribute), HasSubstr(name + "=%22")) << attribute;
  }
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
