// The last value that is accepted, and the first that is not: of names, texts, numbers and files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "catalog/calendar.h"
#include "catalog/configuration.h"
#include "catalog/logo.h"
#include "support/temporary_folder.h"

namespace intermission::catalog {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string error_of(const std::string& text) {
  const auto configuration = load_text(text, "f", {});
  return configuration ? "none" : configuration.error().text();
}

std::string host_error(const std::string& host) {
  return error_of("services: [ { name: a, hosts: ['" + host + "'] } ]");
}

TEST(Boundaries, HostsAreNamesOfTheDns) {
  const std::string label(63, 'a');
  const std::string longest = label + "." + label + "." + label + "." + std::string(61, 'a');
  for (const std::string& good :
       {std::string("a"), std::string("a-b.example"), std::string("a_b.example"), "9." + label,
        longest, std::string("*.example"), std::string("**.example"), std::string("[::1]"),
        std::string("[2001:db8::7]"), std::string("[::ffff:192.0.2.7]")}) {
    EXPECT_EQ(host_error(good), "none") << good;
  }
  for (const std::string& wrong :
       {label + "a.example", longest + "a", std::string("a..b"), std::string(".a"),
        std::string("a b"), std::string("a/b"), std::string("a:80"), std::string("[]"),
        std::string("[:]x"), std::string("[a]"), std::string("[g::1]"), std::string("[::1"),
        std::string("::1]"), std::string("*"), std::string("a.*.b"), std::string("***.a")}) {
    EXPECT_NE(host_error(wrong), "none") << wrong;
  }
}

TEST(Boundaries, LanguagesAreTagsOfBcp47) {
  const auto error = [](const std::string& tag) {
    return error_of("defaults: { message: { '" + tag + "': x } }");
  };
  for (const char* good :
       {"en", "gsw", "de-CH", "zh-Hant-TW", "en-abcdefgh", "de-1996", "sl-rozaj"}) {
    EXPECT_EQ(error(good), "none") << good;
  }
  for (const char* wrong : {"", "e", "e1", "1e", "en-", "-en", "en--us", "en-abcdefghi", "en_US",
                            "en us", "abcdefghi", "en-u.s"}) {
    EXPECT_NE(error(wrong), "none") << wrong;
  }
}

TEST(Boundaries, TextsHaveNoControlCharacters) {
  const auto message = [](const std::string& text) {
    return error_of("defaults: { message: \"" + text + "\" }");
  };
  EXPECT_EQ(message("two\\nlines, \\r and \\t"), "none");
  EXPECT_EQ(message(" x"), "none");
  EXPECT_EQ(message("\xef\xb7\xb0"), "none") << "U+FDF0, a letter";
  for (const char* wrong :
       {"a\\x01", "a\\x1f", "\\0a", "a\\e[31m", "a\xef\xbf\xbe", "a\xef\xbf\xbf",
        // Each would be filled in as a mark of ours.
        "a\xef\xb7\x90", "\xef\xb7\x9c", "\xef\xb7\xaf"}) {
    EXPECT_THAT(message(wrong), HasSubstr("without control characters")) << wrong;
  }
  for (const char* empty : {" ", "\\t\\n\\r "}) {
    EXPECT_THAT(message(empty), HasSubstr("text that is not empty")) << empty;
  }
  EXPECT_THAT(error_of("services: [ { name: a, title: \"a\\nb\" } ]"),
              HasSubstr("without control characters"))
      << "a title is one line";
}

TEST(Boundaries, WaitsAreFromASecondToAYear) {
  const auto error = [](const std::string& wait) {
    return error_of("defaults: { retry_after: { default: " + wait + ", max: " + wait +
                    ", min: 1s } }");
  };
  EXPECT_EQ(error("1s"), "none");
  EXPECT_EQ(error("365d"), "none");
  for (const char* wrong : {"0s", "366d", "31536001s"}) {
    EXPECT_THAT(error(wrong), HasSubstr("expected a duration from 1s to")) << wrong;
  }
}

TEST(Boundaries, ConnectionsHoldAMebibyteAtLeast) {
  const auto error = [](const char* bytes) {
    return error_of("limits: { buffered_bytes: " + std::string(bytes) + " }");
  };
  EXPECT_EQ(error("0"), "none") << "a share of the memory";
  EXPECT_EQ(error("1048576"), "none");
  EXPECT_NE(error("1048575"), "none");
  EXPECT_NE(error("1"), "none");
}

TEST(Boundaries, AnswersOfLegacyClientsHaveABody) {
  for (const int status : {204, 205, 304}) {
    EXPECT_NE(error_of("services: [ { name: a, legacy: { status: " + std::to_string(status) +
                       ", body: { a: b } } } ]"),
              "none")
        << status;
  }
  for (const int status : {200, 203, 206, 303, 305, 503}) {
    EXPECT_EQ(error_of("services: [ { name: a, legacy: { status: " + std::to_string(status) +
                       ", body: { a: b } } } ]"),
              "none")
        << status;
  }
}

TEST(Boundaries, CredentialsGoToListedOriginsOnly) {
  const auto error = [](const std::string& cors) {
    return error_of("services: [ { name: a, cors: { " + cors + " } } ]");
  };
  EXPECT_EQ(error("origins: ['https://a.example'], credentials: true"), "none");
  EXPECT_EQ(error("origins: ['*']"), "none");
  EXPECT_EQ(error("origins: [], credentials: false"), "none");
  EXPECT_THAT(error("origins: ['*'], credentials: true"),
              HasSubstr("no credentials are granted to every origin (*)"));
  EXPECT_THAT(error("origins: [], credentials: true"),
              HasSubstr("credentials need a list of origins"));
  EXPECT_THAT(error("credentials: true"), HasSubstr("credentials need a list of origins"));
  const std::string inherited =
      "defaults: { cors: { origins: ['https://a.example'], credentials: true } }\n"
      "services: [ { name: a, cors: { ";
  EXPECT_EQ(error_of(inherited + "origins: ['https://b.example'] } } ]"), "none");
  EXPECT_THAT(error_of(inherited + "origins: ['*'] } } ]"),
              HasSubstr("no credentials are granted to every origin (*)"));
  EXPECT_EQ(error_of(inherited + "origins: [] } } ]"), "none") << "an empty list grants no origin";
}

TEST(Boundaries, TheAccessLogIsAsConfigured) {
  const auto read = [](const char* text) {
    const auto configuration = load_text(text, "f", {});
    EXPECT_TRUE(configuration) << configuration.error().text();
    return configuration->access_log;
  };
  using Format = AccessLog::Format;
  EXPECT_EQ(read("services: []").format, Format::kOff);
  EXPECT_EQ(read("access_log: { format: combined }").format, Format::kCombined);
  EXPECT_EQ(read("access_log: { format: json, file: /var/log/x }").format, Format::kJson);
  EXPECT_EQ(read("access_log: { format: json, file: /var/log/x }").file, "/var/log/x");
  EXPECT_EQ(read("access_log: { format: json }").file, "");
  EXPECT_NE(error_of("access_log: { format: json, file: \"a\\nb\" }"), "none");
}

TEST(Boundaries, FilesAreBesideTheConfigurationThatNamesThem) {
  const testing::TemporaryFolder folder;
  folder.write("logo.png", "\x89PNG");
  const std::string text = "defaults: { page: { logo: logo.png } }";
  EXPECT_TRUE(load_file(folder.write("a.yaml", text).string(), {}));
  EXPECT_TRUE(load_text(
      "defaults: { page: { logo: " + (folder.path() / "logo.png").string() + " } }", "f", {}))
      << "an absolute path stays";
  folder.write("logo.png", "\x89PNG" + std::string(kMaxLogoBytes - 4, 'x'));
  EXPECT_TRUE(load_file((folder.path() / "a.yaml").string(), {}));
  folder.write("logo.png", "\x89PNG" + std::string(kMaxLogoBytes - 3, 'x'));
  const auto large = load_file((folder.path() / "a.yaml").string(), {});
  ASSERT_FALSE(large);
  EXPECT_THAT(large.error().text(), HasSubstr("bytes, got 12289"));
  folder.write("logo.png", "GIF89a");
  const auto gif = load_file((folder.path() / "a.yaml").string(), {});
  ASSERT_FALSE(gif);
  EXPECT_THAT(gif.error().text(), HasSubstr("expected a logo in PNG, JPEG, WebP or SVG"));
}

// ---------------------------------------------------------------- logos

std::string url_of(std::string_view bytes) {
  const auto url = logo_url(bytes);
  return url ? *url : url.error().text();
}

TEST(Logo, IsWhatItsFirstBytesSay) {
  EXPECT_EQ(url_of("\x89PNGx"), "data:image/png;base64,iVBOR3g=");
  EXPECT_EQ(url_of("\xff\xd8\xff"), "data:image/jpeg;base64,/9j/");
  EXPECT_THAT(url_of("RIFF1234WEBPxx"), StartsWith("data:image/webp;base64,"));
  for (const std::string_view other :
       {std::string_view(""), std::string_view("\xff\xd8"), std::string_view("RIFF1234WAVE"),
        std::string_view("RIFF123WEBP"), std::string_view("RIFF12345WEBP"),
        std::string_view("RIFX1234WEBP")}) {
    EXPECT_THAT(url_of(other), StartsWith("expected a logo in PNG")) << other;
  }
  EXPECT_THAT(url_of("\x89PNG" + std::string(kMaxLogoBytes - 4, 'x')), StartsWith("data:"));
  EXPECT_THAT(url_of("\x89PNG" + std::string(kMaxLogoBytes - 3, 'x')),
              StartsWith("expected a logo of at most 12288 bytes"));
  EXPECT_THAT(url_of("<svg"), HasSubstr("got other XML"));
  EXPECT_THAT(url_of("<a><svg/></a>"), HasSubstr("got other XML"));
}

/// What an attribute `name` of a shape becomes; empty where it does not stay.
std::string kept(const std::string& name, const std::string& value) {
  const std::string url = url_of("<svg><path " + name + "='" + value + "'/></svg>");
  return url.find(name + "%3D") == std::string::npos && url.find(name + "=") == std::string::npos
             ? ""
             : "kept";
}

TEST(Logo, KeepsReferencesInsideThePictureOnly) {
  for (const char* good : {"url(#a)", "url( #a-b_c.d:e )", "url (#a)", "url(\"#a\")", "red",
                           "rgb(1,2,3)", "url(#\xc3\xbc)"}) {
    EXPECT_EQ(kept("fill", good), "kept") << good;
  }
  for (const char* foreign :
       {"url(a)", "url(http://a/)", "url(\"a\")", "url(\"#a)", "url(#a b)", "url(#a", "(#a)", "(",
        "image(#a)", "u\\72l(#a)", "@import", "url(#a/b)", "url()", "url(\")"}) {
    EXPECT_EQ(kept("fill", foreign), "") << foreign;
  }
  EXPECT_EQ(kept("y2", "1"), "kept");
  EXPECT_EQ(kept("onload", "alert"), "");
  const std::string url = url_of("<svg>text<script>x</script><!-- c --><?pi x?><path/></svg>");
  EXPECT_THAT(url, AllOf(HasSubstr("text"), HasSubstr("path"), Not(HasSubstr("script")),
                         Not(HasSubstr("--"))));
}

// ---------------------------------------------------------------- calendars

base::Result<Calendar> calendar(const std::string& lines) {
  base::Steps steps(kMostSteps);
  return read_calendar(lines, "", steps);
}
std::string events(int count) {
  std::string text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n";
  for (int i = 0; i < count; ++i) {
    text += "BEGIN:VEVENT\r\nUID:" + std::to_string(i) +
            "\r\nDTSTART:20261201T220000Z\r\nDTEND:20261202T000000Z\r\nEND:VEVENT\r\n";
  }
  return text + "END:VCALENDAR\r\n";
}

TEST(CalendarBounds, EventsAreCounted) {
  EXPECT_TRUE(calendar(events(1000)));
  const auto more = calendar(events(1001));
  ASSERT_FALSE(more);
  EXPECT_THAT(more.error().message, HasSubstr("expected at most 1000 events"));
}

TEST(CalendarBounds, AnEventIsNamedByWhatItHas) {
  const auto error = [](const std::string& name) {
    const auto read = calendar("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\n" + name +
                               "DTEND:20261202T000000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
    return read ? "none" : read.error().message;
  };
  EXPECT_THAT(error("UID:u-1\r\n"), HasSubstr("event u-1"));
  EXPECT_THAT(error("UID:u-1\r\nSUMMARY:Move\r\n"), HasSubstr("event \"Move\""));
  EXPECT_THAT(error(""), HasSubstr("event"));
}

TEST(CalendarBounds, WhatIsNoCalendarIsNone) {
  for (const char* text : {"", "nothing", "BEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT\r\n"}) {
    EXPECT_FALSE(calendar(text)) << text;
  }
  EXPECT_FALSE(calendar(std::string((1 << 20) + 1, 'x')));
}

// ---------------------------------------------------------------- the catalog

TEST(CatalogQuestions, WhetherThePathMakesADifference) {
  const auto loaded = load_text(
      "services: [ { name: a, hosts: [a.example] }, { name: b, hosts: [b.example], paths: [/x] }, "
      "{ name: c, hosts: [b.example], paths: [/] }, { name: d, hosts: ['*.w.example'], paths: [/x] "
      "} ]",
      "f", {});
  ASSERT_TRUE(loaded) << loaded.error().text();
  const Catalog& catalog = loaded->catalog;
  EXPECT_FALSE(catalog.has_parts("a.example"));
  EXPECT_TRUE(catalog.has_parts("b.example"));
  EXPECT_TRUE(catalog.has_parts("x.w.example"));
  EXPECT_FALSE(catalog.has_parts("unknown.example"));
  EXPECT_TRUE(catalog.is_named("a.example"));
  EXPECT_TRUE(catalog.is_named("A.EXAMPLE"));
  EXPECT_TRUE(catalog.is_named("x.w.example"));
  EXPECT_FALSE(catalog.is_named("unknown.example"));
  std::vector<std::size_t> visited;
  catalog.visit_host("b.example", [&](std::size_t index) { visited.push_back(index); });
  EXPECT_THAT(visited, AllOf(::testing::Contains(1U), ::testing::Contains(2U),
                             Not(::testing::Contains(0U))));
}

TEST(CatalogQuestions, ServicesOfEveryHostAreFoundUnderAnyHost) {
  const auto loaded =
      load_text("services: [ { name: a, paths: [/x] }, { name: b, hosts: [b.example] } ]", "f", {});
  ASSERT_TRUE(loaded) << loaded.error().text();
  const Catalog& catalog = loaded->catalog;
  EXPECT_TRUE(catalog.has_parts("anything.example"));
  std::vector<std::size_t> found;
  catalog.find_all("anything.example", "/X/y", [&](std::size_t index) { found.push_back(index); });
  EXPECT_THAT(found, ::testing::Contains(0U)) << "in any case";
}

}  // namespace
}  // namespace intermission::catalog
