#include "control/file_store.h"

#include <utility>

namespace intermission::control {

base::Result<Store::Loaded> FileStore::load() {
  auto loaded = file_.load();
  if (loaded) {
    loaded->state.held.clear();  // of the time when it was shared
    saved_ = loaded->state;
  }
  return loaded;
}

Store::SaveResult FileStore::save(std::uint64_t expected, const State& next) {
  if (expected != saved_.version) return Conflict{saved_};
  if (auto error = file_.save(next)) return Failure{std::move(*error)};
  saved_ = next;
  return Saved{};
}

StoreStatus FileStore::status() const {
  StoreStatus status;
  status.kind = "file";
  status.place = file_.path();
  return status;
}

}  // namespace intermission::control
