// What each operation of the operator's API answers, and what it refuses.
#include "control/operations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <string>
#include <thread>
#include <utility>

#include "control/service_json.h"
#include "snapshot/contracts.h"
#include "support/api_harness.h"
#include "support/eventually.h"

namespace intermission::control {
namespace {

using ::testing::AllOf;
using testing::ApiAnswer;
using testing::ApiHarness;
using testing::at;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::ScriptedStore;
using ::testing::StartsWith;

constexpr const char* kConfiguration = R"(
services:
  - name: orders
    hosts: [orders.example]
    title: Orders
    message: { en: Back soon, de: Bald zurück }
    maintenance: scheduled
    windows: [ { start: 2026-12-01T11:00:00Z, end: 2026-12-01T14:00:00Z },
               { start: 2026-12-05T00:00:00Z, end: 2026-12-05T01:00:00Z } ]
  - name: shop
    hosts: [shop.example, www.shop.example]
    paths: [/a, /b]
    message: Later
)";

class OperationsTest : public ::testing::Test {
 protected:
  ApiAnswer get(std::string_view target) { return harness_.ask("GET", target); }
  ApiAnswer post(std::string_view target, const std::string& body = "") {
    return harness_.ask("POST", target, {.body = body});
  }
  std::string told(std::string_view operation, const std::string& body) {
    return post("/api/services/orders/" + std::string(operation), body).told();
  }
  const ServiceState& state_of(const char* service) {
    state_ = harness_.world.control_plane().view().state;
    return state_->services.find(service)->second;
  }
  std::string last_change() {
    return harness_.world.control_plane().view().state->audit.back().what;
  }

  ApiHarness harness_{kConfiguration};
  std::shared_ptr<const State> state_;
};

// ---------------------------------------------------------------- passes in texts

// Anyone who has a pass may use it, so no text of an operator shows one to others.
TEST_F(OperationsTest, APassInAnOperatorsTextIsHidden) {
  const std::string pass = "1796108400.kbIkQw9vXc0123456789abcdefghijklmnopqrstuvw";
  const std::string link = "https://orders.example/?intermission-bypass=" + pass;
  const auto answer = harness_.ask(
      "POST", "/api/services/orders/on",
      {.body = R"({"message":"Try )" + link + R"("})", .fields = {{"X-Operator", "anna " + link}}});
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_THAT(answer.body, HasSubstr("intermission-bypass=(hidden)"));
  harness_.ask("PUT", "/api/services/shop/message",
               {.body = R"({"message":{"en":"a","de":")" + link + R"("}})"});
  EXPECT_THAT(get("/api/changes").body, HasSubstr("anna https://orders.example/"));
  for (const char* target : {"/api/changes", "/api/services", "/api/services/orders",
                             "/api/services/shop", "/api/status"}) {
    EXPECT_THAT(get(target).body, Not(HasSubstr("kbIkQw9v"))) << target;
  }
  for (const char* name : {"orders", "shop"}) {
    for (const auto& [language, text] : state_of(name).message->entries) {
      EXPECT_THAT(text, Not(HasSubstr("kbIkQw9v"))) << "clients read it";
    }
  }
  EXPECT_THAT(
      post("/api/services/orders/on", R"({"until":"x","intermission-bypass=)" + pass + R"(":1})")
          .body,
      Not(HasSubstr("kbIkQw9v")));
}

TEST(Operations, APassInTheConfigurationsTextIsHidden) {
  ApiHarness harness(
      "services: [ { name: orders, title: 'intermission-bypass=secret', message: 'Use "
      "?intermission-bypass=1796108400.abc' } ]");
  const std::string body = harness.ask("GET", "/api/services/orders").body;
  EXPECT_THAT(body, Not(HasSubstr("1796108400")));
  EXPECT_THAT(body, Not(HasSubstr("secret")));
}

TEST_F(OperationsTest, AMemberThatComesTwiceIsRefused) {
  EXPECT_EQ(told("on", R"({"for":"1h","for":"2h"})"),
            "422 for: expected the member once, got it twice");
  EXPECT_EQ(told("on", R"({"message":"a","for":"1h","message":"b"})"),
            "422 message: expected the member once, got it twice");
}

TEST_F(OperationsTest, AWindowWithoutTimesIsRejectedWithWhatIsExpected) {
  for (const char* body : {"{}", R"({"end":"2026-12-01T22:00:00Z"})"}) {
    EXPECT_EQ(told("windows", body),
              "422 start: expected start and either end or for, such as "
              "{\"start\": \"2026-12-01T22:00:00Z\", \"for\": \"2h\"}");
  }
}

// ---------------------------------------------------------------- services

TEST_F(OperationsTest, AServiceInAWindow) {
  const ApiAnswer answer = get("/api/services/orders");
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.has("Content-Type: application/json"));
  EXPECT_TRUE(answer.has("ETag: \"0\""));
  EXPECT_EQ(
      answer.body,
      R"({"name":"orders","title":"Orders","hosts":["orders.example"],"paths":["/"],)"
      R"("state":"maintenance","gate":"maintenance","reason":"a planned window is in progress",)"
      R"("since":"2026-12-01T11:00:00Z","until":"2026-12-01T14:00:00Z","retryAfter":3600,)"
      R"("configured":"scheduled","message":{"en":"Back soon","de":"Bald zurück"},)"
      R"("messageByOperator":false,)"
      R"("window":{"start":"2026-12-01T11:00:00Z","end":"2026-12-01T14:00:00Z"},"version":0})"
      "\n");
}

