#include "cli/remote.h"

#include <sys/stat.h>

#include <iostream>

#include "base/environment.h"
#include "base/text.h"
#include "cli/arguments.h"
#include "control/json_text.h"
#include "control/secret.h"
#include "control/token.h"
#include "control/whole_file.h"
#include "document/parse_json.h"

namespace intermission::cli {
namespace {

constexpr const char* kToken = "INTERMISSION_TOKEN";

base::Result<Client> client_with_kept_token(Client::Settings at, const std::string& file) {
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
  struct stat facts {};
  if (lstat(file.c_str(), &facts) == 0) at.token_owner = facts.st_uid;
  return Client(std::move(at));
}

// The argument that a member of the API's JSON was made from: "--for", "DURATION".
std::string argument_of(std::string_view member) {
  if (member == "by") return "DURATION";
  for (const std::string_view option :
       {"for", "until", "ends", "local", "wait", "start", "end", "zone", "rrule"}) {
    if (member == option) return "--" + std::string(member);
  }
  return std::string(member);
}

// Names the instances that do not have a change in force yet; kFailed if there are any.
int tell_of_missing(const rapidjson::Document& service) {
  const auto* instances = control::member_of(service, "instances");
  const auto* missing = instances == nullptr ? nullptr : control::member_of(*instances, "missing");
  if (missing == nullptr || !missing->IsArray() || missing->Empty()) return kDone;
  for (const rapidjson::Value& one : missing->GetArray()) {
    program::tell("not yet in force at " + std::string(control::view_of(one["name"])) + ", seen " +
                  std::to_string(one["seenSecondsAgo"].GetUint64()) + " s ago");
  }
  return kFailed;
}

}  // namespace

std::string problem_of(const Reply& reply) {
  if (reply.status == 401) {
    return "the gateway rejected the token: set INTERMISSION_TOKEN to the gateway's token";
  }
  const rapidjson::Document document = document::parse_json(reply.body);
  const auto* detail = control::member_of(document, "detail");
  if (detail == nullptr || !detail->IsString()) {
    const std::string number = std::to_string(reply.status);
    if (reply.body.starts_with('<')) {
      return "no control listener of a gateway answers at this address, but something else, with "
             "status " +
             number;
    }
    const std::string status = "the gateway answered with status " + number;
    // It says in plain text that it speaks TLS.
    if (!document.HasParseError() || reply.body.empty()) return status;
    return status + ": " + base::printable(reply.body.substr(0, reply.body.find('\n')), 200);
  }
  // Problem details for clients say how long to wait, and those of the API never do.
  if (control::member_of(document, "retryAfter") != nullptr) {
    return "no control listener answers at this address, but a data port, with status " +
           std::to_string(reply.status);
  }
  const auto* field = control::member_of(document, "field");
  const bool named = field != nullptr && field->IsString() && control::view_of(*field) != "service";
  return (named ? argument_of(control::view_of(*field)) + ": " : "") +
         std::string(control::view_of(*detail));
}

std::string segment_of(std::string_view name) {
  std::string segment;
  for (const char c : name) {
    const bool plain = base::is_alpha(c) || base::is_digit(c) ||
                       std::string_view("-_.:+").find(c) != std::string_view::npos;
    segment += plain ? c : '!';
  }
  return segment;
}

std::string body_of(std::initializer_list<std::pair<const char*, const std::string*>> members,
                    bool ends, bool local) {
  control::JsonText json;
  json.begin_object();
  for (const auto& [name, value] : members) {
    if (!value->empty()) json.member(name, std::string_view(*value));
  }
  if (ends) json.member("ends", true);
  if (local) json.member("local", true);
  return json.end_object().text();
}

std::string Remote::service_path(std::string_view below) const {
  return "/api/services/" + segment_of(service) + std::string(below);
}

std::string Remote::change_path(std::string_view below) const {
  return service_path(below) + (wait.empty() ? "" : "?wait=" + segment_of(wait));
}

base::Result<Client> Remote::client() const {
  Client::Settings at;
  at.url = url.empty() ? base::environment("INTERMISSION_CONTROL_URL").value_or("") : url;
  at.ca = ca;
  auto token = control::secret_from_environment(kToken);
  if (!token) return token.error();
  if (at.url.empty() || !*token) {
    const auto known =
        find(config.empty() ? base::environment("INTERMISSION_CONFIG").value_or("") : config);
    if (!known) return known.error();
    if (at.url.empty()) {
      at.url = known->url;
      if (ca.empty()) at.ca = known->certificate;
    }
    if (!*token) return client_with_kept_token(std::move(at), known->token_file);
  }
  if (auto problem = control::token_problem(**token, kToken)) return std::move(*problem);
  at.token = **token;
  return Client(std::move(at));
}

int Remote::call(std::string_view method, const std::string& path, const std::string& body,
                 std::string (*show)(const rapidjson::Document&)) const {
  const auto caller = client();
  if (!caller) return failed(caller.error().text());
  const auto reply = caller->call(method, path, body);
  if (!reply) return failed(reply.error().text());
  if (!reply->good()) return failed(problem_of(*reply));
  if (json) {
    std::cout << reply->body;
    return kDone;
  }
  const rapidjson::Document document = document::parse_json(reply->body);
  if (document.HasParseError()) return failed("the gateway's answer is not JSON");
  std::cout << show(document);
  return tell_of_missing(document);
}

CLI::App& add_remote(CLI::App& app, Remote& remote, const char* name, const char* what) {
  CLI::App& command = add_command(app, name, what);
  add_option(command, "--control-url", remote.url,
             "URL of the control listener (environment: INTERMISSION_CONTROL_URL; default: "
             "from the configuration)",
             "URL");
  add_option(command, "--ca", remote.ca,
             "Authorities that sign the control listener's certificate, in PEM (default: "
             "the system's; with --config, the configured certificate)",
             "FILE");
  add_option(command, "--config", remote.config,
             "Configuration file of the gateway (environment: INTERMISSION_CONFIG)", "FILE");
  return command;
}

CLI::App& add_for_service(CLI::App& app, Remote& remote, const char* name, const char* what) {
  CLI::App& command = add_remote(app, remote, name, what);
  add_required(command, "SERVICE", remote.service,
               "Name of the service, as listed by `intermission status`");
  return command;
}

void add_wait_option(CLI::App& command, Remote& remote) {
  add_flag(command, "--wait{5s}", remote.wait,
           "Wait until the change is in force at all instances: 5 s, or as in --wait=20s");
}

void add_local_option(CLI::App& command, Remote& remote) {
  add_flag(command, "--local", remote.local,
           "Only at this instance, while the database cannot be reached; ends when it can");
}

void add_json_option(CLI::App& command, Remote& remote) {
  add_flag(command, "--json", remote.json, "Print JSON");
}

}  // namespace intermission::cli
