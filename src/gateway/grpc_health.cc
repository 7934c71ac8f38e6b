#include "gateway/grpc_health.h"

#include "dialect/frame.h"
#include "dialect/protobuf.h"
#include "http/target.h"

namespace intermission::gateway {
namespace {

constexpr std::string_view kService = "/grpc.health.v1.Health/";
constexpr std::string_view kOwnName = "intermission";

constexpr std::uint64_t kServing = 1;
constexpr std::uint64_t kNotServing = 2;

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

void answer_health_call(HealthMethod method, std::string_view name, http::Response& response) {
  response.status = 200;
  response.fields += "Content-Type: application/grpc\r\nCache-Control: no-store\r\n";
  response.text = dialect::frame(
      0, method == HealthMethod::kList ? list_entry("") + list_entry(kOwnName) : status_of(name));
  response.body_from_text();
  response.trailers = method == HealthMethod::kWatch
                          ? "grpc-status: 14\r\ngrpc-message: the status may have changed\r\n"
                          : "grpc-status: 0\r\n";
}

void refuse_watch(http::Response& response) {
  response.text.clear();
  response.body_from_text();
  response.trailers.clear();
  response.fields += "grpc-status: 14\r\ngrpc-message: too many calls of Watch are open\r\n";
}

}  // namespace intermission::gateway
