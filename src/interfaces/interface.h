// What a service offers beside OpenAPI and SOAP, as its own documents say: the methods of Protocol
// Buffers services, the operations of a GraphQL schema, the operations of an AsyncAPI document.
//
//   auto orders = read_protobuf("protos/orders.proto");
//   (*orders)->calls                     // Get and Watch of orders.v1.Orders, with their lines
//   (*orders)->offers("orders.v1.Orders")
//
// How such calls are answered does not depend on these documents, for each protocol has one form of
// error for all of them. They tell people what `check` has covered, and the health service of gRPC
// which names it knows. Immutable once read; any thread.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "openapi/api_promise.h"

namespace intermission::interfaces {

/// Something that a client may call.
struct Call {
  std::string group;  // "orders.v1.Orders"; "query"; the address of a channel
  std::string name;   // "Get"
  std::string kind;   // "unary", "server streaming"; "query"; "send over wss"
  std::string file;   // as messages name it
  int line = 0;       // 0 where the document has no lines
};

struct Interface {
  std::string path;
  std::vector<Call> calls;  // in the documents' order
  /// Full names of services, sorted; of Protocol Buffers alone.
  std::vector<std::string> services;
  /// Operations of protocols that never come here, such as kafka, by protocol.
  std::vector<std::string> elsewhere;
  std::vector<openapi::Finding> findings;

  /// Whether a service of that full name is among them. Allocates nothing.
  bool offers(std::string_view service) const;
};

inline constexpr std::size_t kMaxInterfaceBytes = 16 * 1024 * 1024;  // of one document
inline constexpr std::size_t kMaxInterfaceFiles = 1000;
inline constexpr std::size_t kMaxCalls = 100'000;

using ReadInterface = base::Result<std::shared_ptr<const Interface>>;

/// A .proto file, a folder of them, or a FileDescriptorSet, as `protoc --descriptor_set_out` and
/// `buf build` write it: whatever does not end with ".proto". Imports are not followed, for the
/// types of messages do not matter here.
ReadInterface read_protobuf(const std::string& path);

/// A schema in the type system definition language (GraphQL, October 2021, §3), or a folder of
/// .graphql, .graphqls and .gql files that make up one.
ReadInterface read_graphql(const std::string& path);

/// An AsyncAPI document of version 2 or 3. References may lead below `root`, as
/// openapi::ApiFiles says.
ReadInterface read_asyncapi(const std::string& path, const std::string& root);

}  // namespace intermission::interfaces
