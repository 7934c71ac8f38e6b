#include <utility>

#include "base/text.h"
#include "base/version.h"
#include "control/events.h"
#include "control/instance_wait.h"
#include "control/json_text.h"
#include "control/operations.h"
#include "control/service_json.h"
#include "gate/pass_text.h"
#include "http/date.h"
#include "http/target.h"
#include "report/explain.h"

namespace intermission::control {
namespace {

std::optional<Refusal> read_fields(const Call& call, report::Question& question) {
  const rapidjson::Value* fields = member_of(call.body, "fields");
  if (fields == nullptr) return {};
  const Refusal wrong{422, "expected a list of texts such as \"Accept: text/html\"", "fields"};
  if (!fields->IsArray()) return wrong;
  for (const rapidjson::Value& line : fields->GetArray()) {
    if (!line.IsString()) return wrong;
    const std::string_view text = view_of(line);
    const auto colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0) return wrong;
    question.fields.emplace_back(text.substr(0, colon), base::trim(text.substr(colon + 1)));
  }
  return {};
}

std::optional<Refusal> read_question(const Call& call, report::Question& question) {
  const auto read = [&](std::string_view name, std::string& to) -> bool {
    if (member_of(call.body, name) == nullptr) return true;
    const auto text = call.text(name);
    if (text) to = *text;
    return text.has_value();
  };
  if (!read("method", question.method) || question.method.empty()) {
    return Refusal{422, "expected a method such as GET", "method"};
  }
  if (!read("url", question.url) || question.url.empty()) {
    return Refusal{422, "expected a path, or a whole URL to name the host as well", "url"};
  }
  if (!read("body", question.body)) return Refusal{422, "expected a text", "body"};
  if (member_of(call.body, "from") != nullptr) {
    question.from = http::Address::parse(call.text("from").value_or(""));
    if (!question.from) return Refusal{422, "expected an address such as 10.0.0.3", "from"};
  }
  return read_fields(call, question);
}

// Of all instances together, or, with ?instance=self, of this one.
Counts counts_of(const ApiParts& parts, const Call& call, Counts own) {
  constexpr base::Seconds kHour{3600};
  Store& store = parts.control_plane.store();
  const bool is_alone = http::query_value(call.request.query(), "instance") == "self";
  if (is_alone || !store.is_shared()) return own;
  return joined(own, store.counts_of_others(), parts.control_plane.clock().now() - kHour);
}

void write_store(const StoreStatus& status, const State& state, JsonText& json) {
  json.key("store").begin_object().member("kind", std::string_view(status.kind));
  if (!status.place.empty()) json.member("place", std::string_view(status.place));
  json.member("reachable", status.is_reachable);
  if (status.kind == "postgresql") {
    json.member("since", status.since).member("notified", status.is_hearing);
    json.member("takesChanges", status.takes_changes);
    if (!status.problem.empty()) json.member("problem", std::string_view(status.problem));
  }
  json.key("held").begin_array();
  for (const auto& [service, hold] : state.held) json.value(std::string_view(service));
  json.end_array().end_object();
}

}  // namespace

std::optional<Refusal> show_health(const ApiParts& /*parts*/, Call& call) {
  call.answer_text(200, "text/plain; charset=utf-8", "ok\n");
  return {};
}

std::optional<Refusal> show_readiness(const ApiParts& parts, Call& call) {
  if (parts.draining()) return Refusal{503, "the gateway is shutting down"};
  return show_health(parts, call);
}

std::optional<Refusal> show_dashboard(const ApiParts& parts, Call& call) {
  call.response.status = 200;
  call.response.fields +=
      "Content-Type: text/html; charset=utf-8\r\n"
      "Referrer-Policy: no-referrer\r\n"
      "Cross-Origin-Opener-Policy: same-origin\r\n";
  call.response.add_field("Content-Security-Policy", parts.dashboard.policy);
  call.response.body.refer(parts.dashboard.document);
  return {};
}

std::int64_t days_left(const ServerCertificate& certificate, base::TimePoint now) {
  return std::chrono::floor<std::chrono::days>(certificate.not_after - now).count();
}

namespace {

void write_certificates(const std::vector<ServerCertificate>& certificates, base::TimePoint now,
                        JsonText& json) {
  if (certificates.empty()) return;
  json.key("certificates").begin_array();
  for (const ServerCertificate& certificate : certificates) {
    json.begin_object().member("listener", std::string_view(certificate.listener));
    if (!certificate.file.empty()) json.member("file", std::string_view(certificate.file));
    json.key("names").begin_array();
    for (const std::string& name : certificate.names) json.value(std::string_view(name));
    json.end_array().member("notAfter", certificate.not_after);
    json.member("daysLeft", days_left(certificate, now)).end_object();
  }
  json.end_array();
}

}  // namespace

std::optional<Refusal> show_status(const ApiParts& parts, Call& call) {
  const View view = parts.control_plane.view();
  const ReloadReport reload = parts.control_plane.last_reload();
  JsonText json;
  const base::TimePoint now = parts.control_plane.clock().now();
  json.begin_object().member("program", base::kVersion);
  json.member("now", now);
  json.member("services", std::uint64_t{view.configured->services().size()});
  json.member("inMaintenance", std::uint64_t{parts.control_plane.in_maintenance()});
  json.member("version", view.state->version).key("configuration").begin_object();
  json.member("readAt", reload.at).member("failures", reload.failures);
  json.member("problem", reload.problem).end_object();
  write_certificates(parts.certificates(), now, json);
  write_store(parts.control_plane.store().status(), *view.state, json);
  call.answer_json(200, json.end_object().text());
  return {};
}

