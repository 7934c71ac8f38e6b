// One rule of a service, with its names looked up.
#pragma once

#include <cstddef>
#include <vector>

#include "catalog/service.h"
#include "http/field.h"

namespace intermission::snapshot {

struct Rule {
  const catalog::Rule* when = nullptr;  // outlives it
  std::size_t dialect = 0;              // row of the table
  struct Field {
    http::Field known = http::Field::kOther;
    std::size_t other = 0;  // position in Service::rule_fields, of one that only rules know

    bool operator==(const Field&) const = default;
  };
  std::vector<Field> fields;  // of when->headers, in their order
};

}  // namespace intermission::snapshot
