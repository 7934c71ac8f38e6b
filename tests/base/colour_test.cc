#include "base/colour.h"

#include <gtest/gtest.h>

namespace intermission::base {
namespace {

double of(const char* one, const char* other) {
  return contrast(Colour::parse(one).value(), Colour::parse(other).value());
}

TEST(Colours, AreSixDigitsAfterAHash) {
  const auto colour = Colour::parse("#0a80Ff");
  ASSERT_TRUE(colour);
  EXPECT_EQ(colour->red, 0x0a);
  EXPECT_EQ(colour->green, 0x80);
  EXPECT_EQ(colour->blue, 0xff);
  for (const char* wrong : {"", "#", "0a80ff", "00a80ff", "#0a80f", "#0a80fff", "#0a80fg",
                            "#-a80ff", "#+a80ff", "#0x80ff", "red", "#fff", " #0a80ff"}) {
    EXPECT_FALSE(Colour::parse(wrong)) << wrong;
  }
}

// The figures of WCAG 2.2, and of pairs that everybody quotes.
TEST(Colours, ContrastAsWcagDefinesIt) {
  EXPECT_NEAR(of("#ffffff", "#000000"), 21.0, 1e-9);
  EXPECT_NEAR(of("#000000", "#ffffff"), 21.0, 1e-9) << "in any order";
  EXPECT_NEAR(of("#777777", "#777777"), 1.0, 1e-9);
  EXPECT_NEAR(of("#ffffff", "#767676"), 4.54, 0.005) << "the lightest grey that text may have";
  EXPECT_NEAR(of("#ffffff", "#777777"), 4.48, 0.005);
  EXPECT_NEAR(of("#ffffff", "#ff0000"), 4.00, 0.005);
  EXPECT_NEAR(of("#ffffff", "#00ff00"), 1.37, 0.005);
  EXPECT_NEAR(of("#ffffff", "#0000ff"), 8.59, 0.005);
  EXPECT_NEAR(of("#000000", "#0a0a0a"), 1.06, 0.005) << "below the knee of the curve";
}

TEST(Colours, TextIsBlackOrWhiteByWhatIsEasierToRead) {
  EXPECT_EQ(readable_on(*Colour::parse("#ffffff")), "#000");
  EXPECT_EQ(readable_on(*Colour::parse("#ffff00")), "#000");
  EXPECT_EQ(readable_on(*Colour::parse("#000000")), "#fff");
  EXPECT_EQ(readable_on(*Colour::parse("#0000ff")), "#fff");
  EXPECT_EQ(readable_on(*Colour::parse("#757575")), "#fff");
  EXPECT_EQ(readable_on(*Colour::parse("#767676")), "#000");
}

}  // namespace
}  // namespace intermission::base
