#include "control/public_api.h"

#include <algorithm>
#include <string_view>

#include "base/text.h"
#include "http/forwarded.h"
#include "http/told_scheme.h"

namespace intermission::control {
namespace {

// A proxy that adds to what the client sent leaves "http, https" or two lines.
bool says_https_alone(const http::Request& request) {
  if (http::told_scheme(request) != http::ToldScheme::kHttps) return false;
  const auto lines = request.values(http::Field::kXForwardedProto);
  return std::all_of(lines.begin(), lines.end(), [](std::string_view line) {
    return base::iequals(base::trim(line), "https");
  });
}

// Only Host counts as the host that the client asked for, no other field.
bool tells_another_host(const http::Request& request) {
  const auto told = request.values(http::Field::kXForwardedHost);
  return !std::all_of(told.begin(), told.end(), [&](std::string_view host) {
    return base::iequals(base::trim(host), request.authority());
  });
}

}  // namespace

bool PublicApi::is_operators(const http::Request& request) {
  const bool is_host =
      std::any_of(parts_.hosts.begin(), parts_.hosts.end(),
                  [&](const std::string& host) { return base::iequals(host, request.host()); });
  if (!is_host || !request.peer() || parts_.api.load() == nullptr) return false;
  const auto& catalog = reader_.current()->catalog();
  if (!http::is_in(*request.peer(), catalog.front().trusted_proxies)) return false;
  if (!says_https_alone(request) || tells_another_host(request)) return false;
  return catalog.service(catalog.find(request.host(), "/")).hosts.empty();
}

http::Handler& PublicApi::handler_of(const http::Request& request) {
  if (!is_operators(request)) return *clients_;
  if (!api_) api_ = std::make_unique<Api>(*parts_.api.load());
  return *api_;
}

http::BodyUse PublicApi::body_use(const http::Request& head) {
  return handler_of(head).body_use(head);
}

bool PublicApi::vouches_for(const http::Request& head) {
  return handler_of(head).vouches_for(head);
}

http::Handled PublicApi::answer(const http::Request& request, http::Response& response) {
  return handler_of(request).answer(request, response);
}

void PublicApi::refused(std::uint16_t status, const http::Request& request) {
  clients_->refused(status, request);
}

}  // namespace intermission::control
