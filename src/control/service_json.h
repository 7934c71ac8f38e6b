// Services, windows and changes as the operator's API tells them: openapi/control.yaml.
#pragma once

#include <string>

#include "base/clock.h"
#include "control/control_plane.h"
#include "control/json_text.h"

namespace intermission::control {

/// One service, by its index in the catalog.
void write_service(const View& view, std::size_t service, base::TimePoint now, JsonText& json);

/// What was planned for it by operators, and which windows come next.
void write_windows(const View& view, std::size_t service, base::TimePoint now, JsonText& json);

/// One window, with the name of its service.
void write_window_of(std::string_view service, const base::Window& window, JsonText& json);

void write_audit(const State& state, JsonText& json);

/// The version of the last change to it; 0 if there was none.
std::uint64_t version_of(const State& state, std::string_view service);

/// The index of a service by its name.
std::optional<std::size_t> index_of(const catalog::Catalog& catalog, std::string_view name);

}  // namespace intermission::control
