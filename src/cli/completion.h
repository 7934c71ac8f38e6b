// Completion for shells, made from the commands and their options.
#pragma once

#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace intermission::cli {

/// A script for bash, zsh or fish; empty for any other shell. The script gets the names of
/// services from `intermission status --json` when Tab is pressed.
std::string completion_for(std::string_view shell, const CLI::App& app);

}  // namespace intermission::cli
