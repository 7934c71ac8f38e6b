// A State in one file, written whole each time. A file that is damaged is set aside, with its time
// in its name, and never written over.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/file_system.h"
#include "base/result.h"
#include "control/shared_state.h"
#include "control/state.h"
#include "control/store.h"

namespace intermission::control {

class StateFile {
 public:
  /// `clock` outlives it.
  StateFile(std::string path, const base::Clock& clock,
            std::unique_ptr<base::FileSystem> files = std::make_unique<base::SystemFiles>())
      : path_(std::move(path)), clock_(clock), files_(std::move(files)) {}

  const std::string& path() const { return path_; }

  /// An empty State where there is no file. `shared` as for state_from_json().
  base::Result<Store::Loaded> load(SharedHead* shared = nullptr);
  /// On an Error the file is as it was. `shared` as for state_to_json().
  std::optional<base::Error> save(const State& state, const SharedHead* shared = nullptr);

 private:
  std::string path_;
  const base::Clock& clock_;
  std::unique_ptr<base::FileSystem> files_;
};

}  // namespace intermission::control
