// What one request costs without sockets: its head read, who asks found, the answer picked.
// `beast_alone` reads the same bytes with the parser that ours stands on, and does nothing with
// them; scripts/bench quotes the others relative to it. `allocations` must be 0, and
// parse_decide_select of Chrome's request at most 2.0 times beast_alone (design, Budgets).
#include <benchmark/benchmark.h>

#include <boost/beast/http/basic_parser.hpp>
#include <limits>
#include <stdexcept>
#include <string>

#include "catalog/configuration.h"
#include "gateway/answer.h"
#include "gateway/client.h"
#include "server/output.h"
#include "server/request_parser.h"
#include "server/response_writer.h"
#include "support/allocations.h"

namespace intermission {
namespace {

std::string chrome() {
  return "GET /orders/4711 HTTP/1.1\r\n"
         "Host: orders.example.com\r\n"
         "Connection: keep-alive\r\n"
         "Cache-Control: max-age=0\r\n"
         "sec-ch-ua: \"Chromium\";v=\"126\", \"Google Chrome\";v=\"126\", "
         "\"Not-A.Brand\";v=\"8\"\r\n"
         "sec-ch-ua-mobile: ?0\r\n"
         "sec-ch-ua-platform: \"Linux\"\r\n"
         "Upgrade-Insecure-Requests: 1\r\n"
         "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
         "Chrome/126.0.0.0 Safari/537.36\r\n"
         "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,"
         "image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7\r\n"
         "Sec-Fetch-Site: none\r\n"
         "Sec-Fetch-Mode: navigate\r\n"
         "Sec-Fetch-User: ?1\r\n"
         "Sec-Fetch-Dest: document\r\n"
         "Accept-Encoding: gzip, deflate, br, zstd\r\n"
         "Accept-Language: en-US,en;q=0.9,de;q=0.8\r\n"
         "Referer: https://orders.example.com/account?tab=history\r\n"
         "Cookie: session=9d3f2c6a1b8e4f70a5c2; theme=dark; consent=granted; "
         "_visitor=1.2.1467023.1718000000\r\n"
         "Priority: u=0, i\r\n"
         "\r\n";
}

std::string curl() {
  return "GET /orders/4711 HTTP/1.1\r\n"
         "Host: orders.example.com\r\n"
         "User-Agent: curl/7.88.1\r\n"
         "Accept: */*\r\n"
         "\r\n";
}

std::string legacy() {
  std::string head = curl();
  return head.insert(head.size() - 2, "X-Client: legacy-7\r\n");
}

std::string grpc() {
  return "POST /orders.Orders/Get HTTP/1.1\r\n"
         "Host: orders.example.com\r\n"
         "Content-Type: application/grpc\r\n"
         "TE: trailers\r\n"
         "User-Agent: grpc-go/1.64.0\r\n"
         "Content-Length: 0\r\n"
         "\r\n";
}

enum class Unmet : std::uint8_t { kPath, kHeader };

// Two languages and a rule, as tests/bench/servers.py configures the program; `rules` more of
// them come first and never match, for want of a path or of a field.
snapshot::Snapshot make_snapshot(std::int64_t rules = 0, Unmet unmet = Unmet::kPath) {
  std::string more;
  for (std::int64_t i = 0; i < rules; ++i) {
    const std::string n = std::to_string(i);
    const std::string when = unmet == Unmet::kPath ? "path: /v1/resource-" + n + "/*"
                                                   : "header: { X-Tenant: tenant-" + n + " }";
    more += "      - { when: { " + when + " }, answer: legacy }\n";
  }
  auto configuration = catalog::load_text(
      "services:\n"
      "  - name: orders\n"
      "    hosts: [orders.example.com]\n"
      "    title: Orders\n"
      "    message: { en: Back at 02:00 UTC, de: Ab 02:00 UTC wieder da }\n"
      "    rules:\n" +
          more + "      - { when: { header: { X-Client: legacy-* } }, answer: legacy }\n",
      "bench.yaml", {});
  if (!configuration) throw std::runtime_error(configuration.error().text());
  return snapshot::Snapshot(std::move(configuration->catalog));
}

// The same interface of Beast's parser, all of it empty.
class BeastAlone : public boost::beast::http::basic_parser<true> {
  using error_code = boost::beast::error_code;
  using string_view = boost::beast::string_view;

