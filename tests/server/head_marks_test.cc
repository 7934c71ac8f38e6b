#include "server/head_marks.h"

#include <gtest/gtest.h>

#include <string>

namespace intermission::server {
namespace {

TEST(HeadMarks, FindEveryControlCharacterAtEveryPlace) {
  for (std::size_t at = 0; at < kHeadBlock; ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string block(kHeadBlock, 'x');
      block[at] = static_cast<char>(byte);
      const bool control = (byte < 0x20 && byte != '\t') || byte == 0x7f;
      const std::uint64_t expected = std::uint64_t{control} << at;
      EXPECT_EQ(find_controls(block.data()), expected) << at << ' ' << byte;
      EXPECT_EQ(find_controls_bytewise(block.data()), expected) << at << ' ' << byte;
    }
  }
}

TEST(HeadMarks, FindEveryMark) {
  std::string block;
  while (block.size() < kHeadBlock) block += "\r\n\tx\x7f\xff~ ";
  EXPECT_EQ(find_controls(block.data()), 0x1313'1313'1313'1313U);
  EXPECT_EQ(find_controls_bytewise(block.data()), 0x1313'1313'1313'1313U);
}

TEST(HeadMarks, FindTheFirstColonOfALine) {
  for (std::size_t size = 0; size < 40; ++size) {
    const std::string line(size, 'x');
    EXPECT_EQ(find_colon(line), std::string_view::npos);
    for (std::size_t at = 0; at < size; ++at) {
      std::string named = line;
      named[at] = named.back() = ':';
      EXPECT_EQ(find_colon(named), at) << size;
    }
  }
}

TEST(HeadMarks, APlainNameIsOfLettersDigitsAndHyphens) {
  const std::string name = "abcxyzABCXYZ0189-abcxyzABCXYZ0189";
  for (std::size_t size = 0; size <= name.size(); ++size) {
    for (const std::string_view value : {"", "a value of many characters"}) {
      const std::string line = name.substr(0, size) + ": " + std::string(value);
      const bool is_quick = size > 0 && size <= 32 && line.size() >= 16;
      EXPECT_EQ(starts_with_plain_name(line, size), is_quick) << size;
    }
  }
}

TEST(HeadMarks, NoOtherCharacterIsPlainAtAnyPlace) {
  for (std::size_t size = 1; size <= 32; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string line = std::string(size, 'x') + ": a value of many characters";
        line[at] = static_cast<char>(byte);
        const bool is_plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                              (byte >= '0' && byte <= '9') || byte == '-';
        ASSERT_EQ(starts_with_plain_name(line, size), is_plain) << size << ' ' << at << ' ' << byte;
      }
    }
  }
}

}  // namespace
}  // namespace intermission::server
