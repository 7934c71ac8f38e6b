// Numbers in digits, at the end of a text.
#pragma once

#include <array>
#include <charconv>
#include <cstdint>
#include <string>

namespace intermission::base {

/// Allocates only if `out` has to grow.
inline void append_number(std::string& out, std::uint64_t number) {
  std::array<char, 20> digits;  // as many as 2^64 has
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

}  // namespace intermission::base
