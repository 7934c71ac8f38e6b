// What it costs to find an operation among a thousand, and to load them (design, Budgets: 300 ns
// without allocation, 2 s).
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <sstream>
#include <string>

#include "openapi/api_contract.h"
#include "openapi/path_trie.h"
#include "support/allocations.h"
#include "support/temporary_folder.h"

namespace intermission::contract {
namespace {

constexpr int kResources = 250;  // with four operations each

openapi::PathTrie large_trie() {
  openapi::PathTrie trie;
  for (std::size_t i = 0; i < kResources; ++i) {
    const std::string path = fmt::format("/v1/resources{}", i);
    trie.add("GET", path, 4 * i);
    trie.add("POST", path, 4 * i + 1);
    trie.add("GET", path + "/{id}", 4 * i + 2);
    trie.add("GET", path + "/{id}/parts/{part}", 4 * i + 3);
  }
  return trie;
}

void BM_FindOperation(benchmark::State& state) {
  const openapi::PathTrie trie = large_trie();
  const auto find = [&] {
    benchmark::DoNotOptimize(trie.find("GET", "/v1/resources137/0123456789/parts/77"));
  };
  for (auto _ : state) find();
  state.counters["allocations"] = static_cast<double>(testing::allocations_of(find));
}
BENCHMARK(BM_FindOperation);

std::string large_document() {
  std::ostringstream out;
  out << R"({"openapi":"3.1.0","paths":{)";
  for (int i = 0; i < 4 * kResources; ++i) {
    out << fmt::format(
        R"({}"/r{}/{{id}}":{{"get":{{"responses":{{"default":{{"content":)"
        R"({{"application/json":{{"schema":{{"type":"object","required":["code"],)"
        R"("properties":{{"code":{{"type":"integer"}},"message":{{"type":"string"}},)"
        R"("n{}":{{"type":"string"}}}}}}}}}}}}}}}}}})",
        i == 0 ? "" : ",", i, i);
  }
  out << "}}";
  return out.str();
}

void BM_LoadThousandOperations(benchmark::State& state) {
  const testing::TemporaryFolder folder;
  const std::string path = folder.write("api.json", large_document()).string();
  for (auto _ : state) {
    const auto contract = openapi::ApiContract::load(path);
    if (!contract || (*contract)->operations().size() != 4 * kResources) {
      state.SkipWithError("the document was not loaded");
      break;
    }
  }
}
BENCHMARK(BM_LoadThousandOperations)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace intermission::contract
