// The commands, and the wiring of the stations. Nothing is decided here.
#include <fcntl.h>
#include <signal.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <random>
#include <thread>

#include "base/text.h"
#include "catalog/configuration.h"
#include "catalog/duration.h"
#include "control/api.h"
#include "control/commands.h"
#include "control/events.h"
#include "control/file_claim.h"
#include "control/file_store.h"
#include "control/switchboard.h"
#include "control/token.h"
#include "gate/bypass.h"
#include "gateway/check.h"
#include "gateway/contract_report.h"
#include "gateway/contracts.h"
#include "gateway/explain.h"
#include "gateway/handler.h"
#include "gateway/pass.h"
#include "gateway/preview.h"
#include "http/date.h"
#include "observe/access_log.h"
#include "observe/log_sink.h"
#include "observe/metrics.h"
#include "observe/traffic.h"
#include "server/server.h"

namespace intermission {
namespace {

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kWrong = 2;  // usage or configuration

constexpr const char* kBypassKey = "INTERMISSION_BYPASS_KEY";

// ---------------------------------------------------------------- what all commands share

std::optional<std::string> environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') return {};
  return value;
}

int fail(const std::string& why) {
  std::cerr << "intermission: " << why << std::endl;
  return kWrong;
}

// A standard stream that came closed leaves its number to the next socket, and a line that is
// meant for the log would reach a client.
void occupy_standard_streams() {
  int descriptor = -1;
  do {
    descriptor = open("/dev/null", O_RDWR | O_CLOEXEC);
  } while (descriptor >= 0 && descriptor <= STDERR_FILENO);
  if (descriptor >= 0) close(descriptor);
}

/// `file` is --config's value, which beats INTERMISSION_CONFIG; without either there is no
/// file and the built-in configuration answers.
struct Source {
  std::string file;
  /// Hears of contracts that cannot be used; their services are answered for without them.
  std::function<void(const std::string&)> warn = [](const std::string& problem) {
    std::cerr << "intermission: " << problem << std::endl;
  };

  /// `problems`, if given, gets those contracts' errors as well.
  base::Result<catalog::Configuration> load(std::vector<base::Error>* problems = nullptr) const {
    auto configuration = load_without_contracts();
    if (!configuration) return configuration;
    auto contracts = gateway::read_contracts(std::move(configuration->catalog));
    configuration->catalog = std::move(contracts.catalog);
    for (const base::Error& problem : contracts.problems) warn(problem.text());
    if (problems != nullptr) *problems = std::move(contracts.problems);
    return configuration;
  }

 private:
  base::Result<catalog::Configuration> load_without_contracts() const {
    catalog::Overrides overrides;
    overrides.message = environment("MAINTENANCE_MESSAGE");
    overrides.bypass_key = environment(kBypassKey).value_or("");
    if (!overrides.bypass_key.empty() && overrides.bypass_key.size() < gate::kShortestKey) {
      return base::Error{std::string(kBypassKey) + ": expected a secret of at least " +
                         std::to_string(gate::kShortestKey) + " characters"};
    }
    const std::string path = file.empty() ? environment("INTERMISSION_CONFIG").value_or("") : file;
    if (path.empty()) return catalog::built_in(overrides);
    return catalog::load_file(path, overrides);
  }
};

void add_config_option(CLI::App& command, Source& source) {
  command
      .add_option("--config", source.file,
                  "Configuration file, YAML or JSON (environment: INTERMISSION_CONFIG)")
      ->type_name("FILE");
}

/// What --at names; now where it is not given.
base::Result<base::TimePoint> chosen_moment(const std::string& at) {
  if (at.empty()) return base::SystemClock().now();
  if (const auto time = http::parse_rfc3339(at)) return *time;
  return base::Error{"--at: expected a time such as 2026-12-01T22:00:00Z, got \"" +
                     base::printable(at) + "\""};
}

// ---------------------------------------------------------------- serve

struct ServeOptions {
  Source source;
  std::string port;
  std::string control_port;
};

/// The number in `text`, which `name` gave; `configured` where it is empty.
base::Result<std::uint16_t> chosen_port(const char* name, const std::string& text,
                                        std::uint16_t configured) {
  if (text.empty()) return configured;
  const auto number = base::parse_number(text);
  if (number && *number <= 65535) return static_cast<std::uint16_t>(*number);
  return base::Error{std::string(name) + ": expected a port number from 0 to 65535, got \"" +
                     base::printable(text, 40) + "\""};
}

base::Result<std::uint16_t> data_port(const ServeOptions& options, std::uint16_t configured) {
  if (!options.port.empty()) return chosen_port("--port", options.port, configured);
  return chosen_port("PORT", environment("PORT").value_or(""), configured);
}

/// The signals that serve waits for, blocked in this thread and all that it starts.
sigset_t block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, number);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  return signals;
}

