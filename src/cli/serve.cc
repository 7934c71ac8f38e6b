// `intermission serve`: runs the gateway. What it does is in program/serve.cc.
#include "program/serve.h"
#include "cli/arguments.h"

#include <memory>

#include "cli/commands.h"

namespace intermission::cli {

Command add_serve(CLI::App& app) {
  const auto options = std::make_shared<program::ServeOptions>();
  CLI::App& command = add_command(app, "serve", "Run the gateway until SIGTERM or SIGINT");
  add_config_option(command, options->source.file);
  add_option(command, "--port", options->port,
             "Data port, 0 for any free port (environment: PORT; default 8080)", "N");
  add_option(
      command, "--state-binding", options->binding,
      "Name of the binding in VCAP_SERVICES of the database that all instances share (default: "
      "the first that is tagged postgresql)",
      "NAME");
  add_option(command, "--control-port", options->control_port,
             "Control port, 0 for any free port (default 9099)", "N");
  add_option(command, "--tls-port", options->tls_port,
             "Data port for TLS, 0 for any free port (default 8443)", "N");
  add_flag(command, "--tls-self-signed", options->tls_self_signed,
           "For tests: also answer by TLS, with a self-signed certificate made in memory");
  add_footer(
      command,
      "Without a configuration file, the gateway answers for one service on every host with the "
      "text\n"
      "of MAINTENANCE_MESSAGE. SIGHUP reloads the configuration and certificates. SIGTERM and "
      "SIGINT\n"
      "stop the gateway after requests in flight have been answered.");
  return {&command, [options] { return program::serve(*options); }, false};
}

}  // namespace intermission::cli
