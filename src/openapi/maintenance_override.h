// `x-maintenance` in an API document: what its authors want said during maintenance, whatever the
// responses declare. At an operation, at a path, or at the root; the nearest one counts, key by
// key. schemas/x-maintenance.schema.json has the same in JSON Schema.
//
//   x-maintenance:
//     status: 503                       # of the answer
//     dialect: legacy                   # say it as that dialect does, not as the document declares
//     example: { code: MAINTENANCE }    # the body; known members are filled with the truth
//     headers: { X-Reason: maintenance }
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "openapi/api_files.h"
#include "openapi/api_promise.h"

namespace intermission::openapi {

struct MaintenanceOverride {
  std::optional<std::uint16_t> status;
  std::optional<std::string> dialect;
  ApiNode example;
  std::vector<std::pair<std::string, std::string>> headers;

  /// Whether a header of that name, in any case, is among them.
  bool sets(std::string_view name) const;

  /// What `nearer` says goes before what this says.
  MaintenanceOverride under(const MaintenanceOverride& nearer) const;
};

/// Reads the x-maintenance of an object. What is wrong in it is noted and left out.
MaintenanceOverride read_override(const ApiPlace& object, std::vector<Finding>& findings);

}  // namespace intermission::openapi
