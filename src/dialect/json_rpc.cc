// JSON-RPC 2.0: an error object for each call, under the id that the call had, byte for byte.
// A notification wants no reply (§4.1); a batch wants one reply per call (§6); where no id can be
// told it is null (§5).
//
// Only the body tells such a client, but for the rare one that names application/json-rpc.
#include "dialect/dialect.h"
#include "dialect/json.h"
#include "dialect/json_scan.h"
#include "page/words.h"

namespace intermission::dialect {
namespace {

// §5.1: from -32000 to -32099 for implementation-defined server errors.
constexpr int kUnavailable = -32000;

// A body of small calls must not make a much larger one: further on replies keep to the code.
constexpr std::size_t kMostText = 256 * 1024;

constexpr std::string_view kTypes[] = {"application/json-rpc", "application/jsonrequest"};

// ------------------------------------------------------------------ reading the request

class FindsVersion : public JsonVisitor {
 public:
  bool member(std::string_view name, std::string_view value) override {
    found = found || (name == "jsonrpc" && value == "\"2.0\"");
    return !found;
  }
  bool found = false;
};

struct Call {
  std::string_view id;  // as it stands; empty where there is none
  bool has_method = false;
  bool is_whole = false;

  bool wants_no_reply() const { return is_whole && has_method && id.empty(); }
};

class CollectsCalls : public JsonVisitor {
 public:
  void begin_object() override { calls.emplace_back(); }
  bool member(std::string_view name, std::string_view value) override {
    if (name == "id") calls.back().id = value;
    if (name == "method") calls.back().has_method = true;
    return true;
  }
  void end_object() override { calls.back().is_whole = true; }
  std::vector<Call> calls;
};

Claim recognise(RequestEvidence& evidence) {
  if (evidence.method_class() != kPost) return {};
  Claim claim{.needs_body = true};
  const auto& type = evidence.content_type();
  if (type && (type->is(kTypes[0]) || type->is(kTypes[1]))) {
    claim.strength = Claim::Strength::kSure;
    claim.why = "Content-Type is of JSON-RPC";
  }
  const std::string_view body = evidence.request().body();
  // Most JSON is not JSON-RPC, and need not be looked through member by member.
  if (evidence.body_unread() || body.find("\"jsonrpc\"") == std::string_view::npos) return claim;
  FindsVersion version;
  scan_json(body, version);
  if (version.found) {
    claim.strength = Claim::Strength::kSure;
    claim.why = "the body says \"jsonrpc\": \"2.0\"";
  }
  return claim;
}

// ------------------------------------------------------------------ speaking

std::string error_object(const page::Notice& notice) {
  JsonObject error;
  error.number("code", kUnavailable).text("message", page::spoken_text(notice));
  error.open("data").about(notice).close();
  return error.finish();
}

std::string short_error() {
  JsonObject error;
  error.number("code", kUnavailable).text("message", "Service Unavailable");
  return error.finish();
}

std::string reply(std::string_view id, std::string_view error) {
  const std::string_view shown = id.empty() || !is_json(id) ? "null" : id;
  std::string out = "{\"jsonrpc\":\"2.0\",\"error\":";
  out.append(error).append(",\"id\":").append(shown).append("}");
  return out;
}

// One reply for each call that wants one. Calls behind a cut are answered together, without id.
std::string replies(const std::vector<Call>& calls, bool is_cut, const std::string& error) {
  const std::string brief = short_error();
  std::string out;
  const auto add = [&](std::string_view id) {
    out += out.empty() ? '[' : ',';
    out += reply(id, out.size() < kMostText ? error : brief);
  };
  bool answered_without_id = false;
  for (const Call& call : calls) {
    if (call.wants_no_reply()) continue;
    answered_without_id = answered_without_id || (is_cut && !call.is_whole && call.id.empty());
    add(call.id);
  }
  if (is_cut && !answered_without_id) add({});
  return out.empty() ? out : out + ']';
}

std::string answer_to(const http::Request& request, const page::Notice& notice) {
  CollectsCalls seen;
  const JsonScan scan = scan_json(request.body(), seen);
  const std::string error = error_object(notice);
  const bool is_cut = !request.body_complete();
  if (seen.calls.empty() || (!scan.is_whole && !is_cut)) return reply({}, error);
  if (scan.is_list) return replies(seen.calls, is_cut, error);
  const Call& call = seen.calls.front();
  return call.wants_no_reply() ? std::string() : reply(call.id, error);
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service& service) {
  Representation said;
  said.media_type = "application/json";
  said.content_type = "application/json";
  said.status = static_cast<std::uint16_t>(service.json_rpc.status);
  said.body = reply({}, error_object(notice));
  return {said};
}

Repeated repeat(RequestEvidence& evidence, const page::Notice& notice, const Representation&,
                const Claim&) {
  return {.body = answer_to(evidence.request(), notice)};
}

}  // namespace

extern const Dialect kJsonRpc;
const Dialect kJsonRpc = {
    .name = "json_rpc",
    .speaks_to = "JSON-RPC 2.0 clients",
    .known_by = "the body says \"jsonrpc\": \"2.0\"; Content-Type application/json-rpc",
    .triggers = {{.methods = kPost,
                  .content_types = {kTypes[0], kTypes[1], "application/json", "text/json",
                                    "text/plain", ""}}},
    .recognise = recognise,
    .render = render,
    .repeat = repeat,
};

}  // namespace intermission::dialect
