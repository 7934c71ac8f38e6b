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

}  // namespace
}  // namespace intermission::base
