#include <chrono>
#include <functional>
#include <memory>
#include <utility>

#include "catalog/duration.h"
#include "control/change.h"
#include "control/instance_wait.h"
#include "control/json_text.h"
#include "control/operations.h"
#include "control/service_json.h"
#include "control/service_part.h"
#include "control/upcoming.h"
#include "gate/pass_text.h"
#include "gateway/pass.h"
#include "http/date.h"
#include "http/target.h"

namespace intermission::control {
namespace {

/// A service, and the moment at which it was found: a reload may move it or take it away.
struct FoundService {
  View view;
  std::size_t index = 0;
};

std::optional<Refusal> find_service(const ApiParts& parts, const Call& call, FoundService& found) {
  found.view = parts.control_plane.view();
  const auto index = index_of(*found.view.configured, call.service);
  if (!index) return unknown_service(call.service, *found.view.configured);
  found.index = *index;
  return {};
}

void answer_service(const ApiParts& parts, const Call& call, const FoundService& found) {
  JsonText json;
  write_service(found.view, found.index, parts.control_plane.clock().now(), json);
  call.response.add_field("ETag", entity_tag(version_of(*found.view.state, call.service)));
  call.answer_json(200, json.text());
}

// ?wait=5s
std::optional<Refusal> read_wait(const Call& call, std::optional<std::chrono::milliseconds>& wait) {
  constexpr base::Seconds kLongest{60};
  const auto text = http::query_value(call.request.query(), "wait");
  if (!text) return {};
  const auto given = catalog::parse_duration(http::decode_path(*text));
  if (!given || *given > kLongest) {
    return Refusal{422, "expected a duration of at most 60s, such as 5s", "wait"};
  }
  wait = *given;
  return {};
}

void answer_when_in_force(const ApiParts& parts, const Call& call, const FoundService& found,
                          std::chrono::milliseconds patience) {
  JsonText json;
  write_service(found.view, found.index, parts.control_plane.clock().now(), json);
  std::string before = json.text();
  before.pop_back();
  call.response.status = 200;
  call.response.add_field("ETag", entity_tag(version_of(*found.view.state, call.service)));
  call.response.add_field("Content-Type", "application/json");
  call.response.stream = std::make_unique<InstanceWait>(parts.control_plane.store(),
                                                        version_of(*found.view.state, call.service),
                                                        patience, std::move(before));
}

using Finish = std::function<std::optional<Refusal>(const Call&)>;

/// What becomes of a change that a slow store has in hand.
class LaterAnswer final : public http::DeferredAnswer {
 public:
  LaterAnswer(ChangeQueue::TicketPtr ticket, const Call& call, Finish finish)
      : ticket_(std::move(ticket)),
        service_(call.service),
        fields_(call.response.fields),
        finish_(std::move(finish)) {}

  bool take(http::Response& response) override {
    auto outcome = ticket_->wait(std::chrono::milliseconds{0});
    if (!outcome && std::chrono::steady_clock::now() > until_ && ticket_->withdraw()) {
      outcome = Refusal{503,
                        "the change was not made: others wait for the database, which is slow; try "
                        "it again"};
    }
    if (!outcome) return false;
    response.fields = fields_;
    const http::Request none;
    const Call call{none, response, service_};
    auto refusal = *outcome ? std::move(*outcome) : finish_(call);
    if (refusal) call.refuse(*refusal);
    return true;
  }

 private:
  static constexpr std::chrono::seconds kPatience{9};  // until it begins

