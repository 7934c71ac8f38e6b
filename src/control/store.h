// Where a State is kept: a file (file_store.h), the memory of this process, or a database that many
// instances share (postgres_store.h). A State is saved as compare-and-swap: it names the version
// that it was made from, and is refused where another one has come in between.
//
//   auto result = store.save(view.state->version, next);
//   if (auto* conflict = std::get_if<Store::Conflict>(&result)) retry_on(conflict->current);
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "control/instance.h"
#include "control/shared_counts.h"
#include "control/state.h"

namespace intermission::control {

/// How a store is, for operators. All but `kind` is of shared ones.
struct StoreStatus {
  std::string kind = "memory";  // file, memory or postgresql
  std::string place;            // without secrets
  bool is_reachable = true;
  bool takes_changes = true;  // false: it can be reached, and refuses them
  bool is_hearing = false;    // of changes at once, by NOTIFY; else it looks each second
  std::string problem;        // why it cannot be reached, or changed; empty where it can
  base::TimePoint since;      // it can be reached, or cannot
  std::uint64_t saved = 0;    // since the start, as are these
  std::uint64_t conflicts = 0;
  std::uint64_t failures = 0;
  std::uint64_t connections = 0;  // that were opened
};

class Store {
 public:
  virtual ~Store() = default;

  struct Loaded {
    State state;
    std::optional<base::Error> trouble;  // for the operator: what was found damaged and set aside
  };
  /// What was saved last, or an empty State. An Error only where nothing can be said about what
  /// was saved: going on would lose it. Called once, before all others.
  virtual base::Result<Loaded> load() = 0;

  /// The State survives whatever happens to this process.
  struct Saved {};
  /// Nothing was saved: the version there is another one. `current` is the State there.
  struct Conflict {
    State current;
  };
  struct Failure {
    base::Error why;
    /// False: what was saved before is untouched. True: the State may have been saved, or be saved
    /// yet; watch() tells.
    bool is_in_doubt = false;
  };
  using SaveResult = std::variant<Saved, Conflict, Failure>;

  /// `expected` is the version of the State that `next` was made from. May take as long as a disk
  /// or a database takes, within a bound. Called by one thread at a time.
  virtual SaveResult save(std::uint64_t expected, const State& next) = 0;

  /// `on_change` is called, by a thread of the store, with each State that others saved, in order;
  /// its version may be lower than one before, where a database was restored. It may be called with
  /// a State that was saved here, too. Called after load(); with an empty function, no call is
  /// running any more when it returns. A store without other writers never calls.
  virtual void watch(std::function<void(State)> /*on_change*/) {}

  /// Whether others save here as well.
  virtual bool is_shared() const { return false; }
  virtual StoreStatus status() const { return {}; }

  /// Puts a service into maintenance at this instance alone, or ends that; watch() tells. An Error
  /// where that is not to be done: the store takes changes, or is not shared.
  virtual std::optional<base::Error> hold(const std::string& /*service*/,
                                          std::optional<LocalHold> /*hold*/) {
    return base::Error{"this gateway shares its state with no other; leave out --local"};
  }

  /// A digest of the configuration in force, by which instances are compared.
  virtual void describe(const std::string& /*configuration*/) {}

  /// Ends its thread, if it has one. False where that still waits after `patience`, for the system
  /// to find the address of a host: then the process must end without destroying the store.
  virtual bool stop(std::chrono::milliseconds /*patience*/) { return true; }

  /// What this instance counted, to be shared: called by a thread of the store until stop().
  virtual void count(std::function<Counts()> /*own*/) {}
  /// What all others counted, those that have gone among them, as it was some seconds ago. May wait
  /// half a second.
  virtual Counts counts_of_others() { return {}; }

  /// Those that share the State, this one among them, as seen last; asks for newer news and waits
  /// for them for at most `patience`. Any thread.
  virtual std::vector<Instance> instances(std::chrono::milliseconds /*patience*/) { return {}; }
};

/// Forgets with the process.
class MemoryStore final : public Store {
 public:
  base::Result<Loaded> load() override { return Loaded{}; }
  SaveResult save(std::uint64_t /*expected*/, const State& /*next*/) override { return Saved{}; }
};

}  // namespace intermission::control
