// What a person reads who made a mistake in the configuration: file, line, place, what was
// expected and what stands there. Documents of several lines start on line 2.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalog/configuration.h"

namespace intermission::catalog {
namespace {

struct Row {
  std::string_view text;
  std::string_view error;
};

std::string error_of(std::string_view text) {
  const auto configuration = load_text(text, "f", {});
  return configuration ? "none" : configuration.error().text();
}

TEST(ConfigurationErrors, AgainstTheSchema) {
  const std::vector<Row> rows = {
      {"~",
       "f:1: the document: expected a map with the keys listen, control, state, limits, "
       "access_log, trusted_proxies, error_backend, defaults and services, got nothing"},
      {"[1]",
       "f:1: the document: expected a map with the keys listen, control, state, limits, "
       "access_log, trusted_proxies, error_backend, defaults and services, got a list"},
      {"services: x",
       "f:1: services: expected a list of services, each with at least a name, got a string "
       "(\"x\")"},
      {"services: [x]",
       "f:1: services[0]: expected a map that describes a service, with at least a name, got a "
       "string (\"x\")"},
      {"services: [{}]",
       "f:1: services[0]: expected the key name, a name of at most 63 lower case letters, digits, "
       "dots, dashes and underscores, starting with a letter or digit"},
      {"access_log: { format: xml }",
       "f:1: access_log.format: expected one of off, combined and json, got a string (\"xml\")"},
      {R"(
services:
  - name: a
    hosts: orders.example.com
)",
       "f:4: services[0].hosts: expected a list of host names such as orders.example.com or "
       "*.orders.example.com, got a string (\"orders.example.com\")"},
      {R"(
services:
  - name: a
    hots: [x]
)",
       "f:4: services[0].hots: unknown key; did you mean hosts?"},
      {R"(
services:
  - name: a
    banana: [x]
)",
       "f:4: services[0].banana: unknown key; expected one of name, hosts, paths, "
       "case_sensitive_paths, title, message, outage_message, language, maintenance, windows, "
       "auto_off, scope, "
       "bypass, retry_after, answer, disabled_kinds, contract, contract_root, "
       "wsdl, protobuf, graphql_schema, asyncapi, cors, soap, json_rpc, grpc, oauth, problem, "
       "reason_phrase, legacy, websocket, probe, "
       "robots, page, rules"},
      {R"(
services:
  - name: a
    until: x
)",
       "f:4: services[0].until: this version does not know this key yet"},
      {R"(
services:
  - name: A
)",
       "f:3: services[0].name: expected a name of at most 63 lower case letters, digits, dots, "
       "dashes and underscores, starting with a letter or digit, got a string (\"A\")"},
      {"services: [{name: 7}]",
       "f:1: services[0].name: expected a name of at most 63 lower case letters, digits, dots, "
       "dashes and underscores, starting with a letter or digit, got a number (7)"},
      {"services: [{name: a, hosts: []}]",
       "f:1: services[0].hosts: expected a list of host names such as orders.example.com or "
       "*.orders.example.com, got an empty list"},
      {"services: [{name: a, hosts: [7]}]",
       "f:1: services[0].hosts[0]: expected a host name such as orders.example.com or "
       "*.orders.example.com, got a number (7)"},
      {"services: [{name: a, paths: [x]}]",
       "f:1: services[0].paths[0]: expected a path prefix that starts with /, got a string "
       "(\"x\")"},
      {"services: [{name: a, maintenance: true}]",
       "f:1: services[0].maintenance: expected one of on, off and scheduled, got true"},
      {"services: [{name: a, maintenance: onn}]",
       "f:1: services[0].maintenance: expected one of on, off and scheduled, got a string "
       "(\"onn\"); did you mean on?"},
      {"listen: {port: 70000}",
       "f:1: listen.port: expected a port number from 0 to 65535, got a number (70000)"},
      {"listen: {port: -1}",
       "f:1: listen.port: expected a port number from 0 to 65535, got a number (-1)"},
      {R"(listen: {port: "80"})",
       "f:1: listen.port: expected a port number, got a string (\"80\")"},
      {"listen: {port: 80.5}",
       "f:1: listen.port: expected a port number from 0 to 65535, got a number (80.5)"},
      {"limits: {header_bytes: 1}",
       "f:1: limits.header_bytes: expected a number of bytes from 1024 to 1048576, got a number "
       "(1)"},
      {"limits: {buffered_bytes: 65536}",
       "f:1: limits.buffered_bytes: expected 0, which chooses by the memory there is, or at least "
       "1048576 bytes, got a number (65536)"},
      {"limits: {hader_bytes: 1}",
       "f:1: limits.hader_bytes: unknown key; did you mean header_bytes?"},
      {R"(defaults: {message: ""})",
       "f:1: defaults.message: expected text, or a map of language tags to texts, got a string "
       "(\"\")"},
      {"defaults: {message: {}}",
       "f:1: defaults.message: expected text, or a map of language tags to texts, got an empty "
       "map"},
      {"defaults: {message: {en: 5}}",
       "f:1: defaults.message.en: expected text that is not empty, got a number (5)"},
      {"defaults: {message: [x]}",
       "f:1: defaults.message: expected text, or a map of language tags to texts, got a list"},
      {R"(defaults: {title: ""})",
       "f:1: defaults.title: expected a title that is not empty, got a string (\"\")"},
      {R"(defaults: {language: "e n"})",
       "f:1: defaults.language: expected a language tag such as en or pt-BR, got a string (\"e "
       "n\")"},
      {"defaults: {retry_after: {default: 2w}}",
       "f:1: defaults.retry_after.default: expected a duration such as 120s, 30m, 2h or 1d, or a "
       "number of seconds, got a string (\"2w\")"},
      {"defaults: {retry_after: {default: -5}}",
       "f:1: defaults.retry_after.default: expected a duration such as 120s, 30m, 2h or 1d, or a "
       "number of seconds from 0 to 99999999, got a number (-5)"},
      {"defaults: {retry_after: {jitter: 21%}}",
       "f:1: defaults.retry_after.jitter: expected a percentage from 0% to 20%, got a string "
       "(\"21%\")"},
      {"defaults: {retry_after: 120s}",
       "f:1: defaults.retry_after: expected a map with the keys default, min, max and jitter, got "
       "a string (\"120s\")"},
      {"defaults: {answer: pag}",
       "f:1: defaults.answer: expected a kind of answer such as page, problem, soap, legacy or "
       "text, "
       "got a string (\"pag\"); did you mean page?"},
      {"defaults: {json_rpc: {status: 500}}",
       "f:1: defaults.json_rpc.status: expected 503 or 200, got a number (500)"},
      {"defaults: {grpc: {health: off}}",
       "f:1: defaults.grpc.health: expected true or false, got a string (\"off\")"},
      {"defaults: {grpc: {helth: true}}",
       "f:1: defaults.grpc.helth: unknown key; did you mean health?"},
      {"defaults: {oauth: {status: 401}}",
       "f:1: defaults.oauth.status: expected 503 or 400, got a number (401)"},
      {"defaults: {problem: {type: maintenance}}",
       "f:1: defaults.problem.type: expected an absolute URI such as "
       "https://example.com/problems/maintenance, got a string (\"maintenance\")"},
      {"defaults: {problem: {type: 'https://example.com/a b'}}",
       "f:1: defaults.problem.type: expected an absolute URI such as "
       "https://example.com/problems/maintenance, got a string (\"https://example.com/a b\")"},
      {"defaults: {reason_phrase: 0}",
       "f:1: defaults.reason_phrase: expected true or false, got a number (0)"},
      {"defaults: {soap: {status: 200}}",
       "f:1: defaults.soap.status: expected 500 or 503, got a number (200)"},
      {"defaults: {websocket: {close: 1000}}",
       "f:1: defaults.websocket.close: expected 0, 1001, 1012 or 1013, got a number (1000)"},
      {"defaults: {probe: {status: 204}}",
       "f:1: defaults.probe.status: expected 200 or 503, got a number (204)"},
      {"defaults: {robots: [a]}",
       "f:1: defaults.robots: expected the text of a robots.txt, got a list"},
      {"defaults: {legacy: {status: 100}}",
       "f:1: defaults.legacy.status: expected a final HTTP status from 200 to 599, got a number "
       "(100)"},
      {"defaults: {legacy: {body: x}}",
       "f:1: defaults.legacy.body: expected a map or a list, sent as JSON, got a string (\"x\")"},
      {"defaults: {rules: [{when: {}, answer: page}]}",
       "f:1: defaults.rules[0].when: expected a map with at least one of path, method, header and "
       "user_agent, got an empty map"},
      {"defaults: {rules: [{when: {path: x}, answer: page}]}",
       "f:1: defaults.rules[0].when.path: expected a path that starts with / or *, where * "
       "matches anything, got a string (\"x\")"},
      {"defaults: {rules: [{answer: page}]}",
       "f:1: defaults.rules[0]: expected the key when, a map with at least one of path, method, "
       "header and user_agent"},
      {"defaults: {rules: [{when: {path: /x}}]}",
       "f:1: defaults.rules[0]: expected the key answer, a kind of answer such as page, problem, "
       "soap, legacy or text"},
      {"defaults: {rules: [{when: {method: get}, answer: page}]}",
       "f:1: defaults.rules[0].when.method: expected a method in capital letters such as GET, or a "
       "list of methods, got a string (\"get\")"},
      {"defaults: {rules: [{when: {method: [GET, 5]}, answer: page}]}",
       "f:1: defaults.rules[0].when.method[1]: expected a method in capital letters such as GET, "
       "got a number (5)"},
      {"defaults: {rules: [{when: {header: {X-V: 2}}, answer: page}]}",
       "f:1: defaults.rules[0].when.header.X-V: expected text, where * matches anything, got a "
       "number (2)"},
      {"defaults: {rules: [{when: {header: {}}, answer: page}]}",
       "f:1: defaults.rules[0].when.header: expected a map of header names to values, where * "
       "matches anything, got an empty map"},
      {R"(services: [{name: a, "x y/z": 1}])",
       "f:1: services[0].\"x y/z\": unknown key; expected one of name, hosts, paths, "
       "case_sensitive_paths, title, message, outage_message, language, maintenance, windows, "
       "auto_off, scope, "
       "bypass, retry_after, answer, "
       "disabled_kinds, contract, contract_root, wsdl, protobuf, graphql_schema, asyncapi, "
       "cors, soap, json_rpc, grpc, oauth, problem, "
       "reason_phrase, "
       "legacy, websocket, probe, robots, "
       "page, rules"},
      {"defaults: {title: "
       "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
       "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
       "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}",
       "f:1: defaults.title: expected a title that is not empty (at most 200 characters), got a "
       "string "
       "(\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...\")"},
      {"listen: {proxy_protocol: true}",
       "f:1: listen.proxy_protocol: expected a list of the networks whose connections begin with a "
       "PROXY protocol header, such as [10.0.0.0/8], got true"},
      {"listen: {proxy_protocol: [10.0.0.0/33]}",
       "f:1: listen.proxy_protocol[0]: expected an address or a network such as 10.0.0.0/8, got a "
       "string (\"10.0.0.0/33\")"},
      {"listen:",
       "f:1: listen: expected a map with the keys address, port, workers, http2, tls and "
       "proxy_protocol, "
       "got nothing"},
      {"listen: {tls: {port: 8443}}",
       "f:1: listen.tls: expected the key certificates, a list of maps with the keys certificate "
       "and key"},
      {"listen: {tls: {certificates: []}}",
       "f:1: listen.tls.certificates: expected a list of maps with the keys certificate and key, "
       "got an empty list"},
      {"listen: {tls: {certificates: [{certificate: a.pem}]}}",
       "f:1: listen.tls.certificates[0]: expected the key key, a file name, relative to the folder "
       "of the configuration"},
      {"listen: {tls: {min_version: 1.2, certificates: [{certificate: a, key: b}]}}",
       "f:1: listen.tls.min_version: expected \"1.2\" or \"1.3\", in quotes, got a number (1.2)"},
      {"control: {tls: {certificate: a.pem, key: 7}}",
       "f:1: control.tls.key: expected a file name, relative to the folder of the configuration, "
       "got a number (7)"},
      {"listen: {http2: on}", "f:1: listen.http2: expected true or false, got a string (\"on\")"},
      {"services:",
       "f:1: services: expected a list of services, each with at least a name, got nothing"},
      {"services: [{name: a, windows: []}]",
       "f:1: services[0].windows: expected a list of windows, each with start and end or for, or "
       "with ics, got an empty list"},
      {R"("": 1)",
       "f:1: \"\": unknown key; expected one of listen, control, state, access_log, limits, "
       "trusted_proxies, error_backend, defaults, services"},
      {"control: {port: 70000}",
       "f:1: control.port: expected a port number from 0 to 65535, got a number (70000)"},
      {"control: {token: secret}",
       "f:1: control.token: unknown key; expected one of address, port, tls, hosts"},
      {"state: {file: 7}",
       "f:1: state.file: expected a file name, or an empty text, got a number (7)"},
      {"defaults: {title: 2026}",
       "f:1: defaults.title: expected a title that is not empty, got a number (2026)"},
      {"trusted_proxies: 127.0.0.1",
       "f:1: trusted_proxies: expected a list of addresses or networks such as 10.0.0.0/8, got a "
       "string (\"127.0.0.1\")"},
      {"services: [{name: a, scope: {}}]",
       "f:1: services[0].scope: expected a map with the keys allow, methods and paths, got an "
       "empty map"},
      {"services: [{name: a, scope: {allow: writes}}]",
       "f:1: services[0].scope.allow: expected the word reads, got a string (\"writes\")"},
      {"services: [{name: a, case_sensitive_paths: maybe}]",
       "f:1: services[0].case_sensitive_paths: expected true or false, got a string (\"maybe\")"},
      {"services: [{name: a, scope: {methods: [get]}}]",
       "f:1: services[0].scope.methods[0]: expected a method in capital letters such as POST, got "
       "a string (\"get\")"},
      {"services: [{name: a, bypass: {key: secret}}]",
       "f:1: services[0].bypass.key: unknown key; expected one of addresses"},
      {"services: [{name: a, wsdl: [x]}]",
       "f:1: services[0].wsdl: expected a file name, relative to the folder of the configuration, "
       "got a "
       "list"},
      {"defaults: {legacy: {satus: 200}}",
       "f:1: defaults.legacy.satus: unknown key; did you mean status?"},
      {"defaults: {rules: [{when: {useragent: x}, answer: page}]}",
       "f:1: defaults.rules[0].when.useragent: unknown key; did you mean user_agent?"},
      {"services: [{name: -a}]",
       "f:1: services[0].name: expected a name of at most 63 lower case letters, digits, dots, "
       "dashes and underscores, starting with a letter or digit, got a string (\"-a\")"},
      {"services: [{name: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}]",
       "f:1: services[0].name: expected a name of at most 63 lower case letters, digits, dots, "
       "dashes and underscores, starting with a letter or digit, got a string "
       "(\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\")"},
      {"listen: {workers: 257}",
       "f:1: listen.workers: expected a number of worker threads from 0 to 256, got a number "
       "(257)"},
      {R"(listen: {address: ""})",
       "f:1: listen.address: expected a numeric IPv4 or IPv6 address to listen on, got a string "
       "(\"\")"},
      {"defaults: {rules: [{when: {method: []}, answer: page}]}",
       "f:1: defaults.rules[0].when.method: expected a method in capital letters such as GET, or a "
       "list of methods, got an empty list"},
      {"defaults: {disabled_kinds: graphql}",
       "f:1: defaults.disabled_kinds: expected a list of kinds of answer such as graphql and "
       "webdav, got a string (\"graphql\")"},
      {"defaults: {disabled_kinds: [graphql, graphq]}",
       "f:1: defaults.disabled_kinds[1]: expected a kind of answer such as graphql or webdav, got "
       "a string (\"graphq\"); did you mean graphql?"},
      {"defaults: {disabled_kinds: [problem]}",
       "f:1: defaults.disabled_kinds[0]: expected another kind than problem, which answers if "
       "nothing shows another kind"},
      {"defaults: {disabled_kinds: [preflight]}",
       "f:1: defaults.disabled_kinds[0]: expected another kind than preflight, which the key cors "
       "configures"},
      {"defaults: {disabled_kinds: [soap, legacy]}",
       "f:1: defaults.disabled_kinds[1]: expected another kind than legacy, which only a rule or "
       "the key answer chooses"},
      {R"(
defaults:
  retry_after:
    min: 5s
    maximum: 6s
)",
       "f:5: defaults.retry_after.maximum: unknown key; expected one of default, min, max, jitter"},
  };
  for (const Row& row : rows) EXPECT_EQ(error_of(row.text), row.error) << row.text;
}

