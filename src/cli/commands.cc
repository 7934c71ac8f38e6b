#include "cli/commands.h"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <initializer_list>
#include <iostream>
#include <utility>
#include <vector>

#include "base/text.h"
#include "cli/client.h"
#include "cli/completion.h"
#include "cli/tables.h"
#include "control/json_text.h"
#include "control/secret.h"
#include "control/token.h"
#include "control/whole_file.h"

namespace intermission::cli {
namespace {

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr const char* kToken = "INTERMISSION_TOKEN";

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

int fail(const std::string& why) {
  std::cerr << "intermission: " << why << std::endl;
  return kFailed;
}

// What a refusal says, for a person at a terminal.
std::string problem_of(const Reply& reply) {
  if (reply.status == 401) {
    return "the gateway rejected the token: set INTERMISSION_TOKEN to the gateway's token";
  }
  rapidjson::Document document;
  document.Parse(reply.body.data(), reply.body.size());
  const auto* detail = document.HasParseError() ? nullptr : control::member_of(document, "detail");
  if (detail == nullptr || !detail->IsString()) {
    const std::string status = "the gateway answered with status " + std::to_string(reply.status);
    // It says in plain text that it speaks TLS.
    if (!document.HasParseError() || reply.body.empty()) return status;
    return status + ": " + base::printable(reply.body.substr(0, reply.body.find('\n')), 200);
  }
  const auto* field = control::member_of(document, "field");
  const bool named = field != nullptr && field->IsString() && control::view_of(*field) != "service";
  return (named ? std::string(control::view_of(*field)) + ": " : "") +
         std::string(control::view_of(*detail));
}

// A name as a segment of a path. No name has a "!": the gateway says that there is no such thing.
std::string segment_of(std::string_view name) {
  std::string segment;
  for (const char c : name) {
    const bool plain = base::is_alpha(c) || base::is_digit(c) ||
                       std::string_view("-_.:+").find(c) != std::string_view::npos;
    segment += plain ? c : '!';
  }
  return segment;
}

/// What a change says of instances that do not have it in force yet; 1 if there are any.
int tell_of_missing(const rapidjson::Document& service) {
  const auto* instances = control::member_of(service, "instances");
  const auto* missing = instances == nullptr ? nullptr : control::member_of(*instances, "missing");
  if (missing == nullptr || !missing->IsArray() || missing->Empty()) return kDone;
  for (const rapidjson::Value& one : missing->GetArray()) {
    std::cerr << "intermission: not yet in force at " << control::view_of(one["name"]) << ", seen "
              << one["seenSecondsAgo"].GetUint64() << " s ago" << std::endl;
  }
  return kFailed;
}

}  // namespace

struct Commands::Options {
  Options(CLI::App& whole, std::function<Place(const std::string&)> find)
      : app(whole), place(std::move(find)) {}

  CLI::App& app;
  std::function<Place(const std::string&)> place;

  std::string url;
  std::string ca;
  std::string config;
  std::string service;
  std::string until;
  std::string lasts;
  std::string message;
  bool ends = false;
  bool local = false;
  std::string wait;
  bool json = false;
  std::string by;
  std::string start;
  std::string end;
  std::string zone;
  std::string rrule;
  std::string window;
  std::string shell;

  struct Entry {
    CLI::App* command;
    int (*run)(const Options&);
  };
  std::vector<Entry> entries;

  CLI::App& add(CLI::App& parent, const char* name, const char* what, int (*run)(const Options&)) {
    CLI::App* command = parent.add_subcommand(name, what);
    entries.push_back({command, run});
    return *command;
  }
  CLI::App& add_remote(const char* name, const char* what, int (*run)(const Options&)) {
    CLI::App& command = add(app, name, what, run);
    command
        .add_option("--control-url", url,
                    "URL of the control listener (environment: INTERMISSION_CONTROL_URL; default: "
                    "from the configuration)")
        ->type_name("URL");
    command
        .add_option("--ca", ca,
                    "Authorities that sign the control listener's certificate, in PEM (default: "
                    "the system's; with --config, the configured certificate)")
        ->type_name("FILE");
    command
        .add_option("--config", config,
                    "Configuration file of the gateway (environment: INTERMISSION_CONFIG)")
        ->type_name("FILE");
    return command;
  }
  CLI::App& add_for_service(const char* name, const char* what, int (*run)(const Options&)) {
    CLI::App& command = add_remote(name, what, run);
    command
        .add_option("SERVICE", service, "Name of the service, as listed by `intermission status`")
        ->required();
    return command;
  }

