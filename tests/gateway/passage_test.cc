// What the adversary's table (tests/gate) cannot say in a line: several values, and what is told.
#include "gateway/passage.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "gateway/answer.h"
#include "gateway/explain.h"
#include "support/files.h"

namespace intermission::gateway {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

const std::string kGate = "/.well-known/intermission/gate";
const std::string kForbidden = "/.well-known/intermission/gate-403";

const Snapshot& snapshot() {
  static const Snapshot made(
      std::move(*catalog::load_file(testing::source_path("tests/gate/services.yaml").string(), {}))
          .catalog);
  return made;
}

struct Heard {
  int status = 0;
  std::string service;
  std::string fields;
};

Heard ask(const std::string& target, const Fields& fields, const Snapshot& known = snapshot(),
          const char* peer = "127.0.0.1") {
  http::Request request;
  request.reset("GET", target, 11);
  for (const auto& [name, value] : fields) request.add_field(name, value);
  request.set_peer(http::Address::parse(peer));
  http::Response response;
  const Outcome outcome = answer(request, known, {}, response);
  return {response.status, std::string(outcome.service), response.fields};
}

int status(const std::string& target, const Fields& fields) {
  return ask(target, fields).status;
}

TEST(Passage, AUrlMayHaveTheSchemesOfTheWebAndNoOthers) {
  for (const char* scheme : {"http", "https", "ws", "wss", "WSS"}) {
    const std::string start = scheme + std::string("://shop.example.com/");
    EXPECT_EQ(status(kForbidden, {{"X-Original-URL", start}}), 204) << scheme;
    EXPECT_EQ(status(kForbidden, {{"X-Original-URL", start + "api"}}), 403) << scheme;
  }
  for (const char* scheme : {"ftp", "file", "wsss", "htt", "x-ws", ""}) {
    EXPECT_EQ(
        status(kForbidden, {{"X-Original-URL", scheme + std::string("://shop.example.com/")}}), 403)
        << scheme;
  }
}

TEST(Passage, AFieldThatComesTwiceIsOpenOnlyIfAllValuesAre) {
  const std::string open = "search.example.com";
  const std::string closed = "orders.example.com";
  for (const auto& [first, second] : {std::pair(open, closed), std::pair(closed, open)}) {
    EXPECT_EQ(status(kGate, {{"X-Forwarded-Host", first}, {"X-Forwarded-Host", second}}), 503);
    EXPECT_EQ(status(kGate, {{"X-Forwarded-Host", first + ", " + second}}), 503);
    EXPECT_EQ(status(kForbidden, {{"X-Original-URL", "https://" + first + "/"},
                                  {"x-original-url", "https://" + second + "/"}}),
              403);
  }
  const Fields shop = {{"X-Forwarded-Host", "shop.example.com"}};
  const auto shop_and = [&](Fields fields) {
    fields.insert(fields.begin(), shop.begin(), shop.end());
    return status(kGate, fields);
  };
  EXPECT_EQ(shop_and({{"X-Forwarded-Uri", "/"}, {"X-Forwarded-Uri", "/x"}}), 204);
  EXPECT_EQ(shop_and({{"X-Forwarded-Uri", "/"}, {"X-Forwarded-Uri", "/api"}}), 503);
  EXPECT_EQ(shop_and({{"X-Forwarded-Uri", "/api"}, {"X-Forwarded-Uri", "/"}}), 503);
  EXPECT_EQ(shop_and({{"X-Forwarded-Uri", "https://orders.example.com/"}}), 503);
  const Fields reads = {{"Host", "reads.example.com"}};
  for (const char* twice : {"GET, DELETE", "DELETE, GET"}) {
    EXPECT_EQ(status(kForbidden + "/x", {reads[0], {"X-Original-Method", twice}}), 403);
  }
  EXPECT_EQ(status(kForbidden + "/x",
                   {reads[0], {"X-Original-Method", "GET"}, {"X-Original-Method", "DELETE"}}),
            403);
  EXPECT_EQ(status(kGate, {{"X-Forwarded-Host", "reads.example.com"},
                           {"X-Forwarded-Method", "HEAD"},
                           {"X-Forwarded-Method", "PUT"}}),
            503);
}

// Envoy asks by the client's own method, and hands on an X-Original-Method of the client's. nginx
// asks by GET.
TEST(Passage, AMethodThatIsToldDoesNotHideOneThatIsNoGet) {
  const std::string target = kForbidden + "/x";
  http::Request request;
  for (const char* method : {"GET", "DELETE"}) {
    request.reset(method, target, 11);
    request.add_field("Host", "reads.example.com");
    request.add_field("X-Original-Method", "GET");
    request.set_peer(http::Address::parse("127.0.0.1"));
    http::Response response;
    answer(request, snapshot(), {}, response);
    EXPECT_EQ(response.status, std::string(method) == "GET" ? 204 : 403);
  }
}

TEST(Passage, WhatFollowsTheGatesPathBeatsFields) {
  const Fields theirs = {{"Host", "shop.example.com"},
                         {"X-Original-URL", "https://orders.example.com/"}};
  const Fields foreign = {{"Host", "orders.example.com"},
                          {"X-Original-URL", "https://search.example.com/"}};
  for (const char* behind : {"?x", "/", "/?x", "/x", "#x", "?", "//x", "/../x"}) {
    EXPECT_EQ(ask(kForbidden + behind, foreign).status, 403) << behind;
    EXPECT_EQ(ask(kForbidden + behind, foreign).service, "orders") << behind;
    // A client that names a closed host gains nothing by it.
    EXPECT_EQ(ask(kForbidden + behind, theirs).status, 403) << behind;
  }
  EXPECT_EQ(status(kForbidden, foreign), 403) << "Host names a service in maintenance";
  EXPECT_EQ(status(kForbidden, {{"Host", "gateway.internal"}, foreign[1]}), 204);
  EXPECT_EQ(status(kGate + "?x", {{"Host", "orders.example.com"}, {"X-Forwarded-Uri", "/y"}}), 503);
  EXPECT_EQ(status(kForbidden + "http://orders.example.com/x", {{"Host", "search.example.com"}}),
            403);
  EXPECT_EQ(status(kForbidden + "http://search.example.com/x", {{"Host", "search.example.com"}}),
            204);
  EXPECT_EQ(status(kForbidden + "https:search.example.com", {{"Host", "search.example.com"}}), 403);
  EXPECT_EQ(status(kForbidden + "/api", {{"Host", "shop.example.com"}}), 403);
  // A slash too many in the proxy's configuration does not hide the path.
  EXPECT_EQ(
      status(kGate + "/", {{"X-Forwarded-Host", "shop.example.com"}, {"X-Forwarded-Uri", "/api"}}),
      503);
  EXPECT_EQ(status(kForbidden + "/../api", {{"Host", "shop.example.com"}}), 403);
}

TEST(Passage, HostsThatNobodyConfiguredMatterOnlyWhereTheyAreAsked) {
  const Fields search = {{"Host", "gateway.internal"}, {"X-Forwarded-Host", "search.example.com"}};
  EXPECT_EQ(status(kGate, search), 204);
  EXPECT_EQ(status(kGate, {search[1], {"Host", "orders.example.com"}}), 503);
  EXPECT_EQ(status(kGate, {search[0], search[1], {"Forwarded", "host=unknown.example"}}), 204);
  EXPECT_EQ(status(kGate, {search[0], search[1], {"Forwarded", "host=orders.example.com"}}), 503);
  EXPECT_EQ(status(kGate, {search[0], {"X-Forwarded-Host", "search.example.com, "}}), 503);
  EXPECT_EQ(status(kGate, {search[1], {"Host", "gateway.internal:x"}}), 503);
  EXPECT_EQ(status(kGate, {search[0], {"X-Forwarded-Host", ""}, {"X-Forwarded-Uri", "junk"}}), 503);
}

TEST(Passage, APathInDoubtKeepsTestersOutOnlyWhereItMatters) {
  const Fields tester = {{"X-Forwarded-For", "198.51.100.7"},
                         {"X-Forwarded-Host", "wiki.example.com, orders.example.com"},
                         {"X-Forwarded-Method", "GET"}};
  const auto ask_for = [&](const char* uri) {
    Fields fields = tester;
    fields.emplace_back("X-Forwarded-Uri", uri);
    return status(kGate, fields);
  };
  EXPECT_EQ(ask_for("/x"), 204);
  EXPECT_EQ(ask_for("/edit"), 503);
  EXPECT_EQ(ask_for("/%00"), 503);
  EXPECT_EQ(status(kForbidden + "/%00", {{"Host", "orders.example.com"}, tester[0]}), 204);
}

TEST(Passage, ARequestForNoHostBelongsToThoseOfEveryHost) {
  const Snapshot known(std::move(*catalog::load_text(R"(
trusted_proxies: [127.0.0.1]
services:
  - { name: every, maintenance: "off" }
  - { name: every-api, paths: [/api] }
  - { name: named, hosts: [named.example], maintenance: "off" }
)",
                                                     "f", {}))
                           .catalog);
  for (const Fields& fields : {Fields{}, Fields{{"Host", ""}}, Fields{{"Host", "any.example"}},
                               Fields{{"X-Forwarded-Host", "named.example"}}}) {
    EXPECT_EQ(ask(kForbidden + "/x", fields, known).status, 204);
    EXPECT_EQ(ask(kForbidden + "//api", fields, known).status, 403);
  }
  EXPECT_EQ(ask(kForbidden + "//api", {{"Host", "named.example"}}, known).status, 204);
}

