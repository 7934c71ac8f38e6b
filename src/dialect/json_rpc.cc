// JSON-RPC 2.0 and 1.0: an error object for each call, under the id that the call had, byte for
// byte. A notification wants no reply (§4.1); a batch wants one reply per call (§6); where no id
// can be told it is null (§5).
//
// Only the body tells such a client, but for the rare one that names application/json-rpc. Version
// 1.0 (jsonrpc.org/specification_v1) has no member of its own: method, params and id tell it, and a
// reply has a result as well, null. Bitcoin's clients speak it. Such members may mean anything to a
// service with an OpenAPI document, which says what its calls are.
#include "dialect/dialect.h"
#include "dialect/json.h"
#include "dialect/json_scan.h"
#include "page/words.h"

namespace intermission::dialect::json_rpc {
namespace {

// §5.1: from -32000 to -32099 for implementation-defined server errors.
constexpr int kUnavailable = -32000;
// Ethereum (EIP-1474) gives that number to invalid input, and this one to what is not available.
constexpr int kUnavailableOfEthereum = -32002;

// A body of small calls must not make a much larger one: further on replies keep to the code.
constexpr std::size_t kMostText = 256 * 1024;

constexpr std::string_view kTypes[] = {"application/json-rpc", "application/jsonrequest"};

// ------------------------------------------------------------------ reading the request

// Places in render()'s list. Some clients show the error under 200 alone.
enum Form : std::uint8_t { kVersion2, kVersion1, kVersion2Accepted };

// Of Sui, and of Solana.
const http::Field kClientSdkType = http::named_field("Client-Sdk-Type");
const http::Field kSolanaClient = http::named_field("solana-client");

class FindsVersion : public JsonVisitor {
 public:
  void begin_object() override { has_method_ = has_params_ = has_id_ = has_other_ = false; }
  bool member(std::string_view name, std::string_view value) override {
    if (name == "jsonrpc") {
      is_2 = value == "\"2.0\"";
      has_other_ = value != "\"1.0\"";
    }
    if (name == "method") has_method_ = value.starts_with('"');
    if (name == "params") has_params_ = value.starts_with('[') || value.starts_with('{');
    if (name == "id") has_id_ = true;
    return !is_2;
  }
  // Whole calls only: the rest may hold a version.
  void end_object() override {
    is_1 = is_1 || (has_method_ && has_params_ && has_id_ && !has_other_);
  }

  bool is_2 = false;
  bool is_1 = false;

 private:
  bool has_method_ = false;
  bool has_params_ = false;
  bool has_id_ = false;
  bool has_other_ = false;  // version
};

struct Call {
  std::string_view id;      // as it stands; empty where there is none
  std::string_view method;  // likewise
  bool is_whole = false;

  bool wants_no_reply() const { return is_whole && !method.empty() && id.empty(); }
};

class CollectsCalls : public JsonVisitor {
 public:
  void begin_object() override { calls.emplace_back(); }
  bool member(std::string_view name, std::string_view value) override {
    if (name == "id") calls.back().id = value;
    if (name == "method") calls.back().method = value;
    return true;
  }
  void end_object() override { calls.back().is_whole = true; }
  std::vector<Call> calls;
};

Claim recognise(RequestEvidence& evidence) {
  if (evidence.method_class() != kPost) return {};
  Claim claim{.needs_body = true};
  if (evidence.sends(kTypes[0]) || evidence.sends(kTypes[1])) {
    claim.strength = Claim::Strength::kSure;
    claim.why = "Content-Type is of JSON-RPC";
  }
  const std::string_view body = evidence.request().body();
  // Most JSON is not JSON-RPC, and need not be looked through member by member.
  const auto holds = [&](std::string_view name) {
    return body.find(name) != std::string_view::npos;
  };
  if (evidence.body_unread() || !(holds("\"jsonrpc\"") || holds("\"params\""))) return claim;
  FindsVersion version;
  scan_json(body, version);
  if (version.is_2) {
    claim.strength = Claim::Strength::kSure;
    const bool accepts_errors = evidence.has(kClientSdkType) || evidence.has(kSolanaClient);
    claim.favours = accepts_errors ? kVersion2Accepted : kVersion2;
    claim.why = "the body says \"jsonrpc\": \"2.0\"";
  } else if (version.is_1 && evidence.service().contract == nullptr) {
    claim.strength = Claim::Strength::kSure;
    claim.favours = kVersion1;
    claim.why = "the body holds a method, params and an id";
  }
  return claim;
}

// ------------------------------------------------------------------ speaking

bool is_of_ethereum(std::string_view method) {
  for (const std::string_view prefix : {"\"eth_", "\"net_", "\"web3_"}) {
    if (method.starts_with(prefix)) return true;
  }
  return false;
}

// The error objects of one answer.
class Errors {
 public:
  explicit Errors(const page::Notice& notice)
      : whole_(object(notice, kUnavailable)),
        of_ethereum_(object(notice, kUnavailableOfEthereum)) {}

