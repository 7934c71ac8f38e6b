// `intermission off`: ends maintenance of a service.
#include <memory>

#include "cli/commands.h"
#include "cli/remote.h"
#include "cli/tables.h"

namespace intermission::cli {

Command add_off(CLI::App& app, const FindPlace& find) {
  const auto remote = std::make_shared<Remote>(Remote{.find = find});
  CLI::App& command = add_for_service(app, *remote, "off",
                                      "End maintenance of a service; later windows stay planned");
  add_wait_option(command, *remote);
  add_local_option(command, *remote);
  return {&command, [remote] {
            return remote->call("POST", remote->change_path("/off"),
                                remote->local ? body_of({}, false, true) : std::string(),
                                show_service_line);
          }};
}

}  // namespace intermission::cli
