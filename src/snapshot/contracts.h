// Reads the contracts that services name in the configuration, and hands them to those services.
//
//   Contracts contracts = read_contracts(std::move(configuration->catalog));
//   for (const base::Error& problem : contracts.problems) log(problem.text());
//   Snapshot snapshot(std::move(contracts.catalog));
//
// A service whose contract is wrong is answered for as if it had none: a mistake in a document
// that somebody else maintains takes no answer away.
#pragma once

#include <vector>

#include "base/result.h"
#include "catalog/catalog.h"

namespace intermission::snapshot {

struct Contracts {
  catalog::Catalog catalog;
  std::vector<base::Error> problems;  // one for each document that could not be used
};

/// Touches the disk; not for the request path.
Contracts read_contracts(catalog::Catalog catalog);

}  // namespace intermission::snapshot
