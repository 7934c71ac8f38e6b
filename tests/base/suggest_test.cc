#include "base/suggest.h"

#include <gtest/gtest.h>

#include <array>

namespace intermission::base {
namespace {

TEST(NearestWord, OneSlipOfTheHand) {
  static constexpr std::array<std::string_view, 5> kKnown = {"hosts", "paths", "maintenance",
                                                             "message", "on"};
  EXPECT_EQ(nearest_word("host", kKnown), "hosts");    // removed
  EXPECT_EQ(nearest_word("hostss", kKnown), "hosts");  // inserted
  EXPECT_EQ(nearest_word("pahts", kKnown), "paths");   // swapped
  EXPECT_EQ(nearest_word("Hosts", kKnown), "hosts");   // case
  EXPECT_EQ(nearest_word("maintainance", kKnown), "maintenance");
  EXPECT_EQ(nearest_word("onn", kKnown), "on");
  EXPECT_EQ(nearest_word("banana", kKnown), "");
  EXPECT_EQ(nearest_word("", kKnown), "");
  EXPECT_EQ(nearest_word("xyz", kKnown), "");
  EXPECT_EQ(nearest_word(std::string(1000, 'h'), kKnown), "");
  EXPECT_EQ(nearest_word("host", {}), "");
}

// What is longer is no word that a person types, and to compare it costs its length squared.
TEST(NearestWord, WordsAreOfAtMost64Letters) {
  const std::string longest(64, 'h');
  const std::string longer(65, 'h');
  const std::array<std::string_view, 2> known = {longer, longest};
  EXPECT_EQ(nearest_word(longest.substr(1), known), longest) << "the longer one is passed over";
  EXPECT_EQ(nearest_word(longest, known), longest);
  EXPECT_EQ(nearest_word(longer, known), "");
}

TEST(NearestWord, AThirdOfTheLettersMayChangeAndAtMostThree) {
  const std::array<std::string_view, 1> known = {"abcdefghijkl"};
  EXPECT_EQ(nearest_word("abcdefghixyz", known), "abcdefghijkl");
  EXPECT_EQ(nearest_word("abcdefghwxyz", known), "");
  const std::array<std::string_view, 1> six = {"abcdef"};
  EXPECT_EQ(nearest_word("abcdxy", six), "abcdef");
  EXPECT_EQ(nearest_word("abcxyz", six), "");
  const std::array<std::string_view, 2> half_swapped = {"ca", "bc"};
  EXPECT_EQ(nearest_word("ab", half_swapped), "") << "two letters have changed";
  const std::array<std::string_view, 2> equally_near = {"first", "fires"};
  EXPECT_EQ(nearest_word("fires", equally_near), "fires");
  EXPECT_EQ(nearest_word("firex", equally_near), "fires");
  EXPECT_EQ(nearest_word("firs", equally_near), "first") << "the first of several";
}

}  // namespace
}  // namespace intermission::base
