// What was decided about one request: for counters and logs. The decision itself is in
// the response.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "http/address.h"

namespace intermission::gateway {

/// What became of a request that wanted to pass the gate of a service in maintenance.
enum class Bypassed : std::uint8_t {
  kNone,     // it did not ask to
  kAllowed,  // by its address, or by a valid pass
  kRefused,  // its pass is wrong or has expired; it heard what all others hear
};

// Kinds that are no dialect's.
inline constexpr std::string_view kReservedKind = "reserved";
inline constexpr std::string_view kGateKind = "gate";
inline constexpr std::string_view kRefusedKind = "refused";

/// Views into the Snapshot and the tables, valid as long as the Snapshot is; `target` and `path`
/// are views into the request.
struct Outcome {
  std::string_view service;  // its name; empty for targets that belong to no service
  /// The dialect that spoke, by its name; "contract" for a form that the service's API promised;
  /// "reserved" for reserved targets; "gate" where a gate let the request through;
  /// "refused" for what the server could not take as a request.
  std::string_view kind;
  bool in_maintenance = true;  // at this moment
  Bypassed bypassed = Bypassed::kNone;
  /// Who asked, as far as trusted proxies tell; nothing where they contradict each other.
  std::optional<http::Address> client = {};
  /// What the client asked for, which a proxy may tell in a field; empty where nothing is known.
  std::string_view target = {};
  std::string_view path = {};
  /// A call of Health/Watch: the response is what is said first, see health_watch.h.
  bool watches_health = false;
};

}  // namespace intermission::gateway
