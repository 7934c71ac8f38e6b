// How texts are coded. That they are decoded to what they were, the cases show.
#include "snapshot/coding.h"

#include <brotli/encode.h>
#include <gtest/gtest.h>
#include <zstd.h>

#include <string>

namespace intermission::snapshot {
namespace {

// RFC 7932 section 9.1: a stream begins with WBITS, and a window of 64 KiB is the bit 0. A larger
// one costs the encoder time, and a smaller one loses what repeats.
TEST(Coding, TheWindowOfBrotliIs64KiB) {
  const std::string text = encode(negotiate::Coding::kBrotli, std::string(1000, 'x'));
  ASSERT_FALSE(text.empty());
  EXPECT_EQ(static_cast<unsigned char>(text.front()) & 1U, 0U);
}

// The levels that were measured: a higher one costs more time than it saves bytes.
TEST(Coding, TheLevelsAreThoseThatWereChosen) {
  std::string text;
  for (unsigned state = 1; text.size() < 20'000;) {
    state = state * 1'664'525U + 1'013'904'223U;
    text += "<p class=\"" + std::to_string(state >> 24U) + "\">word" + std::to_string(state >> 27U);
  }
  const auto zstd = [&](int level) {
    std::string out(ZSTD_compressBound(text.size()), '\0');
    out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), level));
    return out;
  };
  EXPECT_EQ(encode(negotiate::Coding::kZstd, text), zstd(6));
  EXPECT_NE(zstd(6), zstd(7));
  const auto brotli = [&](int quality) {
    std::size_t size = BrotliEncoderMaxCompressedSize(text.size());
    std::string out(size, '\0');
    BrotliEncoderCompress(quality, 16, BROTLI_MODE_TEXT, text.size(),
                          reinterpret_cast<const std::uint8_t*>(text.data()), &size,
                          reinterpret_cast<std::uint8_t*>(out.data()));
    out.resize(size);
    return out;
  };
  EXPECT_EQ(encode(negotiate::Coding::kBrotli, text), brotli(5));
  EXPECT_NE(brotli(5), brotli(6));
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
