#include "gateway/reserved.h"

#include "dialect/json.h"
#include "gateway/grpc_health.h"
#include "http/target.h"

namespace intermission::gateway {
namespace {

constexpr std::string_view kPrefix = "/.well-known/intermission/";

}  // namespace

Reserved reserved_target(const http::Request& request) {
  if (request.target() == "*" && request.method() == "OPTIONS") return Reserved::kServer;
  if (health_method(request)) return Reserved::kGrpcHealth;
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
  response.body.refer("ok\n");
}

void answer_server(http::Response& response) {
  response.status = 200;
  response.fields += "Cache-Control: no-store\r\n";
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
  response.body.own() = object.finish();
}

}  // namespace intermission::gateway
