// Any bytes as a state file. Invalid ones get one printable line as their error; a valid one comes
// back the same when it is written and read again, and a service can be held to it.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "control/overlay.h"
#include "control/state_json.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace intermission;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto state = control::state_from_json(text, "f");
  if (!state) {
    const std::string error = state.error().text();
    require(std::all_of(error.begin(), error.end(), [](char c) { return c >= ' ' && c <= '~'; }));
    return 0;
  }
  const auto again = control::state_from_json(control::state_to_json(*state), "f");
  require(again && *again == *state);
  for (const auto& [name, service] : state->services) {
    catalog::Service configured;
    configured.name = name;
    const catalog::Service in_effect = control::service_in_effect(configured, service);
    require(in_effect.name == name && in_effect.switched == service.switched);
  }
  return 0;
}
