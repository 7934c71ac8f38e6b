#include "base/protobuf_fields.h"

#include <cstddef>

namespace intermission::base {

std::optional<ProtobufField> ProtobufFields::next() {
  if (rest_.empty()) return {};
  const auto tag = varint();
  if (!tag || *tag >> 3U == 0 || *tag >> 3U > 0x1FFFFFFFU) return fail();
  ProtobufField field;
  field.number = static_cast<unsigned>(*tag >> 3U);
  switch (*tag & 7U) {
    case 0: {
      const auto value = varint();
      if (!value) return fail();
      field.integer = *value;
      return field;
    }
    case 1:
      return take(8) ? std::optional(field) : fail();
    case 2: {
      const auto size = varint();
      const auto bytes = size ? take(*size) : std::nullopt;
      if (!bytes) return fail();
      field.has_length = true;
      field.bytes = *bytes;
      return field;
    }
    case 5:
      return take(4) ? std::optional(field) : fail();
    default:
      return fail();
  }
}

std::optional<ProtobufField> ProtobufFields::fail() {
  is_broken_ = true;
  return {};
}

std::optional<std::uint64_t> ProtobufFields::varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    value |= std::uint64_t{byte & 0x7FU} << shift;
    if (byte < 0x80) return value;
  }
  return {};
}

std::optional<std::string_view> ProtobufFields::take(std::uint64_t size) {
  if (size > rest_.size()) return {};
  const std::string_view taken = rest_.substr(0, static_cast<std::size_t>(size));
  rest_.remove_prefix(taken.size());
  return taken;
}

}  // namespace intermission::base