  const ChangeQueue::TicketPtr ticket_;
  const std::string service_;
  const http::FieldLines fields_;
  const Finish finish_;
  const std::chrono::steady_clock::time_point until_ = std::chrono::steady_clock::now() + kPatience;
};

// Where a database has to be waited for, the worker goes on with other calls.
std::optional<Refusal> change_and_finish(const ApiParts& parts, Call& call,
                                         std::optional<std::uint64_t> expected,
                                         ControlPlane::Step step, Finish finish) {
  constexpr std::chrono::milliseconds kMoment{50};
  ControlPlane& control_plane = parts.control_plane;
  if (!control_plane.store().is_shared()) {
    if (auto refusal = control_plane.change(call.service, expected, call.by(), step)) {
      return refusal;
    }
    return finish(call);
  }
  auto ticket = control_plane.change_soon(call.service, expected, call.by(), std::move(step));
  const auto patience = ticket->is_next() ? kMoment : std::chrono::milliseconds{0};
  if (auto outcome = ticket->wait(patience)) {
    return *outcome ? std::move(*outcome) : finish(call);
  }
  call.handled.deferred = std::make_unique<LaterAnswer>(std::move(ticket), call, std::move(finish));
  return {};
}

std::optional<Refusal> answer_changed(const ApiParts& parts, const Call& call,
                                      std::optional<std::chrono::milliseconds> wait) {
  FoundService found;
  if (find_service(parts, call, found)) {
    return Refusal{404, "the service is no longer configured", "service"};
  }
  if (wait) {
    answer_when_in_force(parts, call, found, *wait);
  } else {
    answer_service(parts, call, found);
  }
  return {};
}

// The service as it is after the step.
std::optional<Refusal> change(const ApiParts& parts, Call& call, ControlPlane::Step step) {
  std::optional<std::uint64_t> expected;
  if (auto refusal = call.read_expected(expected)) return refusal;
  std::optional<std::chrono::milliseconds> wait;
  if (auto refusal = read_wait(call, wait)) return refusal;
  return change_and_finish(
      parts, call, expected, std::move(step),
      [&parts, wait](const Call& done) { return answer_changed(parts, done, wait); });
}

// At this instance alone, while the database is away.
std::optional<Refusal> hold(const ApiParts& parts, const Call& call, bool is_held) {
  if (auto refusal = parts.control_plane.hold(call.service, is_held, call.by())) return refusal;
  FoundService found;
  if (auto refusal = find_service(parts, call, found)) return refusal;
  answer_service(parts, call, found);
  return {};
}

bool is_local(const Call& call) {
  const rapidjson::Value* local = member_of(call.body, "local");
  return local != nullptr && local->IsBool() && local->GetBool();
}

std::optional<Refusal> check_local(const Call& call) {
  const rapidjson::Value* local = member_of(call.body, "local");
  if (local == nullptr) return {};
  if (!local->IsBool()) return Refusal{422, "expected true or false", "local"};
  if (local->GetBool() && call.body.MemberCount() > 1) {
    return Refusal{422, "expected no other member beside local", "local"};
  }
  return {};
}

std::string default_language(const ApiParts& parts, const Call& call) {
  const View view = parts.control_plane.view();
  const auto index = index_of(*view.configured, call.service);
  return index ? view.configured->service(*index).message.entries.front().language : "en";
}

// `message`: a text, or an object of languages.
std::optional<Refusal> read_message(const ApiParts& parts, const Call& call,
                                    std::optional<catalog::LocalizedText>& message) {
  const rapidjson::Value* given = member_of(call.body, "message");
  if (given == nullptr) return {};
  auto part = read_message_part(json_of(*given), default_language(parts, call));
  if (!part) {
    const std::string inside = part.problem.field.empty() ? "" : "." + part.problem.field;
    return Refusal{422, std::move(part.problem.detail), "message" + inside};
  }
  // Clients read it as well.
  for (auto& [language, text] : part.value.entries) text = gate::hide_passes(text);
  message = std::move(part.value);
  return {};
}

// A moment in the query, `name`=2026-12-01T00:00:00Z.
std::optional<Refusal> read_moment(const Call& call, std::string_view name, base::TimePoint& time) {
  const auto text = http::query_value(call.request.query(), name);
  const auto given = http::parse_rfc3339(http::decode_path(text.value_or("")));
  if (!given) {
    return Refusal{422, "expected a time such as 2026-12-01T00:00:00Z", std::string(name)};
  }
  time = *given;
  return {};
}

}  // namespace

std::optional<Refusal> list_services(const ApiParts& parts, Call& call) {
  const View view = parts.control_plane.view();
  const base::TimePoint now = parts.control_plane.clock().now();
  JsonText json;
  json.begin_object().key("services").begin_array();
  for (std::size_t i = 0; i < view.configured->services().size(); ++i) {
    write_service(view, i, now, json);
  }
  json.end_array().member("version", view.state->version).end_object();
  call.response.add_field("ETag", entity_tag(view.state->version));
  call.answer_json(200, json.text());
  return {};
}

std::optional<Refusal> show_service(const ApiParts& parts, Call& call) {
  FoundService found;
  if (auto refusal = find_service(parts, call, found)) return refusal;
  answer_service(parts, call, found);
  return {};
}

std::optional<Refusal> do_switch_on(const ApiParts& parts, Call& call) {
  if (auto refusal = call.read_body({"until", "for", "ends", "message", "local"})) return refusal;
  if (auto refusal = check_local(call)) return refusal;
  if (is_local(call)) return hold(parts, call, true);
  SwitchOn on;
  if (auto refusal = read_end(call, parts.control_plane.clock().now(), on.until)) return refusal;
  if (auto refusal = read_message(parts, call, on.message)) return refusal;
  if (const rapidjson::Value* ends = member_of(call.body, "ends")) {
    if (!ends->IsBool()) return Refusal{422, "expected true or false", "ends"};
    on.ends = ends->GetBool();
  }
  return change(parts, call, [on](ServiceState& state, const Subject& subject) {
    return switch_on(state, subject, on);
  });
}

std::optional<Refusal> do_switch_off(const ApiParts& parts, Call& call) {
  if (auto refusal = call.read_body({"local"})) return refusal;
  if (auto refusal = check_local(call)) return refusal;
  if (is_local(call)) return hold(parts, call, false);
  return change(parts, call, switch_off);
}

std::optional<Refusal> do_follow_plan(const ApiParts& parts, Call& call) {
  if (auto refusal = call.read_body({})) return refusal;
  return change(parts, call, follow_plan);
}

std::optional<Refusal> do_extend(const ApiParts& parts, Call& call) {
  if (auto refusal = call.read_body({"by"})) return refusal;
  const auto by = catalog::parse_duration(call.text("by").value_or(""));
  if (!by || by->count() == 0) return Refusal{422, "expected a duration such as 30m or 1h", "by"};
  return change(parts, call, [by = *by](ServiceState& state, const Subject& subject) {
    return extend(state, subject, by);
  });
}

std::optional<Refusal> do_set_message(const ApiParts& parts, Call& call) {
  if (auto refusal = call.read_body({"message"})) return refusal;
  std::optional<catalog::LocalizedText> message;
  if (auto refusal = read_message(parts, call, message)) return refusal;
  if (!message) return Refusal{422, "expected a text, or an object of languages", "message"};
  return change(parts, call, [text = *message](ServiceState& state, const Subject& /*subject*/) {
    return set_message(state, text);
  });
}

std::optional<Refusal> do_reset_message(const ApiParts& parts, Call& call) {
  return change(parts, call, [](ServiceState& state, const Subject& /*subject*/) {
    return reset_message(state);
  });
}

std::optional<Refusal> do_let_in(const ApiParts& parts, Call& call) {
  if (auto refusal = call.read_body({"for"})) return refusal;
  const bool is_given = member_of(call.body, "for") != nullptr;
  const auto lasts = catalog::parse_duration(is_given ? call.text("for").value_or("") : "1h");
  if (!lasts || lasts->count() == 0) {
    return Refusal{422, "expected a duration such as 30m or 2h", "for"};
  }
  const base::TimePoint until = parts.control_plane.clock().now() + *lasts;
  const auto made = std::make_shared<gateway::PassLink>();
  const auto step = [made, until](ServiceState& /*state*/, const Subject& subject) {
    Changed changed = let_in(subject, until);
    if (std::holds_alternative<std::string>(changed)) {
      *made = gateway::make_pass_link(subject.configured, until);
    }
    return changed;
  };
  const auto show_link = [made, until](const Call& done) -> std::optional<Refusal> {
    JsonText json;
    json.begin_object().member("link", std::string_view(made->link));
    json.member("cookie", std::string_view(made->cookie)).member("until", until).end_object();
    done.answer_json(200, json.text());
    return {};
  };
  return change_and_finish(parts, call, {}, step, show_link);
}

std::optional<Refusal> list_windows(const ApiParts& parts, Call& call) {
  FoundService found;
  if (auto refusal = find_service(parts, call, found)) return refusal;
  JsonText json;
  write_windows(found.view, found.index, parts.control_plane.clock().now(), json);
  call.response.add_field("ETag", entity_tag(version_of(*found.view.state, call.service)));
  call.answer_json(200, json.text());
  return {};
}

std::optional<Refusal> list_all_windows(const ApiParts& parts, Call& call) {
  constexpr std::size_t kMostListed = 1000;
  constexpr base::Seconds kLongest = std::chrono::hours{24} * 400;
  base::TimePoint from;
  base::TimePoint until;
  if (auto refusal = read_moment(call, "from", from)) return refusal;
  if (auto refusal = read_moment(call, "until", until)) return refusal;
  if (until <= from || until - from > kLongest) {
    return Refusal{422, "expected a time after from, by at most 400 days", "until"};
  }
  const View view = parts.control_plane.view();
  std::size_t left = kMostListed;
  JsonText json;
  json.begin_object().key("windows").begin_array();
  for (std::size_t i = 0; i < view.configured->services().size() && left > 0; ++i) {
    const snapshot::Service& service = view.snapshot->service(i);
    for (const base::Window& window : between(service.plan.schedule, from, until, left)) {
      write_window_of(service.configured->name, window, json);
      --left;
    }
  }
  json.end_array().member("complete", left > 0).end_object();
  call.answer_json(200, json.text());
  return {};
}

std::optional<Refusal> do_plan_window(const ApiParts& parts, Call& call) {
  if (auto refusal = call.read_body({"start", "end", "for", "zone", "rrule", "exdate"})) {
    return refusal;
  }
  if (member_of(call.body, "start") == nullptr) {
    return Refusal{422,
                   "expected start and either end or for, such as "
                   "{\"start\": \"2026-12-01T22:00:00Z\", \"for\": \"2h\"}",
                   "start"};
  }
  const std::string text = json_of(call.body);
  return change(parts, call, [text](ServiceState& state, const Subject& subject) {
    return plan_window(state, subject, text);
  });
}

std::optional<Refusal> do_remove_window(const ApiParts& parts, Call& call) {
  return change(parts, call, [window = call.window](ServiceState& state, const Subject& subject) {
    return remove_window(state, subject, window);
  });
}

}  // namespace intermission::control
