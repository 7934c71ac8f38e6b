#include "gateway/answer.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "dialect/table.h"
#include "gateway/agreed.h"
#include "gateway/choice.h"
#include "gateway/client.h"
#include "gateway/compose.h"
#include "gateway/context.h"
#include "gateway/origin.h"
#include "gateway/pass.h"
#include "gateway/reserved.h"

// The stations of a request, in order. Each is one step below, writes down what it found where
// a trace is wanted, and hands on a value.
//
//   origin     what a trusted proxy tells → the client's own request; whether a gate asks
//   reserved   the gateway's own targets
//   catalog    host and path → service
//   gate       plan, scope and time → held back or open; seconds to wait; who passes all the same
//   client     rules and dialects → who is asking
//   contract   method and path → operation → what its API document promised
//   negotiate  language, representation                                  choice.cc
//   compose    the picked bytes, coded and patched → Response            compose.cc

namespace intermission::gateway {
namespace {

using dialect::BodyState;
using dialect::Claim;
using dialect::Clues;

constexpr std::string_view kReserved = "reserved";
constexpr std::string_view kGate = "gate";

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

void trace_origin(const Origin& origin, const http::Request& received, Trace& trace) {
  if (const std::string failed = origin.what_failed(); !failed.empty()) trace.add("origin", failed);
  if (&origin.request() == &received) return;
  const http::Request& request = origin.request();
  trace.add("origin",
            fmt::format("{}{} {} for host {}",
                        origin.gate() == Gate::kNone ? "" : "a proxy asks the gate about ",
                        base::printable(request.method()), base::printable(request.target()),
                        request.host().empty() ? "(none)" : base::printable(request.host())));
}

// ---------------------------------------------------------------- catalog

const Service& find_service(const http::Request& request, std::string_view path,
                            const Snapshot& snapshot, Trace* trace) {
  const Service& service = snapshot.service(snapshot.catalog().find(request.host(), path));
  if (trace != nullptr) {
    trace->add("catalog",
               fmt::format("service {}, for host {} and path {}", service.configured->name,
                           request.host().empty() ? "(none)" : base::printable(request.host()),
                           base::printable(path)));
  }
  return service;
}

// ---------------------------------------------------------------- gate

bool is_in_scope(const catalog::Scope& scope, std::string_view method, std::string_view path) {
  const auto holds = [&](std::string_view prefix) {
    return prefix == "/" || (path.starts_with(prefix) &&
                             (path.size() == prefix.size() || path[prefix.size()] == '/'));
  };
  const bool method_fits =
      scope.methods.empty() ||
      std::find(scope.methods.begin(), scope.methods.end(), method) != scope.methods.end();
  return method_fits &&
         (scope.paths.empty() || std::any_of(scope.paths.begin(), scope.paths.end(), holds));
}

// A gate may say otherwise about the service `default`.
void trace_gate(const Service& service, const gate::Verdict& verdict, const Moment& moment,
                Trace& trace) {
  const auto asked = gate::decide(service.plan, moment.now, gate::Place::kGate);
  if (verdict.closed && !asked.closed) {
    trace.add("gate", fmt::format("a gate that is asked lets it pass: {}", asked.reason));
  }
}

// A stand-in that is still asked for a service that is open answers as if it were held back,
// with the shortest wait: routes have not moved back yet.
Held hold(const Service& service, bool in_scope, gate::Place place, const Moment& moment,
          Trace* trace) {
  Held held{.verdict = gate::decide(service.plan, moment.now, place), .now = moment.now};
  if (held.verdict.closed && !in_scope) {
    held.verdict = {};
    held.verdict.closed = false;
    held.verdict.reason = "the maintenance is not about such requests";
  }
  held.seconds = gate::seconds_to_wait(held.verdict, service.wait, moment.now, moment.draw);
  if (trace != nullptr) {
    trace->add("gate", fmt::format("{}: {}; clients are told to wait {} s",
                                   held.verdict.closed ? "closed" : "open", held.verdict.reason,
                                   held.seconds));
    if (place == gate::Place::kStandIn) trace_gate(service, held.verdict, moment, *trace);
  }
  return held;
}

// ---------------------------------------------------------------- client

void trace_client(const Client& client, const Service& service, Trace& trace) {
  const auto table = dialect::table();
  if (client.rule) {
    trace.add("client", fmt::format("{}: rule {} of the service says so", table[*client.sure]->name,
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
    trace.add("client", fmt::format("{} may answer: {}{}", table[row]->name,
                                    claim.why.empty() ? "nothing speaks for it" : claim.why,
                                    by_default ? "; it is the service's default" : ""));
  }
}

// What the service's contract told, where its dialect asked it.
void trace_contract(const Client& client, const Service& service, Trace& trace) {
  if (!client.sure || service.configured->wsdl == nullptr) return;
  const Claim& claim = client.claimed.front().claim;
  if (claim.operation.empty()) return;
  trace.add("contract",
            fmt::format("operation {} of {}, by {}; {}", base::printable(claim.operation),
                        service.configured->wsdl_file, claim.operation_by,
                        claim.promise.empty()
                            ? "it declares no fault that fits, so there is no detail"
                            : "its fault " + base::printable(claim.promise) + " is the detail"));
}

// The views outlive `origin`, which looks into the request that was received.
Outcome outcome_of(std::string_view service, std::string_view kind, bool closed,
                   const Origin& origin) {
  return {.service = service,
          .kind = kind,
          .closed = closed,
          .client = origin.client(),
          .target = origin.request().target(),
          .path = origin.request().path()};
}

Outcome answer_reserved(Reserved target, const Origin& origin, const Snapshot& snapshot,
                        const Moment& moment, http::Response& response, dialect::Readings* readings,
                        Trace* trace) {
  const http::Request& request = origin.request();
  if (trace != nullptr) trace->add("reserved", "the gateway's own target");
  Outcome outcome = outcome_of({}, kReserved, true, origin);
  if (target == Reserved::kHealth) {
    answer_health(response);
    return outcome;
  }
  if (target == Reserved::kServer) {
    answer_server(response);
    return outcome;
  }
  // The notice is about the service as a whole: its path is ours, so only the host tells.
  const Service& service = find_service(request, "/", snapshot, trace);
  const Held held = hold(service, true, gate::Place::kStandIn, moment, trace);
  Clues clues(request, BodyState::kFinal, *service.configured, readings);
  const Edition& edition = choose_edition({snapshot, service, origin, held, clues, trace});
  answer_notice(service, edition.notice(), held.verdict, held.seconds, response);
  outcome.service = service.configured->name;
  outcome.closed = held.verdict.closed;
  return outcome;
}

// Opens the gate for a request that is not held back, and for a tester. False if the client is
// to be told of the maintenance.
bool let_pass(const Context& context, Outcome& outcome, http::Response& response) {
  const auto& [snapshot, service, origin, held, clues, trace] = context;
  if (outcome.closed) {
    // A proxy that knows no answer but 403 drops a redirect; the stand-in makes it afterwards.
    if (origin.gate() != Gate::kForbidden &&
        answer_link(origin, *service.configured, held.now, response)) {
      outcome.bypassed = Bypassed::kAllowed;
      if (trace != nullptr) trace->add("gate", "a link with a pass: a redirect, with its cookie");
      return true;
    }
    if (origin.gate() == Gate::kNone) return false;
    outcome.bypassed = look_for_pass(clues, origin, *service.configured, held.now);
    if (trace != nullptr && outcome.bypassed != Bypassed::kNone) {
      trace->add("gate", outcome.bypassed == Bypassed::kAllowed
                             ? "a tester, who passes"
                             : "a pass that is wrong or has expired");
    }
    if (outcome.bypassed != Bypassed::kAllowed) return false;
  } else if (origin.gate() == Gate::kNone) {
    return false;
  }
  response.status = 204;
  response.fields += "Cache-Control: no-store\r\n";
  append_vary(context, 0, response.fields);
  return true;
}

Outcome answer_for_service(const Origin& origin, const Snapshot& snapshot, const Moment& moment,
                           http::Response& response, dialect::Readings* readings, Trace* trace) {
  const http::Request& request = origin.request();
  const DecodedPath path(request.path());
  const Service& service = find_service(request, path.view(), snapshot, trace);
  const bool in_scope = is_in_scope(service.configured->scope, request.method(), path.view());
  const auto place = origin.gate() == Gate::kNone ? gate::Place::kStandIn : gate::Place::kGate;
  const Held held = hold(service, in_scope, place, moment, trace);
  Clues clues(request, BodyState::kFinal, *service.configured, readings);
  clues.consult(origin.consulted());
  clues.set_secure(origin.is_secure());
  clues.set_passed_on(origin.is_passed_on());
  const Context context{snapshot, service, origin, held, clues, trace};
  Outcome outcome = outcome_of(service.configured->name, kGate, held.verdict.closed, origin);
  if (let_pass(context, outcome, response)) return outcome;
  const Client client = who_asks(clues, path.view(), service);
  if (trace != nullptr) {
    trace_client(client, service, *trace);
    trace_contract(client, service, *trace);
  }
  const Edition& edition = choose_edition(context);
  // A rule and the evidence of a protocol go before what the API's documents declare.
  const Agreed agreed = client.sure ? Agreed{} : find_agreed(context, path.view(), edition);
  outcome.kind = compose(context, client, choose(context, client, edition, agreed), response);
  return outcome;
}

}  // namespace

bool needs_body(const http::Request& head, const Snapshot& snapshot, dialect::Readings* readings) {
  const Origin origin(head, snapshot.catalog().front());
  const http::Request& request = origin.request();
  if (origin.gate() == Gate::kNone && reserved_target(request) != Reserved::kNone) return false;
  const DecodedPath path(request.path());
  const Service& service = find_service(request, path.view(), snapshot, nullptr);
  Clues clues(request, BodyState::kUnread, *service.configured, readings);
  return who_asks(clues, path.view(), service).needs_body;
}

Outcome answer(const http::Request& received, const Snapshot& snapshot, const Moment& moment,
               http::Response& response, dialect::Readings* readings, Trace* trace) {
  const Origin origin(received, snapshot.catalog().front());
  if (trace != nullptr) trace_origin(origin, received, *trace);
  const Reserved target =
      origin.gate() == Gate::kNone ? reserved_target(origin.request()) : Reserved::kNone;
  if (target != Reserved::kNone) {
    return answer_reserved(target, origin, snapshot, moment, response, readings, trace);
  }
  return answer_for_service(origin, snapshot, moment, response, readings, trace);
}

}  // namespace intermission::gateway
