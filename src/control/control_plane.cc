#include "control/control_plane.h"

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
// Each conflict means that somebody else's change was saved: more than instances that change
// something at the same moment.
constexpr int kMostAttempts = 100;

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

std::string refused(const Store::Failure& failure) {
  if (!failure.is_in_doubt) {
    return "the change could not be saved and is not in force: " + failure.why.text();
  }
  return "it is not known whether the change was saved, and it is not in force yet: " +
         failure.why.text() + "; look at the state before you repeat it";
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

Refusal unknown_service(std::string_view name, const catalog::Catalog& catalog) {
  std::vector<std::string_view> names;
  for (const catalog::Service& service : catalog.services()) names.push_back(service.name);
  return {404, "unknown service " + base::printable(name) + base::suggestion(name, names),
          "service"};
}

base::Result<std::unique_ptr<ControlPlane>> ControlPlane::open(Parts parts,
                                                               catalog::Catalog first) {
  auto loaded = parts.store.load();
  if (!loaded) return loaded.error();
  if (loaded->trouble) parts.report(loaded->trouble->text());
  report_unreadable(loaded->state, parts.report);
  Store& store = parts.store;
  std::unique_ptr<ControlPlane> control_plane(
      new ControlPlane(std::move(parts), std::make_shared<const catalog::Catalog>(std::move(first)),
                       std::move(loaded->state)));
  store.watch([&control_plane = *control_plane](State state) {
    control_plane.adopt(std::make_shared<const State>(std::move(state)), From::kOthers);
  });
  return control_plane;
}

ControlPlane::ControlPlane(Parts parts, std::shared_ptr<const catalog::Catalog> configured,
                           State state)
    : parts_(std::move(parts)) {
  const base::MutexLock compiling(compiling_);
  View first = compile(std::move(configured), std::make_shared<const State>(std::move(state)));
  const base::MutexLock lock(mutex_);
  put_in_force(std::move(first));
  reload_.at = parts_.clock.now();
  remember_verdicts(reload_.at);
}

ControlPlane::~ControlPlane() {
  parts_.store.watch({});
}

View ControlPlane::view() const {
  const base::MutexLock lock(mutex_);
  return view_;
}

ReloadReport ControlPlane::last_reload() const {
  const base::MutexLock lock(mutex_);
  return reload_;
}

std::size_t ControlPlane::in_maintenance() const {
  const snapshot::SnapshotPtr snapshot = view().snapshot;
  const base::TimePoint now = parts_.clock.now();
  std::size_t held = 0;
  for (std::size_t i = 0; i < snapshot->catalog().services().size(); ++i) {
    if (gate::decide(snapshot->service(i).plan, now).in_maintenance) ++held;
  }
  return held;
}

View ControlPlane::compile(std::shared_ptr<const catalog::Catalog> configured,
                           std::shared_ptr<const State> state) {
  const snapshot::SnapshotPtr previous = publisher_ ? publisher_->current() : nullptr;
  auto snapshot = std::make_shared<const snapshot::Snapshot>(overlay_.apply(*configured, *state),
                                                             previous.get());
  return {std::move(snapshot), std::move(configured), std::move(state), parts_.clock.now()};
}

void ControlPlane::put_in_force(View next) {
  if (publisher_) {
    publisher_->publish(next.snapshot);
  } else {
    publisher_ = std::make_unique<snapshot::Publisher>(next.snapshot);
  }
  view_ = std::move(next);
}

void ControlPlane::adopt(std::shared_ptr<const State> state, From from) {
  const base::MutexLock compiling(compiling_);
  const View before = view();
  if (from == From::kOwnChange && state->version <= before.state->version) return;
  if (*state == *before.state) return;
  View next = compile(before.configured, std::move(state));
  const base::MutexLock lock(mutex_);
  put_in_force(std::move(next));
  tell_of_changes(*before.state);
}

ControlPlane::Proposal ControlPlane::propose(const View& view, std::string_view name,
                                             std::optional<std::uint64_t> expected,
                                             std::string_view by, const Step& step) {
  const auto index = index_of(*view.configured, name);
  if (!index) return unknown_service(name, *view.configured);
  const std::uint64_t version = version_of(*view.state, name);
  if (expected && *expected != version) return stale(version);

  const base::TimePoint now = parts_.clock.now();
  const Subject subject{view.configured->service(*index),
                        gate::decide(view.snapshot->service(*index).plan, now), now,
                        view.state->version + 1, plan_budget_.left_for(name, *view.state)};
  auto next = std::make_shared<State>(*view.state);
  ServiceState& service = next->services[std::string(name)];
  auto changed = step(service, subject);
  if (auto* refusal = std::get_if<Refusal>(&changed)) return std::move(*refusal);
  service.version = ++next->version;
  note(*next, {next->version, now, std::string(name), std::move(std::get<std::string>(changed)),
               std::string(by)});
  return next;
}

std::optional<Refusal> ControlPlane::change(std::string_view name,
                                            std::optional<std::uint64_t> expected,
                                            std::string_view by, const Step& step) {
  const base::MutexLock one_at_a_time(changing_);
  for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
    const View before = view();
    auto proposal = propose(before, name, expected, by, step);
    if (auto* refusal = std::get_if<Refusal>(&proposal)) return std::move(*refusal);
    auto& next = std::get<std::shared_ptr<State>>(proposal);
    auto result = parts_.store.save(before.state->version, *next);
    if (const auto* failure = std::get_if<Store::Failure>(&result)) {
      parts_.report(refused(*failure));
      return Refusal{503, refused(*failure)};
    }
    auto* conflict = std::get_if<Store::Conflict>(&result);
    if (conflict == nullptr) {
      adopt(std::move(next), From::kOwnChange);
      return {};
    }
    adopt(std::make_shared<const State>(std::move(conflict->current)), From::kOthers);
  }
  return Refusal{503,
                 "the change was not made: other instances made changes at the same time; try it "
                 "again"};
}

