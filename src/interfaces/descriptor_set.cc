#include "interfaces/descriptor_set.h"

#include <cstdint>
#include <optional>

#include "base/utf8.h"

namespace intermission::interfaces {
namespace {

// Numbers of fields in descriptor.proto.
constexpr unsigned kFileOfSet = 1;
constexpr unsigned kNameOfFile = 1;
constexpr unsigned kPackageOfFile = 2;
constexpr unsigned kServiceOfFile = 6;
constexpr unsigned kNameOfService = 1;
constexpr unsigned kMethodOfService = 2;
constexpr unsigned kNameOfMethod = 1;
constexpr unsigned kClientStreaming = 5;
constexpr unsigned kServerStreaming = 6;

struct Field {
  unsigned number = 0;
  std::uint64_t integer = 0;  // of a varint
  bool has_length = false;
  std::string_view bytes;  // of what has a length
};

// The fields of one message (protobuf.dev/programming-guides/encoding).
class Fields {
 public:
  explicit Fields(std::string_view message) : rest_(message) {}

  /// The next field; nothing at the end, and where the bytes are no message.
  std::optional<Field> next() {
    if (rest_.empty()) return {};
    const auto tag = varint();
    if (!tag || *tag >> 3U == 0 || *tag >> 3U > 0x1FFFFFFFU) return fail();
    Field field;
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

  bool is_broken() const { return is_broken_; }

 private:
  std::optional<Field> fail() {
    is_broken_ = true;
    return {};
  }

  std::optional<std::uint64_t> varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= std::uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80) return value;
    }
    return {};
  }

  std::optional<std::string_view> take(std::uint64_t size) {
    if (size > rest_.size()) return {};
    const std::string_view taken = rest_.substr(0, static_cast<std::size_t>(size));
    rest_.remove_prefix(taken.size());
    return taken;
  }

  std::string_view rest_;
  bool is_broken_ = false;
};

bool is_text(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t size = base::utf8_size(bytes);
    if (size == 0) return false;
    bytes.remove_prefix(size);
  }
  return true;
}

bool read_method(std::string_view bytes, Method& method) {
  Fields fields(bytes);
  while (const auto field = fields.next()) {
    if (field->number == kNameOfMethod && field->has_length) method.name = field->bytes;
    if (field->number == kClientStreaming) method.client_streams = field->integer != 0;
    if (field->number == kServerStreaming) method.server_streams = field->integer != 0;
  }
  return !fields.is_broken() && !method.name.empty() && is_text(method.name);
}

bool read_service(std::string_view bytes, Service& service) {
  Fields fields(bytes);
  while (const auto field = fields.next()) {
    if (field->number == kNameOfService && field->has_length) service.name = field->bytes;
    if (field->number != kMethodOfService || !field->has_length) continue;
    if (!read_method(field->bytes, service.methods.emplace_back())) return false;
  }
  return !fields.is_broken() && !service.name.empty() && is_text(service.name);
}

bool read_file(std::string_view bytes, std::vector<Service>& services) {
  const std::size_t before = services.size();
  std::string_view name;
  std::string_view package;
  Fields fields(bytes);
  while (const auto field = fields.next()) {
    if (!field->has_length) continue;
    if (field->number == kNameOfFile) name = field->bytes;
    if (field->number == kPackageOfFile) package = field->bytes;
    if (field->number != kServiceOfFile) continue;
    if (!read_service(field->bytes, services.emplace_back())) return false;
  }
  for (std::size_t i = before; i < services.size() && !package.empty(); ++i) {
    services[i].name.insert(0, std::string(package) + '.');
  }
  return !fields.is_broken() && !name.empty() && is_text(package);
}

}  // namespace

base::Result<std::vector<Service>> read_descriptor_set(std::string_view bytes) {
  const base::Error problem{
      "expected a file whose name ends with .proto, or a descriptor set, as protoc "
      "--descriptor_set_out writes it"};
  std::vector<Service> services;
  Fields fields(bytes);
  while (const auto field = fields.next()) {
    const bool is_file = field->number == kFileOfSet && field->has_length;
    if (is_file && !read_file(field->bytes, services)) return problem;
  }
  if (fields.is_broken() || bytes.empty()) return problem;
  return services;
}

}  // namespace intermission::interfaces
