// What operators did while the program ran, as one plain value. It lies over the configuration
// (see overlay.h), outlives restarts (see store.h) and is changed only as a whole (see
// control_plane.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/window.h"
#include "catalog/service.h"

namespace intermission::control {

/// A window, or a row of them, that an operator planned.
struct PlannedWindow {
  std::string id;    // "w" and a number
  std::string text;  // compact JSON, as `windows` of the configuration writes one

  bool operator==(const PlannedWindow&) const = default;
};

struct ServiceState {
  std::uint64_t version = 0;  // of the State when this was last changed
  std::optional<base::Switch> switched;
  std::optional<catalog::LocalizedText> message;
  std::vector<PlannedWindow> windows;
  std::vector<base::TimePoint> cancelled;  // starts of configured windows; sorted

  bool operator==(const ServiceState&) const = default;
};

/// One change, for the list of changes.
struct AuditEntry {
  std::uint64_t version = 0;
  base::TimePoint at;
  std::string service;
  std::string what;  // "on until 2026-12-02T02:00:00Z", in plain words
  std::string by;    // the operator's name, as given by the caller; may be empty

  bool operator==(const AuditEntry&) const = default;
};

/// Maintenance of one service at this instance alone, begun while the store that instances share
/// could not be reached. It ends when that can be reached again.
struct LocalHold {
  base::TimePoint since;
  std::string by;  // as in AuditEntry

  bool operator==(const LocalHold&) const = default;
};

struct State {
  static constexpr std::size_t kMostAudit = 500;
  static constexpr std::size_t kMostWindows = 100;  // planned for one service

  std::uint64_t version = 0;  // one more with every change
  std::map<std::string, ServiceState, std::less<>> services;
  std::vector<AuditEntry> audit;                       // the newest last
  std::map<std::string, LocalHold, std::less<>> held;  // by service; never shared

  bool operator==(const State&) const = default;
};

}  // namespace intermission::control
