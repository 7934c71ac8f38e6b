// What services say to each kind of client, as a table for people: kind, status, status behind a
// gate, media types.
#pragma once

#include <string>

#include "gateway/snapshot.h"

namespace intermission::gateway {

/// One table for all services that say the same, under their names, in the order of the file.
std::string who_hears_what(const Snapshot& snapshot);

}  // namespace intermission::gateway
