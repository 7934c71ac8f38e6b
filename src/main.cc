// The commands and the command line. Nothing is decided here; serve is in program/serve.cc.
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "base/text.h"
#include "catalog/configuration.h"
#include "catalog/duration.h"
#include "catalog/network_text.h"
#include "catalog/operator_settings.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "control/token.h"
#include "gateway/pass.h"
#include "http/date.h"
#include "program/serve.h"
#include "program/shared_store.h"
#include "program/source.h"
#include "program/tls.h"
#include "report/check.h"
#include "report/contract_report.h"
#include "report/explain.h"
#include "report/preview.h"
#include "server/server.h"

namespace intermission {
namespace {

using program::environment;
using program::fail;
using program::kBypassKey;
using program::kDone;
using program::kFailed;
using program::Source;

// ---------------------------------------------------------------- what all commands share

// A standard stream that came closed leaves its number to the next socket, and a line that is
// meant for the log would reach a client.
void occupy_standard_streams() {
  int descriptor = -1;
  do {
    descriptor = open("/dev/null", O_RDWR | O_CLOEXEC);
  } while (descriptor >= 0 && descriptor <= STDERR_FILENO);
  if (descriptor >= 0) close(descriptor);
}

void add_config_option(CLI::App& command, std::string& file) {
  command
      .add_option("--config", file,
                  "Configuration file, YAML or JSON (environment: INTERMISSION_CONFIG)")
      ->type_name("FILE");
}

void add_config_option(CLI::App& command, Source& source) {
  add_config_option(command, source.file);
}

/// What --at names; now where it is not given.
base::Result<base::TimePoint> chosen_moment(const std::string& at) {
  if (at.empty()) return base::SystemClock().now();
  if (const auto time = http::parse_rfc3339(at)) return *time;
  return base::Error{"--at: expected a time such as 2026-12-01T22:00:00Z, got \"" +
                     base::printable(at) + "\""};
}

// ---------------------------------------------------------------- operators' commands

/// How this machine reaches what is listened on at that address.
std::string own_address(const std::string& listened) {
  if (listened == "0.0.0.0") return "127.0.0.1";
  return listened == "::" ? "::1" : listened;
}

/// The same in a URL.
std::string reachable(const std::string& listened) {
  const std::string address = own_address(listened);
  return address.find(':') == std::string::npos ? address : '[' + address + ']';
}

/// Where a gateway with that configuration is met by its operators, whatever else is wrong with
/// the file.
cli::Place place_of_operators(const std::string& config) {
  const auto settings = catalog::operator_settings(config);
  const catalog::Control& control = settings.control;
  const std::string scheme = control.tls ? "https://" : "http://";
  return {scheme + reachable(control.address) + ":" + std::to_string(control.port),
          control::token_file(settings.state), control.tls ? control.tls->certificate : ""};
}

// ---------------------------------------------------------------- health

struct HealthOptions {
  std::string config;
  std::string port;
  bool tls = false;
};

/// The port that is asked, and by TLS whether it can be.
base::Result<std::uint16_t> port_of_health(const HealthOptions& options,
                                           const catalog::Listen& listen) {
  if (!options.tls) return program::data_port(options.port, listen.port);
  const auto tls = listen.tls.value_or(catalog::ListenTls());
  if (!tls.client_ca.empty()) {
    return base::Error{
        "--tls: with listen.tls.client_ca the gateway wants a certificate of its clients, and this "
        "command has none: leave --tls out"};
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

/// For containers, which have no other program that could ask. Only `listen` of the configuration
/// is read: a gateway that keeps its old configuration because the new one is wrong is well.
int health(const HealthOptions& options) {
  constexpr std::chrono::seconds kPatience{2};
  const std::string file =
      options.config.empty() ? environment("INTERMISSION_CONFIG").value_or("") : options.config;
  const catalog::Listen listen = catalog::operator_settings(file).listen;
  const auto port = port_of_health(options, listen);
  if (!port) return fail(port.error().text());
  // Any certificate will do: what is asked is whether this machine's gateway answers, and nothing
  // that is secret is sent.
  const cli::Client client({.url = (options.tls ? "https://" : "http://") +
                                   reachable(listen.address) + ':' + std::to_string(*port),
                            .token = {},
                            .patience = kPatience,
                            .verifies = false,
                            .proxy_protocol = begins_with_proxy_header(listen)});
  const auto reply = client.call("GET", "/.well-known/intermission/health");
  if (reply && reply->good()) return kDone;
  std::cerr << "intermission: "
            << (reply ? client.url() + " answers " + std::to_string(reply->status)
                      : client.url() + " does not answer")
            << std::endl;
  return kFailed;
}

// ---------------------------------------------------------------- check

struct CheckOptions {
  Source source;
  std::string binding;
  std::string format = "text";
  bool strict = false;
};

// Of what is allowed, but hardly meant.
void warn_of_wide_networks(const Source& source) {
  const std::string file =
      source.file.empty() ? program::environment("INTERMISSION_CONFIG").value_or("") : source.file;
  if (file.empty()) return;
  const auto document = document::read_document(file);
  if (!document) return;
  for (const std::string& warning : catalog::wide_networks(*document)) {
    std::cout << "warning: " << warning << '\n';
  }
}

// The database that `serve` would use, without connecting to it.
std::optional<base::Error> check_database(const CheckOptions& options,
                                          const catalog::StateSettings& state, bool is_text) {
  const auto database = program::chosen_database(options.source, state, options.binding);
  if (!database) return database.error();
  if (!*database) return {};
  for (const std::string& warning : program::database_warnings(options.source, **database)) {
    (is_text ? std::cout : std::cerr) << "warning: " << warning << '\n';
  }
  return {};
}

int check(const CheckOptions& options) {
  const auto format = report::report_format(options.format);
  if (!format) {
    return fail("--format: expected text, markdown, json or sarif, got \"" +
                base::printable(options.format, 40) + "\"");
  }
  std::vector<base::Error> problems;
  auto configuration = options.source.load(&problems);
  if (!configuration) return fail(configuration.error().text());
  if (const auto problem = program::certificate_problem(*configuration, base::SystemClock())) {
    return fail(problem->text());
  }
  const bool is_text = *format == report::ReportFormat::kText;
  if (const auto problem = check_database(options, configuration->state, is_text)) {
    return fail(problem->text());
  }
  const snapshot::Snapshot snapshot(std::move(configuration->catalog));
  const base::TimePoint now = base::SystemClock().now();
  if (is_text) warn_of_wide_networks(options.source);
  std::cout << (is_text ? report::check_report(snapshot, now)
                        : report::contract_report(snapshot, problems, now, *format));
  const bool is_sound =
      problems.empty() && !(options.strict && report::has_contract_findings(snapshot));
  return is_sound ? kDone : kFailed;
}

// ---------------------------------------------------------------- preview

struct PreviewOptions {
  Source source;
  std::string folder;
  std::string port;
  std::string at;
};

using PreviewFiles = std::vector<report::PreviewFile>;

int write_preview(const PreviewFiles& files, const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  for (const auto& file : files) {
    const auto path = folder / file.name;
    std::ofstream out(path, std::ios::binary);
    if (!(out << file.text).flush()) return fail("--out: cannot write " + path.string());
  }
  std::cout << "intermission: open " << (folder / report::kPreviewIndex).string() << std::endl;
  return kDone;
}

/// Until SIGTERM or SIGINT. On loopback: it is for the person who starts it.
int serve_preview(PreviewFiles files, std::uint16_t port) {
  sigset_t signals = program::block_signals();
  sigdelset(&signals, SIGHUP);  // there is nothing to read again
  server::Options listener;
  listener.address = "127.0.0.1";
  listener.port = port;
  listener.limits.drain_timeout_ms = 500;
  const auto shared = std::make_shared<const PreviewFiles>(std::move(files));
  const auto server =
      server::Server::start(listener, [&] { return report::preview_handler(shared); });
  if (!server) return fail(server.error().text());
  std::cout << "intermission: preview " << (*server)->url() << std::endl;
  int number = 0;
  sigwait(&signals, &number);
  (*server)->stop();
  return kDone;
}

int preview(const PreviewOptions& options) {
  const auto port = program::chosen_port("--port", options.port, 0);
  if (!port) return fail(port.error().text());
  const auto now = chosen_moment(options.at);
  if (!now) return fail(now.error().text());
  auto configuration = options.source.load();
  if (!configuration) return fail(configuration.error().text());
  PreviewFiles files = report::preview(configuration->catalog, *now);
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

base::Result<report::Question> question_from(const ExplainOptions& options) {
  report::Question question;
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
  const snapshot::Snapshot snapshot(std::move(configuration->catalog));
  std::cout << report::explain(*question, snapshot, {*now, 0});
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
  const auto key = program::bypass_key();
  if (!key) return fail(key.error().text());
  if (!*key) return fail(std::string(kBypassKey) + ": expected the secret that signs links");
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
  std::cerr << "intermission: unknown service " << base::printable(options.service) << std::endl;
  return kFailed;
}

// ---------------------------------------------------------------- the command line

// `code`, unless what was printed is lost: a script that keeps a report on a full disk must not
// read success.
int if_written(int code) {
  if (code != kDone || std::cout.flush()) return code;
  std::cerr << "intermission: the output could not be written\n";
  return kFailed;
}

int run(int argc, char** argv) {
  CLI::App app{
      "Answers for services in maintenance: every request, in the form its own client understands.",
      "intermission"};
  app.set_version_flag("--version", "intermission " INTERMISSION_VERSION);
  app.require_subcommand(1);
  app.failure_message(CLI::FailureMessage::simple);

  program::ServeOptions serve_options;
  CLI::App* serve_command = app.add_subcommand("serve", "Run the gateway until SIGTERM or SIGINT");
  add_config_option(*serve_command, serve_options.source);
  serve_command
      ->add_option("--port", serve_options.port,
                   "Port for clients, 0 for any free port (environment: PORT; default 8080)")
      ->type_name("N");
  serve_command
      ->add_option("--state-binding", serve_options.binding,
                   "Name of the service in VCAP_SERVICES whose database instances share (default: "
                   "the first that is tagged postgresql)")
      ->type_name("NAME");
  serve_command
      ->add_option("--control-port", serve_options.control_port,
                   "Port of the control listener, 0 for any free port (default 9099)")
      ->type_name("N");
  serve_command
      ->add_option("--tls-port", serve_options.tls_port,
                   "Port of the data listener for TLS, 0 for any free port (default 8443)")
      ->type_name("N");
  serve_command->add_flag("--tls-self-signed", serve_options.tls_self_signed,
                          "For trying: also answer by TLS, with a certificate made in memory that "
                          "clients do not trust");
  serve_command->footer(
      "Without a configuration file, the gateway answers for one service on every host with the "
      "text\n"
      "of MAINTENANCE_MESSAGE. SIGHUP reloads the configuration and certificates. SIGTERM and "
      "SIGINT stop the "
      "gateway\n"
      "after requests in flight have been answered.");

  CheckOptions check_options;
  CLI::App* check_command =
      app.add_subcommand("check", "Validate the configuration and list what each service answers");
  add_config_option(*check_command, check_options.source);
  check_command
      ->add_option("--state-binding", check_options.binding,
                   "As for serve: the service in VCAP_SERVICES whose database is meant")
      ->type_name("NAME");
  check_command
      ->add_option("--format", check_options.format,
                   "text: a summary; markdown, json: answers to the clients of each API; sarif: "
                   "findings about API documents")
      ->type_name("FORMAT");
  check_command->add_flag("--strict", check_options.strict,
                          "Exit with 1 if there is any finding about an API document");

  PreviewOptions preview_options;
  CLI::App* preview_command = app.add_subcommand(
      "preview", "Render the maintenance page in every theme, language and size");
  add_config_option(*preview_command, preview_options.source);
  CLI::Option_group* preview_place = preview_command->add_option_group("where");
  preview_place->add_option("--out", preview_options.folder, "Write it to this folder")
      ->type_name("FOLDER");
  preview_place
      ->add_option("--port", preview_options.port,
                   "Serve it on this port of 127.0.0.1, 0 for any free port")
      ->type_name("N");
  preview_place->require_option(1);
  preview_command
      ->add_option("--at", preview_options.at, "Time to render the page for (default: now)")
      ->type_name("TIME");

  ExplainOptions explain_options;
  CLI::App* explain_command =
      app.add_subcommand("explain", "Show the answer to a request, and why it was chosen");
  add_config_option(*explain_command, explain_options.source);
  explain_command->add_option("METHOD", explain_options.method, "For example GET")->required();
  explain_command->add_option("URL", explain_options.url, "Path, or URL with the host")->required();
  explain_command
      ->add_option("-H,--header", explain_options.headers,
                   "Header field of the request; may be repeated")
      ->type_name("'Name: value'")
      ->allow_extra_args(false);
  explain_command
      ->add_option("-d,--data", explain_options.data,
                   "Request body, or @FILE to read it from a file")
      ->type_name("BODY");
  explain_command->add_option("--at", explain_options.at, "Time of the request (default: now)")
      ->type_name("TIME");
  explain_command
      ->add_option("--from", explain_options.from,
                   "Sender's address; a trusted proxy's forwarding fields are believed")
      ->type_name("ADDRESS");

  BypassOptions bypass_options;
  CLI::App* bypass_command =
      app.add_subcommand("bypass", "Create a signed link that lets a tester through the gate");
  add_config_option(*bypass_command, bypass_options.source);
  bypass_command->add_option("SERVICE", bypass_options.service, "Name of the service")->required();
  bypass_command->add_option("--for", bypass_options.lasts, "Validity of the link (default: 1h)")
      ->type_name("DURATION");
  bypass_command->footer(
      "INTERMISSION_BYPASS_KEY signs the link; serve needs the same key. Changing the key makes "
      "all\n"
      "links signed with the old one invalid.");

  HealthOptions health_options;
  CLI::App* health_command = app.add_subcommand(
      "health", "Ask the gateway of this machine whether it answers; 0 if it does");
  add_config_option(*health_command, health_options.config);
  health_command
      ->add_option("--port", health_options.port,
                   "Port for clients (environment: PORT; default: as configured)")
      ->type_name("N");
  health_command->add_flag("--tls", health_options.tls,
                           "Ask by TLS, on the port of listen.tls, whatever certificate is shown");
  health_command->footer(
      "Only `listen` of the configuration is read: a gateway that runs keeps its configuration,\n"
      "whatever has become of the file.");

  program::MigrateOptions migrate_options;
  CLI::App* state_command =
      app.add_subcommand("state", "Prepare the database in which instances share their state");
  state_command->require_subcommand(1);
  CLI::App* migrate_command =
      state_command->add_subcommand("migrate", "Create the tables, or bring them up to date");
  add_config_option(*migrate_command, migrate_options.source);
  migrate_command
      ->add_option("--state-binding", migrate_options.binding,
                   "Name of the service in VCAP_SERVICES")
      ->type_name("NAME");
  migrate_command->add_flag("--print", migrate_options.prints,
                            "Print the statements that create the tables, and run none");
  migrate_command->footer(
      "serve does the same by itself where its role may create tables. INTERMISSION_DATABASE_URL\n"
      "or state.postgresql names the database.");

  const cli::Commands commands(app, place_of_operators);

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
  if (*migrate_command) return if_written(program::migrate_state(migrate_options));
  if (*serve_command) return program::serve(serve_options);
  if (*check_command) return if_written(check(check_options));
  if (*preview_command) return if_written(preview(preview_options));
  if (*health_command) return health(health_options);
  if (*bypass_command) return if_written(bypass(bypass_options));
  if (const auto code = commands.run()) return if_written(*code);
  return if_written(explain(explain_options));
}

}  // namespace
}  // namespace intermission

int main(int argc, char** argv) {
  try {
    intermission::occupy_standard_streams();
    return intermission::run(argc, argv);
  } catch (const std::exception& error) {
    return intermission::program::fail(error.what());
  }
}
