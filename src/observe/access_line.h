// One answer as one line of an access log, in one of two forms:
//
//   combined   192.0.2.7 - - [01/Dec/2026:22:30:00 +0000] "GET /a HTTP/1.1" 503 143 "-" "curl/7.88"
//   json       {"time":"2026-12-01T22:30:00Z","client":"192.0.2.7","service":"orders",
//               "kind":"problem","method":"GET","host":"orders.example.com","target":"/a",
//               "status":503,"bytes":143,"userAgent":"curl/7.88"}            on one line
//
// Combined is Apache's and nginx's, for tools that know it. JSON also has referer, requestId,
// vcapRequestId and traceparent where the request had them, and peer, the proxy, where that tells
// of another client; and asked, the client's own target, where a proxy tells of another one than it
// asked for itself. Combined has the peer where no client is known. A request that the server
// refused is a line too, with as much of its request line as was read. In both, bytes outside
// printable ASCII are written as \xNN, so that no request can end a line or begin a field.
#pragma once

#include <string>
#include <string_view>

#include "gateway/observer.h"

namespace intermission::observe {

/// No line is longer: a pipe takes it whole or not at all (LossyStream::kLongestLine). Foreign
/// texts are cut short for it.
inline constexpr std::size_t kLongestAccessLine = 4096;

/// Appends the line with its line feed.
void append_combined(std::string& out, const gateway::Answered& answered);
void append_json(std::string& out, const gateway::Answered& answered);

}  // namespace intermission::observe
