#include "dialect/protobuf.h"

#include "base/protobuf_fields.h"

namespace intermission::dialect {

std::string_view bytes_field(std::string_view message, unsigned number) {
  std::string_view found;
  base::ProtobufFields fields(message);
  while (const auto field = fields.next()) {
    if (field->number == number && field->has_length) found = field->bytes;
  }
  return fields.is_broken() ? std::string_view() : found;
}

}  // namespace intermission::dialect
