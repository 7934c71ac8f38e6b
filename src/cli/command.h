// A command of the command line, and what several of them share.
//
//   Command add_status(CLI::App& app, const FindPlace& find);   // in status.cc
//
// Each command has a file of its own, which adds the command's options to the command line and
// says what to do where the command is given.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "program/outcome.h"

namespace CLI {
class App;
}

namespace intermission::cli {

using program::failed;
using program::kDone;
using program::kFailed;
using program::kWrong;
using program::wrong;

struct Command {
  CLI::App* app;             // its parsed() says whether the command was given
  std::function<int()> run;  // returns the exit code
  /// Whether a lost output is a failure: a script that keeps a report on a full disk must not read
  /// success. Not of serve, whose first lines are all that it prints.
  bool prints = true;
};

/// The commands that `app` has, whether they were given or not.
std::vector<const CLI::App*> commands_of(const CLI::App& app);

/// Adds --config, whose value goes to `file`.
void add_config_option(CLI::App& command, std::string& file);

/// "OPTION: expected WHAT, got "GOT"".
base::Error wrong_value(std::string_view option, std::string_view what, std::string_view got);

/// The time that --at gives; now where `at` is empty.
base::Result<base::TimePoint> chosen_moment(const std::string& at);

}  // namespace intermission::cli
