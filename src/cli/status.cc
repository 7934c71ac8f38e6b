// `intermission status`: all services with their state, then what operators must know of the
// gateway itself.
#include <memory>

#include "cli/commands.h"
#include "cli/remote.h"
#include "cli/tables.h"

namespace intermission::cli {
namespace {

int run(const Remote& remote) {
  const int done = remote.call("GET", "/api/services", {}, show_services);
  if (done != kDone || remote.json) return done;
  return remote.call("GET", "/api/status", {}, show_gateway);
}

}  // namespace

Command add_status(CLI::App& app, const FindPlace& find) {
  const auto remote = std::make_shared<Remote>(Remote{.find = find});
  CLI::App& command = add_remote(app, *remote, "status", "List all services with their state");
  add_json_option(command, *remote);
  return {&command, [remote] { return run(*remote); }};
}

}  // namespace intermission::cli
