// SDKs that read the message in a member of their own. Without it they show their own words:
// "Status 503", KeyError, "undefined". error_member_forms.h says what each reads.
//
// A field or a name is evidence. Paths are only a hint; they are those that one product alone has.
// A field that is looked at under some paths only is no trigger, so that Vary does not name it for
// everybody.
#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "dialect/dialect.h"
#include "dialect/error_member_forms.h"
#include "dialect/known_field.h"
#include "dialect/path_evidence.h"
#include "http/target.h"

namespace intermission::dialect::error_members {
namespace {

using http::Field;

const Field kNotionVersion = http::named_field("Notion-Version");
const Field kSdkVersion = http::named_field("SdkVersion");
const Field kXAsanaClientLib = http::named_field("X-Asana-Client-Lib");
const Field kXAuthToken = http::named_field("X-Auth-Token");
const Field kXPostmarkAccountToken = http::named_field("X-Postmark-Account-Token");
const Field kXPostmarkServerToken = http::named_field("X-Postmark-Server-Token");
const Field kXTypesenseApiKey = http::named_field("X-TYPESENSE-API-KEY");
const Field kXVaultRequest = http::named_field("X-Vault-Request");
const Field kXVaultToken = http::named_field("X-Vault-Token");

// Looked at under some paths, or beside other evidence.
const Field kClientAppId = http::named_field("CLIENT_APP_ID");
const Field kFdiVersion = http::named_field("fdi-version");
const Field kRavenClientVersion = http::named_field("Raven-Client-Version");
const Field kSwAccessKey = http::named_field("sw-access-key");
const Field kUpstashEncoding = http::named_field("Upstash-Encoding");
const Field kUpstashTelemetrySdk = http::named_field("Upstash-Telemetry-Sdk");
const Field kXAmzAccessToken = http::named_field("x-amz-access-token");
const Field kXCorrelationid = http::named_field("X-CorrelationID");
const Field kXDescopeSdkName = http::named_field("x-descope-sdk-name");
const Field kXEbayApiCallName = http::named_field("X-EBAY-API-CALL-NAME");
const Field kXEbayMarketplaceId = http::named_field("X-EBAY-C-MARKETPLACE-ID");
const Field kXEnvironmentKey = http::named_field("X-Environment-Key");
const Field kXIyziClientVersion = http::named_field("x-iyzi-client-version");
const Field kXMbxApikey = http::named_field("X-MBX-APIKEY");
const Field kOpenstackApiVersion = http::named_field("OpenStack-API-Version");
const Field kXProjectId = http::named_field("X-Project-Id");
const Field kXRollbarAccessToken = http::named_field("X-Rollbar-Access-Token");
const Field kXStreamClient = http::named_field("X-Stream-Client");
const Field kXTriggerApiVersion = http::named_field("x-trigger-api-version");
const Field kXUcUserAgent = http::named_field("X-UC-User-Agent");
const Field kXUserAgent = http::named_field("X-User-Agent");
const Field kXVercelBlobStoreId = http::named_field("x-vercel-blob-store-id");

constexpr std::string_view kJsonType = "application/json";

Claim sure(Form form, std::string_view why) {
  return {.strength = Claim::Strength::kSure, .favours = form, .why = why};
}

Claim offers(Form form, std::string_view why) {
  return {.strength = Claim::Strength::kOffers, .favours = form, .why = why};
}

/// The rows of a table by the first character of their key, which is compared without its case. Few
/// begin alike, so that a request is compared with few.
template <typename Row>
class ByFirst {
 public:
  template <std::size_t size>
  ByFirst(const Row (&rows)[size], std::string_view (*key)(const Row&)) {
    for (const Row& one : rows) rows_[slot_of(key(one).front())].push_back(&one);
  }
  const std::vector<const Row*>& find(std::string_view key) const {
    return key.empty() ? none_ : rows_[slot_of(key.front())];
  }

