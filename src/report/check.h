// What a configuration amounts to, for the person who wrote it.
#pragma once

#include <string>

#include "base/clock.h"
#include "snapshot/snapshot.h"

namespace intermission::report {

/// One paragraph per service: whom it answers for, its state at `now`, its languages, its
/// default answer, its rules and its next five windows. Then the answers by kind of client.
std::string check_report(const snapshot::Snapshot& snapshot, base::TimePoint now);

}  // namespace intermission::report
