// The data port's handler: hands requests to answer() with the time, a draw, and the Snapshot
// in force.
#pragma once

#include <cstdint>
#include <functional>
#include <utility>

#include "base/clock.h"
#include "gateway/publisher.h"
#include "http/handler.h"

namespace intermission::gateway {

/// Yields numbers uniform over all their values: the draws of jitter.
using Draw = std::function<std::uint32_t()>;

/// One per worker. `publisher` and `clock` outlive it.
class Handler final : public http::Handler {
 public:
  Handler(const Publisher& publisher, const base::Clock& clock, Draw draw)
      : reader_(publisher), clock_(clock), draw_(std::move(draw)) {}

  http::BodyUse body_use(const http::Request& head) override;
  void answer(const http::Request& request, http::Response& response) override;

 private:
  SnapshotReader reader_;
  const base::Clock& clock_;
  Draw draw_;
};

}  // namespace intermission::gateway
