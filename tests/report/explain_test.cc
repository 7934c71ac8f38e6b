#include "report/explain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "catalog/configuration.h"
#include "report/check.h"
#include "support/cases.h"
#include "support/temporary_folder.h"

namespace intermission::report {
namespace {

std::string explain_here(const Question& question) {
  return explain(question, *testing::snapshot_for("config.yaml"), {testing::cases_time(), 0});
}

TEST(Explain, TellsEveryStationAndTheAnswer) {
  EXPECT_EQ(explain_here({.url = "http://orders.example.com/7",
                          .fields = {{"Accept", "application/json"}, {"Accept-Language", "de"}}}),
            R"(request    GET http://orders.example.com/7
catalog    service orders, for host orders.example.com and path /7
gate       in maintenance: a planned window is in progress; clients should wait 1800 s
client     problem is a candidate: problem details are always on offer; it is the service's default
client     text is a candidate: plain text is always on offer
negotiate  language de of 2
negotiate  problem as application/json: Accept names it
negotiate  content coding identity, 329 bytes

HTTP/1.1 503 Service Unavailable: Wir machen Inventur
Content-Type: application/json
Cache-Control: no-store
Retry-After: 1800
Content-Language: de
X-Content-Type-Options: nosniff
X-Maintenance: orders
Vary: Accept, Accept-Encoding, Accept-Language, anthropic-version, Authorization, Content-Type, DataServiceVersion, Datastar-Request, FX-Request, HX-Request, MaxDataServiceVersion, Next-Action, Notion-Version, npm-command, npm-session, OData-MaxVersion, OData-Version, Origin, SdkVersion, Sec-Fetch-Dest, Sec-Fetch-Mode, Stripe-Version, Upgrade, User-Agent, Wicket-Ajax, X-Asana-Client-Lib, X-Auth-Token, X-Flamethrower, X-Goog-Api-Client, X-Inertia, X-Livewire, X-Livewire-Navigate, x-ms-version, X-PJAX-Selectors, X-Postmark-Account-Token, X-Postmark-Server-Token, X-Requested-With, X-Stainless-Lang, X-Stainless-Package-Version, X-Stainless-Runtime, X-Stripe-Client-User-Agent, x-sveltekit-action, X-TYPESENSE-API-KEY, X-Up-Version, X-Vault-Request, X-Vault-Token
Content-Length: 329

{"detail":"Wir machen Inventur","message":"Wir machen Inventur. Voraussichtlich wieder da: 2026-12-01 23:00 UTC. Bitte versuchen Sie es in 1800 Sekunden erneut.","type":"about:blank","title":"Service Unavailable","status":503,"service":"orders","retryAfter":1800,"startsAt":"2026-12-01T22:00:00Z","endsAt":"2026-12-01T23:00:00Z"}
)");
}

TEST(Explain, SaysByWhatAClientIsKnown) {
  const std::string told = explain_here({.method = "POST",
                                         .url = "http://orders.example.com/shop.Orders/Get",
                                         .fields = {{"Content-Type", "application/grpc"}}});
  EXPECT_NE(told.find("\nclient     grpc: Content-Type is application/grpc\n"), std::string::npos)
      << told;
}

TEST(Explain, BelievesWhomItIsSentFrom) {
  Question question{.url = "/",
                    .fields = {{"Host", "orders.example.com"},
                               {"X-Code", "503"},
                               {"X-Namespace", "shop"},
                               {"X-Service-Name", "orders"},
                               {"X-Original-URI", "/orders/7"}},
                    .from = http::Address::parse("127.0.0.1")};
  const auto snapshot = testing::snapshot_for("gate/error-backend.yaml");
  const std::string told = explain(question, *snapshot, {testing::cases_time(), 0});
  EXPECT_NE(told.find("origin     ingress-nginx got 503 from the service shop/orders\n"
                      "origin     GET /orders/7 for host orders.example.com\n"),
            std::string::npos)
      << told;
  question.from.reset();
  const std::string unbelieved = explain(question, *snapshot, {testing::cases_time(), 0});
  EXPECT_EQ(unbelieved.find("origin"), std::string::npos) << unbelieved;
}

TEST(Explain, ShowsNoPass) {
  const std::string pass = "1796167800.y18cgDvip9o2DhScWPoihDU9A9Bi5XKFWIPUc97CJp8";
  const auto snapshot = testing::snapshot_for("gate/config.yaml");
  for (const std::string& url : {"http://orders.example.com/orders?intermission-bypass=" + pass,
                                 "http://orders.example.com/" + pass,
                                 "http://orders.example.com/?intermission%2dbypass=" + pass}) {
    const Question question{.url = url,
                            .fields = {{"Cookie", "intermission-bypass-orders=" + pass}},
                            .from = http::Address::parse("127.0.0.1")};
    const std::string told = explain(question, *snapshot, {testing::cases_time(), 0});
    EXPECT_EQ(told.find("y18cgDvip9o2"), std::string::npos) << told;
    EXPECT_NE(told.find("(hidden)"), std::string::npos) << told;
  }
}

TEST(Explain, TellsWhereAGateWouldSayOtherwise) {
  const auto snapshot = testing::snapshot_for("gate/config.yaml");
  const std::string told =
      explain({.url = "http://unknown.example.com/"}, *snapshot, {testing::cases_time(), 0});
  EXPECT_NE(told.find("gate       in maintenance: maintenance is on, with no known end"),
            std::string::npos);
  EXPECT_NE(told.find("gate       open at a gate: defaults.maintenance is not on\n"),
            std::string::npos)
      << told;
}

TEST(Explain, NamesTheRuleThatDecided) {
  const std::string told = explain_here(
      {.url = "http://billing.example.com/v1/x", .fields = {{"X-Client", "legacy-7"}}});
  EXPECT_NE(told.find("client     legacy: rule 1 of the service matches\n"), std::string::npos)
      << told;
}

TEST(Explain, SaysWhetherTheBodyIsRead) {
  const std::string soap = explain_here({.method = "POST",
                                         .url = "http://orders.example.com/",
                                         .fields = {{"Content-Type", "text/xml"}},
                                         .body = "<a/>"});
  EXPECT_NE(soap.find("body       4 bytes, read"), std::string::npos) << soap;
  const std::string csv = explain_here({.method = "POST",
                                        .url = "http://orders.example.com/",
                                        .fields = {{"Content-Type", "text/csv"}},
                                        .body = "a,"});
  EXPECT_NE(csv.find("body       2 bytes, not read"), std::string::npos) << csv;
}

TEST(Explain, LooksAtTheBody) {
  EXPECT_THAT(explain_here({.method = "POST",
                            .url = "http://orders.example.com/rpc",
                            .fields = {{"Content-Type", "text/xml"}},
                            .body = "<?xml version='1.0'?><methodCall><methodName>get</methodName>"
                                    "</methodCall>"}),
              ::testing::HasSubstr("<methodResponse>"));
}

TEST(Explain, NamesADisabledKindThatTheRequestShows) {
  const auto snapshot = testing::snapshot_for("services/disabled-kinds.yaml");
  const auto told = [&](std::string_view path) {
    return explain({.method = "POST", .url = "http://charts.example.com" + std::string(path)},
                   *snapshot, {testing::cases_time(), 0});
  };
  const std::string line = "client     graphql is disabled, although the path ends in /graphql\n";
  EXPECT_NE(told("/graphql").find(line), std::string::npos) << told("/graphql");
  EXPECT_EQ(told("/charts").find("disabled"), std::string::npos) << told("/charts");
  EXPECT_EQ(told("/old/graphql").find("disabled"), std::string::npos) << "a rule chooses it";
}

TEST(Explain, ForeignBytesAreMadeHarmless) {
  const std::string told = explain_here({.url = "/\x1b[2J\r\nSet-Cookie: a"});
  EXPECT_EQ(told.find('\x1b'), std::string::npos);
  EXPECT_EQ(told.find("\nSet-Cookie"), std::string::npos);
}

TEST(Check, ReportsEveryService) {
  const std::string report =
      check_report(*testing::snapshot_for("config.yaml"), testing::cases_time());
  for (const char* part :
       {"service orders (Orders)", "answers for orders.example.com, *.orders.example.com",
        "in maintenance: a planned window is in progress, until 2026-12-01T23:00:00Z",
        "languages   en, de", "path /v1/*, X-Client legacy-* -> legacy", "service default",
        "requests that belong to no other service", "answers by kind of client, from orders, ",
        "  grpc           200                 503        application/grpc, "
        "application/grpc+proto\n",
        "answers by kind of client, from billing:\n"}) {
    EXPECT_NE(report.find(part), std::string::npos) << part << "\n" << report;
  }
}

std::string report_of(std::string_view configuration) {
  const snapshot::Snapshot snapshot(std::move(*catalog::load_text(configuration, "f", {})).catalog);
  return check_report(snapshot, testing::cases_time());
}

// What a report says in a line of that name, and how often.
std::vector<std::string> lines_of(const std::string& report, const std::string& name) {
  std::vector<std::string> out;
  const std::string start = "\n  " + name + std::string(12 - name.size(), ' ');
  for (auto at = report.find(start); at != std::string::npos; at = report.find(start, at + 1)) {
    const auto from = at + start.size();
    out.push_back(report.substr(from, report.find('\n', from) - from));
  }
  return out;
}

using Lines = std::vector<std::string>;

TEST(Check, DescribesEveryConditionOfARule) {
  const auto rules = [](const std::string& when) {
    return lines_of(report_of("services: [{name: a, rules: [{when: " + when + ", answer: text}]}]"),
                    "rule");
  };
  EXPECT_EQ(rules("{path: /a, method: [PUT, PATCH], user_agent: b*, header: {X-C: d}}"),
            Lines{"path /a, method PUT or PATCH, User-Agent b*, X-C d -> text"});
}

TEST(Check, SaysWhatTheSwitchesForSingleClientsMean) {
  const std::vector<std::string_view> said = {
      "  grpc        health: false: health checks get UNAVAILABLE with the message\n",
      "  oauth       400: Node's openid-client shows the message; clients that wait and retry "
      "after "
      "503 do not\n",
      "  problem     type urn:example:down\n",
      "  phrase      registered: wget, go, npm and others that show only the status line do not "
      "show "
      "the message\n",
      "  websocket   closed with 1013: scripts in browsers and most clients show the message\n",
      "  websocket   warning: socket.io by WebSocket alone shows no message then, and with 0 it "
      "reports an error\n",
      "  websocket   warning: OkHttp before 4 takes 1013 for a breach of the protocol; 0 and 1001 "
      "are "
      "right for it\n",
      "  oauth          400                 400        application/json\n"};
  const std::string switched = report_of(
      "services: [{name: a, grpc: {health: false}, oauth: {status: 400}, problem: {type: "
      "'urn:example:down'}, "
      "reason_phrase: false, websocket: {close: 1013}}]");
  const std::string standard = report_of("services: [{name: a}]");
  for (const std::string_view line : said) {
    EXPECT_NE(switched.find(line), std::string::npos) << line << "\n" << switched;
    EXPECT_EQ(standard.find(line), std::string::npos) << line;
  }
  const std::string going_away = report_of("services: [{name: a, websocket: {close: 1001}}]");
  EXPECT_NE(going_away.find("closed with 1001"), std::string::npos) << going_away;
  EXPECT_EQ(going_away.find("OkHttp"), std::string::npos) << going_away;
}

TEST(Check, LeavesOutDisabledKindsThatNothingChooses) {
  const std::string report = report_of(
      "services: [{name: a, disabled_kinds: [soap, grpc, graphql], answer: soap, rules: "
      "[{when: {path: /a}, answer: graphql}]}, {name: b, hosts: [b.example]}]");
  EXPECT_EQ(lines_of(report, "disabled"),
            Lines{"graphql, grpc, soap: chosen by a rule or answer alone"});
  const auto tables = report.find("answers by kind of client, from a:\n");
  ASSERT_NE(tables, std::string::npos) << report;
  const std::string of_a =
      report.substr(tables, report.find("answers by kind of client", tables + 1) - tables);
  EXPECT_EQ(of_a.find("\n  grpc  "), std::string::npos) << of_a;
  for (const char* kind : {"\n  soap  ", "\n  graphql  ", "\n  grpc_web  ", "\n  problem  "}) {
    EXPECT_NE(of_a.find(kind), std::string::npos) << kind << of_a;
  }
}

TEST(Check, DescribesWhatIsInMaintenance) {
  const auto scope = [](const std::string& of) {
    return lines_of(report_of("services: [{name: a, scope: " + of + "}]"), "scope");
  };
  EXPECT_EQ(scope("{methods: [POST, PUT]}"), Lines{"POST, PUT"});
  EXPECT_EQ(scope("{paths: [/a, /b]}"), (Lines{"/a, /b"}));
  EXPECT_EQ(scope("{methods: [POST], paths: [/a]}"), Lines{"POST below /a"});
}

TEST(Check, SaysWhatAGateSays) {
  EXPECT_EQ(
      lines_of(report_of("services: [{name: a, maintenance: on}]"), "at a gate")[0].substr(0, 15),
      "in maintenance:");
  EXPECT_EQ(
      lines_of(report_of("services: [{name: a, maintenance: off}]"), "at a gate")[0].substr(0, 5),
      "open:");
}

// Its window lasts since 22:00; those after it are listed too, five in all.
TEST(Check, ListsTheWindowThatLastsAndTheNextOnes) {
  const std::string weekly =
      "services: [{name: a, maintenance: scheduled, windows: [{start: 2026-12-01T22:00:00, zone: "
      "Etc/UTC, for: 1h, rrule: FREQ=DAILY}]}]";
  EXPECT_EQ(lines_of(report_of(weekly), "window"),
            (Lines{"2026-12-01T22:00:00Z to 2026-12-01T23:00:00Z",
                   "2026-12-02T22:00:00Z to 2026-12-02T23:00:00Z",
                   "2026-12-03T22:00:00Z to 2026-12-03T23:00:00Z",
                   "2026-12-04T22:00:00Z to 2026-12-04T23:00:00Z",
                   "2026-12-05T22:00:00Z to 2026-12-05T23:00:00Z"}));
  EXPECT_EQ(lines_of(report_of("services: [{name: a}]"), "window"), Lines{});
}

TEST(Check, ListsNoWindowThatHasEnded) {
  const std::string daily =
      "services: [{name: a, maintenance: scheduled, windows: [{start: 2026-11-01T20:00:00, zone: "
      "Etc/UTC, for: 1h, rrule: FREQ=DAILY}]}]";
  EXPECT_EQ(lines_of(report_of(daily), "window")[0],
            "2026-12-02T20:00:00Z to 2026-12-02T21:00:00Z");
}

TEST(Check, SaysWhatIsWrongWithATemplate) {
  const testing::TemporaryFolder folder;
  folder.write("page.html", "<p>{{message}} {{mesage}}</p>");
  const auto file =
      folder.write("c.yaml", "services: [{ name: a, page: { template: page.html } }]");
  auto configuration = catalog::load_file(file.string(), {});
  ASSERT_TRUE(configuration) << configuration.error().text();
  const snapshot::Snapshot snapshot(std::move(configuration->catalog));
  const Lines found = lines_of(check_report(snapshot, testing::cases_time()), "page");
  EXPECT_THAT(found,
              ::testing::Contains("line 1 of the template names the unknown variable mesage"));
}

TEST(Check, WarnsOfAListOfMethodsAndOfParts) {
  const std::string list = "warning: methods that are not listed pass";
  const std::string parts = "warning: parts of this host can differ";
  const std::string any_case = "in any case of letters (see case_sensitive_paths)";
  const auto methods =
      report_of("services: [{name: a, hosts: [a.example], scope: {methods: [POST]}}]");
  EXPECT_NE(methods.find(list), std::string::npos) << methods;
  EXPECT_NE(methods.find("X-HTTP-Method-Override"), std::string::npos) << methods;
  EXPECT_EQ(methods.find(parts), std::string::npos) << methods;
  const auto reads = report_of("services: [{name: a, scope: {allow: reads, paths: [/x]}}]");
  EXPECT_EQ(reads.find(list), std::string::npos) << reads;
  EXPECT_NE(reads.find("every method but GET, HEAD and OPTIONS below /x"), std::string::npos);
  EXPECT_NE(reads.find(parts), std::string::npos) << reads;
  EXPECT_NE(reads.find(any_case), std::string::npos) << reads;
  const auto part = report_of(
      "services: [{name: a, hosts: ['*.a.example']}, "
      "{name: b, hosts: ['*.a.example'], paths: [/b], case_sensitive_paths: true}]");
  EXPECT_NE(part.find(parts), part.rfind(parts)) << part;
  EXPECT_NE(part.find("upper and lower case are different"), std::string::npos) << part;
  const auto apex = report_of(
      "services: [{name: a, hosts: ['**.a.example']}, "
      "{name: b, hosts: [a.example], paths: [/b]}]");
  EXPECT_NE(apex.find(parts), apex.rfind(parts)) << apex;
  const auto whole = report_of("services: [{name: a, hosts: [a.example]}]");
  EXPECT_EQ(whole.find("warning: "), std::string::npos) << whole;
}

}  // namespace
}  // namespace intermission::report
