// Holds a configuration file against schemas/config.schema.json, which travels inside the
// program, and turns the first thing that is wrong into one line for a person. What the schema
// cannot say (dates, overlaps, names claimed twice) is up to the readers of each part.
//
// Each description in the schema starts with what is expected there, as a phrase that ends at
// the first ". "; messages quote that phrase.
#pragma once

#include <optional>

#include "base/result.h"
#include "document/document.h"

namespace intermission::catalog {

/// The first violation, if any. Any thread.
std::optional<base::Error> validate(const document::Document& document);

}  // namespace intermission::catalog
