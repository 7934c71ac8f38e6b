#include "control/file_store.h"

#include <cerrno>
#include <system_error>
#include <utility>

#include "control/state_json.h"
#include "control/whole_file.h"

namespace intermission::control {
namespace {

constexpr mode_t kMode = 0600;

}  // namespace

base::Result<Store::Loaded> FileStore::load() {
  remove_leftovers(*files_, path_);
  const auto text = read_whole(*files_, path_, Access::kOthersRead);
  if (!text) return text.error();
  if (!text->has_value()) return Loaded{};
  auto state = state_from_json(**text, path_);
  if (state) {
    kept_ = std::move(*state);
    return Loaded{kept_, {}};
  }

  const std::string aside =
      path_ + ".damaged-" + std::to_string(clock_.now().time_since_epoch().count());
  if (files_->rename(path_, aside) != 0) {
    return base::Error{"is damaged (" + state.error().message +
                           ") and cannot be set aside: " + std::generic_category().message(errno),
                       path_};
  }
  return Loaded{{},
                base::Error{"was damaged (" + state.error().message + ") and is now " + aside +
                                "; no earlier change of an operator is in force",
                            path_}};
}

Store::SaveResult FileStore::save(std::uint64_t expected, const State& next) {
  if (expected != kept_.version) return Conflict{kept_};
  if (auto error = write_whole(*files_, path_, state_to_json(next), kMode)) {
    return Failure{std::move(*error)};
  }
  kept_ = next;
  return Saved{};
}

}  // namespace intermission::control
