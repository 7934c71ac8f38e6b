// The few targets that are the gateway's own, whatever service a request belongs to:
//
//   /.well-known/intermission/health   200: the gateway itself is well
//   /.well-known/intermission/notice   200, JSON: the state of the request's service
//   /grpc.health.v1.Health/...         gRPC, by HTTP/2: see grpc_health.h
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

/// `seconds` is only said while the service is in maintenance.
void answer_notice(const snapshot::Service& service, const page::Notice& notice,
                   const gate::Verdict& verdict, std::uint32_t seconds, http::Response& response);

}  // namespace intermission::gateway