std::vector<std::unique_ptr<gateway::Observer>> observers(observe::Traffic& traffic,
                                                          observe::AccessLog& access_log) {
  std::vector<std::unique_ptr<gateway::Observer>> made;
  made.push_back(traffic.observer());
  if (auto scribe = access_log.observer()) made.push_back(std::move(scribe));
  return made;
}

void report(const std::string& trouble) {
  spdlog::warn("{}", trouble);
}

void report_trouble(std::string_view trouble) {
  spdlog::warn("{}", trouble);
}

/// The token that every call of the control listener must carry.
base::Result<std::string> chosen_token(const catalog::StateSettings& state) {
  if (auto token = environment("INTERMISSION_TOKEN")) return std::move(*token);
  const std::string file = control::token_file_beside(state.file);
  auto token = control::token_from_file(file);
  if (token) spdlog::info("the token for operators is in {}", file);
  return token;
}

/// Held while this gateway serves; nothing where nothing is kept.
base::Result<std::optional<control::FileClaim>> claim(const catalog::StateSettings& state) {
  if (state.file.empty()) return std::optional<control::FileClaim>();
  auto taken = control::FileClaim::take(state.file);
  if (!taken) return taken.error();
  return std::optional<control::FileClaim>(std::move(*taken));
}

std::unique_ptr<control::Store> chosen_store(const catalog::StateSettings& state,
                                             const base::Clock& clock) {
  if (state.file.empty()) return std::make_unique<control::MemoryStore>();
  return std::make_unique<control::FileStore>(state.file, clock);
}

server::Options data_listener(const catalog::Configuration& configuration, std::uint16_t port) {
  server::Options listener;
  listener.address = configuration.listen.address;
  listener.port = port;
  listener.workers = configuration.listen.workers != 0
                         ? configuration.listen.workers
                         : std::max(1U, std::thread::hardware_concurrency());
  listener.limits = configuration.limits;
  listener.proxy_protocol = configuration.listen.proxy_protocol;
  listener.exempt_addresses = configuration.exempt_addresses;
  listener.report = report_trouble;
  return listener;
}

server::Options control_listener(const catalog::Control& control, std::uint16_t port) {
  constexpr std::uint64_t kMostOperators = 256;
  server::Options listener;
  listener.address = control.address;
  listener.port = port;
  listener.limits.connections = kMostOperators;
  listener.limits.drain_timeout_ms = 500;  // clients on the data port need the time more
  listener.report = report_trouble;
  return listener;
}

