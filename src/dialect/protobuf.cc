#include "dialect/protobuf.h"

#include <optional>

namespace intermission::dialect {
namespace {

// Takes a varint of at most 64 bits off `rest`.
std::optional<std::uint64_t> take_varint(std::string_view& rest) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < rest.size() && i < base::kMostVarint; ++i) {
    const auto byte = static_cast<unsigned char>(rest[i]);
    value |= static_cast<std::uint64_t>(byte & 0x7FU) << 7 * i;
    if (byte < 0x80) {
      rest.remove_prefix(i + 1);
      return value;
    }
  }
  return {};
}

std::optional<std::string_view> take_bytes(std::string_view& rest, std::uint64_t size) {
  if (size > rest.size()) return {};
  const std::string_view bytes = rest.substr(0, size);
  rest.remove_prefix(size);
  return bytes;
}

// What stands behind the tag of a field of that wire type.
std::optional<std::string_view> take_content(std::string_view& rest, std::uint64_t wire_type) {
  switch (wire_type) {
    case 0: {
      const std::string_view before = rest;
      if (!take_varint(rest)) return {};
      return before.substr(0, before.size() - rest.size());
    }
    case 1:
      return take_bytes(rest, 8);
    case 2: {
      const auto size = take_varint(rest);
      return size ? take_bytes(rest, *size) : std::nullopt;
    }
    case 5:
      return take_bytes(rest, 4);
    default:
      return {};
  }
}

}  // namespace

std::string_view bytes_field(std::string_view message, unsigned number) {
  std::string_view found;
  while (!message.empty()) {
    const auto tag = take_varint(message);
    if (!tag) return {};
    const auto content = take_content(message, *tag & 7U);
    if (!content) return {};
    if (*tag == (number << 3U | 2U)) found = *content;
  }
  return found;
}

}  // namespace intermission::dialect
