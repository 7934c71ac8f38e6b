// What was decided about one request: for whoever counts and logs. The decision itself is in
// the response.
#pragma once

#include <string_view>

namespace intermission::gateway {

/// Views into the Snapshot and the tables; valid as long as the Snapshot is.
struct Outcome {
  std::string_view service;  // its name; empty for targets that belong to no service
  /// The dialect that spoke, by its name, or "reserved" for the gateway's own targets.
  std::string_view kind;
  bool closed = true;  // whether the service is held back at this moment
};

}  // namespace intermission::gateway
