#include "cli/commands.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <utility>

namespace intermission::cli {

std::vector<Command> add_commands(CLI::App& app, const FindPlace& find) {
  std::vector<Command> commands;
  for (const auto add : {add_serve, add_check, add_preview, add_explain, add_bypass, add_health,
                         add_state_migrate}) {
    commands.push_back(add(app));
  }
  for (const auto add : {add_on, add_off, add_auto, add_extend, add_message}) {
    commands.push_back(add(app, find));
  }
  for (Command& command : add_windows(app, find)) commands.push_back(std::move(command));
  for (const auto add :
       {add_status, add_callers, add_instances, add_changes, add_reload, add_watch}) {
    commands.push_back(add(app, find));
  }
  commands.push_back(add_completion(app));
  return commands;
}

int run_given(const std::vector<Command>& commands) {
  // Innermost first: `windows SERVICE plan` is also `windows`.
  for (auto command = commands.rbegin(); command != commands.rend(); ++command) {
    if (!command->app->parsed()) continue;
    const int code = command->run();
    if (code != kDone || !command->prints || std::cout.flush()) return code;
    return failed("the output could not be written");
  }
  return kWrong;
}

}  // namespace intermission::cli
