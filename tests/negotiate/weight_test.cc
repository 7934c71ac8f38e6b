#include "negotiate/weight.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "negotiate/negotiate.h"

namespace intermission::negotiate {
namespace {

TEST(Weight, EveryThousandth) {
  for (int weight = 0; weight < kMaxWeight; ++weight) {
    const std::string digits = std::to_string(1000 + weight).substr(1);
    EXPECT_EQ(parse_weight("0." + digits), weight);
    const std::string short_form = "0." + digits.substr(0, digits.find_last_not_of('0') + 1);
    EXPECT_EQ(parse_weight(short_form), weight) << short_form;
  }
  for (const char* one : {"1", "1.", "1.0", "1.00", "1.000"}) {
    EXPECT_EQ(parse_weight(one), kMaxWeight) << one;
  }
  for (const char* none : {"0", "0."}) EXPECT_EQ(parse_weight(none), 0) << none;
}

TEST(Weight, AnEmptyOneIsMalformedWhateverFollowsIt) {
  EXPECT_EQ(parse_weight(std::string_view("1, text/html").substr(0, 0)), kMalformedWeight);
}

// Every text of up to six characters of a small alphabet is either of the shape that the
// grammar describes, spelled out here as a pattern, or counts as the least.
TEST(Weight, EveryShortText) {
  const std::string alphabet = "01.9 ";
  const auto is_weight = [](const std::string& text) {
    if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return false;
    if (text.size() > 1 && text[1] != '.') return false;
    const auto allowed = text[0] == '0' ? "0123456789" : "0";
    return text.size() <= 2 || text.find_first_not_of(allowed, 2) == std::string::npos;
  };
  std::string text;
  const auto visit = [&](const auto& self) -> void {
    const int expected =
        is_weight(text) ? static_cast<int>(std::stod(text) * 1000 + 0.5) : kMalformedWeight;
    EXPECT_EQ(parse_weight(text), expected) << '"' << text << '"';
    if (text.size() == 6) return;
    for (const char c : alphabet) {
      text.push_back(c);
      self(self);
      text.pop_back();
    }
  };
  visit(visit);
}

}  // namespace
}  // namespace intermission::negotiate
