#include "cli/command.h"

#include "base/text.h"
#include "cli/arguments.h"
#include "http/date.h"

namespace intermission::cli {

void add_config_option(CLI::App& command, std::string& file) {
  add_option(command, "--config", file,
             "Configuration file, YAML or JSON (environment: INTERMISSION_CONFIG)", "FILE");
}

base::Result<base::TimePoint> chosen_moment(const std::string& at) {
  if (at.empty()) return base::SystemClock().now();
  if (const auto time = http::parse_rfc3339(at)) return *time;
  return base::Error{"--at: expected a time such as 2026-12-01T22:00:00Z, got \"" +
                     base::printable(at) + "\""};
}

}  // namespace intermission::cli