  void add_wait(CLI::App& command) {
    command.add_flag("--wait{5s}", wait,
                     "Wait until all instances have it in force: 5 s, or as in --wait=20s");
  }
  void add_local(CLI::App& command) {
    command.add_flag("--local", local,
                     "At this instance alone, while its database is away; ends when it is back");
  }
  /// Of a change that may be waited for.
  std::string change_path(std::string_view below) const {
    return service_path(below) + (wait.empty() ? "" : "?wait=" + segment_of(wait));
  }
  std::string service_path(std::string_view below = {}) const {
    return "/api/services/" + segment_of(service) + std::string(below);
  }

  base::Result<Client> client() const {
    const std::string file = config.empty() ? environment("INTERMISSION_CONFIG") : config;
    Client::Settings at;
    at.url = url.empty() ? environment("INTERMISSION_CONTROL_URL") : url;
    at.ca = ca;
    auto token = control::secret_from_environment(kToken);
    if (!token) return token.error();
    if (at.url.empty() || !*token) {
      const Place known = place(file);
      if (at.url.empty()) {
        at.url = known.url;
        if (ca.empty()) at.ca = known.certificate;
      }
      if (!*token) return client_with_kept_token(std::move(at), known.token_file);
    }
    if (auto problem = control::token_problem(**token, kToken)) return std::move(*problem);
    at.token = **token;
    return Client(std::move(at));
  }

  static base::Result<Client> client_with_kept_token(Client::Settings at, const std::string& file) {
    base::SystemFiles files;
    const auto text = control::read_whole(files, file, control::Access::kOwnerOnly);
    if (!text) return text.error();
    if (!text->has_value()) {
      return base::Error{
          "no token: set INTERMISSION_TOKEN, or run this in the folder in which the gateway "
          "keeps " +
          file + " (--config FILE finds it)"};
    }
    at.token = (*text)->substr(0, (*text)->find_first_of("\r\n"));
    if (auto problem = control::token_problem(at.token, file)) return std::move(*problem);
    return Client(std::move(at));
  }

  /// Calls, and shows the answer: as it came with --json, else as `show` puts it.
  int call(std::string_view method, const std::string& path, const std::string& body,
           std::string (*show)(const rapidjson::Document&)) const {
    const auto caller = client();
    if (!caller) return fail(caller.error().text());
    const auto reply = caller->call(method, path, body);
    if (!reply) return fail(reply.error().text());
    if (!reply->good()) return fail(problem_of(*reply));
    if (json) {
      std::cout << reply->body;
      return kDone;
    }
    rapidjson::Document document;
    document.Parse(reply->body.data(), reply->body.size());
    if (document.HasParseError()) return fail("the gateway's answer is not JSON");
    std::cout << show(document);
    return tell_of_missing(document);
  }

