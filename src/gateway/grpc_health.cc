#include "gateway/grpc_health.h"

#include "dialect/frame.h"
#include "dialect/protobuf.h"
#include "http/target.h"
#include "interfaces/interface.h"

namespace intermission::gateway {
namespace {

constexpr std::string_view kService = "/grpc.health.v1.Health/";
constexpr std::string_view kOwnName = "intermission";

constexpr std::uint64_t kServing = 1;
constexpr std::uint64_t kNotServing = 2;
constexpr std::uint64_t kUnknown = 3;  // SERVICE_UNKNOWN, of Watch alone

constexpr std::size_t kFrameHead = 5;

// HealthCheckResponse { ServingStatus status = 1; }
std::string status_of(std::string_view name) {
  return dialect::integer(1, is_own_name(name) ? kServing : kNotServing);
}

// HealthListResponse { map<string, HealthCheckResponse> statuses = 1; }
std::string list_entry(std::string_view name) {
  return dialect::length_delimited(
      1, dialect::length_delimited(1, name) + dialect::length_delimited(2, status_of(name)));
}

std::string list_of(const catalog::Service& service) {
  std::string out = list_entry("") + list_entry(kOwnName);
  if (service.protobuf.read == nullptr) return out;
  for (const std::string& name : service.protobuf.read->services) out += list_entry(name);
  return out;
}

// Whether its document says that the service offers nothing of that name. The empty one is the
// server as a whole.
bool is_unknown_to(const catalog::Service& service, std::string_view name) {
  return service.protobuf.read != nullptr && !name.empty() && !is_own_name(name) &&
         !service.protobuf.read->offers(name);
}

}  // namespace

std::optional<HealthMethod> health_method(const http::Request& request) {
  if (request.version() != 20 || request.method() != "POST" ||
      !request.path().starts_with(kService) ||
      !request.value(http::Field::kContentType).starts_with("application/grpc")) {
    return {};
  }
  const std::string_view method = request.path().substr(kService.size());
  if (method == "Check") return HealthMethod::kCheck;
  if (method == "Watch") return HealthMethod::kWatch;
  if (method == "List") return HealthMethod::kList;
  return {};
}

// The message stands in its frame (gRPC over HTTP/2, Requests).
std::string_view checked_name(const http::Request& request) {
  const std::string_view body = request.body();
  if (body.size() < kFrameHead || body.front() != 0) return {};
  return dialect::bytes_field(body.substr(kFrameHead), 1);
}

bool is_own_name(std::string_view name) {
  return name == kOwnName;
}

std::string path_of_calls(std::string_view name) {
  if (name.empty()) return "/";
  return std::string("/").append(name).append("/");
}

void answer_health_call(HealthMethod method, std::string_view name, const catalog::Service& service,
                        http::Response& response) {
  const bool is_unknown = method != HealthMethod::kList && is_unknown_to(service, name);
  response.status = 200;
  response.fields += "Content-Type: application/grpc\r\nCache-Control: no-store\r\n";
  if (is_unknown && method == HealthMethod::kCheck) {
    response.fields += "grpc-status: 5\r\ngrpc-message: unknown service\r\n";
    return;
  }
  response.body.own() = dialect::frame(0, method == HealthMethod::kList ? list_of(service)
                                          : is_unknown ? dialect::integer(1, kUnknown)
                                                       : status_of(name));
  if (method == HealthMethod::kWatch) {
    response.trailers = "grpc-status: 14\r\ngrpc-message: the status may have changed\r\n";
  } else {
    response.trailers = "grpc-status: 0\r\n";
  }
}

void refuse_watch(http::Response& response) {
  response.body.own().clear();
  response.trailers.clear();
  response.fields += "grpc-status: 14\r\ngrpc-message: too many calls of Watch are open\r\n";
}

}  // namespace intermission::gateway
