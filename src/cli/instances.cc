// `intermission instances`: the instances that share their state.
#include <memory>

#include "cli/commands.h"
#include "cli/remote.h"
#include "cli/tables.h"

namespace intermission::cli {

Command add_instances(CLI::App& app, const FindPlace& find) {
  const auto remote = std::make_shared<Remote>(Remote{.find = find});
  CLI::App& command =
      add_remote(app, *remote, "instances", "List the instances that share their state");
  add_json_option(command, *remote);
  return {&command, [remote] { return remote->call("GET", "/api/instances", {}, show_instances); }};
}

}  // namespace intermission::cli