  void add_switches();
  void add_windows();
  void add_views();
  void add_completion();
};

namespace {

std::string body_of(std::initializer_list<std::pair<const char*, const std::string*>> members,
                    bool ends = false, bool local = false) {
  control::JsonText json;
  json.begin_object();
  for (const auto& [name, value] : members) {
    if (!value->empty()) json.member(name, std::string_view(*value));
  }
  if (ends) json.member("ends", true);
  if (local) json.member("local", true);
  return json.end_object().text();
}

}  // namespace

void Commands::Options::add_switches() {
  CLI::App& on = add_for_service("on", "Start maintenance of a service", [](const Options& at) {
    return at.call("POST", at.change_path("/on"),
                   body_of({{"until", &at.until}, {"for", &at.lasts}, {"message", &at.message}},
                           at.ends, at.local),
                   show_service_line);
  });
  auto* how_long = on.add_option("--for", lasts, "Planned duration, for example 30m or 2h");
  on.add_option("--until", until, "Planned end, for example 2026-12-02T02:00:00Z")
      ->type_name("TIME")
      ->excludes(how_long);
  how_long->type_name("DURATION");
  on.add_option("--message", message, "Message to clients until `off`");
  on.add_flag("--ends", ends,
              "End at the planned end; without it, maintenance continues until `off`");
  add_wait(on);
  add_local(on);

  CLI::App& off = add_for_service(
      "off", "End maintenance of a service; later windows stay planned", [](const Options& at) {
        return at.call("POST", at.change_path("/off"),
                       at.local ? body_of({}, false, true) : std::string(), show_service_line);
      });
  add_wait(off);
  add_local(off);
  add_wait(add_for_service("auto", "Follow the configuration and the planned windows again",
                           [](const Options& at) {
                             return at.call("POST", at.change_path("/auto"), {}, show_service_line);
                           }));
  CLI::App& more =
      add_for_service("extend", "Postpone the end of maintenance", [](const Options& at) {
        return at.call("POST", at.change_path("/extend"), body_of({{"by", &at.by}}),
                       show_service_line);
      });
  add_wait(more);
  more.add_option("DURATION", by, "By how much, for example 30m")->required();
  CLI::App& say = add_for_service(
      "message", "Change the message; without TEXT, restore the configured one",
      [](const Options& at) {
        const bool resets = at.message.empty();
        return at.call(resets ? "DELETE" : "PUT", at.change_path("/message"),
                       resets ? "" : body_of({{"message", &at.message}}), show_service_line);
      });
  say.add_option("TEXT", message, "Message to clients");
  add_wait(say);
}

void Commands::Options::add_windows() {
  CLI::App& windows = add_for_service(
      "windows", "List, plan or remove maintenance windows of a service", [](const Options& at) {
        return at.call("GET", at.service_path("/windows"), {}, show_windows);
      });
  windows.add_flag("--json", json, "Print JSON");
  CLI::App& plan = add(windows, "plan", "Plan a window", [](const Options& at) {
    return at.call("POST", at.service_path("/windows"),
                   body_of({{"start", &at.start},
                            {"end", &at.end},
                            {"for", &at.lasts},
                            {"zone", &at.zone},
                            {"rrule", &at.rrule}}),
                   show_service_line);
  });
  plan.add_option("--start", start, "Start, for example 2026-12-01T22:00:00Z")->required();
  plan.add_option("--end", end, "End, for example 2026-12-02T02:00:00Z");
  plan.add_option("--for", lasts, "Duration in place of --end, for example 2h");
  plan.add_option("--zone", zone, "Time zone, for example Europe/Berlin; --start then has no Z");
  plan.add_option("--rrule", rrule, "Recurrence, for example FREQ=WEEKLY;BYDAY=SU");
  CLI::App& remove = add(windows, "remove", "Remove a window", [](const Options& at) {
    return at.call("DELETE", at.service_path("/windows/" + segment_of(at.window)), {},
                   show_service_line);
  });
  remove
      .add_option("WINDOW", window,
                  "Name of the window, as listed by `intermission windows SERVICE`")
      ->required();
  windows.require_subcommand(0, 1);
  plan.fallthrough();
  remove.fallthrough();
}

void Commands::Options::add_views() {
  add_remote("status", "List all services with their state", [](const Options& at) {
    const int done = at.call("GET", "/api/services", {}, show_services);
    return done != kDone || at.json ? done : at.call("GET", "/api/status", {}, show_gateway);
  }).add_flag("--json", json, "Print JSON");

  CLI::App& callers = add_remote("callers", "List the clients that called", [](const Options& at) {
    return at.call("GET", at.local ? "/api/callers?instance=self" : "/api/callers", {},
                   show_callers);
  });
  callers.add_flag("--json", json, "Print JSON");
  callers.add_flag("--local", local, "Of this instance alone");
  add_remote("instances", "List the instances that share their state", [](const Options& at) {
    return at.call("GET", "/api/instances", {}, show_instances);
  }).add_flag("--json", json, "Print JSON");
  add_remote("changes", "List the changes that operators made", [](const Options& at) {
    return at.call("GET", "/api/changes", {}, show_changes);
  }).add_flag("--json", json, "Print JSON");
  add_remote("reload", "Reload the configuration",
             [](const Options& at) { return at.call("POST", "/api/reload", {}, show_reload); });
  add_remote("watch", "Print events as they happen", [](const Options& at) {
    const auto caller = at.client();
    if (!caller) return fail(caller.error().text());
    EventLines lines;
    const auto reply = caller->listen("/api/events", [&](std::string_view piece) {
      std::cout << lines.take(piece) << std::flush;
      return std::cout.good();
    });
    if (!reply) return fail(reply.error().text());
    return reply->good() ? kDone : fail(problem_of(*reply));
  });
}

void Commands::Options::add_completion() {
  CLI::App& completion =
      add(app, "completion", "Print a completion script for a shell", [](const Options& at) {
        std::cout << completion_for(at.shell, at.app);
        return kDone;
      });
  completion.add_option("SHELL", shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
}

Commands::~Commands() = default;

Commands::Commands(CLI::App& app, std::function<Place(const std::string&)> place)
    : options_(std::make_unique<Options>(app, std::move(place))) {
  options_->add_switches();
  options_->add_windows();
  options_->add_views();
  options_->add_completion();
}

std::optional<int> Commands::run() const {
  // Innermost first: `windows SERVICE plan` is also `windows`.
  for (auto entry = options_->entries.rbegin(); entry != options_->entries.rend(); ++entry) {
    if (entry->command->parsed()) return entry->run(*options_);
  }
  return {};
}

}  // namespace intermission::cli
