#include "control/switchboard.h"

#include <algorithm>
#include <utility>

#include "base/suggest.h"
#include "base/text.h"
#include "control/service_json.h"
#include "control/service_part.h"
#include "gate/pass_text.h"

namespace intermission::control {
namespace {

constexpr std::string_view kStays =
    "the new configuration was rejected; the old one stays in force: ";

Refusal unknown_service(std::string_view name, const catalog::Catalog& catalog) {
  std::vector<std::string_view> names;
  for (const catalog::Service& service : catalog.services()) names.push_back(service.name);
  const std::string_view near = base::nearest_word(name, names);
  std::string detail = "unknown service " + base::printable(name);
  if (!near.empty()) detail += "; did you mean " + std::string(near) + "?";
  return {404, std::move(detail), "service"};
}

Refusal stale(std::uint64_t version) {
  return {412, "the service has been changed since: its version is now " + std::to_string(version) +
                   "; read it again before changing it"};
}

void note(State& state, AuditEntry entry) {
  state.audit.push_back(std::move(entry));
  if (state.audit.size() > State::kMostAudit) {
    state.audit.erase(state.audit.begin(),
                      state.audit.end() - static_cast<std::ptrdiff_t>(State::kMostAudit));
  }
}

// Windows that a former version of the program took, and this one does not read.
void report_unreadable(const State& state, const std::function<void(const std::string&)>& report) {
  for (const auto& [name, service] : state.services) {
    for (const PlannedWindow& window : service.windows) {
      if (const auto part = read_window_part(window.text); !part) {
        report("the planned window " + window.id + " of " + name +
               " is not in force: " + part.problem.field + ": " + part.problem.detail);
      }
    }
  }
}

}  // namespace

base::Result<std::unique_ptr<Switchboard>> Switchboard::open(Parts parts, catalog::Catalog first) {
  auto loaded = parts.store.load();
  if (!loaded) return loaded.error();
  if (loaded->trouble) parts.report(loaded->trouble->text());
  report_unreadable(loaded->state, parts.report);
  return std::unique_ptr<Switchboard>(
      new Switchboard(std::move(parts), std::make_shared<const catalog::Catalog>(std::move(first)),
                      std::move(loaded->state)));
}

Switchboard::Switchboard(Parts parts, std::shared_ptr<const catalog::Catalog> configured,
                         State state)
    : parts_(std::move(parts)) {
  compile(std::move(configured), std::make_shared<const State>(std::move(state)));
  reload_.at = parts_.clock.now();
  remember_verdicts(reload_.at);
}

View Switchboard::view() const {
  const base::MutexLock lock(mutex_);
  return view_;
}

ReloadReport Switchboard::last_reload() const {
  const base::MutexLock lock(mutex_);
  return reload_;
}

std::size_t Switchboard::held_back() const {
  const gateway::SnapshotPtr snapshot = view().snapshot;
  const base::TimePoint now = parts_.clock.now();
  std::size_t held = 0;
  for (std::size_t i = 0; i < snapshot->catalog().services().size(); ++i) {
    if (gate::decide(snapshot->service(i).plan, now).closed) ++held;
  }
  return held;
}

void Switchboard::compile(std::shared_ptr<const catalog::Catalog> configured,
                          std::shared_ptr<const State> state) {
  const gateway::SnapshotPtr previous = publisher_ ? publisher_->current() : nullptr;
  auto snapshot =
      std::make_shared<const gateway::Snapshot>(effect_.apply(*configured, *state), previous.get());
  if (publisher_) {
    publisher_->publish(snapshot);
  } else {
    publisher_ = std::make_unique<gateway::Publisher>(snapshot);
  }
  view_ = {std::move(snapshot), std::move(configured), std::move(state), parts_.clock.now()};
}

std::optional<Refusal> Switchboard::change(std::string_view name,
                                           std::optional<std::uint64_t> expected,
                                           std::string_view by, const Step& step) {
  const base::MutexLock lock(mutex_);
  const auto index = index_of(*view_.configured, name);
  if (!index) return unknown_service(name, *view_.configured);
  const std::uint64_t version = version_of(*view_.state, name);
  if (expected && *expected != version) return stale(version);

  const base::TimePoint now = parts_.clock.now();
  const Subject subject{view_.configured->service(*index),
                        gate::decide(view_.snapshot->service(*index).plan, now), now,
                        view_.state->version + 1, plan_budget_.left_for(name, *view_.state)};
  auto next = std::make_shared<State>(*view_.state);
  ServiceState& service = next->services[std::string(name)];
  auto changed = step(service, subject);
  if (auto* refusal = std::get_if<Refusal>(&changed)) return std::move(*refusal);
  service.version = ++next->version;
  note(*next, {next->version, now, std::string(name), std::move(std::get<std::string>(changed)),
               std::string(by)});
  if (const auto error = parts_.store.save(*next)) {
    parts_.report("a change could not be saved: " + error->text());
    return Refusal{503, "the change could not be saved and is not in force: " + error->text()};
  }
  compile(view_.configured, std::move(next));
  tell(*index, now);
  return {};
}

std::optional<base::Error> Switchboard::reload() {
  // What began to be read first may be older than what is there when it has been read.
  const base::MutexLock one_at_a_time(reading_);
  auto configuration = parts_.load();
  const base::MutexLock lock(mutex_);
  if (!configuration) {
    ++reload_.failures;
    reload_.problem = gate::hide_passes(configuration.error().text());
    parts_.report(std::string(kStays) + *reload_.problem);
  } else {
    compile(std::make_shared<const catalog::Catalog>(std::move(configuration->catalog)),
            view_.state);
    reload_.at = parts_.clock.now();
    ++reload_.successes;
    reload_.problem.reset();
    remember_verdicts(reload_.at);
  }
  JsonText json;
  json.begin_object().member("at", reload_.at).member("problem", reload_.problem).end_object();
  parts_.events.publish("reload", json.text());
  if (!configuration) return configuration.error();
  return {};
}

void Switchboard::tell(std::size_t service, base::TimePoint now) {
  closed_[service] = gate::decide(view_.snapshot->service(service).plan, now).closed;
  JsonText json;
  write_service(view_, service, now, json);
  parts_.events.publish("service", json.text());
}

void Switchboard::remember_verdicts(base::TimePoint now) {
  closed_.resize(view_.configured->services().size());
  for (std::size_t i = 0; i < closed_.size(); ++i) {
    closed_[i] = gate::decide(view_.snapshot->service(i).plan, now).closed;
  }
}

void Switchboard::look_at_the_clock() {
  const base::TimePoint now = parts_.clock.now();
  const auto second = now.time_since_epoch().count();
  if (looked_at_.exchange(second) == second) return;
  const base::MutexLock lock(mutex_);
  for (std::size_t i = 0; i < closed_.size(); ++i) {
    if (gate::decide(view_.snapshot->service(i).plan, now).closed != closed_[i]) tell(i, now);
  }
}

}  // namespace intermission::control
