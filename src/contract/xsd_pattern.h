// Regular expressions of XML Schema (1.0 part 2, appendix F) as a bounded automaton: does a
// text match, and which short text would.
//
//   const auto pattern = XsdPattern::parse("[A-Z]{3}-\\d+");
//   pattern->matches("ABC-7");         // true
//   pattern->shortest(0, 100);         // "AAA-0"
//
// Never backtracks: the cost of a match is states × characters. Categories and blocks of Unicode
// are read as their ASCII part, so that what matches here does so everywhere; the reverse may
// not hold for texts outside ASCII.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intermission::contract {

class XsdPattern {
 public:
  /// Nothing where the expression is malformed, or beyond the bounds below.
  static std::optional<XsdPattern> parse(std::string_view expression);

  /// The whole of `text`, which is UTF-8.
  bool matches(std::string_view text) const;

  /// A matching text with as few characters as can be, but at least `least`; nothing if there is
  /// none of at most `most` (and of at most kMaxSample) characters.
  std::optional<std::string> shortest(std::size_t least, std::size_t most) const;

  static constexpr std::size_t kMaxStates = 2000;
  static constexpr std::size_t kMaxDepth = 40;
  static constexpr std::size_t kMaxSample = 256;

  /// Ranges of code points, ascending, none overlap.
  using Set = std::vector<std::pair<char32_t, char32_t>>;

  struct State {
    int set = -1;   // the characters that lead to `next`; -1: `next` and `other` cost nothing
    int next = -1;  // -1: none
    int other = -1;
  };

 private:
  std::vector<Set> sets_;
  std::vector<State> states_;  // the last one accepts
  int start_ = 0;
};

}  // namespace intermission::contract
