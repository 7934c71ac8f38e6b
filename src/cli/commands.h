// Every command, each in the file of its name, and the table of them.
//
//   const auto commands = add_commands(app, place_of_operators);   // adds the subcommands to app
//   app.parse(argc, argv);
//   return run_given(commands);
#pragma once

#include <vector>

#include "cli/command.h"
#include "cli/place.h"

namespace intermission::cli {

// Those that read the configuration themselves.
Command add_serve(CLI::App& app);
Command add_check(CLI::App& app);
Command add_preview(CLI::App& app);
Command add_explain(CLI::App& app);
Command add_bypass(CLI::App& app);
Command add_health(CLI::App& app);
Command add_state_migrate(CLI::App& app);
Command add_completion(CLI::App& app);

// Those that call a running gateway.
Command add_on(CLI::App& app, const FindPlace& find);
Command add_off(CLI::App& app, const FindPlace& find);
Command add_auto(CLI::App& app, const FindPlace& find);
Command add_extend(CLI::App& app, const FindPlace& find);
Command add_message(CLI::App& app, const FindPlace& find);
/// `windows`, then what is inside it: `windows plan` and `windows remove`.
std::vector<Command> add_windows(CLI::App& app, const FindPlace& find);
Command add_status(CLI::App& app, const FindPlace& find);
Command add_callers(CLI::App& app, const FindPlace& find);
Command add_instances(CLI::App& app, const FindPlace& find);
Command add_changes(CLI::App& app, const FindPlace& find);
Command add_reload(CLI::App& app, const FindPlace& find);
Command add_watch(CLI::App& app, const FindPlace& find);

/// All of these, in the order of --help. `app` outlives the result.
std::vector<Command> add_commands(CLI::App& app, const FindPlace& find);

/// Carries out the command that was given; returns the exit code. One of them must have been given,
/// as app.require_subcommand(1) makes sure.
int run_given(const std::vector<Command>& commands);

}  // namespace intermission::cli
