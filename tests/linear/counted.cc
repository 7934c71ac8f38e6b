// Serves requests that are long in one place, each under callgrind's eyes: linear_test.py compares
// how many instructions 5,000 bytes and 50,000 bytes took.
//
//   valgrind --tool=callgrind --instr-atstart=no --callgrind-out-file=counts cases_test
//            --gtest_also_run_disabled_tests --gtest_filter=Counted.DISABLED_fields
//
// It is a part of cases_test because linking a program of the shipped objects takes minutes.
//
// Each request is one dump, named "PLACE SHAPE SIZE".
#include <gtest/gtest.h>
#include <valgrind/callgrind.h>

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/configuration.h"
#include "dialect/parsed_headers.h"
#include "gateway/answer.h"
#include "gateway/observer.h"
#include "http/field.h"
#include "observe/access_line.h"
#include "server/head_scanner.h"
#include "server/proxy_header.h"
#include "server/request_parser.h"
#include "server/unread_line.h"
#include "snapshot/publisher.h"

namespace intermission {
namespace {

constexpr std::size_t kSizes[] = {5'000, 50'000};
constexpr std::size_t kMostLines = 900;

constexpr std::string_view kConfiguration = R"(
trusted_proxies: [127.0.0.1]
services:
  - name: orders
    hosts: [orders.example.com]
    message: { en: Back soon, de: Bald zurück }
    bypass: { addresses: [198.51.100.0/24] }
    scope: { paths: [/, /api] }
    rules:
      - { when: { path: "*/v1/*x", header: { X-Client: "legacy-*x*" } }, answer: legacy }
      - { when: { user_agent: "*old*client*" }, answer: text }
)";

/// What is repeated, and what stands once before it.
struct Shape {
  std::string_view name;
  std::string_view begin;
  std::string_view repeated;
};

constexpr Shape kShapes[] = {
    {"commas", "", ","},
    {"semicolons", "a/b", ";"},
    {"spaces", "", " , "},
    {"quotes", "", "\""},
    {"open-quote", "a=\"", ",;"},
    {"backslashes", "a/b;x=\"", "\\\","},
    {"members", "", "a/b;q=0.1;for=1.1.1.1,"},
};

// Each alone, in every shape.
constexpr std::string_view kLists[] = {
    "Accept", "Accept-Encoding", "Accept-Language", "Connection",      "Content-Type",     "Cookie",
    "Expect", "Forwarded",       "User-Agent",      "X-Forwarded-For", "X-Forwarded-Host",
};
// All other fields that are known, and these, share one request for each shape.
constexpr std::string_view kOtherFields[] = {
    "Cache-Control",          "Prefer",         "X-Forwarded-Uri", "X-Forwarded-Method",
    "X-Original-Method",      "X-Original-URL", "X-Original-URI",  "X-Client",
    "X-HTTP-Method-Override",
};

std::string text_of(const Shape& shape, std::size_t size) {
  std::string text(shape.begin);
  while (text.size() < size) text += shape.repeated;
  return text;
}

class Served {
 public:
  Served() {
    catalog::Overrides overrides;
    overrides.bypass_key = "a secret of the tests that is long enough";
    auto loaded = catalog::load_text(kConfiguration, "test", overrides);
    if (!loaded) throw std::runtime_error(loaded.error().text());
    snapshot_ = std::make_shared<snapshot::Snapshot>(std::move(loaded->catalog));
    limits_.header_bytes = 1 << 20;
    limits_.header_count = 1000;
    limits_.body_peek = 1 << 20;
  }

  void count(const std::string& name, const std::string& bytes) {
    CALLGRIND_START_INSTRUMENTATION;
    CALLGRIND_ZERO_STATS;
    serve(bytes);
    CALLGRIND_DUMP_STATS_AT(name.c_str());
    CALLGRIND_STOP_INSTRUMENTATION;
  }

