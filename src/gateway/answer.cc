#include "gateway/answer.h"

#include <fmt/format.h>

#include "base/text.h"
#include "dialect/table.h"
#include "gateway/choice.h"
#include "gateway/client.h"
#include "gateway/compose.h"
#include "gateway/context.h"
#include "gateway/contract_answer.h"
#include "gateway/forwarded_request.h"
#include "gateway/grpc_health.h"
#include "gateway/pass.h"
#include "gateway/passage.h"
#include "gateway/reserved.h"
#include "gateway/scope.h"

// The stations of a request, in order. Each is one step below, writes down what it found where
// a trace is wanted, and hands on a value.
//
//   origin     what a trusted proxy tells → the client's own request; whether a gate asks
//   reserved   reserved targets of the gateway
//   catalog    host and path → service
//   gate       plan, scope and time → in maintenance or open; seconds to wait; at a gate, whether
//              the request passes in every reading                        passage.cc
//   client     rules and dialects → who is asking
//   contract   method and path → operation → what its API document promised
//   negotiate  language, representation                                  choice.cc
//   compose    the picked bytes, coded and patched → Response            compose.cc

namespace intermission::gateway {
namespace {

using dialect::BodyState;
using dialect::Claim;
using dialect::RequestEvidence;

// The path to compare with configured ones, decoded only where there is something to decode.
class DecodedPath {
 public:
  explicit DecodedPath(std::string_view path) : path_(path) {
    if (http::is_decoded(path)) return;
    decoded_ = http::decode_path(path);
    path_ = decoded_;
  }
  DecodedPath(const DecodedPath&) = delete;
  DecodedPath& operator=(const DecodedPath&) = delete;
  std::string_view view() const { return path_; }

 private:
  std::string decoded_;
  std::string_view path_;
};

// ---------------------------------------------------------------- origin

void trace_forwarding(const ForwardedRequest& forwarded, const http::Request& received,
                      Trace& trace) {
  if (const std::string failed = forwarded.what_failed(); !failed.empty())
    trace.add("origin", failed);
  if (&forwarded.request() == &received) return;
  const http::Request& request = forwarded.request();
  trace.add("origin",
            fmt::format("{}{} {} for host {}",
                        forwarded.gate() == Gate::kNone ? "" : "a proxy asks the gate about ",
                        base::printable(request.method()), base::printable(request.target()),
                        request.host().empty() ? "(none)" : base::printable(request.host())));
}

// ---------------------------------------------------------------- catalog

const snapshot::Service& find_service(const http::Request& request, std::string_view path,
                                      const snapshot::Snapshot& snapshot, Trace* trace) {
  const snapshot::Service& service =
      snapshot.service(snapshot.catalog().find(request.host(), path));
  if (trace != nullptr) {
    trace->add("catalog",
               fmt::format("service {}, for host {} and path {}", service.configured->name,
                           request.host().empty() ? "(none)" : base::printable(request.host()),
                           base::printable(path)));
  }
  return service;
}

// ---------------------------------------------------------------- gate

bool is_in_scope(const catalog::Service& service, std::string_view method, std::string_view path) {
  return covers_method(service.scope, method) &&
         covers_path(service.scope, path, service.case_sensitive_paths);
}

// A gate may say otherwise about the service `default`.
void trace_gate(const snapshot::Service& service, const gate::Verdict& verdict,
                const Moment& moment, Trace& trace) {
  const auto requested = gate::decide(service.plan, moment.now, gate::Place::kGate);
  if (verdict.in_maintenance && !requested.in_maintenance) {
    trace.add("gate", fmt::format("open at a gate: {}", requested.reason));
  }
}

// A stand-in that is asked for a service that is open answers all the same, with the shortest wait:
// the service does not answer, or routes have not moved back yet.
GateDecision hold(const snapshot::Service& service, bool in_scope, gate::Place place,
                  const Moment& moment, Trace* trace) {
  GateDecision decision{.verdict = gate::decide(service.plan, moment.now, place),
                        .now = moment.now};
  if (decision.verdict.in_maintenance && !in_scope) {
    decision.verdict = {};
    decision.verdict.in_maintenance = false;
    decision.verdict.reason = "the request is outside the scope of the maintenance";
  }
  decision.seconds = gate::seconds_to_wait(decision.verdict, service.wait, moment.now, moment.draw);
  if (trace != nullptr) {
    // A gate lets the request pass; a stand-in that is asked all the same answers for an outage.
    const bool passes = !decision.verdict.in_maintenance && place != gate::Place::kStandIn;
    const std::string_view means = decision.verdict.in_maintenance ? "in maintenance"
                                   : passes                        ? "open"
                                            : "open, so the answer is that of an outage";
    trace->add("gate",
               fmt::format("{}: {}{}", means, decision.verdict.reason,
                           passes ? std::string()
                                  : fmt::format("; clients should wait {} s", decision.seconds)));
    if (place == gate::Place::kStandIn) trace_gate(service, decision.verdict, moment, *trace);
  }
  return decision;
}

// The pages of the services of a snapshot. Looks at the host and the path alone, so that nothing
// about another request needs a place in Vary.
class Pages final : public dialect::Elsewhere {
 public:
  Pages(const snapshot::Snapshot& snapshot, const snapshot::Service& requested, gate::Place place,
        const Moment& moment)
      : snapshot_(snapshot), asked_(requested), place_(place), moment_(moment) {}

