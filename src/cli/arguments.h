// The arguments of a command, as its --help lists them. CLI11 reads them; its header takes each
// file that includes it seconds to compile, so commands use these functions in place of it.
//
//   CLI::App& bypass = add_command(app, "bypass", "Create a signed link");
//   add_required(bypass, "SERVICE", options->service, "Name of the service");
//   add_option(bypass, "--for", options->lasts, "Validity of the link", "DURATION");
//
// What a value is written to outlives the command. A name without hyphens is that of an argument
// that is known by its place.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace intermission::cli {

CLI::App& add_command(CLI::App& parent, const char* name, const char* what);
/// Text below the list of options.
void add_footer(CLI::App& command, const char* text);

/// `type` stands for the value in --help.
void add_option(CLI::App& command, const char* name, std::string& value, const char* what,
                const char* type = "TEXT");
/// One that must be given.
void add_required(CLI::App& command, const char* name, std::string& value, const char* what,
                  const char* type = "TEXT");
/// One that must be given, with one of these values.
void add_choice(CLI::App& command, const char* name, std::string& value, const char* what,
                const std::vector<std::string>& values);
/// One that may be given more than once, each time with one value.
void add_repeatable(CLI::App& command, const char* name, std::vector<std::string>& values,
                    const char* what, const char* type = "TEXT");
void add_flag(CLI::App& command, const char* name, bool& value, const char* what);
/// "--wait{5s}": one that may have a value, and has 5s where it is given without one.
void add_flag(CLI::App& command, const char* name, std::string& value, const char* what);

/// Of two options of `command` at most one may be given.
void exclude(CLI::App& command, const char* name, const char* other);
/// How many commands inside `command` must be given, and may be.
void require_commands(CLI::App& command, unsigned least, unsigned most);
/// Options of the command around `command` may stand behind it, too.
void take_outer_options(CLI::App& command);

}  // namespace intermission::cli
