// `intermission bypass`: a signed link that lets a tester through the gate.
#include <iostream>
#include <memory>

#include "base/text.h"
#include "catalog/duration.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "gateway/pass.h"
#include "http/date.h"
#include "program/source.h"

namespace intermission::cli {
namespace {

struct Options {
  program::Source source;
  std::string service;
  std::string lasts = "1h";
};

int run(const Options& options) {
  const auto lasts = catalog::parse_duration(options.lasts);
  if (!lasts || *lasts < base::Seconds(1)) {
    return wrong(wrong_value("--for", "a duration such as 2h or 30m", options.lasts).text());
  }
  const auto key = program::bypass_key();
  if (!key) return wrong(key.error().text());
  if (!*key)
    return wrong(std::string(program::kBypassKey) + ": expected the secret that signs links");
  const auto configuration = options.source.load();
  if (!configuration) return wrong(configuration.error().text());
  for (const catalog::Service& service : configuration->catalog.services()) {
    if (service.name != options.service) continue;
    const base::TimePoint until = base::SystemClock().now() + *lasts;
    const gateway::PassLink made = gateway::make_pass_link(service, until);
    std::cout << "link    " << made.link << "\nheader  Cookie: " << made.cookie << "\nuntil   "
              << http::rfc3339(until) << '\n';
    return kDone;
  }
  return failed("unknown service " + base::printable(options.service));
}

}  // namespace

Command add_bypass(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App& command =
      add_command(app, "bypass", "Create a signed link that lets a tester through the gate");
  add_config_option(command, options->source.file);
  add_required(command, "SERVICE", options->service, "Name of the service");
  add_option(command, "--for", options->lasts, "Validity of the link (default: 1h)", "DURATION");
  add_footer(
      command,
      "INTERMISSION_BYPASS_KEY signs the link; serve needs the same key. Changing the key makes "
      "all\n"
      "links signed with the old one invalid.");
  return {&command, [options] { return run(*options); }};
}

}  // namespace intermission::cli
