// SDKs that read an `error` object and nothing else: Stripe's takes a body without one for success,
// whatever the status; OpenAI's says "status code (no body)"; Google's and OpenStack's show the
// status alone. The members of the problem stand beside it, because some of these SDKs read
// `message` instead.
//
// Known by fields of their own. A client of an API like OpenAI's need not be OpenAI's SDK: then the
// body tells, a model and what it is asked.
#include <algorithm>

#include "base/text.h"
#include "dialect/dialect.h"
#include "dialect/in_json.h"
#include "dialect/json.h"
#include "dialect/json_scan.h"
#include "dialect/known_field.h"
#include "dialect/problem.h"
#include "http/target.h"
#include "page/words.h"

namespace intermission::dialect::error_object {
namespace {

using http::Field;

const Field kAnthropicVersion = http::named_field("anthropic-version");
const Field kStripeVersion = http::named_field("Stripe-Version");
const Field kXClientVersion = http::named_field("X-Client-Version");
const Field kXGoogApiClient = http::named_field("X-Goog-Api-Client");
const Field kXStainlessLang = http::named_field("X-Stainless-Lang");
const Field kXStainlessPackageVersion = http::named_field("X-Stainless-Package-Version");
const Field kXStainlessRuntime = http::named_field("X-Stainless-Runtime");
const Field kXStripeClientUserAgent = http::named_field("X-Stripe-Client-User-Agent");

// Places in render()'s list.
enum Form : std::uint8_t { kObject, kGoogle, kDetails, kErrorMessage, kFirebase, kFault };

constexpr std::string_view kCode = "service_unavailable";
// Dart's packages (github.com/dart-lang/pub, doc/repository-spec-v2.md).
constexpr std::string_view kPub = "application/vnd.pub.v2+json";

const Names kOpenstack = {"openstacksdk",           "keystoneauth1",         "osc-lib",
                          "python-openstackclient", "python-keystoneclient", "python-novaclient",
                          "python-neutronclient",   "python-cinderclient",   "python-glanceclient",
                          "python-heatclient",      "python-ironicclient",   "python-manilaclient",
                          "python-blazarclient",    "python-muranoclient",   "python-saharaclient",
                          "python-watcherclient"};

const Names kHetzner = {"hcloud-go", "hcloud-js", "hcloud-python"};

// Its SDK has such fields too, but it reads the envelope of Cloudflare (error_members).
constexpr std::string_view kWrangler = "wrangler";

// ------------------------------------------------------------------ reading the request

const KnownField kKnown[] = {
    {kStripeVersion, kObject, "Stripe-Version is given"},
    {kXStripeClientUserAgent, kObject, "X-Stripe-Client-User-Agent is given"},
    {kXStainlessLang, kObject, "X-Stainless-Lang is given"},
    {kXStainlessPackageVersion, kObject, "X-Stainless-Package-Version is given"},
    {kXStainlessRuntime, kObject, "X-Stainless-Runtime is given"},
    {kAnthropicVersion, kObject, "anthropic-version is given"},
    {kXGoogApiClient, kGoogle, "X-Goog-Api-Client is given"},
};

// Two of OpenStack's clients raise AttributeError for any member that is no object.
const Names kObjectsAlone = {"python-glanceclient", "python-muranoclient"};
// These raise TypeError for the Retry-After of a 503, or read `error_message`; some of them as the
// text of a fault.
const Names kReadMessage = {"python-blazarclient", "python-manilaclient", "python-saharaclient"};
const Names kReadFault = {"python-ironicclient", "python-watcherclient"};

bool names_one_of(std::string_view agent, const Names& products) {
  return std::any_of(products.begin(), products.end(),
                     [&](std::string_view product) { return is_product(agent, product); });
}

// "openstacksdk/4.0.0 keystoneauth1/5.8.0 python-requests/2.32.3 CPython/3.12.3"
Claim by_openstack(std::string_view agent) {
  if (!names_one_of(agent, kOpenstack)) return {};
  Claim claim{.strength = Claim::Strength::kSure,
              .favours = kObject,
              .why = "User-Agent is a client of OpenStack"};
  if (names_one_of(agent, kObjectsAlone)) claim.favours = kGoogle;
  if (names_one_of(agent, kReadMessage)) claim.favours = kErrorMessage;
  if (names_one_of(agent, kReadFault)) claim.favours = kFault;
  return claim;
}

class FindsPrompt : public JsonVisitor {
 public:
  bool member(std::string_view name, std::string_view value) override {
    const bool is_text = value.starts_with('"');
    const bool is_list = value.starts_with('[');
    if (name == "model") has_model = is_text;
    if (name == "messages") has_prompt = has_prompt || is_list;
    if (name == "input" || name == "prompt") has_prompt = has_prompt || is_text || is_list;
    return !found();
  }
  bool found() const { return has_model && has_prompt; }

