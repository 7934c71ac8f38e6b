#include "gateway/answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "base/text.h"
#include "dialect/table.h"
#include "gateway/agreed.h"
#include "gateway/client.h"
#include "gateway/coding.h"
#include "gateway/origin.h"
#include "gateway/pass.h"
#include "gateway/reserved.h"
#include "http/request_id.h"

// The stations of a request, in order. Each is one step below, writes down what it found where
// a trace is wanted, and hands on a value.
//
//   origin     what a trusted proxy tells → the client's own request; whether a gate asks
//   reserved   the gateway's own targets
//   catalog    host and path → service
//   gate       plan, scope and time → held back or open; seconds to wait; who passes all the same
//   client     rules and dialects → who is asking
//   contract   method and path → operation → what its API document promised
//   negotiate  language, representation, content coding
//   compose    the picked bytes, patched → Response

namespace intermission::gateway {
namespace {

using dialect::BodyState;
using dialect::Claim;
using dialect::Clues;
using http::Field;
using negotiate::Coding;

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

struct Held {
  gate::Verdict verdict;
  std::uint32_t seconds = 0;
  base::TimePoint now;
};

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

// A stand-in that is still asked for a service that is open answers as if it were held back,
// with the shortest wait: routes have not moved back yet.
Held hold(const Service& service, bool in_scope, const Moment& moment, Trace* trace) {
  Held held;
  held.now = moment.now;
  held.verdict = gate::decide(service.plan, moment.now);
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

// ---------------------------------------------------------------- negotiate

// Room for every representation of every dialect, on the stack. Only the first `size` are set:
// clearing the others would cost more than the choice.
struct Pool {
  static constexpr std::size_t kMost = 128;
  std::array<negotiate::Offer, kMost> offers;
  std::array<const Prepared*, kMost> prepared;
  std::array<std::size_t, kMost> dialects;
  std::size_t size = 0;
};

// Evidence of the request's kind first, among it the earlier row, whose type is more telling; then
// the service's default, then the table's order (rule 8).
int rank_of(std::size_t row, bool favoured, const Service& service) {
  if (favoured) return static_cast<int>(row) - 1000;
  return row == service.default_dialect ? 0 : 1 + static_cast<int>(row);
}

void add_to_pool(Pool& pool, std::size_t row, const Claim& claim, const Service& service,
                 const Edition& edition) {
  const std::vector<Prepared>& said = edition.said(row);
  for (std::size_t i = 0; i < said.size() && pool.size < Pool::kMost; ++i) {
    pool.offers[pool.size] = {said[i].said.media_type,
                              rank_of(row, claim.favours == said[i].form, service)};
    pool.prepared[pool.size] = &said[i];
    pool.dialects[pool.size] = row;
    ++pool.size;
  }
}

/// In place of a row of the table: a form that the contract promises.
constexpr std::size_t kByContract = dialect::kMostDialects;

struct Picked {
  std::size_t dialect = 0;
  const Prepared* prepared = nullptr;
  std::string_view asked_type;  // the client's own name for it, where that is what is said
  std::string_view why;
};

std::string_view explain_match(negotiate::Match match) {
  switch (match) {
    case negotiate::Match::kAny:
      return "Accept leaves the choice to us";
    case negotiate::Match::kWildcard:
      return "Accept allows it by a wildcard";
    case negotiate::Match::kExact:
      return "Accept names it";
    case negotiate::Match::kSuffix:
      return "Accept names a type written in the same syntax";
    case negotiate::Match::kUnacceptable:
      break;
  }
  return "nothing on offer is acceptable, so this stands in";
}

// Most clients weigh our favourite, the representation of the lowest rank, the most there is.
// Then it is what choose() would pick, and the others need not be fetched from memory.
std::optional<Picked> pick_favourite(Clues& clues, const Client& client, const Service& service,
                                     const Edition& edition) {
  std::optional<std::size_t> best;
  std::size_t form = 0;
  int best_rank = 0;
  for (const auto& [row, claim] : client.claimed) {
    const auto& favours = claim.favours;
    const bool favoured = favours && edition.said(row)[*favours].form == *favours;
    const int rank = rank_of(row, favoured, service);
    if (best && rank >= best_rank) continue;
    best = row;
    form = favoured ? *favours : 0;
    best_rank = rank;
  }
  if (!best) return {};
  const Prepared& favourite = edition.said(*best)[form];
  const negotiate::Accept& accept = clues.accept();
  const auto weight = accept.weight_of(favourite.said.media_type);
  if (weight.weight < negotiate::kMaxWeight) return {};
  const auto match = accept.empty() ? negotiate::Match::kAny
                     : weight.named ? negotiate::Match::kExact
                                    : negotiate::Match::kWildcard;
  return Picked{*best, &favourite, {}, explain_match(match)};
}

Picked choose_from(const Pool& pool, Clues& clues) {
  const auto choice = clues.accept().choose(std::span(pool.offers.data(), pool.size));
  return {pool.dialects[choice.index], pool.prepared[choice.index], choice.asked,
          explain_match(choice.match)};
}

bool is_xml(std::string_view media_type) {
  const auto type = http::parse_media_type(media_type);
  return type && type->is_xml();
}

// What the contract promises stands before every dialect but those that the request itself gives
// evidence for; those that say the same in general are not on offer.
Picked pick_promised(Clues& clues, const Client& client, const Service& service,
                     const Edition& edition, const std::vector<Prepared>& promised) {
  constexpr int kRank = -500;  // between evidence and all else, see rank_of()
  const auto& sent = clues.content_type();
  const bool sends_xml = sent && sent->is_xml();
  Pool pool;
  for (const Prepared& prepared : promised) {
    if (pool.size == Pool::kMost) break;
    const bool is_kin = sends_xml && is_xml(prepared.said.media_type);
    pool.offers[pool.size] = {prepared.said.media_type, is_kin ? kRank - 1 : kRank};
    pool.prepared[pool.size] = &prepared;
    pool.dialects[pool.size] = kByContract;
    ++pool.size;
  }
  for (const auto& [row, claim] : client.claimed) {
    if (!dialect::table()[row]->yields_to_contract) {
      add_to_pool(pool, row, claim, service, edition);
    }
  }
  return choose_from(pool, clues);
}

Picked pick(Clues& clues, const Client& client, const Service& service, const Edition& edition,
            const Agreed& agreed) {
  if (client.sure) {
    const Claim& claim = client.claimed.front().claim;
    const std::vector<Prepared>& said = edition.said(*client.sure);
    if (claim.strength == Claim::Strength::kSure && claim.favours) {
      return {*client.sure, &said[*claim.favours], {}, "the request's protocol says which"};
    }
    if (said.size() == 1) return {*client.sure, said.data(), {}, "the only form there is"};
  }
  Pool pool;
  if (agreed.dialect) {
    add_to_pool(pool, *agreed.dialect, {}, service, edition);
    return choose_from(pool, clues);
  }
  if (agreed.forms != nullptr) {
    return pick_promised(clues, client, service, edition, *agreed.forms);
  }
  if (const auto picked = pick_favourite(clues, client, service, edition)) return *picked;
  for (const auto& [row, claim] : client.claimed) {
    add_to_pool(pool, row, claim, service, edition);
  }
  return choose_from(pool, clues);
}

std::size_t pick_language(Clues& clues, const Service& service, Trace* trace) {
  if (service.languages.size() == 1) return 0;
  const std::size_t picked =
      negotiate::choose_language(clues.values(Field::kAcceptLanguage), service.languages, 0);
  if (trace != nullptr) {
    trace->add("negotiate", fmt::format("language {} of {}", service.languages[picked],
                                        service.languages.size()));
  }
  return picked;
}

// The edition that speaks the client's language on this occasion. Where too many that nobody will
// ask for again have gathered, whoever publishes Snapshots is asked for a fresh one.
const Edition& pick_edition(Clues& clues, const Snapshot& snapshot, const Service& service,
                            const Held& held, Trace* trace) {
  const std::size_t language = pick_language(clues, service, trace);
  const Edition& edition = service.edition(held.verdict, language);
  if (service.is_crowded(language)) snapshot.ask_for_renewal();
  return edition;
}

// A body that was not coded early is finished only now, or too small to gain from a coding;
// saying that each would cost more makes the choice fall on one only if identity is refused.
Coding pick_coding_for_text(Clues& clues, std::size_t bytes) {
  const negotiate::CodedSize sizes[] = {{Coding::kIdentity, bytes},
                                        {Coding::kGzip, bytes + 1},
                                        {Coding::kBrotli, bytes + 1},
                                        {Coding::kZstd, bytes + 1}};
  return negotiate::choose_coding(clues.values(Field::kAcceptEncoding), sizes);
}

// ---------------------------------------------------------------- compose

void append_vary(const http::FieldSet& consulted, const Origin& origin, std::uint64_t rule_fields,
                 const Service& service, std::string& fields) {
  const std::size_t start = fields.size();
  const auto append = [&](std::string_view name) {
    fields += fields.size() == start ? "Vary: " : ", ";
    fields += name;
  };
  for (std::uint64_t bits = consulted.bits(); bits != 0; bits &= bits - 1) {
    const auto field = static_cast<Field>(std::countr_zero(bits));
    // The target's host belongs to the cache key already (RFC 9111 §2).
    if (field != Field::kHost) append(http::field_name(field));
  }
  for (const std::string_view name : origin.consulted_names()) append(name);
  for (; rule_fields != 0; rule_fields &= rule_fields - 1) {
    append(service.rule_fields[static_cast<std::size_t>(std::countr_zero(rule_fields))]);
  }
  if (fields.size() != start) fields += "\r\n";
}

// Fills response.text with what is said to this request at this moment; false where the body was
// rendered early to the last byte, and is large.
bool write_text(const Prepared& prepared, const dialect::Repeated& repeated, const Held& held,
                http::Response& response) {
  if (repeated.body) {
    response.text = *repeated.body;
    return true;
  }
  if (prepared.body->is_fixed()) return false;
  prepared.body->text().append_to(response.text, held.seconds, held.now);
  return true;
}

Coding write_body(Clues& clues, const Prepared& prepared, const dialect::Repeated& repeated,
                  const Held& held, http::Response& response) {
  if (write_text(prepared, repeated, held, response)) {
    const Coding coding = prepared.said.may_be_coded
                              ? pick_coding_for_text(clues, response.text.size())
                              : Coding::kIdentity;
    if (coding != Coding::kIdentity) response.text = encode(coding, response.text);
    response.body_from_text();
    return coding;
  }
  const Body& body = *prepared.body;
  const Coding coding =
      prepared.said.may_be_coded
          ? negotiate::choose_coding(clues.values(Field::kAcceptEncoding), body.sizes())
          : Coding::kIdentity;
  response.body = body.coded(coding);
  return coding;
}

// A script on another origin may read the answer and its wait (Fetch §3.2). There is nothing of
// a person in it, so every origin may, with credentials or without.
void append_cors(Clues& clues, const Prepared& prepared, std::string& fields) {
  if (prepared.said.bare || !clues.has(Field::kOrigin)) return;
  http::append_field(fields, "Access-Control-Allow-Origin", clues.value(Field::kOrigin));
  fields +=
      "Access-Control-Allow-Credentials: true\r\n"
      "Access-Control-Expose-Headers: Retry-After, X-Maintenance\r\n";
}

// To CONNECT any 2xx would mean that a tunnel is open (RFC 9110 §9.3.6), and to a gate's proxy
// that the request may pass.
std::uint16_t status_for(std::string_view method, Gate gate, const dialect::Representation& said) {
  if (gate == Gate::kForbidden) return 403;
  if (gate == Gate::kAnswer) return said.gate_status < 400 ? 503 : said.gate_status;
  return said.status < 300 && method == "CONNECT" ? said.gate_status : said.status;
}

void append_line(std::string& fields, std::string_view name, std::string_view value) {
  fields += name;
  fields += value;
  fields += "\r\n";
}

// An id that a router or a client gave the request, so that both ends and the log name it alike.
// It chooses nothing, so Vary does not list it.
void append_request_ids(const http::Request& request, std::string& fields) {
  for (const Field field : http::kRequestIdFields) {
    const std::string_view id = http::request_id(request, field);
    if (!id.empty()) http::append_field(fields, http::field_name(field), id);
  }
}

dialect::Repeated repeat_for(Clues& clues, const Picked& picked, const Edition& edition,
                             std::uint32_t seconds) {
  if (picked.dialect == kByContract) return {};
  const auto repeat = dialect::table()[picked.dialect]->repeat;
  if (repeat == nullptr) return {};
  dialect::Notice notice = edition.notice();
  notice.seconds = seconds;
  return repeat(clues, notice, picked.prepared->said);
}

// Where what was picked is fitted to the visitor, the same of the edition that fits. Its words may
// be in a language that the message is not in.
const Edition& fit_to_visitor(Clues& clues, const Snapshot& snapshot, const Service& service,
                              const Edition& edition, Picked& picked, Trace* trace) {
  if (picked.dialect == kByContract) return edition;
  const auto fit = dialect::table()[picked.dialect]->fit;
  if (fit == nullptr) return edition;
  const std::size_t none = service.words_languages.size();
  const std::size_t language = negotiate::choose_language(clues.values(Field::kAcceptLanguage),
                                                          service.words_languages, none);
  const std::string_view words =
      language == none ? edition.notice().language : service.words_languages[language];
  const Edition& fitting = edition.fitted(words, fit(clues));
  if (edition.fittings() > Edition::kManyFittings) snapshot.ask_for_renewal();
  const auto index = picked.prepared - edition.said(picked.dialect).data();
  picked.prepared = &fitting.said(picked.dialect)[static_cast<std::size_t>(index)];
  if (trace != nullptr) trace->add("negotiate", fmt::format("words in {}", words));
  return fitting;
}

/// What kind of answer it is: the name of the dialect that spoke, or kContract.
std::string_view speak(Clues& clues, const Snapshot& snapshot, const Client& client,
                       const Service& service, const Edition& plain, const Agreed& agreed,
                       const Held& held, const Origin& origin, http::Response& response,
                       Trace* trace) {
  Picked picked = pick(clues, client, service, plain, agreed);
  const std::string_view kind =
      picked.dialect == kByContract ? kContract : dialect::table()[picked.dialect]->name;
  const Edition& edition = fit_to_visitor(clues, snapshot, service, plain, picked, trace);
  const std::string_view content_type = picked.asked_type.empty()
                                            ? std::string_view(picked.prepared->said.content_type)
                                            : picked.asked_type;

  const dialect::Repeated repeated = repeat_for(clues, picked, edition, held.seconds);

  response.status = status_for(clues.method(), origin.gate(), picked.prepared->said);
  const Coding coding = write_body(clues, *picked.prepared, repeated, held, response);
  if (!content_type.empty()) append_line(response.fields, "Content-Type: ", content_type);
  if (coding != Coding::kIdentity) {
    append_line(response.fields, "Content-Encoding: ", negotiate::coding_name(coding));
  }
  picked.prepared->fields.append_to(response.fields, held.seconds, held.now);
  response.fields += repeated.fields;
  append_cors(clues, *picked.prepared, response.fields);
  append_request_ids(clues.request(), response.fields);
  append_vary(clues.consulted(), origin, client.rule_fields, service, response.fields);
  if (trace == nullptr) return kind;
  trace->add("negotiate", fmt::format("{} as {}: {}", kind, content_type, picked.why));
  trace->add("negotiate", fmt::format("content coding {}, {} bytes", negotiate::coding_name(coding),
                                      response.body.size()));
  return kind;
}

Outcome answer_reserved(Reserved target, const http::Request& request, const Snapshot& snapshot,
                        const Moment& moment, http::Response& response, Trace* trace) {
  if (trace != nullptr) trace->add("reserved", "the gateway's own target");
  Outcome outcome{.service = {}, .kind = kReserved};
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
  const Held held = hold(service, true, moment, trace);
  Clues clues(request, BodyState::kFinal, *service.configured);
  const Edition& edition = pick_edition(clues, snapshot, service, held, trace);
  answer_notice(service, edition.notice(), held.verdict, held.seconds, response);
  outcome.service = service.configured->name;
  outcome.closed = held.verdict.closed;
  return outcome;
}

// Opens the gate for a request that is not held back, and for a tester. False if the client is
// to be told of the maintenance.
bool let_pass(Clues& clues, const Origin& origin, const Service& service, const Moment& moment,
              Outcome& outcome, http::Response& response, Trace* trace) {
  if (outcome.closed) {
    // A proxy that knows no answer but 403 drops a redirect; the stand-in makes it afterwards.
    if (origin.gate() != Gate::kForbidden &&
        answer_link(origin, *service.configured, moment.now, response)) {
      outcome.bypassed = Bypassed::kAllowed;
      if (trace != nullptr) trace->add("gate", "a link with a pass: a redirect, with its cookie");
      return true;
    }
    if (origin.gate() == Gate::kNone) return false;
    outcome.bypassed = look_for_pass(clues, origin, *service.configured, moment.now);
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
  append_vary(clues.consulted(), origin, 0, service, response.fields);
  return true;
}

}  // namespace

bool needs_body(const http::Request& head, const Snapshot& snapshot) {
  const Origin origin(head, snapshot.catalog().trusted_proxies());
  const http::Request& request = origin.request();
  if (origin.gate() == Gate::kNone && reserved_target(request) != Reserved::kNone) return false;
  const DecodedPath path(request.path());
  const Service& service = find_service(request, path.view(), snapshot, nullptr);
  Clues clues(request, BodyState::kUnread, *service.configured);
  return who_asks(clues, path.view(), service).needs_body;
}

Outcome answer(const http::Request& received, const Snapshot& snapshot, const Moment& moment,
               http::Response& response, Trace* trace) {
  const Origin origin(received, snapshot.catalog().trusted_proxies());
  const http::Request& request = origin.request();
  if (trace != nullptr) trace_origin(origin, received, *trace);
  const Reserved target = origin.gate() == Gate::kNone ? reserved_target(request) : Reserved::kNone;
  if (target != Reserved::kNone) {
    return answer_reserved(target, request, snapshot, moment, response, trace);
  }
  const DecodedPath path(request.path());
  const Service& service = find_service(request, path.view(), snapshot, trace);
  const bool in_scope = is_in_scope(service.configured->scope, request.method(), path.view());
  const Held held = hold(service, in_scope, moment, trace);
  Clues clues(request, BodyState::kFinal, *service.configured);
  clues.consult(origin.consulted());
  clues.set_secure(origin.is_secure());
  Outcome outcome{service.configured->name, kGate, held.verdict.closed, Bypassed::kNone};
  if (let_pass(clues, origin, service, moment, outcome, response, trace)) return outcome;
  const Client client = who_asks(clues, path.view(), service);
  if (trace != nullptr) {
    trace_client(client, service, *trace);
    trace_contract(client, service, *trace);
  }
  const Edition& edition = pick_edition(clues, snapshot, service, held, trace);
  // A rule and the evidence of a protocol go before what the API's documents declare.
  const Agreed agreed =
      client.sure ? Agreed{} : find_agreed(request.method(), path.view(), service, edition, trace);
  outcome.kind =
      speak(clues, snapshot, client, service, edition, agreed, held, origin, response, trace);
  return outcome;
}

}  // namespace intermission::gateway
