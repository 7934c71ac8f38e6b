// Token endpoints of OAuth 2.0 (RFC 6749 §5.2). `temporarily_unavailable` is the word of §4.1.2.1
// for it; clients show the description, and never cache either. Logto's reads `code` and `message`.
//
// Version 5 of openid-client reads such an error wherever it asks, as for the provider's
// configuration, and shows the message of nothing else.
#include "dialect/dialect.h"
#include "dialect/json.h"
#include "http/target.h"
#include "page/words.h"

namespace intermission::dialect::oauth {
namespace {

constexpr std::string_view kProduct = "openid-client";
constexpr std::string_view kForm = "application/x-www-form-urlencoded";

Claim recognise(RequestEvidence& evidence) {
  if (is_product(evidence.value(http::Field::kUserAgent), kProduct)) {
    return {
        .strength = Claim::Strength::kSure, .favours = 0, .why = "User-Agent is openid-client's"};
  }
  if (!evidence.sends(kForm) || evidence.method_class() != kPost) return {};
  if (evidence.body_unread()) return {.needs_body = true};
  if (!http::query_value(evidence.request().body(), "grant_type")) return {};
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
    .known_by = "a form with grant_type; User-Agent openid-client/",
    .triggers = {{.methods = kPost, .content_types = {kForm}}, {.products = {kProduct}}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::oauth
