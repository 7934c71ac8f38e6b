// Bytes of a text as a number, for comparing and hashing several of them at a time.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

namespace intermission::base {

/// The sizeof(Number) bytes there, which must be readable, as they stand in memory: one load. The
/// compiler can make it, too.
template <typename Number>
constexpr std::uint64_t load(const char* text) {
  std::array<char, sizeof(Number)> bytes{};
  std::copy_n(text, bytes.size(), bytes.begin());
  return std::bit_cast<Number>(bytes);
}

}  // namespace intermission::base
