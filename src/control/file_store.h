// A State in one file, written whole with every change. A file that is damaged is set aside, with
// its time in its name, and never written over. FileClaim keeps other processes away, so
// a conflict is a mistake of the caller: it saves what it did not make from the State kept last.
#pragma once

#include <cstdint>
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
  SaveResult save(std::uint64_t expected, const State& next) override;

 private:
  std::string path_;
  const base::Clock& clock_;
  std::unique_ptr<base::FileSystem> files_;
  State kept_;  // as it is in the file
};

}  // namespace intermission::control