std::vector<observe::Reading> readings(const control::Switchboard& board,
                                       const server::Server& data,
                                       const observe::AccessLog& access_log) {
  using Type = observe::Reading::Type;
  return {
      {"intermission_build_info",
       "The program that answers.",
       Type::kGauge,
       [] { return 1.0; },
       {{"version", INTERMISSION_VERSION}}},
      {"intermission_connections", "Clients connected to the data port.", Type::kGauge,
       [&data] { return static_cast<double>(data.connections()); }},
      {"intermission_configuration_age_seconds", "Since the configuration in force was read.",
       Type::kGauge,
       [&board] {
         const auto age = board.clock().now() - board.last_reload().at;
         return static_cast<double>(age.count());
       }},
      {"intermission_snapshot_age_seconds",
       "Since the configuration or what operators did changed last.", Type::kGauge,
       [&board] {
         return static_cast<double>((board.clock().now() - board.view().since).count());
       }},
      {"intermission_services_in_maintenance", "Services that are held back.", Type::kGauge,
       [&board] { return static_cast<double>(board.held_back()); }},
      {"intermission_last_reload_successful",
       "Whether the configuration that was read last is in force.", Type::kGauge,
       [&board] { return board.last_reload().problem ? 0.0 : 1.0; }},
      {"intermission_reloads_total", "Configurations that were taken over after the start.",
       Type::kCounter, [&board] { return static_cast<double>(board.last_reload().successes); }},
      {"intermission_reload_failures_total", "Configurations that were not taken over.",
       Type::kCounter, [&board] { return static_cast<double>(board.last_reload().failures); }},
      {"intermission_access_log_lost_total", "Lines that nobody took in time.", Type::kCounter,
       [&access_log] { return static_cast<double>(access_log.lost()); }},
  };
}

/// Until SIGTERM or SIGINT.
void wait_for_the_end(const sigset_t& signals, observe::AccessLog& access_log,
                      control::Switchboard& board) {
  for (int number = 0; sigwait(&signals, &number) == 0 && number == SIGHUP;) {
    access_log.reopen();
    if (board.reload()) continue;  // told already
    spdlog::info(
        "the configuration was read again (listen, control, state, limits and access_log need a "
        "restart)");
  }
}

int serve(const ServeOptions& options) {
  spdlog::set_default_logger(std::make_shared<spdlog::logger>(
      "intermission", std::make_shared<observe::LogSink>(STDERR_FILENO)));
  spdlog::set_pattern("intermission: %Y-%m-%dT%H:%M:%S%z %l: %v");
  auto configuration = options.source.load();
  if (!configuration) return fail(configuration.error().text());
  const auto port = data_port(options, configuration->listen.port);
  if (!port) return fail(port.error().text());
  const auto operators =
      chosen_port("--control-port", options.control_port, configuration->control.port);
  if (!operators) return fail(operators.error().text());
  const sigset_t signals = block_signals();
  const base::SystemClock clock;
  const auto claimed = claim(configuration->state);
  if (!claimed) return fail(claimed.error().text());
  const auto store = chosen_store(configuration->state, clock);
  control::Events events;
  auto board = control::Switchboard::open(
      {[&options] { return options.source.load(); }, *store, clock, events, report},
      std::move(configuration->catalog));
  if (!board) return fail(board.error().text());

  observe::Traffic traffic;
  const auto access_log = observe::AccessLog::open(configuration->access_log);
  if (!access_log) return fail(access_log.error().text());
  auto data = server::Server::start(data_listener(*configuration, *port), [&] {
    return std::make_unique<gateway::Handler>(
        (*board)->publisher(), clock,
        [engine = std::mt19937(std::random_device{}())]() mutable {
          return static_cast<std::uint32_t>(engine());
        },
        observers(traffic, **access_log));
  });
  if (!data) return fail(data.error().text());

  const observe::Metrics metrics(traffic, readings(**board, **data, **access_log));
  const auto token = chosen_token(configuration->state);
  std::atomic<bool> draining = false;
  const control::ApiParts api{**board,
                              token ? *token : std::string(),
                              [&metrics] { return metrics.text(); },
                              [&traffic] { return traffic.callers(); },
                              [&traffic] { return traffic.answers(); },
                              [&traffic](base::TimePoint now) { return traffic.history(now); },
                              [&draining] { return draining.load(); }};
  std::unique_ptr<server::Server> control;
  if (token) {
    auto started = server::Server::start(control_listener(configuration->control, *operators),
                                         [&api] { return std::make_unique<control::Api>(api); });
    if (!started) return fail("control: " + started.error().text());
    control = std::move(*started);
  } else {
    spdlog::warn("nobody listens for operators: {}; INTERMISSION_TOKEN may hold the token instead",
                 token.error().text());
  }
  std::cout << "intermission: data " << (*data)->url() << std::endl;
  if (control) std::cout << "intermission: control " << control->url() << std::endl;

  wait_for_the_end(signals, **access_log, **board);
  draining = true;  // operators and probes see it while clients are still answered
  (*data)->stop();
  if (control) control->stop();
  return kDone;
}

