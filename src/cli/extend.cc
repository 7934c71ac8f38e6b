// `intermission extend`: postpones the end of maintenance.
#include <memory>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/remote.h"
#include "cli/tables.h"

namespace intermission::cli {
namespace {

struct ExtendOptions : Remote {
  std::string by;
};

}  // namespace

Command add_extend(CLI::App& app, const FindPlace& find) {
  const auto options = std::make_shared<ExtendOptions>();
  options->find = find;
  CLI::App& command = add_for_service(app, *options, "extend", "Postpone the end of maintenance");
  add_wait_option(command, *options);
  add_required(command, "DURATION", options->by, "By how much, for example 30m");
  return {&command, [options] {
            return options->call("POST", options->change_path("/extend"),
                                 body_of({{"by", &options->by}}), show_service_line);
          }};
}

}  // namespace intermission::cli