TEST_F(OperationsTest, AServiceThatAnOperatorOpened) {
  const std::string told = post("/api/services/orders/off").body;
  const ApiAnswer answer = get("/api/services/orders");
  EXPECT_EQ(told, answer.body);
  EXPECT_TRUE(answer.has("ETag: \"1\""));
  EXPECT_THAT(
      answer.body,
      AllOf(HasSubstr(R"("state":"open","gate":"open")"), Not(HasSubstr("retryAfter")),
            HasSubstr(R"("switched":{"to":"off","since":"2026-12-01T12:00:00Z","ends":false})"),
            HasSubstr(R"("window":{"start":"2026-12-05T00:00:00Z")"), HasSubstr(R"("version":1)")));
}

TEST_F(OperationsTest, EveryServiceInOrder) {
  EXPECT_EQ(post("/api/services/shop/off").status, 200);
  const ApiAnswer answer = get("/api/services");
  EXPECT_TRUE(answer.has("ETag: \"1\""));
  rapidjson::Document document;
  document.Parse(answer.body);
  ASSERT_EQ(document["services"].Size(), 3U);
  EXPECT_STREQ(document["services"][0]["name"].GetString(), "orders");
  EXPECT_STREQ(document["services"][1]["name"].GetString(), "shop");
  EXPECT_STREQ(document["services"][2]["name"].GetString(), "default");
  EXPECT_EQ(document["version"].GetUint64(), 1U);
  EXPECT_EQ(document["services"][0]["version"].GetUint64(), 0U);
  EXPECT_EQ(document["services"][1]["version"].GetUint64(), 1U);
  EXPECT_EQ(document["services"][1]["hosts"].Size(), 2U);
  EXPECT_EQ(document["services"][1]["paths"].Size(), 2U);
  EXPECT_STREQ(document["services"][1]["configured"].GetString(), "on");
  EXPECT_STREQ(document["services"][2]["state"].GetString(), "maintenance");
  EXPECT_STREQ(document["services"][2]["gate"].GetString(), "open") << "it is not configured";
}

TEST_F(OperationsTest, AServiceThatIsNotThere) {
  for (const char* path : {"/api/services/none", "/api/services/none/windows"}) {
    EXPECT_EQ(get(path).told(), "404 service: unknown service none") << path;
  }
  EXPECT_EQ(get("/api/services/order").told(),
            "404 service: unknown service order; did you mean orders?");
  EXPECT_EQ(post("/api/services/order/off").told(),
            "404 service: unknown service order; did you mean orders?");
}

// An answer is about the service that was asked for, whatever a reload does to their order.
TEST_F(OperationsTest, AServiceIsFoundWhileTheConfigurationIsReloaded) {
  const std::string a = "{ name: a, hosts: [a.example] }";
  const std::string b = "{ name: b, hosts: [b.example] }";
  harness_.world.configure("services: [ " + b + " ]");
  harness_.parts();
  std::atomic<bool> done{false};
  std::thread reloading([&] {
    for (int i = 0; i < 100; ++i) {
      const std::string both = i % 3 == 0 ? b : i % 3 == 1 ? a + ", " + b : b + ", " + a;
      harness_.world.configure("services: [ " + both + " ]");
      EXPECT_FALSE(harness_.world.control_plane().reload());
    }
    done = true;
  });
  while (!done) {
    EXPECT_EQ(get("/api/services/b").member("name"), "b");
    EXPECT_EQ(get("/api/services/b/windows").status, 200);
  }
  reloading.join();
}

// ---------------------------------------------------------------- switching

