// The Model Context Protocol, where a client opens a stream (modelcontextprotocol.io,
// "Transports"). Unlike an EventSource of a page it waits for a first event of its own: after 200
// and an event that it does not know it would wait for ever. A plain 503 ends the attempt. Its
// calls are JSON-RPC.
#include "base/text.h"
#include "dialect/dialect.h"
#include "dialect/problem.h"

namespace intermission::dialect::mcp {
namespace {

using http::Field;

const Field kMcpProtocolVersion = http::named_field("Mcp-Protocol-Version");
const Field kMcpSessionId = http::named_field("Mcp-Session-Id");

Claim sure(std::string_view why) {
  return {.strength = Claim::Strength::kSure, .favours = 0, .why = why};
}

// Node writes Sec-Fetch-Mode, too, but the rest only a browser; over plain HTTP a browser writes
// none of them.
bool is_browser(RequestEvidence& evidence) {
  return evidence.has(Field::kSecFetchDest) || evidence.has(Field::kSecFetchSite) ||
         base::istarts_with(evidence.value(Field::kUserAgent), "Mozilla/");
}

Claim recognise(RequestEvidence& evidence) {
  if (evidence.method_class() != kRead) return {};
  const auto stream = evidence.accept().weight_of("text/event-stream");
  if (!stream.named || stream.weight <= 0) return {};
  if (evidence.has(kMcpProtocolVersion)) return sure("Mcp-Protocol-Version is given");
  if (evidence.has(kMcpSessionId)) return sure("Mcp-Session-Id is given");
  if (!evidence.request().path().ends_with("/sse") || is_browser(evidence)) return {};
  return sure("a program asks for the stream at a path that ends with /sse");
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  Representation said;
  said.media_type = said.content_type = "application/problem+json";
  said.body = problem_json(notice);
  return {said};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "mcp",
    .speaks_to = "clients of the Model Context Protocol, where they open a stream",
    .known_by =
        "Accept names text/event-stream, and Mcp-Protocol-Version or Mcp-Session-Id is given, or a "
        "program asks at a path that ends with /sse",
    .triggers = {{.methods = kRead, .accepts = {"text/event-stream"}}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::mcp
