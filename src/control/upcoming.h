// The windows of a service that last or are still to come.
#pragma once

#include <cstddef>
#include <vector>

#include "base/clock.h"
#include "base/window.h"
#include "catalog/configuration.h"

namespace intermission::control {

/// At most `most`, by start; the one that lasts is the first.
std::vector<base::Window> upcoming(const catalog::Service& service, base::TimePoint now,
                                   std::size_t most);

/// Whether one of its windows begins just then.
bool begins_at(const catalog::Service& service, base::TimePoint start);

}  // namespace intermission::control
