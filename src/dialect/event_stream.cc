// Server-Sent Events (HTML §9.2). Any status but 200 ends an EventSource for good, so it gets an
// empty-handed 200: when to come back, one event that says why, and the end of the stream.
#include "dialect/dialect.h"
#include "dialect/problem.h"

namespace intermission::dialect::event_stream {
namespace {

// An EventSource accepts text/event-stream and nothing else. A client that would rather
// have JSON or HTML, and reads streams too, understands a 503.
Claim recognise(RequestEvidence& evidence) {
  if (evidence.method_class() != kRead) return {};
  const negotiate::Accept& accept = evidence.accept();
  const auto stream = accept.weight_of("text/event-stream");
  if (!stream.named || stream.weight <= 0) return {};
  for (const std::string_view other : {"application/json", "text/html"}) {
    const auto weight = accept.weight_of(other);
    if (weight.named && weight.weight >= stream.weight) return {};
  }
  return {.strength = Claim::Strength::kSure,
          .favours = 0,
          .why = "Accept names text/event-stream first"};
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  Representation stream;
  stream.media_type = "text/event-stream";
  stream.content_type = "text/event-stream";
  stream.status = 200;
  stream.body = "retry: " + std::string(page::kSecondsMark) +
                "000\nevent: " + (notice.is_outage ? "outage" : "maintenance") +
                "\ndata: " + problem_json(notice) + "\n\n";
  stream.may_be_coded = false;
  return {stream};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "event_stream",
    .speaks_to = "Server-Sent Events",
    .known_by = "Accept names text/event-stream first",
    .triggers = {{.methods = kRead, .accepts = {"text/event-stream"}}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::event_stream
