#include "dialect/path_text.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace intermission::dialect {
namespace {

std::string told(std::string_view path, std::size_t most = 100,
                 PathSyntax syntax = PathSyntax::kPlain) {
  std::string out;
  append_path(out, path, most, syntax);
  return out;
}

TEST(PathText, IsThePathAsItWasSent) {
  EXPECT_EQ(told("/"), "/");
  EXPECT_EQ(told("/orders/7;v=1/it's,a@b:c!$&()*+=~_.-"), "/orders/7;v=1/it's,a@b:c!$&()*+=~_.-");
  EXPECT_EQ(told("/caf%C3%A9/%2f"), "/caf%C3%A9/%2f");
  EXPECT_EQ(told("*"), "*");
}

TEST(PathText, EscapesWhatNoPathMayHold) {
  EXPECT_EQ(told("/\"<b>\\^`{|}[]#"), "/%22%3Cb%3E%5C%5E%60%7B%7C%7D%5B%5D%23");
  EXPECT_EQ(told("/caf\xC3\xA9\x01"), "/caf%C3%A9%01");
  EXPECT_EQ(told("/100%"), "/100%25");
  EXPECT_EQ(told("/%4"), "/%254");
  EXPECT_EQ(told("/%zz"), "/%25zz");
  EXPECT_EQ(told("/%4z"), "/%254z");
  EXPECT_EQ(told("/%z4"), "/%25z4");
  EXPECT_EQ(told("/a%"), "/a%25");
}

TEST(PathText, IsNeitherHostNorScheme) {
  EXPECT_EQ(told("//evil.example.com/a"), "/%2Fevil.example.com/a");
  EXPECT_EQ(told("orders.example.com:443"), "orders.example.com%3A443");
}

TEST(PathText, EscapesTheAmpersandInXml) {
  EXPECT_EQ(told("/a&b", 100, PathSyntax::kXml), "/a&amp;b");
  EXPECT_EQ(told("/a&b", 3, PathSyntax::kXml), "/a&amp;");
}

TEST(PathText, IsCutBetweenCharacters) {
  EXPECT_EQ(told("/orders", 0), "");
  EXPECT_EQ(told("/orders", 3), "/or");
  EXPECT_EQ(told("/a%C3%A9", 7), "/a%C3");
  EXPECT_EQ(told("/a%C3%A9", 8), "/a%C3%A9");
  EXPECT_EQ(told("/a<", 4), "/a");
}

// Every byte, at every length: what comes out is a valid relative reference and no longer than
// asked.
TEST(PathText, NeverHoldsMoreThanAReferenceMay) {
  for (int byte = 0; byte < 256; ++byte) {
    for (std::size_t most = 0; most < 8; ++most) {
      const std::string text = told("/" + std::string(3, static_cast<char>(byte)) + "x", most);
      EXPECT_LE(text.size(), most);
      for (const char c : text) {
        EXPECT_TRUE(base::is_alpha(c) || base::is_digit(c) ||
                    std::string_view("/-._~!$&'()*+,;=:@%").find(c) != std::string_view::npos)
            << byte;
      }
    }
  }
}

}  // namespace
}  // namespace intermission::dialect
