// The whole decision. The input is a request in the simplest of forms: "METHOD TARGET", with
// " HTTP/2" behind it or not, a line per field, a blank line, the body; a conversation of
// tests/cases is read from its request line on. Whatever it is, it gets an answer that is fit to be
// sent: the status is one that this kind of question may get, no field of the request can add one
// to the answer, the body is what Content-Encoding and Content-Type say, and header and body agree.
#include <rapidjson/document.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "base/text.h"
#include "catalog/configuration.h"
#include "dialect/triggers.h"
#include "gateway/answer.h"
#include "gateway/forwarded_request.h"
#include "http/date.h"
#include "snapshot/contracts.h"
#include "support/decode.h"
#include "support/json_schema.h"
#include "support/require.h"
#include "support/temporary_folder.h"

namespace intermission::gateway {
namespace {

using testing::require;

// A service for each of what decides: rules, windows, passes, parts of a host, scopes, a contract.
constexpr std::string_view kConfiguration = R"(
trusted_proxies: [127.0.0.1]
services:
  - name: orders
    hosts: [orders.example.com]
    message: { en: Back soon, de: Bald wieder da }
    rules:
      - { when: { path: /v1/*, header: { X-Client: legacy-* } }, answer: legacy }
      - { when: { path: /ws/* }, answer: soap }
  - name: planned
    hosts: [planned.example.com, search.example.com]
    maintenance: scheduled
    windows: [ { start: 2026-12-01T22:00:00Z, end: 2026-12-01T23:00:00Z } ]
    bypass: { addresses: [198.51.100.0/24] }
  - { name: shop, hosts: [shop.example.com], maintenance: "off" }
  - { name: shop-api, hosts: [shop.example.com], paths: [/api], answer: problem }
  - { name: reads, hosts: [reads.example.com], scope: { allow: reads } }
  - { name: parcels, hosts: [parcels.example.com], contract: parcels.json }
)";

// What an operation of the contract promises its client; also what its answers are held against.
constexpr std::string_view kPromisedBody = R"({
  "type": "object", "required": ["statusCode", "retry_after", "message"],
  "additionalProperties": false,
  "properties": {
    "statusCode": {"type": "integer", "enum": [503]},
    "retry_after": {"type": "integer", "minimum": 1},
    "message": {"type": "string", "minLength": 1},
    "path": {"type": "string", "maxLength": 40},
    "requestId": {"type": "string", "minLength": 8, "maxLength": 36}
  }})";
constexpr std::string_view kPromisedType = "application/vnd.parcels+json";

constexpr const char* kPassKey = "the key of the fuzz target of the decision";

std::string contract_text() {
  return R"({"openapi": "3.1.0", "info": {"title": "Parcels", "version": "1"}, "paths": {
    "/v1/parcels/{id}": {"get": {"responses": {"503": {"description": "Closed.", "content": {")" +
         std::string(kPromisedType) + R"(": {"schema": )" + std::string(kPromisedBody) + "}}}}}}}}";
}

snapshot::Snapshot make_snapshot() {
  const testing::TemporaryFolder folder;
  folder.write("parcels.json", contract_text());
  catalog::Overrides overrides;
  overrides.bypass_key = kPassKey;
  auto loaded =
      catalog::load_text(kConfiguration, (folder.path() / "fuzz.yaml").string(), overrides);
  require(static_cast<bool>(loaded), loaded ? "" : loaded.error().text());
  auto contracts = snapshot::read_contracts(std::move(loaded->catalog));
  require(contracts.problems.empty(), "the contract loads");
  return snapshot::Snapshot(std::move(contracts.catalog));
}

const snapshot::Snapshot& the_snapshot() {
  static const snapshot::Snapshot made = make_snapshot();
  return made;
}

// In the middle of the window that is planned.
Moment moment() {
  static const base::TimePoint now = http::parse_rfc3339("2026-12-01T22:30:00Z").value();
  return {now, 0};
}

std::string_view cut(std::string_view& rest, char mark) {
  const auto end = rest.find(mark);
  const std::string_view part = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  return part;
}

// A conversation has words and settings before its request line.
std::string_view from_request_line(std::string_view input) {
  for (std::string_view rest = input; !rest.empty();) {
    const std::string_view before = rest;
    if (cut(rest, '\n').ends_with(" HTTP/1.1")) return before;
  }
  return input;
}

void fill(http::Request& request, std::string_view input) {
  input = from_request_line(input);
  std::string_view line = cut(input, '\n');
  if (line.ends_with(" HTTP/1.1")) line.remove_suffix(9);
  const bool is_http2 = line.ends_with(" HTTP/2");
  if (is_http2) line.remove_suffix(7);
  const std::string_view method = cut(line, ' ');
  request.reset(method, line, is_http2 ? 20 : 11);
  for (line = cut(input, '\n'); !line.empty(); line = cut(input, '\n')) {
    const std::string_view name = cut(line, ':');
    request.add_field(name, base::trim(line));
  }
  request.set_body(input, true);
  request.set_peer(http::Address::parse("127.0.0.1"));
}

// 204 is an open gate's or a preflight's, 303 a tester's link, 409 is for Inertia, 502 for a client
// that repeats a 503 for ever, 101 a socket
// that is closed at once, and 405 and 431 are not for this function.
bool is_ours(int status, Gate gate) {
  if (gate == Gate::kForbidden) return status == 403 || status == 204;
  if (gate == Gate::kAnswer) return status == 503 || status == 500 || status == 204;
  return status == 503 || status == 500 || status == 200 || status == 204 || status == 303 ||
         status == 409 || status == 502;
}

// Field lines that end where they should: nothing of a request can have added one.
void require_clean_fields(std::string_view fields) {
  while (!fields.empty()) {
    const auto end = fields.find("\r\n");
    require(end != std::string_view::npos, "every field line ends in CRLF");
    const std::string_view line = fields.substr(0, end);
    require(line.find(": ") != std::string_view::npos, "every field line has a name");
    require(line.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos,
            "no field line holds a line end");
    fields.remove_prefix(end + 2);
  }
}

std::string_view value_of(std::string_view fields, std::string_view name) {
  while (!fields.empty()) {
    std::string_view line = fields.substr(0, fields.find("\r\n"));
    fields.remove_prefix(std::min(fields.size(), line.size() + 2));
    if (base::iequals(line.substr(0, line.find(':')), name)) {
      return base::trim(line.substr(line.find(':') + 1));
    }
  }
  return {};
}

// The number that the header says is the one in the body.
void require_same_wait(const rapidjson::Document& body, const char* member,
                       std::string_view header) {
  std::uint64_t seconds = 0;
  std::from_chars(header.data(), header.data() + header.size(), seconds);
  require(body.HasMember(member) && body[member].IsUint64() && body[member].GetUint64() == seconds,
          "Retry-After is the number in the body");
}

void check_json(const std::string& text, std::string_view type, std::string_view fields) {
  rapidjson::Document body;
  body.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>(text);
  // An id that no double holds comes back byte for byte, and is JSON all the same.
  require(!body.HasParseError() || body.GetParseError() == rapidjson::kParseErrorNumberTooBig,
          "what is called JSON is JSON");
  // Under a contract, problem details may have the members that its error responses share.
  const bool has_contract = value_of(fields, "X-Maintenance") == "parcels";
  if (type == "application/problem+json" && !has_contract) {
    const std::string invalid = testing::invalid_by("problem.schema.json", body);
    require(invalid.empty(), "a problem follows its schema: " + invalid);
    require_same_wait(body, "retryAfter", value_of(fields, "Retry-After"));
  }
  if (type == kPromisedType && has_contract) {
    static const testing::JsonSchema promised{std::string(kPromisedBody)};
    require(promised.problem_of(body).empty(), "a promised body follows its schema");
    require_same_wait(body, "retry_after", value_of(fields, "Retry-After"));
  }
}

// Whether the body is what the fields say of it. Bodies of gRPC and its kin are bytes.
void check_body(const http::Response& response) {
  const std::string_view fields = response.fields.text();
  const std::string text =
      testing::decode(value_of(fields, "Content-Encoding"), std::string(response.body.view()));
  const std::string_view whole = value_of(fields, "Content-Type");
  const std::string_view type = whole.substr(0, whole.find(';'));
  if (text.empty()) return;
  require(!type.empty(), "a body has a type");
  if (type.ends_with("json") && !type.starts_with("application/connect")) {
    check_json(text, type, fields);
  } else if (type.ends_with("xml") && !type.starts_with("application/grpc")) {
    pugi::xml_document xml;
    require(static_cast<bool>(xml.load_buffer(text.data(), text.size())),
            "what is called XML is XML");
  } else if (type == "text/html") {
    const bool is_page = text.starts_with("<!doctype html>") || text.starts_with("<!DOCTYPE html>");
    require(is_page || text.starts_with("<p role=\"alert\" lang=\""),
            "HTML is a page or a piece of one");
  }
}

}  // namespace
}  // namespace intermission::gateway

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace intermission;
  using namespace intermission::gateway;
  const std::string input(reinterpret_cast<const char*>(data), size);
  http::Request request;
  fill(request, input);
  needs_body(request, the_snapshot());
  http::Response response;
  Trace trace;
  answer(request, the_snapshot(), moment(), response, nullptr, &trace);

  const Gate gate = ForwardedRequest(request, the_snapshot().catalog().front()).gate();
  if (!is_ours(response.status, gate)) {
    require(false, "the status is one of ours: " + std::to_string(response.status));
  }
  require_clean_fields(response.fields.text());
  require_clean_fields(response.trailers.text());
  require(response.status != 409 || !value_of(response.fields.text(), "X-Inertia-Location").empty(),
          "a 409 says where to go");
  require(!trace.steps.empty(), "the decision can be explained");
  check_body(response);
  const std::string_view agent = request.value(http::Field::kUserAgent);
  const std::string_view product = dialect::product_of(agent);
  const bool is_of_openstack =
      agent.find(" keystoneauth1/") != std::string_view::npos ||
      (request.has(http::field_from("X-Auth-Token")) &&
       (request.has(http::field_from("X-Project-Id")) || base::iequals(product, "python-urllib3")));
  const bool breaks_on_wait = is_of_openstack || base::iequals(product, "python-blazarclient") ||
                              base::iequals(product, "python-saharaclient") ||
                              base::iequals(product, "python-watcherclient") ||
                              base::iequals(product, "node-zendesk") ||
                              base::iequals(product, "python-ironicclient") ||
                              base::iequals(product, "python-manilaclient");
  require(response.status != 503 || breaks_on_wait ||
              !value_of(response.fields.text(), "Retry-After").empty(),
          "503 says when to come back");
  require(response.status != 502 || base::iequals(product, "@huggingface"),
          "502 is for one client alone");

  static dialect::ParsedHeaders parsed_headers;  // of all inputs before
  http::Response again;
  needs_body(request, the_snapshot(), &parsed_headers);
  answer(request, the_snapshot(), moment(), again, &parsed_headers);
  require(again.status == response.status && again.fields == response.fields &&
              again.body.view() == response.body.view(),
          "what was read for earlier requests changes no answer");
  return 0;
}