  bool has_model = false;
  bool has_prompt = false;
};

Claim recognise_body(RequestEvidence& evidence) {
  if (!evidence.sends("application/json") || evidence.method_class() != kPost) return {};
  if (evidence.body_unread()) return {.needs_body = true};
  const std::string_view body = evidence.request().body();
  // Most JSON asks no model, and need not be looked through member by member.
  if (body.find("\"model\"") == std::string_view::npos) return {};
  FindsPrompt prompt;
  scan_json(body, prompt);
  if (!prompt.found()) return {};
  return {.strength = Claim::Strength::kOffers,
          .favours = kObject,
          .why = "the body names a model and what it is asked"};
}

constexpr std::string_view kForm = "application/x-www-form-urlencoded";

// Google's libraries send their field to the token endpoint too, where the answer is one of OAuth.
// Firebase's for accounts shows what stands behind the first colon of the message.
Claim by_google(RequestEvidence& evidence, Claim claim) {
  if (evidence.method_class() == kPost && evidence.sends(kForm)) {
    if (evidence.body_unread()) return {.needs_body = true};
    if (http::query_value(evidence.request().body(), "grant_type")) return {};
  }
  // "Node/Admin/13.10.0"
  if (base::icontains(evidence.value(kXClientVersion), "/Admin/")) claim.favours = kFirebase;
  return claim;
}

Claim recognise(RequestEvidence& evidence) {
  const Claim claim = by_field(evidence, kKnown);
  if (claim.favours == kGoogle) return by_google(evidence, claim);
  if (claim.strength != Claim::Strength::kNone) {
    return is_product(evidence.value(Field::kUserAgent), kWrangler) ? Claim{} : claim;
  }
  if (base::istarts_with(evidence.value(Field::kUserAgent), "Stripe/")) {
    return {
        .strength = Claim::Strength::kSure, .favours = kObject, .why = "User-Agent is Stripe's"};
  }
  const std::string_view agent = evidence.value(Field::kUserAgent);
  if (const Claim openstack = by_openstack(agent); openstack.strength != Claim::Strength::kNone) {
    return openstack;
  }
  for (const std::string_view product : kHetzner) {
    if (!is_product(agent, product)) continue;
    return {
        .strength = Claim::Strength::kSure, .favours = kDetails, .why = "User-Agent is Hetzner's"};
  }
  if (evidence.accepts(kPub)) {
    return {.strength = Claim::Strength::kSure, .favours = kObject, .why = "Accept names pub"};
  }
  return recognise_body(evidence);
}

// ------------------------------------------------------------------ speaking

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  const std::string text = page::spoken_text(notice);
  JsonObject object;
  object.open("error").text("message", text).text("type", kCode).text("code", kCode).close();
  // google.rpc.Status as Google's APIs write it (AIP-193), and nothing else: some of its clients
  // show people the whole body.
  JsonObject google;
  google.open("error").number("code", 503).text("message", text).text("status", "UNAVAILABLE");
  google.close();
  JsonObject firebase;
  firebase.open("error").number("code", 503).text("message", "UNAVAILABLE : " + text);
  firebase.text("status", "UNAVAILABLE").close();
  // hcloud-python raises KeyError where there are no details.
  JsonObject details;
  details.open("error").text("message", text).text("type", kCode).text("code", kCode);
  details.open("details").close().close();
  // Manila's client reads `error`, which must be the first member.
  JsonObject openstack;
  openstack.open("error").text("message", text).number("code", 503).close();
  openstack.text("error_message", text);
  // Pecan and WSME, the frameworks of those servers, put a fault into the text of the message.
  JsonObject fault;
  fault.text("faultstring", text);
  JsonObject pecan;
  pecan.text("error_message", fault.finish());
  return {extended_problem(notice, object),  in_json(google.finish()),
          extended_problem(notice, details), without_wait(in_json(openstack.finish())),
          in_json(firebase.finish()),        without_wait(in_json(pecan.finish()))};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "error_object",
    .speaks_to = "SDKs that read an error object: Stripe, OpenAI, Anthropic, Google, OpenStack",
    .known_by =
        "Stripe-Version, X-Stainless-…, anthropic-version, X-Goog-Api-Client; User-Agent Stripe/, "
        "openstacksdk/ and the like, hcloud-go/; "
        "Accept names pub; a body in JSON with model and messages, input or prompt",
    .triggers = {{.fields = {kStripeVersion, kXStripeClientUserAgent, kXStainlessLang,
                             kXStainlessPackageVersion, kXStainlessRuntime, kAnthropicVersion,
                             kXGoogApiClient},
                  .accepts = {kPub},
                  .products = {"Stripe"}},
                 {.products = kOpenstack},
                 {.products = kHetzner},
                 {.methods = kPost, .content_types = {"application/json"}}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::error_object
