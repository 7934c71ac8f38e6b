// Prometheus and its kin, collecting metrics: the 503 marks the target as down, and should
// anybody read on, the body is a comment in the text format: no sample is made up.
#include "dialect/dialect.h"

namespace intermission::dialect::scrape {
namespace {

Claim recognise(RequestEvidence& evidence) {
  if (evidence.method_class() != kRead) return {};
  const auto metrics = evidence.accept().weight_of("application/openmetrics-text");
  if (!metrics.named || metrics.weight <= 0) return {};
  return {.strength = Claim::Strength::kSure, .favours = 0, .why = "Accept names OpenMetrics"};
}

std::string comment(std::string_view text) {
  std::string out = "# ";
  for (const char c : text) out += c == '\n' || c == '\r' ? ' ' : c;
  return out + '\n';
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  Representation refusal;
  refusal.media_type = "text/plain";
  refusal.content_type = "text/plain; charset=utf-8";
  refusal.body = comment(notice.message);
  return {refusal};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "scrape",
    .speaks_to = "collectors of metrics",
    .known_by = "Accept names OpenMetrics",
    .triggers = {{.methods = kRead, .accepts = {"application/openmetrics-text"}}},
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::scrape
