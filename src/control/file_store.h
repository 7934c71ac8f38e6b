// The State of a gateway that does not share it, in one file (state_file.h). FileLock
// (file_lock.h) keeps other processes away, so a conflict is a mistake of the caller: its State was
// not made from the one that was saved last.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/file_system.h"
#include "control/state_file.h"
#include "control/store.h"

namespace intermission::control {

class FileStore final : public Store {
 public:
  /// `clock` outlives it.
  FileStore(std::string path, const base::Clock& clock,
            std::unique_ptr<base::FileSystem> files = std::make_unique<base::SystemFiles>())
      : file_(std::move(path), clock, std::move(files)) {}

  base::Result<Loaded> load() override;
  SaveResult save(std::uint64_t expected, const State& next) override;
  StoreStatus status() const override;

 private:
  StateFile file_;
  State saved_;  // as it is in the file
};

}  // namespace intermission::control