TEST(Passage, IPv6LiteralsAreComparedByAddress) {
  const Snapshot known(std::move(*catalog::load_text(R"(
trusted_proxies: [127.0.0.1]
services:
  - { name: six, hosts: ["[2001:DB8:0::7]"] }
  - { name: rest, maintenance: "off" }
)",
                                                     "f", {}))
                           .catalog);
  for (const char* host : {"[2001:db8::7]", "[2001:0db8:0:0:0:0:0:7]:443", "[2001:DB8::0.0.0.7]"}) {
    EXPECT_EQ(ask(kForbidden + "/x", {{"Host", host}}, known).status, 403) << host;
  }
  EXPECT_EQ(ask(kForbidden + "/x", {{"Host", "[2001:db8::8]"}}, known).status, 204);
}

TEST(Passage, TheAnswerIsInTheNameOfWhatIsClosed) {
  const auto heard = ask(kForbidden + "//api", {{"Host", "shop.example.com"}});
  EXPECT_EQ(heard.service, "shop-api");
  EXPECT_NE(heard.fields.find("X-Maintenance: shop-api\r\n"), std::string::npos);
  const auto doubt = ask(kGate, {{"X-Forwarded-Host", "search.example.com:x"}});
  EXPECT_EQ(doubt.service, "search");
  EXPECT_EQ(doubt.status, 503);
  EXPECT_NE(doubt.fields.find("Retry-After: 5\r\n"), std::string::npos) << doubt.fields;
}

