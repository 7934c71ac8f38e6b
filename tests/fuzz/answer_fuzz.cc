// The whole decision. The input is a request in the simplest of forms: "METHOD TARGET", a line
// per field, a blank line, the body. Whatever it is, it gets an answer that is fit to be sent.
#include <cstdint>
#include <string>
#include <string_view>

#include "catalog/configuration.h"
#include "gateway/answer.h"
#include "gateway/origin.h"
#include "support/require.h"

namespace intermission::gateway {
namespace {

using testing::require;

constexpr std::string_view kConfiguration = R"(
services:
  - name: orders
    hosts: [orders.example.com]
    message: { en: Back soon, de: Bald wieder da }
    rules:
      - { when: { path: /v1/*, header: { X-Client: legacy-* } }, answer: legacy }
      - { when: { path: /ws/* }, answer: soap }
)";

const Snapshot& snapshot() {
  static const Snapshot made(
      std::move(*catalog::load_text(kConfiguration, "fuzz.yaml", {})).catalog);
  return made;
}

std::string_view cut(std::string_view& rest, char mark) {
  const auto end = rest.find(mark);
  const std::string_view part = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  return part;
}

void fill(http::Request& request, std::string_view input) {
  std::string_view line = cut(input, '\n');
  const std::string_view method = cut(line, ' ');
  request.reset(method, line, 11);
  for (line = cut(input, '\n'); !line.empty(); line = cut(input, '\n')) {
    const std::string_view name = cut(line, ':');
    request.add_field(name, line);
  }
  request.set_body(input, true);
}

// A gate says 204 where it is open; 200 is for clients alone, and 204 for their preflights.
bool is_ours(int status, Gate gate) {
  if (gate == Gate::kForbidden) return status == 403 || status == 204;
  if (gate == Gate::kAnswer) return status == 503 || status == 500 || status == 204;
  return status == 503 || status == 500 || status == 200 || status == 204;
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

}  // namespace
}  // namespace intermission::gateway

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace intermission;
  using namespace intermission::gateway;
  const std::string input(reinterpret_cast<const char*>(data), size);
  http::Request request;
  fill(request, input);
  needs_body(request, snapshot());
  http::Response response;
  Trace trace;
  answer(request, snapshot(), {}, response, nullptr, &trace);

  require(is_ours(response.status, Origin(request, snapshot().catalog().front()).gate()),
          "the status is one of ours");
  require_clean_fields(response.fields);
  require(!trace.steps.empty(), "the decision can be explained");

  static dialect::Readings readings;  // of all inputs before
  http::Response again;
  needs_body(request, snapshot(), &readings);
  answer(request, snapshot(), {}, again, &readings);
  require(again.status == response.status && again.fields == response.fields &&
              again.body == response.body,
          "what came lately changes no answer");
  return 0;
}
