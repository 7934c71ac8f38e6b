// How --help looks, and what is said about arguments that are not understood. CLI11 would show how
// it works inside: "--wait{5s}", "[Option Group: where]", "SERVICE TEXT REQUIRED".
#pragma once

#include <string>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace intermission::cli {

/// For `app` and all commands that are added afterwards.
void set_help_format(CLI::App& app);

/// `argv` is wrong by `error`: what is wrong, and which --help says more.
std::string usage_problem(const CLI::App& app, const CLI::ParseError& error, int argc,
                          const char* const* argv);

/// The first argument, if it is a command that `app` does not have.
std::string unknown_command(const CLI::App& app, int argc, const char* const* argv);

}  // namespace intermission::cli
