// The answers of services to each kind of client, as a table for people: kind, status, status at a
// gate, media types.
#pragma once

#include <string>
#include <vector>

#include "dialect/dialect.h"
#include "snapshot/snapshot.h"

namespace intermission::report {

/// The answers to one kind of client; each list has every different value once, with commas.
struct KindAnswers {
  const dialect::Dialect* dialect;  // never null
  std::string statuses;
  std::string gate_statuses;  // at a gate, where no 2xx may be sent
  std::string media_types;
};

/// One for each row of the table of dialects that something may choose, in its order. Renders all
/// of them.
std::vector<KindAnswers> answers_of(const snapshot::Service& service);

/// One table for all services that answer alike, under their names, in the order of the file.
std::string answers_by_kind(const snapshot::Snapshot& snapshot);

}  // namespace intermission::report
