// The windows of a service that last, are still to come, or belong to a stretch of time.
#pragma once

#include <cstddef>
#include <vector>

#include "base/clock.h"
#include "base/window.h"
#include "catalog/service.h"
#include "gate/schedule.h"

namespace intermission::control {

/// At most `most`, by start; the one that lasts is the first. One that an operator has ended by
/// switching off lasts no more.
std::vector<base::Window> upcoming(const catalog::Service& service, base::TimePoint now,
                                   std::size_t most);

/// Those that last at some moment from `from` on and before `until`, by start; at most `most`.
std::vector<base::Window> between(const gate::Schedule& schedule, base::TimePoint from,
                                  base::TimePoint until, std::size_t most);

/// Whether one of its windows begins just then.
bool begins_at(const catalog::Service& service, base::TimePoint start);

}  // namespace intermission::control