/// Where a gateway with that configuration is met by its operators.
control::Place place_of_operators(const std::string& config) {
  Source source;
  source.file = config;
  source.warn = [](const std::string&) {};  // of contracts: not asked for here
  const auto configuration = source.load();
  const catalog::Control control = configuration ? configuration->control : catalog::Control{};
  const catalog::StateSettings state =
      configuration ? configuration->state : catalog::StateSettings{};
  const bool any = control.address == "0.0.0.0" || control.address == "::";
  const std::string host = any ? "127.0.0.1" : control.address;
  const bool brackets = host.find(':') != std::string::npos;
  return {"http://" + (brackets ? "[" + host + "]" : host) + ":" + std::to_string(control.port),
          control::token_file_beside(state.file)};
}

// ---------------------------------------------------------------- check

struct CheckOptions {
  Source source;
  std::string format = "text";
  bool strict = false;
};

int check(const CheckOptions& options) {
  const auto format = gateway::report_format(options.format);
  if (!format) {
    return fail("--format: expected text, markdown, json or sarif, got \"" +
                base::printable(options.format, 40) + "\"");
  }
  std::vector<base::Error> problems;
  auto configuration = options.source.load(&problems);
  if (!configuration) return fail(configuration.error().text());
  const gateway::Snapshot snapshot(std::move(configuration->catalog));
  const base::TimePoint now = base::SystemClock().now();
  std::cout << (*format == gateway::ReportFormat::kText
                    ? gateway::check_report(snapshot, now)
                    : gateway::contract_report(snapshot, problems, now, *format));
  const bool is_sound =
      problems.empty() && !(options.strict && gateway::has_contract_findings(snapshot));
  return is_sound ? kDone : kFailed;
}

// ---------------------------------------------------------------- preview

struct PreviewOptions {
  Source source;
  std::string folder;
  std::string port;
  std::string at;
};

using PreviewFiles = std::vector<gateway::PreviewFile>;

int write_preview(const PreviewFiles& files, const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  for (const auto& file : files) {
    const auto path = folder / file.name;
    std::ofstream out(path, std::ios::binary);
    if (!(out << file.text).flush()) return fail("--out: cannot write " + path.string());
  }
  std::cout << "intermission: open " << (folder / gateway::kPreviewIndex).string() << std::endl;
  return kDone;
}

/// Until SIGTERM or SIGINT. On loopback: it is for the person who starts it.
int serve_preview(PreviewFiles files, std::uint16_t port) {
  sigset_t signals = block_signals();
  sigdelset(&signals, SIGHUP);  // there is nothing to read again
  server::Options listener;
  listener.address = "127.0.0.1";
  listener.port = port;
  listener.limits.drain_timeout_ms = 500;
  const auto shared = std::make_shared<const PreviewFiles>(std::move(files));
  const auto server =
      server::Server::start(listener, [&] { return gateway::preview_handler(shared); });
  if (!server) return fail(server.error().text());
  std::cout << "intermission: preview " << (*server)->url() << std::endl;
  int number = 0;
  sigwait(&signals, &number);
  (*server)->stop();
  return kDone;
}

int preview(const PreviewOptions& options) {
  const auto port = chosen_port("--port", options.port, 0);
  if (!port) return fail(port.error().text());
  const auto now = chosen_moment(options.at);
  if (!now) return fail(now.error().text());
  auto configuration = options.source.load();
  if (!configuration) return fail(configuration.error().text());
  PreviewFiles files = gateway::preview(configuration->catalog, *now);
  if (!options.folder.empty()) return write_preview(files, options.folder);
  return serve_preview(std::move(files), *port);
}

