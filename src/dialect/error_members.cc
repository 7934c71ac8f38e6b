// SDKs that read the message in a member of their own. Without it they show their own words:
// "Status 503", KeyError, "undefined". The members of the problem stand beside it.
//
// A field or a name is evidence. Paths are only a hint; they are those that one product alone has.
#include <iterator>
#include <string>

#include "base/text.h"
#include "dialect/dialect.h"
#include "dialect/in_json.h"
#include "dialect/json.h"
#include "dialect/known_field.h"
#include "dialect/path_evidence.h"
#include "dialect/problem.h"
#include "http/target.h"
#include "page/words.h"

namespace intermission::dialect::error_members {
namespace {

using http::Field;

const Field kRavenClientVersion = http::named_field("Raven-Client-Version");
const Field kUpstashEncoding = http::named_field("Upstash-Encoding");
const Field kNotionVersion = http::named_field("Notion-Version");
const Field kFdiVersion = http::named_field("fdi-version");
const Field kSdkVersion = http::named_field("SdkVersion");
const Field kSwAccessKey = http::named_field("sw-access-key");
const Field kXAsanaClientLib = http::named_field("X-Asana-Client-Lib");
const Field kXAuthToken = http::named_field("X-Auth-Token");
const Field kXEnvironmentKey = http::named_field("X-Environment-Key");
const Field kXPostmarkAccountToken = http::named_field("X-Postmark-Account-Token");
const Field kXPostmarkServerToken = http::named_field("X-Postmark-Server-Token");
const Field kXRollbarAccessToken = http::named_field("X-Rollbar-Access-Token");
const Field kXStreamClient = http::named_field("X-Stream-Client");
const Field kXTypesenseApiKey = http::named_field("X-TYPESENSE-API-KEY");
const Field kXVaultRequest = http::named_field("X-Vault-Request");
const Field kXVaultToken = http::named_field("X-Vault-Token");

// Places in render()'s list.
enum Form : std::uint8_t {
  kTexts,    // {"errors":[M]}: Vault, Mailtrap
  kItems,    // {"errors":[{"message":M,…}]}: Asana, Linode, Ghost, MessageBird, Directus
  kCode,     // {"code":…,"message":M}: Notion, WordPress, Stream; DigitalOcean wants an `id`
  kPascal,   // {"ErrorCode":…,"Message":M}: Postmark
  kSummary,  // {"errorCode":…,"errorSummary":M}: Okta
  kPlaid,    // {"error_code":…,"error_message":M}
  kText,     // {"error":M}: SoftLayer, Upstash; Shodan, which else takes any body for success
  kObject,   // {"error":{"code":…,"message":M}}: Keystone, Microsoft Graph, Razorpay, EasyPost,
             // GoCardless, Recurly, Lokalise, Lob; Typeform's reads `description` beside it;
             // Paddle's reads `detail` there, and takes a body without `error` for success
  kTwirp,    // {"code":"unavailable","msg":M}: Twirp, an error in JSON to calls in protobuf as well
  kNoData,   // {"data":null,…}: Proxmox, whose clients look there before they look at the status
  kArango,   // {"error":true,…,"errorMessage":M}: ArangoDB
  kRaven,    // {"Type":…,"Message":M}: RavenDB
  kXrpc,     // {"error":…,"message":M}: AT Protocol
  kSplunk,   // {"text":M,"code":9}, "Server is busy": Splunk's HTTP Event Collector
  kRollbar,  // {"err":1,"message":M}: Rollbar's takes a body without `err` for success
  kNumbers,  // {"code":503,"error":M}: Amplitude, which drops its events without a code from 500 on
  kTitled,   // {"errors":[{"title":…,"detail":M}]}: Shopware
  kRelay,    // {"name":…,"description":M}: nostr-tools, which takes any body for a relay's
             // description
  kProblem,  // the problem, for those that parse no JSON but application/json: Typesense, needle,
             // libSQL
  kLoops,    // {"error":M} with another status: Hugging Face's client repeats a 503 without a pause
             // and for ever (622 requests in two seconds), whatever Retry-After says. At a 502,
             // which blames the server as well, it throws.
  kPlain,    // the message as plain text: papi, under the clients of Consul and Jenkins;
             // Flagsmith's shows "[object Object]" where it can parse what it gets
  kNoWait,   // the problem without Retry-After: Zendesk's returns an error in place of throwing it
             // where there is one, and its caller takes that for what was asked for
  kGeneral,  // {"status":"GENERAL_ERROR","message":M} under 200: SuperTokens, which shows its own
             // words for any other status
};

constexpr const char* kUnavailable = "service_unavailable";
constexpr std::string_view kJsonType = "application/json";

// ------------------------------------------------------------------ reading the request

const KnownField kFields[] = {
    {kXVaultRequest, kTexts, "X-Vault-Request is given"},
    {kXVaultToken, kTexts, "X-Vault-Token is given"},
    {kXAsanaClientLib, kItems, "X-Asana-Client-Lib is given"},
    {kNotionVersion, kCode, "Notion-Version is given"},
    {kXPostmarkServerToken, kPascal, "X-Postmark-Server-Token is given"},
    {kXPostmarkAccountToken, kPascal, "X-Postmark-Account-Token is given"},
    {kSdkVersion, kObject, "SdkVersion is given"},
    {kXTypesenseApiKey, kProblem, "X-TYPESENSE-API-KEY is given"},
};

struct Product {
  std::string_view name;
  Form form;
};

constexpr Product kProducts[] = {
    {"linodego", kItems},
    {"linodejs", kItems},
    {"python-digitalocean", kCode},
    {"@okta", kSummary},
    {"okta-sdk-golang", kSummary},
    {"okta-sdk-java", kSummary},
    {"okta-sdk-python", kSummary},
    {"Plaid", kPlaid},
    {"softlayer-python", kText},
    {"papi", kPlain},
    {"GhostAdminSDK", kItems},
    {"GhostContentSDK", kItems},
    {"MessageBird", kItems},
    {"razorpay-node", kObject},
    {"@huggingface", kLoops},
    {"PaddleSDK", kObject},
    {"EasyPost", kObject},
    {"node-zendesk", kNoWait},
    {"mailtrap-nodejs", kTexts},
    {"gocardless-nodejs", kObject},
    {"Recurly", kObject},
    {"node-lokalise-api", kObject},
    {"Lob", kObject},
};
const Names kProductNames = {"linodego",
                             "linodejs",
                             "python-digitalocean",
                             "@okta",
                             "okta-sdk-golang",
                             "okta-sdk-java",
                             "okta-sdk-python",
                             "Plaid",
                             "softlayer-python",
                             "Needle",
                             "papi",
                             "libcloud"};
const Names kMoreProductNames = {"GhostAdminSDK",     "GhostContentSDK",
                                 "MessageBird",       "razorpay-node",
                                 "@huggingface",      "Ruby,",
                                 "PaddleSDK",         "EasyPost",
                                 "node-zendesk",      "mailtrap-nodejs",
                                 "gocardless-nodejs", "Recurly",
                                 "node-lokalise-api", "Lob"};

Claim sure(Form form, std::string_view why) {
  return {.strength = Claim::Strength::kSure, .favours = form, .why = why};
}

Claim by_agent(RequestEvidence& evidence) {
  const std::string_view agent = evidence.value(Field::kUserAgent);
  const std::string_view product = product_of(agent);
  for (const Product& one : kProducts) {
    if (base::iequals(product, one.name)) {
      return sure(one.form, "User-Agent is one that reads a member");
    }
  }
  // "Ruby, RubyGems/3.3.15 x86_64-linux Ruby/3.1.2 (2022-04-12 patchlevel 20)"
  if (is_product(agent, "Ruby,")) return sure(kPlain, "User-Agent is RubyGems'");
  // "libcloud/3.4.1 (Linode)"
  if (is_product(agent, "libcloud") && agent.find("(Linode)") != std::string_view::npos) {
    return sure(kItems, "User-Agent is libcloud's, for Linode");
  }
  // "shop.py keystoneauth1/5.0.0 python-requests/2.28.1 CPython/3.11.2": the program's name first.
  if (agent.find(" keystoneauth1/") != std::string_view::npos) {
    return sure(kObject, "User-Agent names a library of OpenStack");
  }
  return {};
}

struct Place {
  std::string_view prefix;
  Form form;
  std::string_view why;
};

constexpr Place kPlaces[] = {
    {"/wp-json/", kCode, "the path is one of WordPress"},
    {"/api2/json/", kNoData, "the path is one of Proxmox"},
    {"/shodan/", kText, "the path is one of Shodan"},
    {"/xrpc/", kXrpc, "the path is one of the AT Protocol"},
    {"/_db/", kArango, "the path is one of ArangoDB"},
    {"/services/collector", kSplunk, "the path is one of Splunk"},
    {"/2/httpapi", kNumbers, "the path is one of Amplitude"},
    {"/cubejs-api/", kText, "the path is one of Cube"},
};
const Names kFirstSegments = {"wp-json", "api2",     "shodan",   "twirp",     "xrpc",
                              "_db",     "services", "items",    "databases", "cluster",
                              "forms",   "images",   "insights", "themes",    "workspaces"};
const Names kMoreFirstSegments = {"store-api", "auth", "cubejs-api"};

Claim offers(Form form, std::string_view why) {
  return {.strength = Claim::Strength::kOffers, .favours = form, .why = why};
}

bool is_of_typeform(std::string_view path) {
  for (const std::string_view root : {"/forms", "/images", "/insights", "/themes", "/workspaces"}) {
    if (path.starts_with(root)) return true;
  }
  return false;
}

// What else has such paths shows no such field, or sends no JSON.
Claim by_path_and_more(RequestEvidence& evidence) {
  const std::string_view path = evidence.request().path();
  if (path.starts_with("/databases/") || path.starts_with("/cluster/")) {
    return evidence.has(kRavenClientVersion) ? sure(kRaven, "Raven-Client-Version is given")
                                             : Claim{};
  }
  if (path == "/api/1/item/" && evidence.has(kXRollbarAccessToken)) {
    return sure(kRollbar, "X-Rollbar-Access-Token is given");
  }
  if ((path == "/api/v1/flags/" || path == "/api/v1/identities/") &&
      evidence.has(kXEnvironmentKey)) {
    return sure(kPlain, "X-Environment-Key is given");
  }
  if (path.starts_with("/store-api/") && evidence.has(kSwAccessKey)) {
    return sure(kTitled, "sw-access-key is given");
  }
  // Sessions are kept by another part of its script, which looks at the status.
  if (path.starts_with("/auth/") && !path.starts_with("/auth/session/") &&
      evidence.has(kFdiVersion)) {
    return sure(kGeneral, "fdi-version is given");
  }
  if (http::query_value(evidence.request().query(), "api_key") && evidence.has(kXStreamClient)) {
    return sure(kCode, "X-Stream-Client is given");
  }
  if (is_of_typeform(path) &&
      base::istarts_with(evidence.value(Field::kAuthorization), "Bearer tfp_")) {
    return sure(kObject, "Authorization holds a token of Typeform");
  }
  const bool is_pipeline = path.ends_with("/pipeline");
  if ((is_pipeline || path.ends_with("/multi-exec")) && evidence.has(kUpstashEncoding)) {
    return sure(kText, "Upstash-Encoding is given");
  }
  const bool is_libsql = is_pipeline && (path.starts_with("/v2/") || path.starts_with("/v3/"));
  const bool is_directus = path.starts_with("/items/");
  if (!is_libsql && !is_directus) return {};
  if (!evidence.sends(kJsonType) || !leaves_form_to_path(evidence, {kJsonType})) return {};
  return is_libsql ? offers(kProblem, "the path is one of libSQL")
                   : offers(kItems, "the path is one of Directus, and JSON is spoken");
}

// POST /twirp/shop.Orders/GetOrder (twitchtv.github.io/twirp, "Twirp Wire Protocol"). Nothing else
// calls such a path in protobuf, and its client accepts no other type, but reads errors in JSON.
Claim by_call(RequestEvidence& evidence) {
  if (evidence.method_class() != kPost || !evidence.request().path().starts_with("/twirp/"))
    return {};
  if (evidence.sends("application/protobuf")) return sure(kTwirp, "the call is one of Twirp");
  if (!evidence.sends(kJsonType) || !leaves_form_to_path(evidence, {kJsonType})) return {};
  return {
      .strength = Claim::Strength::kOffers, .favours = kTwirp, .why = "the call is one of Twirp"};
}

Claim by_path(RequestEvidence& evidence) {
  for (const Place& one : kPlaces) {
    if (!evidence.request().path().starts_with(one.prefix)) continue;
    // What Proxmox' client says is JSON's names of old; axios names plain text behind JSON.
    if (!leaves_form_to_path(evidence, {kJsonType, "text/plain", "application/x-javascript",
                                        "text/javascript", "text/x-javascript", "text/x-json"})) {
      return {};
    }
    return {.strength = Claim::Strength::kOffers, .favours = one.form, .why = one.why};
  }
  return {};
}

// A library for HTTP: what it accepts is its caller's word.
Claim by_library(RequestEvidence& evidence) {
  return is_product(evidence.value(Field::kUserAgent), "Needle")
             ? offers(kProblem, "User-Agent is Needle")
             : Claim{};
}

// NIP-11 (github.com/nostr-protocol/nips)
constexpr std::string_view kRelayType = "application/nostr+json";

Claim by_accept(RequestEvidence& evidence) {
  return evidence.accepts(kRelayType) ? sure(kRelay, "Accept names a description of a relay")
                                      : Claim{};
}

Claim recognise(RequestEvidence& evidence) {
  Claim claim = by_field(evidence, kFields);
  if (claim.strength == Claim::Strength::kNone) claim = by_agent(evidence);
  if (claim.strength == Claim::Strength::kNone) claim = by_accept(evidence);
  if (claim.strength == Claim::Strength::kNone) claim = by_call(evidence);
  if (claim.strength == Claim::Strength::kNone) claim = by_path(evidence);
  if (claim.strength == Claim::Strength::kNone) claim = by_path_and_more(evidence);
  if (claim.strength == Claim::Strength::kNone) claim = by_library(evidence);
  return claim;
}

// ------------------------------------------------------------------ speaking

// What a form says, and whether anybody planned it.
struct Told {
  std::string spoken;
  bool is_outage = false;
  std::string_view name = {};  // of the service
};

using Build = void (*)(JsonObject& members, const Told& told);

// What stands beside the problem's members, for the first forms, in their order.
constexpr Build kMembers[] = {
    [](JsonObject& members, const Told& told) {  // kTexts
      members.open_list("errors").item(told.spoken).close_list();
    },
    [](JsonObject& members, const Told& told) {  // kItems
      members.open_list("errors")
          .open_item()
          .text("message", told.spoken)
          .text("reason", told.spoken);
      members.text("phrase", told.spoken).text("description", told.spoken);
      members.text("code", kUnavailable).close().close_list();
    },
    [](JsonObject& members, const Told&) {  // kCode
      members.text("code", kUnavailable).text("id", kUnavailable).text("object", "error");
    },
    [](JsonObject& members, const Told& told) {  // kPascal
      members.number("ErrorCode", 503).text("Message", told.spoken);
    },
    [](JsonObject& members, const Told& told) {  // kSummary
      members.text("errorCode", kUnavailable).text("errorSummary", told.spoken);
    },
    [](JsonObject& members, const Told& told) {  // kPlaid
      members.text("error_type", "API_ERROR");
      members.text("error_code", told.is_outage ? "INTERNAL_SERVER_ERROR" : "PLANNED_MAINTENANCE");
      members.text("error_message", told.spoken).text("display_message", told.spoken);
    },
    [](JsonObject& members, const Told& told) {  // kText
      members.text("error", told.spoken);
    },
    [](JsonObject& members, const Told& told) {  // kObject
      members.open("error").text("message", told.spoken).text("description", told.spoken);
      members.text("detail", told.spoken);
      members.text("type", kUnavailable).text("code", kUnavailable).close();
      members.text("description", told.spoken);  // Barbican's client shows no other
    },
    [](JsonObject& members, const Told& told) {  // kTwirp
      members.text("code", "unavailable").text("msg", told.spoken);
    },
    [](JsonObject& members, const Told& told) {  // kNoData
      members.null("data").open("errors");
      members.text(told.is_outage ? "outage" : "maintenance", told.spoken).close();
    },
    [](JsonObject& members, const Told& told) {  // kArango
      members.truth("error", true).number("code", 503).number("errorNum", 503);
      members.text("errorMessage", told.spoken);
    },
    [](JsonObject& members, const Told& told) {  // kRaven
      members.text("Type", "ServiceUnavailable")
          .text("Message", told.spoken)
          .text("Error", told.spoken);
      members.text("Url", "this address");
    },
    [](JsonObject& members, const Told&) {  // kXrpc
      members.text("error", "ServiceUnavailable");
    },
    [](JsonObject& members, const Told& told) {  // kSplunk
      members.text("text", told.spoken).number("code", 9);
    },
    [](JsonObject& members, const Told&) {  // kRollbar
      members.number("err", 1);
    },
    [](JsonObject& members, const Told& told) {  // kNumbers
      members.number("code", 503).text("error", told.spoken);
    },
    [](JsonObject& members, const Told& told) {  // kTitled
      members.open_list("errors").open_item().text("status", "503").text("code", kUnavailable);
      members.text("title", "Service Unavailable").text("detail", told.spoken);
      members.close().close_list();
    },
    [](JsonObject& members, const Told& told) {  // kRelay
      members.text("name", told.name).text("description", told.spoken);
    },
};
static_assert(std::size(kMembers) == kProblem);

// papi shows no text of 80 characters or more; then the message without the wait may be short
// enough.
Representation plain(const page::Notice& notice, const std::string& spoken) {
  constexpr std::size_t kTooLong = 80;
  Representation said;
  said.media_type = "text/plain";
  said.content_type = "text/plain; charset=utf-8";
  said.body = spoken.size() < kTooLong ? spoken : std::string(notice.message);
  return said;
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  const Told told{page::spoken_text(notice), notice.is_outage,
                  notice.title.empty() ? notice.service : notice.title};
  std::vector<Representation> said;
  for (const Build build : kMembers) {
    JsonObject members;
    build(members, told);
    said.push_back(extended_problem(notice, members));
  }
  said.push_back(in_json(problem_json(notice)));
  said.push_back(said[kText]);
  said.back().status = 502;
  said.push_back(plain(notice, told.spoken));
  said.push_back(said[kProblem]);
  said.back().omit_retry_after = true;
  JsonObject general;
  general.text("status", "GENERAL_ERROR").text("message", told.spoken).about(notice);
  said.push_back(in_json(general.finish()));
  said.back().status = 200;
  return said;
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "error_members",
    .speaks_to =
        "SDKs that read a member of their own: Vault, Notion, Postmark, Okta, Plaid, Asana, "
        "Linode, Ghost, Directus, ArangoDB, Splunk, Hugging Face, Paddle, EasyPost, GoCardless, "
        "Recurly, Rollbar, Amplitude, Zendesk, Stream, Typeform, Lob, Flagsmith, Cube, "
        "Shopware, SuperTokens, Nostr",
    .known_by =
        "X-Vault-Request, X-Vault-Token, X-Asana-Client-Lib, Notion-Version, X-Postmark-…-Token, "
        "SdkVersion, X-TYPESENSE-API-KEY; User-Agent of an SDK of Linode, DigitalOcean, Okta, "
        "Plaid, SoftLayer, Ghost, MessageBird, Razorpay, Hugging Face, Paddle, EasyPost, Mailtrap, "
        "GoCardless, Recurly, Lokalise, Zendesk or Lob, of RubyGems, needle, papi or "
        "keystoneauth1; paths such as /wp-json/; POST /twirp/…; JSON at /items/…; "
        "X-Rollbar-Access-Token at /api/1/item/, X-Environment-Key at /api/v1/flags/; "
        "sw-access-key at /store-api/…, fdi-version at /auth/…; "
        "X-Stream-Client with ?api_key=; a token of Typeform; "
        "Accept names application/nostr+json",
    .triggers = {{.fields = {kXVaultRequest, kXVaultToken, kXAsanaClientLib, kNotionVersion,
                             kXPostmarkServerToken, kXPostmarkAccountToken, kSdkVersion,
                             kXTypesenseApiKey, kXAuthToken},
                  .accepts = {kRelayType},
                  .first_segments = kFirstSegments,
                  .products = kProductNames},
                 // Where Keystone gives tokens: nothing but User-Agent tells its clients there.
                 {.methods = kPost,
                  .last_segments = {"tokens", "pipeline", "multi-exec", "httpapi"}},
                 // Other services are under /api, too: only Rollbar's and Flagsmith's show a field.
                 {.methods = kPost | kRead, .first_segments = {"api"}},
                 {.first_segments = kMoreFirstSegments,
                  .parameters = {"api_key"},
                  .products = kMoreProductNames}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::error_members
