#include "report/check.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "dialect/table.h"
#include "http/date.h"
#include "report/answers_by_kind.h"
#include "report/contract_report.h"
#include "report/template_check.h"

namespace intermission::report {
namespace {

std::string describe(const catalog::Rule& rule) {
  std::vector<std::string> conditions;
  if (rule.path) conditions.push_back("path " + *rule.path);
  if (!rule.methods.empty()) {
    conditions.push_back(fmt::format("method {}", fmt::join(rule.methods, " or ")));
  }
  if (rule.user_agent) conditions.push_back("User-Agent " + *rule.user_agent);
  for (const auto& header : rule.headers) conditions.push_back(header.name + " " + header.value);
  return fmt::format("{} -> {}",
                     conditions.empty() ? "always" : fmt::format("{}", fmt::join(conditions, ", ")),
                     rule.answer);
}

std::string describe_state(const snapshot::Service& service, base::TimePoint now) {
  const gate::Verdict verdict = gate::decide(service.plan, now);
  std::string out =
      fmt::format("{}: {}", verdict.in_maintenance ? "in maintenance" : "open", verdict.reason);
  if (verdict.until) out += ", until " + http::rfc3339(*verdict.until);
  return out;
}

// Which kinds of request the scope leaves out is said in a line of its own.
std::string describe_gate(const snapshot::Service& service, base::TimePoint now) {
  const auto verdict = gate::decide(service.plan, now, gate::Place::kGate);
  return fmt::format("{}: {}", verdict.in_maintenance ? "in maintenance" : "open", verdict.reason);
}

// A host that a wildcard stands for.
std::string sample_host(std::string_view host) {
  if (host.starts_with("**.")) return std::string(host.substr(3));
  return host.starts_with("*.") ? "any" + std::string(host.substr(1)) : std::string(host);
}

std::string describe(const catalog::Scope& scope) {
  std::string out = scope.allow_reads ? "every method but GET, HEAD and OPTIONS"
                                      : fmt::format("{}", fmt::join(scope.methods, ", "));
  if (scope.names_methods() && !scope.paths.empty()) out += " below ";
  return out + fmt::format("{}", fmt::join(scope.paths, ", "));
}

// Whether some host of the service has parts that can differ.
bool has_parts(const catalog::Service& service, const catalog::Catalog& catalog) {
  if (service.hosts.empty()) return catalog.has_parts({});
  return std::any_of(service.hosts.begin(), service.hosts.end(),
                     [&](std::string_view host) { return catalog.has_parts(sample_host(host)); });
}

// What a gate compares, and what it lets pass that the operator may not have thought of.
std::vector<std::string> gate_notes(const catalog::Service& service,
                                    const catalog::Catalog& catalog) {
  std::vector<std::string> notes;
  if (!service.scope.methods.empty()) {
    notes.emplace_back(
        "warning: methods that are not listed pass, made-up ones included, and so does a form with "
        "_method unless POST is listed. scope: { allow: reads } is safer");
  }
  if (service.scope.names_methods()) {
    notes.emplace_back(
        "methods: a request's own in any case of letters, and those in X-HTTP-Method-Override, "
        "X-HTTP-Method, X-Method-Override and _method in the query. Bodies are not seen: GET and "
        "OPTIONS with a body are reads");
  }
  if (!has_parts(service, catalog)) return notes;
  notes.push_back(fmt::format(
      "warning: parts of this host can differ. A path passes only if all its readings are open: as "
      "sent; decoded, also more than once and with %2F kept; \\ as /; without dot segments, "
      "repeated slashes, ;parameters, and spaces and dots at the ends of segments; behind a prefix "
      "that a router cut off (X-Forwarded-Prefix and its kin); in other fields (X-Original-URL and "
      "its kin); in the query (rest_route, q, r, s, route, url, path and their kin); {}",
      service.case_sensitive_paths ? "upper and lower case are different"
                                   : "in any case of letters (see case_sensitive_paths)"));
  return notes;
}

// Which kinds of client hear another status than the one they know, because a gate would take
// theirs for "open".
std::string behind_a_gate(const snapshot::Service& service) {
  std::vector<std::string> changed;
  for (std::size_t row = 0; row < dialect::table().size(); ++row) {
    if (!service.may_choose(row)) continue;
    const dialect::Representation& said = service.notice_for({}, 0).said(row).front().said;
    if (said.status >= 300) continue;
    changed.emplace_back(dialect::table()[row]->name);
  }
  return fmt::format("{}", fmt::join(changed, ", "));
}

using Lines = std::vector<std::pair<std::string_view, std::string>>;

// Which scripts see a network error in place of the answer: a browser shows them nothing of an
// answer to a preflight that is not granted, or to credentials that are not allowed.
Lines script_lines(const catalog::Cors& cors) {
  const std::string_view plain = "without credentials; with them a network error";
  Lines lines;
  if (!cors.origins.empty()) {
    lines.emplace_back("scripts",
                       fmt::format("from {}: any request, {}", fmt::join(cors.origins, ", "),
                                   cors.credentials ? "with credentials too" : plain));
  }
  if (cors.any) {
    lines.emplace_back("scripts", fmt::format("from every origin: any request, {}", plain));
  } else {
    lines.emplace_back("scripts", fmt::format("from the same site: any request, {}", plain));
    lines.emplace_back("scripts",
                       "from other origins: simple requests without credentials; with them, or "
                       "where a preflight is needed, a network error");
  }
  lines.emplace_back(
      "scripts",
      "at a gate that forwards the gateway's answers: a network error where a preflight is needed");
  return lines;
}

// What the switches for single clients change, and for whom.
Lines switch_lines(const catalog::Service& service) {
  Lines lines;
  if (!service.grpc.health) {
    lines.emplace_back("grpc", "health: false: health checks get UNAVAILABLE with the message");
  }
  if (service.oauth.status < 500) {
    lines.emplace_back("oauth", fmt::format("{}: Node's openid-client shows the message; clients "
                                            "that wait and retry after 503 do not",
                                            service.oauth.status));
  }
  if (service.problem.type != catalog::ProblemSettings{}.type) {
    lines.emplace_back("problem", "type " + service.problem.type);
  }
  if (!service.reason_phrase) {
    lines.emplace_back("phrase",
                       "registered: wget, go, npm and others that show only the status "
                       "line do not show the message");
  }
  const int close = service.websocket.close;
  if (close == 0) return lines;
  lines.emplace_back("websocket", fmt::format("closed with {}: scripts in browsers and most "
                                              "clients show the message",
                                              close));
  lines.emplace_back("websocket",
                     "warning: socket.io by WebSocket alone shows no message then, and "
                     "with 0 it reports an error");
  if (close != 1001) {
    lines.emplace_back("websocket", fmt::format("warning: OkHttp before 4 takes {} for a breach of "
                                                "the protocol; 0 and 1001 are right for it",
                                                close));
  }
  return lines;
}

// The one that lasts, and those after it.
std::vector<base::Window> next_windows(const snapshot::Service& service, base::TimePoint now) {
  constexpr std::size_t kShown = 5;
  std::vector<base::Window> windows;
  const gate::Schedule& schedule = service.plan.schedule;
  const auto latest = schedule.latest(now);
  if (latest && now < latest->end) windows.push_back(*latest);
  for (auto next = schedule.next(now); next && windows.size() < kShown;
       next = schedule.next(next->start)) {
    windows.push_back(*next);
  }
  return windows;
}

std::string describe(const snapshot::Service& service, bool fallback,
                     const catalog::Catalog& catalog, base::TimePoint now) {
  const catalog::Service& configured = *service.configured;
  std::string hosts = configured.hosts.empty()
                          ? "every host"
                          : fmt::format("{}", fmt::join(configured.hosts, ", "));
  if (fallback) hosts = "requests that belong to no other service";
  std::string out = "service " + configured.name;
  if (!configured.title.empty()) out += " (" + configured.title + ")";
  out += '\n';
  const auto line = [&](std::string_view name, const std::string& value) {
    out += fmt::format("  {:<11} {}\n", name, value);
  };
  line("answers for", hosts);
  if (!fallback) line("paths", fmt::format("{}", fmt::join(configured.paths, ", ")));
  line("state", describe_state(service, now));
  line("at a gate", describe_gate(service, now));
  line("languages", fmt::format("{}", fmt::join(service.maintenance.languages.tags(), ", ")));
  line("outage",
       configured.outage_message.entries.empty()
           ? "says that it is temporarily unavailable, in every language of the page"
           : fmt::format("a message in {}", fmt::join(service.outage.languages.tags(), ", ")));
  line("default", std::string(dialect::table()[service.default_dialect]->name));
  if (!configured.disabled_kinds.empty()) {
    line("disabled", fmt::format("{}: chosen by a rule or answer alone",
                                 fmt::join(configured.disabled_kinds, ", ")));
  }
  for (const std::string& finding : template_findings(configured)) line("page", finding);
  for (const auto& [key, text] : contract_lines(service)) {
    line(key == "graphql_schema" ? "graphql" : key, text);
  }
  for (const catalog::Rule& rule : configured.rules) line("rule", describe(rule));
  if (const std::string scope = describe(configured.scope); !scope.empty()) {
    line("scope", scope);
  }
  for (const std::string& note : gate_notes(configured, catalog)) line("at a gate", note);
  const std::string gate = behind_a_gate(service);
  line("gate status", gate.empty() ? "as elsewhere" : "no 2xx, but an error, for: " + gate);
  for (const auto& [key, text] : script_lines(configured.cors)) line(key, text);
  for (const auto& [key, text] : switch_lines(configured)) line(key, text);
  for (const base::Window& window : next_windows(service, now)) {
    line("window", http::rfc3339(window.start) + " to " + http::rfc3339(window.end));
  }
  return out;
}

}  // namespace

std::string check_report(const snapshot::Snapshot& snapshot, base::TimePoint now) {
  const std::size_t count = snapshot.catalog().services().size();
  std::string out;
  for (std::size_t i = 0; i < count; ++i) {
    out += describe(snapshot.service(i), i + 1 == count, snapshot.catalog(), now);
  }
  return out + answers_by_kind(snapshot);
}

}  // namespace intermission::report
