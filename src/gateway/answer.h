// The decision: a request, what is known, and a moment; out comes the answer.
//
//   Response response;
//   if (needs_body(request, snapshot)) { ...read the start of the body... }
//   answer(request, snapshot, {clock.now(), random()}, response);
//
// A pure function: no clock, no socket, no lock, no global. The steps are the stations of the
// architecture, in order; see answer.cc. An answer that was rendered early is picked without
// allocating, once `response` has grown to its usual size.
#pragma once

#include <cstdint>

#include "base/clock.h"
#include "dialect/parsed_headers.h"
#include "gateway/outcome.h"
#include "gateway/trace.h"
#include "http/request.h"
#include "http/response.h"
#include "snapshot/snapshot.h"

namespace intermission::gateway {

struct Moment {
  base::TimePoint now;
  /// Uniform over all its values: where in the jitter this answer's wait falls. Drawn once for
  /// each answer, so header and body agree.
  std::uint32_t draw = 0;
};

/// Whether the kind of client can only be told, or only be answered, with the start of the
/// body. Asked when the head has come.
bool needs_body(const http::Request& head, const snapshot::Snapshot& snapshot,
                dialect::ParsedHeaders* parsed_headers = nullptr);

/// `response` comes reset. Its body may be a view into `snapshot`: a caller that keeps the
/// response keeps the snapshot (Response::owner is left null). With `readings`, which belong to the
/// calling thread, recently seen headers are cached; with `trace` the findings of every station are
/// written down as well. The answer is the same.
Outcome answer(const http::Request& request, const snapshot::Snapshot& snapshot,
               const Moment& moment, http::Response& response,
               dialect::ParsedHeaders* parsed_headers = nullptr, Trace* trace = nullptr);

}  // namespace intermission::gateway
