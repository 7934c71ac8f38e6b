// How texts are coded. That they are decoded to what they were, the cases show.
#include "snapshot/coding.h"

#include <gtest/gtest.h>

namespace intermission::snapshot {
namespace {

// RFC 7932 section 9.1: a stream begins with WBITS, and a window of 64 KiB is the bit 0. A larger
// one costs the encoder time, and a smaller one loses what repeats.
TEST(Coding, TheWindowOfBrotliIs64KiB) {
  const std::string text = encode(negotiate::Coding::kBrotli, std::string(1000, 'x'));
  ASSERT_FALSE(text.empty());
  EXPECT_EQ(static_cast<unsigned char>(text.front()) & 1U, 0U);
}

TEST(Coding, WhatRepeatsWithin64KiBIsCodedOnce) {
  std::string noise;
  for (unsigned state = 1; noise.size() < 30'000;) {
    state = state * 1'664'525U + 1'013'904'223U;
    noise += static_cast<char>(state >> 24U);
  }
  for (const auto coding :
       {negotiate::Coding::kGzip, negotiate::Coding::kBrotli, negotiate::Coding::kZstd}) {
    EXPECT_LT(encode(coding, noise + noise).size(), 31'000U);
    EXPECT_GT(encode(coding, noise).size(), 29'000U);
  }
  EXPECT_EQ(encode(negotiate::Coding::kIdentity, noise), noise);
}

}  // namespace
}  // namespace intermission::snapshot
