#include "gateway/origin.h"

#include <string_view>

#include "base/text.h"
#include "http/forwarded.h"

namespace intermission::gateway {
namespace {

using http::Field;

constexpr std::string_view kGate = "/.well-known/intermission/gate";
constexpr std::string_view kForbidden = "-403";

struct Asked {
  Gate gate = Gate::kNone;
  std::string_view behind;  // the rest of the target, from the path's end on: "/orders?x=1"
};

Asked ask(const http::Request& request) {
  std::string_view path = request.path();
  if (!path.starts_with(kGate)) return {};
  path.remove_prefix(kGate.size());
  Gate gate = Gate::kAnswer;
  if (path.starts_with(kForbidden)) {
    gate = Gate::kForbidden;
    path.remove_prefix(kForbidden.size());
  }
  if (!path.empty() && path.front() != '/') return {};
  if (path.empty()) return {gate, {}};
  const auto offset = static_cast<std::size_t>(path.data() - request.target().data());
  return {gate, request.target().substr(offset)};
}

std::string_view value_of(const http::Request& request, std::string_view name) {
  return request.value(name).value_or(std::string_view{});
}

// X-Forwarded-Host of a chain of proxies is a list, from the client's on.
std::string_view first_member(std::string_view list) {
  return base::trim(list.substr(0, list.find(',')));
}

/// What a proxy tells of the request; what it does not tell is empty. And where it was looked for.
struct Told {
  std::string_view method;
  std::string_view target;
  std::string_view host;
  http::FieldSet fields;
  std::span<const std::string_view> names;
};

constexpr std::string_view kAtGate[] = {"X-Forwarded-Method", "X-Forwarded-Uri"};
constexpr std::string_view kAtForbidden[] = {"X-Original-Method", "X-Original-URL"};
constexpr std::string_view kAtNone[] = {"X-Original-URI"};

// A gate believes the fields alone that whoever asks it writes anew for each request: others are
// passed on as clients send them, and could open it.
Told told_to(Gate gate, const http::Request& request) {
  Told told;
  if (gate == Gate::kForbidden) {
    told.names = kAtForbidden;
    told.method = value_of(request, kAtForbidden[0]);
    told.target = value_of(request, kAtForbidden[1]);
    return told;
  }
  told.fields.add(Field::kXForwardedHost);
  told.host = first_member(request.value(Field::kXForwardedHost));
  if (gate == Gate::kAnswer) {
    told.names = kAtGate;
    told.method = value_of(request, kAtGate[0]);
    told.target = value_of(request, kAtGate[1]);
    return told;
  }
  told.fields.add(Field::kXCfForwardedUrl);
  told.fields.add(Field::kForwarded);
  told.names = kAtNone;
  told.target = request.value(Field::kXCfForwardedUrl);
  if (told.target.empty()) told.target = value_of(request, kAtNone[0]);
  const auto host = http::forwarded_host(request.values(Field::kForwarded));
  if (!host.empty()) told.host = host;
  return told;
}

}  // namespace

Origin::Origin(const http::Request& received, std::span<const http::Network> trusted)
    : received_(received), client_(received.peer()) {
  const Asked asked = ask(received);
  gate_ = asked.gate;
  if (received.peer() && http::is_in(*received.peer(), trusted)) {
    believe_proxy(trusted, asked.behind);
  } else if (gate_ != Gate::kNone) {
    rebuild(received.method(), asked.behind.empty() ? "/" : asked.behind, {});
  }
}

void Origin::believe_proxy(std::span<const http::Network> trusted, std::string_view behind_gate) {
  passed_on_ = true;
  if (received_.has(Field::kForwarded) || received_.has(Field::kXForwardedFor)) {
    client_ = http::client_of(received_, trusted);
  }
  std::string_view proto = http::forwarded_proto(received_.values(Field::kForwarded));
  if (proto.empty()) proto = first_member(received_.value(Field::kXForwardedProto));
  secure_ = base::iequals(proto, "https");

  const Told told = told_to(gate_, received_);
  consulted_ = told.fields;
  consulted_names_ = told.names;
  std::string_view target = behind_gate.empty() ? told.target : behind_gate;
  if (target.empty()) target = gate_ == Gate::kNone ? received_.target() : "/";
  const std::string_view method = told.method.empty() ? received_.method() : told.method;
  if (!told.host.empty() || target != received_.target() || method != received_.method()) {
    rebuild(method, target, told.host);
  }
}

void Origin::rebuild(std::string_view method, std::string_view target, std::string_view host) {
  http::Request& request = rebuilt_.emplace();
  request.reset(method, target, received_.version());
  bool has_host = false;
  for (const http::FieldLine& line : received_.fields()) {
    const bool replaced = line.field == Field::kHost && !host.empty();
    request.add_field(line.name, replaced ? host : line.value);
    has_host = has_host || line.field == Field::kHost;
  }
  if (!has_host && !host.empty()) request.add_field("Host", host);
  request.set_body(received_.body(), received_.body_complete());
  request.set_peer(received_.peer());
}

}  // namespace intermission::gateway