ChangeQueue::TicketPtr ControlPlane::change_soon(std::string service,
                                                 std::optional<std::uint64_t> expected,
                                                 std::string by, Step step) {
  return queue_.add([this, service = std::move(service), expected, by = std::move(by),
                     step = std::move(step)] { return change(service, expected, by, step); });
}

std::optional<Refusal> ControlPlane::hold(std::string_view name, bool is_held,
                                          std::string_view by) {
  const View now = view();
  if (!index_of(*now.configured, name)) return unknown_service(name, *now.configured);
  std::optional<LocalHold> hold;
  if (is_held) hold = LocalHold{parts_.clock.now(), std::string(by)};
  if (auto error = parts_.store.hold(std::string(name), std::move(hold))) {
    return Refusal{409, error->text(), "local"};
  }
  parts_.report(std::string(name) + (is_held
                                         ? " is in maintenance at this instance alone"
                                         : " is no longer in maintenance at this instance alone"));
  return {};
}

std::optional<base::Error> ControlPlane::reload() {
  // What began to be read first may be older than what is there when it has been read.
  const base::MutexLock one_at_a_time(reading_);
  auto configuration = parts_.load();
  if (configuration) {
    const base::MutexLock compiling(compiling_);
    View next = compile(std::make_shared<const catalog::Catalog>(std::move(configuration->catalog)),
                        view().state);
    const base::MutexLock lock(mutex_);
    put_in_force(std::move(next));
    reload_.at = parts_.clock.now();
    ++reload_.successes;
    reload_.problem.reset();
    remember_verdicts(reload_.at);
  }
  const base::MutexLock lock(mutex_);
  if (!configuration) {
    ++reload_.failures;
    reload_.problem = gate::hide_passes(configuration.error().text());
    parts_.report(std::string(kStays) + *reload_.problem);
  }
  JsonText json;
  json.begin_object().member("at", reload_.at).member("problem", reload_.problem).end_object();
  parts_.events.publish("reload", json.text());
  if (!configuration) return configuration.error();
  return {};
}

void ControlPlane::tell_of_changes(const State& before) {
  const base::TimePoint now = parts_.clock.now();
  const ServiceState none;
  const auto in = [&none](const State& state, const std::string& name) -> const ServiceState& {
    const auto found = state.services.find(name);
    return found == state.services.end() ? none : found->second;
  };
  for (std::size_t i = 0; i < view_.configured->services().size(); ++i) {
    const std::string& name = view_.configured->service(i).name;
    const bool is_held = view_.state->held.contains(name);
    if (before.held.contains(name) != is_held || !(in(before, name) == in(*view_.state, name))) {
      tell(i, now);
    }
  }
}

void ControlPlane::tell(std::size_t service, base::TimePoint now) {
  in_maintenance_[service] =
      gate::decide(view_.snapshot->service(service).plan, now).in_maintenance;
  JsonText json;
  write_service(view_, service, now, json);
  parts_.events.publish("service", json.text());
}

void ControlPlane::remember_verdicts(base::TimePoint now) {
  in_maintenance_.resize(view_.configured->services().size());
  for (std::size_t i = 0; i < in_maintenance_.size(); ++i) {
    in_maintenance_[i] = gate::decide(view_.snapshot->service(i).plan, now).in_maintenance;
  }
}

void ControlPlane::look_at_the_clock() {
  const base::TimePoint now = parts_.clock.now();
  const auto second = now.time_since_epoch().count();
  if (looked_at_.exchange(second) == second) return;
  const base::MutexLock lock(mutex_);
  for (std::size_t i = 0; i < in_maintenance_.size(); ++i) {
    if (gate::decide(view_.snapshot->service(i).plan, now).in_maintenance != in_maintenance_[i])
      tell(i, now);
  }
}

}  // namespace intermission::control
