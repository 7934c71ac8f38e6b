// The few targets that are the gateway's own, whatever service a request belongs to:
//
//   /.well-known/intermission/health   200: the gateway itself is well
//   /.well-known/intermission/notice   200, JSON: the state of the request's service
//   /grpc.health.v1.Health/Check       gRPC, by HTTP/2: SERVING for the name "intermission", which
//   is
//                                      the gateway itself; NOT_SERVING for every other, for a
//                                      stand-in is asked while the service does not answer
//   *                                  200, no body: OPTIONS * asks about the server (RFC 9110
//                                      §9.3.7)
#pragma once

#include <cstdint>
#include <string_view>

#include "gate/gate.h"
#include "http/request.h"
#include "http/response.h"
#include "snapshot/snapshot.h"

namespace intermission::gateway {

enum class Reserved : std::uint8_t { kNone, kHealth, kNotice, kGrpcHealth, kServer };

Reserved reserved_target(const http::Request& request);

void answer_health(http::Response& response);
void answer_server(http::Response& response);
/// `message` is the body of the call: a HealthCheckRequest in its frame (gRPC over HTTP/2,
/// Requests; grpc.health.v1).
void answer_grpc_health(std::string_view message, http::Response& response);

/// `seconds` is only said while the service is in maintenance.
void answer_notice(const snapshot::Service& service, const page::Notice& notice,
                   const gate::Verdict& verdict, std::uint32_t seconds, http::Response& response);

}  // namespace intermission::gateway
