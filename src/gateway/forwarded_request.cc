#include "gateway/forwarded_request.h"

#include <optional>
#include <span>
#include <string_view>

#include "base/text.h"
#include "http/forwarded.h"
#include "http/target.h"

namespace intermission::gateway {
namespace {

using http::Field;

constexpr std::string_view kGate = "/.well-known/intermission/gate";
constexpr std::string_view kForbidden = "-403";

// What is shown of a name that a proxy tells; those of Kubernetes are no longer.
constexpr std::size_t kLongestWord = 253;

struct Asked {
  Gate gate = Gate::kNone;
  std::string_view behind;  // the rest of the target
};

// Whether a URL, or the end of a target, may stand there rather than another name.
bool is_end_of_name(std::string_view rest) {
  return rest.empty() || rest.front() == '/' || rest.front() == '?' || rest.front() == '#' ||
         base::istarts_with(rest, "http:") || base::istarts_with(rest, "https:");
}

Asked ask(const http::Request& request) {
  if (!http::behind_prefix(request.path(), kGate)) return {};
  const auto start = static_cast<std::size_t>(request.path().data() - request.target().data());
  const auto behind = http::behind_prefix(request.target().substr(start), kGate);
  const auto forbidden = http::behind_prefix(*behind, kForbidden);
  const std::string_view rest = forbidden.value_or(*behind);
  if (!is_end_of_name(rest)) return {};
  return {forbidden ? Gate::kForbidden : Gate::kAnswer, rest};
}

std::string_view value_of(const http::Request& request, std::string_view name) {
  return request.value(name).value_or(std::string_view{});
}

// X-Forwarded-Host of a chain of proxies is a list, from the client's on.
std::string_view first_member(std::string_view list) {
  return base::trim(list.substr(0, list.find(',')));
}

// A PROXY header is the router's own word. Fields may be its client's, unless the client that it
// names is a trusted proxy itself.
std::optional<http::Address> client_told(const http::Request& request,
                                         std::span<const http::Network> trusted) {
  const auto told = http::client_of(request, trusted);
  const auto& source = request.proxy_source();
  if (!source) return told;
  const bool believed = source->address && http::is_in(*source->address, trusted);
  return believed || told == source->address ? told : std::nullopt;
}

constexpr std::string_view kAtGate[] = {kGateMethod, kGateUrl, kForbiddenGateUrl};
constexpr std::string_view kAtForbidden[] = {kForbiddenGateMethod, kForbiddenGateUrl};
constexpr std::string_view kAtErrorBackend[] = {"X-Original-URI", "X-Format"};

}  // namespace

/// What a proxy tells of the request; what it does not tell is empty. And where it was looked for.
struct ForwardedRequest::Shape {
  std::string_view method;
  std::string_view target;
  std::string_view host;
  std::string_view accept;
  http::FieldSet fields;
  std::span<const std::string_view> names;
};

// A gate believes the fields alone that its proxy writes anew for each request: others are passed
// on as clients send them, and could open it. They may close it: see request_targets.h.
ForwardedRequest::Shape ForwardedRequest::told_to(Gate gate, bool is_error_backend,
                                                  const http::Request& request) {
  Shape told;
  told.fields.add(Field::kForwarded);
  told.fields.add(Field::kXForwardedHost);
  if (gate == Gate::kForbidden) {
    told.names = kAtForbidden;
    told.method = value_of(request, kAtForbidden[0]);
    told.target = value_of(request, kAtForbidden[1]);
    return told;
  }
  told.host = first_member(request.value(Field::kXForwardedHost));
  if (gate == Gate::kAnswer) {
    told.names = kAtGate;
    told.method = value_of(request, kAtGate[0]);
    told.target = value_of(request, kAtGate[1]);
    return told;
  }
  told.fields.add(Field::kXCfForwardedUrl);
  told.target = request.value(Field::kXCfForwardedUrl);
  const auto host = http::forwarded_host(request.values(Field::kForwarded));
  if (!host.empty()) told.host = host;
  if (!is_error_backend) return told;
  told.names = kAtErrorBackend;
  if (told.target.empty()) told.target = value_of(request, kAtErrorBackend[0]);
  told.accept = value_of(request, kAtErrorBackend[1]);
  return told;
}

ForwardedRequest::ForwardedRequest(const http::Request& received, const catalog::Front& front)
    : received_(received), client_(received.sender()), secure_(received.is_secure()) {
  const Asked asked = ask(received);
  gate_ = asked.gate;
  behind_gate_ = asked.behind;
  if (received.peer() && http::is_in(*received.peer(), front.trusted_proxies)) {
    believe_proxy(front);
  } else if (gate_ != Gate::kNone) {
    // What a stranger tells is not believed, but can close the gate: see request_targets.h.
    Shape told = told_to(gate_, false, received);
    consulted_ = told.fields;
    consulted_names_ = told.names;
    told.host = {};
    told.method = received.method();
    told.target = behind_gate_.empty() ? "/" : behind_gate_;
    rebuild(told);
  }
}

void ForwardedRequest::believe_proxy(const catalog::Front& front) {
  passed_on_ = true;
  if (received_.has(Field::kForwarded) || received_.has(Field::kXForwardedFor)) {
    client_ = client_told(received_, front.trusted_proxies);
  }
  std::string_view proto = http::forwarded_proto(received_.values(Field::kForwarded));
  if (proto.empty()) proto = first_member(received_.value(Field::kXForwardedProto));
  if (!proto.empty()) secure_ = base::iequals(proto, "https");

  is_error_backend_ =
      gate_ == Gate::kNone && front.error_backend == catalog::Front::ErrorBackend::kIngressNginx;
  Shape told = told_to(gate_, is_error_backend_, received_);
  consulted_ = told.fields;
  consulted_names_ = told.names;
  if (!behind_gate_.empty()) told.target = behind_gate_;
  if (told.target.empty()) told.target = gate_ == Gate::kNone ? received_.target() : "/";
  if (told.method.empty()) told.method = received_.method();
  if (!told.host.empty() || !told.accept.empty() || told.target != received_.target() ||
      told.method != received_.method()) {
    rebuild(told);
  }
}

void ForwardedRequest::rebuild(const Shape& told) {
  http::Request& request = rebuilt_.emplace();
  request.reset(told.method, told.target, received_.version());
  if (!told.host.empty()) request.add_field("Host", told.host);
  if (!told.accept.empty()) request.add_field("Accept", told.accept);
  for (const http::FieldLine& line : received_.fields()) {
    if (line.field == Field::kHost && !told.host.empty()) continue;
    if (line.field == Field::kAccept && !told.accept.empty()) continue;
    request.add_field(line.name, line.value);
  }
  request.set_body(received_.body(), received_.body_complete());
  request.set_peer(received_.peer());
  request.set_secure(received_.is_secure());
}

std::string ForwardedRequest::what_failed() const {
  const std::string_view code = value_of(received_, "X-Code");
  if (!is_error_backend_ || code.empty()) return {};
  std::string words = "ingress-nginx got " + base::printable(code, kLongestWord);
  const std::string_view service = value_of(received_, "X-Service-Name");
  if (service.empty()) return words;
  words += " from the service " +
           base::printable(value_of(received_, "X-Namespace"), kLongestWord) + '/' +
           base::printable(service, kLongestWord);
  const std::string_view port = value_of(received_, "X-Service-Port");
  return port.empty() ? words : words + ", port " + base::printable(port, kLongestWord);
}

}  // namespace intermission::gateway
