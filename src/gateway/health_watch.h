// A call of grpc.health.v1.Health/Watch while it is open.
//
// The gateway is no proxy: when the service is back, the router sends new calls there, and an open
// one would go on getting NOT_SERVING from the gateway. So a call ends as soon as the maintenance
// does, or changes, and at the latest after the Retry-After of other answers; its client then
// asks anew, and the router decides who answers.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "base/clock.h"
#include "gateway/answer.h"
#include "http/request.h"
#include "http/response.h"
#include "snapshot/publisher.h"

namespace intermission::gateway {

/// The calls of one worker, used by its thread.
class HealthWatches {
 public:
  /// What is open at the same time: each is looked at a few times a second.
  static constexpr std::size_t kMost = 256;

  /// Both outlive the streams.
  HealthWatches(const snapshot::Publisher& publisher, const base::Clock& clock)
      : publisher_(publisher), clock_(clock), open_(std::make_shared<std::size_t>(0)) {}

  /// Keeps the call open after what `response` says first to `request`; ends it at once, without a
  /// status, where too many are open. Whether its connection is to be closed: see Handler.
  bool open(const http::Request& request, const snapshot::Snapshot& snapshot, const Moment& moment,
            http::Response& response);

 private:
  const snapshot::Publisher& publisher_;
  const base::Clock& clock_;
  std::shared_ptr<std::size_t> open_;
};

}  // namespace intermission::gateway
