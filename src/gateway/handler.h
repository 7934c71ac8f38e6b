// The data port's handler: hands requests to answer() with the time, a draw, and the Snapshot
// in force.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "dialect/parsed_headers.h"
#include "gateway/health_watch.h"
#include "gateway/observer.h"
#include "http/handler.h"
#include "snapshot/publisher.h"

namespace intermission::gateway {

/// Yields numbers uniform over all their values: the draws of jitter.
using Draw = std::function<std::uint32_t()>;

/// One per worker. `publisher` and `clock` outlive it. Of every kTimedOneIn
/// answers that are observed one is timed: reading the clock twice for each would cost more than
/// it tells.
class Handler final : public http::Handler {
 public:
  static constexpr std::uint32_t kTimedOneIn = 16;

  Handler(snapshot::Publisher& publisher, const base::Clock& clock, Draw draw,
          std::vector<std::unique_ptr<Observer>> observers = {})
      : publisher_(publisher),
        reader_(publisher),
        clock_(clock),
        draw_(std::move(draw)),
        health_watches_(publisher, clock),
        observers_(std::move(observers)) {}

  http::BodyUse body_use(const http::Request& head) override;
  http::Handled answer(const http::Request& request, http::Response& response) override;
  void refused(std::uint16_t status, const http::Request& request) override;

 private:
  snapshot::Publisher& publisher_;
  snapshot::SnapshotReader reader_;
  const base::Clock& clock_;
  Draw draw_;
  HealthWatches health_watches_;
  std::vector<std::unique_ptr<Observer>> observers_;
  dialect::ParsedHeaders parsed_headers_;
  std::uint32_t answers_ = 0;
};

}  // namespace intermission::gateway
