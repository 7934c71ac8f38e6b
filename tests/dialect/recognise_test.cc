// What each dialect takes for its client, at the edges: a weight of zero, a name that is nearly
// the right one, evidence in another place. The usual clients are in tests/cases.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "catalog/service.h"
#include "dialect/cors.h"
#include "dialect/page_fit.h"
#include "dialect/table.h"

namespace intermission::dialect {
namespace {

struct Asked {
  std::string method = "GET";
  std::string target = "/";
  std::vector<std::pair<std::string, std::string>> fields = {};
  std::string body = {};
};

// The request points into `asked`.
void fill(http::Request& request, const Asked& asked) {
  request.reset(asked.method, asked.target, 11);
  request.add_field("Host", "orders.example.com");
  for (const auto& [name, value] : asked.fields) request.add_field(name, value);
  request.set_body(asked.body, true);
}

// "sure FORM", "offers FORM", or "no"; FORM is "-" where the claim favours none.
std::string claim_of(const char* dialect, const Asked& asked) {
  http::Request request;
  fill(request, asked);
  const catalog::Service service;
  RequestEvidence evidence(request, BodyState::kFinal, service);
  const Claim claim = table()[*find(dialect)]->recognise(evidence);
  if (claim.strength == Claim::Strength::kNone) return "no";
  return (claim.strength == Claim::Strength::kSure ? "sure " : "offers ") +
         (claim.favours ? std::to_string(*claim.favours) : "-");
}

std::string by_accept(const char* dialect, const std::string& accept, const char* target = "/") {
  return claim_of(dialect, {.target = target, .fields = {{"Accept", accept}}});
}

TEST(Recognise, ATypeOfWeightZeroIsNoEvidence) {
  for (const auto& [dialect, type] : std::vector<std::pair<const char*, std::string>>{
           {"hal", "application/hal+json"},
           {"json_api", "application/vnd.api+json"},
           {"fhir", "application/fhir+json"},
           {"graphql", "application/graphql-response+json"},
           {"git", "application/vnd.git-lfs+json"},
           {"scim", "application/scim+json"},
           {"event_stream", "text/event-stream"},
           {"scrape", "application/openmetrics-text"},
           {"soap", "application/soap+xml"}}) {
    EXPECT_NE(by_accept(dialect, type), "no") << dialect;
    EXPECT_NE(by_accept(dialect, type + ";q=0.001"), "no") << dialect;
    EXPECT_EQ(by_accept(dialect, type + ";q=0, */*"), "no") << dialect;
    EXPECT_EQ(by_accept(dialect, "*/*"), "no") << dialect << ": a wildcard names no kind";
  }
}

TEST(Recognise, WhatARequestHoldsIsStrongerThanWhatItAccepts) {
  for (const auto& [dialect, type] : std::vector<std::pair<const char*, std::string>>{
           {"hal", "application/hal+json"}, {"json_api", "application/vnd.api+json"}}) {
    EXPECT_EQ(by_accept(dialect, type), "offers -") << dialect;
    EXPECT_EQ(claim_of(dialect, {.method = "POST", .fields = {{"Content-Type", type}}}),
              "offers 0");
  }
}

TEST(Recognise, AStreamIsForWhoLikesItBest) {
  EXPECT_EQ(by_accept("event_stream", "text/event-stream, application/json;q=0.9"), "sure 0");
  EXPECT_EQ(by_accept("event_stream", "text/event-stream, application/json"), "no");
  EXPECT_EQ(by_accept("event_stream", "text/event-stream;q=0.5, text/html"), "no");
  EXPECT_EQ(by_accept("event_stream", "text/event-stream, */*"), "sure 0");
}

TEST(Recognise, SignaturesOfAws) {
  const auto signed_by = [](const std::string& authorization, const char* target = "/",
                            const std::string& type = "") {
    Asked asked{.target = target, .fields = {{"Authorization", authorization}}};
    if (!type.empty()) asked.fields.emplace_back("Content-Type", type);
    return claim_of("aws", asked);
  };
  const std::string v4 = "AWS4-HMAC-SHA256 Credential=ID/20261201/eu-west-1/";
  const std::string s3 = signed_by(v4 + "s3/aws4_request");
  EXPECT_EQ(signed_by("AWS ID:signature"), s3) << "version 2 of the signature is S3's";
  const std::string rest = signed_by(v4 + "lambda/aws4_request");
  const std::string query = signed_by(v4 + "sqs/aws4_request", "/?Action=ListQueues");
  EXPECT_EQ(signed_by(v4 + "sqs/aws4_request", "/", "application/x-www-form-urlencoded"), query);
  EXPECT_NE(s3, rest);
  EXPECT_NE(rest, query);
  EXPECT_EQ(signed_by("Bearer AWS4-x"), "no");
}

TEST(Recognise, QueriesOfAws) {
  EXPECT_NE(claim_of("aws", {.target = "/?Action=List&Version=2012-11-05"}), "no");
  for (const char* target : {"/?Action=List", "/?Version=2012-11-05", "/?Action=List&Version=3"}) {
    EXPECT_EQ(claim_of("aws", {.target = target}), "no") << target;
  }
}

TEST(Recognise, GitAsksForItsReferences) {
  EXPECT_EQ(claim_of("git", {.target = "/a.git/info/refs?service=git-upload-pack"}), "sure 0");
  for (const char* target : {"/a.git/info/refs", "/a.git/info/refs?service=svn",
                             "/a.git/info/ref?service=git-upload-pack"}) {
    EXPECT_EQ(claim_of("git", {.target = target}), "no") << target;
  }
}

TEST(Recognise, AGraphqlQueryHoldsADocument) {
  for (const char* target : {"/?query={a}", "/?query=%7Ba%7D", "/?query=%7ba%7d"}) {
    EXPECT_NE(claim_of("graphql", {.target = target}), "no") << target;
    EXPECT_EQ(by_accept("graphql", "text/html, */*", target), "no") << "a person in a browser";
  }
  for (const char* target : {"/?query=words", "/?q={a}", "/?query"}) {
    EXPECT_EQ(claim_of("graphql", {.target = target}), "no") << target;
  }
}

TEST(Recognise, AGraphqlBodyHoldsADocumentAsItsQuery) {
  const auto body = [](const std::string& text, const char* type = "application/json") {
    return claim_of("graphql",
                    {.method = "POST", .fields = {{"Content-Type", type}}, .body = text});
  };
  EXPECT_EQ(body(R"({"query":"{ a }"})"), "sure -");
  EXPECT_EQ(body(R"({"query":"{ a }","variables":{}})"), "sure -");
  EXPECT_EQ(body(R"({"variables":{},"query":"query { a }"})"), "sure -");
  EXPECT_EQ(body(R"({"query":"words"})"), "no");
  EXPECT_EQ(body(R"({"other":"{ a }","note":"\"query\""})"), "no");
  EXPECT_EQ(body(R"({"query":"{ a }"})", "text/plain"), "no");
  EXPECT_EQ(body(R"({"other":"{ a }","query":1})"), "no");
}

TEST(Recognise, AGraphqlEndpointByTheEndOfItsPath) {
  EXPECT_EQ(claim_of("graphql", {.method = "POST", .target = "/graphql"}), "sure -");
  EXPECT_EQ(claim_of("graphql", {.method = "POST", .target = "/api/v1/graphql"}), "sure -");
  EXPECT_EQ(claim_of("graphql", {.method = "POST", .target = "/api/graphql2"}), "no");
}

TEST(Recognise, GitSendsItsOwnTypes) {
  const auto sends = [](const std::string& method, const std::string& type) {
    return claim_of("git", {.method = method, .fields = {{"Content-Type", type}}});
  };
  EXPECT_EQ(sends("POST", "application/x-git-upload-pack-request"), "sure 0");
  EXPECT_EQ(sends("GET", "application/x-git-upload-pack-request"), "no");
  EXPECT_EQ(sends("POST", "text/x-git-upload-pack-request"), "no");
  EXPECT_EQ(sends("POST", "application/x-gif"), "no");
}

TEST(Recognise, AnXmlRpcCallByItsBody) {
  const auto body = [](const std::string& text) {
    return claim_of("xml_rpc",
                    {.method = "POST", .fields = {{"Content-Type", "text/xml"}}, .body = text});
  };
  EXPECT_EQ(body("<?xml version='1.0'?><methodCall><methodName>a</methodName></methodCall>"),
            "sure -");
  EXPECT_EQ(body("<other><methodCall/></other>"), "no");
  EXPECT_EQ(body("<other/>"), "no");
  EXPECT_EQ(body("<methodCalls/>"), "no");
}

TEST(Recognise, SoapByItsActionWhateverItSends) {
  const Asked asked{.method = "POST",
                    .fields = {{"SOAPAction", "\"urn:a\""}, {"Content-Type", "text/plain"}}};
  EXPECT_EQ(claim_of("soap", asked), "sure 0");
  EXPECT_EQ(claim_of("soap", {.method = "POST", .fields = {{"Content-Type", "text/plain"}}}), "no");
}

std::string why_of(const char* dialect, const Asked& asked) {
  http::Request request;
  fill(request, asked);
  const catalog::Service service;
  RequestEvidence evidence(request, BodyState::kFinal, service);
  return std::string(table()[*find(dialect)]->recognise(evidence).why);
}

// What explain shows as the reason.
TEST(Recognise, SaysWhatTheEvidenceWas) {
  const auto sent = [](const char* type) {
    return Asked{.method = "POST", .fields = {{"Content-Type", type}}};
  };
  EXPECT_EQ(why_of("hal", sent("application/hal+json")), "the request's own content is HAL");
  EXPECT_EQ(why_of("json_api", sent("application/vnd.api+json")),
            "the request's own content is JSON:API");
  EXPECT_EQ(why_of("problem", sent("application/xml")), "the request's own content is XML");
  EXPECT_EQ(why_of("problem", sent("application/json")), "the request's own content is JSON");
  EXPECT_EQ(
      why_of("problem", {.fields = {{"Sec-Fetch-Mode", "cors"}, {"Sec-Fetch-Dest", "empty"}}}),
      "a script asks");
}

TEST(Recognise, PartsOfPagesByWhatTheyAccept) {
  const std::string browser = "Mozilla/5.0";
  const auto part = [&](const std::string& accept, const char* target) {
    return claim_of("resource",
                    {.target = target, .fields = {{"Accept", accept}, {"User-Agent", browser}}});
  };
  const std::string font = part("application/font-woff2;q=1.0, */*;q=0.8", "/f");
  EXPECT_EQ(part("font/woff2, */*;q=0.8", "/f"), font);
  EXPECT_NE(font, "no");
  const std::string script = part("*/*", "/a.js");
  EXPECT_EQ(part("*/*", "/a.mjs"), script);
  EXPECT_NE(script, "no");
  EXPECT_EQ(part("*/*", "/a.jsx"), "no");
  EXPECT_EQ(part("application/json", "/a.js"), "no");
  EXPECT_EQ(part("application/json, image/*;q=0", "/x"), "no");
  EXPECT_NE(part("image/avif,image/webp,image/*,*/*;q=0.8", "/x"), "no");
}

TEST(Recognise, OdataByTheOptionsOfItsQuery) {
  EXPECT_EQ(claim_of("odata", {.target = "/Orders?$filter=a"}), "offers 0");
  EXPECT_EQ(claim_of("odata", {.target = "/Orders?x=1&%24top=5"}), "offers 0");
  EXPECT_EQ(claim_of("odata", {.target = "/Orders?x=$filter"}), "no");
  EXPECT_EQ(claim_of("odata", {.target = "/Orders?$filters=a"}), "no");
}

TEST(Recognise, KubernetesByTheGroupOfAResource) {
  const auto claim = [](const char* target) {
    return claim_of("kubernetes", {.target = target, .fields = {{"Accept", "application/json"}}});
  };
  EXPECT_EQ(claim("/apis/apps/v1/deployments"), "offers 0");
  EXPECT_EQ(claim("/apis/networking.k8s.io/v1beta1"), "offers 0");
  EXPECT_EQ(claim("/apis/shop/v1/orders"), "no");
  EXPECT_EQ(claim("/apis/apps/latest"), "no");
  EXPECT_EQ(claim("/apis/apps/v"), "no");
}

TEST(Recognise, KubernetesByTheTypesOfItsPatches) {
  for (const char* type :
       {"application/strategic-merge-patch+json", "application/apply-patch+yaml"}) {
    EXPECT_EQ(claim_of("kubernetes", {.method = "PATCH", .fields = {{"Content-Type", type}}}),
              "sure 0")
        << type;
  }
  EXPECT_EQ(
      claim_of("kubernetes", {.method = "PATCH", .fields = {{"Content-Type", "application/json"}}}),
      "no");
}

TEST(Recognise, ExportersOfOpenTelemetryByTheirNames) {
  const auto claim = [](const char* agent) {
    return claim_of("otlp",
                    {.method = "POST",
                     .target = "/v1/traces",
                     .fields = {{"Content-Type", "application/json"}, {"User-Agent", agent}},
                     .body = "{}"});
  };
  for (const char* agent : {"OTel-OTLP-Exporter-Python/1.20.0", "OTel OTLP Exporter Go/1.28.0",
                            "OpenTelemetry Collector/0.96 (linux/amd64)"}) {
    EXPECT_EQ(claim(agent).substr(0, 4), "sure") << agent;
  }
  EXPECT_EQ(claim("OpenTelemetry/1.0"), "no");
}

TEST(Recognise, TheOneClientOfOpenstackThatWantsObjectsAlone) {
  const auto claim = [](const char* agent) {
    return claim_of("error_object", {.fields = {{"User-Agent", agent}}});
  };
  EXPECT_EQ(claim("python-glanceclient/4.6.0"), claim("python-glanceclient"));
  EXPECT_NE(claim("python-glanceclient/4.6.0"), claim("openstacksdk/4.0.0"));
  EXPECT_EQ(claim("openstacksdk/4.0.0").substr(0, 4), "sure");
}

TEST(Recognise, AppsOfNextcloudAndOwncloudByTheirNames) {
  for (const char* agent : {"Mozilla/5.0 (Linux) mirall/3.7.3", "Nextcloud-android/3.29.0",
                            "ownCloudApp/12.0", "ownCloud-android/4.2"}) {
    EXPECT_EQ(
        claim_of("nextcloud", {.target = "/remote.php/dav/x", .fields = {{"User-Agent", agent}}})
            .substr(0, 4),
        "sure")
        << agent;
  }
  EXPECT_NE(claim_of("nextcloud", {.target = "/remote.php/dav/x",
                                   .fields = {{"User-Agent", "Mozilla/5.0 miralls/1"}}})
                .substr(0, 4),
            "sure");
}

TEST(Recognise, PathsOfNextcloudByWhatMayBeSentThere) {
  const auto claim = [](const char* target, const char* accept) {
    return claim_of("nextcloud", {.target = target, .fields = {{"Accept", accept}}}).substr(0, 6);
  };
  for (const char* target : {"/status.php", "/remote.php/dav/x", "/ocs/v2.php/cloud/user"}) {
    EXPECT_EQ(claim(target, "*/*"), "offers") << target;
    EXPECT_EQ(claim(target, "text/html"), "no") << target;
  }
  EXPECT_EQ(claim("/status.php", "application/json"), "offers");
  EXPECT_EQ(claim("/status.php", "application/xml"), "no");
  EXPECT_EQ(claim("/remote.php/dav/x", "application/json"), "no");
  EXPECT_EQ(claim("/remote.php/dav/x", "text/xml"), "offers");
}

TEST(Recognise, TheTokenOfATelegramBotHasANumberAndAColon) {
  EXPECT_NE(claim_of("telegram", {.target = "/bot12:ab_C-9/getMe"}), "no");
  EXPECT_NE(claim_of("telegram", {.target = "/file/bot12:ab/a.jpg"}), "no");
  for (const char* target : {"/bot12/getMe", "/bot12xab/getMe", "/bot12:/getMe", "/bot:ab/getMe",
                             "/bot12:ab", "/bot12:a.b/getMe", "/robot12:ab/getMe"}) {
    EXPECT_EQ(claim_of("telegram", {.target = target}), "no") << target;
  }
}

// The question to a model stands in its body.
TEST(Recognise, AQuestionToAModelNeedsItsBody) {
  const Asked asked = {.method = "POST",
                       .target = "/chat",
                       .fields = {{"Content-Type", "application/json"}},
                       .body = R"({"model":"m","messages":[{"role":"user","content":"hi"}]})"};
  http::Request request;
  fill(request, asked);
  const catalog::Service service;
  for (const BodyState state : {BodyState::kUnread, BodyState::kFinal}) {
    RequestEvidence evidence(request, state, service);
    const Claim claim = table()[*find("error_object")]->recognise(evidence);
    EXPECT_EQ(claim.needs_body, state == BodyState::kUnread);
    EXPECT_EQ(claim.strength == Claim::Strength::kNone, state == BodyState::kUnread);
  }
}

TEST(Recognise, OdataByItsBatch) {
  EXPECT_NE(claim_of("odata", {.method = "POST", .target = "/v4/$batch"}), "no");
  EXPECT_EQ(claim_of("odata", {.method = "POST", .target = "/v4/$batches"}), "no");
}

TEST(Recognise, AnMtomMessageByItsStartInfo) {
  const auto mtom = [](const std::string& start_info) {
    return claim_of("soap",
                    {.method = "POST",
                     .fields = {{"Content-Type", "multipart/related; type=\"x\"" + start_info}},
                     .body = "no envelope"});
  };
  EXPECT_EQ(mtom("; start-info=\"application/soap+xml\""), "sure 1");
  EXPECT_EQ(mtom("; start-info=\"text/xml\""), "sure 0");
  EXPECT_EQ(mtom("; start-info=\"text/plain\""), "no");
  EXPECT_EQ(mtom(""), "no");
  const std::string envelope =
      "--b\r\nContent-Type: application/xop+xml\r\n\r\n"
      "<e:Envelope xmlns:e=\"http://www.w3.org/2003/05/soap-envelope\"/>\r\n--b--";
  EXPECT_EQ(
      claim_of("soap", {.method = "POST",
                        .fields = {{"Content-Type",
                                    "multipart/related; start-info=\"text/xml\"; boundary=b"}},
                        .body = envelope}),
      "sure 1")
      << "its envelope says more than its head";
}

// ---------------------------------------------------------------- hints for the page

page::Fit fit_by(const std::string& field, const std::string& value) {
  const Asked asked{.fields = {{field, value}}};
  http::Request request;
  fill(request, asked);
  const catalog::Service service;
  RequestEvidence evidence(request, BodyState::kFinal, service);
  return fit_page(evidence);
}

TEST(PageFit, HintsAreTokensOrQuoted) {
  for (const char* value : {"dark", "\"dark\""}) {
    EXPECT_EQ(fit_by("Sec-CH-Prefers-Color-Scheme", value).scheme, page::Fit::Scheme::kDark)
        << value;
  }
  for (const char* value : {"\"dark", "dark\"", "\"", "", "\"\"", "xdarkx"}) {
    EXPECT_EQ(fit_by("Sec-CH-Prefers-Color-Scheme", value).scheme, page::Fit{}.scheme) << value;
  }
}

TEST(PageFit, ABrandIsWholeAndQuoted) {
  EXPECT_TRUE(fit_by("Sec-CH-UA", "\"Not.A/Brand\";v=\"8\", \"Chromium\";v=\"131\"").chromium);
  EXPECT_TRUE(fit_by("Sec-CH-UA", "\"Chromium\";v=\"131\"").chromium);
  for (const char* value : {"Chromium\"", "\"XChromium\"", "\"Chromiums\"", ""}) {
    EXPECT_FALSE(fit_by("Sec-CH-UA", value).chromium) << value;
  }
}

TEST(PageFit, AWindowIsNarrowBelow768Pixels) {
  EXPECT_TRUE(fit_by("Sec-CH-Viewport-Width", "767").narrow);
  EXPECT_FALSE(fit_by("Sec-CH-Viewport-Width", "768").narrow);
  EXPECT_TRUE(fit_by("Sec-CH-UA-Mobile", "?1").narrow);
  EXPECT_FALSE(fit_by("Sec-CH-UA-Mobile", "?0").narrow);
}

// ---------------------------------------------------------------- scripts of other origins

Grant grant_by(const std::vector<std::pair<std::string, std::string>>& fields,
               const catalog::Cors& cors = {}) {
  const Asked asked{.fields = fields};
  http::Request request;
  fill(request, asked);
  catalog::Service service;
  service.cors = cors;
  RequestEvidence evidence(request, BodyState::kFinal, service);
  return grant_for(evidence);
}

TEST(Cors, APageOfTheSameSiteIsGrantedUnlessTheBrowserSaysOtherwise) {
  const std::pair<std::string, std::string> origin = {"Origin", "http://shop.example.com"};
  EXPECT_EQ(grant_by({origin}), Grant::kSameSite);
  for (const char* site : {"same-site", "same-origin"}) {
    EXPECT_EQ(grant_by({origin, {"Sec-Fetch-Site", site}}), Grant::kSameSite) << site;
  }
  for (const char* site : {"cross-site", "none", ""}) {
    EXPECT_EQ(grant_by({origin, {"Sec-Fetch-Site", site}}), Grant::kNone) << site;
  }
  EXPECT_EQ(grant_by({}), Grant::kNone);
  EXPECT_EQ(grant_by({origin, origin}), Grant::kNone) << "two origins are none";
}

TEST(Cors, CredentialsAreForListedOriginsAlone) {
  catalog::Cors cors;
  cors.origins = {"https://app.example.org"};
  cors.credentials = true;
  EXPECT_TRUE(may_send_credentials(cors, "https://app.example.org"));
  EXPECT_FALSE(may_send_credentials(cors, "https://other.example.org"));
  EXPECT_EQ(grant_by({{"Origin", "https://app.example.org"}}, cors), Grant::kListed);
  cors.any = true;
  EXPECT_FALSE(may_send_credentials(cors, "https://app.example.org"));
  cors.any = cors.credentials = false;
  EXPECT_FALSE(may_send_credentials(cors, "https://app.example.org"));
}

}  // namespace
}  // namespace intermission::dialect
