// Where a State is kept: a file (file_store.h), the memory of this process, or a database that many
// instances share (postgres_store.h). A State is saved as compare-and-swap: it names the version
// that it was made from, and is refused where another one has come in between.
//
//   auto result = store.save(view.state->version, next);
//   if (auto* conflict = std::get_if<Store::Conflict>(&result)) retry_on(conflict->current);
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <variant>

#include "base/result.h"
#include "control/state.h"

namespace intermission::control {

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
  /// its version may be lower than one before, where a database was restored. Called once, after
  /// load(). A store that nobody else writes to never calls.
  virtual void watch(std::function<void(State)> /*on_change*/) {}
};

/// Forgets with the process.
class MemoryStore final : public Store {
 public:
  base::Result<Loaded> load() override { return Loaded{}; }
  SaveResult save(std::uint64_t /*expected*/, const State& /*next*/) override { return Saved{}; }
};

}  // namespace intermission::control
