// Who may call the operator's API, and how a call is read. What each operation does is in
// operations_test.cc.
#include "control/api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/api_harness.h"

namespace intermission::control {
namespace {

using testing::ApiAnswer;
using testing::ApiCall;
using testing::ApiFields;
using testing::ApiHarness;
using ::testing::HasSubstr;
using testing::kToken;
using ::testing::Not;
using ::testing::StartsWith;

struct Target {
  const char* method;
  const char* path;
};
const std::vector<Target> kReading = {
    {"GET", "/metrics"},
    {"GET", "/api/status"},
    {"GET", "/api/services"},
    {"GET", "/api/services/orders"},
    {"GET", "/api/services/orders/windows"},
    {"GET", "/api/windows?from=2026-12-01T00:00:00Z&until=2026-12-02T00:00:00Z"},
    {"GET", "/api/changes"},
    {"GET", "/api/answers"},
    {"GET", "/api/history"},
    {"GET", "/api/callers"},
    {"POST", "/api/explain"},
    {"GET", "/api/events"}};
const std::vector<Target> kChanging = {
    {"POST", "/api/services/orders/on"},           {"POST", "/api/services/orders/off"},
    {"POST", "/api/services/orders/auto"},         {"POST", "/api/services/orders/extend"},
    {"PUT", "/api/services/orders/message"},       {"DELETE", "/api/services/orders/message"},
    {"POST", "/api/services/orders/bypass"},       {"POST", "/api/services/orders/windows"},
    {"DELETE", "/api/services/orders/windows/w1"}, {"POST", "/api/reload"}};

class ApiTest : public ::testing::Test {
 protected:
  ApiAnswer ask(const Target& target, const ApiCall& call = {}) {
    return harness_.ask(target.method, target.path, call);
  }
  ApiAnswer get(std::string_view target, const ApiFields& fields) {
    return harness_.ask("GET", target, {.fields = fields});
  }
  int status_with(const std::string& authorization) {
    return harness_.ask("GET", "/api/status", {.authorization = authorization}).status;
  }
  void expect_untouched() {
    EXPECT_TRUE(harness_.world.store.saved.empty());
    EXPECT_EQ(harness_.world.control_plane().last_reload().successes, 0U);
  }

