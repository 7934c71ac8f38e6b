#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "negotiate/negotiate.h"
#include "support/header_lines.h"

namespace intermission::negotiate {
namespace {

using testing::HeaderLines;

const std::vector<Offer> kOffers = {
    {"application/problem+json"}, {"text/html"}, {"application/problem+xml"}, {"text/plain"}};

std::string_view match_name(Match match) {
  switch (match) {
    case Match::kAny:
      return "any";
    case Match::kWildcard:
      return "wildcard";
    case Match::kExact:
      return "exact";
    case Match::kSuffix:
      return "suffix";
    case Match::kUnacceptable:
      return "unacceptable";
  }
  return "?";
}

// "text/html exact 1000"
std::string choice(const HeaderLines& lines, const std::vector<Offer>& offers = kOffers) {
  const TypeChoice choice = choose_type(lines.values(), offers);
  std::string out(offers.at(choice.index).media_type);
  out.append(" ")
      .append(match_name(choice.match))
      .append(" ")
      .append(std::to_string(choice.weight));
  return out;
}

struct Case {
  const char* header;
  std::string_view expected;
};

void check(const std::vector<Case>& cases, const std::vector<Offer>& offers = kOffers) {
  for (const Case& c : cases) {
    EXPECT_EQ(choice(HeaderLines(c.header), offers), c.expected) << "Accept: " << c.header;
  }
}

TEST(Accept, Browsers) {
  check({
      // Chrome, Edge: navigation; stylesheet; image; script, fetch
      {"text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,"
       "*/*;q=0.8,application/signed-exchange;v=b3;q=0.7",
       "text/html exact 1000"},
      {"text/css,*/*;q=0.1", "application/problem+json wildcard 100"},
      {"image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8",
       "application/problem+json wildcard 800"},
      {"*/*", "application/problem+json wildcard 1000"},
      // Firefox: navigation of 132, of 128, of 65; image; video
      {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html exact 1000"},
      {"text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/png,"
       "image/svg+xml,*/*;q=0.8",
       "text/html exact 1000"},
      {"text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8",
       "text/html exact 1000"},
      {"image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5",
       "application/problem+json wildcard 500"},
      {"video/webm,video/ogg,video/*;q=0.9,application/ogg;q=0.7,audio/*;q=0.6,*/*;q=0.5",
       "application/problem+json wildcard 500"},
      // Safari: image; video
      {"image/webp,image/avif,image/jxl,image/heic,image/heic-sequence,video/*;q=0.8,"
       "image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5",
       "application/problem+json wildcard 500"},
      {"image/svg+xml,image/*;q=0.8,video/*;q=0.8", "application/problem+json unacceptable 0"},
      // Internet Explorer, navigation and reload; old Safari and Android preferred XML
      {"text/html, application/xhtml+xml, */*", "application/problem+json wildcard 1000"},
      {"image/gif, image/jpeg, image/pjpeg, application/x-ms-application, "
       "application/xaml+xml, application/x-ms-xbap, */*",
       "application/problem+json wildcard 1000"},
      {"application/xml,application/xhtml+xml,text/html;q=0.9,text/plain;q=0.8,image/png,"
       "*/*;q=0.5",
       "text/html exact 900"},
      // Lynx, w3m, links
      {"text/html, text/plain, text/sgml, text/css, application/xhtml+xml, */*;q=0.01",
       "text/html exact 1000"},
      {"text/html, text/*;q=0.5, image/*, application/*", "application/problem+json wildcard 1000"},
      // EventSource, a web app manifest, WebVTT
      {"text/event-stream", "application/problem+json unacceptable 0"},
      {"application/manifest+json,*/*;q=0.8", "application/problem+json wildcard 800"},
      {"application/signed-exchange;v=b3;q=0.7,*/*;q=0.8", "application/problem+json wildcard 800"},
  });
}

TEST(Accept, LibrariesAndTools) {
  check({
      // curl, wget, HTTPie, python-requests, aiohttp, okhttp, node-fetch, Go (absent)
      {"*/*", "application/problem+json wildcard 1000"},
      {"application/json, */*", "application/problem+json wildcard 1000"},
      {"application/json, */*;q=0.5", "application/problem+json wildcard 500"},
      // axios, Angular, jQuery's dataType json, xml, html, text and script
      {"application/json, text/plain, */*", "application/problem+json wildcard 1000"},
      {"application/json, text/javascript, */*; q=0.01", "application/problem+json wildcard 10"},
      {"application/xml, text/xml, */*; q=0.01", "application/problem+json wildcard 10"},
      {"text/html, */*; q=0.01", "text/html exact 1000"},
      {"text/plain, */*; q=0.01", "text/plain exact 1000"},
      {"text/javascript, application/javascript, application/ecmascript, "
       "application/x-ecmascript, */*; q=0.01",
       "application/problem+json wildcard 10"},
      {"text/html, application/xml;q=0.9, application/xhtml+xml, image/png, image/webp, "
       "image/jpeg, image/gif, image/x-xbitmap, */*;q=0.1",
       "text/html exact 1000"},
      // Jersey; Spring's RestTemplate; Feign
      {"image/gif, image/jpeg, *; q=.2, */*; q=.2", "application/problem+json wildcard 1"},
      {"application/json, application/*+json", "application/problem+json suffix 1000"},
      {"application/*+json", "application/problem+json wildcard 1000"},
      {"application/xml, text/xml, application/*+xml", "application/problem+xml suffix 1000"},
      {"text/plain, application/json, application/*+json, */*",
       "application/problem+json wildcard 1000"},
      // RestSharp; .NET's HttpClient with System.Net.Http.Json; WCF
      {"application/json, text/json, text/x-json, text/javascript, application/xml, text/xml",
       "application/problem+json suffix 1000"},
      {"application/json, text/json, text/x-json, text/javascript, *+json, application/xml, "
       "text/xml, *+xml, *",
       "application/problem+json suffix 1000"},
      {"application/json", "application/problem+json suffix 1000"},
      {"application/json; charset=utf-8", "application/problem+json suffix 1000"},
      {"application/problem+json", "application/problem+json exact 1000"},
      {"application/problem+xml", "application/problem+xml exact 1000"},
      {"application/problem+json;q=0.4, application/problem+xml;q=0.5",
       "application/problem+xml exact 500"},
      // zeep, suds, Axis, gSOAP, PHP's SoapClient
      {"application/soap+xml, application/dime, multipart/related, text/*",
       "text/html wildcard 1000"},
      {"text/xml, multipart/related", "application/problem+xml suffix 1000"},
      {"text/xml, text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", "text/html exact 1000"},
      {"application/soap+xml, application/xml;q=0.9", "application/problem+xml suffix 1000"},
      // GraphQL, JSON:API, HAL, FHIR, OData, GitHub, SCIM, Kubernetes, Docker
      {"application/graphql-response+json, application/json;q=0.9",
       "application/problem+json suffix 1000"},
      {"application/graphql-response+json; charset=utf-8, application/json; charset=utf-8",
       "application/problem+json suffix 1000"},
      {"application/vnd.api+json", "application/problem+json suffix 1000"},
      {"application/vnd.api+json; ext=\"https://jsonapi.org/ext/atomic,x\"",
       "application/problem+json suffix 1000"},
      {"application/hal+json, application/json, */*; q=0.01",
       "application/problem+json wildcard 10"},
      {"application/fhir+json;fhirVersion=4.0;q=0.9, application/fhir+xml;fhirVersion=4.0",
       "application/problem+xml suffix 1000"},
      {"application/json;odata.metadata=minimal;IEEE754Compatible=false",
       "application/problem+json suffix 1000"},
      {"application/json;odata=verbose", "application/problem+json suffix 1000"},
      {"application/atom+xml,application/xml", "application/problem+xml suffix 1000"},
      {"application/vnd.github.v3+json", "application/problem+json suffix 1000"},
      {"application/vnd.github+json;q=0.8, application/vnd.github.v3.raw",
       "application/problem+json suffix 800"},
      {"application/scim+json, application/json;q=0.9", "application/problem+json suffix 1000"},
      {"application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;"
       "g=meta.k8s.io,application/json",
       "application/problem+json suffix 1000"},
      {"application/vnd.kubernetes.protobuf,application/json",
       "application/problem+json suffix 1000"},
      {"application/vnd.docker.distribution.manifest.v2+json, "
       "application/vnd.oci.image.index.v1+json, */*",
       "application/problem+json wildcard 1000"},
      {"application/vnd.acme.v2+json", "application/problem+json suffix 1000"},
      {"Application/VND.Acme+JSON", "application/problem+json suffix 1000"},
      // gRPC, Connect, feed readers, WebDAV
      {"application/grpc", "application/problem+json unacceptable 0"},
      {"application/connect+json", "application/problem+json suffix 1000"},
      {"application/rss+xml, application/rdf+xml;q=0.8, application/atom+xml;q=0.6, "
       "application/xml;q=0.4, text/xml;q=0.4",
       "application/problem+xml suffix 1000"},
      {"text/xml, application/xml", "application/problem+xml suffix 1000"},
      // Ruby's open-uri and Net::HTTP, Googlebot, Prometheus, npm
      {"text/html,application/xhtml+xml,application/signed-exchange;v=b3,application/xml;q=0.9,"
       "*/*;q=0.8",
       "text/html exact 1000"},
      {"application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
       "text/plain;version=0.0.4;q=0.5,*/*;q=0.2",
       "text/plain exact 500"},
      {"application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8, */*",
       "application/problem+json wildcard 1000"},
  });
}

TEST(Accept, WhatTheRulesSay) {
  check({
      // 2: nothing said
      {"", "application/problem+json any 1000"},
      {" \t ", "application/problem+json any 1000"},
      // 3: the most specific range gives the weight, not the highest weight
      {"text/html;q=0, */*", "application/problem+json wildcard 1000"},
      {"application/*;q=0, */*", "text/html wildcard 1000"},
      {"application/*;q=0, text/html;q=0, */*", "text/plain wildcard 1000"},
      {"*/*;q=0, text/plain;q=0.1", "text/plain exact 100"},
      {"text/*;q=0.9, text/html;q=0.2, application/*;q=0.1", "text/plain wildcard 900"},
      {"*/*;q=0.3, text/*;q=0.3, application/*;q=0.2", "text/html wildcard 300"},
      {"text/html;q=0.2, text/html;q=0.6, */*;q=0.4", "text/html exact 600"},
      {"text/html;q=0.6, text/html;q=0, */*;q=0.4", "text/html exact 600"},
      {"*/*;q=0.1, */*;q=0.7", "application/problem+json wildcard 700"},
      // parameters make a range more specific, a refusal with them refuses another form
      {"text/html;level=1, text/html;q=0.4, text/plain;q=0.5", "text/html exact 1000"},
      {"text/html;level=1;q=0.3, text/html, text/plain;q=0.5", "text/plain exact 500"},
      {"text/html;level=1;q=0.3, text/html;level=2;q=0.7, text/plain;q=0.5", "text/html exact 700"},
      {"text/html;level=1;q=0, text/html", "text/html exact 1000"},
      {"text/html;level=1;q=0, */*", "application/problem+json wildcard 1000"},
      {"text/html;level=1;q=0, text/*", "text/html wildcard 1000"},
      {"text/html;level=1;q=0", "application/problem+json unacceptable 0"},
      {"text/html;charset=utf-8", "text/html exact 1000"},
      {"text/*;q=0.3, text/html;q=0.7, text/html;level=1, text/html;level=2;q=0.4, */*;q=0.5",
       "text/html exact 1000"},
      {"text/*;charset=utf-8;q=0.8, */*;q=0.5", "text/html wildcard 800"},
      // 4: thousandths
      {"text/html;q=0.001, text/plain;q=0.002", "text/plain exact 2"},
      {"text/html;q=0.999, text/plain;q=1.000", "text/plain exact 1000"},
      {"text/html;q=0., text/plain;q=0.5", "text/plain exact 500"},
      {"text/html;q=0.000, text/plain;q=0.5", "text/plain exact 500"},
      {"text/html;q=1., text/plain;q=0.5", "text/html exact 1000"},
      // 5: q anywhere, in any case; quoted strings
      {"text/html;Q=0.2, text/plain;q=0.5", "text/plain exact 500"},
      {"text/html;q=0.2;level=1, text/plain;q=0.5", "text/plain exact 500"},
      {"text/html;level=1;q=0.2;x=y, text/plain;q=0.5", "text/plain exact 500"},
      {"text/html;q=0.7;q=0.2, text/plain;q=0.5", "text/html exact 700"},
      {"text/html ; q=0.2 , text/plain\t;\tq=0.5", "text/plain exact 500"},
      {"text/html; q = 0.2, text/plain; q= 0.5", "text/plain exact 500"},
      {"text/html;x=\"a,b;q=0.1\";q=0.7, text/plain;q=0.5", "text/html exact 700"},
      {"text/html;x=\"\\\",text/plain;q=1\";q=0.7, text/plain;q=0.5", "text/html exact 700"},
      {"TEXT/HTML", "text/html exact 1000"},
      {"Text/*", "text/html wildcard 1000"},
      // 7: nothing acceptable
      {"*/*;q=0", "application/problem+json unacceptable 0"},
      {"application/problem+json;q=0", "application/problem+json unacceptable 0"},
      {"image/png", "application/problem+json unacceptable 0"},
      // 10: only where nothing was matched, and not what was refused
      {"application/vnd.acme+json, */*;q=0.1", "application/problem+json wildcard 100"},
      {"application/vnd.acme+json, text/plain;q=0.1", "text/plain exact 100"},
      {"application/vnd.acme+json, */*;q=0", "application/problem+json suffix 1000"},
      {"application/vnd.acme+json, application/problem+json;q=0",
       "application/problem+json unacceptable 0"},
      {"application/vnd.acme+json;q=0", "application/problem+json unacceptable 0"},
      {"application/vnd.acme+json;q=0, application/vnd.acme+xml;q=0.1",
       "application/problem+xml suffix 100"},
      {"application/vnd.acme+json;q=0.3, application/vnd.acme+xml;q=0.4",
       "application/problem+xml suffix 400"},
      {"application/vnd.acme+xml, application/vnd.acme+json",
       "application/problem+json suffix 1000"},
      {"application/vnd.a+json;q=0.5, application/vnd.b+json;q=0.9",
       "application/problem+json suffix 900"},
      {"application/vnd.a+json, application/vnd.b+json", "application/problem+json suffix 1000"},
      {"application/vnd.acme.v2+json;version=2", "application/problem+json suffix 1000"},
      {"application/vnd.acme+jsonx", "application/problem+json unacceptable 0"},
      {"application/json+zip", "application/problem+json unacceptable 0"},
      {"application/vnd.*+json", "application/problem+json unacceptable 0"},
      {"app*/x+json", "application/problem+json unacceptable 0"},
      {"image/svg+xml", "application/problem+json unacceptable 0"},
      {"model/gltf+json", "application/problem+json unacceptable 0"},
      {"text/vnd.acme+xml", "application/problem+xml suffix 1000"},
      {"text/*+json", "application/problem+json unacceptable 0"},
      {"application/*+xml;q=0.5, application/*+json;q=0.4", "application/problem+xml wildcard 500"},
  });
}

// Names that only look like those of an offer.
TEST(Accept, WhatARangeDoesNotCover) {
  check({
      {"a/b", "application/problem+json unacceptable 0"},
      {"a/*", "application/problem+json unacceptable 0"},
      {"a/b, text/plain;q=0.1", "text/plain exact 100"},
      {"*x/html", "application/problem+json unacceptable 0"},
      {"text/x*", "application/problem+json unacceptable 0"},
      {"app/*+json", "application/problem+json unacceptable 0"},
      {"applicatiom/*+json", "application/problem+json unacceptable 0"},
      {"application/*+*", "application/problem+json unacceptable 0"},
  });
  check({{"text/*", "textile/plain unacceptable 0"}}, {{"textile/plain"}});
  check({{"text/*+a-suffix-that-is-longer-than-the-offer", "text/json unacceptable 0"},
         {"text/*+json", "text/json unacceptable 0"}},
        {{"text/json"}});
  check({{"application/*+json", "application/+json unacceptable 0"}}, {{"application/+json"}});
}

TEST(Accept, OnlyTypesThatAreWrittenInJsonStandForOthers) {
  check({{"application/vnd.acme+json", "model/json unacceptable 0"}}, {{"model/json"}});
  check({{"application/vnd.acme+json", "a/b unacceptable 0"}}, {{"a/b"}});
  check({{"application/vnd.acme+json", "text/json suffix 1000"}}, {{"text/json"}});
}

// Each is read as if the malformed member or weight were not there.
TEST(Accept, Malformed) {
  check({
      {",", "application/problem+json any 1000"},
      {",,,, ,\t,", "application/problem+json any 1000"},
      {";", "application/problem+json any 1000"},
      {";q=0.5", "application/problem+json any 1000"},
      {"q=0.5", "application/problem+json any 1000"},
      {"/", "application/problem+json any 1000"},
      {"//", "application/problem+json any 1000"},
      {"*", "application/problem+json any 1000"},
      {"*;q=0", "application/problem+json any 1000"},
      {"**", "application/problem+json any 1000"},
      {"*/", "application/problem+json any 1000"},
      {"/*", "application/problem+json any 1000"},
      {"*/html", "application/problem+json any 1000"},
      {"*/html;q=0", "application/problem+json any 1000"},
      {"*/*/*", "application/problem+json any 1000"},
      {"text", "application/problem+json any 1000"},
      {"text/", "application/problem+json any 1000"},
      {"/html", "application/problem+json any 1000"},
      {"text /html", "application/problem+json any 1000"},
      {"text/ html", "application/problem+json any 1000"},
      {"text/html text/plain", "application/problem+json any 1000"},
      {"text/html/x", "application/problem+json any 1000"},
      {"text//html", "application/problem+json any 1000"},
      {"text\\html", "application/problem+json any 1000"},
      {"text:html", "application/problem+json any 1000"},
      {"\"text/html\"", "application/problem+json any 1000"},
      {"<text/html>", "application/problem+json any 1000"},
      {"(text/html)", "application/problem+json any 1000"},
      {"text/h\xc3\xa4ml", "application/problem+json any 1000"},
      {"text/html\x01", "application/problem+json any 1000"},
      {"\x7f/\x7f", "application/problem+json any 1000"},
      {"text/@html", "application/problem+json any 1000"},
      {"text/[html]", "application/problem+json any 1000"},
      {"text/{html}", "application/problem+json any 1000"},
      {"text=html", "application/problem+json any 1000"},
      {"http://example.com/", "application/problem+json any 1000"},
      {"text/html q=0.5, text/plain;q=0.1", "text/plain exact 100"},
      {"nonsense, text/plain;q=0.1", "text/plain exact 100"},
      {"text/plain;q=0.1, nonsense", "text/plain exact 100"},
      {",text/plain;q=0.1,,", "text/plain exact 100"},
      {"*/html, text/plain", "text/plain exact 1000"},
      {"*, text/plain;q=0.1", "text/plain exact 100"},
      // parameters that are none
      {"text/html;", "text/html exact 1000"},
      {"text/html;;;;", "text/html exact 1000"},
      {"text/html; ;q=0.5", "text/html exact 500"},
      {"text/html;;q=0, */*;q=0.1, text/html;q=0.5", "text/html exact 500"},
      {"application/problem+json;;q=0, */*;q=0.1", "text/html wildcard 100"},
      {"text/html;level", "text/html exact 1000"},
      {"text/html;level=", "text/html exact 1000"},
      {"text/html;=1", "text/html exact 1000"},
      {"text/html;=", "text/html exact 1000"},
      {"text/html;level==1;q=0.5", "text/html exact 500"},
      {"text/html;x=\"", "text/html exact 1000"},
      {"text/html;x=\"a;q=0.5", "text/html exact 500"},
      {"text/html;x=\"a, text/plain;q=0.5", "text/html exact 1000"},
      {"text/html;x=\"\\", "text/html exact 1000"},
      {"text/html;q=0.5;\xff\xfe", "text/html exact 500"},
      // weights that are none count as 0.001
      {"text/html;q", "text/html exact 1"},
      {"text/html;q=", "text/html exact 1"},
      {"text/html;q= ", "text/html exact 1"},
      {"text/html;q=.5", "text/html exact 1"},
      {"text/html;q=.", "text/html exact 1"},
      {"text/html;q=0,5", "application/problem+json unacceptable 0"},
      {"text/html;q=0.1234", "text/html exact 1"},
      {"text/html;q=0.0000", "text/html exact 1"},
      {"text/html;q=1.001", "text/html exact 1"},
      {"text/html;q=1.0000", "text/html exact 1"},
      {"text/html;q=1.5", "text/html exact 1"},
      {"text/html;q=2", "text/html exact 1"},
      {"text/html;q=10", "text/html exact 1"},
      {"text/html;q=00", "text/html exact 1"},
      {"text/html;q=01", "text/html exact 1"},
      {"text/html;q=-1", "text/html exact 1"},
      {"text/html;q=+1", "text/html exact 1"},
      {"text/html;q=-0", "text/html exact 1"},
      {"text/html;q=1e0", "text/html exact 1"},
      {"text/html;q=0x1", "text/html exact 1"},
      {"text/html;q=0.5f", "text/html exact 1"},
      {"text/html;q=0.5.5", "text/html exact 1"},
      {"text/html;q=0. 5", "text/html exact 1"},
      {"text/html;q=\"0.5\"", "text/html exact 1"},
      {"text/html;q==0.5", "text/html exact 1"},
      {"text/html;q=NaN", "text/html exact 1"},
      {"text/html;q=99999999999999999999", "text/html exact 1"},
      {"text/html;q=high", "text/html exact 1"},
      {"text/html;q=\xc2\xbd", "text/html exact 1"},
      {"text/html;q=0.5\x01", "text/html exact 1"},
  });
}

TEST(Accept, RepeatedLinesAreOneList) {
  EXPECT_EQ(choice(HeaderLines(std::vector<std::string>{})), "application/problem+json any 1000");
  EXPECT_EQ(choice(HeaderLines({"text/html;q=0.2", "", "text/plain;q=0.3"})),
            "text/plain exact 300");
  EXPECT_EQ(choice(HeaderLines({"*/*", "application/*;q=0", "text/html;q=0"})),
            "text/plain wildcard 1000");
  EXPECT_EQ(choice(HeaderLines({"nonsense", "*", ","})), "application/problem+json any 1000");
}

TEST(Accept, EvidenceComesBeforeTheOrderOfOffers) {
  const std::vector<Offer> offers = {{"text/html", 2}, {"application/json", 1}, {"text/plain", 1}};
  check({{"", "application/json any 1000"},
         {"*/*", "application/json wildcard 1000"},
         {"text/plain, application/json", "application/json exact 1000"},
         {"text/html, application/json;q=0.9", "text/html exact 1000"},
         {"text/html, */*", "application/json wildcard 1000"},
         {"image/png", "application/json unacceptable 0"},
         {"text/vnd.acme+json", "application/json suffix 1000"},
         {"text/json", "application/json suffix 1000"}},
        offers);
}

TEST(Accept, TheDefaultOfJavaMeansAnyType) {
  const std::string_view any = "application/problem+json wildcard 1000";
  const std::string_view html = "text/html exact 1000";
  check({
      {"text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", any},
      {"text/html, image/gif, image/jpeg, */*; q=0.2", any},
      {", text/html, image/gif,, image/jpeg, */*; q=0.2", any},
      // What is not exactly that was written by somebody who means it.
      {"text/html, image/gif, image/jpeg, */*; q=.2", html},
      {"text/html,image/gif,image/jpeg,*/*;q=0.2", html},
      {"text/html, image/gif, image/jpeg", html},
      {"application/xml, text/html, image/gif, image/jpeg, */*; q=0.2", html},
  });
  const std::string spelled = "text/html, image/gif, image/jpeg, */*; q=0.2";
  EXPECT_EQ(choice(HeaderLines(std::vector<std::string>{spelled, "text/html"})), html);
  EXPECT_EQ(choice(HeaderLines(std::vector<std::string>{"text/html", spelled})), html);
  const HeaderLines header(spelled);
  const Accept accept(header.values());
  EXPECT_FALSE(accept.empty());
  EXPECT_FALSE(accept.weight_of("text/html").named);
  accept.each_named([](std::string_view range) { ADD_FAILURE() << range << " is not named"; });
}

TEST(Accept, OneParsedHeaderAnswersManyQuestions) {
  const HeaderLines header("text/html;q=0.7, text/*;q=0.2, application/xml;q=0");
  const Accept accept(header.values());
  EXPECT_FALSE(accept.empty());
  const auto weight = [&](std::string_view type) { return accept.weight_of(type).weight; };
  const auto named = [&](std::string_view type) { return accept.weight_of(type).named; };
  EXPECT_EQ(weight("text/html"), 700);
  EXPECT_TRUE(named("text/html"));
  EXPECT_EQ(weight("text/plain"), 200);
  EXPECT_FALSE(named("text/plain"));
  EXPECT_EQ(weight("application/xml"), 0);
  EXPECT_TRUE(named("application/xml"));
  EXPECT_EQ(weight("image/png"), -1);
  EXPECT_EQ(weight("text"), -1);
  EXPECT_EQ(accept.choose(kOffers).index, 1U);

  const HeaderLines absent(std::vector<std::string>{});
  EXPECT_TRUE(Accept(absent.values()).empty());
  EXPECT_EQ(weight_of(absent.values(), "text/html").weight, kMaxWeight);
  EXPECT_FALSE(weight_of(absent.values(), "text/html").named);
}

}  // namespace
}  // namespace intermission::negotiate
