// The fields of a message of Protocol Buffers, one after the other
// (protobuf.dev/programming-guides/encoding). Types are not known: a string, bytes and a message
// all have a length.
//
//   ProtobufFields fields(message);
//   while (const auto field = fields.next()) ...
//   if (fields.is_broken()) ...
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace intermission::base {

struct ProtobufField {
  unsigned number = 0;
  std::uint64_t integer = 0;  // of a varint
  bool has_length = false;
  std::string_view bytes;  // of what has a length; into the message
};

/// Allocates nothing. Groups, which are deprecated, are taken for no message.
class ProtobufFields {
 public:
  explicit ProtobufFields(std::string_view message) : rest_(message) {}

  /// The next field; nothing at the end, and where the bytes are no message.
  std::optional<ProtobufField> next();
  bool is_broken() const { return is_broken_; }

 private:
  std::optional<ProtobufField> fail();
  std::optional<std::uint64_t> varint();
  std::optional<std::string_view> take(std::uint64_t size);

  std::string_view rest_;
  bool is_broken_ = false;
};

}  // namespace intermission::base
