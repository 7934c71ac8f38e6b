#include "cli/command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/text.h"
#include "cli/arguments.h"
#include "http/date.h"

namespace intermission::cli {

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

void add_config_option(CLI::App& command, std::string& file) {
  add_option(command, "--config", file,
             "Configuration file, YAML or JSON (environment: INTERMISSION_CONFIG)", "FILE");
}

base::Error wrong_value(std::string_view option, std::string_view what, std::string_view got) {
  return {fmt::format("{}: expected {}, got \"{}\"", option, what, base::printable(got))};
}

base::Result<base::TimePoint> chosen_moment(const std::string& at) {
  if (at.empty()) return base::SystemClock().now();
  if (const auto time = http::parse_rfc3339(at)) return *time;
  return wrong_value("--at", "a time such as 2026-12-01T22:00:00Z", at);
}

}  // namespace intermission::cli