TEST(ConfigurationErrors, UnknownKindsOfAnswer) {
  for (const std::string_view key :
       {"rules: [{when: {path: /x}, answer: smtp}]", "disabled_kinds: [smtp]"}) {
    const std::string error = error_of("defaults: {" + std::string(key) + "}");
    EXPECT_NE(error.find("expected a kind of answer such as "), std::string::npos) << error;
    EXPECT_TRUE(error.ends_with(", got a string (\"smtp\")")) << error << ": sixty are no help";
  }
}

// Of the one window of a service, which stands on line 1.
std::string window_error(const std::string& window) {
  return error_of("services: [{name: a, maintenance: scheduled, windows: [{" + window + "}]}]");
}

TEST(ConfigurationErrors, AZoneOfThePageIsOneThatTheSystemHas) {
  EXPECT_EQ(error_of("services: [{name: a, page: {zone: Mars/Olympus}}]"),
            "f:1: services[0].page.zone: expected a time zone that this system's tz database has, "
            "such as Europe/Berlin, got a string (\"Mars/Olympus\")");
  EXPECT_EQ(error_of("defaults: {page: {zone: Mars/Olympus}}").substr(0, 27),
            "f:1: defaults.page.zone: ex");
}

TEST(ConfigurationErrors, ScopeProxiesAndBypass) {
  EXPECT_EQ(error_of("trusted_proxies: [router]"),
            "f:1: trusted_proxies[0]: expected an address or a network such as 10.0.0.0/8, got a "
            "string (\"router\")");
  EXPECT_EQ(error_of("trusted_proxies: [10.0.0.0/8]\nerror_backend: traefik"),
            "f:2: error_backend: expected none or ingress-nginx, got a string (\"traefik\")");
  EXPECT_EQ(error_of("error_backend: ingress-nginx"),
            "f:1: error_backend: needs trusted_proxies with the addresses of that router");
  EXPECT_EQ(error_of("services: [{name: a, bypass: {addresses: [10.0.0.0/33]}}]"),
            "f:1: services[0].bypass.addresses[0]: expected an address or a network such as "
            "10.0.0.0/8, got a string (\"10.0.0.0/33\")");
  EXPECT_EQ(error_of("services: [{name: a, scope: {paths: [/v1/*]}}]"),
            "f:1: services[0].scope.paths[0]: expected a path prefix without * (/v1 already holds "
            "everything below it), got a string (\"/v1/*\")");
  EXPECT_EQ(error_of("services: [{name: a, scope: {allow: reads, methods: [POST]}}]"),
            "f:1: services[0].scope.methods: cannot be combined with allow: reads, which already "
            "names the "
            "methods that pass");
  EXPECT_EQ(
      error_of("services: [{name: a, hosts: [\"**.a.example\"]}, {name: b, hosts: "
               "[a.example]}]"),
      "f:1: services[1].hosts[0]: path / of host a.example already belongs to service a (line 1)");
  EXPECT_EQ(error_of("services: [{name: a, hosts: [\"**.a.example\"]}, {name: b, hosts: "
                     "[\"*.a.example\"]}]"),
            "f:1: services[1].hosts[0]: path / of host *.a.example already belongs to service a "
            "(line 1)");
}

