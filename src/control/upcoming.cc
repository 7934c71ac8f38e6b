#include "control/upcoming.h"

#include <optional>

namespace intermission::control {

namespace {

bool is_over(const base::Window& window, const catalog::Service& service, base::TimePoint now) {
  const auto& switched = service.switched;
  return window.end <= now ||
         (switched && !switched->in_maintenance && window.start <= switched->since);
}

}  // namespace

std::vector<base::Window> upcoming(const catalog::Service& service, base::TimePoint now,
                                   std::size_t most) {
  const gate::Schedule schedule(service.windows, service.recurrences);
  std::vector<base::Window> windows;
  auto window = schedule.latest(now);
  if (!window || is_over(*window, service, now)) window = schedule.next(now);
  while (window && windows.size() < most) {
    windows.push_back(*window);
    window = schedule.next(window->start);
  }
  return windows;
}

std::vector<base::Window> between(const gate::Schedule& schedule, base::TimePoint from,
                                  base::TimePoint until, std::size_t most) {
  std::vector<base::Window> windows;
  auto window = schedule.latest(from);
  if (!window || window->end <= from) window = schedule.next(from);
  while (window && window->start < until && windows.size() < most) {
    windows.push_back(*window);
    window = schedule.next(window->start);
  }
  return windows;
}

bool begins_at(const catalog::Service& service, base::TimePoint start) {
  const auto window = gate::Schedule(service.windows, service.recurrences).latest(start);
  return window && window->start == start;
}

}  // namespace intermission::control
