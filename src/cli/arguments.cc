#include "cli/arguments.h"

#include <CLI/CLI.hpp>

namespace intermission::cli {

CLI::App& add_command(CLI::App& parent, const char* name, const char* what) {
  return *parent.add_subcommand(name, what);
}

void add_footer(CLI::App& command, const char* text) {
  command.footer(text);
}

void add_option(CLI::App& command, const char* name, std::string& value, const char* what,
                const char* type) {
  command.add_option(name, value, what)->type_name(type);
}

void add_required(CLI::App& command, const char* name, std::string& value, const char* what,
                  const char* type) {
  command.add_option(name, value, what)->type_name(type)->required();
}

void add_choice(CLI::App& command, const char* name, std::string& value, const char* what,
                const std::vector<std::string>& values) {
  command.add_option(name, value, what)->required()->check(CLI::IsMember(values));
}

void add_repeatable(CLI::App& command, const char* name, std::vector<std::string>& values,
                    const char* what, const char* type) {
  command.add_option(name, values, what)->type_name(type)->allow_extra_args(false);
}

void add_flag(CLI::App& command, const char* name, bool& value, const char* what) {
  command.add_flag(name, value, what);
}

void add_flag(CLI::App& command, const char* name, std::string& value, const char* what) {
  command.add_flag(name, value, what);
}

void exclude(CLI::App& command, const char* name, const char* other) {
  command.get_option(name)->excludes(command.get_option(other));
}

void require_commands(CLI::App& command, unsigned least, unsigned most) {
  command.require_subcommand(least, most);
}

void take_outer_options(CLI::App& command) {
  command.fallthrough();
}

}  // namespace intermission::cli