TEST_F(OperationsTest, OnWithAnEnd) {
  EXPECT_EQ(post("/api/services/shop/on", R"({"for":"2h"})").status, 200);
  EXPECT_EQ(state_of("shop").switched,
            (base::Switch{true, at("2026-12-01T12:00:00Z"), at("2026-12-01T14:00:00Z"), false}));
  EXPECT_EQ(post("/api/services/shop/on", R"({"until":"2026-12-01T15:00:00Z","ends":true})").status,
            200);
  EXPECT_EQ(state_of("shop").switched,
            (base::Switch{true, at("2026-12-01T12:00:00Z"), at("2026-12-01T15:00:00Z"), true}));
  EXPECT_EQ(last_change(), "on until 2026-12-01T15:00:00Z, ends by itself");
  EXPECT_THAT(get("/api/services/shop").body,
              HasSubstr(R"("switched":{"to":"on","since":"2026-12-01T12:00:00Z",)"
                        R"("until":"2026-12-01T15:00:00Z","ends":true})"));
}

TEST_F(OperationsTest, OnWithAMessage) {
  const ApiAnswer answer = post("/api/services/orders/on", R"({"message":"Wartung"})");
  EXPECT_THAT(answer.body, AllOf(HasSubstr(R"("message":{"en":"Wartung"})"),
                                 HasSubstr(R"("messageByOperator":true)")));
  EXPECT_EQ(last_change(), "on, with a message");
  EXPECT_EQ(told("on", R"({"message":""})").substr(0, 12), "422 message:");
  EXPECT_EQ(told("on", R"({"message":{"xx-invalid-language-":"a"}})").substr(0, 11), "422 message");
  EXPECT_EQ(told("on", R"({"message":7})").substr(0, 12), "422 message:");
  EXPECT_EQ(told("on", R"({"message":{"de":7}})").substr(0, 15), "422 message.de:");
}

/// A shared store that holds every change until the test lets it go.
class SlowStoreTest : public OperationsTest {
 protected:
  SlowStoreTest() {
    ScriptedStore& store = harness_.world.store;
    store.shared = true;
    store.saving = [this](const State&) { let_go_.get_future().wait(); };
  }
  /// What becomes of an answer once the store has let go.
  ApiAnswer later(const ApiAnswer& before) {
    ApiAnswer answer;
    EXPECT_TRUE(testing::eventually([&] {
      http::Response response;
      if (!before.deferred->take(response)) return false;
      answer = ApiHarness::answer_of(response);
      return true;
    }));
    return answer;
  }

  std::promise<void> let_go_;
};

TEST_F(SlowStoreTest, AChangeIsAnsweredLater) {
  const ApiAnswer answer = post("/api/services/orders/off");
  ASSERT_TRUE(answer.deferred);
  http::Response response;
  EXPECT_FALSE(answer.deferred->take(response));
  EXPECT_EQ(get("/api/services/orders").status, 200) << "others are answered meanwhile";
  let_go_.set_value();
  const ApiAnswer done = later(answer);
  EXPECT_EQ(done.status, 200);
  EXPECT_TRUE(done.has("ETag: \"1\""));
  EXPECT_TRUE(done.has("Cache-Control: no-store"));
  EXPECT_EQ(done.member("state"), "open");
}

// The answer is made as a stream, which says at its end how many have the change in force.
TEST_F(SlowStoreTest, AChangeIsAnsweredWhenAllHaveIt) {
  const ApiAnswer answer = post("/api/services/orders/off?wait=5s");
  ASSERT_TRUE(answer.deferred);
  let_go_.set_value();
  const ApiAnswer done = later(answer);
  EXPECT_EQ(done.status, 200);
  EXPECT_TRUE(done.has("ETag: \"1\""));
  EXPECT_TRUE(done.has("Content-Type: application/json"));
  ASSERT_TRUE(done.stream);
  EXPECT_EQ(done.body, "");
  harness_.world.store.shared = false;  // so that nobody is waited for
  std::string streamed;
  EXPECT_FALSE(done.stream->read(streamed));
  EXPECT_THAT(streamed, AllOf(StartsWith(R"({"name":"orders",)"),
                              EndsWith(R"("version":1,"instances":{"inForce":1,"missing":[]}})")));
}

TEST_F(SlowStoreTest, ARefusalComesLaterAsWell) {
  harness_.world.store.cannot_save = "the database is full";
  const ApiAnswer answer = post("/api/services/orders/off");
  ASSERT_TRUE(answer.deferred);
  let_go_.set_value();
  EXPECT_THAT(later(answer).told(), StartsWith("503 the change could not be saved"));
}

TEST_F(SlowStoreTest, WhatNeedsNoStoreIsRefusedAtOnce) {
  const ApiAnswer answer = post("/api/services/orders/off?wait=soon");
  EXPECT_EQ(answer.status, 422);
  EXPECT_FALSE(answer.deferred);
}