// A prefix that requests have only as servers normalise it would match none of them, or be missed
// by a gate.
TEST(ConfigurationErrors, PathPrefixesAreWrittenAsServersReadThem) {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"/a//b", "/a/b"},     {"//a", "/a"},         {"/a//", "/a"},         {"/c;d", "/c"},
      {"/c;d/e;f", "/c/e"},  {"/a/../b", "/b"},     {"/./a", "/a"},         {"/a/..", "/"},
      {"/a/%2e%2e/b", "/b"}, {"/a\\b", "/a/b"},     {"/a%5Cb", "/a/b"},     {"/a%2f%2Fb", "/a/b"},
      {"/a%2fb", "/a/b"},    {"/a%2f..%2fb", "/b"}, {"/c%3bd", "/c"},       {"/%2541", "/A"},
      {"/a.", "/a"},         {"/a%20/b", "/a/b"},   {"/x/..;/api", "/api"}, {"/;x", "/"},
      {"/a/.%2e/b", "/b"},   {"//", "/"},
  };
  for (const auto& [prefix, usual] : rows) {
    const std::string got = usual + ", which is how servers read this path prefix, got a string";
    EXPECT_THAT(error_of("services: [{name: a, paths: ['" + prefix + "']}]"),
                ::testing::StartsWith("f:1: services[0].paths[0]: expected " + got))
        << prefix;
    EXPECT_THAT(error_of("services: [{name: a, scope: {paths: ['" + prefix + "']}}]"),
                ::testing::StartsWith("f:1: services[0].scope.paths[0]: expected " + got))
        << prefix;
  }
  for (const char* prefix :
       {"/a%00", "/%u0041", "/a%0ab", "/PROGRA~1", "/a%c0%afb", "/a%E2%88%95b"}) {
    EXPECT_THAT(error_of("services: [{name: a, paths: ['" + std::string(prefix) + "']}]"),
                ::testing::StartsWith("f:1: services[0].paths[0]: expected a path prefix that all "
                                      "servers read alike (it holds "))
        << prefix;
  }
  for (const char* prefix :
       {"/", "/a", "/a/", "/%41", "/caf%C3%A9", "/\u00dcBER", "/.well-known", "/v1.1", "/a.json",
        "/index.php", "/a~b", "/100%25", "/a+b", "/a:b", "/@x"}) {
    EXPECT_EQ(error_of("services: [{name: a, paths: ['" + std::string(prefix) + "']}]"), "none")
        << prefix;
  }
}

