#include "control/state_file.h"

#include <sys/types.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "control/state_json.h"
#include "control/whole_file.h"

namespace intermission::control {
namespace {

constexpr mode_t kStateMode = 0600;

}  // namespace

base::Result<Store::Loaded> StateFile::load(SharedHead* shared) {
  remove_leftovers(*files_, path_);
  const auto text = read_whole(*files_, path_, Access::kOthersRead);
  if (!text) return text.error();
  if (!text->has_value()) return Store::Loaded{};
  auto state = state_from_json(**text, path_, shared);
  if (state) return Store::Loaded{std::move(*state), {}};

  const std::string aside =
      path_ + ".damaged-" + std::to_string(clock_.now().time_since_epoch().count());
  if (files_->rename(path_, aside) != 0) {
    return base::Error{"is damaged (" + state.error().message +
                           ") and cannot be set aside: " + std::generic_category().message(errno),
                       path_};
  }
  return Store::Loaded{{},
                       base::Error{"was damaged (" + state.error().message + ") and is now " +
                                       aside + "; no earlier change of an operator is in force",
                                   path_}};
}

std::optional<base::Error> StateFile::save(const State& state, const SharedHead* shared) {
  return write_whole(*files_, path_, state_to_json(state, shared), kStateMode);
}

}  // namespace intermission::control
