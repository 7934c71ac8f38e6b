// `intermission reload`: makes the gateway read its configuration again.
#include <memory>

#include "cli/commands.h"
#include "cli/remote.h"
#include "cli/tables.h"

namespace intermission::cli {

Command add_reload(CLI::App& app, const FindPlace& find) {
  const auto remote = std::make_shared<Remote>(Remote{.find = find});
  CLI::App& command = add_remote(app, *remote, "reload", "Reload the configuration");
  return {&command, [remote] { return remote->call("POST", "/api/reload", {}, show_reload); }};
}

}  // namespace intermission::cli
