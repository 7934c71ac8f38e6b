// `intermission callers`: the clients that called.
#include <memory>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/remote.h"
#include "cli/tables.h"

namespace intermission::cli {

Command add_callers(CLI::App& app, const FindPlace& find) {
  const auto remote = std::make_shared<Remote>(Remote{.find = find});
  CLI::App& command = add_remote(app, *remote, "callers", "List the clients that called");
  add_json_option(command, *remote);
  add_flag(command, "--local", remote->local, "Only those of this instance");
  return {&command, [remote] {
            return remote->call("GET",
                                remote->local ? "/api/callers?instance=self" : "/api/callers", {},
                                show_callers);
          }};
}

}  // namespace intermission::cli
