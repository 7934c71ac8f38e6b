// Cases that do not fit a line of the adversary's table (tests/gate): several values, and reasons.
#include "gateway/passage.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "catalog/configuration.h"
#include "gate/bypass.h"
#include "gateway/answer.h"
#include "report/explain.h"
#include "support/files.h"

namespace intermission::gateway {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

const std::string kGate = "/.well-known/intermission/gate";
const std::string kForbidden = "/.well-known/intermission/gate-403";

const snapshot::Snapshot& snapshot() {
  static const snapshot::Snapshot made(
      std::move(*catalog::load_file(testing::source_path("tests/gate/services.yaml").string(), {}))
          .catalog);
  return made;
}

struct Heard {
  int status = 0;
  std::string service;
  std::string fields;
};

Heard ask(const std::string& target, const Fields& fields,
          const snapshot::Snapshot& known = snapshot(), const char* peer = "127.0.0.1") {
  http::Request request;
  request.reset("GET", target, 11);
  for (const auto& [name, value] : fields) request.add_field(name, value);
  request.set_peer(http::Address::parse(peer));
  http::Response response;
  const Outcome outcome = answer(request, known, {}, response);
  return {response.status, std::string(outcome.service), response.fields.text()};
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
  const std::string in_maintenance = "orders.example.com";
  for (const auto& [first, second] :
       {std::pair(open, in_maintenance), std::pair(in_maintenance, open)}) {
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
TEST(Passage, AForwardedMethodDoesNotHideOneThatIsNoGet) {
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

TEST(Passage, AMethodThatIsToldAndEmptyIsNone) {
  const std::pair<std::string, std::string> host = {"Host", "reads.example.com"};
  EXPECT_EQ(status(kForbidden + "/x", {host, {"X-Original-Method", ""}}), 204);
  EXPECT_EQ(status(kForbidden + "/x", {host, {"X-Original-Method", "DELETE"}}), 403);
}

// In doubt an open service is answered for, but a page of it could not load itself anew.
TEST(Passage, InDoubtNoPageOfAnOpenServiceIsRefreshed) {
  const auto fields_for = [](const std::string& host) {
    return ask(kGate, {{"X-Forwarded-Host", host},
                       {"X-Forwarded-Uri", "/x"},
                       {"Upgrade", "h2c"},
                       {"HX-Request", "true"},
                       {"HX-Current-URL", "https://" + host + "/"}})
        .fields;
  };
  EXPECT_NE(fields_for("orders.example.com").find("HX-Refresh"), std::string::npos);
  EXPECT_EQ(fields_for("search.example.com").find("HX-Refresh"), std::string::npos);
  EXPECT_NE(fields_for("search.example.com").find("Retry-After"), std::string::npos);
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

TEST(Passage, UnconfiguredHostsMatterOnlyWhereTheyAreRequested) {
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
  const snapshot::Snapshot known(std::move(*catalog::load_text(R"(
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
  const snapshot::Snapshot known(std::move(*catalog::load_text(R"(
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
  const snapshot::Snapshot open(
      std::move(*catalog::load_text(text + "'off' }\n", "f", {})).catalog);
  const snapshot::Snapshot in_maintenance(
      std::move(*catalog::load_text(text + "'on' }\n", "f", {})).catalog);
  for (const char* host :
       {"a.example.com:", "a..example.com", "a.example.com:080", "x@a.example.com"}) {
    EXPECT_EQ(ask(kForbidden + "/x", {{"Host", host}}, open).status, 204) << host;
    EXPECT_EQ(ask(kForbidden + "/x", {{"Host", host}}, in_maintenance).status, 403) << host;
  }
}

// Past these bounds there is doubt, so that a request costs no more than so much.
TEST(Passage, TooManyForwardedValuesAreDoubt) {
  Fields hosts = {{"Host", "gateway.internal"}};
  for (int i = 0; i < 7; ++i) {
    hosts.emplace_back("X-Forwarded-Host", "h" + std::to_string(i) + ".search.example.com");
  }
  EXPECT_EQ(status(kGate, hosts), 204);
  hosts.emplace_back("X-Forwarded-Host", "h8.search.example.com");
  EXPECT_EQ(status(kGate, hosts), 503);
  Fields urls = {{"X-Forwarded-Host", "shop.example.com"}};
  for (int i = 0; i < 8; ++i) urls.emplace_back("X-Forwarded-Uri", "/" + std::to_string(i));
  EXPECT_EQ(status(kGate, urls), 204);
  urls.emplace_back("X-Forwarded-Uri", "/8");
  EXPECT_EQ(status(kGate, urls), 503);
  Fields methods = {{"X-Forwarded-Host", "ro.example.com"}};
  for (int i = 0; i < 8; ++i) methods.emplace_back("X-Forwarded-Method", "M" + std::to_string(i));
  EXPECT_EQ(status(kGate, methods), 204);
  methods.emplace_back("X-Forwarded-Method", "M8");
  EXPECT_EQ(status(kGate, methods), 503);
}

TEST(Passage, AMethodThatIsToldManyTimesIsOne) {
  Fields fields = {{"X-Forwarded-Host", "ro.example.com"}};
  for (int i = 0; i < 20; ++i) fields.emplace_back("X-Forwarded-Method", "GET");
  EXPECT_EQ(status(kGate, fields), 204);
}

TEST(Passage, AMethodInTheQueryThatIsEmptyIsNone) {
  for (const char* query : {"?_method", "?_method=", "?a=1&_method", "?_method&a=1"}) {
    EXPECT_EQ(status(kForbidden + "/x" + query, {{"Host", "reads.example.com"}}), 204) << query;
  }
  EXPECT_EQ(status(kForbidden + "/x?_method=PUT", {{"Host", "reads.example.com"}}), 403);
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

// A client can send it to a proxy that hands it on, and learns nothing of the URL by it.
TEST(Passage, OnlyTheGatesOwnFieldTellsTheUrl) {
  for (const char* name : {"X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Path", "Destination"}) {
    EXPECT_EQ(status(kGate, {{"X-Forwarded-Host", "shop.example.com"}, {name, "/"}}), 503) << name;
  }
}

TEST(Passage, FieldsThatNameAnotherUrlOrHostCanOnlyClose) {
  const auto shop = [](const std::string& name, const std::string& value) {
    return status(
        kGate, {{"X-Forwarded-Host", "shop.example.com"}, {"X-Forwarded-Uri", "/"}, {name, value}});
  };
  for (const char* name : {"X-Original-URL", "X_Original_URL", "X.Original.Url", "X-Original-URI",
                           "X-Rewrite-URL", "X_Rewrite_URL", "X_Forwarded_Uri", "X-Forwarded-Url",
                           "X-Forwarded-Path", "X-Envoy-Original-Path", "X-Replaced-Path",
                           "X-Original-Path", "X-Request-Uri", "X-Matched-Path", "Request_Uri",
                           "X-WAWS-Unencoded-URL", "X_CF_Forwarded_Url", "Destination"}) {
    EXPECT_EQ(shop(name, "/api/x"), 503) << name;
    EXPECT_EQ(shop(name, "/x/..;/api"), 503) << name;
    EXPECT_EQ(shop(name, "https://orders.example.com/x"), 503) << name;
    EXPECT_EQ(shop(name, "/x"), 204) << name;
    EXPECT_EQ(shop(name, "https://search.example.com/x"), 204) << name;
  }
  for (const char* name : {"X_Forwarded_Host", "X.Forwarded.Host", "X-Original-Host", "X-Host",
                           "X-HTTP-Host-Override", "X_Original_Host"}) {
    EXPECT_EQ(shop(name, "orders.example.com"), 503) << name;
    EXPECT_EQ(shop(name, "search.example.com, orders.example.com"), 503) << name;
    EXPECT_EQ(shop(name, "search.example.com"), 204) << name;
  }
}

TEST(Passage, APrefixThatARouterCutOffCountsAsPartOfThePath) {
  const auto wiki = [](const std::string& name, const std::string& prefix, const char* path) {
    return status(kForbidden + path, {{"Host", "wiki.example.com"}, {name, prefix}});
  };
  for (const char* name :
       {"X-Forwarded-Prefix", "X_Forwarded_Prefix", "X-Script-Name", "X-Forwarded-Path",
        "Script-Name", "SCRIPT_NAME", "X-Forwarded-Context", "X-Original-Prefix",
        "X-Forwarded-PathBase", "X-Forwarded-Base-Path", "X-Forwarded-Script-Name"}) {
    for (const char* prefix : {"/edit", "/edit/", "edit", "/x/../edit", "/%65dit", "/EDIT"}) {
      EXPECT_EQ(wiki(name, prefix, "/7"), 403) << name << " " << prefix;
    }
    EXPECT_EQ(wiki(name, "/x", "/edit"), 403) << name << ": the path alone";
    EXPECT_EQ(wiki(name, "/x", "/7"), 204) << name;
    EXPECT_EQ(wiki(name, "/", "/7"), 204) << name;
  }
  EXPECT_EQ(wiki("X-Forwarded-Prefix", "/a, /edit", "/7"), 403) << "every member";
  EXPECT_EQ(wiki("X-Forwarded-Prefix", "/a, /b, /c, /d, /e", "/7"), 403) << "more than are read";
  const auto joined = [](const char* prefix, const char* path) {
    return status(kForbidden + path,
                  {{"Host", "shop.example.com"}, {"X-Forwarded-Prefix", prefix}});
  };
  EXPECT_EQ(joined("/ap", "/i"), 204) << "prefix and path are whole segments";
  EXPECT_EQ(joined("/api/..", "/x"), 403) << "its dot segments may be removed, or not";
}

TEST(Passage, APathInTheQueryCountsWhereFrontControllersTakeOne) {
  const auto shop = [](const std::string& target) {
    return status(kForbidden + target, {{"Host", "shop.example.com"}});
  };
  for (const char* target :
       {"/?q=api",      "/?q=api/7",         "/?q=/api/7",        "/index.php?q=%2Fapi",
        "/?r=api/list", "/?s=/api",          "/?route=api/x",     "/?_url=/api/x",
        "/?url=api/x",  "/?rest_route=/api", "/?path=/x/..;/api", "/?a=1&q=api",
        "/?a=1;q=api",  "/?%71=api",         "/?Q=api",           "/?q=API",
        "/?+q=api",     "/?/api/7",          "/index.php?/api",   "/?%2fapi",
        "/?page=api",   "/?path_info=/api",  "/?path.info=/api",  "/?q[]=api"}) {
    EXPECT_EQ(shop(target), 403) << target;
  }
  for (const char* target : {"/?q=apis", "/?q=blue+shoes", "/?query=api", "/?x=/api", "/?q=", "/?q",
                             "/?/x", "/?next=/api", "/?q=1&r=2&s=3&url=4"}) {
    EXPECT_EQ(shop(target), 204) << target;
  }
  EXPECT_EQ(shop("/?q=1&r=2&s=3&url=4&uri=5&page=6&path=7"), 403) << "more than are read";
  EXPECT_EQ(status(kForbidden + "/?q=1&r=2&s=3&url=4&uri=5&page=6&path=7",
                   {{"Host", "search.example.com"}}),
            204)
      << "no part of the host is in maintenance";
  // In a folder of its own, and WordPress' REST routes, which stand for what is below /wp-json.
  const snapshot::Snapshot blog(
      std::move(*catalog::load_text("trusted_proxies: [127.0.0.1]\nservices:\n"
                                    "  - { name: rest, hosts: [a.example], paths: [/wp-json, "
                                    "/blog/wp-json/wp, /blog/admin] }\n"
                                    "  - { name: rest-of-it, hosts: [a.example], maintenance: "
                                    "'off' }\n",
                                    "f", {}))
          .catalog);
  const auto wordpress = [&](const std::string& target) {
    return ask(kForbidden + target, {{"Host", "a.example"}}, blog).status;
  };
  for (const char* target : {"/?rest_route=/wp/v2/posts", "/?rest+route=/wp", "/?rest%20route=/wp",
                             "/?rest_route=%2Fwp", "/?rest_route=wp", "/x/y/?rest.route=/wp",
                             "/blog/?rest_route=/wp/v2", "/blog/index.php?q=admin"}) {
    EXPECT_EQ(wordpress(target), 403) << target;
  }
  EXPECT_EQ(wordpress("/?q=admin"), 204);
  EXPECT_EQ(wordpress("/index.php?/wp/v2"), 204) << "not below /wp-json";
  EXPECT_EQ(wordpress("/shop/?q=/wp"), 204);
}

// A word in a query is hardly a path; a path may be one of another part.
TEST(Passage, AWordInTheQueryClosesNoOpenPartOfAClosedHost) {
  const auto docs = [](const std::string& target) {
    return status(kForbidden + target, {{"Host", "docs.example.com"}});
  };
  EXPECT_EQ(docs("/public/?q=blue"), 204);
  EXPECT_EQ(docs("/public/list?page=2&q=blue+shoes"), 204);
  EXPECT_EQ(docs("/public/?q=node/7"), 403);
  EXPECT_EQ(docs("/public/?rest_route=/wp/v2/posts"), 403);
  EXPECT_EQ(docs("/public/?q=public/x"), 204);
}

// RFC 3986 §4.2: a reference that begins with two slashes begins with an authority.
TEST(Passage, AHostInThePathMayNotBeClosed) {
  const auto search = [](const std::string& target) {
    return status(kForbidden + target, {{"Host", "search.example.com"}});
  };
  for (const char* target :
       {"//orders.example.com/x", "//orders.example.com", "///orders.example.com/x",
        "/\\orders.example.com/x", "//ORDERS.example.com:443/x", "/%2forders.example.com/x",
        "/%5Corders.example.com/x", "//orders%2eexample.com/x", "//%6frders.example.com",
        "//orders.example.com?x", "//x@orders.example.com/", "//orders.example.com:x@a.example/",
        "//a.example\\@orders.example.com/"}) {
    EXPECT_EQ(search(target), 403) << target;
  }
  for (const char* target : {"//x/y", "//", "//images/my%20logo.png", "///", "//a.example/x",
                             "/x//orders.example.com/", "//search.example.com/x", "//50%25/x"}) {
    EXPECT_EQ(search(target), 204) << target;
  }
  EXPECT_EQ(status(kGate, {{"X-Forwarded-Host", "search.example.com"},
                           {"X-Forwarded-Uri", "//orders.example.com/x"}}),
            503);
}

TEST(Passage, AMalformedForwardedThatNamesAHostIsDoubt) {
  const auto search = [](const char* value, const char* peer) {
    return ask(kForbidden + "/x", {{"Host", "search.example.com"}, {"Forwarded", value}},
               snapshot(), peer)
        .status;
  };
  const char* const router = "127.0.0.1";
  const char* const stranger = "192.0.2.66";
  for (const char* value : {"for=\"x;host=orders.example.com", "host=a;host=orders.example.com",
                            ",host=orders.example.com", "for=1.2.3.4, ,host=\"orders.example.com\"",
                            "Host = orders.example.com", "for=@;HOST=orders.example.com",
                            "host=\"orders.example.com"}) {
    EXPECT_EQ(search(value, router), 403) << value;
    EXPECT_EQ(search(value, stranger), 403) << value;
  }
  // Which host a router means is not known, even where none is closed; a stranger means none.
  EXPECT_EQ(search("for=\"x;host=search.example.com", router), 403);
  EXPECT_EQ(search("for=\"x;host=search.example.com", stranger), 204);
  for (const char* value :
       {"for=\"x", ",", "for=1.2.3.4,,", "for=@", "proto", "\"", "ghost", "host"}) {
    EXPECT_EQ(search(value, router), 204) << value;
    EXPECT_EQ(search(value, stranger), 204) << value;
  }
}

// Caddy keeps the client's spelling of a path that it rewrites to the same one.
TEST(Passage, TheGatesPathIsComparedDecoded) {
  const Fields in_maintenance = {{"X-Forwarded-Host", "orders.example.com"},
                                 {"X-Forwarded-Uri", "/x"}};
  const Fields open = {{"X-Forwarded-Host", "search.example.com"}, {"X-Forwarded-Uri", "/x"}};
  for (const char* gate : {"/.well-known/intermission/gat%65", "/%2ewell-known/intermission/gate",
                           "/.well-known/intermission/g%61te"}) {
    EXPECT_EQ(status(gate, in_maintenance), 503) << gate;
    EXPECT_EQ(status(gate, open), 204) << gate;
  }
  EXPECT_EQ(status("/.well-known/intermission/gate%2d403/x", {{"Host", "orders.example.com"}}),
            403);
  EXPECT_EQ(status("/.well-known/intermission/gat%2565", open), 503) << "no gate: a stand-in";
  EXPECT_EQ(status("/.well-known/intermission/healt%68", {{"Host", "orders.example.com"}}), 200);
}

// Prefixes that are not ASCII are compared as servers do that know all letters.
TEST(Passage, ConfiguredPathsAreFoldedAsRequestsAre) {
  const snapshot::Snapshot parts(
      std::move(*catalog::load_text("trusted_proxies: [127.0.0.1]\nservices:\n"
                                    "  - { name: all, hosts: [a.example], maintenance: 'off' }\n"
                                    "  - { name: part, hosts: [a.example], paths: [/\u00dcBER, "
                                    "/stra\u00dfe/X, /Bu\u0308cher] }\n"
                                    "  - { name: exact, hosts: [b.example], case_sensitive_paths: "
                                    "true, paths: [/\u00dcber] }\n"
                                    "  - { name: scope, hosts: [c.example], scope: { paths: "
                                    "[/\u0130stanbul] } }\n",
                                    "f", {}))
          .catalog);
  const auto asked = [&](const char* host, const char* path) {
    return ask(kForbidden + path, {{"Host", host}}, parts).status;
  };
  for (const char* path : {"/%C3%9CBER", "/%c3%bcber", "/%C3%9Cber/x", "/\u00fcber", "/u%cc%88ber",
                           "/U\u0308BER", "/STRASSE/x", "/stra%C3%9Fe/x/y", "/b%C3%BCcher"}) {
    EXPECT_EQ(asked("a.example", path), 403) << path;
  }
  for (const char* path : {"/uber", "/%c3%b6ber", "/stra%C3%9Fe"}) {
    EXPECT_EQ(asked("a.example", path), 204) << path;
  }
  EXPECT_EQ(asked("b.example", "/%C3%9Cber"), 403);
  EXPECT_EQ(asked("b.example", "/%C3%BCber"), 403) << "letters beyond ASCII have no case at a gate";
  for (const char* path : {"/%C4%B0stanbul", "/istanbul", "/i%CC%87STANBUL/x"}) {
    EXPECT_EQ(asked("c.example", path), 403) << path;
  }
  EXPECT_EQ(asked("c.example", "/ankara"), 204);
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
  report::Question question;
  question.url = target;
  question.fields = fields;
  question.from = http::Address::parse("127.0.0.1");
  return report::explain(question, snapshot(), {});
}

TEST(Passage, ExplainTellsTheReadingThatClosesTheGate) {
  EXPECT_NE(explained(kForbidden + "/x/..;/api", {{"Host", "shop.example.com"}})
                .find("does not pass: a server may also read the request as one for host "
                      "shop.example.com and path /api, and service shop-api is in maintenance"),
            std::string::npos);
  EXPECT_NE(explained(kForbidden + "/%00", {{"Host", "shop.example.com"}})
                .find("does not pass: servers may read the path differently (it holds a control "
                      "character), and service shop-api of the same host is in maintenance"),
            std::string::npos);
  EXPECT_NE(explained(kForbidden + "/x?_method=delete", {{"Host", "reads.example.com"}})
                .find("does not pass: a server may also read the method as delete"),
            std::string::npos);
  EXPECT_NE(
      explained(kGate, {{"X-Forwarded-Host", "search.example.com:x"}})
          .find("does not pass: servers may read the host differently (\"search.example.com:x\")"),
      std::string::npos);
  Fields hosts = {{"Host", "gateway.internal"}};
  for (int i = 0; i < 8; ++i) {
    hosts.emplace_back("X-Forwarded-Host", "h" + std::to_string(i) + ".search.example.com");
  }
  EXPECT_NE(explained(kGate, hosts)
                .find("does not pass: too many fields give a host (\"gateway.internal\")"),
            std::string::npos)
      << explained(kGate, hosts);
}

TEST(Passage, ExplainSaysThatATesterPassesAndThatAPassIsNone) {
  const Fields tester = {{"Host", "orders.example.com"}, {"X-Forwarded-For", "198.51.100.7"}};
  EXPECT_NE(explained(kForbidden + "/x", tester).find("a tester passes"), std::string::npos);
  const Fields stranger = {{"Host", "orders.example.com"}, {"X-Forwarded-For", "203.0.113.7"}};
  EXPECT_EQ(explained(kForbidden + "/x", stranger).find("a tester passes"), std::string::npos);
}

// What the prefix and the path say together is looked at for every host, and for whole services.
TEST(Passage, AJoinedPathIsLookedAtForEveryHostAndService) {
  EXPECT_EQ(status(kGate, {{"X-Forwarded-Host", "search.example.com"},
                           {"X-Forwarded-Host", "shop.example.com"},
                           {"X-Forwarded-Uri", "/x"}}),
            204);
  EXPECT_EQ(status(kGate, {{"X-Forwarded-Host", "search.example.com"},
                           {"X-Forwarded-Host", "shop.example.com"},
                           {"X-Forwarded-Uri", "/x"},
                           {"X-Forwarded-Prefix", "/api"}}),
            503)
      << "the first host has no parts";
  const Fields docs = {{"Host", "docs.example.com"}};
  EXPECT_EQ(status(kForbidden + "/public/x", docs), 204);
  EXPECT_EQ(status(kForbidden + "/public/x", {docs[0], {"X-Forwarded-Prefix", "/other"}}), 403)
      << "/other/public/x is in maintenance, with the whole host";
}

snapshot::Snapshot snapshot_of(const std::string& services) {
  return snapshot::Snapshot(
      std::move(
          *catalog::load_text("trusted_proxies: [127.0.0.1]\nservices:\n" + services, "f", {}))
          .catalog);
}

// The path of one host may be in doubt; that of another, which has no parts, does not matter.
TEST(Passage, ADoubtAboutThePathsOfOneHostDoesNotKeepTestersFromAnother) {
  const snapshot::Snapshot known = snapshot_of(
      "  - { name: all, hosts: [parts.example], maintenance: 'off' }\n"
      "  - { name: part, hosts: [parts.example], paths: [/api], maintenance: 'off' }\n"
      "  - { name: orders, hosts: [orders.example], bypass: { addresses: [198.51.100.0/24] } }\n");
  const auto ask_from = [&](const char* client) {
    return ask(kGate,
               {{"X-Forwarded-Host", "parts.example, orders.example"},
                {"X-Forwarded-Uri", "/%00"},
                {"X-Forwarded-For", client}},
               known)
        .status;
  };
  EXPECT_EQ(ask_from("198.51.100.7"), 204);
  EXPECT_EQ(ask_from("203.0.113.7"), 503);
}

// A host that no service names counts only if the proxy asks for it, whichever field comes first.
TEST(Passage, AHostThatTheProxyAsksForCountsBehindOneThatOnlyMayNotBeClosed) {
  const snapshot::Snapshot known = snapshot_of(
      "  - { name: search, hosts: [search.example], maintenance: 'off' }\n"
      "  - { name: all, maintenance: 'off' }\n"
      "  - { name: part, paths: [/api] }\n");
  const std::pair<std::string, std::string> host = {"Host", "search.example"};
  const std::pair<std::string, std::string> url = {"X-Forwarded-Uri", "/x/..;/api"};
  const std::pair<std::string, std::string> asked = {"X-Forwarded-Host", "other.example"};
  const std::pair<std::string, std::string> told = {"X-Original-Host", "other.example"};
  EXPECT_EQ(ask(kGate, {host, url, told}, known).status, 204);
  EXPECT_EQ(ask(kGate, {host, url, told, asked}, known).status, 503);
  EXPECT_EQ(ask(kGate, {host, url, asked, told}, known).status, 503);
}

snapshot::Snapshot snapshot_with_key(const std::string& key) {
  catalog::Overrides overrides;
  overrides.bypass_key = key;
  return snapshot::Snapshot(
      std::move(*catalog::load_text("trusted_proxies: [127.0.0.1]\n"
                                    "services: [{ name: orders, hosts: [orders.example.com] }]\n",
                                    "f", overrides))
          .catalog);
}

// Its proxy would drop the redirect, and the cookie with it: the stand-in redirects afterwards.
TEST(Passage, ATestersLinkIsRedirectedByEveryGateButThatWhichKnows403Alone) {
  const std::string key = "a key of the tests that is long enough";
  const snapshot::Snapshot known = snapshot_with_key(key);
  const std::string link =
      "/x?intermission-bypass=" +
      gate::sign_pass("orders", base::TimePoint{base::Seconds{1'796'167'800}}, key);
  const Fields fields = {{"Host", "orders.example.com"}, {"X-Forwarded-Uri", link}};
  const Heard redirected = ask(kGate, fields, known);
  EXPECT_EQ(redirected.status, 303);
  EXPECT_NE(redirected.fields.find("Set-Cookie: "), std::string::npos);
  const Heard refused = ask(kForbidden + link, {{"Host", "orders.example.com"}}, known);
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.fields.find("Set-Cookie: "), std::string::npos);
}
}  // namespace
}  // namespace intermission::gateway
