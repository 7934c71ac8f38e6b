// `intermission on`: starts maintenance of a service.
#include <memory>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/remote.h"
#include "cli/tables.h"

namespace intermission::cli {
namespace {

struct OnOptions : Remote {
  std::string until;
  std::string lasts;
  std::string message;
  bool ends = false;
};

int run_on(const OnOptions& options) {
  return options.call(
      "POST", options.change_path("/on"),
      body_of({{"until", &options.until}, {"for", &options.lasts}, {"message", &options.message}},
              options.ends, options.local),
      show_service_line);
}

}  // namespace

Command add_on(CLI::App& app, const FindPlace& find) {
  const auto options = std::make_shared<OnOptions>();
  options->find = find;
  CLI::App& on = add_for_service(app, *options, "on", "Start maintenance of a service");
  add_option(on, "--for", options->lasts, "Planned duration, for example 30m or 2h", "DURATION");
  add_option(on, "--until", options->until,
             "Planned end in place of --for, for example 2026-12-02T02:00:00Z", "TIME");
  exclude(on, "--until", "--for");
  add_option(on, "--message", options->message, "Message to clients until `off`");
  add_flag(on, "--ends", options->ends,
           "End at the planned end; without it, maintenance continues until `off`");
  add_wait_option(on, *options);
  add_local_option(on, *options);
  return {&on, [options] { return run_on(*options); }};
}

}  // namespace intermission::cli
