// Webhook senders: they deliver once more after an error, and never again after a 2xx. Their
// delivery logs show people the body, so it is the problem in JSON whatever they accept.
#include "dialect/dialect.h"
#include "dialect/problem.h"

namespace intermission::dialect::webhook {
namespace {

using http::Field;

const Field kStripeSignature = http::named_field("Stripe-Signature");
const Field kWebhookSignature = http::named_field("Webhook-Signature");
const Field kXGithubEvent = http::named_field("X-GitHub-Event");
const Field kXGitlabEvent = http::named_field("X-Gitlab-Event");
const Field kXHubSignature = http::named_field("X-Hub-Signature");
const Field kXHubSignature256 = http::named_field("X-Hub-Signature-256");
const Field kXShopifyHmacSha256 = http::named_field("X-Shopify-Hmac-Sha256");
const Field kXSlackSignature = http::named_field("X-Slack-Signature");
const Field kXTwilioSignature = http::named_field("X-Twilio-Signature");

struct Sender {
  Field field;
  std::string_view why;
};

const Sender kSenders[] = {
    {kXGithubEvent, "X-GitHub-Event is given"},
    {kXGitlabEvent, "X-Gitlab-Event is given"},
    {kStripeSignature, "Stripe-Signature is given"},
    {kXHubSignature256, "X-Hub-Signature-256 is given"},
    {kXHubSignature, "X-Hub-Signature is given"},
    {kXShopifyHmacSha256, "X-Shopify-Hmac-Sha256 is given"},
    {kXSlackSignature, "X-Slack-Signature is given"},
    {kXTwilioSignature, "X-Twilio-Signature is given"},
    {kWebhookSignature, "Webhook-Signature is given"},
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

extern const Dialect kRow;
const Dialect kRow = {
    .name = "webhook",
    .speaks_to = "webhook senders",
    .known_by = "Stripe-Signature, X-GitHub-Event, X-Hub-Signature-256 and the like",
    .triggers = {{.methods = kPost,
                  .fields = {kXGithubEvent, kXGitlabEvent, kStripeSignature, kXHubSignature256,
                             kXHubSignature, kXShopifyHmacSha256, kXSlackSignature,
                             kXTwilioSignature, kWebhookSignature}}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::webhook
