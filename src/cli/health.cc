// `intermission health`: whether the gateway of this machine answers; for containers, which have no
// other program that could ask. Only `listen` of the configuration is read: a gateway that keeps
// its old configuration because the new one is wrong is well.
#include <algorithm>
#include <chrono>
#include <memory>

#include "catalog/operator_settings.h"
#include "cli/arguments.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/place.h"
#include "program/source.h"

namespace intermission::cli {
namespace {

struct HealthOptions {
  program::Source source;
  std::string port;
  bool tls = false;
};

/// The port that is asked, and by TLS whether it can be.
base::Result<std::uint16_t> chosen_port(const HealthOptions& options,
                                        const catalog::Listen& listen) {
  if (!options.tls) return program::data_port(options.port, listen.port);
  const auto tls = listen.tls.value_or(catalog::ListenTls());
  if (!tls.client_ca.empty()) {
    return base::Error{
        "--tls: with listen.tls.client_ca the gateway requires client certificates, and this "
        "command "
        "has none: omit --tls"};
  }
  return program::chosen_port("--port", options.port, tls.port);
}

/// Whether connections from this machine begin with a PROXY protocol header.
bool begins_with_proxy_header(const catalog::Listen& listen) {
  const auto address = http::Address::parse(own_address(listen.address));
  return address && std::ranges::any_of(listen.proxy_protocol, [&](const http::Network& network) {
           return network.contains(*address);
         });
}

int run_health(const HealthOptions& options) {
  constexpr std::chrono::seconds kPatience{2};
  const auto settings = catalog::operator_settings(options.source.path());
  const catalog::Listen listen = settings ? settings->listen : catalog::Listen();
  const auto port = chosen_port(options, listen);
  if (!port) return wrong(port.error().text());
  // Any certificate will do: what is asked is whether this machine's gateway answers, and nothing
  // that is secret is sent.
  const Client client({.url = (options.tls ? "https://" : "http://") + reachable(listen.address) +
                              ':' + std::to_string(*port),
                       .token = {},
                       .patience = kPatience,
                       .verifies = false,
                       .proxy_protocol = begins_with_proxy_header(listen)});
  const auto reply = client.call("GET", "/.well-known/intermission/health");
  if (reply && reply->good()) return kDone;
  return failed(reply ? client.url() + " answers " + std::to_string(reply->status)
                      : client.url() + " does not answer");
}

}  // namespace

Command add_health(CLI::App& app) {
  const auto options = std::make_shared<HealthOptions>();
  CLI::App& command =
      add_command(app, "health",
                  "Check that the gateway on this machine answers; the exit code is 0 if it does");
  add_config_option(command, options->source.file);
  add_option(command, "--port", options->port,
             "Port for clients (environment: PORT; default: as configured)", "N");
  add_flag(command, "--tls", options->tls,
           "Use TLS, on the port of listen.tls; any certificate is accepted");
  add_footer(
      command,
      "Only `listen` of the configuration is read: a running gateway keeps its configuration, even "
      "if\n"
      "the file is broken or gone.");
  return {&command, [options] { return run_health(*options); }};
}

}  // namespace intermission::cli
