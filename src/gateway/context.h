// What the stations before have found out about one request, for those that come after.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/clock.h"
#include "dialect/request_evidence.h"
#include "gate/gate.h"
#include "gateway/forwarded_request.h"
#include "gateway/trace.h"
#include "snapshot/snapshot.h"

namespace intermission::gateway {

/// Whether a request falls into a maintenance, and the Retry-After of its answer.
struct GateDecision {
  gate::Verdict verdict;
  std::uint32_t seconds = 0;
  base::TimePoint now;
};

/// For one request, on the stack. All that it refers to outlives it.
struct Context {
  const snapshot::Snapshot& snapshot;
  const snapshot::Service& service;
  const ForwardedRequest& forwarded;
  const GateDecision& decision;
  dialect::RequestEvidence& evidence;
  Trace* trace = nullptr;  // null where none is wanted
  /// Fields that were looked at because of a scope, for Vary.
  std::span<const std::string_view> scope_fields = {};
};

}  // namespace intermission::gateway
