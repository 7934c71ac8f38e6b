// What an instance does with what it finds in the shared database: pure functions, without a
// connection and a clock.
//
// The tables are the truth, but a database can lose what it had acknowledged: it is restored from a
// backup, or a standby takes over that had not received everything. Each instance knows the last
// State that it saw. What the database lacks of it is put back, so that a service that was in
// maintenance does not open because of a backup.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "control/state.h"

namespace intermission::control {

/// Names one State among all that a database has held: versions alone may come twice, before and
/// after a backup was restored.
struct SharedHead {
  std::string database;  // made at random with the tables; another one is another database
  std::uint64_t version = 0;
  std::string change;  // of the last change, made at random with it; empty before the first

  bool operator==(const SharedHead&) const = default;
};

struct SharedState {
  SharedHead head;
  State state;
};

struct Reconciled {
  State state;                      // to be in force
  std::vector<std::string> lost;    // services that the database has an older state of, sorted
  std::optional<std::string> news;  // for the operators, where something is odd
};

/// `known` is what this instance saw last, with an empty head where it has seen no shared database
/// yet; `found` all that the database holds; `contains_known` tells whether the change that
/// `known` ends with is among its changes.
///
///   the change is there                      the database's
///   it is not: the database went back        the newer one of each service; the others are lost
///   another database, empty                  what this instance had; all of it is lost
///   another database                         the database's
Reconciled reconcile(const SharedState& known, const SharedState& found, bool contains_known);

}  // namespace intermission::control