 private:
  static std::size_t slot_of(char c) {
    return static_cast<unsigned char>(base::ascii_lower(c)) % kSlots;
  }
  static constexpr std::size_t kSlots = 32;
  std::array<std::vector<const Row*>, kSlots> rows_;
  std::vector<const Row*> none_;
};

// ------------------------------------------------------------------ fields

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

// ------------------------------------------------------------------ User-Agent

struct Product {
  std::string_view name;
  Form form;
  std::string_view holds = {};  // what the rest of User-Agent must hold
};

constexpr Product kProducts[] = {
    {"@huggingface", kLoops},
    {"@okta", kSummary},
    {"CloudinaryJava", kServerError},
    {"CloudinaryNodeJS", kServerError},
    {"CloudinaryPHP", kServerError},
    {"CloudinaryPython", kServerError},
    {"CloudinaryRuby", kServerError},
    {"Coinbase", kObject, "Coinbase "},  // "Coinbase 1.0.4"; another SDK is "coinbase/python/2.1.0"
    {"Customer.io", kMeta},
    {"EasyPost", kObject},
    {"GhostAdminSDK", kItems},
    {"GhostContentSDK", kItems},
    {"JIRA::REST", kJira},
    {"Lob", kObject},
    {"MessageBird", kItems},
    {"PaddleSDK", kObject},
    {"Plaid", kPlaid},
    {"QiniuGo", kText},
    {"QiniuJava", kText},
    {"QiniuNodejs", kText},
    {"QiniuPHP", kText},
    {"QiniuPython", kText},
    {"QiniuRuby", kText},
    {"Recurly", kObject},
    {"Ruby,",
     kPlain},  // "Ruby, RubyGems/3.3.15 x86_64-linux Ruby/3.1.2 (2022-04-12 patchlevel 20)"
    {"amazon-sp-api", kItems},
    {"gocardless-nodejs", kObject},
    {"libcloud", kItems, "(Linode)"},  // "libcloud/3.4.1 (Linode)"
    {"linodego", kItems},
    {"linodejs", kItems},
    {"mailtrap-nodejs", kTexts},
    {"node-lokalise-api", kObject},
    {"node-zendesk", kNoWait},
    {"okta-sdk-golang", kSummary},
    {"okta-sdk-java", kSummary},
    {"okta-sdk-python", kSummary},
    {"papi", kPlain},
    {"pylast", kLastFm},
    {"python-digitalocean", kCode},
    {"razorpay-node", kObject},
    {"selenium", kWebDriver},
    {"sentry-cli", kDetail},
    {"shipengine-js", kServerError},
    {"softlayer-python", kText},
    {"tumblr.js", kText},
    {"vsce", kSummary},
    {"webdriver", kWebDriver},
    {"wrangler", kCloudflare},
};

const ByFirst<Product> kProductsByFirst(kProducts, [](const Product& one) { return one.name; });

// A library for HTTP: what it accepts is its caller's word.
constexpr std::string_view kNeedle = "Needle";

Names product_names() {
  Names names = {kNeedle};
  for (const Product& one : kProducts) names.add(one.name);
  return names;
}

Claim by_agent(RequestEvidence& evidence) {
  const std::string_view agent = evidence.value(Field::kUserAgent);
  const std::string_view product = product_of(agent);
  for (const Product* one : kProductsByFirst.find(product)) {
    if (base::iequals(product, one->name) && agent.find(one->holds) != std::string_view::npos) {
      return sure(one->form, "User-Agent is one that reads a member");
    }
  }
  // "shop.py keystoneauth1/5.0.0 python-requests/2.28.1 CPython/3.11.2": the program's name first.
  if (agent.find(" keystoneauth1/") != std::string_view::npos) {
    return sure(kOpenstack, "User-Agent names a library of OpenStack");
  }
  return {};
}

// ------------------------------------------------------------------ paths

struct Place {
  std::string_view prefix;  // of the path
  Form form;
  std::string_view why;
};

constexpr std::string_view kAuthorizeNetWhy = "the path is one of Authorize.Net";
constexpr std::string_view kBinanceWhy = "the path is one of Binance";
constexpr std::string_view kJiraWhy = "the path is one of Jira";
constexpr std::string_view kPushoverWhy = "the path is one of Pushover";

// Not sure, and only where nothing else tells.
constexpr Place kPlaces[] = {
    {"/wp-json/", kCode, "the path is one of WordPress"},
    {"/api2/json/", kNoData, "the path is one of Proxmox"},
    {"/shodan/", kText, "the path is one of Shodan"},
    {"/xrpc/", kXrpc, "the path is one of the AT Protocol"},
    {"/_db/", kArango, "the path is one of ArangoDB"},
    {"/services/collector", kSplunk, "the path is one of Splunk"},
    {"/1/glances.json", kTexts, kPushoverWhy},
    {"/1/messages.json", kTexts, kPushoverWhy},
    {"/1/sounds.json", kTexts, kPushoverWhy},
    {"/1/users/validate.json", kTexts, kPushoverWhy},
    {"/2/httpapi", kNumbers, "the path is one of Amplitude"},
    {"/cubejs-api/", kText, "the path is one of Cube"},
    {"/client/v4/", kCloudflare, "the path is one of Cloudflare"},
    {"/rest/api/2/", kJira, kJiraWhy},
    {"/rest/api/3/", kJira, kJiraWhy},
    {"/rest/agile/1.0/", kJira, kJiraWhy},
    {"/_publicApi", kObject, "the path is one of Kuzzle"},
    {"/fapi/v", kBinance, kBinanceWhy},
    {"/dapi/v", kBinance, kBinanceWhy},
    {"/sapi/v", kBinance, kBinanceWhy},
};

// A field that counts under that path alone: other services have such paths, but no client of
// theirs sends it.
struct FieldAtPlace {
  std::string_view prefix;  // of the path
  Field field;
  Form form;
  std::string_view why;
  std::string_view begins = {};  // what the field's value must begin with
};

constexpr std::string_view kAmazonWhy = "x-amz-access-token is given";
constexpr std::string_view kDescopeWhy = "x-descope-sdk-name is given";
constexpr std::string_view kEbayWhy = "X-EBAY-C-MARKETPLACE-ID is given";
constexpr std::string_view kFlagsmithWhy = "X-Environment-Key is given";
constexpr std::string_view kGeocoderWhy = "Accept is node-geocoder's";
constexpr std::string_view kGeocoderAccept = "application/json;q=0.9, */*;q=0.1";
constexpr std::string_view kIyzicoWhy = "x-iyzi-client-version is given";
constexpr std::string_view kRavenWhy = "Raven-Client-Version is given";
constexpr std::string_view kSnowflakeWhy = "CLIENT_APP_ID is given";
constexpr std::string_view kSnowflakeAgentWhy = "User-Agent is a driver of Snowflake";
constexpr std::string_view kTriggerWhy = "x-trigger-api-version is given";
constexpr std::string_view kTypeformWhy = "Authorization holds a token of Typeform";
constexpr std::string_view kTypeformToken = "Bearer tfp_";
constexpr std::string_view kQstash = "upstash-qstash";
constexpr std::string_view kUploadcareWhy = "X-UC-User-Agent is given";
constexpr std::string_view kUpstashWhy = "Upstash-Telemetry-Sdk is given";

const FieldAtPlace kFieldsAtPlaces[] = {
    {"/databases/", kRavenClientVersion, kRaven, kRavenWhy},
    {"/cluster/", kRavenClientVersion, kRaven, kRavenWhy},
    {"/api/1/item/", kXRollbarAccessToken, kRollbar, "X-Rollbar-Access-Token is given"},
    {"/api/v1/flags/", kXEnvironmentKey, kPlain, kFlagsmithWhy},
    {"/api/v1/identities/", kXEnvironmentKey, kPlain, kFlagsmithWhy},
    {"/store-api/", kSwAccessKey, kTitled, "sw-access-key is given"},
    {"/forms", Field::kAuthorization, kObject, kTypeformWhy, kTypeformToken},
    {"/images", Field::kAuthorization, kObject, kTypeformWhy, kTypeformToken},
    {"/insights", Field::kAuthorization, kObject, kTypeformWhy, kTypeformToken},
    {"/themes", Field::kAuthorization, kObject, kTypeformWhy, kTypeformToken},
    {"/workspaces", Field::kAuthorization, kObject, kTypeformWhy, kTypeformToken},
    // Amazon's Selling Partner API, whose paths have a version behind the first name.
    {"/aplus/20", kXAmzAccessToken, kItems, kAmazonWhy},
    {"/catalog/", kXAmzAccessToken, kItems, kAmazonWhy},
    {"/definitions/20", kXAmzAccessToken, kItems, kAmazonWhy},
    {"/fba/", kXAmzAccessToken, kItems, kAmazonWhy},
    {"/feeds/20", kXAmzAccessToken, kItems, kAmazonWhy},
    {"/finances/", kXAmzAccessToken, kItems, kAmazonWhy},
    {"/listings/20", kXAmzAccessToken, kItems, kAmazonWhy},
    {"/messaging/v", kXAmzAccessToken, kItems, kAmazonWhy},
    {"/mfn/v", kXAmzAccessToken, kItems, kAmazonWhy},
    {"/notifications/v", kXAmzAccessToken, kItems, kAmazonWhy},
    {"/orders/v", kXAmzAccessToken, kItems, kAmazonWhy},
    {"/products/fees/", kXAmzAccessToken, kItems, kAmazonWhy},
    {"/products/pricing/", kXAmzAccessToken, kItems, kAmazonWhy},
    {"/reports/20", kXAmzAccessToken, kItems, kAmazonWhy},
    {"/sales/v", kXAmzAccessToken, kItems, kAmazonWhy},
    {"/sellers/v", kXAmzAccessToken, kItems, kAmazonWhy},
    {"/shipping/v", kXAmzAccessToken, kItems, kAmazonWhy},
    {"/solicitations/v", kXAmzAccessToken, kItems, kAmazonWhy},
    {"/tokens/20", kXAmzAccessToken, kItems, kAmazonWhy},
    {"/uploads/20", kXAmzAccessToken, kItems, kAmazonWhy},
    {"/vendor/", kXAmzAccessToken, kItems, kAmazonWhy},
    {"/buy/", kXEbayMarketplaceId, kItems, kEbayWhy},
    {"/commerce/", kXEbayMarketplaceId, kItems, kEbayWhy},
    {"/developer/", kXEbayMarketplaceId, kItems, kEbayWhy},
    {"/post-order/", kXEbayMarketplaceId, kItems, kEbayWhy},
    {"/sell/", kXEbayMarketplaceId, kItems, kEbayWhy},
    {"/v1/auth/", kXDescopeSdkName, kSummary, kDescopeWhy},
    {"/v1/mgmt/", kXDescopeSdkName, kSummary, kDescopeWhy},
    {"/v2/mgmt/", kXDescopeSdkName, kSummary, kDescopeWhy},
    {"/v3/", kXUserAgent, kFlat, "X-User-Agent is Contentstack's", "contentstack-"},
    {"/v3/", Field::kAuthorization, kStatusError, "Authorization holds a key of Flutterwave",
     "Bearer FLWSECK"},
    {"/v2/batch", kUpstashTelemetrySdk, kPlain, kUpstashWhy, kQstash},
    {"/v2/dlq", kUpstashTelemetrySdk, kPlain, kUpstashWhy, kQstash},
    {"/v2/enqueue/", kUpstashTelemetrySdk, kPlain, kUpstashWhy, kQstash},
    {"/v2/messages", kUpstashTelemetrySdk, kPlain, kUpstashWhy, kQstash},
    {"/v2/publish/", kUpstashTelemetrySdk, kPlain, kUpstashWhy, kQstash},
    {"/v2/queues", kUpstashTelemetrySdk, kPlain, kUpstashWhy, kQstash},
    {"/v2/schedules", kUpstashTelemetrySdk, kPlain, kUpstashWhy, kQstash},
    {"/query", kUpstashTelemetrySdk, kText, kUpstashWhy},
    {"/upsert", kUpstashTelemetrySdk, kText, kUpstashWhy},
    {"/fetch", kUpstashTelemetrySdk, kText, kUpstashWhy},
    {"/delete", kUpstashTelemetrySdk, kText, kUpstashWhy},
    {"/range", kUpstashTelemetrySdk, kText, kUpstashWhy},
    {"/info", kUpstashTelemetrySdk, kText, kUpstashWhy},
    {"/reset", kUpstashTelemetrySdk, kText, kUpstashWhy},
    {"/api/blob", kXVercelBlobStoreId, kBlob, "x-vercel-blob-store-id is given"},
    {"/api/v1/runs", kXTriggerApiVersion, kText, kTriggerWhy},
    {"/api/v1/tasks/", kXTriggerApiVersion, kText, kTriggerWhy},
    {"/api/v1/schedules", kXTriggerApiVersion, kText, kTriggerWhy},
    {"/api/v2/runs/", kXTriggerApiVersion, kText, kTriggerWhy},
    {"/api/v2/tasks/", kXTriggerApiVersion, kText, kTriggerWhy},
    {"/api/v3/batches", kXTriggerApiVersion, kText, kTriggerWhy},
    {"/api/v3/runs/", kXTriggerApiVersion, kText, kTriggerWhy},
    {"/api/v3/", kXMbxApikey, kBinance, "X-MBX-APIKEY is given"},
    {"/search", Field::kAccept, kFlat, kGeocoderWhy, kGeocoderAccept},
    {"/reverse", Field::kAccept, kFlat, kGeocoderWhy, kGeocoderAccept},
    {"/maps/api/geocode/json", Field::kAccept, kFlat, kGeocoderWhy, kGeocoderAccept},
    {"/session/", kClientAppId, kSnowflake, kSnowflakeWhy},
    {"/queries/", kClientAppId, kSnowflake, kSnowflakeWhy},
    // nginx drops fields whose name has an underscore.
    {"/session/", Field::kUserAgent, kSnowflake, kSnowflakeAgentWhy, "JavaScript/"},
    {"/queries/", Field::kUserAgent, kSnowflake, kSnowflakeAgentWhy, "JavaScript/"},
    {"/session/", Field::kUserAgent, kSnowflake, kSnowflakeAgentWhy, "PythonConnector/"},
    {"/queries/", Field::kUserAgent, kSnowflake, kSnowflakeAgentWhy, "PythonConnector/"},
    {"/base/", kXUcUserAgent, kUploadcare, kUploadcareWhy},
    {"/from_url/", kXUcUserAgent, kUploadcare, kUploadcareWhy},
    {"/group/", kXUcUserAgent, kUploadcare, kUploadcareWhy},
    {"/info/", kXUcUserAgent, kUploadcare, kUploadcareWhy},
    {"/multipart/", kXUcUserAgent, kUploadcare, kUploadcareWhy},
    {"/maps/api/", Field::kUserAgent, kFlat, "User-Agent is a client of Google Maps",
     "google-maps-services-"},
    {"/cardstorage/", kXIyziClientVersion, kFailure, kIyzicoWhy},
    {"/iyzipos/", kXIyziClientVersion, kFailure, kIyzicoWhy},
    {"/onboarding/", kXIyziClientVersion, kFailure, kIyzicoWhy},
    {"/payment/", kXIyziClientVersion, kFailure, kIyzicoWhy},
    {"/v2/subscription/", kXIyziClientVersion, kFailure, kIyzicoWhy},
};

constexpr std::string_view behind_slash(std::string_view path) {
  return path.substr(std::min<std::size_t>(path.size(), 1));
}

constexpr std::string_view first_segment(std::string_view path) {
  const std::string_view behind = behind_slash(path);
  return behind.substr(0, behind.find('/'));
}

const ByFirst<Place> kPlacesByFirst(kPlaces,
                                    [](const Place& one) { return behind_slash(one.prefix); });
const ByFirst<FieldAtPlace> kFieldsAtPlacesByFirst(kFieldsAtPlaces, [](const FieldAtPlace& one) {
  return behind_slash(one.prefix);
});

// A prefix such as "/forms" stands for one segment.
Names first_segments() {
  Names names = {"twirp", "items", "auth", "xml", "ws", "api"};
  for (const Place& one : kPlaces) names.add(first_segment(one.prefix));
  for (const FieldAtPlace& one : kFieldsAtPlaces) names.add(first_segment(one.prefix));
  return names;
}

Claim by_path(RequestEvidence& evidence) {
  const std::string_view path = evidence.request().path();
  for (const Place* one : kPlacesByFirst.find(behind_slash(path))) {
    if (!path.starts_with(one->prefix)) continue;
    // What Proxmox' client says is JSON's names of old; axios names plain text behind JSON.
    if (!leaves_form_to_path(evidence, {kJsonType, "text/plain", "application/x-javascript",
                                        "text/javascript", "text/x-javascript", "text/x-json"})) {
      return {};
    }
    return offers(one->form, one->why);
  }
  return {};
}

Claim by_field_at_place(RequestEvidence& evidence) {
  const std::string_view path = evidence.request().path();
  for (const FieldAtPlace* one : kFieldsAtPlacesByFirst.find(behind_slash(path))) {
    if (!path.starts_with(one->prefix) || !evidence.has(one->field)) continue;
    if (base::istarts_with(evidence.value(one->field), one->begins)) {
      return sure(one->form, one->why);
    }
  }
  return {};
}

// ------------------------------------------------------------------ paths and more

// GET /search?format=json&addressdetails=1&q=…, as Ruby's own library sends it.
bool is_geocoder_of_ruby(RequestEvidence& evidence) {
  const std::string_view path = evidence.request().path();
  const std::string_view query = evidence.request().query();
  return (path == "/search" || path == "/reverse") && http::query_value(query, "format") &&
         http::query_value(query, "addressdetails") &&
         is_product(evidence.value(Field::kUserAgent), "Ruby");
}

// GET /api/v3/ticker/price: Binance's data for everybody, which need no key.
bool is_market_data(std::string_view path) {
  constexpr std::string_view kRoot = "/api/v3/";
  if (!path.starts_with(kRoot)) return false;
  path.remove_prefix(kRoot.size());
  constexpr std::string_view kNames[] = {
      "aggTrades",        "avgPrice", "depth",       "exchangeInfo",
      "klines",           "ping",     "time",        "trades",
      "uiKlines",         "ticker",   "ticker/24hr", "ticker/price",
      "ticker/bookTicker"};
  return std::find(std::begin(kNames), std::end(kNames), path) != std::end(kNames);
}

// POST /gateway.do?method=alipay.trade.query&…; empty where it is none.
std::string_view call_of_alipay(const http::Request& request) {
  if (!request.path().ends_with("/gateway.do")) return {};
  const std::string_view call = http::query_value(request.query(), "method").value_or("");
  return call.starts_with("alipay.") && is_call_name(call) ? call : std::string_view();
}

// "alipay-sdk-nodejs-4.0.0", "aop-sdk-java". Some accept pages, as the browsers that are sent there
// to pay do.
Claim by_call_of_alipay(RequestEvidence& evidence) {
  if (call_of_alipay(evidence.request()).empty()) return {};
  const std::string_view agent = evidence.value(Field::kUserAgent);
  for (const std::string_view sdk : {"alipay-sdk", "aop-sdk"}) {
    if (base::istarts_with(agent, sdk)) return sure(kAlipay, "the call is one of Alipay");
  }
  return leaves_form_to_path(evidence, {kJsonType}) ? offers(kAlipay, "the call is one of Alipay")
                                                    : Claim{};
}

// amtool has no name of its own, but other clients of Alertmanager have one.
bool is_amtool(RequestEvidence& evidence) {
  const std::string_view path = evidence.request().path();
  return (path.starts_with("/api/v2/alerts") || path.starts_with("/api/v2/silence")) &&
         is_product(evidence.value(Field::kUserAgent), "Go-http-client") &&
         evidence.accepts(kJsonType);
}

Claim by_path_and_more(RequestEvidence& evidence) {
  const std::string_view path = evidence.request().path();
  if (is_amtool(evidence)) return offers(kAlertmanager, "the call is one of amtool");
  if (path == "/ws/api.dll" && is_call_name(evidence.value(kXEbayApiCallName))) {
    return sure(kEbayXml, "X-EBAY-API-CALL-NAME is given");
  }
  if (const Claim claim = by_call_of_alipay(evidence); claim.favours) return claim;
  if (is_geocoder_of_ruby(evidence)) return sure(kPlain, "the query is one of Ruby's geocoder");
  // Sessions are kept by another part of its script, which looks at the status.
  if (path.starts_with("/auth/") && !path.starts_with("/auth/session/") &&
      evidence.has(kFdiVersion)) {
    return sure(kGeneral, "fdi-version is given");
  }
  if (http::query_value(evidence.request().query(), "api_key") && evidence.has(kXStreamClient)) {
    return sure(kCode, "X-Stream-Client is given");
  }
  const bool is_pipeline = path.ends_with("/pipeline");
  if ((is_pipeline || path.ends_with("/multi-exec")) && evidence.has(kUpstashEncoding)) {
    return sure(kText, "Upstash-Encoding is given");
  }
  const bool is_libsql = is_pipeline && (path.starts_with("/v2/") || path.starts_with("/v3/"));
  const bool is_directus = path.starts_with("/items/");
  const bool is_authorize_net = path == "/xml/v1/request.api";
  if (is_market_data(path) && leaves_form_to_path(evidence, {kJsonType, "text/plain"})) {
    return offers(kBinance, kBinanceWhy);
  }
  if (!is_libsql && !is_directus && !is_authorize_net) return {};
  if (!evidence.sends(kJsonType) || !leaves_form_to_path(evidence, {kJsonType, "text/plain"})) {
    return {};
  }
  if (is_authorize_net) return offers(kAuthorizeNet, kAuthorizeNetWhy);
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
  return offers(kTwirp, "the call is one of Twirp");
}

// ------------------------------------------------------------------ fields and more

// NIP-11 (github.com/nostr-protocol/nips)
constexpr std::string_view kRelayType = "application/nostr+json";

Claim by_accept(RequestEvidence& evidence) {
  if (evidence.accepts(kRelayType)) return sure(kRelay, "Accept names a description of a relay");
  // Remote services of SAP's Cloud Application Programming Model.
  if (evidence.value(Field::kAccept) == "application/json,text/plain" &&
      evidence.has(kXCorrelationid)) {
    return sure(kObject, "X-CorrelationID is given beside the Accept of SAP CAP");
  }
  return {};
}

// /v1/clusters/7: what OpenStack's Magnum has.
bool is_of_magnum(std::string_view path) {
  constexpr std::string_view kVersion = "/v1/";
  if (path.starts_with(kVersion)) path.remove_prefix(kVersion.size() - 1);
  constexpr std::string_view kNames[] = {
      "baymodels",   "bays",      "certificates", "clusters", "clustertemplates",
      "federations", "mservices", "quotas",       "stats"};
  return std::find(std::begin(kNames), std::end(kNames), first_segment(path)) != std::end(kNames);
}

// OpenStack's clients that do not name themselves: of Zun, Magnum and Mistral.
Claim by_token(RequestEvidence& evidence) {
  if (!evidence.has(kXAuthToken)) return {};
  if (is_product(evidence.value(Field::kUserAgent), "python-urllib3") &&
      evidence.accepts(kJsonType)) {
    if (base::istarts_with(evidence.value(kOpenstackApiVersion), "container ")) {
      return sure(kOpenstackError, "OpenStack-API-Version names containers");
    }
    if (is_of_magnum(evidence.request().path())) {
      return sure(kOpenstackError, "the path is one of Magnum, and X-Auth-Token is given");
    }
  }
  return evidence.has(kXProjectId) ? sure(kOpenstack, "X-Auth-Token and X-Project-Id are given")
                                   : Claim{};
}

Claim by_library(RequestEvidence& evidence) {
  return is_product(evidence.value(Field::kUserAgent), kNeedle)
             ? offers(kProblem, "User-Agent is Needle")
             : Claim{};
}

Claim recognise(RequestEvidence& evidence) {
  // Some of the paths are those of many services, and no SDK opens a page.
  if (evidence.value(Field::kSecFetchMode) == "navigate") return {};
  Claim claim = by_field(evidence, kFields);
  for (const auto by : {by_agent, by_accept, by_call, by_field_at_place, by_path, by_path_and_more,
                        by_token, by_library}) {
    if (claim.strength == Claim::Strength::kSure) break;
    const Claim found = by(evidence);
    if (found.strength > claim.strength) claim = found;
  }
  return claim;
}

Repeated repeat(RequestEvidence& evidence, const page::Notice& notice, const Representation&,
                const Claim& claim) {
  if (claim.favours == kEbayXml) {
    return {.body = ebay_xml(notice, evidence.value(kXEbayApiCallName))};
  }
  if (claim.favours != kAlipay) return {};
  return {.body = alipay(notice, call_of_alipay(evidence.request()))};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "error_members",
    .speaks_to =
        "SDKs that read a member of their own: Vault, Notion, Postmark, Okta, Plaid, Asana, "
        "Linode, Ghost, Directus, ArangoDB, Splunk, Hugging Face, Paddle, EasyPost, GoCardless, "
        "Recurly, Rollbar, Amplitude, Zendesk, Stream, Typeform, Lob, Flagsmith, Cube, "
        "Shopware, SuperTokens, Nostr, Amazon's Selling Partner API, eBay, Cloudflare, Selenium, "
        "Jira, Snowflake, Binance, SAP CAP and others",
    .known_by =
        "X-Vault-Request, X-Vault-Token, X-Asana-Client-Lib, Notion-Version, X-Postmark-…-Token, "
        "SdkVersion, X-TYPESENSE-API-KEY; User-Agent of an SDK or a program of Amazon's Selling "
        "Partner API, Cloudinary, Coinbase Commerce, Customer.io, DigitalOcean, EasyPost, Ghost, "
        "GoCardless, Hugging Face, Jira, Last.fm, Linode, Lob, Lokalise, Mailtrap, MessageBird, "
        "Okta, Paddle, Plaid, Qiniu, Razorpay, Recurly, Selenium, Sentry, ShipEngine, SoftLayer, "
        "Tumblr, vsce or Zendesk, of RubyGems, needle, papi or keystoneauth1; X-Auth-Token with "
        "X-Project-Id, or of urllib3 with OpenStack-API-Version or a path of Magnum; paths such "
        "as /wp-json/ and /client/v4/; POST /twirp/…; /gateway.do?method=alipay.…; JSON at "
        "/items/…; a field of the client under paths of its service: Contentstack, Descope, "
        "eBay, Flagsmith, Flutterwave, Google Maps, iyzico, RavenDB, Rollbar, Shopware, "
        "Snowflake, SuperTokens, Trigger.dev, Typeform, Uploadcare, Upstash, Vercel Blob; the "
        "Accept of node-geocoder or SAP CAP; X-Stream-Client with ?api_key=; Accept names "
        "application/nostr+json",
    .triggers = {{.fields = {kXVaultRequest, kXVaultToken, kXAsanaClientLib, kNotionVersion,
                             kXPostmarkServerToken, kXPostmarkAccountToken, kSdkVersion,
                             kXTypesenseApiKey, kXAuthToken},
                  .accepts = {kRelayType, "text/plain"},
                  .first_segments = first_segments(),
                  .parameters = {"api_key"},
                  .products = product_names()},
                 // Where Keystone gives tokens: nothing but User-Agent tells its clients there.
                 {.methods = kPost,
                  .last_segments = {"tokens", "pipeline", "multi-exec", "gateway.do"}}},
    .recognise = recognise,
    .render = render_forms,
    .repeat = repeat,
};

}  // namespace intermission::dialect::error_members
