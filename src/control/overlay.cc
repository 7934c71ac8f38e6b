#include "control/overlay.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "control/service_part.h"

namespace intermission::control {
namespace {

void leave_out(const std::vector<base::TimePoint>& starts, catalog::Service& service) {
  std::erase_if(service.windows, [&](const base::Window& window) {
    return std::find(starts.begin(), starts.end(), window.start) != starts.end();
  });
  for (base::Recurrence& recurrence : service.recurrences) {
    recurrence.except.insert(recurrence.except.end(), starts.begin(), starts.end());
  }
}

// What was planned was read once before it was taken; a version of the program that no longer
// reads it says so when it starts (ControlPlane), and goes on without it.
void add_planned(const PlannedWindow& planned, catalog::Service& service) {
  const auto part = read_window_part(planned.text);
  if (!part) return;
  service.windows.insert(service.windows.end(), part.value.windows.begin(),
                         part.value.windows.end());
  service.recurrences.insert(service.recurrences.end(), part.value.recurrences.begin(),
                             part.value.recurrences.end());
}

/// What operators did to a service; null if they did nothing.
std::optional<ServiceState> state_of(const std::string& service, const State& state) {
  const auto touched = state.services.find(service);
  const auto held = state.held.find(service);
  if (touched == state.services.end() && held == state.held.end()) return {};
  ServiceState all = touched == state.services.end() ? ServiceState() : touched->second;
  const bool is_on = all.switched && all.switched->in_maintenance && !all.switched->ends;
  if (held != state.held.end() && !is_on) {
    all.switched = base::Switch{true, held->second.since, {}, false};
  }
  return all;
}

}  // namespace

catalog::Service service_in_effect(const catalog::Service& configured, const ServiceState& state) {
  catalog::Service service = configured;
  service.switched = state.switched;
  if (state.message) service.message = *state.message;
  leave_out(state.cancelled, service);
  for (const PlannedWindow& planned : state.windows) add_planned(planned, service);
  std::stable_sort(service.windows.begin(), service.windows.end(),
                   [](const base::Window& a, const base::Window& b) { return a.start < b.start; });
  const bool is_off = service.maintenance == base::Maintenance::kOff ||
                      (state.switched && !state.switched->in_maintenance);
  if (is_off && !state.windows.empty()) service.maintenance = base::Maintenance::kScheduled;
  return service;
}

Overlay::CatalogPtr Overlay::apply(const catalog::Catalog& configured, const State& state) {
  catalog::Catalog::Replacements replacements;
  for (std::size_t i = 0; i < configured.services().size(); ++i) {
    const auto touched = state_of(configured.service(i).name, state);
    if (!touched) continue;
    const auto shared = configured.share_service(i);
    Known& known = known_[shared->name];
    if (known.configured != shared || !(known.state == *touched)) {
      known = {shared, *touched,
               std::make_shared<const catalog::Service>(service_in_effect(*shared, *touched))};
    }
    replacements.emplace_back(i, known.in_effect);
  }
  return std::make_shared<const catalog::Catalog>(configured.with(replacements));
}

}  // namespace intermission::control
