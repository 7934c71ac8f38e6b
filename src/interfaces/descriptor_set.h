// Services in a FileDescriptorSet (google/protobuf/descriptor.proto), as
// `protoc --descriptor_set_out` writes it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace intermission::interfaces {

struct Method {
  std::string name;
  bool client_streams = false;
  bool server_streams = false;
  int line = 0;
};

struct Service {
  std::string name;  // with its package: "orders.v1.Orders"
  std::vector<Method> methods;
  std::string file;
  int line = 0;
};

/// An Error where the bytes are none. Lines are not known.
base::Result<std::vector<Service>> read_descriptor_set(std::string_view bytes);

}  // namespace intermission::interfaces
