// What was counted of the answers, as values: metrics, dashboard and command line read them.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"

namespace intermission::gateway {

/// How often a kind of client was answered for a service with a status.
struct AnswerCount {
  std::string service;  // empty for the gateway's own targets
  std::string kind;     // as Outcome::kind
  std::uint16_t status = 0;
  std::uint64_t count = 0;
};

/// Somebody who called: everyone of one kind with one User-Agent. The two texts are foreign;
/// whoever shows them escapes them.
struct Caller {
  std::string service;
  std::string kind;
  std::string agent;  // User-Agent, cut short; empty where none was sent
  std::string last_path;
  base::TimePoint last_seen;
  std::uint64_t count = 0;
};

}  // namespace intermission::gateway
