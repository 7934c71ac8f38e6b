// Token endpoints of OAuth 2.0 (RFC 6749 §5.2). `temporarily_unavailable` is the word of §4.1.2.1
// for it; clients show the description, and never cache either. Logto's reads `code` and `message`.
// Amazon's clients, among others, send the parameters in JSON.
//
// Version 5 of openid-client reads such an error wherever it asks, as for the provider's
// configuration, and shows the message of nothing else.
#include "dialect/dialect.h"
#include "dialect/json.h"
#include "dialect/json_scan.h"
#include "http/target.h"
#include "page/words.h"

namespace intermission::dialect::oauth {
namespace {

constexpr std::string_view kProduct = "openid-client";
constexpr std::string_view kForm = "application/x-www-form-urlencoded";

constexpr std::string_view kJson = "application/json";

// As it stands in JSON. Other services have members of that name too, so it must be one of RFC 6749
// or an extension's, which is a URI: urn:ietf:params:oauth:grant-type:device_code.
bool is_grant_type(std::string_view value) {
  for (const std::string_view known :
       {"\"authorization_code\"", "\"client_credentials\"", "\"password\"", "\"refresh_token\""}) {
    if (value == known) return true;
  }
  return value.find("grant-type") != std::string_view::npos;
}

class FindsGrant : public JsonVisitor {
 public:
  bool member(std::string_view name, std::string_view value) override {
    found = name == "grant_type" && is_grant_type(value);
    return !found;
  }
  bool found = false;
};

bool asks_for_grant_in_json(std::string_view body) {
  // Most JSON does not, and need not be looked through member by member.
  if (body.find("\"grant_type\"") == std::string_view::npos) return false;
  FindsGrant grant;
  scan_json(body, grant);
  return grant.found;
}

Claim recognise(RequestEvidence& evidence) {
  if (is_product(evidence.value(http::Field::kUserAgent), kProduct)) {
    return {
        .strength = Claim::Strength::kSure, .favours = 0, .why = "User-Agent is openid-client's"};
  }
  // Such a member may mean anything to a service whose contract says what its calls are.
  const bool is_json = evidence.sends(kJson) && evidence.service().contract == nullptr;
  if (!(is_json || evidence.sends(kForm)) || evidence.method_class() != kPost) return {};
  if (evidence.body_unread()) return {.needs_body = true};
  const std::string_view body = evidence.request().body();
  if (is_json && asks_for_grant_in_json(body)) {
    return {.strength = Claim::Strength::kSure, .favours = 0, .why = "the body asks for a grant"};
  }
  if (is_json || !http::query_value(body, "grant_type")) return {};
  return {.strength = Claim::Strength::kSure, .favours = 0, .why = "the form asks for a grant"};
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service& service) {
  JsonObject error;
  const std::string spoken = page::spoken_text(notice);
  error.text("error", "temporarily_unavailable").text("error_description", spoken);
  error.text("code", "temporarily_unavailable").text("message", spoken);
  Representation said;
  said.media_type = said.content_type = "application/json";
  said.status = said.gate_status = static_cast<std::uint16_t>(service.oauth.status);
  said.fields = "Pragma: no-cache\r\n";
  said.body = error.finish();
  return {said};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "oauth",
    .speaks_to = "OAuth clients at a token endpoint, and openid-client wherever it asks",
    .known_by = "a form or JSON with grant_type; User-Agent openid-client/",
    .triggers = {{.methods = kPost, .content_types = {kForm, kJson}}, {.products = {kProduct}}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::oauth