std::optional<Refusal> list_instances(const ApiParts& parts, Call& call) {
  constexpr std::chrono::milliseconds kPatience{1000};
  Store& store = parts.control_plane.store();
  std::vector<Instance> all = store.instances(kPatience);
  if (all.empty()) {
    Instance self;
    self.name = "this gateway";
    self.program = base::kVersion;
    self.version = parts.control_plane.view().state->version;
    self.is_self = true;
    all.push_back(std::move(self));
  }
  JsonText json;
  write_instances(all, json.begin_object());
  json.member("reachable", store.status().is_reachable).end_object();
  call.answer_json(200, json.text());
  return {};
}

std::optional<Refusal> do_reload(const ApiParts& parts, Call& call) {
  if (auto refusal = call.read_body({})) return refusal;
  if (const auto error = parts.control_plane.reload()) {
    return Refusal{422, error->text(), "configuration"};
  }
  return show_status(parts, call);
}

std::optional<Refusal> list_changes(const ApiParts& parts, Call& call) {
  JsonText json;
  write_audit(*parts.control_plane.view().state, json);
  call.answer_json(200, json.text());
  return {};
}

std::optional<Refusal> list_callers(const ApiParts& parts, Call& call) {
  JsonText json;
  json.begin_object().key("callers").begin_array();
  for (const observe::Caller& caller :
       counts_of(parts, call, {parts.telemetry.callers(), {}, {}}).callers) {
    json.begin_object().member("service", std::string_view(caller.service));
    json.member("kind", std::string_view(caller.kind));
    json.member("agent", std::string_view(base::printable(gate::hide_passes(caller.agent))));
    json.member("count", caller.count);
    json.member("lastPath", std::string_view(base::printable(gate::hide_passes(caller.last_path))));
    json.member("lastSeen", caller.last_seen);
    json.member("wrongPasses", caller.wrong_passes).end_object();
  }
  json.end_array().end_object();
  call.answer_json(200, json.text());
  return {};
}

std::optional<Refusal> list_answers(const ApiParts& parts, Call& call) {
  JsonText json;
  json.begin_object().member("now", parts.control_plane.clock().now()).key("answers").begin_array();
  for (const observe::AnswerCount& answer :
       counts_of(parts, call, {{}, parts.telemetry.answers(), {}}).answers) {
    json.begin_object().member("service", std::string_view(answer.service));
    json.member("kind", std::string_view(answer.kind));
    json.member("status", std::uint64_t{answer.status});
    json.member("count", answer.count).end_object();
  }
  json.end_array().end_object();
  call.answer_json(200, json.text());
  return {};
}

// The history comes by minute; each is an object with its answers.
std::optional<Refusal> list_history(const ApiParts& parts, Call& call) {
  const base::TimePoint now = parts.control_plane.clock().now();
  const std::vector<observe::MinuteCount> history =
      counts_of(parts, call, {{}, {}, parts.telemetry.history(now)}).history;
  JsonText json;
  json.begin_object().member("now", now).key("minutes").begin_array();
  for (std::size_t i = 0; i < history.size();) {
    const base::TimePoint minute = history[i].minute;
    json.begin_object().member("at", minute).key("answers").begin_array();
    for (; i < history.size() && history[i].minute == minute; ++i) {
      json.begin_object().member("service", std::string_view(history[i].service));
      json.member("kind", std::string_view(history[i].kind));
      json.member("count", history[i].count).end_object();
    }
    json.end_array().end_object();
  }
  json.end_array().end_object();
  call.answer_json(200, json.text());
  return {};
}

std::optional<Refusal> show_metrics(const ApiParts& parts, Call& call) {
  call.answer_text(200, "text/plain; version=0.0.4; charset=utf-8", parts.telemetry.metrics());
  return {};
}

std::optional<Refusal> do_explain(const ApiParts& parts, Call& call) {
  if (auto refusal = call.read_body({"method", "url", "fields", "body", "at", "from"})) {
    return refusal;
  }
  report::Question question;
  if (auto refusal = read_question(call, question)) return refusal;
  gateway::Moment moment{parts.control_plane.clock().now(), 0};
  if (member_of(call.body, "at") != nullptr) {
    const auto at = http::parse_rfc3339(call.text("at").value_or(""));
    if (!at) return Refusal{422, "expected a time such as 2026-12-01T22:00:00Z", "at"};
    moment.now = *at;
  }
  call.answer_text(200, "text/plain; charset=utf-8",
                   report::explain(question, *parts.control_plane.view().snapshot, moment));
  return {};
}

std::optional<Refusal> listen_to_events(const ApiParts& parts, Call& call) {
  ControlPlane& control_plane = parts.control_plane;
  auto seat = control_plane.events().take_seat();
  if (!seat) {
    call.response.fields += "Retry-After: 10\r\n";
    return Refusal{503, "at most " + std::to_string(control_plane.events().most_listeners()) +
                            " event streams can be open at a time; close one, or try again later"};
  }
  std::uint64_t seen = control_plane.events().newest();
  if (const auto last = call.request.value("Last-Event-ID")) {
    seen = base::parse_number(*last).value_or(seen);
  }
  call.response.status = 200;
  call.response.add_field("Content-Type", "text/event-stream");
  call.response.stream =
      std::make_unique<EventStream>(std::move(*seat), control_plane.events(), control_plane.clock(),
                                    seen, [&control_plane] { control_plane.look_at_the_clock(); });
  return {};
}

}  // namespace intermission::control