TEST_F(OperationsTest, OnIsRefusedWithAnEndThatIsNone) {
  EXPECT_EQ(told("on", R"({"until":"soon"})"),
            "422 until: expected a time such as 2026-12-01T22:00:00Z");
  EXPECT_EQ(told("on", R"({"until":7})"),
            "422 until: expected a time such as 2026-12-01T22:00:00Z");
  EXPECT_EQ(told("on", R"({"until":"2026-12-01T12:00:00Z"})"),
            "422 until: expected a time in the future");
  for (const char* lasts : {R"("")", R"("x")", R"("0s")", "7", "null"}) {
    EXPECT_EQ(told("on", std::string(R"({"for":)") + lasts + "}"),
              "422 for: expected a duration such as 90s, 30m or 2h")
        << lasts;
  }
  EXPECT_EQ(told("on", R"({"for":"2h","until":"2026-12-02T12:00:00Z"})"),
            "422 for: expected either until or for, got both");
  EXPECT_EQ(told("on", R"({"for":"2h","ends":"yes"})"), "422 ends: expected true or false");
  EXPECT_THAT(told("on", R"({"ends":true})"), StartsWith("422 ends: expected until or for"));
  EXPECT_TRUE(harness_.world.store.saved.empty());
}

TEST_F(OperationsTest, AutoFollowsThePlanAgain) {
  EXPECT_EQ(post("/api/services/orders/off").member("state"), "open");
  EXPECT_EQ(post("/api/services/orders/auto").member("state"), "maintenance");
  EXPECT_FALSE(state_of("orders").switched);
  EXPECT_EQ(last_change(), "as planned");
}

TEST_F(OperationsTest, ExtendMovesTheEnd) {
  EXPECT_EQ(post("/api/services/orders/extend", R"({"by":"30m"})").member("until"),
            "2026-12-01T14:30:00Z");
  for (const char* body : {"", "{}", R"({"by":""})", R"({"by":"0m"})", R"({"by":30})"}) {
    EXPECT_EQ(told("extend", body), "422 by: expected a duration such as 30m or 1h") << body;
  }
  EXPECT_EQ(post("/api/services/shop/extend", R"({"by":"30m"})").told(),
            "409 the maintenance has no known end to extend: start it with an end first");
}

// ---------------------------------------------------------------- messages

TEST_F(OperationsTest, AMessageOfAServiceThatIsNotThereIsNotSet) {
  EXPECT_EQ(
      harness_.ask("PUT", "/api/services/order/message", {.body = R"({"message":"x"})"}).told(),
      "404 service: unknown service order; did you mean orders?");
}

TEST_F(OperationsTest, AServiceNamesTheContractsThatAreNotUsed) {
  harness_.world.configure("services: [ { name: orders, contract: none.yaml } ]");
  harness_.world.loading = [&]() -> base::Result<catalog::Configuration> {
    auto configuration = harness_.world.load();
    auto contracts = snapshot::read_contracts(std::move(configuration->catalog));
    configuration->catalog = std::move(contracts.catalog);
    return configuration;
  };
  EXPECT_THAT(get("/api/services/orders").body, Not(HasSubstr("contractErrors")));
  EXPECT_EQ(post("/api/reload").status, 200);
  EXPECT_THAT(get("/api/services/orders").member("contractErrors"), HasSubstr("none.yaml"));
}

TEST_F(OperationsTest, AMessageIsSetAndReset) {
  const auto put = [&](const std::string& body) {
    return harness_.ask("PUT", "/api/services/orders/message", {.body = body});
  };
  EXPECT_THAT(put(R"({"message":{"de":"Gleich","en":"Shortly"}})").body,
              HasSubstr(R"("message":{"en":"Shortly","de":"Gleich"})"))
      << "the service's own language comes first";
  EXPECT_EQ(last_change(), "message set");
  EXPECT_EQ(put("{}").told(), "422 message: expected a text, or an object of languages");
  EXPECT_EQ(put("").told(), "422 message: expected a text, or an object of languages");
  const ApiAnswer reset = harness_.ask("DELETE", "/api/services/orders/message");
  EXPECT_THAT(reset.body,
              AllOf(HasSubstr(R"("en":"Back soon")"), HasSubstr(R"("messageByOperator":false)")));
  EXPECT_EQ(last_change(), "message as configured");
}

// ---------------------------------------------------------------- testers

