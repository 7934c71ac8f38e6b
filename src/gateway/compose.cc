#include "gateway/compose.h"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <utility>

#include "dialect/cors.h"
#include "gate/pass_text.h"
#include "http/request_id.h"
#include "negotiate/negotiate.h"
#include "snapshot/coding.h"

namespace intermission::gateway {
namespace {

using dialect::RequestEvidence;
using http::Field;
using negotiate::Coding;

// A body that was not coded early is finished only now, or too small to gain from a coding;
// saying that each would cost more makes the choice fall on one only if identity is refused.
Coding pick_coding_for_text(RequestEvidence& evidence, std::size_t bytes) {
  const negotiate::CodedSize sizes[] = {{Coding::kIdentity, bytes},
                                        {Coding::kGzip, bytes + 1},
                                        {Coding::kBrotli, bytes + 1},
                                        {Coding::kZstd, bytes + 1}};
  return evidence.accept_encoding().choose(sizes);
}

// Writes what is said to this request at this moment; false where the body was rendered early to
// the last byte, and is large.
bool write_text(const snapshot::PreparedResponse& prepared, const dialect::Repeated& repeated,
                const dialect::Filling& filling, http::Body& body) {
  if (repeated.body) {
    body.own() = *repeated.body;
    return true;
  }
  if (prepared.body->is_fixed()) return false;
  prepared.body->text().append_to(body.own(), filling);
  return true;
}

Coding write_body(RequestEvidence& evidence, const snapshot::PreparedResponse& prepared,
                  const dialect::Repeated& repeated, const dialect::Filling& filling,
                  http::Body& out) {
  if (write_text(prepared, repeated, filling, out)) {
    const Coding coding =
        prepared.said.may_be_coded ? pick_coding_for_text(evidence, out.size()) : Coding::kIdentity;
    if (coding != Coding::kIdentity) out.own() = snapshot::encode(coding, out.view());
    return coding;
  }
  const snapshot::Body& body = *prepared.body;
  const Coding coding = prepared.said.may_be_coded ? evidence.accept_encoding().choose(body.sizes())
                                                   : Coding::kIdentity;
  out.refer(body.coded(coding));
  return coding;
}

// A script of any origin may read the answer and its wait (Fetch §3.2), for there is nothing of a
// person in it. Only scripts of listed origins may have sent credentials.
void append_cors(RequestEvidence& evidence, const snapshot::PreparedResponse& prepared,
                 http::FieldLines& fields) {
  if (prepared.said.omit_maintenance_headers || !evidence.has(Field::kOrigin)) return;
  const std::string_view origin = evidence.value(Field::kOrigin);
  fields.add("Access-Control-Allow-Origin", origin);
  if (dialect::may_send_credentials(evidence.service().cors, origin)) {
    fields += "Access-Control-Allow-Credentials: true\r\n";
  }
  fields += "Access-Control-Expose-Headers: Retry-After, X-Maintenance\r\n";
}

// To CONNECT any 2xx would mean that a tunnel is open (RFC 9110 §9.3.6), and to a gate's proxy
// that the request may pass.
std::uint16_t status_for(std::string_view method, Gate gate, const dialect::Representation& said) {
  if (gate == Gate::kForbidden) return 403;
  if (gate == Gate::kAnswer) return said.gate_status < 400 ? 503 : said.gate_status;
  return said.status < 300 && method == "CONNECT" ? said.gate_status : said.status;
}

constexpr http::LiteralLines coding_line(Coding coding) {
  constexpr std::array<http::LiteralLines, 4> kLines = {
      "", "Content-Encoding: gzip\r\n", "Content-Encoding: br\r\n", "Content-Encoding: zstd\r\n"};
  static_assert(kLines.size() == negotiate::kCodings);
  return kLines[static_cast<std::size_t>(coding)];
}

// An id that a router or a client gave the request, so that both ends and the log name it alike.
// It chooses nothing, so Vary does not list it.
void append_request_ids(const http::Request& request, bool names_request,
                        http::FieldLines& fields) {
  for (const Field field : http::kRequestIdFields) {
    if (names_request && field == Field::kXRequestId) continue;
    const std::string_view id = http::request_id(request, field);
    if (!id.empty()) fields.add(http::field_name(field), id);
  }
}

// A page that was asked for with a pass must not tell it to whom it links, or loads parts from.
void append_referrer_policy(const http::Request& request,
                            const snapshot::PreparedResponse& prepared, http::FieldLines& fields) {
  if (request.query().empty() || prepared.sets_referrer_policy) return;
  if (gate::shows_pass(request.target())) fields += "Referrer-Policy: no-referrer\r\n";
}

// What the dialect of the answer has found of the request. One that the contract names, and not
// the request, has not been asked yet.
dialect::Claim claim_of(const Context& context, const Client& client, std::size_t row) {
  for (const auto& one : client.claimed) {
    if (one.row == row) return one.claim;
  }
  return dialect::table()[row]->recognise(context.evidence);
}

dialect::Repeated repeat_for(const Context& context, const Client& client, const Choice& choice) {
  if (choice.dialect == kByContract) return {};
  const auto repeat = dialect::table()[choice.dialect]->repeat;
  if (repeat == nullptr) return {};
  page::Notice notice = choice.rendered->notice();
  notice.seconds = context.decision.seconds;
  return repeat(context.evidence, notice, choice.prepared->said,
                claim_of(context, client, choice.dialect));
}

}  // namespace

void append_vary(const Context& context, std::uint64_t rule_fields, http::FieldLines& fields) {
  // The target's host belongs to the cache key already (RFC 9111 §2).
  const http::FieldLines& known =
      context.snapshot.vary_lines().of(context.evidence.consulted().without(Field::kHost));
  fields += known;
  bool has_line = !known.empty();
  const auto append = [&](std::string_view name) {
    if (std::exchange(has_line, true)) {
      fields.add_member(name);
    } else {
      fields.add("Vary", name);
    }
  };
  for (const std::string_view name : context.forwarded.consulted_names()) append(name);
  for (const std::string_view name : context.scope_fields) append(name);
  for (; rule_fields != 0; rule_fields &= rule_fields - 1) {
    append(context.service.rule_fields[static_cast<std::size_t>(std::countr_zero(rule_fields))]);
  }
}

std::string_view compose(const Context& context, const Client& client, const Choice& choice,
                         http::Response& response) {
  const snapshot::PreparedResponse& prepared = *choice.prepared;
  const dialect::Repeated repeated = repeat_for(context, client, choice);

  response.status = status_for(context.evidence.method(), context.forwarded.gate(), prepared.said);
  const dialect::Filling filling{.seconds = context.decision.seconds,
                                 .now = context.decision.now,
                                 .path = context.evidence.request().path(),
                                 .request_id = choice.ids.request,
                                 .trace_id = choice.ids.trace};
  // Not where it is about something else, such as a document that is missing.
  if (!prepared.said.omit_maintenance_headers)
    choice.rendered->phrase(response.status).append_to(response.reason, filling);
  const Coding coding = write_body(context.evidence, prepared, repeated, filling, response.body);
  response.fields += prepared.content_type;
  response.fields += coding_line(coding);
  response.fields.add_prepared(
      [&](std::string& lines) { prepared.fields.append_to(lines, filling); });
  response.fields += repeated.fields;
  append_cors(context.evidence, prepared, response.fields);
  append_referrer_policy(context.evidence.request(), prepared, response.fields);
  append_request_ids(context.evidence.request(), prepared.names_request, response.fields);
  append_vary(context, client.rule_fields, response.fields);

  const std::string_view kind =
      choice.dialect == kByContract ? kContract : dialect::table()[choice.dialect]->name;
  if (context.trace != nullptr) {
    context.trace->add("negotiate",
                       fmt::format("{} as {}: {}", kind, prepared.said.content_type, choice.why));
    context.trace->add("negotiate",
                       fmt::format("content coding {}, {} bytes", negotiate::coding_name(coding),
                                   response.body.size()));
  }
  return kind;
}

}  // namespace intermission::gateway
