#include "program/serve.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <memory>
#include <random>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "base/file_system.h"
#include "base/own_file.h"
#include "base/resources.h"
#include "base/spdlog.h"
#include "base/version.h"
#include "control/api.h"
#include "control/control_plane.h"
#include "control/events.h"
#include "control/file_lock.h"
#include "control/public_api.h"
#include "control/secret.h"
#include "control/token.h"
#include "gateway/handler.h"
#include "observe/access_log.h"
#include "observe/log_sink.h"
#include "observe/metrics.h"
#include "observe/traffic.h"
#include "program/shared_store.h"
#include "program/signals.h"
#include "program/supervisor.h"
#include "program/tls.h"
#include "server/capacity.h"
#include "server/server.h"

namespace intermission::program {
namespace {

constexpr const char* kToken = "INTERMISSION_TOKEN";

std::vector<std::unique_ptr<gateway::Observer>> observers(observe::Traffic& traffic,
                                                          observe::AccessLog& access_log) {
  std::vector<std::unique_ptr<gateway::Observer>> made;
  made.push_back(traffic.observer());
  if (auto scribe = access_log.observer()) made.push_back(std::move(scribe));
  return made;
}

void report(std::string_view trouble) {
  spdlog::warn("{}", trouble);
}

/// The token that every call of the control listener must carry.
struct OperatorToken {
  std::string value;  // empty where there is none, which is logged
  std::string file;   // empty where the environment has it
};

/// An Error if there is a token that is no good.
base::Result<OperatorToken> chosen_token(const catalog::StateSettings& state) {
  auto given = control::secret_from_environment(kToken);
  if (!given) return given.error();
  if (*given) {
    if (auto problem = control::token_problem(**given, kToken)) return std::move(*problem);
    return OperatorToken{std::move(**given), {}};
  }
  const std::string file = control::token_file(state);
  base::SystemFiles files;
  auto kept = control::token_from_file(files, file);
  if (!kept) {
    spdlog::warn("the control listener is off: {}; the token can be set by {} instead",
                 kept.error().text(), kToken);
    return OperatorToken();
  }
  if (const auto problem = control::token_problem(*kept, file)) {
    return base::Error{problem->text() + "; remove the file to have a new token made"};
  }
  return OperatorToken{std::move(*kept), file};
}

/// Version 0.1 kept its state in the folder that it ran in. A gateway that silently forgot what its
/// operators switched would open a service that they had closed.
std::optional<base::Error> left_behind(const catalog::StateSettings& state) {
  namespace fs = std::filesystem;
  if (state.folder.empty() || state.name.starts_with('/')) return {};
  std::error_code ignored;
  if (!fs::exists(state.name, ignored) || fs::exists(state.file, ignored)) return {};
  return base::Error{"the state is now kept beside the configuration file: move " +
                         fs::absolute(state.name, ignored).string() + " there, or remove it",
                     state.file};
}

/// Held while this gateway serves; nothing where nothing is kept.
base::Result<std::optional<control::FileLock>> claim(const catalog::StateSettings& state) {
  if (state.file.empty()) return std::optional<control::FileLock>();
  if (auto error = left_behind(state)) return std::move(*error);
  base::SystemFiles files;
  if (const auto loose = base::looseness_of_folder(files, state.file)) spdlog::warn("{}", *loose);
  auto taken = control::FileLock::take(state.file);
  if (!taken) return taken.error();
  if (!taken->is_held()) {
    report("changes by operators will be rejected: " + state.file +
           " cannot be written (state.file)");
  }
  return std::optional<control::FileLock>(std::move(*taken));
}

unsigned workers_of(const catalog::Configuration& configuration) {
  return configuration.listen.workers != 0 ? configuration.listen.workers
                                           : std::max(1U, std::thread::hardware_concurrency());
}

/// What this machine lets the gateway carry.
server::Capacity chosen_capacity(const catalog::Configuration& configuration) {
  const server::Machine machine{base::available_memory(), base::raise_descriptor_limit(),
                                base::open_descriptors()};
  return server::plan_capacity(configuration.limits, workers_of(configuration), machine);
}

void tell(const server::Capacity& capacity) {
  spdlog::info("{}", capacity.memory);
  for (const std::string& warning : capacity.warnings) report(warning);
}

/// The port for TLS; nothing where there is none.
base::Result<std::optional<std::uint16_t>> tls_port(const ServeOptions& options,
                                                    const catalog::Listen& listen) {
  if (!listen.tls && !options.tls_self_signed) {
    if (options.tls_port.empty()) return std::optional<std::uint16_t>();
    return base::Error{
        "--tls-port: expected listen.tls in the configuration, or --tls-self-signed"};
  }
  const auto port =
      chosen_port("--tls-port", options.tls_port, listen.tls.value_or(catalog::ListenTls()).port);
  if (!port) return port.error();
  return std::optional(*port);
}

void warn_of_self_signed() {
  spdlog::warn(
      "TLS is for trying only: its certificate is self-signed, was made in memory just now and is "
      "gone at the end of this run. Clients will reject it unless they are set not to check. Set "
      "listen.tls to serve clients.");
}

server::Options data_listener(const catalog::Configuration& configuration,
                              const server::Capacity& capacity, std::uint16_t port) {
  server::Options listener;
  listener.address = configuration.listen.address;
  listener.port = port;
  listener.workers = workers_of(configuration);
  listener.limits = capacity.data;
  listener.http2 = configuration.listen.http2;
  listener.proxy_protocol = configuration.listen.proxy_protocol;
  listener.exempt_addresses = configuration.exempt_addresses;
  listener.report = report;
  if (const auto socket = handed_over()) {
    listener.inherited = socket->fd;
    listener.address = socket->address;
    listener.port = socket->port;
  }
  return listener;
}

server::Options control_listener(const catalog::Control& control, const server::Capacity& capacity,
                                 std::uint16_t port, const Tls& tls) {
  constexpr std::uint64_t kStrangersStayMs = 1000;
  constexpr std::uint64_t kHandshakesLastMs = 3000;  // the machine may be busy with clients
  server::Options listener;
  listener.address = control.address;
  listener.port = port;
  listener.limits = capacity.control;
  listener.stranger_timeout_ms = kStrangersStayMs;
  listener.limits.handshake_timeout_ms = kHandshakesLastMs;
  if (tls.operators()) {
    listener.plain = false;
    listener.tls = server::Options::Tls{port, tls.operators()};
  }
  listener.limits.drain_timeout_ms = 500;  // clients on the data port need the time more
  listener.report = report;
  return listener;
}

/// Clients are answered whether or not operators can be listened for.
std::unique_ptr<server::Server> start_control(const catalog::Control& control,
                                              const server::Capacity& capacity, std::uint16_t port,
                                              const Tls& tls, const control::ApiParts& api) {
  auto started = server::Server::start(control_listener(control, capacity, port, tls),
                                       [&api] { return std::make_unique<control::Api>(api); });
  if (started) return std::move(*started);
  spdlog::warn("the control listener is off: {}; clients are still answered",
               started.error().text());
  return nullptr;
}

std::vector<observe::Instrument> instruments(control::ControlPlane& control_plane,
                                             const control::WrongTokens& wrong_tokens,
                                             const server::Server& data,
                                             const observe::AccessLog& access_log) {
  using Type = observe::Instrument::Type;
  return {
      {"intermission_build_info",
       "Version of the running program.",
       Type::kGauge,
       [] { return 1.0; },
       {{"version", base::kVersion}}},
      {"intermission_connections", "Clients connected to the data port.", Type::kGauge,
       [&data] { return static_cast<double>(data.connections()); }},
      {"intermission_buffered_bytes",
       "Bytes held by the connections of the data port: unfinished requests, and answers that "
       "clients have not read.",
       Type::kGauge, [&data] { return static_cast<double>(data.load().buffered_bytes); }},
      {"intermission_buffered_bytes_limit",
       "Limit of intermission_buffered_bytes (limits.buffered_bytes).", Type::kGauge,
       [&data] { return static_cast<double>(data.load().buffered_bytes_limit); }},
      {"intermission_shed_for_memory_total",
       "Requests and connections of the data port that were ended because the limit was reached.",
       Type::kCounter, [&data] { return static_cast<double>(data.load().shed_for_memory); }},
      {"intermission_shed_for_room_total",
       "Idle connections of the data port that were closed because others waited to be accepted.",
       Type::kCounter, [&data] { return static_cast<double>(data.load().shed_for_room); }},
      {"intermission_configuration_age_seconds",
       "Seconds since the configuration in force was read.", Type::kGauge,
       [&control_plane] {
         const auto age = control_plane.clock().now() - control_plane.last_reload().at;
         return static_cast<double>(age.count());
       }},
      {"intermission_snapshot_age_seconds",
       "Seconds since the configuration or the operators' state last changed.", Type::kGauge,
       [&control_plane] {
         return static_cast<double>(
             (control_plane.clock().now() - control_plane.view().since).count());
       }},
      {"intermission_services_in_maintenance", "Services in maintenance.", Type::kGauge,
       [&control_plane] { return static_cast<double>(control_plane.in_maintenance()); }},
      {"intermission_last_reload_successful",
       "1 if the configuration read last is in force, 0 if it was rejected.", Type::kGauge,
       [&control_plane] { return control_plane.last_reload().problem ? 0.0 : 1.0; }},
      {"intermission_reloads_total", "Reloads that put a configuration into force.", Type::kCounter,
       [&control_plane] { return static_cast<double>(control_plane.last_reload().successes); }},
      {"intermission_reload_failures_total", "Reloads whose configuration was rejected.",
       Type::kCounter,
       [&control_plane] { return static_cast<double>(control_plane.last_reload().failures); }},
      {"intermission_wrong_tokens_total", "Calls to the control listener with a wrong token.",
       Type::kCounter, [&wrong_tokens] { return static_cast<double>(wrong_tokens.total()); }},
      {"intermission_store_reachable",
       "1 if the place where the state is kept can be reached, 0 if its database cannot be.",
       Type::kGauge,
       [&control_plane] { return control_plane.store().status().is_reachable ? 1.0 : 0.0; }},
      {"intermission_store_notified",
       "1 if changes of other instances arrive by notification, 0 if they are polled for.",
       Type::kGauge,
       [&control_plane] { return control_plane.store().status().is_hearing ? 1.0 : 0.0; }},
      {"intermission_store_version", "Version of the operators' state in force.", Type::kGauge,
       [&control_plane] { return static_cast<double>(control_plane.view().state->version); }},
      {"intermission_store_saved_total",
       "Changes of this instance that were saved in the shared database.", Type::kCounter,
       [&control_plane] { return static_cast<double>(control_plane.store().status().saved); }},
      {"intermission_store_conflicts_total",
       "Changes that were made again, because another instance's change was saved first.",
       Type::kCounter,
       [&control_plane] { return static_cast<double>(control_plane.store().status().conflicts); }},
      {"intermission_store_failures_total",
       "Changes that could not be saved in the shared database.", Type::kCounter,
       [&control_plane] { return static_cast<double>(control_plane.store().status().failures); }},
      {"intermission_store_connections_total", "Connections to the shared database.",
       Type::kCounter,
       [&control_plane] {
         return static_cast<double>(control_plane.store().status().connections);
       }},
      {"intermission_services_held_locally",
       "Services in maintenance at this instance alone, because its database could not be reached.",
       Type::kGauge,
       [&control_plane] { return static_cast<double>(control_plane.view().state->held.size()); }},
      {"intermission_access_log_lost_total", "Access log lines dropped because the queue was full.",
       Type::kCounter, [&access_log] { return static_cast<double>(access_log.lost()); }},
  };
}

/// The configuration with its certificates: both or, on an Error, neither.
base::Result<catalog::Configuration> load_again(const Source& source, const Tls& tls) {
  auto configuration = source.load();
  if (!configuration) return configuration;
  if (auto problem = tls.reload(*configuration)) return std::move(*problem);
  return configuration;
}

/// Until SIGTERM or SIGINT.
void wait_for_the_end(const sigset_t& signals, const Supervisor& supervisor, server::Server& data,
                      observe::AccessLog& access_log, control::ControlPlane& control_plane) {
  supervisor.ready("Answering on " + data.url());
  const auto is_well = [&] { return data.roll_call(); };
  while (supervisor.wait(signals, is_well, report) == SIGHUP) {
    supervisor.reloading();
    access_log.reopen();
    const auto problem = control_plane.reload();
    supervisor.ready(
        (problem ? "The new configuration was rejected; answering on " : "Answering on ") +
        data.url());
    if (problem) continue;  // told already
    spdlog::info(
        "the configuration was reloaded (changes of listen, control, state, limits and access_log "
        "need a restart, their certificates do not)");
  }
}

}  // namespace

int serve(const ServeOptions& options) {
  spdlog::set_default_logger(std::make_shared<spdlog::logger>(
      "intermission", std::make_shared<observe::LogSink>(STDERR_FILENO)));
  spdlog::set_pattern("intermission: %Y-%m-%dT%H:%M:%S%z %l: %v");
  auto configuration = options.source.load();
  if (!configuration) return wrong(configuration.error().text());
  const auto port = data_port(options.port, configuration->listen.port);
  if (!port) return wrong(port.error().text());
  const auto operators =
      chosen_port("--control-port", options.control_port, configuration->control.port);
  if (!operators) return wrong(operators.error().text());
  const auto secure_port = tls_port(options, configuration->listen);
  if (!secure_port) return wrong(secure_port.error().text());
  const sigset_t signals = block_signals();
  const base::SystemClock clock;
  const auto tls = Tls::open(*configuration, options.tls_self_signed, clock);
  if (!tls) return wrong(tls.error().text());
  const auto claimed = claim(configuration->state);
  if (!claimed) return wrong(claimed.error().text());
  const auto store =
      chosen_store({options.source, *configuration, options.binding, *port, clock, report});
  if (!store) return wrong(store.error().text());
  const auto token = chosen_token(configuration->state);
  if (!token) return wrong(token.error().text());
  const server::Capacity capacity = chosen_capacity(*configuration);
  control::Events events(capacity.streams);
  auto control_plane = control::ControlPlane::open(
      {[&] {
         auto loaded = load_again(options.source, *tls);
         if (loaded && (*store)->is_shared()) {
           (*store)->describe(configuration_digest(options.source, *loaded));
         }
         return loaded;
       },
       **store, clock, events, report},
      std::move(configuration->catalog));
  if (!control_plane) return wrong(control_plane.error().text());

  observe::Traffic traffic;
  const auto access_log = observe::AccessLog::open(configuration->access_log);
  if (!access_log) return wrong(access_log.error().text());
  server::Options listener = data_listener(*configuration, capacity, *port);
  if (*secure_port) listener.tls = server::Options::Tls{**secure_port, tls->data()};
  control::PublicApiParts for_operators((*control_plane)->publisher(),
                                        configuration->control.hosts);
  auto data = server::Server::start(listener, [&]() -> std::unique_ptr<http::Handler> {
    auto clients = std::make_unique<gateway::Handler>(
        (*control_plane)->publisher(), clock,
        [engine = std::mt19937(std::random_device{}())]() mutable {
          return static_cast<std::uint32_t>(engine());
        },
        observers(traffic, **access_log));
    if (for_operators.hosts.empty()) return clients;
    return std::make_unique<control::PublicApi>(std::move(clients), for_operators);
  });
  if (!data) return wrong(data.error().text());
  tell(capacity);

  control::WrongTokens wrong_tokens(clock, report);
  std::vector<observe::Instrument> measured =
      instruments(**control_plane, wrong_tokens, **data, **access_log);
  std::ranges::move(tls_readings(*tls, **data, clock), std::back_inserter(measured));
  const observe::Metrics metrics(traffic, std::move(measured));
  std::atomic<bool> draining = false;
  const control::ApiParts api{**control_plane,
                              wrong_tokens,
                              token->value,
                              {configuration->control.address, configuration->control.hosts},
                              metrics,
                              [&draining] { return draining.load(); },
                              [&tls] { return tls->certificates(); }};
  const auto control = !token->value.empty()
                           ? start_control(configuration->control, capacity, *operators, *tls, api)
                           : nullptr;
  (*store)->count([&traffic, &clock] {
    return control::Counts{traffic.callers(), traffic.answers(), traffic.history(clock.now())};
  });
  if (!token->value.empty()) for_operators.api = &api;
  if (!token->file.empty()) spdlog::info("the operators' token is in {}", token->file);
  if (options.tls_self_signed) warn_of_self_signed();
  if (!token->file.empty() && (*store)->is_shared()) {
    spdlog::warn("each instance makes a token of its own; set {} so that one opens all", kToken);
  }
  std::cout << "intermission: data " << (*data)->url() << std::endl;
  if (*secure_port) std::cout << "intermission: data " << (*data)->tls_url() << std::endl;
  if (control) std::cout << "intermission: control " << control->url() << std::endl;

  const Supervisor supervisor = Supervisor::from_environment();
  wait_for_the_end(signals, supervisor, **data, **access_log, **control_plane);
  supervisor.stopping();
  draining = true;  // operators and probes see it while clients are still answered
  (*data)->stop();
  if (control) control->stop();
  constexpr std::chrono::seconds kStorePatience{2};
  if (!(*store)->stop(kStorePatience)) std::_Exit(kDone);
  return kDone;
}

}  // namespace intermission::program
