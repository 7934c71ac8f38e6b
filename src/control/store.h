// Where a State is kept. A file today (file_store.h); a store that many instances share can stand
// behind the same two functions.
#pragma once

#include <optional>

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
  /// was saved: going on would lose it.
  virtual base::Result<Loaded> load() = 0;

  /// When it returns nothing, the State survives whatever happens to this process. On an Error
  /// what was saved before is untouched.
  virtual std::optional<base::Error> save(const State& state) = 0;
};

/// Forgets with the process.
class MemoryStore final : public Store {
 public:
  base::Result<Loaded> load() override { return Loaded{}; }
  std::optional<base::Error> save(const State& /*state*/) override { return {}; }
};

}  // namespace intermission::control
