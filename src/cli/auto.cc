// `intermission auto`: a service follows the configuration and the planned windows again.
#include <memory>

#include "cli/commands.h"
#include "cli/remote.h"
#include "cli/tables.h"

namespace intermission::cli {

Command add_auto(CLI::App& app, const FindPlace& find) {
  const auto remote = std::make_shared<Remote>(Remote{.find = find});
  CLI::App& command = add_for_service(app, *remote, "auto",
                                      "Follow the configuration and the planned windows again");
  add_wait_option(command, *remote);
  return {&command, [remote] {
            return remote->call("POST", remote->change_path("/auto"), {}, show_service_line);
          }};
}

}  // namespace intermission::cli
