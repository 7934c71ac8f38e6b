// Completion for shells: words made from the commands and options that there are.
#pragma once

#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace intermission::cli {

/// A script for bash, zsh or fish; empty for any other shell. Names of services are asked of
/// `intermission status --json` when somebody presses Tab.
std::string completion_for(std::string_view shell, const CLI::App& app);

}  // namespace intermission::cli
