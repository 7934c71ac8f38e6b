// Any bytes as an API document. Whatever is promised by one that can be read is made, and every
// body in JSON is JSON.
#include <rapidjson/document.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "openapi/api_contract.h"
#include "support/require.h"
#include "support/temporary_folder.h"

namespace {

using intermission::contract::Facts;
using intermission::openapi::ApiContract;
using intermission::openapi::Syntax;
using intermission::testing::require;
using intermission::testing::TemporaryFolder;

// A folder of its own, so that references find nothing but the document itself.
std::string written(const std::uint8_t* data, std::size_t size) {
  static const TemporaryFolder folder;
  return folder.write("api.yaml", std::string(reinterpret_cast<const char*>(data), size)).string();
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
  const auto contract = ApiContract::load(written(data, size));
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
