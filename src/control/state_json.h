// A State as the text that is kept, schemas/state.schema.json:
//
//   {"format":1,"version":7,"services":{"orders":{...}},"audit":[...]}
//
// The copy of a shared State names the change that it ends with, too.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "control/shared_state.h"
#include "control/state.h"

namespace intermission::control {

/// Without `shared` where the State is this instance's own.
std::string state_to_json(const State& state, const SharedHead* shared = nullptr);

/// Held against the schema first: what is not a whole State is an Error that says where. `shared`,
/// if given, gets the head of a copy, and stays as it is for a State of this instance alone.
base::Result<State> state_from_json(std::string_view text, const std::string& file,
                                    SharedHead* shared = nullptr);

/// One service of it.
std::string service_state_to_json(const ServiceState& service);
base::Result<ServiceState> service_state_from_json(std::string_view text, const std::string& place);

}  // namespace intermission::control
