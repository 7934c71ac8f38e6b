#include "cli/help.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <string_view>
#include <vector>

#include "base/suggest.h"
#include "base/text.h"
#include "cli/command.h"

namespace intermission::cli {
namespace {

// "intermission windows SERVICE plan": with what an outer command needs before the inner one.
std::string full_name(const CLI::App& app) {
  const CLI::App* outer = app.get_parent();
  if (outer == nullptr) return app.get_name();
  std::string name = full_name(*outer);
  for (const CLI::Option* option : outer->get_options()) {
    if (option->get_positional() && option->get_required()) name += " " + option->get_name();
  }
  return name + " " + app.get_name();
}

class HelpFormat final : public CLI::Formatter {
 public:
  HelpFormat() { label("Positionals", "Arguments"); }

  std::string make_usage(const CLI::App* app, std::string /*name*/) const override {
    return CLI::Formatter::make_usage(app, full_name(*app));
  }
  // "--wait{5s}" may have a value, and has 5s without one.
  std::string make_option_name(const CLI::Option* option, bool is_positional) const override {
    std::string name = CLI::Formatter::make_option_name(option, is_positional);
    const auto value = name.find('{');
    return value == std::string::npos ? name : name.substr(0, value) + "[=DURATION]";
  }
  std::string make_option_opts(const CLI::Option* option) const override {
    std::string text;
    const bool has_value = option->get_type_size() != 0;
    if (has_value && !option->get_positional()) text += " " + option->get_type_name();
    if (option->get_expected_max() == CLI::detail::expected_max_vector_size) text += " ...";
    if (option->get_required()) text += " (required)";
    return text;
  }
};

// The names of options that may be given to `app`, those of outer commands among them.
std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* one = &app; one != nullptr;
       one = one->get_fallthrough() ? one->get_parent() : nullptr) {
    for (const CLI::Option* option : one->get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
      for (const std::string& name : option->get_snames()) names.push_back("-" + name);
    }
  }
  return names;
}

std::string suggestion(std::string_view word, const std::vector<std::string>& known) {
  const std::vector<std::string_view> names(known.begin(), known.end());
  return base::suggestion(word, names);
}

// Of what nobody asked for, the first as it was written. CLI11 gives them in any order.
std::string unexpected(const CLI::App& app, const CLI::App& command, int argc,
                       const char* const* argv) {
  const std::vector<std::string> rest = app.remaining(true);
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (std::find(rest.begin(), rest.end(), argument) == rest.end()) continue;
    if (!argument.starts_with('-'))
      return "unexpected argument \"" + base::printable(argument) + "\"";
    const std::string name = argument.substr(0, argument.find('='));
    return "unknown option " + base::printable(name) + suggestion(name, option_names(command));
  }
  return {};
}

// "--port: 1 required N missing" and "SHELL: tcsh not in {bash,zsh,fish}" in our own words; empty
// for everything else.
std::string reworded(std::string_view what) {
  const auto colon = what.find(": ");
  if (colon == std::string_view::npos) return {};
  const std::string name(what.substr(0, colon));
  if (what.ends_with(" missing")) return name + " needs a value";
  const std::string_view value = what.substr(colon + 2);
  constexpr std::string_view kNotIn = " not in {";
  const auto not_in = value.find(kNotIn);
  if (not_in == std::string_view::npos || !value.ends_with('}')) return {};
  std::string choices;
  for (const char c : value.substr(not_in + kNotIn.size())) {
    if (c != '}') choices += c == ',' ? std::string(", ") : std::string(1, c);
  }
  return name + ": expected one of " + choices + ", got \"" +
         base::printable(value.substr(0, not_in)) + "\"";
}

}  // namespace

void set_help_format(CLI::App& app) {
  app.formatter(std::make_shared<HelpFormat>());
}

std::string unknown_command(const CLI::App& app, int argc, const char* const* argv) {
  if (argc < 2 || argv[1][0] == '-') return {};
  std::vector<std::string> known;
  for (const CLI::App* one : commands_of(app)) {
    if (one->get_name() == argv[1]) return {};
    known.push_back(one->get_name());
  }
  return "unknown command \"" + base::printable(argv[1]) + "\"" + suggestion(argv[1], known);
}

std::string usage_problem(const CLI::App& app, const CLI::ParseError& error, int argc,
                          const char* const* argv) {
  const CLI::App* command = &app;
  std::string help = app.get_name();
  while (!command->get_subcommands().empty()) {
    command = command->get_subcommands().front();
    help = full_name(*command);
  }
  std::string problem;
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    problem = unexpected(app, *command, argc, argv);
  }
  if (problem.empty()) problem = reworded(error.what());
  if (problem.empty()) problem = error.what();
  return problem + " (see " + help + " --help)";
}

}  // namespace intermission::cli
