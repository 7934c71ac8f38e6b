// The operator's API, openapi/control.yaml: the handler of the control listener. Every operation
// is one row of the table in api.cc.
//
// Every call carries the token, `Authorization: Bearer …`, but those that say nothing of the
// services: the dashboard's shell, healthz and readyz. A peer that has sent ten wrong tokens within
// a minute gets 429 for the next ones; the right token always works. Calls under a host that the
// listener does not know get 421, and those that a page of another site makes get 403. Whatever
// changes something is refused to scripts of other origins. Changes to a service may carry If-Match
// with the ETag of its last answer: a stale one changes nothing (412). Without it they are carried
// out: an operator who is called at night must be able to switch with one line of curl.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "control/call.h"
#include "control/control_plane.h"
#include "control/dashboard.h"
#include "control/known_hosts.h"
#include "control/wrong_tokens.h"
#include "http/handler.h"
#include "observe/counts.h"

namespace intermission::control {

/// A certificate of one of the gateway's listeners, as status and the API show it.
struct ServerCertificate {
  std::string listener;            // "data" or "control"
  std::string file;                // empty: made in memory
  std::vector<std::string> names;  // DNS names
  base::TimePoint not_after;
};

/// Whole days from `now` on; negative once it has expired.
std::int64_t days_left(const ServerCertificate& certificate, base::TimePoint now);

struct ApiParts {
  ControlPlane& control_plane;  // outlives every handler
  WrongTokens& wrong_tokens;    // outlives every handler
  std::string token;
  KnownHosts hosts;
  const observe::Telemetry& telemetry;  // outlives every handler
  std::function<bool()> draining;       // whether the gateway is shutting down
  /// Those that new connections are shown now; none without TLS.
  std::function<std::vector<ServerCertificate>()> certificates = [] {
    return std::vector<ServerCertificate>();
  };
  Dashboard dashboard = make_dashboard();
};

/// One per worker of the control listener. `parts` outlives it.
class Api final : public http::Handler {
 public:
  explicit Api(const ApiParts& parts) : parts_(parts) {}

  /// A body is read only of calls that carry the token.
  http::BodyUse body_use(const http::Request& head) override;
  bool vouches_for(const http::Request& head) override;
  http::Handled answer(const http::Request& request, http::Response& response) override;

 private:
  const ApiParts& parts_;
};

}  // namespace intermission::control
