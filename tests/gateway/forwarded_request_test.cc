#include "gateway/forwarded_request.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace intermission::gateway {
namespace {

using catalog::Front;
using http::Address;
using http::Network;

struct Sent {
  std::string_view name;
  std::string_view value;
};

const Front kFront{{*Network::parse("10.0.0.0/8")}};
const Front kErrorBackend{{*Network::parse("10.0.0.0/8")}, Front::ErrorBackend::kIngressNginx};

http::Request sent(std::string_view target, std::initializer_list<Sent> fields, const char* peer) {
  http::Request request;
  request.reset("GET", target, 11);
  request.set_peer(Address::parse(peer));
  for (const Sent& field : fields) request.add_field(field.name, field.value);
  return request;
}

/// "METHOD host target" as the client sent it, by what a router at `peer` sends.
std::string seen(std::string_view target, std::initializer_list<Sent> fields,
                 const char* peer = "10.0.0.3", const Front& front = kFront) {
  const http::Request request = sent(target, fields, peer);
  const ForwardedRequest forwarded(request, front);
  const http::Request& asked = forwarded.request();
  return std::string(asked.method()) + ' ' + std::string(asked.host()) + ' ' +
         std::string(asked.target());
}

constexpr std::string_view kGate = "/.well-known/intermission/gate";
constexpr std::string_view kForbidden = "/.well-known/intermission/gate-403";

TEST(ForwardedRequest, WithoutATrustedProxyARequestIsWhatItIs) {
  EXPECT_EQ(seen("/x", {{"Host", "a.example"}, {"X-Forwarded-Host", "b.example"}}, "192.0.2.1"),
            "GET a.example /x");
  EXPECT_EQ(seen(kGate, {{"Host", "a.example"}, {"X-Forwarded-Uri", "/y"}}, "192.0.2.1"),
            "GET a.example /");
  EXPECT_EQ(seen("/.well-known/intermission/gate/y?z", {{"Host", "a.example"}}, "192.0.2.1"),
            "GET a.example /y?z");
  EXPECT_EQ(seen(kGate, {{"Host", "a.example"}, {"X-Forwarded-Host", "b.example"}}, "192.0.2.1"),
            "GET a.example /");
}

TEST(ForwardedRequest, ARouterInFrontOfTheStandInTellsHostAndUrl) {
  EXPECT_EQ(seen("/x", {{"Host", "a"}, {"X-Forwarded-Host", "b.example, c"}}), "GET b.example /x");
  EXPECT_EQ(seen("/x", {{"Host", "a"}, {"Forwarded", "host=b.example"}, {"X-Forwarded-Host", "c"}}),
            "GET b.example /x");
  EXPECT_EQ(seen("/", {{"Host", "a"}, {"X-CF-Forwarded-Url", "https://b.example/y?z"}}),
            "GET b.example https://b.example/y?z");
  EXPECT_EQ(seen("/x", {{"X-Forwarded-Host", "b.example"}}), "GET b.example /x");
  // Only a gate is asked about another method.
  EXPECT_EQ(seen("/x", {{"Host", "a"}, {"X-Forwarded-Method", "POST"}}), "GET a /x");
}

TEST(ForwardedRequest, OnlyAnErrorBackendGetsAUriFromIngressNginx) {
  EXPECT_EQ(seen("/", {{"Host", "a"}, {"X-Original-URI", "/y"}}, "10.0.0.3", kErrorBackend),
            "GET a /y");
  EXPECT_EQ(seen("/", {{"Host", "a"}, {"X-Original-URI", "/y"}}), "GET a /");
  EXPECT_EQ(seen("/", {{"Host", "a"}, {"X-Original-URI", "/y"}}, "192.0.2.1", kErrorBackend),
            "GET a /");
  EXPECT_EQ(seen(kGate, {{"Host", "a"}, {"X-Original-URI", "/y"}}, "10.0.0.3", kErrorBackend),
            "GET a /");
}

// What an error backend takes for Accept: all lines, joined by "|".
std::string accepted(std::initializer_list<Sent> fields, const Front& front = kErrorBackend) {
  const http::Request request = sent("/", fields, "10.0.0.3");
  const ForwardedRequest forwarded(request, front);
  std::string lines;
  for (const std::string_view value : forwarded.request().values(http::Field::kAccept)) {
    lines += (lines.empty() ? "" : "|") + std::string(value);
  }
  return lines;
}

TEST(ForwardedRequest, XFormatStandsForAcceptAtAnErrorBackend) {
  EXPECT_EQ(accepted({{"X-Format", "text/html"}, {"Accept", "a/b"}, {"Accept", "c/d"}}),
            "text/html");
  EXPECT_EQ(accepted({{"X-Format", "text/html"}}), "text/html");
  EXPECT_EQ(accepted({{"X-Format", ""}, {"Accept", "a/b"}}), "a/b");
  EXPECT_EQ(accepted({{"X-Format", "text/html"}, {"Accept", "a/b"}}, kFront), "a/b");
}

TEST(ForwardedRequest, TheProxyNearestToTheClientTellsTheScheme) {
  for (const auto& [proto, is_secure] :
       {std::pair("https, http", true), std::pair("http, https", false), std::pair("HTTPS", true),
        std::pair("http", false)}) {
    const http::Request request = sent("/", {{"X-Forwarded-Proto", proto}}, "10.0.0.3");
    EXPECT_EQ(ForwardedRequest(request, kFront).is_secure(), is_secure) << proto;
  }
}

TEST(ForwardedRequest, SaysWhichServiceFailed) {
  const auto failed = [](std::initializer_list<Sent> fields, const Front& front = kErrorBackend) {
    const http::Request request = sent("/", fields, "10.0.0.3");
    return ForwardedRequest(request, front).what_failed();
  };
  EXPECT_EQ(failed({{"X-Code", "503"},
                    {"X-Namespace", "shop"},
                    {"X-Service-Name", "orders"},
                    {"X-Service-Port", "80"}}),
            "ingress-nginx got 503 from the service shop/orders, port 80");
  EXPECT_EQ(failed({{"X-Code", "50\x1b[1m"}}), "ingress-nginx got 50\\x1b[1m");
  const std::string longest(253, 'a');  // as long as a name of the DNS
  EXPECT_EQ(failed({{"X-Code", longest}}), "ingress-nginx got " + longest);
  EXPECT_EQ(failed({{"X-Code", longest + "b"}}).find('b'), std::string::npos) << "and no longer";
  EXPECT_EQ(failed({{"X-Code", "503"},
                    {"X-Namespace", longest + "b"},
                    {"X-Service-Name", longest + "c"},
                    {"X-Service-Port", longest + "d"}}),
            failed({{"X-Code", "503"},
                    {"X-Namespace", longest + "xx"},
                    {"X-Service-Name", longest + "xx"},
                    {"X-Service-Port", longest + "xx"}}))
      << "and no longer either";
  EXPECT_EQ(failed({}), "");
  EXPECT_EQ(failed({{"X-Code", "503"}}, kFront), "");
}

// The client by what a router at 10.0.0.3 sends behind a PROXY header that names `source`.
std::string client_behind(const char* source, std::initializer_list<Sent> fields,
                          const char* peer = "10.0.0.3") {
  http::Request request = sent("/", fields, peer);
  request.set_peer(Address::parse(peer), http::ProxySource{Address::parse(source)});
  const ForwardedRequest forwarded(request, kFront);
  return forwarded.client() ? forwarded.client()->text() : "unknown";
}

TEST(ForwardedRequest, TheClientIsWhomAProxyHeaderNames) {
  EXPECT_EQ(client_behind("192.0.2.7", {}), "192.0.2.7");
  EXPECT_EQ(client_behind("192.0.2.7", {{"X-Forwarded-For", "192.0.2.7"}}), "192.0.2.7");
  EXPECT_EQ(client_behind("192.0.2.7", {{"X-Forwarded-For", "198.51.100.7"}}), "unknown");
  EXPECT_EQ(client_behind("192.0.2.7", {{"Forwarded", "for=198.51.100.7"}}), "unknown");
  EXPECT_EQ(client_behind("", {}), "unknown") << "LOCAL and UNKNOWN";
  EXPECT_EQ(client_behind("", {{"X-Forwarded-For", "198.51.100.7"}}), "unknown");
}

TEST(ForwardedRequest, ATrustedProxyThatAProxyHeaderNamesMayTellOfItsClient) {
  EXPECT_EQ(client_behind("10.0.0.9", {{"X-Forwarded-For", "198.51.100.7"}}), "198.51.100.7");
  EXPECT_EQ(client_behind("10.0.0.9", {}), "10.0.0.9");
}

TEST(ForwardedRequest, FieldsAreBelievedByTheSocketsPeerAlone) {
  EXPECT_EQ(client_behind("10.0.0.9", {{"X-Forwarded-For", "198.51.100.7"}}, "192.0.2.1"),
            "10.0.0.9");
  http::Request request = sent("/x", {{"Host", "a"}, {"X-Forwarded-Host", "b"}}, "192.0.2.1");
  request.set_peer(Address::parse("192.0.2.1"), http::ProxySource{Address::parse("10.0.0.9")});
  const ForwardedRequest forwarded(request, kFront);
  EXPECT_EQ(forwarded.request().host(), "a");
  EXPECT_FALSE(forwarded.is_passed_on());
}

TEST(ForwardedRequest, AGateBelievesWhatItsProxyWritesAlone) {
  EXPECT_EQ(seen(kGate, {{"Host", "g"},
                         {"X-Forwarded-Method", "POST"},
                         {"X-Forwarded-Host", "b.example"},
                         {"X-Forwarded-Uri", "/y"},
                         {"Forwarded", "host=c"},
                         {"X-Original-Method", "PUT"},
                         {"X-Original-URL", "https://c/"},
                         {"X-Original-URI", "/c"},
                         {"X-CF-Forwarded-Url", "https://c/"}}),
            "POST b.example /y");
  EXPECT_EQ(seen("/.well-known/intermission/gate-403/y", {{"Host", "b.example"},
                                                          {"X-Original-Method", "POST"},
                                                          {"X-Original-URL", "https://c/"},
                                                          {"X-Forwarded-Method", "PUT"},
                                                          {"X-Forwarded-Host", "c"},
                                                          {"Forwarded", "host=c"}}),
            "POST b.example /y");
  EXPECT_EQ(seen(kForbidden, {{"Host", "g"}, {"X-Original-URL", "https://b.example/y"}}),
            "GET b.example https://b.example/y");
}

// nginx's $request_uri is "?x" where the client asks for http://b.example?x.
TEST(ForwardedRequest, WhatFollowsTheGatesPathMayHaveNoPath) {
  for (const char* gate :
       {"/.well-known/intermission/gate", "/.well-known/intermission/gate-403"}) {
    EXPECT_EQ(
        seen(gate + std::string("?x"),
             {{"Host", "b.example"}, {"X-Original-URL", "https://c/"}, {"X-Forwarded-Uri", "/c"}}),
        "GET b.example ?x");
  }
  http::Request request = sent("/.well-known/intermission/gate-403?x", {{"Host", "b"}}, "10.0.0.3");
  const ForwardedRequest forwarded(request, kFront);
  EXPECT_EQ(forwarded.request().path(), "/");
  EXPECT_EQ(forwarded.request().query(), "x");
}

TEST(ForwardedRequest, WhichGateIsAsked) {
  const auto gate_of = [](std::string_view target) {
    http::Request request;
    request.reset("GET", target, 11);
    return ForwardedRequest(request, {}).gate();
  };
  EXPECT_EQ(gate_of(kGate), Gate::kAnswer);
  EXPECT_EQ(gate_of("/.well-known/intermission/gate/"), Gate::kAnswer);
  EXPECT_EQ(gate_of("http://g.example/.well-known/intermission/gate/y"), Gate::kAnswer);
  EXPECT_EQ(gate_of(kForbidden), Gate::kForbidden);
  EXPECT_EQ(gate_of("/.well-known/intermission/gate-403/y"), Gate::kForbidden);
  EXPECT_EQ(gate_of("/.well-known/intermission/gate-403?x"), Gate::kForbidden);
  EXPECT_EQ(gate_of("/.well-known/intermission/gate-403http://a.example/"), Gate::kForbidden);
  EXPECT_EQ(gate_of("/.well-known/intermission/gate#x"), Gate::kAnswer);
  EXPECT_EQ(gate_of("/.well-known/intermission/gat%65"), Gate::kAnswer);
  EXPECT_EQ(gate_of("/%2Ewell-known/intermission/g%61te%2d403/y"), Gate::kForbidden);
  EXPECT_EQ(gate_of("/.well-known%2fintermission/gate"), Gate::kNone);
  EXPECT_EQ(gate_of("/.well-known/intermission/gat%"), Gate::kNone);
  EXPECT_EQ(gate_of("http://g.example?x"), Gate::kNone);
  EXPECT_EQ(gate_of("*"), Gate::kNone);
  EXPECT_EQ(gate_of("/.well-known/intermission/gates"), Gate::kNone);
  EXPECT_EQ(gate_of("/.well-known/intermission/gate-404"), Gate::kNone);
  EXPECT_EQ(gate_of("/"), Gate::kNone);
}

}  // namespace
}  // namespace intermission::gateway
