// Clients that only the JSON in their bodies tells apart: JSON-RPC, GraphQL, and all who merely
// post some. The input is such a body, and chooses its type. Whatever it is and wherever it breaks
// off, the answer is fit to be sent, the same each time, and what is called JSON is JSON.
#include <rapidjson/document.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "catalog/configuration.h"
#include "gateway/answer.h"
#include "support/chooser.h"
#include "support/require.h"

namespace intermission::gateway {
namespace {

using testing::require;

const snapshot::Snapshot& snapshot() {
  static const snapshot::Snapshot made(catalog::built_in({}).catalog);
  return made;
}

http::Response answer_to(std::string_view type, std::string_view body, bool complete) {
  http::Request request;
  request.reset("POST", "/api", 11);
  request.add_field("Host", "orders.example.com");
  request.add_field("Content-Type", type);
  needs_body(request, snapshot());
  request.set_body(body, complete);
  http::Response response;
  answer(request, snapshot(), {}, response);
  return response;
}

bool is_json(std::string_view text) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>(
      text.data(), text.size());
  // An id that no double holds comes back byte for byte, and is JSON all the same.
  return !document.HasParseError() ||
         document.GetParseError() == rapidjson::kParseErrorNumberTooBig;
}

void check(const http::Response& response) {
  require(response.status == 503 || response.status == 500 || response.status == 200,
          "the status is one of ours");
  if (response.body.empty()) return;  // notifications get no answer
  require(response.fields.text().find("json\r\n") != std::string::npos, "JSON is answered in JSON");
  require(is_json(response.body.view()), "what is called JSON is JSON");
}

}  // namespace
}  // namespace intermission::gateway

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace intermission::gateway;
  // In a buffer of its own size, so that the address sanitizer sees a read past its end.
  const std::string body(reinterpret_cast<const char*>(data), size);
  intermission::testing::Chooser chooser(data, size);
  const std::string_view type = chooser.of(2) == 0 ? "application/json" : "application/json-rpc";
  const bool complete = chooser.of(3) != 0;
  const auto first = answer_to(type, body, complete);
  check(first);
  if (chooser.of(2) == 0) {
    const auto again = answer_to(type, body, complete);
    intermission::testing::require(
        first.body.view() == again.body.view() && first.fields == again.fields,
        "the same is answered alike");
  }
  return 0;
}
