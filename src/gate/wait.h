// The value of Retry-After (RFC 9110 §10.2.3, in seconds only).
#pragma once

#include <cstdint>

#include "base/clock.h"
#include "gate/gate.h"

namespace intermission::gate {

/// The bounds of the wait. 1 s ≤ min ≤ max; jitter_percent from 0 to 20.
struct WaitBounds {
  base::Seconds fallback{120};
  base::Seconds min{5};
  base::Seconds max{3600};
  int jitter_percent = 20;
};

/// clamp(end - now, min, max), or the standard wait where no end is known, or the shortest
/// where the service is open again; then up to jitter_percent more, by `draw`, which is uniform
/// over all its values. Never 0: some clients would come back at once, for ever.
std::uint32_t seconds_to_wait(const Verdict& verdict, const WaitBounds& bounds, base::TimePoint now,
                              std::uint32_t draw);

}  // namespace intermission::gate