// ---------------------------------------------------------------- explain

struct ExplainOptions {
  Source source;
  std::string method;
  std::string url;
  std::vector<std::string> headers;
  std::string data;
  std::string at;
  std::string from;
};

base::Result<gateway::Question> question_from(const ExplainOptions& options) {
  gateway::Question question;
  question.method = options.method;
  question.url = options.url;
  if (!question.url.starts_with('/') && question.url != "*" &&
      question.url.find("://") == std::string::npos) {
    return base::Error{"URL: expected a path that starts with \"/\" or a whole URL, got \"" +
                       base::printable(question.url) + "\""};
  }
  for (const std::string& line : options.headers) {
    const auto colon = line.find(':');
    if (colon == std::string::npos || colon == 0) {
      return base::Error{"-H: expected 'Name: value', got \"" + base::printable(line) + "\""};
    }
    question.fields.emplace_back(line.substr(0, colon), base::trim(line.substr(colon + 1)));
  }
  if (!options.from.empty() && !(question.from = http::Address::parse(options.from))) {
    return base::Error{"--from: expected an address such as 10.0.0.3, got \"" +
                       base::printable(options.from) + "\""};
  }
  question.body = options.data;
  if (options.data.starts_with('@')) {
    std::ifstream in(options.data.substr(1), std::ios::binary);
    if (!in) return base::Error{"--data: cannot read " + options.data.substr(1)};
    question.body.assign(std::istreambuf_iterator<char>(in), {});
  }
  return question;
}

int explain(const ExplainOptions& options) {
  const auto question = question_from(options);
  if (!question) return fail(question.error().text());
  auto configuration = options.source.load();
  if (!configuration) return fail(configuration.error().text());
  const auto now = chosen_moment(options.at);
  if (!now) return fail(now.error().text());
  const gateway::Snapshot snapshot(std::move(configuration->catalog));
  std::cout << gateway::explain(*question, snapshot, {*now, 0});
  return kDone;
}

// ---------------------------------------------------------------- bypass

struct BypassOptions {
  Source source;
  std::string service;
  std::string lasts = "1h";
};

int bypass(const BypassOptions& options) {
  const auto lasts = catalog::parse_duration(options.lasts);
  if (!lasts || *lasts < base::Seconds(1)) {
    return fail("--for: expected a duration such as 2h or 30m, got \"" +
                base::printable(options.lasts) + "\"");
  }
  if (!environment(kBypassKey)) {
    return fail(std::string(kBypassKey) + ": expected the secret that signs links");
  }
  const auto configuration = options.source.load();
  if (!configuration) return fail(configuration.error().text());
  for (const catalog::Service& service : configuration->catalog.services()) {
    if (service.name != options.service) continue;
    const base::TimePoint until = base::SystemClock().now() + *lasts;
    const gateway::PassLink made = gateway::make_pass_link(service, until);
    std::cout << "link    " << made.link << "\nheader  Cookie: " << made.cookie << "\nuntil   "
              << http::rfc3339(until) << '\n';
    return kDone;
  }
  std::cerr << "intermission: there is no service " << base::printable(options.service)
            << std::endl;
  return kFailed;
}

// ---------------------------------------------------------------- the command line

