// What services say to each kind of client, as a table for people: kind, status, status behind a
// gate, media types.
#pragma once

#include <string>
#include <vector>

#include "dialect/dialect.h"
#include "snapshot/snapshot.h"

namespace intermission::report {

/// What one kind of client hears; each list has every different value once, with commas.
struct Hearing {
  const dialect::Dialect* dialect;  // never null
  std::string statuses;
  std::string gate_statuses;  // behind a gate, where no 2xx may be said
  std::string media_types;
};

/// One for each row of the table of dialects that something may choose, in its order. Renders all
/// of them.
std::vector<Hearing> hearings(const snapshot::Service& service);

/// One table for all services that say the same, under their names, in the order of the file.
std::string who_hears_what(const snapshot::Snapshot& snapshot);

}  // namespace intermission::report
