#include "http/field_lines.h"

#include <gtest/gtest.h>

#include <string>

namespace intermission::http {
namespace {

TEST(FieldLines, AreOneTextOfLines) {
  FieldLines lines("A: b\r\n");
  lines.add("Name", "a value");
  lines.add("Empty", "");
  FieldLines more;
  more = "C: d\r\nE: f\r\n";
  lines += more;
  lines += "G: h\r\n";
  lines.add_prepared([](std::string& text) { text += "I: 7\r\n"; });
  EXPECT_EQ(lines.text(), "A: b\r\nName: a value\r\nEmpty: \r\nC: d\r\nE: f\r\nG: h\r\nI: 7\r\n");
}

TEST(FieldLines, AreReadOneByOne) {
  FieldLines lines("A: b:c\r\nD:\t e \r\nEmpty:\r\n");
  lines.add("Last", "x");
  std::string read;
  for (const auto& [name, value] : lines) read.append(name).append("=").append(value).append(";");
  EXPECT_EQ(read, "A=b:c;D=e;Empty=;Last=x;");
  EXPECT_EQ(FieldLines().begin(), FieldLines().end());
}

// Each byte that RFC 9110 §5.5 forbids in a value, and no other, becomes a space.
TEST(FieldLines, NoValueEndsItsLine) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text = std::string("a") + static_cast<char>(byte) + "b";
    const bool forbidden = (byte < 0x20 && byte != '\t') || byte == 0x7f;
    const char expected = forbidden ? ' ' : static_cast<char>(byte);
    FieldLines value;
    value.add("N", text);
    EXPECT_EQ(value.text(), std::string("N: a") + expected + "b\r\n") << byte;
    FieldLines name;
    name.add(text, "v");
    EXPECT_EQ(name.text(), std::string("a") + expected + "b: v\r\n") << byte;
    FieldLines member("N: a\r\n");
    member.add_member(text);
    EXPECT_EQ(member.text(), std::string("N: a, a") + expected + "b\r\n") << byte;
  }
  FieldLines lines;
  lines.add("Location", "/x\r\nSet-Cookie: a=b\r\n\r\n<script>");
  EXPECT_EQ(lines.text(), "Location: /x  Set-Cookie: a=b    <script>\r\n");
}

TEST(FieldLines, GrowTheListOfTheLastLine) {
  FieldLines lines;
  lines.add("Allow", "GET");
  lines.add("Vary", "Accept");
  lines.add_member("Cookie");
  EXPECT_EQ(lines.text(), "Allow: GET\r\nVary: Accept, Cookie\r\n");
}

TEST(FieldLines, AreFoundInAnyCase) {
  const FieldLines lines("Content-Encoding: gzip\r\nX-A: Vary\r\n");
  EXPECT_TRUE(lines.has("content-encoding"));
  EXPECT_FALSE(lines.has("Content"));
  EXPECT_FALSE(lines.has("Vary"));
}

TEST(FieldLines, NothingElseIsTakenForLines) {
  for (const std::string_view good : {"", "A: b\r\n", "A:\r\n", "A: b\tc\r\nD: :\r\n"}) {
    EXPECT_TRUE(are_field_lines(good)) << good;
  }
  for (const std::string_view bad :
       {"A", "A: b", "A: b\n", "A: b\r", "A: b\r\n\r\n", ": b\r\n", "A b: c\r\n", "A : b\r\n",
        "A\r\n", " A: b\r\n", "A: b\x7f\r\n", "A: b\r\nC"}) {
    EXPECT_FALSE(are_field_lines(bad)) << bad;
  }
}

}  // namespace
}  // namespace intermission::http