  ApiHarness harness_{"services: [ { name: orders, hosts: [orders.example] } ]"};
};

// ---------------------------------------------------------------- the host

TEST_F(ApiTest, APortThatIsNoNumberIsMisdirected) {
  for (const char* host : {"localhost:evil", "localhost:0", "localhost:65536", "localhost:-1",
                           "localhost:80:80", "[::1]:x", "127.0.0.1:9099x", "localhost: 80"}) {
    for (const char* path : {"/", "/api/status"}) {
      EXPECT_EQ(harness_.ask("GET", path, {.host = host}).status, 421) << host << path;
    }
  }
  for (const char* host : {"localhost", "localhost:", "localhost:9099", "[::1]:9099", "[::1]"}) {
    EXPECT_EQ(harness_.ask("GET", "/api/status", {.host = host}).status, 200) << host;
  }
}

// ---------------------------------------------------------------- the token

TEST_F(ApiTest, EveryCallThatTellsOrChangesSomethingWantsTheToken) {
  for (const auto& targets : {kReading, kChanging}) {
    for (const Target& target : targets) {
      const ApiAnswer answer = ask(target, {.authorization = ""});
      EXPECT_EQ(answer.status, 401) << target.path;
      EXPECT_TRUE(answer.has("WWW-Authenticate: Bearer realm=\"intermission\"")) << target.path;
      EXPECT_THAT(answer.body, Not(HasSubstr("orders"))) << target.path;
      EXPECT_EQ(
          ask(target, {.authorization = "Bearer " + kToken + "x", .peer = "192.0.2.1"}).stream,
          nullptr);
    }
  }
  expect_untouched();
}

TEST_F(ApiTest, WithTheTokenEachIsAnswered) {
  for (const Target& target : kReading) EXPECT_EQ(ask(target).status, 200) << target.path;
}

TEST_F(ApiTest, TwoTokensAreNone) {
  for (const char* second : {"Bearer x", "Basic eDp5"}) {
    EXPECT_EQ(harness_.ask("GET", "/api/status", {.fields = {{"Authorization", second}}}).status,
              401)
        << second;
  }
  EXPECT_EQ(
      harness_
          .ask("GET", "/api/status",
               {.fields = {{"Authorization", "Bearer " + kToken}}, .authorization = "Bearer x"})
          .status,
      401);
}

TEST_F(ApiTest, UnknownPathsAreNamedToOperatorsOnly) {
  EXPECT_EQ(harness_.ask("GET", "/api/nothing", {.authorization = ""}).status, 401);
  EXPECT_EQ(harness_.ask("DELETE", "/api/status", {.authorization = ""}).status, 401);
  EXPECT_EQ(harness_.ask("GET", "/api/services/unknown", {.authorization = ""}).status, 401);
}

TEST_F(ApiTest, ProbesAndTheShellOfTheDashboardWantNone) {
  for (const char* path : {"/", "/healthz", "/readyz"}) {
    EXPECT_EQ(harness_.ask("GET", path, {.authorization = ""}).status, 200) << path;
  }
}

TEST_F(ApiTest, OnlyTheTokenIsTheToken) {
  EXPECT_EQ(status_with("Bearer " + kToken), 200);
  EXPECT_EQ(status_with("bearer " + kToken), 200) << "schemes have no case (RFC 9110 §11.1)";
  EXPECT_EQ(status_with("Bearer  " + kToken), 200);
  for (std::size_t i = 0; i < kToken.size(); ++i) {
    std::string other = kToken;
    other[i] ^= 1;
    EXPECT_NE(status_with("Bearer " + other), 200) << i;
    EXPECT_NE(status_with("Bearer " + kToken.substr(0, i)), 200) << i;
    EXPECT_NE(status_with("Bearer " + kToken.substr(i + 1)), 200) << i;
  }
  for (const char* before : {"", "Basic ", "Bearer", "Bearer x", "BearerBearer "}) {
    EXPECT_NE(status_with(before + kToken), 200) << before;
  }
  EXPECT_NE(status_with("Bearer " + kToken + kToken), 200);
}

TEST_F(ApiTest, WithoutATokenEveryCallIsRejected) {
  harness_.parts().token.clear();
  EXPECT_EQ(status_with("Bearer "), 401);
  EXPECT_EQ(status_with("Bearer"), 401);
}

TEST_F(ApiTest, AfterTenWrongTokensAPeerWaitsAndTheRightOneWorks) {
  const ApiCall wrong{.authorization = "Bearer no", .peer = "192.0.2.7"};
  for (int i = 0; i < 10; ++i) {
    const ApiAnswer answer = harness_.ask("GET", "/api/status", wrong);
    EXPECT_EQ(answer.status, 401);
    EXPECT_FALSE(answer.close);
  }
  const ApiAnswer answer = harness_.ask("GET", "/api/status", wrong);
  EXPECT_EQ(answer.status, 429);
  EXPECT_TRUE(answer.has("Retry-After: 60"));
  EXPECT_TRUE(answer.close);
  EXPECT_EQ(harness_.ask("GET", "/api/status", {.peer = "192.0.2.7"}).status, 200);
  EXPECT_EQ(harness_.ask("GET", "/api/status", {.authorization = "Bearer no", .peer = "192.0.2.8"})
                .status,
            401);
  EXPECT_EQ(harness_.wrong_tokens.total(), 12U);
}

TEST_F(ApiTest, NoTokenAtAllIsNoWrongOne) {
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(harness_.ask("GET", "/api/status", {.authorization = ""}).status, 401);
  }
  EXPECT_EQ(harness_.wrong_tokens.total(), 0U);
}

TEST_F(ApiTest, ABodyIsReadOnlyOfThoseWhoHaveTheToken) {
  Api api(harness_.parts());
  const auto ask_for = [&](const std::string& authorization) {
    const ApiCall call{.authorization = authorization};
    http::Request head;
    harness_.fill(head, "POST", "/api/services/orders/on", call);
    EXPECT_EQ(api.vouches_for(head), api.body_use(head) == http::BodyUse::kPeek);
    return api.body_use(head);
  };
  EXPECT_EQ(ask_for("Bearer " + kToken), http::BodyUse::kPeek);
  EXPECT_EQ(ask_for("Bearer wrong"), http::BodyUse::kRefuse);
  EXPECT_EQ(ask_for(""), http::BodyUse::kRefuse);
}

// ---------------------------------------------------------------- other sites

TEST_F(ApiTest, AHostThatIsNotItsOwnIsRefused) {
  for (const char* host : {"localhost", "localhost:9099", "127.0.0.1", "[::1]", "ops.example"}) {
    EXPECT_EQ(harness_.ask("GET", "/api/status", {.host = host}).status, 200) << host;
  }
  for (const char* host : {"evil.example", "localhost.evil.example", "192.0.2.7"}) {
    for (const char* path : {"/", "/api/status", "/api/nothing"}) {
      EXPECT_EQ(harness_.ask("GET", path, {.host = host}).status, 421) << host << path;
    }
    EXPECT_EQ(harness_.ask("GET", "/healthz", {.host = host}).status, 200) << host;
    EXPECT_EQ(harness_.ask("GET", "/readyz", {.host = host}).status, 200) << host;
  }
}

TEST_F(ApiTest, ARefusalRepeatsAHostShortAndPrintable) {
  const ApiAnswer answer =
      harness_.ask("GET", "/api/status", {.host = "a\x80" + std::string(300, 'x')});
  EXPECT_EQ(answer.member("detail"), "this listener does not answer for the host \"a\\x80" +
                                         std::string(98, 'x') +
                                         "...\"; to allow the name, add it to control.hosts");
}

TEST_F(ApiTest, PagesOfOtherSitesMayCallNothing) {
  for (const char* own : {"same-origin", "none", "Same-Origin"}) {
    EXPECT_EQ(get("/api/status", {{"Sec-Fetch-Site", own}}).status, 200) << own;
  }
  for (const char* other : {"cross-site", "same-site", "", "anything"}) {
    for (const char* path : {"/", "/api/status", "/api/nothing", "/metrics", "/healthz"}) {
      EXPECT_EQ(get(path, {{"Sec-Fetch-Site", other}}).status, 403) << other << path;
    }
  }
  EXPECT_EQ(
      get("/api/status", {{"Sec-Fetch-Site", "none"}, {"Sec-Fetch-Site", "cross-site"}}).status,
      403);
}

TEST_F(ApiTest, ALinkOnAnotherSiteMayOpenTheDashboardInATab) {
  const ApiFields tab = {{"Sec-Fetch-Site", "cross-site"},
                         {"Sec-Fetch-Mode", "navigate"},
                         {"Sec-Fetch-Dest", "document"}};
  EXPECT_EQ(get("/", tab).status, 200);
  EXPECT_EQ(get("/api/status", tab).status, 403);
  EXPECT_EQ(get("/api/nothing", tab).status, 403);
  for (const char* where : {"iframe", "frame", "empty", "script"}) {
    const ApiFields inside = {{"Sec-Fetch-Site", "cross-site"},
                              {"Sec-Fetch-Mode", "navigate"},
                              {"Sec-Fetch-Dest", where}};
    EXPECT_EQ(get("/", inside).status, 403) << where;
  }
  EXPECT_EQ(get("/", {{"Sec-Fetch-Site", "cross-site"},
                      {"Sec-Fetch-Mode", "no-cors"},
                      {"Sec-Fetch-Dest", "document"}})
                .status,
            403);
}

TEST_F(ApiTest, ScriptsOfOtherOriginsMayChangeNothing) {
  const std::vector<const char*> foreign = {"http://evil.example",
                                            "https://localhost.evil.example",
                                            "http://localhost:8080",
                                            "null",
                                            "localhost",
                                            ""};
  for (const Target& target : kChanging) {
    for (const char* origin : foreign) {
      const ApiAnswer answer = ask(target, {.fields = {{"Origin", origin}}});
      EXPECT_EQ(answer.status, 403) << target.path << " from " << origin;
    }
  }
  EXPECT_EQ(ask({"POST", "/api/services/orders/off"},
                {.fields = {{"Origin", "http://localhost"}, {"Origin", "http://evil.example"}}})
                .status,
            403);
  expect_untouched();
  for (const char* own : {"http://localhost", "https://localhost", "HTTP://LOCALHOST"}) {
    EXPECT_EQ(ask({"POST", "/api/services/orders/off"}, {.fields = {{"Origin", own}}}).status, 200)
        << own;
  }
  EXPECT_EQ(ask({"POST", "/api/services/orders/off"},
                {.fields = {{"Origin", "http://localhost:9099"}}, .host = "localhost:9099"})
                .status,
            200);
}

// ---------------------------------------------------------------- routes

TEST_F(ApiTest, WhatIsNotThereIsNotFound) {
  for (const char* path :
       {"/api", "/api/", "/api/statu", "/api/status/", "/api/services/", "/api/services/orders/x",
        "/api/services/orders/windows/", "/api/services/orders/windows/w1/x", "//api/status",
        "/api/services/orders%2Fwindows/x", "/index.html"}) {
    const ApiAnswer answer = harness_.ask("GET", path);
    EXPECT_EQ(answer.status, path == std::string("/api/services/orders/windows/") ? 405 : 404)
        << path;
  }
}

TEST_F(ApiTest, AnotherMethodGetsTheAllowedOnes) {
  ApiAnswer answer = harness_.ask("POST", "/api/services/orders/message");
  EXPECT_EQ(answer.status, 405);
  EXPECT_TRUE(answer.has("Allow: PUT, DELETE"));
  EXPECT_EQ(answer.member("detail"), "expected one of the methods PUT, DELETE");
  answer = harness_.ask("get", "/api/status");
  EXPECT_EQ(answer.status, 405) << "methods have a case (RFC 9110 §9.1)";
  EXPECT_TRUE(answer.has("Allow: GET"));
}

TEST_F(ApiTest, HeadIsAnsweredAsGet) {
  const ApiAnswer head = harness_.ask("HEAD", "/api/services/orders");
  const ApiAnswer get = harness_.ask("GET", "/api/services/orders");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.fields, get.fields);
}

