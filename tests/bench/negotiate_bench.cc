// What negotiation costs per request: all three Accept headers of one client, as the gateway
// asks for them. `allocations` must be 0, and the time well below 1 µs (design, Budgets).
#include <benchmark/benchmark.h>

#include <array>
#include <string>

#include "negotiate/negotiate.h"
#include "support/allocations.h"

namespace intermission::negotiate {
namespace {

constexpr std::array kOffers = {
    Offer{"application/problem+json", 1}, Offer{"application/json", 1}, Offer{"text/html", 0},
    Offer{"application/problem+xml", 1},  Offer{"application/xml", 1},  Offer{"text/plain", 2}};
const Languages kLanguages({"de", "fr", "en"});
constexpr std::array kForms = {CodedSize{Coding::kIdentity, 9000}, CodedSize{Coding::kGzip, 3000},
                               CodedSize{Coding::kBrotli, 2500}, CodedSize{Coding::kZstd, 2800}};

struct Client {
  std::string accept;
  std::string language;
  std::string coding;
};

Client chrome() {
  return {
      "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,"
      "*/*;q=0.8,application/signed-exchange;v=b3;q=0.7",
      "en-US,en;q=0.9", "gzip, deflate, br, zstd"};
}
Client curl() {
  return {"*/*", "", ""};
}
Client vendor() {
  return {"application/vnd.acme.v2+json;version=2", "", "gzip"};
}

// The dearest header that is read at all: as many members as there may be, all of them
// candidates of the fallback, and a quote that never closes.
Client hostile() {
  std::string members;
  for (std::size_t i = 0; i + 1 < kMaxMembers; ++i) members += "text/x+json;q=0.1,";
  while (members.size() < kMaxBytes) members += ";\"\\";
  std::string tags;
  for (std::size_t i = 0; i < kMaxMembers; ++i) tags += i % 2 == 0 ? "de-a-b-c," : "de;q=0,";
  return {members, tags, std::string(kMaxBytes, ',')};
}

void negotiate_all(benchmark::State& state, const Client& client) {
  http::Request request;
  request.reset("GET", "/", 11);
  if (!client.accept.empty()) request.add_field("Accept", client.accept);
  if (!client.language.empty()) request.add_field("Accept-Language", client.language);
  if (!client.coding.empty()) request.add_field("Accept-Encoding", client.coding);
  const auto negotiate = [&] {
    benchmark::DoNotOptimize(choose_type(request.values(http::Field::kAccept), kOffers));
    benchmark::DoNotOptimize(
        choose_language(request.values(http::Field::kAcceptLanguage), kLanguages, 0));
    benchmark::DoNotOptimize(choose_coding(request.values(http::Field::kAcceptEncoding), kForms));
  };
  for (auto _ : state) negotiate();
  state.counters["allocations"] = static_cast<double>(testing::allocations_of(negotiate));
}
BENCHMARK_CAPTURE(negotiate_all, chrome, chrome());
BENCHMARK_CAPTURE(negotiate_all, curl, curl());
BENCHMARK_CAPTURE(negotiate_all, vendor, vendor());
BENCHMARK_CAPTURE(negotiate_all, hostile, hostile());

void weigh_one_type(benchmark::State& state, const Client& client) {
  http::Request request;
  request.reset("GET", "/", 11);
  request.add_field("Accept", client.accept);
  for (auto _ : state) {
    benchmark::DoNotOptimize(weight_of(request.values(http::Field::kAccept), "text/html"));
  }
}
BENCHMARK_CAPTURE(weigh_one_type, chrome, chrome());
BENCHMARK_CAPTURE(weigh_one_type, curl, curl());

}  // namespace
}  // namespace intermission::negotiate
