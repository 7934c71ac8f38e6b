// The switch of scripts/mutate: one build holds all mistakes, and INTERMISSION_MUTANT says which
// one is made. What was reached is noted, so that a mistake runs only the tests that come by.
#pragma once

#include <cstddef>
#include <type_traits>

namespace mutate {

inline constexpr std::size_t kMost = std::size_t{1} << 20;

extern const std::size_t active;
extern unsigned char reached[kMost];  // written by threads at once, always with the same value

inline bool reach(std::size_t number) {
  reached[number] = 1;
  return number == active;
}

// What the compiler computes is never mistaken.
constexpr bool on(std::size_t number) {
  return !std::is_constant_evaluated() && reach(number);
}

// Counts as reached only where the mistake gives another result.
constexpr bool other(std::size_t number, bool right, bool wrong) {
  return right != wrong && on(number) ? wrong : right;
}

}  // namespace mutate