TEST_F(OperationsTest, ATesterIsLetInForATime) {
  harness_.world.overrides.bypass_key = std::string(32, 'k');
  ApiAnswer answer = post("/api/services/orders/bypass", R"({"for":"30m"})");
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.member("until"), "2026-12-01T12:30:00Z");
  EXPECT_THAT(answer.member("link"), StartsWith("https://orders.example/?intermission-bypass="));
  EXPECT_THAT(answer.member("cookie"), StartsWith("intermission-bypass-orders="));
  EXPECT_EQ(last_change(), "a link for a tester until 2026-12-01T12:30:00Z");
  answer = post("/api/services/orders/bypass");
  EXPECT_EQ(answer.member("until"), "2026-12-01T13:00:00Z") << "an hour, if nothing else is said";
  EXPECT_EQ(told("bypass", R"({"until":"1h"})"), "422 until: unknown; expected one of for");
  for (const char* lasts : {R"("")", R"("0s")", "2", "null"}) {
    EXPECT_EQ(told("bypass", std::string(R"({"for":)") + lasts + "}"),
              "422 for: expected a duration such as 30m or 2h")
        << lasts;
  }
}

TEST_F(OperationsTest, NoTesterIsLetInWithoutAKeyForPasses) {
  const ApiAnswer answer = post("/api/services/orders/bypass");
  EXPECT_THAT(answer.told(), StartsWith("409 passes cannot be signed: start the gateway with"));
  EXPECT_TRUE(harness_.world.store.saved.empty());
}

// ---------------------------------------------------------------- windows

TEST_F(OperationsTest, WindowsThatAreConfiguredPlannedAndCancelled) {
  const ApiAnswer planned =
      post("/api/services/orders/windows", R"({"start":"2026-12-03T00:00:00Z","for":"1h"})");
  EXPECT_EQ(planned.status, 200) << planned.body;
  const ApiAnswer cancelled =
      harness_.ask("DELETE", "/api/services/orders/windows/2026-12-05T00:00:00Z");
  EXPECT_EQ(cancelled.status, 200) << cancelled.body;
  const ApiAnswer answer = get("/api/services/orders/windows");
  EXPECT_TRUE(answer.has("ETag: \"2\""));
  EXPECT_EQ(
      answer.body,
      R"({"planned":[{"id":"w1","window":{"start":"2026-12-03T00:00:00Z","for":"1h"}}],)"
      R"("configured":[{"id":"2026-12-01T11:00:00Z","start":"2026-12-01T11:00:00Z",)"
      R"("end":"2026-12-01T14:00:00Z","cancelled":false},)"
      R"({"id":"2026-12-05T00:00:00Z","start":"2026-12-05T00:00:00Z","end":"2026-12-05T01:00:00Z",)"
      R"("cancelled":true}],)"
      R"("next":[{"start":"2026-12-01T11:00:00Z","end":"2026-12-01T14:00:00Z"},)"
      R"({"start":"2026-12-03T00:00:00Z","end":"2026-12-03T01:00:00Z"}]})"
      "\n");
}

TEST_F(OperationsTest, TheNextTenWindowsAreShown) {
  EXPECT_EQ(post("/api/services/orders/windows",
                 R"({"start":"2026-12-10T00:00:00Z","for":"1h","rrule":"FREQ=DAILY"})")
                .status,
            200);
  const std::string body = get("/api/services/orders/windows").body;
  const std::string next = body.substr(body.find(R"("next":)"));
  EXPECT_EQ(std::count(next.begin(), next.end(), '{'), 10) << next;
}

TEST_F(OperationsTest, AWindowThatIsWrongNamesItsField) {
  EXPECT_THAT(told("windows", R"({"start":"2026-12-03T00:00:00Z"})"), StartsWith("422 "));
  EXPECT_THAT(told("windows", R"({"start":"2026-12-03T00:00:00Z","end":"soon"})"),
              StartsWith("422 end: "));
  EXPECT_EQ(told("windows", R"({"name":"x"})"),
            "422 name: unknown; expected one of start, end, for, zone, rrule, exdate");
  EXPECT_EQ(harness_.ask("DELETE", "/api/services/orders/windows/w7").told(),
            "404 unknown window w7; the service has no window of that name");
  EXPECT_TRUE(harness_.world.store.saved.empty());
}

