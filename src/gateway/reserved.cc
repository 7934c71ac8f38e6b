#include "gateway/reserved.h"

#include "dialect/frame.h"
#include "dialect/json.h"
#include "dialect/protobuf.h"
#include "http/target.h"

namespace intermission::gateway {
namespace {

constexpr std::string_view kPrefix = "/.well-known/intermission/";
constexpr std::string_view kGrpcHealthPath = "/grpc.health.v1.Health/Check";
constexpr std::string_view kOwnName = "intermission";

// By HTTP/1.1 there are no trailers, so no answer but an error.
bool asks_grpc_health(const http::Request& request) {
  return request.path() == kGrpcHealthPath && request.method() == "POST" &&
         request.version() == 20 &&
         request.value(http::Field::kContentType).starts_with("application/grpc");
}

}  // namespace

Reserved reserved_target(const http::Request& request) {
  if (request.target() == "*" && request.method() == "OPTIONS") return Reserved::kServer;
  if (asks_grpc_health(request)) return Reserved::kGrpcHealth;
  const auto name = http::behind_prefix(request.path(), kPrefix);
  if (!name) return Reserved::kNone;
  const auto is = [&](std::string_view known) {
    const auto behind = http::behind_prefix(*name, known);
    return behind && behind->empty();
  };
  if (is("health")) return Reserved::kHealth;
  if (is("notice")) return Reserved::kNotice;
  return Reserved::kNone;
}

void answer_health(http::Response& response) {
  response.status = 200;
  response.fields +=
      "Content-Type: text/plain; charset=utf-8\r\nCache-Control: no-store\r\n"
      "X-Content-Type-Options: nosniff\r\n";
  response.body = "ok\n";
}

void answer_server(http::Response& response) {
  response.status = 200;
  response.fields += "Cache-Control: no-store\r\n";
}

void answer_grpc_health(std::string_view message, http::Response& response) {
  constexpr unsigned kService = 1;  // HealthCheckRequest.service
  constexpr unsigned kStatus = 1;   // HealthCheckResponse.status
  constexpr int kServing = 1;
  constexpr int kNotServing = 2;
  const bool is_own = message == dialect::frame(0, dialect::length_delimited(kService, kOwnName));
  response.status = 200;
  response.fields += "Content-Type: application/grpc\r\nCache-Control: no-store\r\n";
  response.text = dialect::frame(0, dialect::integer(kStatus, is_own ? kServing : kNotServing));
  response.body_from_text();
  response.trailers = "grpc-status: 0\r\n";
}

void answer_notice(const snapshot::Service& service, const page::Notice& notice,
                   const gate::Verdict& verdict, std::uint32_t seconds, http::Response& response) {
  dialect::JsonObject object;
  object.text("service", service.configured->name)
      .text("title", service.configured->title)
      .text("state", verdict.in_maintenance ? "maintenance" : "open");
  if (verdict.in_maintenance) {
    object.text("message", notice.message)
        .time("startsAt", verdict.since)
        .time("endsAt", verdict.until)
        .number("retryAfter", seconds);
  }

  response.status = 200;
  response.fields +=
      "Content-Type: application/json\r\nCache-Control: no-store\r\n"
      "X-Content-Type-Options: nosniff\r\n";
  response.add_field("Content-Language", notice.language);
  // The caches of service workers heed no Cache-Control, but take nothing that varies on everything
  // (Service Workers §5.4).
  response.add_field("Vary", "*");
  response.text = object.finish();
  response.body_from_text();
}

}  // namespace intermission::gateway
