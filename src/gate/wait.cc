#include "gate/wait.h"

#include <algorithm>

namespace intermission::gate {

std::uint32_t seconds_to_wait(const Verdict& verdict, const WaitBounds& bounds, base::TimePoint now,
                              std::uint32_t draw) {
  base::Seconds wait = bounds.fallback;
  if (!verdict.in_maintenance) {
    wait = bounds.min;
  } else if (verdict.until) {
    wait = *verdict.until - now;
  }
  wait = std::clamp(wait, bounds.min, bounds.max);
  const auto seconds = static_cast<std::uint64_t>(wait.count());
  const std::uint64_t most = seconds * static_cast<std::uint64_t>(bounds.jitter_percent) / 100;
  const std::uint64_t jitter = (most + 1) * draw >> 32;
  return static_cast<std::uint32_t>(seconds + jitter);
}

}  // namespace intermission::gate
