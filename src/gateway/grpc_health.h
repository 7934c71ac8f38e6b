// Health checks as gRPC clients and Kubernetes make them: grpc.health.v1
// (github.com/grpc/grpc-proto), by HTTP/2.
//
//   Check   the status
//   Watch   the status at once; the call ends when it may have changed, see health_watch.h
//   List    the status of "" and of the gateway's own name, and of the services in `protobuf`
//
// The name "intermission" is the gateway itself: SERVING. Every other name is that of a service
// that it answers for: NOT_SERVING, also while that service is not in maintenance, for a stand-in
// serves no calls. So no status that only the gateway knows keeps a client away from the service.
// Where the service's `protobuf` says what it offers, other names are NOT_FOUND, and
// SERVICE_UNKNOWN to Watch.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "catalog/service.h"
#include "http/request.h"
#include "http/response.h"

namespace intermission::gateway {

enum class HealthMethod : std::uint8_t { kCheck, kWatch, kList };

/// Nothing where the request calls something else. By HTTP/1.1 there are no trailers, so no answer
/// but an error.
std::optional<HealthMethod> health_method(const http::Request& request);

/// HealthCheckRequest.service of the request's body; empty where it cannot be read. A view into it.
std::string_view checked_name(const http::Request& request);

/// Whether that is the gateway itself.
bool is_own_name(std::string_view name);

/// Where calls of a service of that name go: "/orders.Orders/".
std::string path_of_calls(std::string_view name);

/// What Check answers, Watch says first, or List. `service` is the one that the name belongs to, at
/// List the host's.
void answer_health_call(HealthMethod method, std::string_view name, const catalog::Service& service,
                        http::Response& response);

/// Makes the answer to Watch one without a status, which clients take for unhealthy as well.
void refuse_watch(http::Response& response);

}  // namespace intermission::gateway
