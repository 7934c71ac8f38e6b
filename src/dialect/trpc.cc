// tRPC (trpc.io/docs/rpc): an error with code and message. A client that has batched its calls
// takes one error for all of them, and its streaming link takes no list, so there is one for any
// number. Where server and client agreed on a transformer such as superjson, the client looks for
// the same in `json`.
//
// oRPC (orpc.dev), which resembles it, reads an error in `json` that has certain members and no
// others. Its paths begin with /rpc/ where nobody chose another; PostgREST has such paths too, and
// its clients read the members of the problem.
#include "dialect/dialect.h"
#include "dialect/json.h"
#include "dialect/json_scan.h"
#include "dialect/path_evidence.h"
#include "dialect/problem.h"
#include "http/target.h"
#include "page/words.h"

namespace intermission::dialect::trpc {
namespace {

// JSON-RPC's "internal error", which tRPC has for all that happens at a server.
constexpr int kInternal = -32603;
constexpr const char* kCode = "SERVICE_UNAVAILABLE";

enum Form : std::uint8_t { kTrpcError, kOrpcError };  // places in render()'s list

class FindsFirstCall : public JsonVisitor {
 public:
  bool member(std::string_view name, std::string_view) override {
    found = found || name == "0";
    return !found;
  }
  bool found = false;
};

Claim offers(std::string_view why, Form form = kTrpcError) {
  return {.strength = Claim::Strength::kOffers, .favours = form, .why = why};
}

// Of a client that has batched its calls.
Claim by_batch(RequestEvidence& evidence) {
  const http::Request& request = evidence.request();
  if (evidence.method_class() == kRead) {
    return http::query_value(request.query(), "input") ? offers("the query is a batch of tRPC")
                                                       : Claim{};
  }
  if (!evidence.sends("application/json") || evidence.method_class() != kPost) return {};
  if (evidence.body_unread()) return {.needs_body = true};
  FindsFirstCall call;
  scan_json(request.body(), call);
  return call.found ? offers("the body is a batch of tRPC") : Claim{};
}

Claim recognise(RequestEvidence& evidence) {
  const http::Request& request = evidence.request();
  const bool is_batch = http::query_value(request.query(), "batch") == "1";
  const bool has_segment = request.path().find("/trpc/") != std::string_view::npos;
  const bool is_orpc = request.path().find("/rpc/") != std::string_view::npos;
  if (!is_batch && !has_segment && !is_orpc) return {};
  if (!leaves_form_to_path(evidence, {"application/json"})) return {};
  if (has_segment) return offers("the path holds /trpc/");
  if (is_batch) {
    const Claim claim = by_batch(evidence);
    if (claim.strength != Claim::Strength::kNone || claim.needs_body) return claim;
  }
  return is_orpc ? offers("the path holds /rpc/", kOrpcError) : Claim{};
}

void add_error(JsonObject& answer, const std::string& text) {
  answer.text("message", text).number("code", kInternal);
  answer.open("data").text("code", kCode).number("httpStatus", 503).close();
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  const std::string text = page::spoken_text(notice);
  JsonObject answer;
  add_error(answer.open("error"), text);
  add_error(answer.open("json"), text);
  answer.close().close();
  JsonObject orpc;
  orpc.open("json").truth("defined", false).text("code", kCode).number("status", 503);
  orpc.text("message", text).close();
  return {extended_problem(notice, answer), extended_problem(notice, orpc)};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "trpc",
    .speaks_to = "tRPC and oRPC clients",
    .known_by = "?batch=1 with input, or with a batch as the body; /trpc/ or /rpc/ in the path",
    .triggers = {{.first_segments = {"trpc", "rpc", "api"}, .parameters = {"batch"}}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::trpc
