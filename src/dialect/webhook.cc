// Webhook senders: they deliver once more after an error, and never again after a 2xx. A short
// JSON text, for it is what their delivery logs show to people.
#include "dialect/dialect.h"
#include "dialect/json.h"

namespace intermission::dialect {
namespace {

using http::Field;

struct Sender {
  Field field;
  std::string_view why;
};

constexpr Sender kSenders[] = {
    {Field::kXGithubEvent, "X-GitHub-Event is given"},
    {Field::kXGitlabEvent, "X-Gitlab-Event is given"},
    {Field::kStripeSignature, "Stripe-Signature is given"},
    {Field::kXHubSignature256, "X-Hub-Signature-256 is given"},
    {Field::kXHubSignature, "X-Hub-Signature is given"},
    {Field::kXShopifyHmacSha256, "X-Shopify-Hmac-Sha256 is given"},
    {Field::kXSlackSignature, "X-Slack-Signature is given"},
    {Field::kXTwilioSignature, "X-Twilio-Signature is given"},
    {Field::kWebhookSignature, "Webhook-Signature is given"},
};

Claim recognise(Clues& clues) {
  if (clues.method() != "POST") return {};
  for (const Sender& sender : kSenders) {
    if (!clues.has(sender.field)) continue;
    return {.strength = Claim::Strength::kSure, .favours = 0, .why = sender.why};
  }
  return {};
}

std::vector<Representation> render(const Notice& notice, const catalog::Service&) {
  JsonObject object;
  object.text("error", "maintenance").text("message", notice.message).seconds("retryAfter");
  Representation refusal;
  refusal.media_type = "application/json";
  refusal.content_type = "application/json";
  refusal.body = object.finish();
  return {refusal};
}

}  // namespace

extern const Dialect kWebhook;
const Dialect kWebhook = {
    .name = "webhook",
    .speaks_to = "webhook senders",
    .known_by = "Stripe-Signature, X-GitHub-Event, X-Hub-Signature-256 and the like",
    .asked = {{.methods = kPost,
               .fields = {Field::kXGithubEvent, Field::kXGitlabEvent, Field::kStripeSignature,
                          Field::kXHubSignature256, Field::kXHubSignature,
                          Field::kXShopifyHmacSha256, Field::kXSlackSignature,
                          Field::kXTwilioSignature, Field::kWebhookSignature}}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect
