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

}  // namespace
}  // namespace intermission::server
