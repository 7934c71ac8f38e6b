// Any bytes as an API document. Whatever is promised by one that can be read is made, and every
// body in JSON is JSON.
#include <rapidjson/document.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "contract/api_contract.h"
#include "support/require.h"

namespace {

using intermission::contract::ApiContract;
using intermission::contract::Facts;
using intermission::contract::Syntax;
using intermission::testing::require;

// A folder of its own, so that references find nothing but the document itself.
const std::filesystem::path& document_path() {
  static const std::filesystem::path path = [] {
    std::string folder = (std::filesystem::temp_directory_path() / "openapi-fuzz-XXXXXX").string();
    require(mkdtemp(folder.data()) != nullptr, "a temporary folder can be made");
    return std::filesystem::path(folder) / "api.yaml";
  }();
  return path;
}

Facts facts() {
  Facts facts;
  facts.service = "orders";
  facts.message = "Back at 02:00 UTC";
  facts.language = "en";
  facts.seconds = "137";
  facts.most_seconds = 4320;
  return facts;
}

void say_all(const ApiContract& contract) {
  for (const auto& promise : contract.promises()) {
    for (const auto& said : contract.say(promise, facts())) {
      if (said.syntax != Syntax::kJson) continue;
      rapidjson::Document body;
      body.Parse<rapidjson::kParseIterativeFlag>(said.body.data(), said.body.size());
      require(!body.HasParseError(), "a body in JSON is JSON");
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::ofstream(document_path(), std::ios::binary | std::ios::trunc)
      .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  const auto contract = ApiContract::load(document_path().string());
  if (!contract) {
    require(!contract.error().message.empty(), "an error says what is wrong");
    return 0;
  }
  for (const auto& operation : (*contract)->operations()) {
    (*contract)->find(operation.method, operation.path);
  }
  say_all(**contract);
  return 0;
}