  void on_request_impl(boost::beast::http::verb, string_view, string_view, int,
                       error_code&) override {}
  void on_response_impl(int, string_view, int, error_code&) override {}
  void on_field_impl(boost::beast::http::field, string_view, string_view, error_code&) override {}
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(string_view body, error_code&) override { return body.size(); }
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view body, error_code&) override {
    return body.size();
  }
  void on_finish_impl(error_code&) override {}
};

void beast_alone(benchmark::State& state, const std::string& head) {
  const auto parse = [&] {
    BeastAlone parser;
    parser.header_limit(std::numeric_limits<std::uint32_t>::max());
    boost::beast::error_code error;
    parser.put(boost::asio::const_buffer(head.data(), head.size()), error);
    if (error) throw std::runtime_error(error.message());
  };
  for (auto _ : state) parse();
  state.counters["allocations"] = static_cast<double>(testing::allocations_of(parse));
}

// What a worker keeps from request to request.
struct WorkerContext {
  http::Limits limits;
  http::Request request;
  http::Response response;
  server::Output output;
  dialect::ParsedHeaders parsed_headers;
};

void parse(const std::string& head, WorkerContext& worker) {
  server::RequestParser parser(worker.limits);
  server::Fault fault;
  if (parser.read_plain_head(head, worker.request, fault) == 0) {
    fault = parser.read_head(head, worker.request);
  }
  if (fault) throw std::runtime_error(std::string(fault.why));
}

void decide(const snapshot::Snapshot& snapshot, WorkerContext& worker,
            dialect::ParsedHeaders* parsed_headers) {
  worker.response.reset();
  gateway::answer(worker.request, snapshot, {base::TimePoint{}, 0}, worker.response,
                  parsed_headers);
}

void decide(const snapshot::Snapshot& snapshot, WorkerContext& worker) {
  decide(snapshot, worker, &worker.parsed_headers);
}

template <typename Work>
void measure(benchmark::State& state, Work work) {
  work();  // strings and lists grow to their usual size
  for (auto _ : state) work();
  state.counters["allocations"] = static_cast<double>(testing::allocations_of(work));
}

void parse_only(benchmark::State& state, const std::string& head) {
  WorkerContext worker;
  measure(state, [&] { parse(head, worker); });
}

void parse_decide_select(benchmark::State& state, const std::string& head) {
  const snapshot::Snapshot snapshot = make_snapshot();
  WorkerContext worker;
  measure(state, [&] {
    parse(head, worker);
    decide(snapshot, worker);
  });
}

// The same for headers that did not come lately.
void parse_decide_select_anew(benchmark::State& state, const std::string& head) {
  const snapshot::Snapshot snapshot = make_snapshot();
  WorkerContext worker;
  measure(state, [&] {
    parse(head, worker);
    decide(snapshot, worker, nullptr);
  });
}

// Who is asking, alone: the part of a decision that grows with the kinds of client there are.
void tell(benchmark::State& state, const std::string& head) {
  const snapshot::Snapshot snapshot = make_snapshot();
  const snapshot::Service& service = snapshot.service(0);
  WorkerContext worker;
  parse(head, worker);
  measure(state, [&] {
    dialect::RequestEvidence evidence(worker.request, dialect::BodyState::kFinal,
                                      *service.configured, &worker.parsed_headers);
    benchmark::DoNotOptimize(gateway::who_asks(evidence, worker.request.path(), service));
  });
}

// The same with the bytes of the response: all but the system calls.
void bytes_to_bytes(benchmark::State& state, const std::string& head) {
  const snapshot::Snapshot snapshot = make_snapshot();
  WorkerContext worker;
  measure(state, [&] {
    parse(head, worker);
    decide(snapshot, worker);
    server::write_response(worker.response, {"Tue, 01 Dec 2026 22:00:00 GMT"}, worker.output);
    worker.output.clear();
  });
}

void decide_after_rules(benchmark::State& state, Unmet unmet) {
  const snapshot::Snapshot snapshot = make_snapshot(state.range(0), unmet);
  const std::string head = curl();
  WorkerContext worker;
  parse(head, worker);
  measure(state, [&] { decide(snapshot, worker); });
}

BENCHMARK_CAPTURE(beast_alone, chrome, chrome());
BENCHMARK_CAPTURE(beast_alone, curl, curl());
BENCHMARK_CAPTURE(beast_alone, legacy, legacy());
BENCHMARK_CAPTURE(parse_only, chrome, chrome());
BENCHMARK_CAPTURE(parse_only, curl, curl());
BENCHMARK_CAPTURE(parse_decide_select, chrome, chrome());
BENCHMARK_CAPTURE(parse_decide_select, curl, curl());
BENCHMARK_CAPTURE(parse_decide_select, legacy, legacy());
BENCHMARK_CAPTURE(parse_decide_select_anew, chrome, chrome());
BENCHMARK_CAPTURE(tell, chrome, chrome());
BENCHMARK_CAPTURE(tell, curl, curl());
BENCHMARK_CAPTURE(tell, grpc, grpc());
BENCHMARK_CAPTURE(bytes_to_bytes, chrome, chrome());
BENCHMARK_CAPTURE(bytes_to_bytes, curl, curl());
BENCHMARK_CAPTURE(decide_after_rules, paths, Unmet::kPath)->Arg(0)->Arg(100)->Arg(1000);
BENCHMARK_CAPTURE(decide_after_rules, headers, Unmet::kHeader)->Arg(0)->Arg(100)->Arg(1000);

}  // namespace
}  // namespace intermission
