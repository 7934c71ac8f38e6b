// What the workers of one listener share. Nothing here is touched on the path of a request.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <latch>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "http/handler.h"
#include "server/address_quota.h"
#include "server/memory_budget.h"
#include "server/reporter.h"
#include "server/server.h"

namespace intermission::server {

/// Of a clock that never goes back and is cheap to read: it ticks every few milliseconds.
std::uint64_t monotonic_ms();

struct Listener {
  Listener(const Options& chosen, http::HandlerFactory make_handler)
      : options(chosen),
        factory(std::move(make_handler)),
        clock(chosen.clock != nullptr ? *chosen.clock : system_clock),
        reporter(chosen.report, clock),
        budget(chosen.limits.buffered_bytes),
        quota(chosen.limits.connections_per_address, chosen.exempt_addresses),
        port(chosen.port),
        tls_port(chosen.tls ? chosen.tls->port : std::uint16_t{0}),
        drained(static_cast<std::ptrdiff_t>(chosen.workers)) {}

  const Options options;
  const http::HandlerFactory factory;
  const base::SystemClock system_clock;
  const base::Clock& clock;
  Reporter reporter;
  MemoryBudget budget;
  AddressQuota quota;

  // Written by start() alone, before any worker runs.
  std::function<std::uint64_t()> now_ms = monotonic_ms;  // what all deadlines go by
  std::uint16_t port;                                    // the ones that were bound
  std::uint16_t tls_port;
  unsigned workers_made = 0;
  std::vector<int> wakeups;  // descriptors of the workers'; they live as long as any worker runs

  std::atomic<std::uint64_t> connections{0};
  /// Until then, in monotonic ms, clients wait to be accepted by some worker.
  std::atomic<std::uint64_t> overloaded_until{0};
  /// Likewise, the process has no descriptor left for them.
  std::atomic<std::uint64_t> exhausted_until{0};
  /// Connections that were closed so that others could be accepted.
  std::atomic<std::uint64_t> shed{0};
  /// Connections in a handshake of TLS, and how those ended that are no more.
  std::atomic<std::uint64_t> handshakes{0};
  std::atomic<std::uint64_t> handshakes_done{0};
  std::atomic<std::uint64_t> handshakes_failed{0};
  std::latch drained;  // counted down by each worker that has no connection left after drain()
};

}  // namespace intermission::server