TEST(ConfigurationErrors, NetworksWithHostBitsNameTheNetworkThatIsMeant) {
  const std::string got =
      ": expected the network 10.0.0.0/8, or the address 10.1.2.3 alone, got a string "
      "(\"10.1.2.3/8\")";
  const std::string list = "[10.1.2.3/8]";
  EXPECT_EQ(error_of("trusted_proxies: " + list), "f:1: trusted_proxies[0]" + got);
  EXPECT_EQ(error_of("listen: {proxy_protocol: " + list + "}"),
            "f:1: listen.proxy_protocol[0]" + got);
  EXPECT_EQ(error_of("limits: {exempt_addresses: " + list + "}"),
            "f:1: limits.exempt_addresses[0]" + got);
  EXPECT_EQ(error_of("services: [{name: a, bypass: {addresses: " + list + "}}]"),
            "f:1: services[0].bypass.addresses[0]" + got);
  EXPECT_EQ(error_of("trusted_proxies: ['2001:db8::1/32']"),
            "f:1: trusted_proxies[0]: expected the network 2001:db8::/32, or the address "
            "2001:db8::1 alone, got a string (\"2001:db8::1/32\")");
  EXPECT_EQ(error_of("trusted_proxies: [10.1.2.3/32, 10.0.0.0/8, 10.1.2.3, '::1/128']"), "none");
}

