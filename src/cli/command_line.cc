#include "cli/command_line.h"

#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "base/version.h"
#include "cli/commands.h"
#include "cli/help.h"

namespace intermission::cli {
namespace {

// A standard stream that came closed leaves its number to the next socket, and a line that is
// meant for the log would reach a client.
void occupy_standard_streams() {
  int descriptor = -1;
  do {
    descriptor = open("/dev/null", O_RDWR | O_CLOEXEC);
  } while (descriptor >= 0 && descriptor <= STDERR_FILENO);
  if (descriptor >= 0) close(descriptor);
}

// Wrong usage, with the --help that shows the right one.
int reject_usage(const CLI::App& app, const CLI::ParseError& error, int argc,
                 const char* const* argv) {
  if (argc < 2) {
    return wrong("a command is expected, such as serve or status (see intermission --help)");
  }
  return wrong(usage_problem(app, error, argc, argv));
}

// Whether a command, or one below it, has that option and takes the next argument as its value.
bool takes_value(const CLI::App& app, const std::string& option) {
  const auto commands = commands_of(app);
  return std::any_of(commands.begin(), commands.end(), [&](const CLI::App* command) {
    const CLI::Option* const known = command->get_option_no_throw(option);
    return known != nullptr ? known->get_items_expected_max() > 0 : takes_value(*command, option);
  });
}

// Options of a command may stand before it, as in `intermission --config FILE status`. `first` is
// where the commands of `app` are expected.
void put_command_first(const CLI::App& app, std::vector<char*>& arguments, std::size_t first = 1) {
  if (first >= arguments.size()) return;
  std::size_t at = first;
  while (at < arguments.size() && std::string_view(arguments[at]).starts_with("--")) {
    const std::string option = arguments[at];
    if (app.get_option_no_throw(option) != nullptr) return;  // of no command
    at += takes_value(app, option) ? 2 : 1;
  }
  at = std::min(at, arguments.size() - 1);  // the value of the last option may be missing
  for (const CLI::App* const command : commands_of(app)) {
    if (command->get_name() != arguments[at]) continue;
    const auto found = arguments.begin() + static_cast<std::ptrdiff_t>(at);
    std::rotate(arguments.begin() + static_cast<std::ptrdiff_t>(first), found, found + 1);
    put_command_first(*command, arguments, first + 1);
    return;
  }
}

// `intermission help COMMAND` is `intermission COMMAND --help`.
void expand_help(std::vector<char*>& arguments) {
  static char help[] = "--help";
  if (arguments.size() < 2 || std::string_view(arguments[1]) != "help") return;
  arguments.erase(arguments.begin() + 1);
  arguments.push_back(help);
}

int run_command(std::vector<char*> arguments) {
  CLI::App app{
      "Answers for services in maintenance: every request, in the form its own client understands.",
      "intermission"};
  set_help_format(app);
  app.set_version_flag("--version", std::string("intermission ") + base::kVersion);
  app.require_subcommand(1);
  app.failure_message(CLI::FailureMessage::simple);
  const std::vector<Command> commands = add_commands(app, place_of_operators);
  expand_help(arguments);
  put_command_first(app, arguments);
  const auto argc = static_cast<int>(arguments.size());
  const char* const* const argv = arguments.data();
  if (const std::string problem = unknown_command(app, argc, argv); !problem.empty()) {
    return wrong(problem + " (see intermission --help)");
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help and --version
    return reject_usage(app, error, argc, argv);
  }
  return run_given(commands);
}

}  // namespace

int run(int argc, char** argv) {
  try {
    occupy_standard_streams();
    return run_command({argv, argv + argc});
  } catch (const std::exception& error) {
    return wrong(error.what());
  }
}

}  // namespace intermission::cli
