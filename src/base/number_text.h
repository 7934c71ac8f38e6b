// Numbers at the end of a text: in digits, and as the varints of Protocol Buffers
// (protobuf.dev/programming-guides/encoding).
#pragma once

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>

namespace intermission::base {

/// Allocates only if `out` has to grow.
inline void append_number(std::string& out, std::uint64_t number) {
  std::array<char, 20> digits;  // as many as 2^64 has
  const char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
}

inline constexpr std::size_t kMostVarint = 10;

/// Seven bits a byte, the lowest first. `to` has place for kMostVarint; returns how many are used.
inline std::size_t write_varint(char* to, std::uint64_t number) {
  std::size_t size = 0;
  for (; number > 0x7FU; number >>= 7U) to[size++] = static_cast<char>((number & 0x7FU) | 0x80U);
  to[size++] = static_cast<char>(number);
  return size;
}

/// Allocates only if `out` has to grow.
inline void append_varint(std::string& out, std::uint64_t number) {
  std::array<char, kMostVarint> bytes;
  out.append(bytes.data(), write_varint(bytes.data(), number));
}

}  // namespace intermission::base
