// Webhook senders: they deliver once more after an error, and never again after a 2xx. Their
// delivery logs show people the body, so it is the problem in JSON whatever they accept.
#include "dialect/dialect.h"
#include "dialect/problem.h"

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

Claim recognise(RequestEvidence& evidence) {
  if (evidence.method_class() != kPost) return {};
  for (const Sender& sender : kSenders) {
    if (!evidence.has(sender.field)) continue;
    return {.strength = Claim::Strength::kSure, .favours = 0, .why = sender.why};
  }
  return {};
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  Representation refusal;
  refusal.media_type = "application/json";
  refusal.content_type = "application/json";
  refusal.body = problem_json(notice);
  return {refusal};
}

}  // namespace

extern const Dialect kWebhook;
const Dialect kWebhook = {
    .name = "webhook",
    .speaks_to = "webhook senders",
    .known_by = "Stripe-Signature, X-GitHub-Event, X-Hub-Signature-256 and the like",
    .triggers = {{.methods = kPost,
                  .fields = {Field::kXGithubEvent, Field::kXGitlabEvent, Field::kStripeSignature,
                             Field::kXHubSignature256, Field::kXHubSignature,
                             Field::kXShopifyHmacSha256, Field::kXSlackSignature,
                             Field::kXTwilioSignature, Field::kWebhookSignature}}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect
