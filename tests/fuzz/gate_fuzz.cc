// Questions to a gate. The input is a conversation of tests/cases, or what became of one: a request
// line, field lines, and whatever follows. However they are mutated, no gate opens
//
//   - where every service is in maintenance,
//   - for a host that is in maintenance as a whole,
//   - for a path that some server takes for a closed part of its host,
//   - for a write where reads alone pass.
//
// tests/support/upstream_models.h models which server takes what for a closed part. It
// shares no code with the program.
//
// The input itself chooses which of these it is tried with, the host, how the gate is asked, and
// whether a trace is wanted.
#include <algorithm>
#include <cctype>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalog/configuration.h"
#include "gateway/answer.h"
#include "gateway/forwarded_request.h"
#include "support/chooser.h"
#include "support/require.h"
#include "support/upstream_models.h"

namespace intermission::gateway {
namespace {

using testing::Chooser;
using testing::require;
using Fields = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view kConfiguration = R"(
trusted_proxies: [127.0.0.1]
services:
  - { name: orders, hosts: ["**.orders.example.com"], bypass: { addresses: [198.51.100.0/24] } }
  - { name: shop, hosts: [shop.example.com], maintenance: "off" }
  - { name: shop-api, hosts: [shop.example.com], paths: [/api] }
  - { name: reads, hosts: [reads.example.com], scope: { allow: reads } }
  - { name: search, hosts: [search.example.com], maintenance: "off" }
)";

// Every host belongs to a service in maintenance, and no request may pass.
constexpr std::string_view kAllClosed = R"(
trusted_proxies: [127.0.0.1]
services:
  - { name: rest }
  - { name: rest-api, paths: [/api], answer: legacy }
  - { name: orders, hosts: ["**.orders.example.com"] }
  - { name: search, hosts: ["*.example.com"] }
)";

const snapshot::Snapshot& snapshot() {
  static const snapshot::Snapshot made(
      std::move(*catalog::load_text(kConfiguration, "fuzz.yaml", {})).catalog);
  return made;
}