TEST_F(OperationsTest, WindowsOfAllServicesInAStretchOfTime) {
  EXPECT_EQ(get("/api/windows?from=2026-12-01T00:00:00Z&until=2026-12-04T00:00:00Z").body,
            R"({"windows":[{"service":"orders","start":"2026-12-01T11:00:00Z",)"
            R"("end":"2026-12-01T14:00:00Z"}],"complete":true})"
            "\n");
  EXPECT_EQ(get("/api/windows?from=2026-12-01T00%3A00%3A00Z&until=2026-12-04T00:00:00Z").status,
            200);
  const std::string time = ": expected a time such as 2026-12-01T00:00:00Z";
  EXPECT_EQ(get("/api/windows").told(), "422 from" + time);
  EXPECT_EQ(get("/api/windows?from=x&until=2026-12-04T00:00:00Z").told(), "422 from" + time);
  EXPECT_EQ(get("/api/windows?from=2026-12-01T00:00:00Z").told(), "422 until" + time);
  const auto until = [&](const char* end) {
    return get("/api/windows?from=2026-12-01T00:00:00Z&until=" + std::string(end));
  };
  const std::string length = "422 until: expected a time after from, by at most 400 days";
  EXPECT_EQ(until("2026-12-01T00:00:00Z").told(), length);
  EXPECT_EQ(until("2026-12-01T00:00:01Z").status, 200);
  EXPECT_EQ(until("2028-01-05T00:00:00Z").status, 200);
  EXPECT_EQ(until("2028-01-05T00:00:01Z").told(), length);
}

TEST_F(OperationsTest, AListOfWindowsSaysWhereItIsCut) {
  harness_.world.configure(
      "services: [ { name: a, maintenance: scheduled, windows: [ { start: 2026-12-01T00:00:00Z, "
      "for: 5m, rrule: "
      "\"FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23\" } ] } "
      "]");
  const auto listed = [&](const char* until) {
    rapidjson::Document document;
    document.Parse(get("/api/windows?from=2026-12-01T00:00:00Z&until=" + std::string(until)).body);
    return std::pair{document["windows"].Size(), document["complete"].GetBool()};
  };
  EXPECT_EQ(listed("2026-12-02T00:00:00Z"), (std::pair{24U, true}));
  EXPECT_EQ(listed("2027-12-01T00:00:00Z"), (std::pair{1000U, false}));
}

// ---------------------------------------------------------------- the gateway

TEST_F(OperationsTest, HealthAndReadiness) {
  EXPECT_EQ(get("/healthz").body, "ok\n");
  EXPECT_TRUE(get("/healthz").has("Content-Type: text/plain; charset=utf-8"));
  EXPECT_EQ(get("/readyz").body, "ok\n");
  harness_.draining = true;
  EXPECT_EQ(get("/readyz").told(), "503 the gateway is shutting down");
  EXPECT_EQ(get("/healthz").status, 200) << "it is alive until it has ended";
}