  std::string_view whole(std::string_view method) const {
    return is_of_ethereum(method) ? of_ethereum_ : whole_;
  }
  std::string_view brief() const { return brief_; }

 private:
  static std::string object(const page::Notice& notice, int code) {
    JsonObject error;
    error.number("code", code).text("message", page::spoken_text(notice));
    error.open("data").about(notice).close();
    return error.finish();
  }
  static std::string brief(int code) {
    JsonObject error;
    error.number("code", code).text("message", "Service Unavailable");
    return error.finish();
  }

  std::string whole_;
  std::string of_ethereum_;
  std::string brief_ = brief(kUnavailable);
};

std::string reply(Form version, std::string_view id, std::string_view error) {
  const std::string_view shown = id.empty() || !is_json(id) ? "null" : id;
  std::string out = version == kVersion1 ? "{\"result\":null" : "{\"jsonrpc\":\"2.0\"";
  out += ",\"error\":";
  out.append(error).append(",\"id\":").append(shown).append("}");
  return out;
}

// One reply for each call that wants one. Calls behind a cut are answered together, without id.
std::string replies(Form version, const std::vector<Call>& calls, bool is_cut,
                    const Errors& errors) {
  std::string out;
  const auto add = [&](const Call& call) {
    out += out.empty() ? '[' : ',';
    out += reply(version, call.id,
                 out.size() < kMostText ? errors.whole(call.method) : errors.brief());
  };
  bool answered_without_id = false;
  for (const Call& call : calls) {
    if (call.wants_no_reply()) continue;
    answered_without_id = answered_without_id || (is_cut && !call.is_whole && call.id.empty());
    add(call);
  }
  if (is_cut && !answered_without_id) add({});
  return out.empty() ? out : out + ']';
}

std::string answer_to(Form version, const http::Request& request, const page::Notice& notice) {
  CollectsCalls seen;
  const JsonScan scan = scan_json(request.body(), seen);
  const Errors errors(notice);
  const bool is_cut = !request.body_complete();
  if (seen.calls.empty() || (!scan.is_whole && !is_cut)) {
    return reply(version, {}, errors.whole({}));
  }
  if (scan.is_list) return replies(version, seen.calls, is_cut, errors);
  const Call& call = seen.calls.front();
  if (call.wants_no_reply()) return {};
  return reply(version, call.id, errors.whole(call.method));
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service& service) {
  const Errors errors(notice);
  Representation said;
  said.media_type = "application/json";
  said.content_type = "application/json";
  said.status = static_cast<std::uint16_t>(service.json_rpc.status);
  said.body = reply(kVersion2, {}, errors.whole({}));
  Representation older = said;
  older.body = reply(kVersion1, {}, errors.whole({}));
  Representation accepted = said;
  accepted.status = 200;
  return {said, older, accepted};
}

Repeated repeat(RequestEvidence& evidence, const page::Notice& notice, const Representation&,
                const Claim& claim) {
  const Form version = claim.favours == kVersion1 ? kVersion1 : kVersion2;
  return {.body = answer_to(version, evidence.request(), notice)};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "json_rpc",
    .speaks_to = "JSON-RPC clients, of version 2.0 and 1.0",
    .known_by =
        "the body says \"jsonrpc\": \"2.0\", or holds method, params and id; Content-Type "
        "application/json-rpc",
    .triggers = {{.methods = kPost,
                  .content_types = {kTypes[0], kTypes[1], "application/json", "text/json",
                                    "text/plain", ""}}},
    .recognise = recognise,
    .render = render,
    .repeat = repeat,
};

}  // namespace intermission::dialect::json_rpc