TEST(ConfigurationErrors, Windows) {
  const std::string place = "f:1: services[0].windows[0]";
  EXPECT_EQ(window_error("end: 2026-12-01T22:00:00Z"),
            place +
                ": expected start and either end or for, which say when the window is, or ics, a "
                "calendar file");
  EXPECT_EQ(window_error("start: 2026-12-01T22:00:00Z"),
            place + ": expected end or for, and not both");
  EXPECT_EQ(window_error("start: 2026-12-01T22:00:00Z, end: 2026-12-01T23:00:00Z, for: 1h"),
            place + ": expected end or for, and not both");
  EXPECT_EQ(window_error("start: 2026-12-01T22:00:00Z, for: 0s"),
            place + ".for: expected a duration from 1s to 365d, got a string (\"0s\")");
  EXPECT_EQ(window_error("start: 2026-12-01T22:00:00, for: 1h, zone: Europe/Atlantis"),
            place +
                ".zone: expected a time zone that this system's tz database has, such as "
                "Europe/Berlin, got a string (\"Europe/Atlantis\")");
  EXPECT_EQ(window_error("start: 2026-12-01T22:00:00Z, for: 1h, zone: Europe/Berlin"),
            place +
                ".start: expected a time without Z or an offset, for zone says where, got a "
                "string (\"2026-12-01T22:00:00Z\")");
  EXPECT_EQ(window_error("start: midnight, for: 1h, zone: Europe/Berlin"),
            place +
                ".start: expected a time such as 2026-12-06T02:00:00, got a string "
                "(\"midnight\")");
  EXPECT_EQ(window_error("start: 2026-12-01T22:00:00, end: 2026-12-01T21:00:00, zone: "
                         "Europe/Berlin"),
            place +
                ".end: expected a time after start (2026-12-01T22:00:00), got a string "
                "(\"2026-12-01T21:00:00\")");
  EXPECT_EQ(window_error("start: 2026-12-01T23:00:00+01:00, end: 2026-12-01T21:00:00Z, rrule: "
                         "FREQ=DAILY"),
            place +
                ".end: expected a time after start (2026-12-01T22:00:00Z), got a string "
                "(\"2026-12-01T21:00:00Z\")");
  EXPECT_EQ(window_error("start: 2026-12-01T22:00:00Z, for: 1h, exdate: [2026-12-27]"),
            place + ".exdate: expected rrule as well");
  EXPECT_EQ(window_error("start: 2026-12-06T22:00:00Z, for: 1h, rrule: FREQ=SECONDLY"),
            place +
                ".rrule: expected FREQ to be DAILY, WEEKLY, MONTHLY or YEARLY, got "
                "\"FREQ=SECONDLY\"");
  EXPECT_EQ(window_error("start: 2026-12-06T22:00:00Z, for: 40d, rrule: FREQ=YEARLY"),
            place + ": expected a window that recurs to last at most 31 days");
  EXPECT_EQ(window_error("start: 2026-12-06T22:00:00Z, for: 1h, rrule: FREQ=WEEKLY, exdate: [x]"),
            place +
                ".exdate[0]: expected a time such as 2026-12-01T22:00:00Z or "
                "2026-12-01T23:00:00+01:00, got a string (\"x\")");
  EXPECT_EQ(window_error("ics: no-such.ics"),
            place + ".ics: no-such.ics: cannot be read: No such file or directory");
  EXPECT_EQ(window_error("ics: /dev/zero"),
            place + ".ics: /dev/zero: expected a regular file, got a pipe or a device");
  EXPECT_EQ(
      window_error("ics: a.ics, for: 1h"),
      place +
          ".for: cannot be combined with ics, which may have a zone beside it and nothing else");
}

