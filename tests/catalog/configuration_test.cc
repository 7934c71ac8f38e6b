#include "catalog/configuration.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "http/date.h"
#include "support/temporary_folder.h"

namespace intermission::catalog {
namespace {

Configuration load(std::string_view text, const Overrides& overrides = {}) {
  auto configuration = load_text(text, "f", overrides);
  if (!configuration) {
    ADD_FAILURE() << configuration.error().text();
    return built_in({});
  }
  return *std::move(configuration);
}

/// The only service of a file, or the fallback of one without services.
Service first(std::string_view text, const Overrides& overrides = {}) {
  return load(text, overrides).catalog.services().front();
}

/// "en=Hello|de=Hallo"
std::string texts(const LocalizedText& text) {
  std::string all;
  for (const auto& [language, words] : text.entries) {
    all += (all.empty() ? "" : "|") + language + "=" + words;
  }
  return all;
}

TEST(Configuration, AnEmptyMapIsAllDefaults) {
  const Configuration configuration = load("{}");
  EXPECT_EQ(configuration.listen.address, "0.0.0.0");
  EXPECT_EQ(configuration.listen.port, 8080);
  EXPECT_EQ(configuration.listen.workers, 0U);
  EXPECT_EQ(configuration.control.address, "127.0.0.1");
  EXPECT_EQ(configuration.control.port, 9099);
  EXPECT_TRUE(configuration.control.hosts.empty());
  EXPECT_EQ(configuration.state.file, "intermission.state.json");
  EXPECT_EQ(configuration.limits.header_bytes, 65'536U);
  ASSERT_EQ(configuration.catalog.services().size(), 1U);
  const Service& service = configuration.catalog.services()[0];
  EXPECT_EQ(service.name, "default");
  EXPECT_EQ(service.title, "");
  EXPECT_EQ(texts(service.message), "en=System currently down for maintenance");
  EXPECT_TRUE(service.rules.empty());
  EXPECT_EQ(service.paths, std::vector<std::string>{"/"});
}

TEST(Configuration, AContractMayReferToFilesOfItsOwnFolderOrOfTheRoot) {
  const auto root = [](const std::string& more, const std::string& file) {
    return load_text("services: [{name: a, contract: api/a.yaml" + more + "}]", file, {})
        ->catalog.services()
        .front()
        .contract_root;
  };
  EXPECT_EQ(root("", "/etc/x/config.yaml"), "/etc/x/.");
  EXPECT_EQ(root(", contract_root: apis", "/etc/x/config.yaml"), "/etc/x/apis");
  EXPECT_EQ(root(", contract_root: /srv/apis", "/etc/x/config.yaml"), "/srv/apis");
}

TEST(Configuration, NamesOfFilesAreMeantFromTheFolderOfTheConfiguration) {
  const auto state_of = [](const std::string& text, const std::string& file) {
    const auto loaded = load_text(text, file, {});
    EXPECT_TRUE(loaded) << loaded.error().text();
    return loaded ? loaded->state : StateSettings{};
  };
  EXPECT_EQ(state_of("{}", "/etc/x/a.yaml").file, "/etc/x/intermission.state.json");
  EXPECT_EQ(state_of("state: { file: s/b.json }", "/etc/x/a.yaml").file, "/etc/x/s/b.json");
  EXPECT_EQ(state_of("state: { file: /var/b.json }", "/etc/x/a.yaml").file, "/var/b.json");
  EXPECT_EQ(state_of("state: { file: \"\" }", "/etc/x/a.yaml").file, "");
  EXPECT_EQ(state_of("state: { file: \"\" }", "/etc/x/a.yaml").folder, "/etc/x/");
  EXPECT_EQ(state_of("{}", "x/a.yaml").file, "x/intermission.state.json");
  EXPECT_EQ(state_of("{}", "a.yaml").file, "intermission.state.json");
  EXPECT_EQ(state_of("{}", "a.yaml").folder, "");
  const auto log = load_text("access_log: { format: json, file: a.log }", "/etc/x/a.yaml", {});
  ASSERT_TRUE(log);
  EXPECT_EQ(log->access_log.file, "/etc/x/a.log");
}

TEST(Configuration, AnOutageMessageIsInheritedAndTheLanguageComesFirst) {
  const Configuration configuration = load(
      "defaults: { outage_message: { en: Call us, de: Rufen Sie an } }\n"
      "services:\n"
      "  - { name: a, hosts: [a.example.com] }\n"
      "  - { name: b, hosts: [b.example.com], language: de, message: Wartung }\n"
      "  - { name: c, hosts: [c.example.com], outage_message: Write to us }\n"
      "  - { name: d, hosts: [d.example.com], language: de, message: Wartung, outage_message: "
      "Schreiben Sie }\n");
  const auto services = configuration.catalog.services();
  EXPECT_EQ(texts(services[0].outage_message), "en=Call us|de=Rufen Sie an");
  EXPECT_EQ(texts(services[1].outage_message), "de=Rufen Sie an|en=Call us");
  EXPECT_EQ(texts(services[2].outage_message), "en=Write to us");
  EXPECT_EQ(texts(services[3].outage_message), "de=Schreiben Sie");
  EXPECT_EQ(texts(services[4].outage_message), "en=Call us|de=Rufen Sie an");
  EXPECT_EQ(texts(first("{}").outage_message), "");
}

TEST(Configuration, UnknownHostsThatHearOfAnOutageAreOpen) {
  const auto services = [](std::string_view defaults) {
    return load("defaults: " + std::string(defaults) +
                "\nservices: [ { name: a, hosts: [a.example.com] } ]")
        .catalog;
  };
  for (const std::string_view defaults :
       {"{ unknown_hosts: outage }", "{ unknown_hosts: outage, maintenance: on }"}) {
    const Catalog catalog = services(defaults);
    EXPECT_EQ(catalog.services()[0].maintenance, base::Maintenance::kOn) << defaults;
    EXPECT_EQ(catalog.services()[1].maintenance, base::Maintenance::kOff) << defaults;
    EXPECT_TRUE(catalog.services()[1].open_at_gate) << defaults;
  }
  for (const std::string_view defaults : {"{ unknown_hosts: maintenance }", "{ title: x }"}) {
    const Catalog catalog = services(defaults);
    EXPECT_EQ(catalog.services()[1].maintenance, base::Maintenance::kOn) << defaults;
    EXPECT_TRUE(catalog.services()[1].open_at_gate) << defaults;
  }
  EXPECT_FALSE(
      services("{ unknown_hosts: maintenance, maintenance: on }").services()[1].open_at_gate);
}

TEST(Configuration, HostsOfTheControlListener) {
  EXPECT_EQ(
      load("control: { hosts: [Ops.example.com., \"[2001:db8::7]\", 192.0.2.7] }").control.hosts,
      (std::vector<std::string>{"ops.example.com", "[2001:db8::7]", "192.0.2.7"}));
}

TEST(Configuration, ControlAndState) {
  const Configuration configuration =
      load("control: { address: \"::1\", port: 0 }\nstate: { file: \"\" }\n");
  EXPECT_EQ(configuration.control.address, "::1");
  EXPECT_EQ(configuration.control.port, 0);
  EXPECT_EQ(configuration.state.file, "");
}

TEST(Configuration, Listen) {
  const Configuration configuration =
      load("listen: { address: \"::1\", port: 0, workers: 3 }\nlimits: { connections: 7 }\n");
  EXPECT_EQ(configuration.listen.address, "::1");
  EXPECT_EQ(configuration.listen.port, 0);
  EXPECT_EQ(configuration.listen.workers, 3U);
  EXPECT_EQ(configuration.limits.connections, 7U);
}

TEST(Configuration, CertificatesAreMeantFromTheFolderOfTheConfiguration) {
  const auto loaded = load_text(
      "listen: { tls: { certificates: [{ certificate: a.pem, key: /k/a.key }, "
      "{ certificate: b.pem, key: b.key }], min_version: \"1.3\", client_ca: ca.pem } }\n"
      "control: { tls: { certificate: c.pem, key: c.key } }\n",
      "/etc/i.yaml", {});
  ASSERT_TRUE(loaded) << loaded.error().text();
  ASSERT_TRUE(loaded->listen.tls);
  const ListenTls& tls = *loaded->listen.tls;
  EXPECT_EQ(tls.port, 8443);
  ASSERT_EQ(tls.certificates.size(), 2U);
  EXPECT_EQ(tls.certificates[0].certificate.path, "/etc/a.pem");
  EXPECT_EQ(tls.certificates[0].key.path, "/k/a.key");
  EXPECT_TRUE(tls.only_tls13);
  EXPECT_EQ(tls.client_ca.path, "/etc/ca.pem");
  ASSERT_TRUE(loaded->control.tls);
  EXPECT_EQ(loaded->control.tls->key.path, "/etc/c.key");
}

TEST(Configuration, Json) {
  const Service service = first(
      R"({"services": [{"name": "orders", "maintenance": "off", "message": "\ud83d\ude34"}]})");
  EXPECT_EQ(service.name, "orders");
  EXPECT_EQ(service.maintenance, base::Maintenance::kOff);
  EXPECT_EQ(texts(service.message), "en=\xf0\x9f\x98\xb4");
}

TEST(Configuration, EverythingThatAServiceSays) {
  const Configuration configuration = load(R"(
services:
  - name: orders.v2
    hosts: [Orders.Example.COM., "*.Orders.example.com", "[2001:DB8::1]"]
    paths: [/v1/, /caf%C3%A9, /]
    title: Orders
    message: { de: Bald, en: Soon }
    language: en
    maintenance: scheduled
    windows:
      - { start: 2026-12-06T02:00:00+01:00, end: 2026-12-06T04:00:00+01:00 }
      - { start: 2026-12-01T22:00:00Z, end: 2026-12-02T02:00:00Z }
    retry_after: { default: 2m, min: 10, max: 1h, jitter: 0% }
    answer: text
    disabled_kinds: [webdav, graphql, webdav]
    soap: { status: 503 }
    grpc: { health: false }
    oauth: { status: 400 }
    problem: { type: "https://example.com/problems/down#now" }
    reason_phrase: false
    websocket: { close: 1012 }
    probe: { status: 503 }
    robots: "User-agent: *"
    legacy:
      status: 418
      header: "X-Code:  a: {{title}} "
      body: { type: Exception, n: [1, null, "{{message}}"] }
    rules:
      - when: { path: /v1/*, method: [GET, M-SEARCH], header: { X-Client: legacy-* }, user_agent: Old/* }
        answer: legacy
      - { when: { method: HEAD }, answer: page }
)");
  ASSERT_EQ(configuration.catalog.services().size(), 2U);
  const Service& service = configuration.catalog.services()[0];
  EXPECT_EQ(service.name, "orders.v2");
  EXPECT_EQ(service.hosts, (std::vector<std::string>{"orders.example.com", "*.orders.example.com",
                                                     "[2001:db8::1]"}));
  EXPECT_EQ(service.paths, (std::vector<std::string>{"/v1", "/caf\xc3\xa9", "/"}));
  EXPECT_EQ(service.title, "Orders");
  EXPECT_EQ(texts(service.message), "en=Soon|de=Bald");
  EXPECT_EQ(service.maintenance, base::Maintenance::kScheduled);
  ASSERT_EQ(service.windows.size(), 2U);
  EXPECT_EQ(http::rfc3339(service.windows[0].start), "2026-12-01T22:00:00Z");
  EXPECT_EQ(http::rfc3339(service.windows[0].end), "2026-12-02T02:00:00Z");
  EXPECT_EQ(http::rfc3339(service.windows[1].start), "2026-12-06T01:00:00Z");
  EXPECT_EQ(service.retry_after.fallback, base::Seconds{120});
  EXPECT_EQ(service.retry_after.min, base::Seconds{10});
  EXPECT_EQ(service.retry_after.max, base::Seconds{3600});
  EXPECT_EQ(service.retry_after.jitter_percent, 0);
  EXPECT_EQ(service.answer, "text");
  EXPECT_EQ(service.disabled_kinds, (std::vector<std::string>{"graphql", "webdav"}));
  EXPECT_EQ(service.soap.status, 503);
  EXPECT_FALSE(service.grpc.health);
  EXPECT_EQ(service.oauth.status, 400);
  EXPECT_EQ(service.problem.type, "https://example.com/problems/down#now");
  EXPECT_FALSE(service.reason_phrase);
  EXPECT_EQ(service.websocket.close, 1012);
  EXPECT_EQ(service.probe.status, 503);
  EXPECT_EQ(service.robots, "User-agent: *");
  EXPECT_EQ(service.legacy.status, 418);
  EXPECT_EQ(service.legacy.header_name, "X-Code");
  EXPECT_EQ(service.legacy.header_value, "a: {{title}}");
  EXPECT_EQ(service.legacy.body, R"({"type":"Exception","n":[1,null,"{{message}}"]})");
  ASSERT_EQ(service.rules.size(), 2U);
  EXPECT_EQ(service.rules[0].path, "/v1/*");
  EXPECT_EQ(service.rules[0].methods, (std::vector<std::string>{"GET", "M-SEARCH"}));
  EXPECT_EQ(service.rules[0].user_agent, "Old/*");
  ASSERT_EQ(service.rules[0].headers.size(), 1U);
  EXPECT_EQ(service.rules[0].headers[0].name, "X-Client");
  EXPECT_EQ(service.rules[0].headers[0].value, "legacy-*");
  EXPECT_EQ(service.rules[0].answer, "legacy");
  EXPECT_FALSE(service.rules[1].path);
  EXPECT_FALSE(service.rules[1].user_agent);
  EXPECT_EQ(service.rules[1].methods, std::vector<std::string>{"HEAD"});
}

TEST(Configuration, ServicesInheritAllButTheRules) {
  const Configuration configuration = load(R"(
defaults:
  title: Geschlossen
  message: { de: Bald, en: Soon }
  language: de
  retry_after: { default: 60s, min: 30s, max: 90s, jitter: 5% }
  answer: text
  soap: { status: 503 }
  grpc: { health: false }
  oauth: { status: 400 }
  problem: { type: "urn:example:down" }
  reason_phrase: false
  websocket: { close: 1001 }
  probe: { status: 503 }
  robots: "Disallow:"
  legacy: { status: 299, header: "A: b", body: [] }
  rules: [{ when: { path: / }, answer: page }]
services:
  - name: plain
  - name: changed
    hosts: [changed.example]
    legacy: { status: 298 }
    retry_after: { jitter: 0% }
)");
  const auto services = configuration.catalog.services();
  ASSERT_EQ(services.size(), 3U);
  for (const Service& service : services) {
    EXPECT_EQ(service.title, "Geschlossen") << service.name;
    EXPECT_EQ(texts(service.message), "de=Bald|en=Soon") << service.name;
    EXPECT_EQ(service.retry_after.fallback, base::Seconds{60}) << service.name;
    EXPECT_EQ(service.answer, "text") << service.name;
    EXPECT_EQ(service.soap.status, 503) << service.name;
    EXPECT_FALSE(service.grpc.health) << service.name;
    EXPECT_EQ(service.oauth.status, 400) << service.name;
    EXPECT_EQ(service.problem.type, "urn:example:down") << service.name;
    EXPECT_FALSE(service.reason_phrase) << service.name;
    EXPECT_EQ(service.websocket.close, 1001) << service.name;
    EXPECT_EQ(service.probe.status, 503) << service.name;
    EXPECT_EQ(service.robots, "Disallow:") << service.name;
    EXPECT_EQ(service.legacy.header_name, "A") << service.name;
    EXPECT_EQ(service.legacy.header_value, "b") << service.name;
    EXPECT_EQ(service.legacy.body, "[]") << service.name;
  }
  EXPECT_TRUE(services[0].rules.empty());
  EXPECT_EQ(services[1].legacy.status, 298);
  EXPECT_EQ(services[1].retry_after.jitter_percent, 0);
  EXPECT_EQ(services[2].name, "default");
  EXPECT_EQ(services[2].legacy.status, 299);
  EXPECT_EQ(services[2].retry_after.jitter_percent, 5);
  EXPECT_EQ(services[2].rules.size(), 1U);
}

TEST(Configuration, AListOfDisabledKindsReplacesTheInheritedOne) {
  const Configuration configuration = load(R"(
defaults: { disabled_kinds: [graphql] }
services:
  - name: plain
  - name: changed
    hosts: [changed.example]
    disabled_kinds: [webdav, soap]
  - name: none
    hosts: [none.example]
    disabled_kinds: []
)");
  using Kinds = std::vector<std::string>;
  const auto services = configuration.catalog.services();
  EXPECT_EQ(services[0].disabled_kinds, Kinds{"graphql"});
  EXPECT_EQ(services[1].disabled_kinds, (Kinds{"soap", "webdav"}));
  EXPECT_EQ(services[2].disabled_kinds, Kinds{});
  EXPECT_EQ(services[3].disabled_kinds, Kinds{"graphql"});
}

TEST(Configuration, ServicesInheritMaintenance) {
  const auto states = [](std::string_view defaults) {
    const Configuration configuration =
        load("{" + std::string(defaults) +
             "services: [{name: a}, {name: b, hosts: [b.example], maintenance: off}]}");
    std::vector<base::Maintenance> found;
    for (const Service& service : configuration.catalog.services()) {
      found.push_back(service.maintenance);
    }
    return found;
  };
  using enum base::Maintenance;
  using States = std::vector<base::Maintenance>;
  EXPECT_EQ(states(""), (States{kOn, kOff, kOn}));
  EXPECT_EQ(states("defaults: {maintenance: on}, "), (States{kOn, kOff, kOn}));
  EXPECT_EQ(states("defaults: {maintenance: off}, "), (States{kOff, kOff, kOff}));
  EXPECT_EQ(states("defaults: {maintenance: scheduled}, "), (States{kScheduled, kOff, kScheduled}));
}

TEST(Configuration, TheServiceDefaultIsOpenAtAGateUnlessTheFileSaysMore) {
  EXPECT_TRUE(built_in({}).catalog.services().back().open_at_gate);
  EXPECT_TRUE(load("{}").catalog.services().back().open_at_gate);
  EXPECT_FALSE(load("defaults: {maintenance: on}").catalog.services().back().open_at_gate);
  EXPECT_FALSE(first("services: [{name: a}]").open_at_gate);
}

TEST(Configuration, AnInheritedScheduleNeedsNoWindows) {
  const Service service = first(
      "{defaults: {maintenance: scheduled}, services: [{name: a, windows: [{start: "
      "2026-12-01T22:00:00Z, end: 2026-12-01T23:00:00Z}]}]}");
  EXPECT_EQ(service.maintenance, base::Maintenance::kScheduled);
  EXPECT_EQ(service.windows.size(), 1U);
}

TEST(Configuration, Cors) {
  EXPECT_EQ(first("services: [{name: a}]").cors, Cors{});
  const Configuration configuration = load(R"(
defaults: { cors: { origins: [https://App.Example.org, "http://localhost:3000"] } }
services:
  - { name: inherits, hosts: [inherits.example] }
  - { name: adds, hosts: [adds.example], cors: { credentials: true } }
  - { name: replaces, hosts: [replaces.example], cors: { origins: ["HTTPS://x.example:443", "http://x.example:80", "http://x.example:443", "capacitor://localhost", "http://[2001:DB8::7]:81"] } }
  - { name: everybody, hosts: [everybody.example], cors: { origins: ["*"] } }
  - { name: nobody, hosts: [nobody.example], cors: { origins: [] } }
)");
  ASSERT_EQ(configuration.catalog.services().size(), 6U);
  using Origins = std::vector<std::string>;
  const auto services = configuration.catalog.services();
  const Origins inherited{"https://app.example.org", "http://localhost:3000"};
  EXPECT_EQ(services[0].cors, (Cors{inherited, false, false}));
  EXPECT_EQ(services[1].cors, (Cors{inherited, false, true}));
  EXPECT_EQ(services[2].cors.origins,
            (Origins{"https://x.example", "http://x.example", "http://x.example:443",
                     "capacitor://localhost", "http://[2001:db8::7]:81"}));
  EXPECT_EQ(services[3].cors, (Cors{{}, true, false}));
  EXPECT_EQ(services[4].cors, Cors{});
  EXPECT_EQ(services[5].cors.origins, inherited);
}

TEST(Configuration, TitlesOfTheirOwn) {
  EXPECT_EQ(first("services: [{ name: orders }]").title, "Orders");
  EXPECT_EQ(first("services: [{ name: 7up }]").title, "7up");
  EXPECT_EQ(first("services: [{ name: orders, title: '  Shop  ' }]").title, "  Shop  ");
}

TEST(Configuration, WhichLanguageComesFirst) {
  struct Row {
    std::string_view text;
    std::string_view expected;
  };
  const std::vector<Row> rows = {
      {"services: [{ name: a }]", "en=System currently down for maintenance"},
      {"services: [{ name: a, message: Hallo, language: de }]", "de=Hallo"},
      {"services: [{ name: a, message: { de: D, en: E } }]", "en=E|de=D"},
      {"services: [{ name: a, message: { de: D, fr: F } }]", "de=D|fr=F"},
      {"services: [{ name: a, message: { de: D, fr: F, en: E }, language: FR }]", "fr=F|de=D|en=E"},
      {"defaults: { language: de }\nservices: [{ name: a, message: Hallo }]", "de=Hallo"},
      {"defaults: { language: de }\nservices: [{ name: a }]",
       "en=System currently down for maintenance"},
      {"defaults: { language: de }\nservices: [{ name: a, message: { en: E, de: D } }]",
       "de=D|en=E"},
      {"defaults: { message: { en: E, de: D } }\nservices: [{ name: a, language: de }]",
       "de=D|en=E"},
      {"defaults: { message: Hallo, language: de }\nservices: [{ name: a }]", "de=Hallo"},
      {"defaults: { message: Hallo, language: de }\nservices: [{ name: a, message: E, language: "
       "en }]",
       "en=E"},
  };
  for (const Row& row : rows) EXPECT_EQ(texts(first(row.text).message), row.expected) << row.text;
}

TEST(Configuration, TheEnvironmentsMessageReplacesThatOfDefaults) {
  const Overrides overrides{"Env"};
  EXPECT_EQ(texts(first("{}", overrides).message), "en=Env");
  EXPECT_EQ(texts(first("defaults: { message: { en: E, de: D } }", overrides).message), "en=Env");
  EXPECT_EQ(texts(first("defaults: { language: de }", overrides).message), "de=Env");
  EXPECT_EQ(texts(first("services: [{ name: a }]", overrides).message), "en=Env");
  EXPECT_EQ(texts(first("services: [{ name: a, message: Own }]", overrides).message), "en=Own");
  // A file that is right without the variable stays right with it.
  EXPECT_EQ(texts(first("defaults: { message: { en: E, de: D } }\n"
                        "services: [{ name: a, language: de }]",
                        overrides)
                      .message),
            "en=Env");
  EXPECT_EQ(texts(first("defaults: { message: E }", {""}).message), "en=E");
}

TEST(Configuration, WhatIsWrittenAboutTheWaitBeatsWhatIsInherited) {
  struct Row {
    std::string_view text;
    int fallback, min, max;
  };
  const std::vector<Row> rows = {
      {"{}", 120, 5, 3600},
      {"{ default: 2h }", 7200, 5, 7200},
      {"{ default: 1s }", 1, 1, 3600},
      {"{ min: 2h }", 7200, 7200, 7200},
      {"{ min: 5m }", 300, 300, 3600},
      {"{ max: 3s }", 3, 3, 3},
      {"{ max: 60 }", 60, 5, 60},
      {"{ min: 1d, max: 2d }", 86'400, 86'400, 172'800},
      {"{ default: 7, min: 7, max: 7 }", 7, 7, 7},
      {"{ default: 1s, max: 2s }", 1, 1, 2},
      {"{ default: 2h, min: 1h }", 7200, 3600, 7200},
      {"{ default: 0x10 }", 16, 5, 3600},
  };
  for (const Row& row : rows) {
    const std::string text = "defaults: { retry_after: " + std::string(row.text) + " }";
    const RetryAfter wait = first(text).retry_after;
    EXPECT_EQ(wait.fallback, base::Seconds{row.fallback}) << row.text;
    EXPECT_EQ(wait.min, base::Seconds{row.min}) << row.text;
    EXPECT_EQ(wait.max, base::Seconds{row.max}) << row.text;
    EXPECT_EQ(wait.jitter_percent, 20) << row.text;
  }
}

TEST(Configuration, WindowsMayTouch) {
  const Service service = first(R"(
services:
  - name: a
    maintenance: scheduled
    windows:
      - { start: 2026-12-02T00:00:00Z, end: 2026-12-03T00:00:00Z }
      - { start: 2026-12-01T00:00:00Z, end: 2026-12-02T00:00:00Z }
)");
  ASSERT_EQ(service.windows.size(), 2U);
  EXPECT_EQ(service.windows[0].end, service.windows[1].start);
}

TEST(Configuration, ScopeBypassAndProxies) {
  Overrides overrides;
  overrides.bypass_key = "a key";
  const auto configuration = load_text(R"(
trusted_proxies: [127.0.0.1, 10.0.0.0/8]
services:
  - name: a
    scope: { methods: [POST, PUT], paths: [/api/, "/%61dmin"] }
    bypass: { addresses: [198.51.100.0/24] }
)",
                                       "f", overrides);
  ASSERT_TRUE(configuration) << configuration.error().text();
  EXPECT_EQ(configuration->catalog.front().trusted_proxies.size(), 2U);
  EXPECT_EQ(configuration->catalog.front().error_backend, Front::ErrorBackend::kNone);
  const Service& service = configuration->catalog.services()[0];
  EXPECT_EQ(service.scope.methods, (std::vector<std::string>{"POST", "PUT"}));
  EXPECT_EQ(service.scope.paths, (std::vector<std::string>{"/api", "/admin"}));
  EXPECT_FALSE(service.scope.allow_reads);
  EXPECT_FALSE(service.case_sensitive_paths);
  EXPECT_EQ(service.bypass.addresses.size(), 1U);
  EXPECT_EQ(service.bypass.key, "a key");
}

TEST(Configuration, AScopeMayAllowReadsAlone) {
  const Service service = first(R"(
services:
  - name: a
    case_sensitive_paths: true
    scope: { allow: reads, paths: [/api] }
)");
  EXPECT_TRUE(service.scope.allow_reads);
  EXPECT_TRUE(service.scope.names_methods());
  EXPECT_EQ(service.scope.paths, std::vector<std::string>{"/api"});
  EXPECT_TRUE(service.case_sensitive_paths);
}

TEST(Configuration, WindowsOnTheClockOfAZone) {
  const Service service = first(R"(
services:
  - name: a
    maintenance: scheduled
    auto_off: false
    windows:
      - { start: 2026-07-01T02:00:00, for: 90m, zone: Europe/Berlin }
      - { start: 2026-12-06T02:00:00, end: 2026-12-06T04:00:00, zone: Europe/Berlin,
          rrule: FREQ=WEEKLY;BYDAY=SU, exdate: [2026-12-27, 2027-01-03T02:00:00] }
)");
  EXPECT_FALSE(service.auto_off);
  ASSERT_EQ(service.windows.size(), 1U);
  EXPECT_EQ(http::rfc3339(service.windows[0].start), "2026-07-01T00:00:00Z");
  EXPECT_EQ(http::rfc3339(service.windows[0].end), "2026-07-01T01:30:00Z");
  ASSERT_EQ(service.recurrences.size(), 1U);
  const base::Recurrence& recurrence = service.recurrences[0];
  EXPECT_EQ(recurrence.by_clock, base::Seconds(7200));
  EXPECT_EQ(recurrence.exactly, base::Seconds(0));
  ASSERT_EQ(recurrence.except.size(), 2U);
  EXPECT_EQ(http::rfc3339(recurrence.except[0]), "2026-12-27T01:00:00Z");
  EXPECT_EQ(http::rfc3339(recurrence.except[1]), "2027-01-03T01:00:00Z");
}

TEST(Configuration, WindowsOfACalendarBesideTheFile) {
  const testing::TemporaryFolder folder;
  folder.write("maintenance.ics",
               "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20261201T220000Z\r\n"
               "DTEND:20261202T000000Z\r\nEND:VEVENT\r\n"
               "BEGIN:VEVENT\r\nUID:2\r\nDTSTART:20261206T020000Z\r\nDURATION:PT1H\r\n"
               "RRULE:FREQ=WEEKLY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
  const auto file = folder.write("intermission.yaml", R"(
services:
  - { name: a, maintenance: scheduled, windows: [{ ics: maintenance.ics }] }
)");
  const auto configuration = load_file(file.string(), {});
  ASSERT_TRUE(configuration) << configuration.error().text();
  ASSERT_EQ(configuration->catalog.services()[0].windows.size(), 1U);
  EXPECT_EQ(http::rfc3339(configuration->catalog.services()[0].windows[0].end),
            "2026-12-02T00:00:00Z");
  ASSERT_EQ(configuration->catalog.services()[0].recurrences.size(), 1U);
  EXPECT_EQ(configuration->catalog.services()[0].recurrences[0].rule, "FREQ=WEEKLY");
}

TEST(Configuration, Anchors) {
  const Configuration configuration = load(R"(
services:
  - { name: a, hosts: [a.example], legacy: &old { status: 299, body: { "{{title}}": 1 } } }
  - { name: b, hosts: [b.example], legacy: *old }
)");
  EXPECT_EQ(configuration.catalog.services()[1].legacy.status, 299);
  EXPECT_EQ(configuration.catalog.services()[1].legacy.body, R"({"{{title}}":1})");
}

TEST(Configuration, FromAFile) {
  const testing::TemporaryFolder folder;
  const auto path = folder.write("intermission.yaml", "services:\n  - name: a\n    nme: b\n");
  const auto configuration = load_file(path, {});
  ASSERT_FALSE(configuration);
  EXPECT_EQ(configuration.error().text(),
            path.string() + ":3: services[0].nme: unknown key; did you mean name?");
}

}  // namespace
}  // namespace intermission::catalog
