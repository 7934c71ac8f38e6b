#include "cli/completion.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/commands.h"

namespace intermission::cli {
namespace {

struct CommandWords {
  std::string name;
  std::string what;
  std::vector<std::string> words;  // options, what they may be, and subcommands; each once
  bool wants_service = false;
};

void add_word(CommandWords& command, std::string word) {
  const auto same = std::find(command.words.begin(), command.words.end(), word);
  if (same == command.words.end()) command.words.push_back(std::move(word));
}

// "TEXT:{bash,zsh,fish}": the words that a value may be.
void add_choices(const CLI::Option& option, CommandWords& command) {
  const std::string type = option.get_type_name();
  const auto open = type.find('{');
  if (open == std::string::npos || !type.ends_with('}')) return;
  std::istringstream choices(type.substr(open + 1, type.size() - open - 2));
  for (std::string word; std::getline(choices, word, ',');) add_word(command, word);
}

void add_options(const CLI::App& app, CommandWords& command) {
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) add_word(command, "--" + name);
    if (option->get_name() == "SERVICE") command.wants_service = true;
    add_choices(*option, command);
  }
}

std::vector<CommandWords> words_of_commands(const CLI::App& app) {
  std::vector<CommandWords> commands;
  for (const CLI::App* one : commands_of(app)) {
    CommandWords command{one->get_name(), one->get_description(), {}, false};
    add_options(*one, command);
    for (const CLI::App* inner : commands_of(*one)) {
      add_word(command, inner->get_name());
      add_options(*inner, command);
    }
    commands.push_back(std::move(command));
  }
  return commands;
}

constexpr std::string_view kServices =
    "intermission status --json 2>/dev/null | grep -o '\"name\":\"[^\"]*\"' | cut -d'\"' -f4";

std::string for_bash(const std::vector<CommandWords>& commands) {
  std::string names;
  std::string cases;
  for (const CommandWords& command : commands) {
    names += (names.empty() ? "" : " ") + command.name;
    cases += fmt::format("    {}) words=\"{}\"", command.name, fmt::join(command.words, " "));
    if (command.wants_service) {
      cases +=
          "\n      [ \"$COMP_CWORD\" -ne 2 ] || words=\"$words $(" + std::string(kServices) + ")\"";
    }
    cases += " ;;\n";
  }
  return "# bash completion for intermission: source <(intermission completion bash)\n"
         "_intermission() {\n"
         "  local words=\"" +
         names +
         "\"\n"
         "  [ \"$COMP_CWORD\" -le 1 ] || case ${COMP_WORDS[1]} in\n" +
         cases +
         "  esac\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\"))\n"
         "}\n"
         "complete -o default -F _intermission intermission\n";
}

std::string for_zsh(const std::vector<CommandWords>& commands) {
  return "#compdef intermission\n"
         "# zsh completion for intermission: source <(intermission completion zsh)\n"
         "autoload -Uz compinit bashcompinit\n"
         "(( $+functions[compdef] )) || compinit -i\n"
         "bashcompinit\n" +
         for_bash(commands);
}

std::string for_fish(const std::vector<CommandWords>& commands) {
  std::string out = "# fish completion for intermission: intermission completion fish | source\n";
  for (const CommandWords& command : commands) {
    out += "complete -c intermission -n __fish_use_subcommand -f -a " + command.name + " -d '" +
           command.what + "'\n";
    const std::string seen = "'__fish_seen_subcommand_from " + command.name + "'";
    if (command.wants_service) {
      out += "complete -c intermission -n " + seen + " -f -a '(" +
             "intermission status --json 2>/dev/null | "
             "string match -rag \"\\\"name\\\":\\\"([^\\\"]*)\\\"\")'\n";
    }
    if (!command.words.empty()) {
      out += fmt::format("complete -c intermission -n {} -a '{}'\n", seen,
                         fmt::join(command.words, " "));
    }
  }
  return out;
}

}  // namespace

std::string completion_for(std::string_view shell, const CLI::App& app) {
  const auto commands = words_of_commands(app);
  if (shell == "bash") return for_bash(commands);
  if (shell == "zsh") return for_zsh(commands);
  if (shell == "fish") return for_fish(commands);
  return {};
}

Command add_completion(CLI::App& app) {
  const auto shell = std::make_shared<std::string>();
  CLI::App& command = add_command(app, "completion", "Print a completion script for a shell");
  add_choice(command, "SHELL", *shell, "bash, zsh or fish", {"bash", "zsh", "fish"});
  return {&command, [shell, &app] {
            std::cout << completion_for(*shell, app);
            return kDone;
          }};
}

}  // namespace intermission::cli
