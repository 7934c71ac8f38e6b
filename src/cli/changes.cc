// `intermission changes`: the changes that operators made.
#include <memory>

#include "cli/commands.h"
#include "cli/remote.h"
#include "cli/tables.h"

namespace intermission::cli {

Command add_changes(CLI::App& app, const FindPlace& find) {
  const auto remote = std::make_shared<Remote>(Remote{.find = find});
  CLI::App& command = add_remote(app, *remote, "changes", "List the changes that operators made");
  add_json_option(command, *remote);
  return {&command, [remote] { return remote->call("GET", "/api/changes", {}, show_changes); }};
}

}  // namespace intermission::cli
