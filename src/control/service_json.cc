#include "control/service_json.h"

#include <algorithm>

#include "control/upcoming.h"
#include "gate/gate.h"
#include "gate/pass_text.h"
#include "gate/wait.h"
#include "http/date.h"

namespace intermission::control {
namespace {

constexpr std::size_t kShownWindows = 10;

std::string_view word_of(base::Maintenance maintenance) {
  switch (maintenance) {
    case base::Maintenance::kOn:
      return "on";
    case base::Maintenance::kOff:
      return "off";
    case base::Maintenance::kScheduled:
      break;
  }
  return "scheduled";
}

void write_texts(std::string_view name, const std::vector<std::string>& texts, JsonText& json) {
  json.key(name).begin_array();
  for (const std::string& text : texts) json.value(std::string_view(gate::hide_passes(text)));
  json.end_array();
}

void write_window(const base::Window& window, JsonText& json) {
  json.begin_object().member("start", window.start).member("end", window.end).end_object();
}

std::string_view word_of(const gate::Verdict& verdict) {
  return verdict.in_maintenance ? "maintenance" : "open";
}

void write_verdict(const snapshot::Service& service, base::TimePoint now, JsonText& json) {
  const gate::Verdict verdict = gate::decide(service.plan, now);
  const auto at_gate = gate::decide(service.plan, now, gate::Place::kGate);
  json.member("state", word_of(verdict)).member("gate", word_of(at_gate));
  json.member("reason", verdict.reason);
  json.member("since", verdict.since).member("until", verdict.until);
  if (!verdict.in_maintenance) return;
  json.member("retryAfter", std::uint64_t{gate::seconds_to_wait(verdict, service.wait, now, 0)});
}

void write_switch(const base::Switch& by, JsonText& json) {
  json.key("switched").begin_object().member("to", by.in_maintenance ? "on" : "off");
  json.member("since", by.since).member("until", by.until);
  json.member("ends", by.ends).end_object();
}

// X-Operator is anybody's word who holds the token.
std::string claimed_name(const std::string& name) {
  return name.empty() ? std::string() : "claims to be " + name;
}

}  // namespace

std::uint64_t version_of(const State& state, std::string_view service) {
  const auto found = state.services.find(service);
  return found == state.services.end() ? 0 : found->second.version;
}

std::optional<std::size_t> index_of(const catalog::Catalog& catalog, std::string_view name) {
  for (std::size_t i = 0; i < catalog.services().size(); ++i) {
    if (catalog.service(i).name == name) return i;
  }
  return {};
}

void write_service(const View& view, std::size_t index, base::TimePoint now, JsonText& json) {
  const catalog::Service& configured = view.configured->service(index);
  const snapshot::Service& service = view.snapshot->service(index);
  json.begin_object().member("name", std::string_view(configured.name));
  json.member("title", std::string_view(gate::hide_passes(configured.title)));
  write_texts("hosts", configured.hosts, json);
  write_texts("paths", configured.paths, json);
  write_verdict(service, now, json);
  json.member("configured", word_of(configured.maintenance));
  const auto touched = view.state->services.find(configured.name);
  const bool is_touched = touched != view.state->services.end();
  if (is_touched && touched->second.switched) write_switch(*touched->second.switched, json);
  json.key("message").begin_object();
  for (const auto& [language, text] : service.configured->message.entries) {
    json.member(language, std::string_view(gate::hide_passes(text)));
  }
  json.end_object();
  if (view.state->held.contains(configured.name)) json.member("heldHere", true);
  json.member("messageByOperator", is_touched && touched->second.message.has_value());
  if (!service.configured->contract_errors.empty()) {
    write_texts("contractErrors", service.configured->contract_errors, json);
  }
  const auto next = upcoming(*service.configured, now, 1);
  if (!next.empty()) {
    json.key("window");
    write_window(next.front(), json);
  }
  json.member("version", version_of(*view.state, configured.name)).end_object();
}

void write_windows(const View& view, std::size_t index, base::TimePoint now, JsonText& json) {
  const catalog::Service& configured = view.configured->service(index);
  const auto touched = view.state->services.find(configured.name);
  const ServiceState none;
  const ServiceState& state = touched == view.state->services.end() ? none : touched->second;
  json.begin_object().key("planned").begin_array();
  for (const PlannedWindow& planned : state.windows) {
    json.begin_object().member("id", std::string_view(planned.id));
    json.key("window").raw(gate::hide_passes(planned.text)).end_object();
  }
  json.end_array().key("configured").begin_array();
  for (const base::Window& window : upcoming(configured, now, kShownWindows)) {
    json.begin_object().member("id", std::string_view(http::rfc3339(window.start)));
    json.member("start", window.start).member("end", window.end);
    json.member("cancelled",
                std::binary_search(state.cancelled.begin(), state.cancelled.end(), window.start));
    json.end_object();
  }
  json.end_array().key("next").begin_array();
  for (const base::Window& window :
       upcoming(*view.snapshot->service(index).configured, now, kShownWindows)) {
    write_window(window, json);
  }
  json.end_array().end_object();
}

void write_window_of(std::string_view service, const base::Window& window, JsonText& json) {
  json.begin_object().member("service", service);
  json.member("start", window.start).member("end", window.end).end_object();
}

void write_audit(const State& state, JsonText& json) {
  json.begin_object().key("changes").begin_array();
  for (auto entry = state.audit.rbegin(); entry != state.audit.rend(); ++entry) {
    json.begin_object().member("version", entry->version).member("at", entry->at);
    json.member("service", std::string_view(entry->service));
    json.member("what", std::string_view(gate::hide_passes(entry->what)));
    json.member("by", std::string_view(gate::hide_passes(claimed_name(entry->by)))).end_object();
  }
  json.end_array().end_object();
}

}  // namespace intermission::control
