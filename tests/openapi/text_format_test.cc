// The formats of strings, each against the grammar that it names: what a promised body holds is
// checked by them, and so is what clients' validators will let through.
#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>

#include "openapi/schema_check.h"

namespace intermission::openapi {
namespace {

void expect_all(std::string_view format, bool expected,
                std::initializer_list<std::string_view> texts) {
  for (const std::string_view text : texts) {
    EXPECT_EQ(has_format(text, format), expected) << format << ": " << text;
  }
}
void good(std::string_view format, std::initializer_list<std::string_view> texts) {
  expect_all(format, true, texts);
}
void bad(std::string_view format, std::initializer_list<std::string_view> texts) {
  expect_all(format, false, texts);
}

// RFC 3339 §5.6.
TEST(TextFormat, Dates) {
  good("date", {"2026-12-01", "1996-02-29", "2000-02-29", "2024-02-29", "2026-01-31", "0000-01-01",
                "9999-12-31"});
  bad("date", {"", "2026-12-1", "2026-13-01", "2026-00-01", "2026-01-00", "2026-01-32", "26-12-01",
               "2026/12/01", "2026-12-01 ", "2026-12-01T", "x026-12-01", "2026-1a-01"});
  bad("date", {"2026-02-29", "1900-02-29", "2026-02-30", "2026-04-31", "2026-06-31", "2026-09-31",
               "2026-11-31"});
}

TEST(TextFormat, Times) {
  good("time", {"00:00:00Z", "23:59:59Z", "23:59:60Z", "22:00:00z", "22:00:00.5Z",
                "22:00:00.123456789Z", "22:00:00+01:00", "22:00:00-00:00", "22:00:00.1-23:59"});
  bad("time", {"", "22:00:00", "22:00Z", "24:00:00Z", "22:60:00Z", "22:00:61Z", "22:00:00.Z",
               "22:00:00.", "22:00:00.5", "22:00:00,5Z", "22:00:00+01", "22:00:00+0100",
               "22:00:00+01:0", "22:00:00ZZ", "22:00:00 Z", "2:00:00Z"});
  good("time", {"00:59:60+01:00", "22:59:60-01:00", "15:59:60-08:00"});
  bad("time", {"22:59:60Z", "23:58:60Z", "23:59:60+01:00", "23:59:61Z"});
  bad("time", {"22:00:00+24:00", "22:00:00+23:60", "22:00:00-99:99"});
}

TEST(TextFormat, DatesWithTimes) {
  good("date-time",
       {"2026-12-01T22:00:00Z", "2026-12-01t22:00:00z", "2026-12-01T22:00:00.25+01:00"});
  bad("date-time",
      {"", "2026-12-01", "2026-12-01T", "2026-12-01 22:00:00Z", "2026-12-01T22:00:00",
       "2026-12-01x22:00:00Z", "2026-02-30T22:00:00Z", "2026-12-01T25:00:00Z", "22:00:00Z"});
}

// RFC 9562 §4, in both cases.
TEST(TextFormat, Uuids) {
  good("uuid", {"f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6",
                "00000000-0000-0000-0000-000000000000"});
  bad("uuid", {"", "f81d4fae-7dec-11d0-a765-00a0c91e6bf", "f81d4fae-7dec-11d0-a765-00a0c91e6bf67",
               "g81d4fae-7dec-11d0-a765-00a0c91e6bf6", "f81d4fae7dec-11d0-a765-00a0c91e6bf6-",
               "{f81d4fae-7dec-11d0-a765-00a0c91e6bf6}", "f81d4fae7dec11d0a76500a0c91e6bf6"});
}

// RFC 3986 §3.
TEST(TextFormat, Uris) {
  for (const char* format : {"uri", "url", "iri"}) {
    good(format, {"https://orders.example/a?b=c#d", "urn:x:y", "a+b-c.9:x", "mailto:a@b.example"});
    bad(format, {"", "/a", "orders", ":x", "1a:x", "+a:x", "https:", "a b:c", "a_b:c",
                 "https://a b", "https://a/<b>", "https://a/\"", "https://a/\\", "https://a/^`{|}",
                 "https://a/\n", "https://a/\x7f", "https://a/\x80"});
  }
  for (const char* format : {"uri-reference", "iri-reference"}) {
    good(format, {"", "/a", "orders", "?b", "#c", "//h/a", "https://a/"});
    bad(format, {"a b", "<a>", "a\\b", "{a}", "\t", "a|b"});
  }
}

// RFC 1123 §2.1: labels of letters, digits and hyphens, of at most 63 characters.
TEST(TextFormat, Hosts) {
  const std::string longest(63, 'a');
  for (const char* format : {"hostname", "idn-hostname"}) {
    good(format,
         {"a", "9a.example", "orders.example.com", "xn--bcher-kva.example", "a-b.c9", longest});
    bad(format, {"", "orders_example", "a b", "a/b", "a:80", ".a", "-a.example", "[::1]"});
    bad(format, {longest + "a", longest + "a.example", "a..b", "a-.example", "a.-b"});
    EXPECT_TRUE(
        has_format(longest + "." + longest + "." + longest + "." + longest.substr(2), format));
    EXPECT_FALSE(
        has_format(longest + "." + longest + "." + longest + "." + longest.substr(1), format))
        << "of 254 characters";
  }
}

TEST(TextFormat, EmailAddresses) {
  for (const char* format : {"email", "idn-email"}) {
    good(format, {"a@b.example", "anna.o'neil+x@orders.example"});
    bad(format, {"", "a", "@b.example", "a@", "a@b_c", "a b@c.example", "<a@b.example>",
                 "a@@b.example", "a@b.example\n"});
  }
}

TEST(TextFormat, AddressesOfVersion4) {
  good("ipv4", {"0.0.0.0", "192.0.2.7", "255.255.255.255"});
  bad("ipv4", {"", "192.0.2", "192.0.2.7.1", "192.0.2.256", "192.0.2.", ".0.2.7", "192.0..7",
               "192.0.2.x", "192.0.2.-1", "192.0.2.7 ", "1.2.3.4/8", "0x1.2.3.4"});
  bad("ipv4", {"192.0.2.07", "01.2.3.4", "192.0.2.000"});
}

// RFC 4291 §2.2.
TEST(TextFormat, AddressesOfVersion6) {
  good("ipv6", {"::", "::1", "2001:db8::7", "2001:DB8:0:0:0:0:0:7", "::ffff:192.0.2.1"});
  bad("ipv6", {"", "192.0.2.1", "1", ":::", "2001:db8::7::1", "2001:db8::g", "[::1]", "::1/64",
               "1:2:3:4:5:6:7:8:9", "fe80::1%eth0"});
}

// RFC 4648 §4: padding stands at the end only.
TEST(TextFormat, Base64) {
  for (const char* format : {"byte", "base64"}) {
    good(format, {"", "QUJD", "QUI=", "QQ==", "+/+/"});
    bad(format, {"Q", "QQ", "QQQ", "QQ=", "QU_-", "Q U=", "QQ==\n"});
    bad(format, {"====", "Q===", "=QQQ", "Q=Q=", "QQ=Q", "QQ==QQ=="});
  }
}

// RFC 3339 appendix A.
TEST(TextFormat, Durations) {
  good("duration", {"PT0S", "P1Y", "P1Y2M3D", "P3DT4H", "PT4H5M6S", "P2W", "PT36H", "P10DT1S"});
  bad("duration", {"", "P", "PT", "1D", "P1", "P1S", "PT1D", "P1DT", "P1D2M", "P1W1D", "P-1D",
                   "P1.5D", "p1d", "P1D ", "PD"});
}

TEST(TextFormat, OthersSayNothing) {
  for (const char* format : {"", "password", "binary", "Date", "x-own"}) {
    EXPECT_TRUE(has_format("anything at all", format)) << format;
  }
}

TEST(CountCharacters, CountsCodePointsNotBytes) {
  EXPECT_EQ(count_characters(""), 0U);
  EXPECT_EQ(count_characters("abc"), 3U);
  EXPECT_EQ(count_characters("z\xC3\xBC\xE2\x82\xAC\xF0\x9F\x98\x80"), 4U);
  EXPECT_EQ(count_characters("\xFF\xC3"), 2U) << "what is no character counts byte by byte";
}

TEST(TextFormat, AtTheirEdges) {
  good("date", {"2026-01-01", "2026-10-10", "2026-12-31"});
  good("time", {"23:59:59.9Z", "00:00:00+23:59", "00:00:00-23:59"});
  good("time", {"00:29:60+00:30", "23:29:60-00:30", "01:29:60+01:30"});
  bad("time", {"23:29:60+00:30", "00:29:60-00:30"});
  good("uri", {"a:b", "z:x", "A:x", "Z:x"});
  bad("uri", {":", ":b", "a:", "1:b"});
  bad("duration", {"PT1SX", "PT1S1", "P1YX", "P1WX"});
  good("byte", {"AZaz", "09+/"});
  bad("byte", {"A.=="});
  EXPECT_FALSE(has_format(std::string_view("::\0", 3), "ipv6")) << "all of the text counts";
  EXPECT_FALSE(has_format(std::string_view("::1\0x", 5), "ipv6"));
}

TEST(TextFormat, AFractionOfASecondIsOfDigits) {
  EXPECT_TRUE(has_format("12:00:00.5Z", "time"));
  for (const char* text : {"12:00:00.Z", "12:00:00.a5Z", "12:00:00.5aZ", "12:00:00.5"}) {
    EXPECT_FALSE(has_format(text, "time")) << text;
  }
}

}  // namespace
}  // namespace intermission::openapi