int run(int argc, char** argv) {
  CLI::App app{
      "Answers for services in maintenance: every request, in the form its own client understands.",
      "intermission"};
  app.set_version_flag("--version", "intermission " INTERMISSION_VERSION);
  app.require_subcommand(1);
  app.failure_message(CLI::FailureMessage::simple);

  ServeOptions serve_options;
  CLI::App* serve_command =
      app.add_subcommand("serve", "Answer for the services in maintenance, until SIGTERM");
  add_config_option(*serve_command, serve_options.source);
  serve_command
      ->add_option("--port", serve_options.port,
                   "Port to listen on, 0 for any free one (environment: PORT; default 8080)")
      ->type_name("N");
  serve_command
      ->add_option("--control-port", serve_options.control_port,
                   "Port for operators, 0 for any free one (default 9090)")
      ->type_name("N");
  serve_command->footer(
      "Without a configuration file it answers for one service, on every host, with the text of\n"
      "MAINTENANCE_MESSAGE. SIGHUP reads the configuration again; SIGTERM and SIGINT finish the\n"
      "requests in flight and end.");

  CheckOptions check_options;
  CLI::App* check_command =
      app.add_subcommand("check", "Validate the configuration and say what each service answers");
  add_config_option(*check_command, check_options.source);
  check_command
      ->add_option("--format", check_options.format,
                   "text; or what the clients of each API will be told, as markdown or json; or "
                   "the findings about its documents, as sarif")
      ->type_name("FORMAT");
  check_command->add_flag("--strict", check_options.strict,
                          "End with 1 if there is any finding about an API document");

  PreviewOptions preview_options;
  CLI::App* preview_command =
      app.add_subcommand("preview", "Show the page in every theme, language and size");
  add_config_option(*preview_command, preview_options.source);
  CLI::Option_group* preview_place = preview_command->add_option_group("where");
  preview_place->add_option("--out", preview_options.folder, "A folder to write it into")
      ->type_name("FOLDER");
  preview_place
      ->add_option("--port", preview_options.port,
                   "A port to serve it from on this machine, 0 for any free one")
      ->type_name("N");
  preview_place->require_option(1);
  preview_command
      ->add_option("--at", preview_options.at, "The moment to show the page at; default: now")
      ->type_name("TIME");

  ExplainOptions explain_options;
  CLI::App* explain_command =
      app.add_subcommand("explain", "Say which answer a request would get, and why");
  add_config_option(*explain_command, explain_options.source);
  explain_command->add_option("METHOD", explain_options.method, "For example GET")->required();
  explain_command
      ->add_option("URL", explain_options.url, "A path, or a whole URL to name the host as well")
      ->required();
  explain_command
      ->add_option("-H,--header", explain_options.headers, "A field of the request; repeatable")
      ->type_name("'Name: value'")
      ->allow_extra_args(false);
  explain_command->add_option("-d,--data", explain_options.data, "The body, or @FILE")
      ->type_name("BODY");
  explain_command->add_option("--at", explain_options.at, "The moment to ask for; default: now")
      ->type_name("TIME");
  explain_command
      ->add_option("--from", explain_options.from,
                   "Who sends it, for example a trusted proxy, whose fields are believed")
      ->type_name("ADDRESS");

  BypassOptions bypass_options;
  CLI::App* bypass_command =
      app.add_subcommand("bypass", "Make a link that lets a tester through the gate");
  add_config_option(*bypass_command, bypass_options.source);
  bypass_command->add_option("SERVICE", bypass_options.service, "Its name")->required();
  bypass_command->add_option("--for", bypass_options.lasts, "How long it is good; default: 1h")
      ->type_name("DURATION");
  bypass_command->footer(
      "INTERMISSION_BYPASS_KEY signs the link; serve wants the same. Another key makes all links\n"
      "void that this one signed.");

  const control::Commands commands(app, place_of_operators);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help and --version
    if (argc == 1) {
      return fail("a command is expected, such as serve or status (see intermission --help)");
    }
    std::string hint =
        app.get_subcommands().empty() ? "" : app.get_subcommands().front()->get_name() + " ";
    return fail(std::string(error.what()) + " (see intermission " + hint + "--help)");
  }
  if (*serve_command) return serve(serve_options);
  if (*check_command) return check(check_options);
  if (*preview_command) return preview(preview_options);
  if (*bypass_command) return bypass(bypass_options);
  if (const auto code = commands.run()) return *code;
  return explain(explain_options);
}

}  // namespace
}  // namespace intermission

int main(int argc, char** argv) {
  try {
    intermission::occupy_standard_streams();
    return intermission::run(argc, argv);
  } catch (const std::exception& error) {
    return intermission::fail(error.what());
  }
}