// Behind an upgrade to HTTP/2 no further request is asked about.
TEST(Passage, AnUpgradeToAnotherProtocolPassesNoGate) {
  const auto upgraded = [](const char* protocol) {
    return status(kForbidden + "/x", {{"Host", "search.example.com"}, {"Upgrade", protocol}});
  };
  for (const char* protocol : {"h2c", "H2C", "websocket, h2c", "TLS/1.0", "foo"}) {
    EXPECT_EQ(upgraded(protocol), 403) << protocol;
  }
  for (const char* protocol : {"websocket", "WebSocket", "", "websocket, "}) {
    EXPECT_EQ(upgraded(protocol), 204) << protocol;
  }
}

TEST(Passage, ADoubtClosesNothingWhereEveryServiceIsOpen) {
  const std::string text =
      "trusted_proxies: [127.0.0.1]\nservices:\n"
      "  - { name: a, hosts: [a.example.com], maintenance: 'off' }\n"
      "  - { name: b, hosts: [b.example.com], maintenance: ";
  const Snapshot open(std::move(*catalog::load_text(text + "'off' }\n", "f", {})).catalog);
  const Snapshot closed(std::move(*catalog::load_text(text + "'on' }\n", "f", {})).catalog);
  for (const char* host :
       {"a.example.com:", "a..example.com", "a.example.com:080", "x@a.example.com"}) {
    EXPECT_EQ(ask(kForbidden + "/x", {{"Host", host}}, open).status, 204) << host;
    EXPECT_EQ(ask(kForbidden + "/x", {{"Host", host}}, closed).status, 403) << host;
  }
}