  bool holds_page(std::string_view host, std::string_view path) const override {
    const DecodedPath decoded(path);
    const snapshot::Service& service =
        snapshot_.service(snapshot_.catalog().find(host, decoded.view()));
    if (!is_in_scope(*service.configured, "GET", decoded.view())) return false;
    // A stand-in is asked about an open service as long as routes have not moved back.
    const bool is_asked = place_ == gate::Place::kStandIn && &service == &asked_;
    return is_asked || gate::decide(service.plan, moment_.now, place_).in_maintenance;
  }

 private:
  const snapshot::Snapshot& snapshot_;
  const snapshot::Service& asked_;
  gate::Place place_;
  const Moment& moment_;
};

// ---------------------------------------------------------------- client

// Which disabled kinds the request shows. They are asked apart from the evidence of the decision,
// whose Vary does not depend on them.
void trace_disabled(const RequestEvidence& evidence, const snapshot::Service& service,
                    Trace& trace) {
  for (std::size_t row = 0; row < dialect::table().size(); ++row) {
    if (!service.is_disabled(row)) continue;
    RequestEvidence apart(evidence.request(), BodyState::kFinal, evidence.service());
    const Claim claim = dialect::table()[row]->recognise(apart);
    if (claim.strength == Claim::Strength::kNone) continue;
    trace.add("client",
              fmt::format("{} is disabled, although {}", dialect::table()[row]->name, claim.why));
  }
}

void trace_client(const Client& client, const snapshot::Service& service, Trace& trace) {
  const auto table = dialect::table();
  if (client.rule) {
    trace.add("client", fmt::format("{}: rule {} of the service matches", table[*client.sure]->name,
                                    *client.rule + 1));
    return;
  }
  if (client.sure) {
    trace.add("client",
              fmt::format("{}: {}", table[*client.sure]->name, client.claimed.front().claim.why));
    return;
  }
  for (const auto& [row, claim] : client.claimed) {
    const bool by_default = row == service.default_dialect;
    trace.add("client", fmt::format("{} is a candidate: {}{}", table[row]->name,
                                    claim.why.empty() ? "no evidence" : claim.why,
                                    by_default ? "; it is the service's default" : ""));
  }
}

// The views outlive `forwarded`, which looks into the request that was received.
Outcome outcome_of(std::string_view service, std::string_view kind, bool in_maintenance,
                   const ForwardedRequest& forwarded) {
  return {.service = service,
          .kind = kind,
          .in_maintenance = in_maintenance,
          .client = forwarded.client(),
          .target = forwarded.request().target(),
          .path = forwarded.request().path()};
}

// List is about the whole host, so its message is empty.
std::string_view name_in_call(const http::Request& request, HealthMethod method) {
  return method == HealthMethod::kList ? "" : checked_name(request);
}

// A service may have its health checks answered like every other call: in the operator's words. The
// gateway's own name is always there, for who runs it.
bool answers_health(const http::Request& request, const snapshot::Snapshot& snapshot) {
  const std::string_view name = name_in_call(request, *health_method(request));
  if (is_own_name(name)) return true;
  return find_service(request, path_of_calls(name), snapshot, nullptr).configured->grpc.health;
}

Outcome answer_reserved(Reserved target, const ForwardedRequest& forwarded,
                        const snapshot::Snapshot& snapshot, const Moment& moment,
                        http::Response& response, dialect::ParsedHeaders* parsed_headers,
                        Trace* trace) {
  const http::Request& request = forwarded.request();
  if (trace != nullptr) trace->add("reserved", "a reserved target of the gateway");
  Outcome outcome = outcome_of({}, kReservedKind, true, forwarded);
  if (target == Reserved::kHealth) {
    answer_health(response);
    return outcome;
  }
  if (target == Reserved::kGrpcHealth) {
    const HealthMethod method = *health_method(request);
    const std::string_view name = name_in_call(request, method);
    answer_health_call(method, name,
                       *find_service(request, path_of_calls(name), snapshot, nullptr).configured,
                       response);
    outcome.watches_health = method == HealthMethod::kWatch;
    return outcome;
  }
  if (target == Reserved::kServer) {
    answer_server(response);
    return outcome;
  }
  // The notice is about the service as a whole: its path is ours, so only the host tells.
  const snapshot::Service& service = find_service(request, "/", snapshot, trace);
  const GateDecision decision = hold(service, true, gate::Place::kStandIn, moment, trace);
  RequestEvidence evidence(request, BodyState::kFinal, *service.configured, parsed_headers);
  const snapshot::RenderedNotice& rendered =
      choose_notice({snapshot, service, forwarded, decision, evidence, trace});
  trace_language({snapshot, service, forwarded, decision, evidence, trace}, rendered);
  answer_notice(service, rendered.notice(), decision.verdict, decision.seconds, response);
  outcome.service = service.configured->name;
  outcome.in_maintenance = decision.verdict.in_maintenance;
  return outcome;
}

// Sends a tester on, with a cookie, who comes with a link. A proxy that knows no answer but 403
// drops a redirect; the stand-in makes it afterwards.
bool follow_link(const Context& context, Outcome& outcome, http::Response& response) {
  const auto& forwarded = context.forwarded;
  if (forwarded.gate() == Gate::kForbidden ||
      !answer_link(forwarded, *context.service.configured, context.decision.now, response)) {
    return false;
  }
  outcome.bypassed = Bypassed::kAllowed;
  if (context.trace != nullptr) {
    context.trace->add("gate", "a tester's link: redirected, with the pass in a cookie");
  }
  return true;
}

void open_gate(const Context& context, http::Response& response) {
  response.status = 204;
  response.fields += "Cache-Control: no-store\r\n";
  append_vary(context, 0, response.fields);
}

void trace_bypass(Bypassed bypassed, Trace* trace) {
  if (trace == nullptr || bypassed == Bypassed::kNone) return;
  trace->add("gate", bypassed == Bypassed::kAllowed ? "a tester passes"
                                                    : "the pass is invalid or has expired");
}

void tell_client(const Context& context, std::string_view path, Outcome& outcome,
                 http::Response& response) {
  const Client client = who_asks(context.evidence, path, context.service);
  if (context.trace != nullptr) {
    if (!client.rule) trace_disabled(context.evidence, context.service, *context.trace);
    trace_client(client, context.service, *context.trace);
    if (client.sure) trace_called_operation(context, *client.sure, client.claimed.front().claim);
  }
  const snapshot::RenderedNotice& rendered = choose_notice(context);
  // A rule and the evidence of a protocol go before what the API's documents declare.
  const ContractAnswer contract_answer =
      client.sure ? ContractAnswer{} : find_contract_answer(context, path, rendered);
  trace_language(context, rendered);
  outcome.kind =
      compose(context, client, choose(context, client, rendered, contract_answer), response);
}

Outcome answer_for_service(const ForwardedRequest& forwarded, const snapshot::Snapshot& snapshot,
                           const Moment& moment, http::Response& response,
                           dialect::ParsedHeaders* parsed_headers, Trace* trace) {
  const http::Request& request = forwarded.request();
  const DecodedPath path(request.path());
  const snapshot::Service& service = find_service(request, path.view(), snapshot, trace);
  const bool in_scope = is_in_scope(*service.configured, request.method(), path.view());
  const GateDecision decision = hold(service, in_scope, gate::Place::kStandIn, moment, trace);
  RequestEvidence evidence(request, BodyState::kFinal, *service.configured, parsed_headers);
  const Pages pages(snapshot, service, gate::Place::kStandIn, moment);
  evidence.set_elsewhere(&pages);
  evidence.consult(forwarded.consulted());
  evidence.set_secure(forwarded.is_secure());
  evidence.set_passed_on(forwarded.is_passed_on());
  const Context context{snapshot, service, forwarded, decision, evidence, trace};
  Outcome outcome =
      outcome_of(service.configured->name, kGateKind, decision.verdict.in_maintenance, forwarded);
  if (decision.verdict.in_maintenance && follow_link(context, outcome, response)) return outcome;
  tell_client(context, path.view(), outcome, response);
  return outcome;
}

Outcome answer_at_gate(const ForwardedRequest& forwarded, const snapshot::Snapshot& snapshot,
                       const Moment& moment, http::Response& response,
                       dialect::ParsedHeaders* parsed_headers, Trace* trace) {
  const http::Request& request = forwarded.request();
  const DecodedPath path(request.path());
  const snapshot::Service& plain = find_service(request, path.view(), snapshot, trace);
  RequestEvidence shown(request, BodyState::kFinal, *plain.configured, parsed_headers);
  const Passage passage = find_passage(forwarded, snapshot, plain, shown, moment.now, trace);
  const snapshot::Service& service = *passage.service;
  const bool in_scope =
      !passage.passes || is_in_scope(*service.configured, request.method(), path.view());
  const GateDecision decision = hold(service, in_scope, gate::Place::kGate, moment, trace);
  RequestEvidence evidence(request, BodyState::kFinal, *service.configured, parsed_headers);
  const Pages pages(snapshot, service, gate::Place::kGate, moment);
  evidence.set_elsewhere(&pages);
  evidence.consult(forwarded.consulted());
  evidence.consult(shown.consulted());
  evidence.set_secure(forwarded.is_secure());
  evidence.set_passed_on(forwarded.is_passed_on());
  const Context context{
      snapshot, service, forwarded, decision, evidence, trace, passage.consulted_names};
  const bool in_maintenance = decision.verdict.in_maintenance || !passage.passes;
  Outcome outcome = outcome_of(service.configured->name, kGateKind, in_maintenance, forwarded);
  if (decision.verdict.in_maintenance && !passage.in_doubt &&
      follow_link(context, outcome, response)) {
    return outcome;
  }
  outcome.bypassed = passage.bypassed;
  trace_bypass(outcome.bypassed, trace);
  if (passage.passes) {
    open_gate(context, response);
  } else {
    tell_client(context, path.view(), outcome, response);
  }
  return outcome;
}

}  // namespace

bool needs_body(const http::Request& head, const snapshot::Snapshot& snapshot,
                dialect::ParsedHeaders* parsed_headers) {
  const ForwardedRequest forwarded(head, snapshot.catalog().front());
  const http::Request& request = forwarded.request();
  const Reserved target =
      forwarded.gate() == Gate::kNone ? reserved_target(request) : Reserved::kNone;
  if (target != Reserved::kNone) return target == Reserved::kGrpcHealth;
  const DecodedPath path(request.path());
  const snapshot::Service& service = find_service(request, path.view(), snapshot, nullptr);
  RequestEvidence evidence(request, BodyState::kUnread, *service.configured, parsed_headers);
  return who_asks(evidence, path.view(), service).needs_body;
}

Outcome answer(const http::Request& received, const snapshot::Snapshot& snapshot,
               const Moment& moment, http::Response& response,
               dialect::ParsedHeaders* parsed_headers, Trace* trace) {
  const ForwardedRequest forwarded(received, snapshot.catalog().front());
  if (trace != nullptr) trace_forwarding(forwarded, received, *trace);
  Reserved target =
      forwarded.gate() == Gate::kNone ? reserved_target(forwarded.request()) : Reserved::kNone;
  if (target == Reserved::kGrpcHealth && !answers_health(forwarded.request(), snapshot)) {
    target = Reserved::kNone;
  }
  if (target != Reserved::kNone) {
    return answer_reserved(target, forwarded, snapshot, moment, response, parsed_headers, trace);
  }
  const auto answer_it = forwarded.gate() == Gate::kNone ? answer_for_service : answer_at_gate;
  return answer_it(forwarded, snapshot, moment, response, parsed_headers, trace);
}

}  // namespace intermission::gateway
