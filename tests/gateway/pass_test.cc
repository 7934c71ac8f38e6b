#include "gateway/pass.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "gate/bypass.h"

namespace intermission::gateway {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string kKey = "a key of the tests that is long enough";
constexpr base::TimePoint kNow{base::Seconds{1'796'164'200}};
constexpr base::TimePoint kLater{base::Seconds{1'796'167'800}};

catalog::Service orders() {
  catalog::Service service;
  service.name = "orders";
  service.bypass.key = kKey;
  return service;
}

using Fields = std::vector<std::pair<std::string, std::string>>;

/// The field lines of the redirect for a link to that path; empty where there is none.
std::string redirect(const std::string& before_pass, const Fields& fields = {},
                     const char* peer = "10.0.0.3") {
  const std::string target =
      before_pass + "intermission-bypass=" + gate::sign_pass("orders", kLater, kKey);
  http::Request request;
  request.reset("GET", target, 11);
  request.set_peer(http::Address::parse(peer));
  for (const auto& [name, value] : fields) request.add_field(name, value);
  const catalog::Front front{{*http::Network::parse("10.0.0.0/8")}};
  const ForwardedRequest forwarded(request, front);
  http::Response response;
  if (!answer_link(forwarded, orders(), kNow, response)) return "";
  return response.fields.text();
}

TEST(Link, LeadsToItsOwnHostHoweverItsPathIsWritten) {
  int led = 0;
  for (const char* path : {"//evil.example/",       "///evil.example/",
                           "/\\evil.example/",      "\\\\evil.example/",
                           "/%5cevil.example/",     "/%5Cevil.example/",
                           "/%2fevil.example/",     "/%2F%2Fevil.example/",
                           "/\t/evil.example/",     "/\t\\evil.example/",
                           "/%09/evil.example/",    "/%0a/evil.example/",
                           "/%0D%0A/evil.example/", "/ /evil.example/",
                           "/%20/evil.example/",    "/.//evil.example/",
                           "/..//evil.example/",    "/%2e//evil.example/",
                           "/a/..//evil.example/",  "/a/%2e%2e//evil.example/",
                           "/./\\evil.example/",    "/.%5cevil.example/",
                           "/%255cevil.example/",   "/%252fevil.example/",
                           "/%25252fevil.example/", "https:evil.example/",
                           "http:/evil.example/",   "javascript:alert(1)/",
                           "evil.example/",         "https:\\\\evil.example/",

                           "#//evil.example/",      "/\x01/evil.example/"}) {
    const std::string fields = redirect(std::string(path) + "?a=1&");
    if (fields.empty()) continue;
    EXPECT_THAT(fields, HasSubstr("Location: /?a=1\r\n")) << path;
    ++led;
  }
  EXPECT_GT(led, 20) << "nearly all of them are links";
}

TEST(Link, InAbsoluteFormLeadsToThisHost) {
  EXPECT_THAT(redirect("https://evil.example/x?"), HasSubstr("Location: /x\r\n"));
  EXPECT_THAT(redirect("https://evil.example//evil.example/?"), HasSubstr("Location: /\r\n"));
  EXPECT_THAT(redirect("/?", {{"X-CF-Forwarded-Url", "https://evil.example/"}}), "");
}

TEST(Link, LeadsToItsPath) {
  for (const char* path : {"/", "/orders/7", "/a//b", "/a/b.c;d=1", "/%C3%A9", "/a%20b", "/.a",
                           "/~x/@y", "/a%2fb", "/a\"b"}) {
    EXPECT_THAT(redirect(std::string(path) + "?a=1&"),
                HasSubstr("Location: " + std::string(path) + "?a=1\r\n"));
  }
}

TEST(Link, SetsASecureCookieWhereAProxySaysHttps) {
  for (const Fields& fields :
       {Fields{{"Forwarded", "for=192.0.2.1;proto=http, for=10.0.0.2;proto=https"}},
        Fields{{"X-Forwarded-Proto", "https"}}, Fields{{"X-Forwarded-Proto", "http, https"}},
        Fields{{"X-Forwarded-Proto", "http"}, {"X-Forwarded-Proto", "HTTPS"}},
        Fields{{"X-Forwarded-Scheme", "https"}}, Fields{{"X-Forwarded-Ssl", "on"}},
        Fields{{"X-Original-URL", "https://orders.example.com/"}},
        Fields{{"X-Original-URL", "http://a/"}, {"x-original-url", "HTTPS://a/"}}}) {
    EXPECT_THAT(redirect("/?", fields), HasSubstr("; Secure\r\n")) << fields.front().first;
    EXPECT_THAT(redirect("/?", fields, "192.0.2.9"), Not(HasSubstr("Secure")))
        << "only a trusted proxy is believed";
  }
  EXPECT_THAT(redirect("https://orders.example.com/?"), HasSubstr("; Secure\r\n"));
  EXPECT_THAT(redirect("/?"), Not(HasSubstr("Secure")));
  EXPECT_THAT(redirect("/?", {{"X-Forwarded-Proto", "http"}}), Not(HasSubstr("Secure")));
}

// Only fields that tell the client's own URL do.
TEST(Link, SetsASecureCookieWhereARouterTellsThatTheClientSpeaksTls) {
  EXPECT_THAT(redirect("/x?"), Not(HasSubstr("Secure")));
  EXPECT_THAT(redirect("/x?", {{"X-Forwarded-Proto", "https"}}), HasSubstr("Secure"));
  EXPECT_THAT(redirect("/x?", {{"X-Original-URL", "https://orders.example.com/x"}}),
              HasSubstr("Secure"));
  EXPECT_THAT(redirect("/x?", {{"X-Original-URL", "http://orders.example.com/x"}}),
              Not(HasSubstr("Secure")));
  EXPECT_THAT(redirect("/x?", {{"Referer", "https://orders.example.com/x"}}),
              Not(HasSubstr("Secure")));
  EXPECT_THAT(redirect("/x?", {{"X-Forwarded-Proto", "https"}}, "192.0.2.1"),
              Not(HasSubstr("Secure")))
      << "a stranger is not believed";
}

TEST(Pass, OfAnEmptyKeyIsNeverValid) {
  const std::string pass = gate::sign_pass("orders", kLater, "");
  EXPECT_FALSE(gate::is_pass(pass, "orders", "", kNow));
  EXPECT_FALSE(gate::is_pass(pass, "orders", kKey, kNow));
  EXPECT_FALSE(gate::is_pass("", "orders", "", kNow));
}

// Whether Vary must name the fields that tell a client's address.
bool consults_forwarded(const char* peer, bool has_testers) {
  http::Request request;
  request.reset("GET", "/", 11);
  request.set_peer(http::Address::parse(peer));
  catalog::Service service = orders();
  if (has_testers) service.bypass.addresses = {*http::Network::parse("198.51.100.0/24")};
  const catalog::Front front{{*http::Network::parse("10.0.0.0/8")}};
  const ForwardedRequest forwarded(request, front);
  dialect::RequestEvidence evidence(request, dialect::BodyState::kFinal, service);
  EXPECT_EQ(look_for_pass(evidence, forwarded, service, kNow), Bypassed::kNone);
  const bool consulted = evidence.consulted().has(http::Field::kXForwardedFor);
  EXPECT_EQ(evidence.consulted().has(http::Field::kForwarded), consulted);
  return consulted;
}

TEST(Pass, DependsOnForwardedAddressesOnlyBehindATrustedProxyAndWithTesters) {
  EXPECT_TRUE(consults_forwarded("10.0.0.3", true));
  EXPECT_FALSE(consults_forwarded("10.0.0.3", false));
  EXPECT_FALSE(consults_forwarded("192.0.2.9", true)) << "a stranger is not believed";
}

// Operators see how many come with a link that lets nobody in.
TEST(Pass, InALinkThatIsWrongIsRefused) {
  const auto looked_for = [](const std::string& target) {
    http::Request request;
    request.reset("GET", target, 11);
    const catalog::Service service = orders();
    const ForwardedRequest forwarded(request, {});
    dialect::RequestEvidence evidence(request, dialect::BodyState::kFinal, service);
    return look_for_pass(evidence, forwarded, service, kNow);
  };
  EXPECT_EQ(looked_for("/"), Bypassed::kNone);
  EXPECT_EQ(looked_for("/?intermission-bypass=1796167800.x"), Bypassed::kRefused);
  EXPECT_EQ(looked_for("/?intermission-bypass=" + gate::sign_pass("billing", kLater, kKey)),
            Bypassed::kRefused);
  EXPECT_EQ(looked_for("/?intermission-bypass=" + gate::sign_pass("orders", kLater, kKey)),
            Bypassed::kNone)
      << "that one is redirected";
}

std::string cookie_of(const std::string& cookies, const char* service) {
  http::Request request;
  request.reset("GET", "/", 11);
  request.add_field("Cookie", cookies);
  return std::string(pass_in_cookies(request.values(http::Field::kCookie), service));
}

TEST(Cookie, OfAServiceWhoseNameBeginsAlikeIsAnother) {
  const std::string cookies = "intermission-bypass-orders-2=two; intermission-bypass-orders=one";
  EXPECT_EQ(cookie_of(cookies, "orders"), "one");
  EXPECT_EQ(cookie_of(cookies, "orders-2"), "two");
  EXPECT_EQ(cookie_of("intermission-bypass-orders-2=two", "orders"), "");
  EXPECT_EQ(cookie_of("intermission-bypass-orders=one", "orders-2"), "");
  EXPECT_EQ(cookie_of("intermission-bypass-my-orders=x", "orders"), "");
  EXPECT_EQ(cookie_of("intermission-bypass-orders.eu=x", "orders"), "");
  EXPECT_EQ(cookie_of("intermission-bypass-others=x", "orders"), "") << "as long, and another";
  EXPECT_EQ(cookie_of("intermission-bypass-orders", "orders"), "");
}

// The service's name is signed, so that a pass in another service's cookie is not valid.
TEST(Pass, IsForItsServiceAlone) {
  const std::string pass = gate::sign_pass("orders-2", kLater, kKey);
  EXPECT_TRUE(gate::is_pass(pass, "orders-2", kKey, kNow));
  EXPECT_FALSE(gate::is_pass(pass, "orders", kKey, kNow));
  EXPECT_FALSE(gate::is_pass(gate::sign_pass("orders", kLater, kKey), "orders-2", kKey, kNow));
}

}  // namespace
}  // namespace intermission::gateway