TEST_F(OperationsTest, TheStatusOfTheGateway) {
  EXPECT_THAT(get("/api/status").body,
              AllOf(HasSubstr(R"("now":"2026-12-01T12:00:00Z","services":3,"inMaintenance":3,)"),
                    HasSubstr(R"("version":0,"configuration":{"readAt":"2026-12-01T12:00:00Z",)"
                              R"("failures":0},"store":{"kind":"memory",)")));
  EXPECT_EQ(post("/api/services/shop/off").status, 200);
  harness_.world.configure("services: 7");
  harness_.world.clock.advance(base::Seconds{5});
  const ApiAnswer failed = post("/api/reload");
  EXPECT_THAT(failed.told(), StartsWith("422 configuration: intermission.yaml:1: services: "));
  EXPECT_THAT(get("/api/status").body,
              AllOf(HasSubstr(R"("inMaintenance":2,"version":1,)"),
                    HasSubstr(R"("readAt":"2026-12-01T12:00:00Z","failures":1,"problem":")")));
  harness_.world.configure("services: []");
  const ApiAnswer read = post("/api/reload");
  EXPECT_EQ(read.status, 200);
  EXPECT_EQ(read.body, get("/api/status").body);
  EXPECT_THAT(
      read.body,
      AllOf(
          HasSubstr(R"("services":1,)"),
          HasSubstr(R"("readAt":"2026-12-01T12:00:05Z","failures":1},"store":{"kind":"memory",)")));
  EXPECT_EQ(post("/api/reload", R"({"x":1})").told(), "422 x: no members are expected here");
}

TEST_F(OperationsTest, TheStatusSaysWhereTheStateIsAndHowThatIs) {
  StoreStatus& store = harness_.world.store.shown;
  store.kind = "file";
  store.place = "/var/lib/state.json";
  EXPECT_THAT(
      get("/api/status").body,
      HasSubstr(
          R"("store":{"kind":"file","place":"/var/lib/state.json","reachable":true,"held":[]})"));
  store = {.kind = "postgresql",
           .place = "db, database ops",
           .is_reachable = false,
           .takes_changes = false,
           .problem = "no route",
           .since = at("2026-12-01T11:00:00Z")};
  EXPECT_THAT(get("/api/status").body,
              HasSubstr(R"("store":{"kind":"postgresql","place":"db, database ops",)"
                        R"("reachable":false,"since":"2026-12-01T11:00:00Z","notified":false,)"
                        R"("takesChanges":false,"problem":"no route","held":[]})"));
}

TEST_F(OperationsTest, AGatewayThatSharesNothingIsAnInstanceByItself) {
  EXPECT_EQ(post("/api/services/shop/off").status, 200);
  const std::string body = get("/api/instances").body;
  EXPECT_THAT(body,
              AllOf(HasSubstr(R"("name":"this gateway")"), HasSubstr(R"("version":1,)"),
                    HasSubstr(R"("living":true,"self":true}],"warnings":[],"reachable":true})")));
}

TEST_F(OperationsTest, ChangesAreListedNewestFirst) {
  harness_.ask("POST", "/api/services/orders/off", {.fields = {{"X-Operator", "anna"}}});
  harness_.world.clock.advance(base::Seconds{1});
  post("/api/services/shop/on");
  EXPECT_EQ(get("/api/changes").body,
            R"({"changes":[{"version":2,"at":"2026-12-01T12:00:01Z","service":"shop","what":"on",)"
            R"("by":""},{"version":1,"at":"2026-12-01T12:00:00Z","service":"orders","what":"off",)"
            R"("by":"claims to be anna"}]})"
            "\n");
}

TEST_F(OperationsTest, CallersAreShownWithoutTheirPasses) {
  const std::string pass = "1796167800.y18cgDvip9o2DhScWPoihDU9A9Bi5XKFWIPUc97CJp8";
  harness_.telemetry.called = {{"orders", "problem", "curl\x1b/8 " + pass,
                                "/a?intermission-bypass=" + pass, at("2026-12-01T11:59:00Z"), 7, 2,
                                3}};
  const ApiAnswer answer = get("/api/callers");
  EXPECT_THAT(answer.body, Not(HasSubstr("y18cgDvip9o2")));
  EXPECT_THAT(
      answer.body,
      StartsWith(R"({"callers":[{"service":"orders","kind":"problem","agent":"curl\\x1b/8 )"));
  EXPECT_THAT(answer.body, HasSubstr(R"-("count":7,"lastPath":"/a?intermission-bypass=(hidden)",)-"
                                     R"("lastSeen":"2026-12-01T11:59:00Z","wrongPasses":2})"));
}

TEST_F(OperationsTest, AnswersAndHistoryAreListed) {
  harness_.telemetry.answered = {{"orders", "soap", 500, 7}};
  EXPECT_EQ(get("/api/answers").body,
            R"({"now":"2026-12-01T12:00:00Z","answers":[{"service":"orders","kind":"soap",)"
            R"("status":500,"count":7}]})"
            "\n");
  harness_.telemetry.minutes = {{at("2026-12-01T11:58:00Z"), "orders", "page", 1},
                                {at("2026-12-01T11:58:00Z"), "orders", "soap", 2},
                                {at("2026-12-01T11:59:00Z"), "shop", "page", 3}};
  EXPECT_EQ(get("/api/history").body,
            R"({"now":"2026-12-01T12:00:00Z","minutes":[{"at":"2026-12-01T11:58:00Z","answers":[)"
            R"({"service":"orders","kind":"page","count":1},)"
            R"({"service":"orders","kind":"soap","count":2}]},)"
            R"({"at":"2026-12-01T11:59:00Z","answers":[)"
            R"({"service":"shop","kind":"page","count":3}]}]})"
            "\n");
}

TEST_F(OperationsTest, MetricsAreText) {
  const ApiAnswer answer = get("/metrics");
  EXPECT_EQ(answer.body, "some_total 1\n");
  EXPECT_TRUE(answer.has("Content-Type: text/plain; version=0.0.4; charset=utf-8"));
}

TEST_F(OperationsTest, TheDashboardMayNotBeFramed) {
  const ApiAnswer answer = get("/");
  EXPECT_THAT(answer.body, HasSubstr("<html"));
  EXPECT_TRUE(answer.has("Content-Type: text/html; charset=utf-8"));
  EXPECT_TRUE(answer.has("Referrer-Policy: no-referrer"));
  EXPECT_TRUE(answer.has("Cross-Origin-Opener-Policy: same-origin"));
  EXPECT_THAT(answer.fields, HasSubstr("Content-Security-Policy: "));
  EXPECT_THAT(answer.fields, HasSubstr("; frame-ancestors 'none'\r\n"));
}

// ---------------------------------------------------------------- explain

TEST_F(OperationsTest, ExplainTellsWhatAClientWouldBeTold) {
  const ApiAnswer answer =
      post("/api/explain",
           R"({"method":"GET","url":"https://orders.example/x","fields":["Accept: text/html"]})");
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_TRUE(answer.has("Content-Type: text/plain; charset=utf-8"));
  EXPECT_THAT(answer.body, AllOf(HasSubstr("orders"), HasSubstr("text/html")));
  const ApiAnswer later =
      post("/api/explain",
           R"({"method":"GET","url":"https://orders.example/x","at":"2026-12-01T14:00:00Z"})");
  EXPECT_NE(later.body,
            post("/api/explain", R"({"method":"GET","url":"https://orders.example/x"})").body);
  EXPECT_THAT(post("/api/explain").body, StartsWith("request    GET /\n"));
  EXPECT_EQ(post("/api/explain", R"({"method":"GET","url":"/","from":"192.0.2.1"})").status, 200);
  EXPECT_EQ(post("/api/explain", R"({"method":"POST","url":"/","body":"<a/>"})").status, 200);
}

TEST_F(OperationsTest, ExplainRefusesWhatIsNoRequest) {
  const auto explain = [&](const std::string& body) { return post("/api/explain", body).told(); };
  EXPECT_EQ(explain(R"({"metod":"GET"})"),
            "422 metod: unknown; expected one of method, url, fields, body, at, from");
  EXPECT_EQ(explain(R"({"method":"","url":"/"})"), "422 method: expected a method such as GET");
  EXPECT_EQ(explain(R"({"method":1,"url":"/"})"), "422 method: expected a method such as GET");
  EXPECT_EQ(explain(R"({"url":""})"),
            "422 url: expected a path, or a whole URL to name the host as well");
  EXPECT_EQ(explain(R"({"method":"GET","url":1})"),
            "422 url: expected a path, or a whole URL to name the host as well");
  EXPECT_EQ(explain(R"({"method":"GET","url":"/","body":1})"), "422 body: expected a text");
  EXPECT_EQ(explain(R"({"method":"GET","url":"/","from":"router"})"),
            "422 from: expected an address such as 10.0.0.3");
  EXPECT_EQ(explain(R"({"method":"GET","url":"/","at":"soon"})"),
            "422 at: expected a time such as 2026-12-01T22:00:00Z");
  for (const char* fields : {"{}", "[1]", R"(["Accept"])", R"([": x"])", R"(["A: b", 1])"}) {
    EXPECT_EQ(explain(std::string(R"({"method":"GET","url":"/","fields":)") + fields + "}"),
              "422 fields: expected a list of texts such as \"Accept: text/html\"")
        << fields;
  }
}

// ---------------------------------------------------------------- events

TEST_F(OperationsTest, EventsBeginWithTheNextOrWhereAListenerLeftOff) {
  post("/api/services/orders/off");
  const auto heard = [&](const testing::ApiFields& fields) {
    ApiAnswer answer = harness_.ask("GET", "/api/events", {.fields = fields});
    EXPECT_EQ(answer.status, 200);
    EXPECT_TRUE(answer.has("Content-Type: text/event-stream"));
    std::string text;
    EXPECT_TRUE(answer.stream->read(text));
    return text;
  };
  EXPECT_EQ(heard({}), ":\n\n");
  EXPECT_THAT(heard({{"Last-Event-ID", "0"}}), StartsWith("id: 1\nevent: service\n"));
  EXPECT_EQ(heard({{"Last-Event-ID", "1"}}), ":\n\n");
  EXPECT_EQ(heard({{"Last-Event-ID", "x"}}), ":\n\n");
}

TEST_F(OperationsTest, AListenerHearsWhatTimeDoes) {
  ApiAnswer answer = get("/api/events");
  std::string text;
  answer.stream->read(text);
  harness_.world.clock.advance(base::Seconds{7200});
  text.clear();
  answer.stream->read(text);
  EXPECT_THAT(text, AllOf(HasSubstr(R"("name":"orders")"), HasSubstr(R"("state":"open")")));
}

TEST_F(OperationsTest, ListenersAreBounded) {
  std::vector<ApiAnswer> listeners;
  for (std::size_t i = 0; i < Events::kMostListeners; ++i) {
    listeners.push_back(get("/api/events"));
    ASSERT_EQ(listeners.back().status, 200) << i;
  }
  const ApiAnswer refused = get("/api/events");
  EXPECT_EQ(refused.told(),
            "503 at most 64 event streams can be open at a time; close one, or try again later");
  EXPECT_TRUE(refused.has("Retry-After: 10"));
  listeners.pop_back();
  EXPECT_EQ(get("/api/events").status, 200);
}

}  // namespace
}  // namespace intermission::control
