#include "cli/command_line.h"

#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
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
int reject_usage(const CLI::App& app, const CLI::ParseError& error, int argc, char** argv) {
  if (argc < 2) {
    return wrong("a command is expected, such as serve or status (see intermission --help)");
  }
  const std::string_view first = argv[1];
  const auto given = app.get_subcommands();
  if (first.starts_with("--") && !given.empty()) {
    const std::string option(first.substr(0, first.find('=')));
    const std::string command = "intermission " + given.front()->get_name();
    return wrong("options come after the command: " + command + " " + option + " (see " + command +
                 " --help)");
  }
  return wrong(usage_problem(app, error, argc, argv));
}

int run_command(int argc, char** argv) {
  CLI::App app{
      "Answers for services in maintenance: every request, in the form its own client understands.",
      "intermission"};
  set_help_format(app);
  app.set_version_flag("--version", std::string("intermission ") + base::kVersion);
  app.require_subcommand(1);
  app.failure_message(CLI::FailureMessage::simple);
  const std::vector<Command> commands = add_commands(app, place_of_operators);
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
    return run_command(argc, argv);
  } catch (const std::exception& error) {
    return wrong(error.what());
  }
}

}  // namespace intermission::cli