 private:
  void serve(const std::string& bytes) {
    http::Request request;
    request.set_peer(http::Address::from_ipv4({127, 0, 0, 1}));
    server::RequestParser parser(limits_);
    server::Fault fault;
    std::size_t size = parser.read_plain_head(bytes, request, fault);
    if (size == 0) {
      server::HeadScanner scanner;
      size = scanner.scan(bytes, limits_.header_bytes).size;
      if (size == 0) return server::read_what_stands(bytes, request);
      fault = parser.read_head(std::string_view(bytes).substr(0, size), request);
    }
    if (fault) return;
    dialect::ParsedHeaders parsed_headers;
    std::string kept;
    if (parser.has_body()) {
      const bool wanted = gateway::needs_body(request, *snapshot_, &parsed_headers);
      const auto step = parser.read_body(std::string_view(bytes).substr(size),
                                         wanted ? limits_.body_peek : 0, kept);
      request.set_body(kept, step.progress == server::BodyProgress::kComplete);
    }
    http::Response response;
    const base::TimePoint now{base::Seconds{1'796'164'200}};
    const auto outcome = gateway::answer(request, *snapshot_, {now, 0}, response, &parsed_headers);
    std::string line;
    observe::append_json(line, {request, response, outcome, now, {}});
    observe::append_combined(line, {request, response, outcome, now, {}});
  }

  http::Limits limits_;
  snapshot::SnapshotPtr snapshot_;
};

const std::string kGate = "/.well-known/intermission/gate";

std::string request(const std::string& target, const std::string& fields,
                    const std::string& method = "GET", const std::string& body = "") {
  return method + ' ' + target + " HTTP/1.1\r\nHost: orders.example.com\r\n" + fields +
         (body.empty() ? "" : "Content-Length: " + std::to_string(body.size()) + "\r\n") + "\r\n" +
         body;
}

std::string lines(const std::string& name, const Shape& shape, std::size_t size) {
  const std::string value = text_of(shape, size / kMostLines);
  std::string out;
  for (std::size_t i = 0; i < kMostLines; ++i) out += name + ": " + value + "\r\n";
  return out;
}

std::string all_others(const Shape& shape, std::size_t size) {
  std::vector<std::string_view> names(std::begin(kOtherFields), std::end(kOtherFields));
  for (std::size_t i = 0; i < http::known_fields(); ++i) {
    const std::string_view name = http::field_name(static_cast<http::Field>(i));
    const bool frames = name == "Host" || name == "Content-Length" || name == "Transfer-Encoding";
    const bool alone = std::find(std::begin(kLists), std::end(kLists), name) != std::end(kLists);
    if (!frames && !alone) names.push_back(name);
  }
  std::string fields;
  for (const std::string_view name : names) {
    fields += std::string(name) + ": " + text_of(shape, size / names.size()) + "\r\n";
  }
  return fields;
}

void count_fields(Served& served) {
  for (const std::size_t size : kSizes) {
    const std::string end = ' ' + std::to_string(size);
    for (const Shape& shape : kShapes) {
      const std::string text = text_of(shape, size);
      for (const std::string_view field : kLists) {
        const std::string name(field);
        served.count(name + ' ' + std::string(shape.name) + end,
                     request(kGate, name + ": " + text + "\r\n"));
      }
      served.count("others " + std::string(shape.name) + end,
                   request(kGate, all_others(shape, size)));
    }
    for (const std::string_view field : kLists) {
      const std::string name(field);
      served.count(name + " many-lines" + end, request(kGate, lines(name, kShapes[0], size)));
    }
  }
}

void count_targets(Served& served) {
  constexpr Shape kTargets[] = {
      {"slashes", "/", "/"},      {"dots", "/", "a/../"},
      {"only-up", "", "/.."},     {"escapes", "/", "%2f"},
      {"parameters", "/", ";a/"}, {"pairs", "/?", "a&"},
      {"equals", "/?a=", "="},    {"passes", "/?", "intermission-bypass=x&"},
      {"versions", "/v1", "/v1"}, {"percents", "/", "%"},
      {"at", "http://", "a@"},    {"authority", "http://a", ":"},
  };
  for (const Shape& shape : kTargets) {
    for (const std::size_t size : kSizes) {
      const std::string text = text_of(shape, size);
      const std::string end = ' ' + std::string(shape.name) + ' ' + std::to_string(size);
      served.count("gate" + end, request(kGate + (text.starts_with('/') ? text : "/"), ""));
      served.count("told" + end, request(kGate + "-403", "X-Original-URL: " + text + "\r\n"));
    }
  }
}

struct BodyCase {
  Shape shape;
  const char* type;
};

void count_bodies(Served& served) {
  constexpr BodyCase kBodies[] = {
      {{"brackets", "", "["}, "application/json"},
      {{"members", "{", "\"id\":[1],"}, "application/json"},
      {{"list", "[", "{\"jsonrpc\":\"2.0\",\"id\":1},"}, "application/json"},
      {{"string", "{\"a\":\"", "\\\\"}, "application/json"},
      {{"elements", "", "<a>"}, "text/xml"},
      {{"comments", "", "<!---->"}, "text/xml"},
      {{"open-comment", "<!--", "--"}, "text/xml"},
      {{"attributes", "<Envelope ", "a='' "}, "text/xml"},
      {{"spaces", "", " "}, "text/xml"},
      {{"instructions", "", "<?a?>"}, "text/xml"},
      {{"pairs", "", "grant_type&"}, "application/x-www-form-urlencoded"},
      {{"parts", "", "--a\r\n"}, "multipart/related; boundary=a; start-info=\"text/xml\""},
  };
  for (const auto& [shape, type] : kBodies) {
    for (const std::size_t size : kSizes) {
      served.count("body " + std::string(shape.name) + ' ' + std::to_string(size),
                   request("/", "Content-Type: " + std::string(type) + "\r\n", "POST",
                           text_of(shape, size)));
    }
  }
  for (const Shape& shape :
       {Shape{"chunks", "", "1\r\na\r\n"}, Shape{"last-chunks", "1\r\na\r\n", "00"},
        Shape{"extensions", "", "1;a=\"b\"\r\na\r\n"}}) {
    for (const std::size_t size : kSizes) {
      served.count("chunked " + std::string(shape.name) + ' ' + std::to_string(size),
                   request("/", "Transfer-Encoding: chunked\r\n", "POST", "") +
                       text_of(shape, size) + "0\r\n\r\n");
    }
  }
}

void count_heads(Served& served) {
  constexpr Shape kHeads[] = {
      {"folded", "GET / HTTP/1.1\r\nA: b", "\r\n c"},
      {"spaces", "GET ", " "},
      {"line-ends", "", "\r\n"},
      {"bare", "GET / HTTP/1.1\r\n", "\r"},
      {"names", "GET / HTTP/1.1\r\n", "a"},
      {"colons", "GET / HTTP/1.1\r\n", ":"},
  };
  for (const Shape& shape : kHeads) {
    for (const std::size_t size : kSizes) {
      served.count("head " + std::string(shape.name) + ' ' + std::to_string(size),
                   text_of(shape, size) + "\r\n\r\n");
    }
  }
}

// Of use under callgrind only.
TEST(Counted, DISABLED_fields) {
  Served served;
  count_fields(served);
}

TEST(Counted, DISABLED_rest) {
  Served served;
  count_heads(served);
  count_targets(served);
  count_bodies(served);
}

}  // namespace
}  // namespace intermission
