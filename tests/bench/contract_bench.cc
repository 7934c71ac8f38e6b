// What it costs to find an operation among a thousand, and to load them (design, Budgets: 300 ns
// without allocation, 2 s).
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include "contract/api_contract.h"
#include "contract/path_trie.h"
#include "support/allocations.h"

namespace intermission::contract {
namespace {

constexpr int kResources = 250;  // with four operations each

PathTrie large_trie() {
  PathTrie trie;
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
  const PathTrie trie = large_trie();
  const auto find = [&] {
    benchmark::DoNotOptimize(trie.find("GET", "/v1/resources137/0123456789/parts/77"));
  };
  for (auto _ : state) find();
  state.counters["allocations"] = static_cast<double>(testing::allocations_of(find));
}
BENCHMARK(BM_FindOperation);

std::filesystem::path large_document() {
  std::string folder = (std::filesystem::temp_directory_path() / "contract-bench-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) throw std::runtime_error("no temporary folder");
  const std::filesystem::path path = std::filesystem::path(folder) / "api.json";
  std::ofstream out(path);
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
  return path;
}

void BM_LoadThousandOperations(benchmark::State& state) {
  const std::filesystem::path path = large_document();
  for (auto _ : state) {
    const auto contract = ApiContract::load(path.string());
    if (!contract || (*contract)->operations().size() != 4 * kResources) {
      state.SkipWithError("the document was not loaded");
      break;
    }
  }
  std::filesystem::remove_all(path.parent_path());
}
BENCHMARK(BM_LoadThousandOperations)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace intermission::contract
