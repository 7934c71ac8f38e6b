// The operations of the API, for calls with the token. Each answers, or returns why it does not.
#pragma once

#include <optional>

#include "control/api.h"
#include "control/call.h"
#include "control/refusal.h"

namespace intermission::control {

using Operation = std::optional<Refusal> (*)(const ApiParts& parts, Call& call);

// operations_services.cc
std::optional<Refusal> list_services(const ApiParts& parts, Call& call);
std::optional<Refusal> show_service(const ApiParts& parts, Call& call);
std::optional<Refusal> do_switch_on(const ApiParts& parts, Call& call);
std::optional<Refusal> do_switch_off(const ApiParts& parts, Call& call);
std::optional<Refusal> do_follow_plan(const ApiParts& parts, Call& call);
std::optional<Refusal> do_extend(const ApiParts& parts, Call& call);
std::optional<Refusal> do_set_message(const ApiParts& parts, Call& call);
std::optional<Refusal> do_reset_message(const ApiParts& parts, Call& call);
std::optional<Refusal> do_let_in(const ApiParts& parts, Call& call);
std::optional<Refusal> list_windows(const ApiParts& parts, Call& call);
std::optional<Refusal> do_plan_window(const ApiParts& parts, Call& call);
std::optional<Refusal> do_remove_window(const ApiParts& parts, Call& call);
std::optional<Refusal> list_all_windows(const ApiParts& parts, Call& call);

// operations_gateway.cc
std::optional<Refusal> show_dashboard(const ApiParts& parts, Call& call);
std::optional<Refusal> show_health(const ApiParts& parts, Call& call);
std::optional<Refusal> show_readiness(const ApiParts& parts, Call& call);
std::optional<Refusal> show_status(const ApiParts& parts, Call& call);
std::optional<Refusal> list_instances(const ApiParts& parts, Call& call);
std::optional<Refusal> do_reload(const ApiParts& parts, Call& call);
std::optional<Refusal> list_changes(const ApiParts& parts, Call& call);
std::optional<Refusal> list_callers(const ApiParts& parts, Call& call);
std::optional<Refusal> list_answers(const ApiParts& parts, Call& call);
std::optional<Refusal> list_history(const ApiParts& parts, Call& call);
std::optional<Refusal> show_metrics(const ApiParts& parts, Call& call);
std::optional<Refusal> do_explain(const ApiParts& parts, Call& call);
std::optional<Refusal> listen_to_events(const ApiParts& parts, Call& call);

}  // namespace intermission::control
