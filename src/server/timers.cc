#include "server/timers.h"

#include <algorithm>

namespace intermission::server {

Timers::Timers(const http::Limits& limits, std::uint64_t stranger_timeout_ms)
    : lengths_{limits.handshake_timeout_ms, limits.idle_timeout_ms,   stranger_timeout_ms,
               limits.head_timeout_ms,      limits.body_timeout_ms,   limits.idle_timeout_ms,
               limits.write_timeout_ms,     limits.linger_timeout_ms, kStreamTickMs} {
  for (Timer& list : lists_) list.before = list.after = &list;
}

void Timers::set(Timer& timer, TimerClass timer_class, std::uint64_t now) {
  cancel(timer);
  const auto index = static_cast<std::size_t>(timer_class);
  Timer& list = lists_[index];
  timer.timer_class = timer_class;
  timer.deadline = now + lengths_[index];
  timer.before = list.before;
  timer.after = &list;
  list.before->after = &timer;
  list.before = &timer;
}

void Timers::cancel(Timer& timer) {
  if (!is_set(timer)) return;
  timer.before->after = timer.after;
  timer.after->before = timer.before;
  timer.before = timer.after = nullptr;
}

Timer* Timers::expired(std::uint64_t now) {
  for (Timer& list : lists_) {
    Timer* first = list.after;
    if (first == &list || first->deadline > now) continue;
    cancel(*first);
    return first;
  }
  return nullptr;
}

Timer* Timers::first(TimerClass timer_class) const {
  const Timer& list = lists_[static_cast<std::size_t>(timer_class)];
  return list.after == &list ? nullptr : list.after;
}

std::optional<std::uint64_t> Timers::next() const {
  std::optional<std::uint64_t> earliest;
  for (const Timer& list : lists_) {
    if (list.after == &list) continue;
    earliest = std::min(earliest.value_or(list.after->deadline), list.after->deadline);
  }
  return earliest;
}

}  // namespace intermission::server