// Past these bounds there is doubt, so that a request costs no more than so much.
TEST(Passage, TooMuchThatIsToldIsDoubt) {
  Fields hosts = {{"Host", "gateway.internal"}};
  for (int i = 0; i < 7; ++i) {
    hosts.emplace_back("X-Forwarded-Host", "h" + std::to_string(i) + ".search.example.com");
  }
  EXPECT_EQ(status(kGate, hosts), 204);
  hosts.emplace_back("X-Forwarded-Host", "h8.search.example.com");
  EXPECT_EQ(status(kGate, hosts), 503);
  Fields urls = {{"X-Forwarded-Host", "shop.example.com"}};
  for (int i = 0; i < 4; ++i) urls.emplace_back("X-Forwarded-Uri", "/" + std::to_string(i));
  EXPECT_EQ(status(kGate, urls), 204);
  urls.emplace_back("X-Forwarded-Uri", "/4");
  EXPECT_EQ(status(kGate, urls), 503);
  Fields methods = {{"X-Forwarded-Host", "ro.example.com"}};
  for (int i = 0; i < 8; ++i) methods.emplace_back("X-Forwarded-Method", "M" + std::to_string(i));
  EXPECT_EQ(status(kGate, methods), 204);
  methods.emplace_back("X-Forwarded-Method", "M8");
  EXPECT_EQ(status(kGate, methods), 503);
}

// A proxy that tells no URL, or tells it in a field that is not read, may ask about any path.
TEST(Passage, WithoutAUrlEveryPartOfTheHostMustBeOpen) {
  EXPECT_EQ(status(kForbidden, {{"Host", "shop.example.com"}}), 403);
  EXPECT_EQ(status(kForbidden, {{"Host", "shop.example.com"}, {"X-Original-URI", "/"}}), 403);
  EXPECT_EQ(status(kGate, {{"X-Forwarded-Host", "shop.example.com"}}), 503);
  EXPECT_EQ(status(kGate + "/", {{"X-Forwarded-Host", "shop.example.com"}}), 204);
  EXPECT_EQ(status(kGate, {{"X-Forwarded-Host", "search.example.com"}}), 204);
  EXPECT_EQ(status(kGate, {{"Host", "search.example.com"},
                           {"X-Original-URL", "https://orders.example.com/x"}}),
            503);
}

TEST(Passage, ValuesThatAProxyHasJoinedCountEach) {
  const std::pair<std::string, std::string> shop = {"X-Forwarded-Host", "shop.example.com"};
  EXPECT_EQ(status(kGate, {shop, {"X-Forwarded-Uri", "/,/api"}}), 503);
  EXPECT_EQ(status(kGate, {shop, {"X-Forwarded-Uri", "/, /api/x"}}), 503);
  EXPECT_EQ(status(kGate, {shop, {"X-Forwarded-Uri", "/maps/@52.5,13.4"}}), 204);
  EXPECT_EQ(status(kForbidden,
                   {{"Host", "shop.example.com"},
                    {"X-Original-URL", "https://shop.example.com/,https://orders.example.com/x"}}),
            403);
}

