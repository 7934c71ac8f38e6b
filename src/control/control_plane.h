// The one place where configuration and State meet and become the Snapshot in force. Whatever
// operators change goes through here, one at a time: the new State is saved (see store.h), then
// compiled, then swapped in, so that what was acknowledged holds for the very next request and
// outlives the program. What other instances saved comes in by Store::watch() and is put into
// force likewise.
//
//   auto control_plane = ControlPlane::open(parts);
//   auto done = control_plane->change("orders", {}, "anna", [](auto& state, const auto& subject) {
//     return switch_off(state, subject);
//   });
//
// Any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"
#include "base/result.h"
#include "catalog/configuration.h"
#include "control/change.h"
#include "control/change_queue.h"
#include "control/events.h"
#include "control/overlay.h"
#include "control/plan_budget.h"
#include "control/refusal.h"
#include "control/state.h"
#include "control/store.h"
#include "snapshot/publisher.h"

namespace intermission::control {

/// Everything at one moment, to be read without a lock. Getting one never waits for a store.
struct View {
  snapshot::SnapshotPtr snapshot;                      // in force
  std::shared_ptr<const catalog::Catalog> configured;  // without what operators did
  std::shared_ptr<const State> state;
  base::TimePoint since;  // when it came into force
};

/// How the configuration was last read.
struct ReloadReport {
  base::TimePoint at;                  // when the one in force was read
  std::uint64_t successes = 0;         // since the start
  std::uint64_t failures = 0;          // since the start
  std::optional<std::string> problem;  // of the last attempt, if that failed
};

class ControlPlane {
 public:
  struct Parts {
    std::function<base::Result<catalog::Configuration>()> load;
    Store& store;
    const base::Clock& clock;
    Events& events;
    std::function<void(const std::string&)> report;  // for the log
  };

  /// Reads the State and compiles the first Snapshot. `first` is what `load` said just now. The
  /// store is watched from then on.
  static base::Result<std::unique_ptr<ControlPlane>> open(Parts parts, catalog::Catalog first);
  ~ControlPlane();

  snapshot::Publisher& publisher() { return *publisher_; }
  const base::Clock& clock() const { return parts_.clock; }
  Store& store() { return parts_.store; }
  Events& events() { return parts_.events; }

  View view() const;
  ReloadReport last_reload() const;
  /// How many services are in maintenance at this moment.
  std::size_t in_maintenance() const;

  using Step = std::function<Changed(ServiceState&, const Subject&)>;
  /// With `expected` only if the service's version is still that one; else 412. `step` is called
  /// again where somebody else's change was saved first. Waits for the store.
  std::optional<Refusal> change(std::string_view service, std::optional<std::uint64_t> expected,
                                std::string_view by, const Step& step);

  /// As change(), by a thread of its own: for stores that may take long, and callers that must not.
  ChangeQueue::TicketPtr change_soon(std::string service, std::optional<std::uint64_t> expected,
                                     std::string by, Step step);

  /// Puts a service into maintenance at this instance alone, or ends that (Store::hold).
  std::optional<Refusal> hold(std::string_view service, bool is_held, std::string_view by);

  /// Reads the configuration again. On an Error the old one stays in force. A reload waits for the
  /// one before it.
  std::optional<base::Error> reload();

  /// Tells listeners of services whose maintenance began or ended by time alone. Does something at
  /// most once a second, however often it is called.
  void look_at_the_clock();

 private:
  ControlPlane(Parts parts, std::shared_ptr<const catalog::Catalog> configured, State state);

  using Proposal = std::variant<std::shared_ptr<State>, Refusal>;
  Proposal propose(const View& view, std::string_view service,
                   std::optional<std::uint64_t> expected, std::string_view by, const Step& step)
      REQUIRES_LOCK(changing_);
  /// What was saved by this instance is in force already where somebody else's later State is.
  enum class From : std::uint8_t { kOwnChange, kOthers };
  void adopt(std::shared_ptr<const State> state, From from);
  View compile(std::shared_ptr<const catalog::Catalog> configured,
               std::shared_ptr<const State> state) REQUIRES_LOCK(compiling_);
  void put_in_force(View next) REQUIRES_LOCK(mutex_);
  void tell_of_changes(const State& before) REQUIRES_LOCK(mutex_);
  void tell(std::size_t service, base::TimePoint now) REQUIRES_LOCK(mutex_);
  void remember_verdicts(base::TimePoint now) REQUIRES_LOCK(mutex_);

  Parts parts_;
  // Held while a configuration is read, so that an older one never replaces a newer; while a change
  // is made and saved; while a Snapshot is compiled; and, last, to read or replace what is in
  // force, which takes no time.
  base::Mutex reading_ ACQUIRED_BEFORE(compiling_);
  base::Mutex changing_ ACQUIRED_BEFORE(compiling_);
  base::Mutex compiling_ ACQUIRED_BEFORE(mutex_);
  mutable base::Mutex mutex_;
  PlanBudget plan_budget_ GUARDED_BY(changing_);
  Overlay overlay_ GUARDED_BY(compiling_);
  View view_ GUARDED_BY(mutex_);
  ReloadReport reload_ GUARDED_BY(mutex_);
  std::vector<bool> in_maintenance_ GUARDED_BY(mutex_);  // by service, when last looked
  std::unique_ptr<snapshot::Publisher> publisher_;       // set once
  std::atomic<base::Seconds::rep> looked_at_{0};
  ChangeQueue queue_;  // ends first: its changes use all of the others
};

/// No service of `catalog` has that name. Names the nearest one, if one is near.
Refusal unknown_service(std::string_view name, const catalog::Catalog& catalog);

}  // namespace intermission::control
