#include "base/base64.h"

#include <gtest/gtest.h>

namespace intermission::base {
namespace {

// RFC 4648 §10.
TEST(Base64, KnowsTheVectorsOfTheStandard) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("foob"), "Zm9vYg==");
  EXPECT_EQ(base64("fooba"), "Zm9vYmE=");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
}

TEST(Base64, UsesBothSigns) {
  EXPECT_EQ(base64("\xFB\xFF"), "+/8=");
}

TEST(Base64, MayGoWithoutPadding) {
  EXPECT_EQ(base64("f", false), "Zg");
  EXPECT_EQ(base64("foo", false), "Zm9v");
}

TEST(Base64, EncodesTheEndOfATextInPlace) {
  const std::string all = "foobar";
  for (std::size_t from = 0; from <= all.size(); ++from) {
    for (const bool padded : {true, false}) {
      std::string text = all;
      encode_base64(text, from, padded);
      EXPECT_EQ(text, all.substr(0, from) + base64(all.substr(from), padded)) << from;
    }
  }
  std::string equals = "=";
  encode_base64(equals, 1, false);
  EXPECT_EQ(equals, "=") << "what stands before is left alone";
}

TEST(Base64, KnowsWhatEachCharacterStandsFor) {
  std::uint32_t values = 0;
  for (int c = 0; c < 256; ++c) {
    const auto value = base64_value(static_cast<char>(c));
    if (!value) continue;
    ++values;
    // The first six bits of three bytes.
    const std::string bytes = {static_cast<char>(*value << 2U), '\0', '\0'};
    EXPECT_EQ(base64(bytes)[0], static_cast<char>(c));
  }
  EXPECT_EQ(values, 64U);
  EXPECT_FALSE(base64_value('='));
}

}  // namespace
}  // namespace intermission::base
