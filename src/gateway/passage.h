// Whether a request passes a gate. What a proxy asks about may be read in several ways: it may
// tell two hosts, or a path that the server behind it takes for another one. It passes only if it
// does in every reading: at a gate, doubt closes.
//
//   hosts     those of the URL and of X-Forwarded-Host, or else Host: each must be open. Whatever
//             else names a host (Host beside them, Forwarded, and at gate-403 X-Forwarded-Host, the
//             fields of http/url_fields.h, a path that begins with two slashes) must not name one
//             that is in maintenance. Of a proxy that is not trusted, all that it tells is of this
//             kind.
//   paths     http/path_readings.h, in any case of letters (Catalog::find_all), where parts of the
//             host can differ; also behind prefixes that a router cut off, and in the query
//   methods   its own, or those that the proxy tells; the one that X-HTTP-Method-Override and its
//             kin name, and `_method` in the query, which frameworks obey
//   values    all of a field that comes twice
//   protocol  HTTP as it came, or a WebSocket: behind "Upgrade: h2c" no request is asked about
//
// A reading passes where its service is open at the moment, where the service's scope does not
// cover it, or where the client may pass that service's gate all the same (pass.h). A URL or a host
// that servers may read differently (http/plain_host.h) passes no gate.
#pragma once

#include <span>
#include <string_view>

#include "base/clock.h"
#include "dialect/request_evidence.h"
#include "gateway/forwarded_request.h"
#include "gateway/outcome.h"
#include "gateway/trace.h"
#include "snapshot/snapshot.h"

namespace intermission::gateway {

struct Passage {
  bool passes = true;
  /// In whose name the client is answered: the first that is in maintenance, by the plain reading
  /// before all others; that of the plain reading where none is.
  const snapshot::Service* service = nullptr;
  /// Whether it does not pass because it cannot be read for certain; `service` may be open then.
  bool in_doubt = false;
  Bypassed bypassed = Bypassed::kNone;
  /// The fields that were looked at because of the service's scope.
  std::span<const std::string_view> consulted_names = {};
};

/// Of a request to a gate; `plain` is the service of forwarded.request(). Consults the fields in
/// which testers show themselves where a service is in maintenance. Allocates nothing for usual
/// requests, and what a hostile one costs is bounded.
Passage find_passage(const ForwardedRequest& forwarded, const snapshot::Snapshot& snapshot,
                     const snapshot::Service& plain, dialect::RequestEvidence& evidence,
                     base::TimePoint now, Trace* trace);

}  // namespace intermission::gateway
