// Writing Protocol Buffers (protobuf.dev/programming-guides/encoding), as far as the errors of a
// few protocols need it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace intermission::dialect {

/// Seven bits a byte, the lowest first.
inline std::string varint(std::uint64_t value) {
  std::string out;
  for (; value > 0x7FU; value >>= 7U) out += static_cast<char>((value & 0x7FU) | 0x80U);
  return out += static_cast<char>(value);
}

/// A field of text, bytes or a message: its tag, its length and its content. `number` is below 16.
inline std::string length_delimited(unsigned number, std::string_view content) {
  return varint(number << 3U | 2U) + varint(content.size()) + std::string(content);
}

/// A field of an integer; `number` as above.
inline std::string integer(unsigned number, std::uint64_t value) {
  return varint(number << 3U) + varint(value);
}

}  // namespace intermission::dialect
