#include "interfaces/descriptor_set.h"

#include <cstdint>
#include <optional>

#include "base/protobuf_fields.h"
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

bool is_text(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t size = base::utf8_size(bytes);
    if (size == 0) return false;
    bytes.remove_prefix(size);
  }
  return true;
}

bool read_method(std::string_view bytes, Method& method) {
  base::ProtobufFields fields(bytes);
  while (const auto field = fields.next()) {
    if (field->number == kNameOfMethod && field->has_length) method.name = field->bytes;
    if (field->number == kClientStreaming) method.client_streams = field->integer != 0;
    if (field->number == kServerStreaming) method.server_streams = field->integer != 0;
  }
  return !fields.is_broken() && !method.name.empty() && is_text(method.name);
}

bool read_service(std::string_view bytes, Service& service) {
  base::ProtobufFields fields(bytes);
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
  base::ProtobufFields fields(bytes);
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
  base::ProtobufFields fields(bytes);
  while (const auto field = fields.next()) {
    const bool is_file = field->number == kFileOfSet && field->has_length;
    if (is_file && !read_file(field->bytes, services)) return problem;
  }
  if (fields.is_broken() || bytes.empty()) return problem;
  return services;
}

}  // namespace intermission::interfaces
