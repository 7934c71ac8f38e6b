// A State in one file, written whole with every change. A file that is damaged is set aside, with
// its time in its name, and never written over.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/file_system.h"
#include "control/store.h"

namespace intermission::control {

class FileStore final : public Store {
 public:
  /// `clock` outlives it.
  FileStore(std::string path, const base::Clock& clock,
            std::unique_ptr<base::FileSystem> files = std::make_unique<base::SystemFiles>())
      : path_(std::move(path)), clock_(clock), files_(std::move(files)) {}

  base::Result<Loaded> load() override;
  std::optional<base::Error> save(const State& state) override;

 private:
  std::string path_;
  const base::Clock& clock_;
  std::unique_ptr<base::FileSystem> files_;
};

}  // namespace intermission::control