TEST(ConfigurationErrors, BeyondTheSchema) {
  const std::vector<Row> rows = {
      {"services: [{name: default}]",
       "f:1: services[0].name: expected another name (default is the service of requests that "
       "belong to no other), got a string (\"default\")"},
      {R"(
services:
  - name: a
    hosts: [x]
  - name: b
    hosts: [y]
  - name: a
    hosts: [z]
)",
       "f:7: services[2].name: the name \"a\" is already used by the service on line 3"},
      {R"(
services:
  - name: a
    hosts: [x.example, y.example]
    paths: [/v1, /v2]
  - name: b
    hosts: [z.example, Y.Example.]
    paths:
      - /v3
      - /v%32/
)",
       "f:10: services[1].paths[1]: path /v2 of host y.example already belongs to service a (line "
       "5)"},
      {R"(
services:
  - name: a
  - name: b
)",
       "f:4: services[1].name: path / of every host already belongs to service a (line 3)"},
      {R"(
services:
  - name: a
    paths: [/x, /x/]
)",
       "f:4: services[0].paths[1]: path /x of every host is there twice (line 4)"},
      {R"(
services:
  - name: a
    hosts: [a.example, A.example]
)",
       "f:4: services[0].hosts[1]: path / of host a.example is there twice (line 4)"},
      {"control: { hosts: ['*.example.com'] }",
       "f:1: control.hosts[0]: expected a host name without a wildcard, got a string "
       "(\"*.example.com\")"},
      {"control: { hosts: ['*'] }",
       "f:1: control.hosts[0]: expected the names that operators use for this listener, each in "
       "full, such as ops.example.com (its own addresses need no entry), got a string (\"*\")"},
      {"control: { hosts: ['ops.example.com:9099'] }",
       "f:1: control.hosts[0]: expected a host name without a port (an IPv6 address stands in "
       "brackets), got a string (\"ops.example.com:9099\")"},
      {R"(services: [{name: a, hosts: ["a.example:8080"]}])",
       "f:1: services[0].hosts[0]: expected a host name without a port (an IPv6 address stands in "
       "brackets), got a string (\"a.example:8080\")"},
      {R"(services: [{name: a, hosts: ["https://a.example"]}])",
       "f:1: services[0].hosts[0]: expected a host name without a scheme, got a string "
       "(\"https://a.example\")"},
      {R"(services: [{name: a, hosts: ["a.example/x"]}])",
       "f:1: services[0].hosts[0]: expected a host name without a path, got a string "
       "(\"a.example/x\")"},
      {R"(services: [{name: a, hosts: ["*"]}])",
       "f:1: services[0].hosts[0]: expected a host name (leave hosts out to answer for every "
       "host), got a string (\"*\")"},
      {R"(services: [{name: a, hosts: ["a.*.example"]}])",
       "f:1: services[0].hosts[0]: expected a host name whose only wildcard is *. or **. at its "
       "start, "
       "got a string (\"a.*.example\")"},
      {R"(services: [{name: a, hosts: ["*a.example"]}])",
       "f:1: services[0].hosts[0]: expected a host name whose only wildcard is *. or **. at its "
       "start, "
       "got a string (\"*a.example\")"},
      {R"(services: [{name: a, hosts: ["*.*.example"]}])",
       "f:1: services[0].hosts[0]: expected a host name whose only wildcard is *. or **. at its "
       "start, "
       "got a string (\"*.*.example\")"},
      {R"(services: [{name: a, hosts: ["*."]}])",
       "f:1: services[0].hosts[0]: expected a host name (leave hosts out to answer for every "
       "host), got a string (\"*.\")"},
      {R"(services: [{name: a, hosts: ["::1"]}])",
       "f:1: services[0].hosts[0]: expected a host name without a port (an IPv6 address stands in "
       "brackets), got a string (\"::1\")"},
      {R"(services: [{name: a, hosts: ["[::1]:80"]}])",
       "f:1: services[0].hosts[0]: expected a host name without a port (an IPv6 address stands in "
       "brackets), got a string (\"[::1]:80\")"},
      {R"(services: [{name: a, hosts: ["[zz]"]}])",
       "f:1: services[0].hosts[0]: expected an IPv6 address in brackets such as [2001:db8::1], got "
       "a string (\"[zz]\")"},
      {R"(services: [{name: a, hosts: ["bücher.example"]}])",
       "f:1: services[0].hosts[0]: expected a host name in its ASCII form (xn--...), got a string "
       "(\"b\\xc3\\xbccher.example\")"},
      {R"(services: [{name: a, hosts: ["a..example"]}])",
       "f:1: services[0].hosts[0]: expected a host name such as orders.example.com or "
       "*.orders.example.com, got a string (\"a..example\")"},
      {R"(services: [{name: a, hosts: ["."]}])",
       "f:1: services[0].hosts[0]: expected a host name such as orders.example.com or "
       "*.orders.example.com, got a string (\".\")"},
      {R"(services: [{name: a, hosts: ["a b"]}])",
       "f:1: services[0].hosts[0]: expected a host name such as orders.example.com or "
       "*.orders.example.com, got a string (\"a b\")"},
      {"services: [{name: a, paths: [/v1/*]}]",
       "f:1: services[0].paths[0]: expected a path prefix without * (/v1 already holds everything "
       "below it), got a string (\"/v1/*\")"},
      {R"(services: [{name: a, paths: ["/v1?x"]}])",
       "f:1: services[0].paths[0]: expected a path prefix without a query, got a string "
       "(\"/v1?x\")"},
      {R"(services: [{name: a, cors: {origins: ["https://app.example.org/"]}}])",
       "f:1: services[0].cors.origins[0]: expected an origin without a path, such as "
       "https://app.example.org, got a string (\"https://app.example.org/\")"},
      {R"(services: [{name: a, cors: {origins: ["https://app.example.org?x"]}}])",
       "f:1: services[0].cors.origins[0]: expected an origin without a path, such as "
       "https://app.example.org, got a string (\"https://app.example.org?x\")"},
      {R"(services: [{name: a, cors: {origins: ["app.example.org"]}}])",
       "f:1: services[0].cors.origins[0]: expected an origin with its scheme, such as "
       "https://app.example.org, got a string (\"app.example.org\")"},
      {R"(services: [{name: a, cors: {origins: ["https://*.example.org"]}}])",
       "f:1: services[0].cors.origins[0]: expected an origin without a wildcard (list each host, "
       "or * alone), got a string (\"https://*.example.org\")"},
      {R"(services: [{name: a, cors: {origins: ["https://u@app.example.org"]}}])",
       "f:1: services[0].cors.origins[0]: expected an origin without user information, got a "
       "string (\"https://u@app.example.org\")"},
      {R"(services: [{name: a, cors: {origins: ["null"]}}])",
       "f:1: services[0].cors.origins[0]: expected an origin (null is that of every sandboxed "
       "page), got a string (\"null\")"},
      {R"(services: [{name: a, cors: {origins: ["https://app.example.org:x"]}}])",
       "f:1: services[0].cors.origins[0]: expected an origin such as https://app.example.org or "
       "http://localhost:3000, got a string (\"https://app.example.org:x\")"},
      {R"(services: [{name: a, cors: {origins: ["https://bücher.example"]}}])",
       "f:1: services[0].cors.origins[0]: expected an origin in its ASCII form (xn--...), got a "
       "string (\"https://b\\xc3\\xbccher.example\")"},
      {R"(services: [{name: a, cors: {origins: ["https://"]}}])",
       "f:1: services[0].cors.origins[0]: expected an origin such as https://app.example.org or "
       "http://localhost:3000, got a string (\"https://\")"},
      {R"(services: [{name: a, cors: {origins: ["*", "https://a.example"]}}])",
       "f:1: services[0].cors.origins[0]: expected * alone, or a list of origins, got a string "
       "(\"*\")"},
      {R"(services: [{name: a, cors: {origins: ["*"], credentials: true}}])",
       "f:1: services[0].cors.credentials: no credentials are granted to every origin (*): list "
       "the origins"},
      {R"({defaults: {cors: {origins: [https://a.example], credentials: true}}, services: [{name: a, cors: {origins: ["*"]}}]})",
       "f:1: services[0].cors.origins: no credentials are granted to every origin (*): list the "
       "origins"},
      {"services: [{name: a, cors: {credentials: true}}]",
       "f:1: services[0].cors.credentials: credentials need a list of origins"},
      {"services: [{name: a, cors: {origins: https://a.example}}]",
       "f:1: services[0].cors.origins: expected a list of origins such as https://app.example.org, "
       "or * alone for every origin, got a string (\"https://a.example\")"},
      {"{defaults: {maintenance: off}, services: [{name: a, windows: [{start: "
       "2026-12-01T22:00:00Z, end: 2026-12-01T23:00:00Z}]}]}",
       "f:1: services[0].windows: windows need maintenance: scheduled, got off of "
       "defaults"},
      {"defaults: {maintenance: never}",
       "f:1: defaults.maintenance: expected one of on, off and scheduled, got a string "
       "(\"never\")"},
      {"services: [{name: a, maintenance: scheduled}]",
       "f:1: services[0].maintenance: scheduled needs windows"},
      {"services: [{name: a, windows: [{start: 2026-12-01T22:00:00Z, end: 2026-12-01T23:00:00Z}]}]",
       "f:1: services[0].windows: windows need maintenance: scheduled, got nothing"},
      {"services: [{name: a, maintenance: off, windows: [{start: 2026-12-01T22:00:00Z, end: "
       "2026-12-01T23:00:00Z}]}]",
       "f:1: services[0].windows: windows need maintenance: scheduled, got off"},
      {R"(
services:
  - name: a
    maintenance: scheduled
    windows:
      - start: 2026-12-01T22:00:00
        end: 2026-12-01T23:00:00Z
)",
       "f:6: services[0].windows[0].start: expected a time with Z or an offset such as +01:00 at "
       "its end, got a string (\"2026-12-01T22:00:00\")"},
      {"services: [{name: a, maintenance: scheduled, windows: [{start: tomorrow, end: "
       "2026-12-01T23:00:00Z}]}]",
       "f:1: services[0].windows[0].start: expected a time such as 2026-12-01T22:00:00Z or "
       "2026-12-01T23:00:00+01:00, got a string (\"tomorrow\")"},
      {"services: [{name: a, maintenance: scheduled, windows: [{start: 2026-02-30T00:00:00Z, end: "
       "2026-12-01T23:00:00Z}]}]",
       "f:1: services[0].windows[0].start: expected a time such as 2026-12-01T22:00:00Z or "
       "2026-12-01T23:00:00+01:00, got a string (\"2026-02-30T00:00:00Z\")"},
      {"services: [{name: a, maintenance: scheduled, windows: [{start: 2026-12-01T23:00:00Z, end: "
       "2026-12-01T23:00:00Z}]}]",
       "f:1: services[0].windows[0].end: expected a time after start (2026-12-01T23:00:00Z), got a "
       "string (\"2026-12-01T23:00:00Z\")"},
      {R"(
services:
  - name: a
    maintenance: scheduled
    windows:
      - { start: 2026-12-03T22:00:00Z, end: 2026-12-04T02:00:00Z }
      - { start: 2026-12-01T22:00:00Z, end: 2026-12-02T02:00:00Z }
      - { start: 2026-12-02T02:59:59+01:00, end: 2026-12-02T04:00:00Z }
)",
       "f:8: services[0].windows[2]: expected windows that do not overlap, got one that overlaps "
       "services[0].windows[1] (line 7)"},
      {"defaults: { retry_after: { min: 2m, max: 60 } }",
       "f:1: defaults.retry_after.min: expected at most max (1m), got a string (\"2m\")"},
      {"defaults: { retry_after: { default: 1m, min: 2m } }",
       "f:1: defaults.retry_after.default: expected at least min (2m), got a string (\"1m\")"},
      {"defaults: { retry_after: { default: 3m, max: 2m } }",
       "f:1: defaults.retry_after.default: expected at most max (2m), got a string (\"3m\")"},
      {"defaults: { retry_after: { min: 0s } }",
       "f:1: defaults.retry_after.min: expected a duration from 1s to 365d, got a string (\"0s\")"},
      {"defaults: { retry_after: { max: 366d } }",
       "f:1: defaults.retry_after.max: expected a duration from 1s to 365d, got a string "
       "(\"366d\")"},
      {"defaults: { retry_after: { default: 0 } }",
       "f:1: defaults.retry_after.default: expected a duration from 1s to 365d, got a number (0)"},
      {R"(defaults: { message: " \n" })",
       "f:1: defaults.message: expected text that is not empty, got a string (\" \\x0a\")"},
      {R"(defaults: { message: { en: hello, de: "" } })",
       "f:1: defaults.message.de: expected text that is not empty, got a string (\"\")"},
      {R"(defaults: { message: { en: hello, de: "  " } })",
       "f:1: defaults.message.de: expected text that is not empty, got a string (\"  \")"},
      {"defaults: { message: { english_us: hello } }",
       "f:1: defaults.message.english_us: expected a language tag such as en or pt-BR as the key"},
      {"defaults: { message: { 1: hello } }",
       "f:1: defaults.message.1: expected a language tag such as en or pt-BR as the key"},
      {"defaults: { message: { en: a, EN: b } }",
       "f:1: defaults.message.EN: expected each language once, got it again"},
      {"defaults: { message: { en: a, de: b }, language: fr }",
       "f:1: defaults.language: expected a language of the message (en, de), got a string "
       "(\"fr\")"},
      {R"(
defaults: { message: { en: a, de: b } }
services: [{ name: a, language: fr }]
)",
       "f:3: services[0].language: expected a language of the message (en, de), got a string "
       "(\"fr\")"},
      {"services: [{ name: a, language: de }]",
       "f:1: services[0].language: expected a language of the message (en), got a string (\"de\")"},
      {R"(defaults: { message: "a\u0001" })",
       "f:1: defaults.message: expected text without control characters, got a string "
       "(\"a\\x01\")"},
      {R"(defaults: { message: "a\uffff" })",
       "f:1: defaults.message: expected text without control characters, got a string "
       "(\"a\\xef\\xbf\\xbf\")"},
      {R"(defaults: { title: "a\nb" })",
       "f:1: defaults.title: expected text without control characters, got a string (\"a\\x0ab\")"},
      {"defaults: { legacy: { status: 204 } }",
       "f:1: defaults.legacy.status: expected a status whose answer has a body, got a number "
       "(204)"},
      {"defaults: { legacy: { header: StatusHeader } }",
       "f:1: defaults.legacy.header: expected a header line such as \"StatusHeader: value\", got a "
       "string (\"StatusHeader\")"},
      {R"(defaults: { legacy: { header: "Status Header: x" } })",
       "f:1: defaults.legacy.header: expected a header line such as \"StatusHeader: value\", got a "
       "string (\"Status Header: x\")"},
      {R"(defaults: { legacy: { header: ": x" } })",
       "f:1: defaults.legacy.header: expected a header line such as \"StatusHeader: value\", got a "
       "string (\": x\")"},
      {R"(defaults: { legacy: { header: "A: x\r\nB: y" } })",
       "f:1: defaults.legacy.header: expected one header line without control characters, got a "
       "string (\"A: x\\x0d\\x0aB: y\")"},
      {R"(defaults: { legacy: { header: "content-length: 5" } })",
       "f:1: defaults.legacy.header: the gateway writes Content-Length itself; expected another "
       "header"},
      {R"(defaults: { legacy: { header: "A: {{mesage}}" } })",
       "f:1: defaults.legacy.header: unknown placeholder {{mesage}}; did you mean {{message}}?"},
      {R"(defaults: { legacy: { body: { a: [{ b: "x {{retry_after}} {{foo}}" }] } } })",
       "f:1: defaults.legacy.body.a[0].b: unknown placeholder {{retry_after}}; did you mean "
       "{{retryAfter}}?"},
      {R"(defaults: { legacy: { body: { a: "{{ message }}" } } })",
       "f:1: defaults.legacy.body.a: unknown placeholder {{ message }}; did you mean {{message}}?"},
      {R"(defaults: { legacy: { body: { a: "{{message" } } })",
       "f:1: defaults.legacy.body.a: expected }} after {{"},
      {R"(defaults: { legacy: { body: { "{{x}}": 1 } } })",
       "f:1: defaults.legacy.body.\"{{x}}\": unknown placeholder {{x}}; expected one of message, "
       "title, service, retryAfter, startsAt, endsAt"},
      {R"(defaults: { rules: [{ when: { header: { "X Y": a } }, answer: page }] })",
       "f:1: defaults.rules[0].when.header.\"X Y\": expected the name of a header as the key"},
      {"listen: { address: localhost }",
       "f:1: listen.address: expected a numeric IPv4 or IPv6 address, got a string "
       "(\"localhost\")"},
      {"control: { address: localhost }",
       "f:1: control.address: expected a numeric IPv4 or IPv6 address, got a string "
       "(\"localhost\")"},
      {"listen: { address: 10.0.0.300 }",
       "f:1: listen.address: expected a numeric IPv4 or IPv6 address, got a string "
       "(\"10.0.0.300\")"},
  };
  for (const Row& row : rows) EXPECT_EQ(error_of(row.text), row.error) << row.text;
}

