// A State in one file, written whole with every change. A file that is damaged is set aside, with
// its time in its name, and never written over.
#pragma once

#include <string>

#include "base/clock.h"
#include "control/store.h"

namespace intermission::control {

class FileStore final : public Store {
 public:
  /// `clock` outlives it.
  FileStore(std::string path, const base::Clock& clock) : path_(std::move(path)), clock_(clock) {}

  base::Result<Loaded> load() override;
  std::optional<base::Error> save(const State& state) override;

 private:
  std::string path_;
  const base::Clock& clock_;
};

}  // namespace intermission::control
