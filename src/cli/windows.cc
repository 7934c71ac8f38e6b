// `intermission windows`: lists, plans and removes maintenance windows of a service.
#include <memory>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/remote.h"
#include "cli/tables.h"

namespace intermission::cli {
namespace {

struct WindowsOptions : Remote {
  std::string start;
  std::string end;
  std::string lasts;
  std::string zone;
  std::string rrule;
  std::string window;
};
using Shared = std::shared_ptr<WindowsOptions>;

int list(const WindowsOptions& options) {
  return options.call("GET", options.service_path("/windows"), {}, show_windows);
}

// Shows the windows that there are then, with their names.
int change(const WindowsOptions& options, std::string_view method, const std::string& path,
           const std::string& body) {
  const int done = options.call(method, path, body, show_nothing);
  return done == kDone && !options.json ? list(options) : done;
}

int plan(const WindowsOptions& options) {
  if (options.end.empty() && options.lasts.empty()) {
    return wrong("give --end or --for (see intermission windows SERVICE plan --help)");
  }
  return change(options, "POST", options.service_path("/windows"),
                body_of({{"start", &options.start},
                         {"end", &options.end},
                         {"for", &options.lasts},
                         {"zone", &options.zone},
                         {"rrule", &options.rrule}}));
}

int remove(const WindowsOptions& options) {
  return change(options, "DELETE", options.service_path("/windows/" + segment_of(options.window)),
                {});
}

Command add_plan(CLI::App& windows, const Shared& options) {
  CLI::App& command = add_command(windows, "plan", "Plan a window");
  add_required(command, "--start", options->start, "Start, for example 2026-12-01T22:00:00Z",
               "TIME");
  add_option(command, "--end", options->end, "End, for example 2026-12-02T02:00:00Z", "TIME");
  add_option(command, "--for", options->lasts, "Duration in place of --end, for example 2h",
             "DURATION");
  exclude(command, "--for", "--end");
  add_option(command, "--zone", options->zone,
             "Time zone, for example Europe/Berlin; --start then has no Z", "ZONE");
  add_option(command, "--rrule", options->rrule, "Recurrence, for example FREQ=WEEKLY;BYDAY=SU",
             "RULE");
  take_outer_options(command);
  return {&command, [options] { return plan(*options); }};
}

Command add_remove(CLI::App& windows, const Shared& options) {
  CLI::App& command = add_command(windows, "remove", "Remove a window");
  add_required(command, "WINDOW", options->window,
               "Name of the window, as listed by `intermission windows SERVICE`");
  take_outer_options(command);
  return {&command, [options] { return remove(*options); }};
}

}  // namespace

std::vector<Command> add_windows(CLI::App& app, const FindPlace& find) {
  const auto options = std::make_shared<WindowsOptions>();
  options->find = find;
  CLI::App& windows = add_for_service(app, *options, "windows",
                                      "List, plan or remove maintenance windows of a service");
  add_json_option(windows, *options);
  Command planning = add_plan(windows, options);
  Command removing = add_remove(windows, options);
  require_commands(windows, 0, 1);
  return {
      {&windows, [options] { return list(*options); }}, std::move(planning), std::move(removing)};
}

}  // namespace intermission::cli