TEST(ConfigurationErrors, TheDocumentItself) {
  EXPECT_EQ(error_of(""), "f: expected a YAML or JSON document, got an empty text");
  EXPECT_EQ(error_of("services: [\n"), "f:1: expected , or ] in a list that began with [");
  EXPECT_EQ(error_of("listen: {}\nlisten: {}\n"),
            "f:2: the key \"listen\" is there twice, first on line 1");
  EXPECT_EQ(load_file("/nonexistent.yaml", {}).error().text(),
            "/nonexistent.yaml: cannot be read: No such file or directory");
}

TEST(ConfigurationErrors, TooManyHeaderNames) {
  const auto rules = [](int names) {
    std::string text = "services:\n- name: a\n  rules:\n";
    for (int i = 0; i < names; ++i) {
      const std::string name = "X-" + std::to_string(i);
      text += "  - { when: { header: { " + name + ": a, x-0: b } }, answer: page }\n";
    }
    return text;
  };
  // x-0 and X-0 are one header.
  EXPECT_EQ(error_of(rules(64)), "none");
  EXPECT_EQ(error_of(rules(65)),
            "f:68: services[0].rules[64].when.header.X-64: expected at most 64 different header "
            "names in the rules of a service");
}

TEST(ConfigurationErrors, TooLongALegacyBody) {
  const std::string text = "defaults:\n  legacy:\n    body: [" + std::string(70'000, 'x') + "]\n";
  EXPECT_EQ(error_of(text),
            "f:3: defaults.legacy.body: expected at most 65536 bytes when written as JSON");
}

TEST(ConfigurationErrors, NoneInWhatIsRight) {
  for (
      const std::string_view text :
      {std::string_view("services: []"), std::string_view("{}"),
       std::string_view(
           R"(services: [{name: a, hosts: ["[::1]", "[::ffff:1.2.3.4]", 10.0.0.1, localhost, "*.localhost", a_b.example]}])"),
       std::string_view(R"(
services:
  - name: a
    maintenance: scheduled
    windows:
      - { start: 2026-12-01T22:00:00Z, end: 2026-12-02T02:00:00Z }
      - { start: 2026-12-02T03:00:00+01:00, end: 2026-12-02T04:00:00Z }
)"),
       std::string_view(R"(
defaults: { language: de }
services: [{ name: a, message: Hallo }]
)"),
       std::string_view(R"(defaults: { legacy: { header: "A:" } })"),
       std::string_view(
           R"(defaults: { legacy: { body: { "{{title}}": "{{message}}{{service}}{{retryAfter}}{{startsAt}}{{endsAt}} {x}" } } })"),
       std::string_view(R"(listen: { address: "::" })")}) {
    EXPECT_EQ(error_of(text), "none") << text;
  }
}

}  // namespace
}  // namespace intermission::catalog
