#include "control/api.h"

#include <array>
#include <optional>
#include <string_view>

#include "base/text.h"
#include "control/operations.h"
#include "control/token.h"
#include "http/target.h"

namespace intermission::control {
namespace {

struct Route {
  std::string_view method;
  std::string_view path;  // {service} and {window} stand for one segment
  bool changes;
  Operation operation;
};

constexpr std::array kRoutes = {
    Route{"GET", "/healthz", false, show_health},
    Route{"GET", "/readyz", false, show_health},
    Route{"GET", "/metrics", false, show_metrics},
    Route{"GET", "/api/status", false, show_status},
    Route{"GET", "/api/services", false, list_services},
    Route{"GET", "/api/services/{service}", false, show_service},
    Route{"POST", "/api/services/{service}/on", true, do_switch_on},
    Route{"POST", "/api/services/{service}/off", true, do_switch_off},
    Route{"POST", "/api/services/{service}/auto", true, do_follow_plan},
    Route{"POST", "/api/services/{service}/extend", true, do_extend},
    Route{"PUT", "/api/services/{service}/message", true, do_set_message},
    Route{"DELETE", "/api/services/{service}/message", true, do_reset_message},
    Route{"GET", "/api/services/{service}/windows", false, list_windows},
    Route{"POST", "/api/services/{service}/windows", true, do_plan_window},
    Route{"DELETE", "/api/services/{service}/windows/{window}", true, do_remove_window},
    Route{"GET", "/api/changes", false, list_changes},
    Route{"GET", "/api/callers", false, list_callers},
    Route{"POST", "/api/explain", false, do_explain},
    Route{"POST", "/api/reload", true, do_reload},
    Route{"GET", "/api/events", false, listen_to_events},
};

std::string_view take_segment(std::string_view& path) {
  path.remove_prefix(1);
  const std::string_view segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

// Fills call.service and call.window where the path fits.
bool fits(std::string_view pattern, std::string_view path, Call& call) {
  while (pattern.starts_with('/') && path.starts_with('/')) {
    const std::string_view expected = take_segment(pattern);
    const std::string_view segment = take_segment(path);
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
  const std::string_view value = request.value(http::Field::kAuthorization);
  return base::istarts_with(value, kScheme) &&
         same_secret(base::trim(value.substr(kScheme.size())), token);
}

// The scheme may differ: TLS ends at a router.
bool is_foreign(const http::Request& request) {
  const std::string_view origin = request.value(http::Field::kOrigin);
  if (!request.has(http::Field::kOrigin)) return false;
  const auto colon = origin.find("://");
  return colon == std::string_view::npos ||
         !base::iequals(origin.substr(colon + 3), request.authority());
}

struct Found {
  const Route* route = nullptr;
  std::string methods;  // of the path, whatever was asked
};

Found find_route(Call& call, const std::string& path) {
  const std::string_view asked = call.request.method() == "HEAD" ? "GET" : call.request.method();
  Found found;
  for (const Route& route : kRoutes) {
    if (!fits(route.path, path, call)) continue;
    if (route.method == asked) {
      found.route = &route;
      return found;
    }
    found.methods += (found.methods.empty() ? "" : ", ") + std::string(route.method);
  }
  return found;
}

std::optional<Refusal> carry_out(const ApiParts& parts, Call& call) {
  if (!has_token(call.request, parts.token)) {
    return Refusal{401, "expected Authorization: Bearer and the token of this gateway"};
  }
  const Found found = find_route(call, http::decode_path(call.request.path()));
  if (found.route == nullptr && found.methods.empty()) {
    return Refusal{404, "there is nothing here; openapi/control.yaml lists what there is"};
  }
  if (found.route == nullptr) {
    call.response.add_field("Allow", found.methods);
    return Refusal{405, "expected one of the methods " + found.methods};
  }
  if (found.route->changes && is_foreign(call.request)) {
    return Refusal{403, "a script of another origin may not change anything"};
  }
  return found.route->operation(parts, call);
}

}  // namespace

http::BodyUse Api::body_use(const http::Request& head) {
  return has_token(head, parts_.token) ? http::BodyUse::kPeek : http::BodyUse::kDiscard;
}

void Api::answer(const http::Request& request, http::Response& response) {
  response.fields += "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n";
  Call call{request, response};
  if (const auto refusal = carry_out(parts_, call)) call.refuse(*refusal);
}

}  // namespace intermission::control
