// Vary is exact: whatever field changes an answer is in it (checked by trying), and a field that
// no decision looked at is not (rule 13 of negotiation).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "http/url_fields.h"
#include "support/cases.h"

namespace intermission::testing {
namespace {

std::string without_line(const std::string& request, const std::string& name) {
  std::string out;
  std::string_view rest = request;
  const auto head_end = rest.find("\r\n\r\n");
  while (rest.data() < request.data() + head_end) {
    const std::string_view line = rest.substr(0, rest.find("\r\n") + 2);
    if (!base::istarts_with(line, name + ":")) out += line;
    rest.remove_prefix(line.size());
  }
  return out + std::string(rest);
}

std::string with_field(const std::string& request, const std::string& name,
                       const std::string& value) {
  std::string out = without_line(request, name);
  out.insert(out.find("\r\n") + 2, name + ": " + value + "\r\n");
  return out;
}

// Everything of an answer but Vary itself.
std::string essence(const Heard& heard) {
  std::string out = heard.status_line + "\n";
  for (const auto& [name, value] : heard.fields) {
    if (name != "Vary") out += name + ": " + value + "\n";
  }
  return out + heard.body;
}

bool varies_on(const Heard& heard, const std::string& field) {
  for (const auto& [name, value] : heard.fields) {
    if (name != "Vary") continue;
    if (value == "*") return true;
    return (", " + value + ",").find(", " + field + ",") != std::string::npos;
  }
  return false;
}

bool is_never_stored(const Heard& heard) {
  return std::any_of(heard.fields.begin(), heard.fields.end(), [](const auto& field) {
    return field.first == "Cache-Control" && field.second == "no-store";
  });
}

const std::map<std::string, std::vector<std::string>> kTried = {
    {"Accept",
     {"text/html",
      "application/json",
      "application/xml;q=0.9, */*;q=0.1",
      "text/plain",
      "image/png",
      "application/soap+xml",
      "application/vnd.x+json",
      "text/event-stream",
      "image/svg+xml",
      "text/css, */*;q=0.1",
      "application/vnd.api+json",
      "application/fhir+xml",
      "application/hal+json",
      "application/graphql-response+json",
      "application/json;odata.metadata=none",
      "application/rss+xml",
      "application/openmetrics-text",
      "application/vnd.npm.install-v1+json",
      "application/vnd.oci.image.manifest.v1+json",
      "application/json;as=Table"}},
    {"Accept-Encoding", {"gzip", "br;q=1, gzip;q=0.5", "zstd", "identity;q=0, gzip", "identity"}},
    {"Accept-Language", {"de", "en", "fr", "ar"}},
    {"Content-Type",
     {"text/xml", "application/xml", "application/json", "application/soap+xml", "application/grpc",
      "application/grpc-web-text", "application/connect+json", "application/vnd.api+json",
      "application/x-www-form-urlencoded", "application/graphql",
      "application/vnd.oci.image.manifest.v1+json", "application/apply-patch+yaml"}},
    {"Authorization", {"AWS4-HMAC-SHA256 Credential=A/1/eu/s3/aws4_request", "Bearer x"}},
    {"Connect-Protocol-Version", {"1"}},
    {"OData-MaxVersion", {"4.01"}},
    {"OData-Version", {"4.0"}},
    {"X-Amz-Target", {"AmazonSQS.SendMessage"}},
    {"Sec-Fetch-Mode", {"navigate", "cors"}},
    {"SOAPAction", {"\"urn:x\""}},
    {"anthropic-version", {"2023-06-01"}},
    {"Mcp-Protocol-Version", {"2025-06-18"}},
    {"Mcp-Session-Id", {"8f1b"}},
    {"OCS-APIRequest", {"true"}},
    {"x-ms-version", {"2026-04-06"}},
    {"npm-command", {"install"}},
    {"npm-session", {"8f1b"}},
    {"Stripe-Version", {"2024-11-20"}},
    {"User-Agent",
     {"OldBilling/1", "curl/8", "bingbot/2.0", "Mozilla/5.0", "kubectl/v1.31.2", "npm/10.8.2",
      "cargo/1.83.0", "nano/11.0.7", "SVN/1.14.2", "Composer/2.5.5", "openstacksdk/4.0.0",
      "Mozilla/5.0 (Linux) mirall/3.7.3", "Mozilla/5.0 (Android) Nextcloud-android/3.29.0",
      "OTel-OTLP-Exporter-Python/1.20.0", "a/1 (linux/amd64) kubernetes/1",
      "Stripe/v1 NodeBindings/9"}},
    {"X-Goog-Api-Client", {"gdcl/8.0.3"}},
    {"X-Stainless-Lang", {"js"}},
    {"X-Stainless-Package-Version", {"6.49.0"}},
    {"X-Stainless-Runtime", {"node"}},
    {"X-Stripe-Client-User-Agent", {"{}"}},
    {"X-Client", {"legacy-1", "web"}},
    {"X-Format", {"text/html", "text/plain"}},
    {"X-Original-URI", {"/", "/api/x"}},
    {"X-Requested-With", {"XMLHttpRequest"}},
    {"Referer", {"https://example.com/"}},
    {"Cookie", {"a=b"}},
    {"Origin", {"https://example.com"}},
    {"Save-Data", {"on"}},
    {"Sec-Fetch-Site", {"same-origin"}},
    {"Sec-Fetch-Dest", {"image", "script", "iframe", "empty"}},
    {"Upgrade", {"websocket"}},
    {"Sec-WebSocket-Protocol", {"chat"}},
    {"Access-Control-Request-Method", {"PUT"}},
    {"Access-Control-Request-Headers", {"x-a"}},
    {"X-GitHub-Event", {"push"}},
    {"Stripe-Signature", {"t=1"}},
    {"Sec-CH-Prefers-Color-Scheme", {"\"dark\"", "\"light\""}},
    {"Sec-CH-Prefers-Reduced-Motion", {"\"reduce\""}},
    {"Sec-CH-UA", {"\"Chromium\";v=\"131\""}},
    {"Sec-CH-UA-Mobile", {"?1"}},
    {"Sec-CH-Viewport-Width", {"390"}},
};

TEST(Vary, ListsEveryFieldThatChangesAnAnswer) {
  int changed = 0;
  for (const auto& file : find_conversations(cases_folder())) {
    const Conversation conversation = read_conversation(file);
    if (conversation.only_socket) continue;
    const Heard before = hear_directly(conversation);
    for (const auto& [field, values] : kTried) {
      for (const std::string& value : values) {
        Conversation tried = conversation;
        tried.request = with_field(conversation.request, field, value);
        const Heard after = hear_directly(tried);
        if (essence(before) == essence(after)) continue;
        ++changed;
        // Fields that can only close a gate: no cache keeps its answers.
        const bool tells_url = http::part_told_by(field) != http::UrlPart::kNone;
        if (tells_url && is_never_stored(before) && is_never_stored(after)) continue;
        EXPECT_TRUE(varies_on(before, field)) << file << " with " << field << ": " << value;
        EXPECT_TRUE(varies_on(after, field)) << file << " with " << field << ": " << value;
      }
    }
  }
  EXPECT_GT(changed, 300) << "the tries must change something to show anything";
}

Heard hear(const std::string& request, const std::string& config = "config.yaml") {
  Conversation conversation;
  conversation.request = request;
  conversation.config = config;
  return hear_directly(conversation);
}

TEST(Vary, OfAPreflightListsWhatTellsTheScheme) {
  const std::string request =
      "OPTIONS /x HTTP/1.1\r\nHost: shop.example.com\r\nOrigin: http://app.example.com\r\n"
      "Access-Control-Request-Method: PUT\r\n\r\n";
  const Heard granted = hear(request, "cors/config.yaml");
  EXPECT_EQ(granted.status_line, "HTTP/1.1 204 No Content");
  const std::vector<std::pair<std::string, std::string>> closing = {
      {"Forwarded", "proto=https"},
      {"X-Forwarded-Proto", "https"},
      {"X-Forwarded-Scheme", "https"},
      {"X-Forwarded-Ssl", "on"},
      {"X-CF-Forwarded-Url", "https://shop.example.com/x"},
      {"Sec-Fetch-Site", "cross-site"},
      {"Origin", "http://app.example.org"}};
  for (const auto& [field, value] : closing) {
    const Heard refused = hear(with_field(request, field, value), "cors/config.yaml");
    EXPECT_EQ(without_message(refused.status_line), "HTTP/1.1 503 Service Unavailable") << field;
    EXPECT_TRUE(varies_on(granted, field)) << field;
  }
}

std::string vary_of(const Heard& heard) {
  for (const auto& [name, value] : heard.fields) {
    if (name == "Vary") return value;
  }
  return "";
}

TEST(Vary, ListsNothingThatCouldNot) {
  // A rule by path decides alone; of the one form there is, only the coding is negotiated.
  EXPECT_EQ(vary_of(hear("GET /json HTTP/1.1\r\nHost: x\r\n\r\n", "none")),
            "Accept-Encoding, Origin");
  // What any row reads for a GET, in the order of the table of fields.
  const std::string rest =
      "anthropic-version, Authorization, Content-Type, DataServiceVersion, Datastar-Request, "
      "FX-Request, HX-Request, MaxDataServiceVersion, Next-Action, Notion-Version, npm-command, "
      "npm-session, "
      "OData-MaxVersion, OData-Version, Origin, "
      "SdkVersion, Sec-Fetch-Dest, Sec-Fetch-Mode, Stripe-Version, Upgrade, User-Agent, "
      "Wicket-Ajax, "
      "X-Asana-Client-Lib, X-Auth-Token, X-Flamethrower, X-Goog-Api-Client, X-Inertia, "
      "X-Livewire, X-Livewire-Navigate, x-ms-version, X-PJAX-Selectors, X-Postmark-Account-Token, "
      "X-Postmark-Server-Token, "
      "X-Requested-With, X-Stainless-Lang, X-Stainless-Package-Version, X-Stainless-Runtime, "
      "X-Stripe-Client-User-Agent, x-sveltekit-action, X-TYPESENSE-API-KEY, X-Up-Version, "
      "X-Vault-Request, X-Vault-Token";
  // With one language Accept-Language is not used; with two it is.
  EXPECT_EQ(vary_of(hear("GET / HTTP/1.1\r\nHost: billing.example.com\r\n\r\n")),
            "Accept, Accept-Encoding, " + rest);
  EXPECT_EQ(vary_of(hear("GET / HTTP/1.1\r\nHost: orders.example.com\r\n\r\n")),
            "Accept, Accept-Encoding, Accept-Language, " + rest);
  // A rule's own field is listed where its path matched, whether or not the field was sent.
  EXPECT_EQ(vary_of(hear("GET /v1/x HTTP/1.1\r\nHost: billing.example.com\r\n\r\n")),
            "Accept, Accept-Encoding, " + rest + ", X-Client");
}

// Ids of a request are handed back whatever is said. Where they decide what a body tells, they
// count.
TEST(Vary, ListsIdsOnlyWhereABodyTellsThem) {
  const auto asked = [](const std::string& path) {
    return vary_of(hear(
        "GET /v1/" + path + " HTTP/1.1\r\nHost: parcels.example.com\r\nX-Request-Id: r-7\r\n\r\n",
        "contract.yaml"));
  };
  EXPECT_THAT(asked("labels/7"), ::testing::HasSubstr(", traceparent, "));
  EXPECT_THAT(asked("labels/7"), ::testing::HasSubstr(", X-Request-Id, "));
  EXPECT_EQ(asked("parcels/7").find("Request-Id"), std::string::npos);
}

}  // namespace
}  // namespace intermission::testing
