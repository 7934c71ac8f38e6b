// Protocol Buffers (protobuf.dev/programming-guides/encoding), as far as the errors of a
// few protocols need it. Contents may hold the marks of Slotted: then what is made does as well,
// and its lengths are written when an answer is sent.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/number_text.h"
#include "dialect/slotted.h"

namespace intermission::dialect {

/// The content of the last field of that number that is text, bytes or a message; empty where
/// `message` has none, or is none. A view into it.
std::string_view bytes_field(std::string_view message, unsigned number);

/// A field of text, bytes or a message: its tag, its length and its content. `number` is below 16.
inline std::string length_delimited(unsigned number, std::string_view content) {
  std::string out;
  base::append_varint(out, number << 3U | 2U);
  return out += section(Section::kVarintLength, content);
}

/// A field of an integer; `number` as above.
inline std::string integer(unsigned number, std::uint64_t value) {
  std::string out;
  base::append_varint(out, number << 3U);
  base::append_varint(out, value);
  return out;
}

/// The same of the seconds to wait.
inline std::string wait_integer(unsigned number, const page::Notice& notice) {
  std::string out;
  base::append_varint(out, number << 3U);
  return out += wait_varint(notice);
}

}  // namespace intermission::dialect
