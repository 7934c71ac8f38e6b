// A State as the text that is kept, schemas/state.schema.json:
//
//   {"format":1,"version":7,"services":{"orders":{...}},"audit":[...]}
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "control/state.h"

namespace intermission::control {

std::string state_to_json(const State& state);

/// Held against the schema first: what is not a whole State is an Error that says where.
base::Result<State> state_from_json(std::string_view text, const std::string& file);

}  // namespace intermission::control