std::string lowered(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

struct Question {
  std::string method;
  std::string target;
  Fields fields;
};

// Skips the words of a conversation, up to its request line.
Question read_question(std::string_view input) {
  Question question;
  bool any_line = false;
  while (!input.empty()) {
    const auto end = std::min(input.find('\n'), input.size());
    const std::string_view line = input.substr(0, end);
    input.remove_prefix(std::min(end + 1, input.size()));
    const auto space = line.find(' ');
    if (!any_line) {
      if (!line.ends_with(" HTTP/1.1") || space + 9 > line.size()) continue;
      any_line = true;
      question.method = line.substr(0, space);
      question.target = line.substr(space + 1, line.size() - space - 10);
      continue;
    }
    const auto colon = line.find(": ");
    if (colon == std::string_view::npos) break;
    question.fields.emplace_back(line.substr(0, colon), line.substr(colon + 2));
  }
  return question;
}

// Fields that the proxy writes itself, and those that tell who asks: nobody of them is a tester.
bool is_the_proxys(const std::string& name) {
  const std::string known = lowered(name);
  return known == "host" || known == "x-forwarded-host" || known == "x-forwarded-uri" ||
         known == "x-forwarded-method" || known == "x-original-method" || known == "forwarded" ||
         known == "x-forwarded-for" || known == "cookie";
}

int ask(const std::string& method, const std::string& target, const Fields& theirs,
        const Fields& own, Chooser& chooser) {
  http::Request request;
  request.reset(method, target, 11);
  for (const auto& [name, value] : theirs) {
    if (!is_the_proxys(name)) request.add_field(name, value);
  }
  for (const auto& [name, value] : own) request.add_field(name, value);
  request.set_peer(http::Address::parse("127.0.0.1"));
  http::Response response;
  answer(request, snapshot(), {}, response);
  if (chooser.of(8) == 0) {
    Trace trace;
    http::Response traced;
    answer(request, snapshot(), {}, traced, nullptr, &trace);
    require(traced.status == response.status && traced.fields == response.fields,
            "a trace changes nothing");
  }
  return response.status;
}

bool is_open(int status) {
  return status >= 200 && status < 300;
}

// The question by gate-403 with the target behind it, or by fields.
bool is_open(const Question& question, const std::string& host, const std::string& method,
             Chooser& chooser) {
  const std::string gate = "/.well-known/intermission/gate";
  const std::string path = question.target.starts_with('/') ? question.target : "/";
  if (chooser.of(2) == 0) {
    return is_open(ask("GET", gate + "-403" + path, question.fields,
                       {{"Host", host}, {"X-Original-Method", method}}, chooser));
  }
  return is_open(ask("GET", gate, question.fields,
                     {{"Host", "gateway.internal"},
                      {"X-Forwarded-Host", host},
                      {"X-Forwarded-Uri", path},
                      {"X-Forwarded-Method", method}},
                     chooser));
}

// Letters, digits and "-": no server takes a request with white space or a comma in its method.
bool is_method(const std::string& method) {
  return std::all_of(method.begin(), method.end(),
                     [](unsigned char c) { return std::isalnum(c) != 0 || c == '-'; });
}

bool some_server_serves_api(const std::string& target) {
  if (!target.starts_with('/')) return false;
  const std::string path = target.substr(0, target.find('?'));
  const auto models = testing::upstream::all_of(path);
  return std::any_of(models.begin(), models.end(), [](const auto& model) {
    if (!model.second) return false;
    const std::string served = lowered(*model.second);
    return served == "/api" || served.starts_with("/api/");
  });
}

// As the conversation has it: the fields are the proxy's then, and may name any host.
void check_where_all_is_closed(const Question& question, Chooser& chooser) {
  static const snapshot::Snapshot in_maintenance(
      std::move(*catalog::load_text(kAllClosed, "fuzz.yaml", {})).catalog);
  http::Request request;
  request.reset(question.method, question.target, 11);
  for (const auto& [name, value] : question.fields) request.add_field(name, value);
  const bool by_proxy = chooser.of(2) == 0;
  request.set_peer(http::Address::parse(by_proxy ? "127.0.0.1" : "192.0.2.1"));
  if (ForwardedRequest(request, in_maintenance.catalog().front()).gate() == Gate::kNone) return;
  http::Response response;
  answer(request, in_maintenance, {}, response);
  require(!is_open(response.status), "no 2xx where every service is in maintenance");
}

bool only_reads(const std::string& method) {
  return method == "GET" || method == "HEAD" || method == "OPTIONS";
}

// Hosts at which no question may be answered with 2xx, and why.
constexpr std::pair<const char*, const char*> kClosedHosts[] = {
    {"orders.example.com", "a closed host stays closed"},
    {"a.b.orders.example.com", "what is below a closed host stays closed"},
    {"orders.example.com:x@search.example.com", "a host in doubt is closed"},
    {"search.example.com@orders.example.com", "a host in doubt is closed"},
    {"search.example.com:", "a host in doubt is closed"},
};

}  // namespace
}  // namespace intermission::gateway

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace intermission::gateway;
  const Question question =
      read_question(std::string_view(reinterpret_cast<const char*>(data), size));
  Chooser chooser(data, size);
  const std::string method = question.method.empty() ? "GET" : question.method;
  if (chooser.of(2) == 0) {
    check_where_all_is_closed(question, chooser);
    const auto& [host, why] = kClosedHosts[chooser.of(std::size(kClosedHosts))];
    require(!is_open(question, host, method, chooser), why);
    return 0;
  }
  if (some_server_serves_api(question.target)) {
    require(!is_open(question, "shop.example.com", method, chooser), "a closed part stays closed");
  }
  if (is_method(method) && !only_reads(method)) {
    require(!is_open(question, "reads.example.com", method, chooser), "only reads pass");
  }
  return 0;
}
