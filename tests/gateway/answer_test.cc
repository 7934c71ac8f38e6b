// What the conversations cannot show: cost, and moments.
#include "gateway/answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalog/configuration.h"
#include "gateway/forwarded_request.h"
#include "support/allocations.h"
#include "support/cases.h"

namespace intermission::gateway {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::snapshot_for;

struct Asked {
  const char* method = "GET";
  const char* host = "billing.example.com";
  const char* target = "/cart";
  std::vector<std::pair<const char*, const char*>> fields = {};
};

void fill(http::Request& request, const Asked& asked) {
  request.reset(asked.method, asked.target, 11);
  request.add_field("Host", asked.host);
  for (const auto& [name, value] : asked.fields) request.add_field(name, value);
}

const std::vector<Asked> kEarlyAnswers = {
    {.fields = {{"Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"},
                {"Accept-Encoding", "gzip, deflate, br, zstd"},
                {"Accept-Language", "en-GB,en;q=0.9"},
                {"Sec-Fetch-Mode", "navigate"}}},
    {.fields = {{"Accept", "*/*"}, {"User-Agent", "curl/7.88.1"}}},
    {.fields = {{"Accept", "application/vnd.acme.v2+json"}}},
    {.target = "/v1/x", .fields = {{"X-Client", "legacy-1"}}},
    {.host = "a.b.orders.example.com", .fields = {{"Accept-Language", "de"}}},
    {.host = "unknown.example", .fields = {{"Accept", "application/xml"}}},
    {.method = "POST", .fields = {{"Content-Type", "application/grpc"}, {"TE", "trailers"}}},
    {.method = "POST", .fields = {{"Content-Type", "application/grpc-web-text"}}},
};

TEST(Answer, WhatWasRenderedEarlyIsPickedWithoutAllocating) {
  const auto snapshot = snapshot_for("config.yaml");
  http::Request request;
  http::Response response;
  dialect::ParsedHeaders kept;
  for (dialect::ParsedHeaders* parsed_headers :
       {static_cast<dialect::ParsedHeaders*>(nullptr), &kept}) {
    for (const Asked& asked : kEarlyAnswers) {
      const auto answer_once = [&] {
        fill(request, asked);
        response.reset();
        needs_body(request, *snapshot, parsed_headers);
        answer(request, *snapshot, {testing::cases_time(), 7}, response, parsed_headers);
      };
      answer_once();  // lets request and response grow to their usual size
      EXPECT_EQ(testing::allocations_of(answer_once), 0U) << asked.host << asked.target;
      EXPECT_FALSE(response.fields.empty());
    }
  }
}

// But for the client's own request, which is put together.
TEST(Answer, AGateOpensForUsualRequestsWithoutAllocating) {
  const auto snapshot = snapshot_for("gate/parts.yaml");
  const std::string gate = "/.well-known/intermission/gate-403";
  http::Request request;
  http::Response response;
  for (const char* target : {"/", "/cart?x=1", "/img/logo.png"}) {
    const std::string asked = gate + target;
    const auto answer_once = [&] {
      request.reset("GET", asked, 11);
      request.set_peer(std::nullopt);
      request.add_field("Host", "shop.example.com");
      request.add_field("X-Original-Method", "GET");
      response.reset();
      answer(request, *snapshot, {testing::cases_time(), 7}, response);
    };
    answer_once();
    EXPECT_EQ(response.status, 204);
    const auto rebuild = [&] {
      const ForwardedRequest forwarded(request, snapshot->catalog().front());
    };
    EXPECT_EQ(testing::allocations_of(answer_once), testing::allocations_of(rebuild)) << target;
  }
}

TEST(Answer, WhatAContractPromisesIsFilledInWithoutAllocating) {
  const auto snapshot = snapshot_for("contract.yaml");
  const std::string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
  const std::string traceparent = "00-" + trace + "-00f067aa0ba902b7-01";
  http::Request request;
  http::Response response;
  for (const char* id : {"4bf92f35-77b3-4da6-a3ce-929d0e0e4736", "one that does not fit"}) {
    const Asked asked{.host = "parcels.example.com",
                      .target = "/v1/labels/7",
                      .fields = {{"Accept", "application/json"},
                                 {"X-Request-Id", id},
                                 {"traceparent", traceparent.c_str()}}};
    const auto answer_once = [&] {
      fill(request, asked);
      response.reset();
      answer(request, *snapshot, {testing::cases_time(), 7}, response);
    };
    answer_once();
    EXPECT_EQ(testing::allocations_of(answer_once), 0U) << id;
    EXPECT_NE(response.body.view().find(trace), std::string_view::npos);
    EXPECT_EQ(response.body.view().find(id) != std::string_view::npos,
              std::string_view(id).size() == 36);
  }
}

std::string field_of(const http::Response& response, const std::string& name) {
  for (const auto& [field, value] : testing::split_fields(response.fields.text())) {
    if (field == name) return value;
  }
  return "";
}

http::Response answer_at(base::TimePoint now, std::uint32_t draw) {
  http::Request request;
  fill(request, {.host = "orders.example.com", .fields = {{"Accept", "application/json"}}});
  http::Response response;
  answer(request, *snapshot_for("config.yaml"), {now, draw}, response);
  response.body.own() = std::string(response.body.view());
  return response;
}

TEST(Answer, HeaderAndBodySayTheSameSeconds) {
  for (const std::uint32_t draw : {0U, 1U << 30, 1U << 31, 0xffffffffU}) {
    const auto response = answer_at(testing::cases_time(), draw);
    const std::string seconds = field_of(response, "Retry-After");
    EXPECT_NE(response.body.view().find("\"retryAfter\":" + seconds + ","), std::string::npos)
        << response.body.view();
  }
}

TEST(Answer, TheEndIsKnownOnlyWhileTheWindowLasts) {
  const auto inside = answer_at(testing::cases_time(), 0);
  EXPECT_NE(inside.body.view().find("\"endsAt\":\"2026-12-01T23:00:00Z\""), std::string::npos);
  EXPECT_EQ(field_of(inside, "Retry-After"), "1800");
  const auto after = answer_at(testing::cases_time() + base::Seconds{3600}, 0);
  EXPECT_EQ(after.body.view().find("endsAt"), std::string::npos);
  EXPECT_EQ(field_of(after, "Retry-After"), "5");
}

TEST(Answer, AnAnswerIsTheSameWithATrace) {
  http::Request request;
  for (const Asked& asked : kEarlyAnswers) {
    fill(request, asked);
    http::Response plain;
    http::Response traced;
    Trace trace;
    answer(request, *snapshot_for("config.yaml"), {testing::cases_time(), 7}, plain);
    answer(request, *snapshot_for("config.yaml"), {testing::cases_time(), 7}, traced, nullptr,
           &trace);
    EXPECT_EQ(plain.fields, traced.fields);
    EXPECT_EQ(plain.body.view(), traced.body.view());
    EXPECT_FALSE(trace.steps.empty());
  }
}

std::string findings(const char* host, const snapshot::Snapshot& snapshot) {
  http::Request request;
  fill(request, {.host = host, .fields = {{"Accept-Language", "de"}}});
  http::Response response;
  Trace trace;
  answer(request, snapshot, {testing::cases_time(), 7}, response, nullptr, &trace);
  std::string all;
  for (const Trace::Step& step : trace.steps) all += step.finding + '\n';
  return all;
}

TEST(Answer, ATraceNamesTheLanguageWhereThereIsAChoice) {
  const auto snapshot = snapshot_for("config.yaml");
  EXPECT_THAT(findings("orders.example.com", *snapshot), HasSubstr("language de of "));
  EXPECT_THAT(findings("portal.example.com", *snapshot), Not(HasSubstr("language ")));
}

snapshot::Snapshot snapshot_of(const std::string& services) {
  auto loaded = catalog::load_text("services: [" + services + "]", "f", {});
  if (!loaded) throw std::runtime_error(loaded.error().text());
  return snapshot::Snapshot(std::move(loaded->catalog));
}

TEST(Answer, ATraceSaysWhatAGateWouldSayOtherwise) {
  const snapshot::Snapshot snapshot = snapshot_of(
      "{ name: a, hosts: [a.example] }, { name: open, hosts: [open.example], maintenance: off }");
  EXPECT_THAT(findings("unknown.example", snapshot), HasSubstr("open at a gate: "));
  EXPECT_THAT(findings("a.example", snapshot), Not(HasSubstr("open at a gate")));
  EXPECT_THAT(findings("open.example", snapshot), Not(HasSubstr("open at a gate")));
}

TEST(Answer, ARuleWantsAllItsFields) {
  const snapshot::Snapshot snapshot = snapshot_of(
      "{ name: a, rules: [{ when: { header: { X-One: '1', X-Two: 'a*c' } }, answer: text }] }");
  const auto kind_for = [&](std::vector<std::pair<const char*, const char*>> fields) {
    http::Request request;
    fields.emplace_back("Accept", "application/json");
    fill(request, {.fields = std::move(fields)});
    http::Response response;
    return answer(request, snapshot, {testing::cases_time(), 7}, response).kind;
  };
  EXPECT_EQ(kind_for({{"X-One", "1"}, {"X-Two", "abc"}}), "text");
  EXPECT_EQ(kind_for({{"X-One", "1"}, {"X-Two", "abcd"}}), "problem");
  EXPECT_EQ(kind_for({{"X-One", "1"}}), "problem");
  EXPECT_EQ(kind_for({{"X-Two", "abc"}}), "problem");
}

TEST(Answer, AGateGivesTheClientsStatusIfThatIsAnError) {
  const auto snapshot = testing::snapshot_for("config.yaml");
  const std::string form = "grant_type=client_credentials";
  for (const auto& [host, status] :
       {std::pair("portal.example.com", 400), std::pair("billing.example.com", 503)}) {
    http::Request request;
    request.reset("POST", "/.well-known/intermission/gate/token", 11);
    request.add_field("Host", host);
    request.add_field("Content-Type", "application/x-www-form-urlencoded");
    request.set_body(form, true);
    http::Response response;
    EXPECT_EQ(answer(request, *snapshot, {testing::cases_time(), 7}, response).kind, "oauth");
    EXPECT_EQ(response.status, status);
  }
}

Outcome outcome_of(const Asked& asked) {
  http::Request request;
  fill(request, asked);
  http::Response response;
  return answer(request, *snapshot_for("config.yaml"), {testing::cases_time(), 7}, response);
}

TEST(Answer, SaysWhoSpokeForWhichService) {
  const auto page = outcome_of({.fields = {{"Sec-Fetch-Mode", "navigate"}}});
  EXPECT_EQ(page.service, "billing");
  EXPECT_EQ(page.kind, "page");
  EXPECT_TRUE(page.in_maintenance);
  EXPECT_EQ(outcome_of({.target = "/v1/x", .fields = {{"X-Client", "legacy-1"}}}).kind, "legacy");
}

TEST(Answer, CallsItsOwnTargetsReserved) {
  const auto health = outcome_of({.target = "/.well-known/intermission/health"});
  EXPECT_EQ(health.kind, "reserved");
  EXPECT_EQ(health.service, "");
  const auto notice = outcome_of({.target = "/.well-known/intermission/notice"});
  EXPECT_EQ(notice.kind, "reserved");
  EXPECT_EQ(notice.service, "billing");
}

TEST(Answer, EchoesNoIdThatIsTooLongToBeOne) {
  const std::string longest(200, 'x');
  const std::string longer = longest + "x";
  http::Request request;
  http::Response response;
  for (const auto& [id, expected] :
       {std::pair(longest, longest), std::pair(longer, std::string())}) {
    fill(request, {.fields = {{"X-Request-Id", id.c_str()}}});
    response.reset();
    answer(request, *snapshot_for("config.yaml"), {testing::cases_time(), 7}, response);
    EXPECT_EQ(field_of(response, "X-Request-Id"), expected);
  }
}

}  // namespace
}  // namespace intermission::gateway