TEST_F(ApiTest, ASegmentMayBeEncoded) {
  EXPECT_EQ(harness_.ask("GET", "/api/services/%6frders").member("name"), "orders");
}

TEST_F(ApiTest, NoAnswerIsKeptOrGuessedAt) {
  for (const char* path : {"/", "/healthz", "/api/status", "/api/nothing", "/metrics"}) {
    for (const char* authorization : {"", "Bearer 0123456789abcdef0123456789abcdef"}) {
      const ApiAnswer answer = harness_.ask("GET", path, {.authorization = authorization});
      EXPECT_TRUE(answer.has("Cache-Control: no-store")) << path;
      EXPECT_TRUE(answer.has("X-Content-Type-Options: nosniff")) << path;
    }
  }
}

// ---------------------------------------------------------------- bodies

TEST_F(ApiTest, ABodyIsAJsonObjectWithKnownMembers) {
  const auto told = [&](const ApiCall& call) {
    return harness_.ask("POST", "/api/services/orders/on", call).told();
  };
  EXPECT_EQ(told({.body = "for=2h", .content_type = "application/x-www-form-urlencoded"}),
            "415 expected a body with Content-Type: application/json");
  EXPECT_EQ(told({.body = "{}", .content_type = ""}),
            "415 expected a body with Content-Type: application/json");
  EXPECT_EQ(told({.body = "{}", .content_type = "application/jsonx"}),
            "415 expected a body with Content-Type: application/json");
  EXPECT_EQ(told({.body = "[]"}), "400 expected a JSON object");
  EXPECT_THAT(told({.body = "{\"for\":"}), StartsWith("400 "));
  EXPECT_THAT(told({.body = "{\"for\":"}), HasSubstr("(byte 7)"));
  EXPECT_THAT(told({.body = "{\"message\":\"\xff\"}"}), StartsWith("400 "));
  EXPECT_EQ(told({.body = R"({"fro":"2h"})"}),
            "422 fro: unknown; expected one of until, for, ends, message, local");
  EXPECT_EQ(told({.body = R"({"for":"2h","fro":"2h"})"}),
            "422 fro: unknown; expected one of until, for, ends, message, local");
  EXPECT_EQ(told({.body = R"({"\u0001":1})"}),
            "422 \\x01: unknown; expected one of until, for, ends, message, local");
  EXPECT_EQ(told({.body = "{", .body_complete = false}), "413 expected a body of at most 64 KiB");
  expect_untouched();
  const std::string deep(20'000, '[');
  EXPECT_THAT(told({.body = deep}), StartsWith("400 "));
}

TEST_F(ApiTest, AnUnexpectedBodyIsRejected) {
  EXPECT_EQ(harness_.ask("POST", "/api/services/orders/off", {.body = R"({"for":"2h"})"}).told(),
            "422 for: unknown; expected one of local");
  expect_untouched();
  EXPECT_EQ(harness_.ask("POST", "/api/services/orders/off", {.body = "{}"}).status, 200);
}

TEST_F(ApiTest, AMediaTypeMayHaveParametersAndAnyCase) {
  for (const char* type :
       {"application/json; charset=utf-8", "Application/JSON", "application/json ;x"}) {
    EXPECT_EQ(harness_.ask("POST", "/api/services/orders/on", {.body = "{}", .content_type = type})
                  .status,
              200)
        << type;
  }
}

// ---------------------------------------------------------------- fields

TEST_F(ApiTest, IfMatchIsTheTagOfTheLastAnswer) {
  const auto off = [&](const char* tag) {
    return harness_.ask("POST", "/api/services/orders/off", {.fields = {{"If-Match", tag}}});
  };
  EXPECT_TRUE(off("\"0\"").has("ETag: \"1\""));
  EXPECT_TRUE(off("*").has("ETag: \"2\""));
  EXPECT_EQ(off("\"1\"").status, 412);
  for (const char* wrong :
       {"2", "\"2", "\"22", "2\"", "\"\"", "\"", "\"x\"", "W/\"2\"", "\"2\", \"3\"", ""}) {
    EXPECT_EQ(off(wrong).told(),
              "412 If-Match: expected the ETag of the service's last answer, such as \"7\"")
        << wrong;
  }
  EXPECT_EQ(harness_.world.control_plane().view().state->version, 2U);
}

TEST_F(ApiTest, WhoCallsIsPrintableAndShort) {
  const auto by = [&](const std::string& name) {
    harness_.ask("POST", "/api/services/orders/off", {.fields = {{"X-Operator", name}}});
    return harness_.world.control_plane().view().state->audit.back().by;
  };
  EXPECT_EQ(by("anna@ops"), "anna@ops");
  EXPECT_EQ(by("a\x1b[31m\x7f\xc3\xbc"), "a\\x1b[31m\\x7f\\xc3\\xbc");
  EXPECT_EQ(by(std::string(100, 'x')), std::string(100, 'x'));
  EXPECT_EQ(by(std::string(101, 'x')), std::string(100, 'x') + "...");
  EXPECT_LE(by(std::string(60'000, '\xff')).size(), 403U);
  harness_.ask("POST", "/api/services/orders/off");
  EXPECT_EQ(harness_.world.control_plane().view().state->audit.back().by, "");
}

TEST_F(ApiTest, ARefusalIsAProblemDocument) {
  const ApiAnswer answer = harness_.ask("GET", "/api/services/none");
  EXPECT_EQ(answer.status, 404);
  EXPECT_TRUE(answer.has("Content-Type: application/problem+json"));
  EXPECT_FALSE(answer.has("WWW-Authenticate: Bearer realm=\"intermission\""));
  EXPECT_EQ(answer.body,
            "{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404,\"detail\":\"unknown "
            "service none\",\"field\":\"service\"}\n");
}

}  // namespace
}  // namespace intermission::control
