// What was counted of the answers, as values: metrics, dashboard and command line read them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"

namespace intermission::observe {

/// How often a kind of client was answered for a service with a status.
struct AnswerCount {
  std::string service;  // empty for reserved targets
  std::string kind;     // as gateway::Outcome::kind
  std::uint16_t status = 0;
  std::uint64_t count = 0;
};

/// The same in one minute, which starts at `minute`.
struct MinuteCount {
  base::TimePoint minute;
  std::string service;
  std::string kind;
  std::uint64_t count = 0;
};

/// How many requests asked to pass the gate of a service in maintenance.
struct BypassCount {
  std::string service;
  std::uint64_t allowed = 0;
  std::uint64_t refused = 0;  // their pass was wrong or had expired
};

/// The callers of one kind with one User-Agent, or, as Tally::kOthers, with any that is not listed.
/// Both texts come from clients: escape them where they are shown.
struct Caller {
  std::string service;
  std::string kind;
  std::string agent;  // User-Agent, cut short; empty where none was sent
  std::string last_path;
  base::TimePoint last_seen;
  std::uint64_t count = 0;
  std::uint64_t wrong_passes = 0;  // how many of them were refused a bypass
  std::uint64_t minutes = 0;       // in which it called: how regular it is
};

/// What was counted, for those who show it. Any thread.
class Telemetry {
 public:
  virtual ~Telemetry() = default;
  /// The text for Prometheus.
  virtual std::string metrics() const = 0;
  /// Most recently seen first.
  virtual std::vector<Caller> callers() const = 0;
  /// By service, kind and status.
  virtual std::vector<AnswerCount> answers() const = 0;
  /// Of the sixty minutes that end with that of `now`: by minute, service and kind.
  virtual std::vector<MinuteCount> history(base::TimePoint now) const = 0;
};

}  // namespace intermission::observe
