#include "control/api.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string_view>

#include "base/same_secret.h"
#include "base/text.h"
#include "control/operations.h"
#include "control/token.h"
#include "http/host.h"
#include "http/target.h"

namespace intermission::control {
namespace {

constexpr std::size_t kLongestHost = 100;  // of what a refusal repeats

enum class For : std::uint8_t {
  kProbes,     // it tells nothing at all; asked under any host, without a token
  kAnybody,    // it tells nothing of the services; no token is asked for
  kOperators,  // it only tells
  kChanges,    // it does something: not for scripts of other origins
};

struct Route {
  std::string_view method;
  std::string_view path;  // {service} and {window} stand for one segment
  For who;
  Operation operation;
};

constexpr std::array kRoutes = {
    Route{"GET", "/", For::kAnybody, show_dashboard},
    Route{"GET", "/healthz", For::kProbes, show_health},
    Route{"GET", "/readyz", For::kProbes, show_readiness},
    Route{"GET", "/metrics", For::kOperators, show_metrics},
    Route{"GET", "/api/status", For::kOperators, show_status},
    Route{"GET", "/api/instances", For::kOperators, list_instances},
    Route{"GET", "/api/services", For::kOperators, list_services},
    Route{"GET", "/api/services/{service}", For::kOperators, show_service},
    Route{"POST", "/api/services/{service}/on", For::kChanges, do_switch_on},
    Route{"POST", "/api/services/{service}/off", For::kChanges, do_switch_off},
    Route{"POST", "/api/services/{service}/auto", For::kChanges, do_follow_plan},
    Route{"POST", "/api/services/{service}/extend", For::kChanges, do_extend},
    Route{"PUT", "/api/services/{service}/message", For::kChanges, do_set_message},
    Route{"DELETE", "/api/services/{service}/message", For::kChanges, do_reset_message},
    Route{"POST", "/api/services/{service}/bypass", For::kChanges, do_let_in},
    Route{"GET", "/api/services/{service}/windows", For::kOperators, list_windows},
    Route{"POST", "/api/services/{service}/windows", For::kChanges, do_plan_window},
    Route{"DELETE", "/api/services/{service}/windows/{window}", For::kChanges, do_remove_window},
    Route{"GET", "/api/windows", For::kOperators, list_all_windows},
    Route{"GET", "/api/changes", For::kOperators, list_changes},
    Route{"GET", "/api/answers", For::kOperators, list_answers},
    Route{"GET", "/api/history", For::kOperators, list_history},
    Route{"GET", "/api/callers", For::kOperators, list_callers},
    Route{"POST", "/api/explain", For::kOperators, do_explain},
    Route{"POST", "/api/reload", For::kChanges, do_reload},
    Route{"GET", "/api/events", For::kOperators, listen_to_events},
};

std::string_view take_segment(std::string_view& path) {
  path.remove_prefix(1);
  const std::string_view segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

// Fills call.service and call.window where the path fits. A slash that is encoded separates nothing
// (RFC 3986 §2.2).
bool fits(std::string_view pattern, std::string_view path, Call& call) {
  while (pattern.starts_with('/') && path.starts_with('/')) {
    const std::string_view expected = take_segment(pattern);
    const std::string segment = http::decode_path(take_segment(path));
    if (expected == "{service}") {
      call.service = segment;
    } else if (expected == "{window}") {
      call.window = segment;
    } else if (expected != segment) {
      return false;
    }
  }
  return pattern.empty() && path.empty();
}

bool has_token(const http::Request& request, std::string_view token) {
  constexpr std::string_view kScheme = "Bearer ";
  const auto all = request.values(http::Field::kAuthorization);
  // Of two, a proxy may have checked the other one.
  if (std::distance(all.begin(), all.end()) != 1) return false;
  const std::string_view value = *all.begin();
  return base::istarts_with(value, kScheme) &&
         base::same_secret(base::trim(value.substr(kScheme.size())), token);
}

// The scheme may differ: TLS ends at a router.
bool is_own(std::string_view origin, std::string_view authority) {
  const auto colon = origin.find("://");
  return colon != std::string_view::npos && base::iequals(origin.substr(colon + 3), authority);
}

bool is_foreign(const http::Request& request) {
  const auto origins = request.values(http::Field::kOrigin);
  return !std::all_of(origins.begin(), origins.end(),
                      [&](std::string_view origin) { return is_own(origin, request.authority()); });
}

// Fetch Metadata, which no script can set. A link on another site may open the dashboard in a tab
// of its own: there it asks for the token.
bool is_from_another_site(const http::Request& request, const Route* route) {
  const auto sites = request.values(http::Field::kSecFetchSite);
  const bool is_ours = std::all_of(sites.begin(), sites.end(), [](std::string_view site) {
    return base::iequals(site, "same-origin") || base::iequals(site, "none");
  });
  if (is_ours) return false;
  const bool opens_a_tab = request.value(http::Field::kSecFetchMode) == "navigate" &&
                           request.value(http::Field::kSecFetchDest) == "document";
  return route == nullptr || route->who != For::kAnybody || !opens_a_tab;
}

struct Found {
  const Route* route = nullptr;
  std::string methods;  // of the path, whatever was asked
};

Found find_route(Call& call, std::string_view path) {
  const std::string_view requested =
      call.request.method() == "HEAD" ? "GET" : call.request.method();
  Found found;
  for (const Route& route : kRoutes) {
    if (!fits(route.path, path, call)) continue;
    if (route.method == requested) {
      found.route = &route;
      return found;
    }
    found.methods += (found.methods.empty() ? "" : ", ") + std::string(route.method);
  }
  return found;
}

// An empty port is none (RFC 3986 §3.2.3).
bool has_port_in_doubt(std::string_view authority) {
  const std::string_view rest = http::split_authority(authority).rest;
  return !rest.empty() && rest != ":" && (rest.front() != ':' || !http::is_port(rest.substr(1)));
}

std::optional<Refusal> refuse_place(const ApiParts& parts, const Call& call, const Route* route) {
  const bool is_probe = route != nullptr && route->who == For::kProbes;
  if (!is_probe && has_port_in_doubt(call.request.authority())) {
    return Refusal{421, "expected a port from 1 to 65535 in Host, got \"" +
                            base::printable(call.request.authority(), kLongestHost) + "\""};
  }
  if (!is_probe && !parts.hosts.know(call.request.host())) {
    return Refusal{421, "this listener does not answer for the host \"" +
                            base::printable(call.request.host(), kLongestHost) +
                            "\"; to allow the name, add it to control.hosts"};
  }
  if (!is_from_another_site(call.request, route)) return {};
  return Refusal{403, "pages of other sites may not call this listener (Sec-Fetch-Site)"};
}

std::optional<Refusal> refuse_token(const ApiParts& parts, Call& call) {
  if (has_token(call.request, parts.token)) return {};
  if (call.request.has(http::Field::kAuthorization)) {
    if (const auto wait = parts.wrong_tokens.note(call.request.peer())) {
      call.response.add_field("Retry-After", std::to_string(wait->count()));
      call.handled.close_connection = true;
      return Refusal{
          429, "too many wrong tokens from this address; the correct token is accepted at once"};
    }
  }
  return Refusal{401, "expected Authorization: Bearer and the token of this gateway"};
}

std::optional<Refusal> carry_out(const ApiParts& parts, Call& call) {
  const Found found = find_route(call, call.request.path());
  if (auto refusal = refuse_place(parts, call, found.route)) return refusal;
  const bool is_open = found.route != nullptr && found.route->who <= For::kAnybody;
  if (!is_open) {
    if (auto refusal = refuse_token(parts, call)) return refusal;
  }
  if (found.route == nullptr && found.methods.empty()) {
    return Refusal{404, "not found; openapi/control.yaml lists the operations"};
  }
  if (found.route == nullptr) {
    call.response.add_field("Allow", found.methods);
    return Refusal{405, "expected one of the methods " + found.methods};
  }
  if (found.route->who == For::kChanges && is_foreign(call.request)) {
    return Refusal{403, "scripts of other origins may not make changes"};
  }
  return found.route->operation(parts, call);
}

}  // namespace

http::BodyUse Api::body_use(const http::Request& head) {
  return has_token(head, parts_.token) ? http::BodyUse::kPeek : http::BodyUse::kRefuse;
}

bool Api::vouches_for(const http::Request& head) {
  return has_token(head, parts_.token);
}

http::Handled Api::answer(const http::Request& request, http::Response& response) {
  response.fields += "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n";
  Call call{request, response};
  if (const auto refusal = carry_out(parts_, call)) call.refuse(*refusal);
  return std::move(call.handled);
}

}  // namespace intermission::control
