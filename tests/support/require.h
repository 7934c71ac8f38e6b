// What a fuzz target demands of the result: a demand that is not met says so and aborts, in
// every build type, so that libFuzzer prints the stack and keeps the input.
#pragma once

#include <cstdlib>
#include <iostream>
#include <string_view>

namespace intermission::testing {

inline void require(bool met, std::string_view demand) {
  if (met) return;
  std::cerr << "not met: " << demand << '\n';
  std::abort();
}

/// Whether `part` lies within `whole`; an empty part lies anywhere.
inline bool lies_within(std::string_view part, std::string_view whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

}  // namespace intermission::testing