TEST(Passage, OverridesInEverySpellingThatFrameworksRead) {
  const auto reads = [](const Fields& fields, const std::string& query) {
    Fields all = {{"Host", "reads.example.com"}, {"X-Original-Method", "GET"}};
    all.insert(all.end(), fields.begin(), fields.end());
    return status(kForbidden + "/x" + query, all);
  };
  for (const char* name :
       {"X-HTTP-Method-Override", "X_HTTP_Method_Override", "X-HTTP-Method", "X-Method-Override",
        "X-HTTP-Verb-Override", "X-Http-Verb", "X-Method", "X-HttpMethod", "HTTP-Method-Override",
        "Method-Override", "X.HTTP.Method.Override"}) {
    EXPECT_EQ(reads({{name, "DELETE"}}, ""), 403) << name;
    EXPECT_EQ(reads({{name, "GET"}}, ""), 204) << name;
  }
  for (const char* query : {"?_method=DELETE", "?.method=DELETE", "?+_method=DELETE",
                            "?%20_method=DELETE", "?_method%00x=DELETE", "?_method[]=DELETE",
                            "?_HttpMethod=DELETE", "?X-HTTP-Method-Override=DELETE",
                            "?a=1&_METHOD=+DELETE", "?_method=%44ELETE", "?http_method=PUT"}) {
    EXPECT_EQ(reads({}, query), 403) << query;
  }
  for (const char* query :
       {"?method=DELETE", "?my_method=DELETE", "?_method=GET", "?_methods=PUT"}) {
    EXPECT_EQ(reads({}, query), 204) << query;
  }
}

std::string vary(const Heard& heard) {
  const auto at = heard.fields.find("Vary: ");
  return at == std::string::npos ? "" : heard.fields.substr(at, heard.fields.find('\r', at) - at);
}

TEST(Passage, VaryNamesOverridesOnlyWhereMethodsMatter) {
  EXPECT_EQ(vary(ask(kForbidden + "/x", {{"Host", "reads.example.com"}})),
            "Vary: Forwarded, X-Forwarded-Host, X-Original-Method, X-Original-URL, "
            "HTTP-Method-Override, Method-Override, X-HTTP-Method, X-HTTP-Method-Override, "
            "X-HTTP-Verb, X-HTTP-Verb-Override, X-HttpMethod, X-Method, X-Method-Override");
  EXPECT_EQ(vary(ask(kForbidden + "/x", {{"Host", "search.example.com"}})),
            "Vary: Forwarded, X-Forwarded-Host, X-Original-Method, X-Original-URL");
}

std::string explained(const std::string& target, const Fields& fields) {
  Question question;
  question.url = target;
  question.fields = fields;
  question.from = http::Address::parse("127.0.0.1");
  return explain(question, snapshot(), {});
}

TEST(Passage, ExplainTellsTheReadingThatClosesTheGate) {
  EXPECT_NE(explained(kForbidden + "/x/..;/api", {{"Host", "shop.example.com"}})
                .find("closed: a server may also read the request as one for host "
                      "shop.example.com and path /api, and service shop-api is in maintenance"),
            std::string::npos);
  EXPECT_NE(explained(kForbidden + "/%00", {{"Host", "shop.example.com"}})
                .find("closed: servers may read the path differently (it holds a control "
                      "character), and service shop-api of the same host is in maintenance"),
            std::string::npos);
  EXPECT_NE(explained(kForbidden + "/x?_method=delete", {{"Host", "reads.example.com"}})
                .find("closed: a server may also read its method as delete"),
            std::string::npos);
  EXPECT_NE(explained(kGate, {{"X-Forwarded-Host", "search.example.com:x"}})
                .find("closed: servers may read the host differently (\"search.example.com:x\")"),
            std::string::npos);
}

}  // namespace
}  // namespace intermission::gateway
